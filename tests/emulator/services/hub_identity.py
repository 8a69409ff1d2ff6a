# What a hub says of itself: where to sign in, the applications that a directory needs, whether
# each directory has them, and the registration that it is activated with.
# SPDX-License-Identifier: MPL-2.0
import time

from engine import log, switches
from engine.service import Route, Service
from engine.text import derive_guid

from . import entra, hub, hub_objects
from .hub import ADMIN, DIRECTORIES, SUBSCRIPTION, USER, HubRoute
from .hub_objects import Type
from .metadata import HUB_VERSIONS

GRAPH = "00000002-0000-0000-c000-000000000000"


# --- where to sign in ---------------------------------------------------------------------


def get_endpoints(x):
    one, host = x.hub, x.service.host
    login = f"{hub.origin_of(x)}/"
    if one["identity"] == "adfs":
        login = f"{hub.origin_of(x, 'adfs')}/adfs"
    elif switches.is_("hub_login", "tenant"):
        login += f"{one['tenant_id']}/"
    x.json(200, {
        "galleryEndpoint": f"https://{host}.gallery.{one['name']}.invalid/",
        "graphEndpoint": "https://graph.windows.net/",
        "portalEndpoint": f"https://portal.{one['name']}.invalid/",
        "authentication": {"loginEndpoint": login, "audiences": [hub.audience(one, host)]}})


def resource_manager(one, host):
    return derive_guid(f"Resource Manager {host} of {one['name'].lower()}")


def get_identity(x):
    x.json(200, {"applicationId": resource_manager(x.hub, x.service.host)})


def get_directory(x):
    """A directory by its domain or its ID, as Entra shows it to everybody."""
    name = x.names["tenant"].lower()
    known = {directory["domain"].lower(): directory["tenant_id"] for directory in DIRECTORIES}
    known.update((one["domain"].lower(), one["tenant_id"]) for one in hub.HUBS)
    known.update((tenant.lower(), tenant) for tenant in list(known.values()))
    tenant = known.get(name)
    if x.method != "GET" or x.body or tenant is None:
        if x.method != "GET" or x.body:
            raise entra.reject(x, 9002313, why="openid-configuration is read by GET")
        raise entra.refuse(x, 400, "invalid_tenant", 90002, f"Tenant '{name}' not found.")
    base = f"{x.origin}/{tenant}"
    x.json(200, {"issuer": f"https://sts.windows.net/{tenant}/",
                 "token_endpoint": f"{base}/oauth2/token",
                 "authorization_endpoint": f"{base}/oauth2/authorize",
                 "jwks_uri": f"{x.origin}/common/discovery/keys"})


# --- the hub's applications ---------------------------------------------------------------


def applications_of(one, host=ADMIN):
    """One that grants nothing, one that needs a role, one with delegated permissions, and a row
    whose client is in no list."""
    name = one["name"].lower()
    portal, compute, bridge, outside = (derive_guid(f"{what} of {name}") for what in (
        "portal", "compute", "bridge", "outside"))
    manager = resource_manager(one, USER)
    made = [
        {"appId": manager, "appRoleAssignments": [], "oauth2PermissionGrants": [], "tags": []},
        {"appId": portal, "tags": [f"Microsoft.AzureStack.{name}.Portal"],
         "appRoleAssignments": [],
         "oauth2PermissionGrants": [
             {"resource": manager, "client": portal, "scope": "user_impersonation"},
             {"resource": GRAPH, "client": portal, "scope": "User.Read Directory.Read.All"}]},
        {"appId": compute.upper(), "tags": [], "oauth2PermissionGrants": [],
         "appRoleAssignments": [
             {"resource": GRAPH, "client": compute.upper(),
              "roleId": "5778995a-e1bf-45b8-affa-663a9f3f4d04"},
             {"resource": compute, "client": outside, "roleId": derive_guid("a role")}]},
        {"appId": bridge, "appRoleAssignments": [], "oauth2PermissionGrants": [], "tags": []}]
    is_fewer = host == USER and switches.is_("hub_user_applications", "fewer")
    return made[:-1] if is_fewer else made


def get_applications(x):
    """The administrators' host wants a token of the home directory, the users' one of theirs."""
    x.json(200, {"value": applications_of(x.hub, x.service.host)})


# --- are they there? ----------------------------------------------------------------------


def check_health(x):
    hub_objects.check_admin(x)
    if x.hub["identity"] == "adfs":
        raise x.error(400, "BadRequest", "A hub that signs in by AD FS has one directory.")
    applications = applications_of(x.hub)

    def show_application(application, is_there):
        status = "Healthy" if is_there else "Unhealthy"
        return {
            "appId": application["appId"],
            "servicePrincipalObjectId": derive_guid(application["appId"]) if is_there else "",
            "status": status,
            "appRoleAssignments": [{"appRoleAssignment": row, "status": status}
                                   for row in application["appRoleAssignments"]],
            "oAuth2PermissionGrants": [{"oAuth2PermissionGrant": row, "status": status}
                                       for row in application["oauth2PermissionGrants"]],
            "servicePrincipalTags": [{"servicePrincipalTag": tag, "status": status}
                                     for tag in application["tags"]]}

    def show(tenant, name, consent):
        there = {"none": 0, "outdated": len(applications) - 1}.get(consent, len(applications))
        status = "Healthy" if consent == "current" else "Unhealthy"
        return {"tenantId": tenant, "tenantName": name, "status": status,
                "applications": [show_application(application, at < there)
                                 for at, application in enumerate(applications)]}
    home = DIRECTORIES.find(x.hub["tenant_id"])
    shown = [show(x.hub["tenant_id"], x.hub["domain"], home["consent"] if home else "current")]
    for body in hub_objects.of_kind(x.hub, "microsoft.subscriptions.admin/directorytenants"):
        directory = DIRECTORIES.find(body["properties"]["tenantId"])
        shown.append(show(body["properties"]["tenantId"], body["name"],
                          directory["consent"] if directory else "none"))
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(log.wall_ms() // 1000))
    bad = any(row["status"] != "Healthy" for row in shown)
    x.json(200, {"reportStartTimeUtc": now, "reportEndTimeUtc": now,
                 "status": "Unhealthy" if bad else "Healthy", "directoryTenants": shown})


# --- the activation -----------------------------------------------------------------------


ACTIVATION = Type(
    hub_objects.GROUP + "/providers/Microsoft.AzureBridge.Admin/activations/{activation}",
    (hub_objects.GROUP + "/providers/Microsoft.AzureBridge.Admin/activations",), ("2016-01-01",))
BOTH = [
    HubRoute("GET", "/metadata/endpoints", "HUB_METADATA", get_endpoints, HUB_VERSIONS,
             is_open=True),
    HubRoute("GET", "/metadata/identity", "HUB_METADATA", get_identity, ("2015-01-01",),
             is_open=True),
    HubRoute("GET", "/applicationRegistrations", "HUB_LIST", get_applications,
             ("2014-04-01-preview",))]
ROUTES = [
    *BOTH, *ACTIVATION.routes(),
    HubRoute("POST", SUBSCRIPTION + hub_objects.ADMIN + "/checkIdentityHealth", "HUB_POST",
             check_health, ("2015-11-01", "2018-05-01"), old=("2015-11-01",))]
OPENID = Service("directories", entries=[DIRECTORIES], routes=[
    Route("*", "/{tenant}/.well-known/openid-configuration", "HUB_METADATA", get_directory)])
