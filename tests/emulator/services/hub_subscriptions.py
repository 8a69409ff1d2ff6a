# Who is let into a hub: directory tenants, offers and plans, and users' subscriptions as the
# administrators see them. Bodies of subscriptions are flat.
# SPDX-License-Identifier: MPL-2.0
from engine import switches
from engine.text import derive_guid, is_guid

from . import hub, hub_objects
from .hub import DIRECTORIES, SUBSCRIPTION, HubRoute
from .hub_objects import ADMIN, GROUP, Type

DEFAULT_NAME = "Default Provider Subscription"
OFFER = "Microsoft.Subscriptions.Admin/offers"
USERS = SUBSCRIPTION + ADMIN + "/subscriptions"


def bad(x, why, status=400, code="BadRequest"):
    return x.error(status, code, why)


# --- directory tenants --------------------------------------------------------------------


def check_directory(x, body, known):
    if x.hub["identity"] == "adfs":
        raise bad(x, "A hub that signs in by AD FS has one directory.")
    tenant = (body.get("properties") or {}).get("tenantId", "")
    if not is_guid(tenant) or not isinstance(body.get("location"), str):
        raise bad(x, "A directory tenant needs a location and properties.tenantId.",
                  code="InvalidRequestContent")
    if known and known["properties"]["tenantId"].lower() != tenant.lower() and switches.is_(
            "hub_put_tenant", "refused"):
        raise bad(x, "The directory tenant has another tenantId.", 409, "Conflict")


def check_unregistered(x, known):
    directory = DIRECTORIES.find(known["properties"]["tenantId"])
    if directory and directory["consent"] != "none" and switches.is_("hub_delete_registered",
                                                                     "refused"):
        raise bad(x, "The directory still has the hub's applications.", 409, "Conflict")


def directories_of(one):
    """The directories whose users are let in, in lower case."""
    return {one["tenant_id"].lower(), *(
        body["properties"]["tenantId"].lower()
        for body in hub_objects.of_kind(one, "microsoft.subscriptions.admin/directorytenants"))}


# --- users' subscriptions -----------------------------------------------------------------


def users(one):
    return hub_objects.of_kind(one, "microsoft.subscriptions.admin/subscriptions")


def find_user(one, subscription):
    """By the GUID, or whatever text it is; None."""
    return next((body for body in users(one)
                 if body["subscriptionId"].lower() == subscription.lower()), None)


def check_changes(x, body, known):
    for member, switch in (("offerId", "hub_put_offer"), ("state", "hub_put_state")):
        value = body.get(member)
        if value is None or value.lower() == known[member].lower():
            continue
        if switches.is_(switch, "refused"):
            raise bad(x, f"'{member}' of a subscription cannot be changed.", 409, "Conflict")
        if switches.is_(switch, "ignored"):
            body[member] = known[member]


def check_subscription(x, body, known):
    own = x.names["target"]
    if (body.get("subscriptionId") or own).lower() != own.lower():
        raise bad(x, "subscriptionId differs from the path's.")
    if known and known["state"] in ("Deleting", "Deleted", "PartiallyDeleted"):
        raise bad(x, f"The subscription is {known['state']}.", 409, "Conflict")
    for member in ("displayName", "offerId", "owner"):
        if not body.get(member):
            raise bad(x, f"The property '{member}' is required.", code="InvalidRequestContent")
    owner = body.get("owner")
    if owner and "@" not in owner and switches.is_("hub_owner", "upn"):
        raise bad(x, f"The owner '{owner}' is not the name of a user.")
    tenant = body.get("tenantId")
    if tenant and tenant.lower() not in directories_of(x.hub):
        raise bad(x, f"The directory '{tenant}' is not registered with this hub.")
    if known:
        check_changes(x, body, known)
    offer = hub_objects.find(x.hub, body["offerId"])
    if offer is None or hub_objects.kind_of(offer["id"]) != OFFER.lower():
        raise bad(x, "The offer was not found.")
    if not known and offer["properties"]["state"] == "Decommissioned":
        raise bad(x, "The offer is decommissioned.", 409, "Conflict")


