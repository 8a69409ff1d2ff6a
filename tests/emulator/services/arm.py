# Azure Resource Manager: who may ask, for what, in which version, and registrations with their
# locks. In ARM's order: the token, the path, the api-version, the method, the right, the bucket.
# SPDX-License-Identifier: MPL-2.0
from engine import log, server, switches
from engine.service import Route, Service
from engine.state import State
from engine.switches import MAP, NUMBER, ON_OFF, Switch
from engine.text import (Invalid, check_members, derive_guid, is_guid, random_guid, read_json,
                         without_slash)
from engine.entries import Entries

from . import tokens

VERSIONS = ("2017-06-01", "2020-06-01-preview", "2022-06-01")
LOCK_VERSIONS = ("2016-09-01", "2017-04-01", "2020-05-01")
AUDIENCES = ("https://management.azure.com", "https://management.core.windows.net")
QUERY = {"api-version", "$skiptoken"}

# What the bucket held when; what is left by the headers of answers.
_limits = State(bucket=lambda: None,
                left=lambda: {"reads": 12000, "deletes": 15000, "writes": 1200})

_emptied = State(groups=set)    # (subscription, resource group), both in lower case


def registration_id(registration):
    """In its own case."""
    return (f"/subscriptions/{registration['subscription_id']}/resourceGroups/"
            f"{registration['resource_group']}/providers/Microsoft.AzureStack/registrations/"
            f"{registration['name']}")


# --- who ----------------------------------------------------------------------------------


def refuse_token(x, code, message, is_mistake=True):
    x.answer_headers["WWW-Authenticate"] = (
        'Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token", '
        f'error_description="{message}"')
    return (x.reject if is_mistake else x.error)(401, code, message)


def check_token(x, audiences=AUDIENCES):
    header = x.header("authorization")
    if header is None:
        raise refuse_token(x, "AuthenticationFailed",
                           "Authentication failed. The 'Authorization' header is missing.")
    token = tokens.find(header[7:]) if header[:7].lower() == "bearer " else None
    if token is None:
        raise refuse_token(x, "InvalidAuthenticationToken", "The access token is invalid.")
    if token["is_revoked"]:
        # No client can know that beforehand: no mistake of the client.
        raise refuse_token(x, "InvalidAuthenticationToken", "The access token was revoked.", False)
    if log.wall_ms() >= token["expires_ms"]:
        raise refuse_token(x, "ExpiredAuthenticationToken", "The access token expiry UTC time is "
                           "earlier than current UTC time.")
    if without_slash(token["audience"]) not in (*audiences, x.origin):
        raise refuse_token(x, "InvalidAuthenticationToken", "The access token has been obtained "
                           "for wrong audience or resource.")
    return token


def check_tenant(x, token, owner):
    """The classic mistake of a partner: a token of the wrong tenant."""
    caller = token["tenant_id"]
    if owner is not None and owner.lower() != caller.lower():
        raise refuse_token(
            x, "InvalidAuthenticationTokenTenant",
            f"The access token is from the wrong issuer 'https://sts.windows.net/{caller}/'. It "
            f"must match the tenant 'https://sts.windows.net/{owner}/' associated with this "
            "subscription.", False)


def check_role(x, token):
    role, is_read = token["role"], x.method == "GET"
    if role in ("owner", "contributor") or (is_read and role == "reader"):
        return
    is_below = "/customerSubscriptions" in x.place.template
    action = ("read" if is_read else "delete" if x.method == "DELETE" else
              "getActivationKey/action" if x.method == "POST" else "write")
    raise x.error(
        403, "AuthorizationFailed",
        f"The client '{token['client_id']}' does not have authorization to perform action "
        f"'Microsoft.AzureStack/registrations{'/customerSubscriptions' if is_below else ''}/"
        f"{action}' over scope '{x.path}' or the scope is invalid.")


# --- what ---------------------------------------------------------------------------------


