# An Azure Stack Hub's two Azure Resource Managers, on hosts of their own: which hub and plane a
# request is for, who may ask, in which version. A token is of one plane and of one directory: the
# administrators' of the home directory, the users' of the home directory or of one that is
# registered.
# SPDX-License-Identifier: MPL-2.0
from dataclasses import dataclass

from engine import log, switches
from engine.service import Route, Service
from engine.state import State
from engine.text import derive_guid, random_guid
from engine.entries import Entries

from . import arm, tokens

ADMIN, USER = "adminmanagement", "management"
TENANT = "33333333-3333-4333-8333-333333333333"
ADFS = "adfs"    # what stands for a tenant where AD FS signs in

STATE = State(operations=dict)


@dataclass
class HubRoute(Route):
    queries: tuple = ()       # besides api-version
    old: tuple = ()           # the versions that an old build knows, where that differs
    is_open: bool = False     # it needs no token
    has_body: bool = False


# --- which hub ----------------------------------------------------------------------------


def complete(hub):
    is_adfs = hub.setdefault("identity", "entra") == "adfs"
    name = hub["name"].lower()
    hub.setdefault("tenant_id", derive_guid(f"AD FS of {name}") if is_adfs else TENANT)
    hub.setdefault("domain", f"adfs.{name}.localhost" if is_adfs else f"{name}.onmicrosoft.com")
    hub.setdefault("subscription_id", derive_guid(f"default provider subscription of {name}"))


HUBS = Entries(
    "hubs", "a hub", "a hub, at https://adminmanagement.NAME.localhost:PORT and "
    "https://management.NAME.localhost:PORT", ("name",),
    {"identity": "entra|adfs", "tenant_id": str, "domain": str, "subscription_id": str},
    [{"name": "berlin"}, {"name": "munich", "identity": "adfs"}], complete)
# Directories: what a customer's side has done for the hubs' applications.
DIRECTORIES = Entries(
    "directories", "a directory", "a directory of Entra: its domain, and what of the hubs' "
    "applications is registered there", ("tenant_id",),
    {"domain": str, "consent": "none|outdated|current"}, needs=("domain",),
    complete=lambda directory: directory.setdefault("consent", "none"))


def hub_of(x):
    """Of the host's name."""
    labels = (x.header("host") or "").split(":")[0].split(".")
    hub = HUBS.find(labels[1]) if len(labels) == 3 else None
    if hub is None:
        raise x.reject(404, "HubNotFound", "The host's name is no hub's.")
    return hub


def is_admin(x):
    return x.service.host == ADMIN


def origin_of(x, label=""):
    """The address of another host of the same hub, or of Entra."""
    host, colon, port = (x.header("host") or "localhost").partition(":")
    return "https://" + (label + "." + host.split(".", 1)[1] if label else "localhost") + (
        colon + port)


def sign_in_tenant(hub):
    return ADFS if hub["identity"] == "adfs" else hub["tenant_id"]


def audience(hub, host):
    return f"https://{host}.{hub['domain']}/{derive_guid(host + ' of ' + hub['name'].lower())}"


def audiences_of(tenant):
    """Entra knows both hosts in the home directory; in a customer's one the users', once the hub's
    Resource Manager has a service principal there."""
    directory = DIRECTORIES.find(tenant)
    for hub in HUBS:
        is_home = tenant.lower() == sign_in_tenant(hub).lower()
        if is_home:
            yield audience(hub, ADMIN)
        if is_home or (hub["identity"] == "entra" and directory and directory["consent"] != "none"):
            yield audience(hub, USER)


tokens.audiences_of.append(audiences_of)


# --- who ----------------------------------------------------------------------------------


def refuse_tenant(x, token):
    return arm.refuse_token(
        x, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer "
        f"'https://sts.windows.net/{token['tenant_id']}/'. It must match one of the tenants "
        "associated with this subscription.", False)


def directory_of(hub, token):
    """The GUID of the directory that a token is of: AD FS has one, and its tokens name it "adfs"."""
    tenant = token["tenant_id"].lower()
    return hub["tenant_id"].lower() if tenant == sign_in_tenant(hub).lower() else tenant


def check_role(x, token):
    role = token["role"]
    is_read = x.method in ("GET", "HEAD") or x.kind == "HUB_POST"
    is_assigning = "roleassignments" in x.path.lower() and not is_read
    if role == "owner" or (role == "contributor" and not is_assigning) or (
            is_read and role == "reader"):
        return
    raise x.error(
        403, "AuthorizationFailed", f"The client '{token['client_id']}' with object id "
        f"'{derive_guid(token['client_id'])}' does not have authorization to perform action "
        f"'{'read' if is_read else 'write'}' over scope '{x.path}'.")


