# Microsoft.Subscription: an alias buys a subscription, once; it takes a while. The subscription lives
# in the customer's tenant, where it is renamed and cancelled.
# SPDX-License-Identifier: MPL-2.0
from dataclasses import dataclass

from engine import log, switches
from engine.control import need
from engine.service import Operation, Route
from engine.state import State
from engine.switches import NUMBER, ON_OFF, Switch
from engine.text import Invalid, check_members, read_json

from . import arm, billing

VERSIONS = ("2020-09-01", "2021-10-01")
ROOT = "/providers/Microsoft.Subscription/aliases"
BODY = {"billingScope": str, "displayName": str, "workload": str, "resellerId": str}


@dataclass
class BodyRoute(Route):
    has_body: bool = True


class Alias:
    def __init__(self, name, properties, one):
        self.name, self.properties, self.subscription = name, properties, one
        self.polls, self.result = switches.value("alias_polls"), switches.value("alias_result")

    def state(self):
        return "Accepted" if self.polls > 0 else self.result


_known = State(aliases=dict)


def read_body(x, members):
    try:
        body = read_json(x.body)
        check_members(body, members)
    except ValueError as error:
        raise x.reject(400, "BadRequest", f"The body is not valid: {error}.") from None
    return body


def show(alias):
    form, properties = switches.value("alias_form"), {"provisioningState": alias.state()}
    is_returned = alias.state() == "Succeeded" or (
        alias.state() == "Accepted" and switches.value("alias_tells_early"))
    if alias.subscription and is_returned:
        properties["subscriptionId"] = alias.subscription.id
    if alias.state() == "Failed":
        properties["error"] = {"code": "SubscriptionCreationFailed",
                               "message": "The subscription could not be made."}
    if form != "bare":
        properties.update(alias.properties)
        if form == "short_scope" and "billingScope" in properties:
            properties["billingScope"] = properties["billingScope"].split("Microsoft.Billing")[1]
    return {"id": f"{ROOT}/{alias.name}", "name": alias.name,
            "type": "Microsoft.Subscription/aliases", "properties": properties}


def find_customer(x, scope):
    words = scope.split("/")
    if len(words) != 7 or "/".join(words[:4]).lower() != billing.ROOT.lower() or (
            words[5].lower() != "customers"):
        raise x.error(400, "InvalidBillingScope", f"The billing scope '{scope}' is not valid.")
    customer = billing.CUSTOMERS.find(words[4], words[6])
    if customer is None or not switches.value("billing_role"):
        raise x.error(403, "UserNotAuthorized",
                      "User is not authorized to create subscriptions on this scope.")
    return customer


def put(x):
    billing.check_tenant(x)
    properties = read_body(x, {"properties": BODY}).get("properties") or {}
    known = _known.aliases.get(x.names["alias"].lower())
    if known:
        raise x.json(200, show(known))
    customer = find_customer(x, properties.get("billingScope", ""))
    if not properties.get("displayName") or properties.get("workload") not in ("Production",
                                                                              "DevTest"):
        raise x.error(400, "BadRequest", "displayName and workload are needed.")
    is_bought = switches.is_("alias_result", "Succeeded")
    one = billing.buy(customer, properties["displayName"], properties["workload"]) if (
        is_bought) else None
    alias = _known.aliases[x.names["alias"].lower()] = Alias(x.names["alias"], properties, one)
    log.requests.event("EFFECT", what=f"PUT alias {ROOT}/{alias.name}", alias=alias.name,
                       subscription_id=one.id if one else None)
    x.json(201 if alias.polls else 200, show(alias))


def get(x):
    billing.check_tenant(x)
    alias = _known.aliases.get(x.names["alias"].lower())
    if alias is None:
        raise x.error(404, "NotFound", f"Alias '{x.names['alias']}' was not found.")
    body = show(alias)
    alias.polls = max(0, alias.polls - 1)
    x.json(200, body)


def list_all(x):
    billing.check_tenant(x)
    x.json(200, {"value": [show(alias) for alias in _known.aliases.values()]})


def delete(x):
    billing.check_tenant(x)
    alias = _known.aliases.pop(x.names["alias"].lower(), None)
    if alias:
        log.requests.event("EFFECT", what=f"DELETE alias {ROOT}/{alias.name}", alias=alias.name)
    x.json(200 if alias else 204)


# --- the subscription itself, in the customer's tenant --------------------------------------