def check_place(x):
    if x.place is None:
        raise x.reject(404, "InvalidResourceType",
                       f"The path '{x.path}' names nothing that this emulator serves.")
    if not x.is_exact and switches.is_("id_case", "exact"):
        raise x.reject(400, "InvalidRequestUri", f"The fixed words of the path '{x.path}' are in "
                       "another letter case than documented.")


def check_version(x, versions, names, refuse):
    """`names` may be in the query, `refuse` makes the answer to a version that is not known."""
    if x.query is None:
        raise x.reject(400, "InvalidRequestUri", f"The query has {x.query_fault}.")
    version = x.q("api-version")
    if not version:
        raise x.reject(400, "MissingApiVersionParameter", "The api-version query parameter "
                       "(?api-version=) is required for all requests.")
    if version not in versions:
        raise refuse(400, "NoRegisteredProviderFound", "No registered resource provider found for "
                     f"API version '{version}'. The supported api-versions are "
                     f"'{', '.join(versions)}'.")
    for name in x.query:
        if name not in names:
            raise x.reject(400, "InvalidRequestUri", f"The query parameter '{name}' is not known.")


def check_method(x):
    if x.route is None:
        raise x.reject(405, "MethodNotAllowed", f"The method {x.method} is not allowed here.")
    if x.body and x.method not in ("PUT", "PATCH") and not getattr(x.route, "has_body", False):
        raise x.reject(400, "InvalidRequestContent", f"A {x.method} has no body.")


def take_write(x):
    if x.method == "GET" or not switches.value("write_bucket"):
        return
    size, now = switches.value("write_bucket_size"), log.clock_ms()
    held, at = _limits.bucket or (size, now)
    held = min(size, held + (now - at) * switches.value("write_bucket_per_s") / 1000)
    _limits.bucket = (held - 1 if held >= 1 else held, now)
    if held < 1:
        x.answer_headers["Retry-After"] = "1"
        raise x.error(429, "TooManyRequests", "The number of write requests exceeded the limit. "
                      "Please try again after '1' seconds.")