def fill_subscription(x, made, known):
    made.setdefault("subscriptionId", x.names["target"])
    for name, value in (("delegatedProviderSubscriptionId", x.hub["subscription_id"]),
                        ("tenantId", x.hub["tenant_id"]), ("state", "Enabled"),
                        ("routingResourceManagerType", "Default")):
        if made.get(name) is None:
            made[name] = value


def delete_subscription(x, known):
    """With all that is in it."""
    inside = f"/subscriptions/{known['subscriptionId'].lower()}/"
    for identity, body in list(hub_objects.of(x.hub).items()):
        if inside in identity:
            hub_objects.remove(x.hub, body)
    reads = switches.value("hub_deleting_reads")
    if reads:
        known.update(state="Deleting", _reads_left=reads)
    else:
        hub_objects.remove(x.hub, known)


def check_default(x, known):
    if known["routingResourceManagerType"] == "Admin":
        raise bad(x, "The Default Provider Subscription cannot be deleted.", 409, "Conflict")


# --- what an administrator sees of subscriptions at all -----------------------------------


def list_subscriptions(x):
    """Those on which the caller has a role."""
    def show(body):
        return {"id": f"/subscriptions/{body['subscriptionId']}",
                "subscriptionId": body["subscriptionId"], "displayName": body["displayName"],
                "state": "Enabled", "tenantId": x.hub["tenant_id"],
                "subscriptionPolicies": {"locationPlacementId": "AzureStack"}}
    how, found = switches.value("hub_default_subscription"), [
        {"subscriptionId": derive_guid("metering"), "displayName": "Metering Subscription"},
        {"subscriptionId": derive_guid("consumption"), "displayName": "Consumption Subscription"}]
    default = {"subscriptionId": x.hub["subscription_id"], "displayName": DEFAULT_NAME}
    if how != "none":
        found.insert(1, default)
    if how == "several":
        found.append({**default, "subscriptionId": derive_guid("another default one")})
    hub_objects.answer_list(x, [] if x.token["role"] == "none" else found, show)


RESOURCE = {"location": str, "tags": dict}
TYPES = [
    Type(SUBSCRIPTION + ADMIN + "/locations/{location}", (SUBSCRIPTION + ADMIN + "/locations",)),
    Type(SUBSCRIPTION + ADMIN + "/locations/{location}/quotas/{quota}",
         (SUBSCRIPTION + ADMIN + "/locations/{location}/quotas",)),
    Type(GROUP + ADMIN + "/directoryTenants/{tenant}", (GROUP + ADMIN + "/directoryTenants",),
         type="Microsoft.Subscriptions.Admin/directoryTenants",
         members={**RESOURCE, "properties": {"tenantId": str}}, check_put=check_directory,
         check_delete=check_unregistered),
    Type(GROUP + ADMIN + "/offers/{offer}",
         (SUBSCRIPTION + ADMIN + "/offers", GROUP + ADMIN + "/offers")),
    Type(GROUP + ADMIN + "/plans/{plan}",
         (SUBSCRIPTION + ADMIN + "/plans", GROUP + ADMIN + "/plans")),
    Type(USERS + "/{target}", (USERS,), members={
        "id": str, **dict.fromkeys(("delegatedProviderSubscriptionId", "displayName",
                                    "externalReferenceId", "offerId", "owner", "state",
                                    "routingResourceManagerType", "subscriptionId", "tenantId"),
                                   str)},
         missing="SubscriptionNotFound", check_put=check_subscription, fill=fill_subscription,
         check_delete=check_default, vanish=delete_subscription),
    Type(GROUP, (), ("2016-06-01", "2018-05-01"), ("2016-06-01",), members=RESOURCE,
         missing="ResourceGroupNotFound", fill=lambda x, made, known: made.update(
             name=x.names["group"], properties={"provisioningState": "Succeeded"}))]
ROUTES = [
    HubRoute("GET", "/subscriptions", "HUB_LIST", list_subscriptions,
             ("2015-11-01", "2016-06-01")),
    hub.OPERATION, *(route for row in TYPES for route in row.routes())]