def subscription_of(x, guid):
    """With a token of its own tenant."""
    token, one = arm.check_token(x), billing.find_subscription(guid)
    if one is None:
        raise x.error(404, "SubscriptionNotFound", f"The subscription '{guid}' could not be found.")
    arm.check_tenant(x, token, one.customer)
    if token["role"] not in ("owner", "contributor", "reader"):
        raise x.error(403, "AuthorizationFailed", "The client does not have authorization to "
                      f"perform an action over scope '/subscriptions/{guid}'.")
    return token, one


def show_subscription(x):
    _, one = subscription_of(x, x.names["subscription"])
    x.json(200, {"id": f"/subscriptions/{one.id}", "subscriptionId": one.id,
                 "tenantId": one.customer, "displayName": one.name, "state": one.state})


def act(x, members):
    body = read_body(x, members)
    token, one = subscription_of(x, x.names["subscription"])
    if token["role"] != "owner":
        raise x.error(403, "AuthorizationFailed", "The client does not have authorization to "
                      f"perform action 'Microsoft.Subscription/{x.path.rsplit('/', 1)[1]}/action' "
                      f"over scope '/subscriptions/{one.id}'.")
    return body, one


def rename(x):
    body, one = act(x, {"subscriptionName": str})
    one.name = body.get("subscriptionName", "")
    log.requests.event("EFFECT", what=f"POST rename {one.id}", subscription_id=one.id)
    x.json(200, {"subscriptionId": one.id})


def cancel(x):
    _, one = act(x, {})
    if one.state != "Enabled":
        raise x.error(409, "SubscriptionNotEnabled", "The subscription is cancelled already.")
    one.state = switches.value("cancelled_state")
    log.requests.event("EFFECT", what=f"POST cancel {one.id}", subscription_id=one.id)
    x.json(200, {"subscriptionId": one.id})


# --- behind everybody's back ------------------------------------------------------------------


def force(body):
    """As if another one had bought it, long ago."""
    name, scope, display = need(body, "alias", "billing_scope", "display_name")
    words = scope.split("/")
    customer = billing.CUSTOMERS.find(words[4], words[6]) if len(words) == 7 else None
    if customer is None:
        raise Invalid(f"{scope} is no customer's")
    one = billing.buy(customer, display, "Production")
    alias = Alias(name, {"billingScope": scope, "displayName": display, "workload": "Production"},
                  one)
    alias.polls = 0
    _known.aliases[name.lower()] = alias


def forget(body):
    """The alias; with {"subscription": true} the subscription as well."""
    alias = _known.aliases.pop(need(body, "alias")[0].lower(), None)
    if alias is None:
        raise Invalid("there is no such alias")
    if body.get("subscription"):
        alias.subscription.state = "Deleted"


def dump(_):
    return [{**show(alias), "subscription_id": alias.subscription and alias.subscription.id}
            for alias in _known.aliases.values()]


PROVIDER = arm.SUBSCRIPTION + "/providers/Microsoft.Subscription"
ROUTES = [
    Route("GET", ROOT, "ALIASES", list_all, VERSIONS),
    Route("GET", ROOT + "/{alias}", "GET_ALIAS", get, VERSIONS),
    Route("PUT", ROOT + "/{alias}", "PUT_ALIAS", put, VERSIONS),
    Route("DELETE", ROOT + "/{alias}", "DELETE_ALIAS", delete, VERSIONS),
    BodyRoute("POST", PROVIDER + "/rename", "RENAME", rename, VERSIONS),
    BodyRoute("POST", PROVIDER + "/cancel", "CANCEL", cancel, VERSIONS)]
SWITCHES = [
    Switch("alias_polls", NUMBER, 1, "how many GETs show a new alias as Accepted",
           "how long does it take?"),
    Switch("alias_tells_early", ON_OFF, False,
           "an Accepted alias names its subscription", "does it?"),
    Switch("alias_result", "Succeeded|Failed", "Succeeded", "how a new alias ends"),
    Switch("cancelled_state", "Disabled|Warned", "Disabled", "the state of a subscription that "
           "was cancelled", "which is it, and how long is it Warned?"),
    Switch("alias_form", "full|short_scope|bare", "full",
           "what an alias shows of its request: all; all, with the billing scope without its "
           "provider; nothing", "which of these does it show, and in which form?")]
OPERATIONS = [
    Operation("GET", "aliases", dump, "the aliases"),
    Operation("GET", "bought", billing.dump, "the subscriptions that were bought"),
    Operation("POST", "alias", force, "{alias, billing_scope, display_name}: bought long ago"),
    Operation("POST", "forget-alias", forget, "{alias, subscription}: takes an alias away, and its "
              "subscription if that is true")]
