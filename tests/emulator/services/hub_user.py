# A hub as its users see it: their own subscriptions, roles and resource groups in them.
# SPDX-License-Identifier: MPL-2.0
import re

from engine import switches
from engine.state import State
from engine.text import is_guid

from . import hub, hub_identity, hub_objects, hub_subscriptions
from .hub import SUBSCRIPTION, HubRoute
from .hub_objects import Type

ROLES = {"Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
         "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
         "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7"}
AUTHORIZATION = SUBSCRIPTION + "/providers/Microsoft.Authorization"

_seen = State(principals=dict)    # object ID -> PUTs that did not find it yet


# --- who may ------------------------------------------------------------------------------


def check_directory(x):
    """A user of the home directory, or of one that is let in."""
    tenant = hub.directory_of(x.hub, x.token)
    if tenant not in hub_subscriptions.directories_of(x.hub):
        raise hub.refuse_tenant(x, x.token)
    return tenant


def see(x, subscription):
    """The subscription as the administrators have it, or the answer to who does not see it."""
    tenant = check_directory(x)
    known = hub_subscriptions.find_user(x.hub, subscription)
    if known is None or known["routingResourceManagerType"] == "Admin" or (
            x.token["role"] == "none"):
        raise x.error(404, "SubscriptionNotFound",
                      f"The subscription '{subscription}' could not be found.")
    is_operator = tenant == x.hub["tenant_id"].lower() and switches.value("hub_operator_assigns")
    if known["tenantId"].lower() != tenant and not is_operator:
        raise hub.refuse_tenant(x, x.token)
    return known


def check_inside(x):
    known = see(x, x.names["subscription"])
    if known["state"] != "Enabled" and x.method not in ("GET", "HEAD"):
        raise x.error(409, "ReadOnlyDisabledSubscription", "The subscription is disabled and "
                      "therefore marked as read only.")
    hub.check_role(x, x.token)


# --- subscriptions ------------------------------------------------------------------------


def show_subscription(known):
    return {"id": f"/subscriptions/{known['subscriptionId']}",
            "subscriptionId": known["subscriptionId"], "tenantId": known["tenantId"],
            "displayName": known["displayName"], "state": known["state"],
            "offerId": "/delegatedProviders/default/offers/"
            + known["offerId"].rsplit("/", 1)[1],
            "subscriptionPolicies": {"locationPlacementId": "AzureStack"}}


def list_subscriptions(x):
    tenant = check_directory(x)
    hub_objects.answer_list(x, [
        known for known in hub_subscriptions.users(x.hub)
        if known["tenantId"].lower() == tenant and x.token["role"] != "none"
        and known["routingResourceManagerType"] != "Admin"], show_subscription)


def get_subscription(x):
    x.json(200, show_subscription(see(x, x.names["subscription"])))


# --- roles --------------------------------------------------------------------------------


def show_role(place, name):
    return {"id": f"{place}/roleDefinitions/{ROLES[name]}", "name": ROLES[name],
            "type": "Microsoft.Authorization/roleDefinitions",
            "properties": {"roleName": name, "type": "BuiltInRole"}}


def get_role(x):
    check_inside(x)
    name = next((name for name, guid in ROLES.items() if guid == x.names["role"].lower()), None)
    if name is None:
        raise x.error(404, "RoleDefinitionDoesNotExist", "The specified role definition with ID "
                      f"'{x.names['role']}' does not exist.")
    x.json(200, show_role(x.path.rsplit("/", 2)[0], name))


def list_roles(x):
    check_inside(x)
    wanted = re.fullmatch(r"roleName eq '([^']*)'", x.q("$filter") or "roleName eq ''")
    if not wanted:
        raise x.reject(400, "InvalidFilter", "The filter is not known.")
    place = f"/subscriptions/{x.names['subscription']}/providers/Microsoft.Authorization"
    x.json(200, {"value": [
        show_role(place, name) for name in ROLES if wanted[1].lower() in ("", name.lower())]})


def assignments(x):
    return [body for body in hub_objects.of_kind(x.hub, "microsoft.authorization/roleassignments")
        if body["id"].split("/")[2].lower() == x.names["subscription"].lower()]


def check_assignment(x, body, known):
    properties = body.get("properties") or {}
    role, principal = (properties.get(name) or "" for name in ("roleDefinitionId", "principalId"))
    if not is_guid(x.names["assignment"]):
        raise x.reject(400, "InvalidRoleAssignmentId", "The role assignment ID is not a GUID.")
    if not is_guid(principal):
        raise x.error(400, "InvalidPrincipalId", f"The principal ID '{principal}' is not valid. "
                      "Principal ID must be a GUID.")
    if role.rpartition("/")[2].lower() not in ROLES.values():
        raise x.error(404, "RoleDefinitionDoesNotExist",
                      f"The specified role definition with ID '{role}' does not exist.")
    waits = _seen.principals.get(principal.lower(), switches.value("hub_principal_lag"))
    _seen.principals[principal.lower()] = max(0, waits - 1)
    if waits:
        raise x.error(400, "PrincipalNotFound", f"Principal {principal} does not exist in the "
                      f"directory {hub.directory_of(x.hub, x.token)}.")
    for other in assignments(x):
        if all(other["properties"][name].lower() == properties[name].lower()
               for name in ("roleDefinitionId", "principalId")):
            if known is None or other["id"].lower() != known["id"].lower():
                raise x.error(409, "RoleAssignmentExists", "The role assignment already exists.")
    if known and known["properties"]["principalId"].lower() != principal.lower():
        raise x.error(409, "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, "
                      "principal ID, and scope are not allowed to be updated.")