# --- what ---------------------------------------------------------------------------------


def check_version(x):
    route = x.route or next(iter(x.place.routes.values()))
    is_old = switches.is_("hub_build", "old") and route.old

    def refuse(_, code, message):
        # A newer version of what is there is no mistake: no client knows a hub's build beforehand.
        answer = x.error if x.q("api-version") in route.versions else x.reject
        return answer(int(switches.value("hub_unknown_version")), code, message)
    arm.check_version(x, route.old if is_old else route.versions,
                      ("api-version", "$skiptoken", *route.queries), refuse)


def check_method(x):
    if x.place is None:
        raise x.reject(404, "InvalidResourceType",
                       f"The path '{x.path}' names nothing that this emulator serves.")
    if x.route is None:
        raise x.reject(405, "MethodNotAllowed", f"The method {x.method} is not allowed here.")
    if x.body and not x.route.has_body:
        raise x.reject(400, "InvalidRequestContent", f"A {x.method} has no body.")


def answer(x):
    x.hub = hub_of(x)
    if x.route is not None and x.route.is_open:
        check_version(x)
        check_method(x)
        x.token = None
    else:
        x.token = arm.check_token(x, (audience(x.hub, x.service.host),))
        if x.place is not None:
            check_version(x)
        check_method(x)
        if is_admin(x) and directory_of(x.hub, x.token) != x.hub["tenant_id"].lower():
            raise refuse_tenant(x, x.token)
    x.route.handler(x)


def add_headers(x):
    arm.add_headers(x)
    if switches.value("hub_clock_ahead_s"):
        x.answer_headers["Date"] = log.http_date(log.wall_ms() // 1000
                                                 + switches.value("hub_clock_ahead_s"))


def make_service(host, routes, **more):
    return Service(f"a hub's {host}", routes=routes, answer=answer, host=host,
                   other_kind="HUB_OTHER", ignores_case=True, headers=add_headers, **more)


# --- long-running operations --------------------------------------------------------------


def is_failing():
    """What is asked for now is accepted, and fails later."""
    return switches.is_("hub_async", "all") and not switches.is_("hub_async_result", "Succeeded")


def answer_async(x, result=None, has_status=True):
    """202: the work is done at once, only its end is reported later."""
    origin = x.origin
    if switches.is_("hub_async_host", "other"):
        origin = origin_of(x, USER if is_admin(x) else ADMIN)
    name, place = random_guid(), f"{origin}/subscriptions/{x.names['subscription']}"
    STATE.operations[name] = {"polls": switches.value("hub_async_polls"), "result": result,
                              "end": switches.value("hub_async_result") if is_failing()
                              else "Succeeded"}
    place += (f"/providers/Microsoft.Subscriptions.Admin/locations/{x.hub['name']}"
              f"/operationsStatus/{name}?api-version=2015-11-01&operationResultResponseType=")
    headers = switches.value("hub_async_headers")
    if has_status and headers in ("both", "status"):
        x.answer_headers["Azure-AsyncOperation"] = place + "Azure-AsyncOperation"
    if headers in ("both", "location"):
        x.answer_headers["Location"] = place + "Location"
    x.answer_headers["Retry-After"] = str(switches.value("hub_retry_after_s"))
    return x.json(202)


def get_operation(x):
    name = x.names["operation"]
    operation = STATE.operations.get(name)
    if operation is None:
        raise x.error(404, "ResourceNotFound", f"There is no operation '{name}'.")
    is_running = operation["polls"] > 0
    if is_running:
        operation["polls"] -= 1
        x.answer_headers["Retry-After"] = str(switches.value("hub_retry_after_s"))
    status = "Running" if is_running else operation["end"]
    failure = {} if status in ("Running", "Succeeded") else {"error": {
        "code": "OperationNotAllowed", "message": f"The operation ended as {status}."}}
    if (x.q("operationresultresponsetype") or "") == "Location":
        result = operation["result"]
        if is_running:
            x.json(202)
        elif failure:
            x.json(409, failure)
        else:
            x.json(200 if result else 204, result)
    else:
        x.json(200, {"id": x.path, "name": name, "status": status,
                     "startTime": "2026-01-01T00:00:00Z", "endTime": "2026-01-01T00:01:00Z",
                     "percentComplete": 50.0 if is_running else 100.0, **failure})


SUBSCRIPTION = "/subscriptions/{subscription}"
OPERATION = HubRoute(
    "GET", SUBSCRIPTION + "/providers/Microsoft.Subscriptions.Admin/locations/{location}"
    "/operationsStatus/{operation}", "HUB_STATUS", get_operation, ("2015-11-01",),
    queries=("operationresultresponsetype",))