def check_group(x, subscription, group):
    """What held a registration once stays when that goes."""
    places = _emptied.groups | {(known["subscription_id"].lower(), known["resource_group"].lower())
                                for known in REGISTRATIONS}
    if subscription.lower() not in (place[0] for place in places):
        raise x.error(404, "SubscriptionNotFound",
                      f"The subscription '{subscription}' could not be found.")
    if group is not None and (subscription.lower(), group.lower()) not in places:
        raise x.error(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def note_emptied(registration):
    _emptied.groups.add((registration["subscription_id"].lower(),
                         registration["resource_group"].lower()))


def find_registration(x):
    """The registration of a path (or one of many), or the answer that says which part of it does
    not exist."""
    subscription, group, name = (x.names.get(part) for part in ("subscription", "group",
                                                                 "registration"))
    if name is not None and REGISTRATIONS.find(subscription, group, name):
        return [REGISTRATIONS.find(subscription, group, name)]
    if not is_guid(subscription):
        raise x.reject(400, "InvalidSubscriptionId", "The provided subscription identifier "
                       f"'{subscription}' is malformed or invalid.")
    check_group(x, subscription, group)
    found = [known for known in REGISTRATIONS
             if known["subscription_id"].lower() == subscription.lower()
             and (group is None or known["resource_group"].lower() == group.lower())]
    if name is not None:
        raise answer_code(x, "RegistrationNotFound", subscription=subscription, group=group,
                          name=name)
    return found


# The documented codes whose status is not documented: error_status can give them another one.
CODES = {
    "RegistrationNotFound": (404, "The registration was not found: subscription "
                             "'{subscription}', resource group '{group}', registration name "
                             "'{name}'.")}


def answer_code(x, code, **facts):
    """What to raise."""
    status, message = CODES[code]
    status = facts.pop("status", status)
    return x.error(switches.value("error_status").get(code, status), code, message.format(**facts))


def read_body(x, members):
    """The object in a request's body. What is not among its `members` (see check_members), or is
    read-only, is a mistake that a service might only forgive."""
    kind = (x.header("content-type") or "").split(";")[0].strip()
    if kind.lower() != "application/json":
        raise x.reject(415, "UnsupportedMediaType", f"The content media type '{kind}' is not "
                       "supported. Only 'application/json' is supported.")
    try:
        body = read_json(x.body)
        check_members(body, members)
    except ValueError as error:
        raise refuse_content(x, "The request content was invalid and could not be deserialized: "
                             f"{error}.") from None
    return body


def refuse_content(x, why):
    return x.reject(400, "InvalidRequestContent", why)


# --- registrations ------------------------------------------------------------------------


def show_registration(registration):
    whole = registration_id(registration)
    tags = {"tags": registration["tags"]} if registration.get("tags") else {}
    return {**tags, "id": whole, "name": registration["name"], "type": "Microsoft.AzureStack/registrations",
            "location": "global", "etag": f'"{derive_guid(whole)}"',
            "properties": {"objectId": registration["object_id"],
                           "cloudId": registration["cloud_id"],
                           "billingModel": registration["billing_model"]}}


def check_lock(x, registration, locks, act):
    if registration["lock"] in locks:
        raise answer_code(x, "ScopeLocked", scope=registration_id(registration), path=x.path,
                          act=act)


def list_registrations(x):
    x.json(200, {"value": [show_registration(known) for known in find_registration(x)]})


def get_registration(x):
    x.json(200, show_registration(find_registration(x)[0]))


def list_locks(x):
    """By the name that the script which registers a hub gives it."""
    registration = find_registration(x)[0]
    locks = [] if registration["lock"] == "none" else [{
        "id": f"{registration_id(registration)}/providers/Microsoft.Authorization/locks/"
              "RegistrationResourceLock",
        "name": "RegistrationResourceLock", "type": "Microsoft.Authorization/locks",
        "properties": {"level": registration["lock"]}}]
    x.json(200, {"value": locks})


# Azure's built-in roles. Source: azure-docs role-based-access-control/built-in-roles.md
PERMISSIONS = {
    "owner": {"actions": ["*"], "notActions": []},
    "contributor": {"actions": ["*"], "notActions": [
        "Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action"]},
    "reader": {"actions": ["*/read"], "notActions": []}}


def list_permissions(x):
    find_registration(x)
    x.json(200, {"value": [PERMISSIONS[check_token(x)["role"]]]})


def show_activation_key(x):
    """So that the key follows from the configuration."""
    registration = find_registration(x)[0]
    x.json(200, {"activationKey":
                 f"activation-key.{registration['name']}.{registration['cloud_id']}"})


# --- the way of a request -----------------------------------------------------------------


def is_busy(x):
    """Another PUT on the same registration is on its way."""
    if x.kind != "PUT":
        return False
    key = tuple(x.names[part].lower() for part in ("subscription", "group", "registration"))
    if not switches.is_("conflict_on_parallel_put", "no") and any(
            other.busy_key == key for other in server.pending):
        return True
    x.busy_key = key
    return False


def owner_of(x):
    """The tenant that the path's registration belongs to; None: any, as for a list of many."""
    names = [x.names.get(part) for part in ("subscription", "group", "registration")]
    registration = None if None in names else REGISTRATIONS.find(*names)
    return registration and registration.get("tenant_id")


def answer(x):
    if is_busy(x):
        raise x.error(409, switches.value("conflict_on_parallel_put"),
                      "Another operation on this registration is in progress.")
    token = check_token(x)
    check_place(x)
    check_version(x, next(iter(x.place.routes.values())).versions, QUERY, x.reject)
    check_method(x)
    check_tenant(x, token, owner_of(x))
    check_role(x, token)
    take_write(x)
    x.route.handler(x)


def add_headers(x):
    request = random_guid()
    correlation = x.header("x-ms-correlation-request-id") or ""
    add = x.answer_headers
    add["x-ms-request-id"] = request
    add["x-ms-correlation-request-id"] = correlation if is_guid(correlation) else request
    add["x-ms-routing-request-id"] = f"EMULATOR:{log.wall_ms()}:{request}"
    client = x.header("x-ms-client-request-id")
    if client and (x.header("x-ms-return-client-request-id") or "").lower() == "true":
        add["x-ms-client-request-id"] = client
    add["Cache-Control"] = "no-cache"
    # Only shown, never enforced: what is enforced is write_bucket.
    what = {"GET": "reads", "PUT": "writes"}.get(x.method, "deletes")
    _limits.left[what] = max(0, _limits.left[what] - 1)
    add[f"x-ms-ratelimit-remaining-subscription-{what}"] = str(_limits.left[what])
    x.has_bom = switches.value("bom")


def check_tags(tags):
    if not isinstance(tags, dict) or not all(isinstance(tag, str) for tag in tags.values()):
        raise Invalid("tags is an object of strings")


def complete(registration):
    guid = derive_guid(registration_id(registration).lower())
    for name, value in (("billing_model", "PayAsYouUse"), ("multi_tenancy", True),
                        ("lock", "none"), ("cloud_id", guid), ("object_id", guid)):
        registration.setdefault(name, value)


REGISTRATIONS = Entries(
    "registrations", "a registration", "a registration: adds it, or changes the members given",
    ("subscription_id", "resource_group", "name"),
    {"billing_model": "PayAsYouUse|Capacity|Development|Custom|Ruggedized", "cloud_id": str,
     "object_id": str, "multi_tenancy": bool, "lock": "none|CanNotDelete|ReadOnly",
     "tenant_id": str, "tags": check_tags},
    [{"subscription_id": "00000000-0000-4000-8000-000000000001", "resource_group": "azurestack",
      "name": name} for name in ("berlin", "munich")], complete)

SUBSCRIPTION = "/subscriptions/{subscription}"
PROVIDER = "/providers/Microsoft.AzureStack"
LIST = SUBSCRIPTION + "/resourceGroups/{group}" + PROVIDER + "/registrations"
REGISTRATION = LIST + "/{registration}"
ROUTES = [
    Route("GET", SUBSCRIPTION + PROVIDER + "/registrations", "REGISTRATIONS", list_registrations,
          VERSIONS),
    Route("GET", LIST, "REGISTRATIONS", list_registrations, VERSIONS),
    Route("GET", REGISTRATION, "REGISTRATION", get_registration, VERSIONS),
    Route("GET", REGISTRATION + "/providers/Microsoft.Authorization/locks", "LOCKS", list_locks,
          LOCK_VERSIONS),
    Route("GET", REGISTRATION + "/providers/Microsoft.Authorization/permissions", "PERMISSIONS",
          list_permissions, ("2015-07-01",)),
    Route("POST", REGISTRATION + "/getactivationkey", "ACTIVATION_KEY", show_activation_key,
          VERSIONS)]
SWITCHES = [
    Switch("conflict_on_parallel_put", "no|Conflict|AnotherOperationInProgress", "no",
           "a PUT while another one on the same registration is unanswered gets 409 with this code",
           "many PUTs on one registration at once?", {True: "Conflict", False: "no"}),
    Switch("id_case", "exact|insensitive", "exact",
           "exact: a path's fixed words in another letter case are a mistake of the client (400)",
           "– (Azure is said to forgive; a test should not)"),
    Switch("bom", ON_OFF, False, "JSON answers of ARM begin with a byte order mark",
           "– (other resource providers do)"),
    Switch("error_status", MAP, {},
           "error code -> HTTP status, for the codes whose status is not documented",
           "the status of each documented error code?"),
    Switch("write_bucket", ON_OFF, False, "PUT and DELETE take from a bucket, else 429",
           "rate limits beyond ARM's?"),
    Switch("write_bucket_size", NUMBER, 200, "the bucket's size"),
    Switch("write_bucket_per_s", NUMBER, 10, "what comes back into it in a second")]


def make_service(routes, switches_below, **more):
    """ARM with the resource types that other modules bring."""
    return Service("Azure Resource Manager", routes=ROUTES + routes, answer=answer,
                   other_kind="OTHER", ignores_case=True, headers=add_headers,
                   switches=SWITCHES + switches_below, **more)