def filter_assignments(x, bodies):
    wanted = re.fullmatch(r"(?:principalId eq '([^']*)'|atScope\(\))", x.q("$filter") or
                          "atScope()")
    if not wanted:
        raise x.reject(400, "InvalidFilter", "The filter is not known.")
    return [body for body in bodies if wanted[1] in (None, body["properties"]["principalId"])]


def fill_assignment(x, made, known):
    made["properties"]["scope"] = f"/subscriptions/{x.names['subscription']}"


# --- resource groups ----------------------------------------------------------------------


def delete_group(x):
    check_inside(x)
    known = hub_objects.find(x.hub, x.path)
    if known is None:
        raise x.error(404, "ResourceGroupNotFound",
                      f"Resource group '{x.names['group']}' could not be found.")
    for identity, body in list(hub_objects.of(x.hub).items()):
        if identity.startswith(known["id"].lower() + "/"):
            hub_objects.remove(x.hub, body)
    hub_objects.remove(x.hub, known)
    raise hub.answer_async(x, has_status=False)


def check_group(x, body, known):
    if known and known["properties"]["provisioningState"] == "Deleting":
        hub_objects.fade(x.hub, known)
        raise x.error(409, "ResourceGroupBeingDeleted", f"The resource group '{x.names['group']}' "
                      "is in deprovisioning state and cannot perform this operation.")
    location = body.get("location") or ""
    if location.lower() != x.hub["name"].lower():
        raise x.error(400, "LocationNotAvailableForResourceGroup", f"The provided location "
                      f"'{location}' is not available for resource group.")
    if known and known["location"].lower() != location.lower():
        raise x.error(409, "InvalidResourceGroupLocation", "The resource group exists in another "
                      "location.")


def list_resources(x):
    """What is in a group: objects that the control interface put there."""
    check_inside(x)
    group = f"/subscriptions/{x.names['subscription']}/resourcegroups/{x.names['group']}".lower()
    if hub_objects.find(x.hub, group) is None:
        raise x.error(404, "ResourceGroupNotFound",
                      f"Resource group '{x.names['group']}' could not be found.")
    hub_objects.answer_list(x, [body for identity, body in hub_objects.of(x.hub).items()
                                if identity.startswith(group + "/")])


GROUP_VERSIONS = {"versions": ("2016-06-01", "2018-05-01"), "old": ("2016-06-01",)}
GROUPS = Type(
    hub_objects.GROUP, (SUBSCRIPTION + "/resourceGroups",), **GROUP_VERSIONS,
    members={"location": str, "tags": dict, "name": str}, missing="ResourceGroupNotFound",
    check=check_inside, check_put=check_group, fill=lambda x, made, known: made.update(
        name=x.names["group"], properties={"provisioningState": "Succeeded"}))
ASSIGNMENTS = Type(
    AUTHORIZATION + "/roleAssignments/{assignment}", (AUTHORIZATION + "/roleAssignments",),
    ("2015-07-01",), type="Microsoft.Authorization/roleAssignments",
    members={"properties": {"roleDefinitionId": str, "principalId": str}}, check=check_inside,
    check_put=check_assignment, fill=fill_assignment, filter=filter_assignments,
    missing="RoleAssignmentNotFound")
ROUTES = [
    *hub_identity.BOTH, hub.OPERATION,
    HubRoute("GET", "/subscriptions", "HUB_LIST", list_subscriptions, ("2015-11-01", "2016-06-01")),
    HubRoute("GET", SUBSCRIPTION, "HUB_GET", get_subscription, ("2015-11-01", "2016-06-01")),
    HubRoute("GET", AUTHORIZATION + "/roleDefinitions", "HUB_LIST", list_roles, ("2015-07-01",),
             queries=("$filter",)),
    HubRoute("GET", AUTHORIZATION + "/roleDefinitions/{role}", "HUB_GET", get_role,
             ("2015-07-01",)),
    HubRoute("GET", hub_objects.GROUP + "/resources", "HUB_LIST", list_resources,
             **GROUP_VERSIONS),
    *ASSIGNMENTS.routes(),
    HubRoute("DELETE", hub_objects.GROUP, "HUB_DELETE", delete_group, **GROUP_VERSIONS),
    *(route for route in GROUPS.routes() if route.method != "DELETE")]
