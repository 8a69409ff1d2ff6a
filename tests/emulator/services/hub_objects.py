# What a hub holds: objects by their IDs, in whichever case, and the operations that are the
# same for each type. A type is a row: where its objects are, what a PUT may send, and what is
# checked beforehand.
# SPDX-License-Identifier: MPL-2.0
from dataclasses import dataclass, field

from engine import log, switches
from engine.control import need
from engine.service import Operation, Place
from engine.state import State
from engine.text import Invalid, derive_guid

from . import arm, hub
from .hub import HUBS, SUBSCRIPTION, HubRoute

ADMIN = "/providers/Microsoft.Subscriptions.Admin"
GROUP = SUBSCRIPTION + "/resourceGroups/{group}"
VERSION = ("2015-11-01",)

_known = State(objects=dict)    # a hub's name -> {ID in lower case: the object}


def kind_of(path):
    """The type in lower case: "microsoft.subscriptions.admin/offers", "subscriptions"."""
    parts = path.strip("/").lower().split("/")
    if "providers" not in parts:
        return "/".join(parts[::2])
    at = len(parts) - parts[::-1].index("providers")
    return "/".join([parts[at], *parts[at + 1::2]])


def seed(one):
    """A hub as its operator made it: an offer of each state, no directory registered."""
    own, name = one["subscription_id"], one["name"]
    base = f"/subscriptions/{own}"
    admin, group = base + ADMIN, f"{base}/resourceGroups/offers{ADMIN}"
    quota = f"{admin}/locations/{name}/quotas/delegatedProviderQuota"

    def resource(identity, kind, **properties):
        last = identity.rsplit("/", 1)[1]
        return {"id": identity, "name": last, "type": f"Microsoft.Subscriptions.Admin/{kind}",
                "location": name, "properties": properties}

    def offer(last, state):
        return resource(f"{group}/offers/{last}", "offers", name=last,
                        displayName=last.capitalize(), description="", externalReferenceId="",
                        state=state, subscriptionCount=0, maxSubscriptionsPerAccount=0,
                        basePlanIds=[f"{group}/plans/basic"])
    made = [
        {"id": f"{admin}/subscriptions/{own}", "subscriptionId": own,
         "delegatedProviderSubscriptionId": own, "displayName": "Default Provider Subscription",
         "owner": f"admin@{one['domain']}", "tenantId": one["tenant_id"],
         "routingResourceManagerType": "Admin", "offerId": f"{base}/resourceGroups/system.global"
         f"{ADMIN}/offers/{derive_guid('default offer').upper()}", "state": "Enabled"},
        {"id": f"{admin}/locations/{name}", "name": name, "displayName": name, "latitude": "",
         "longitude": ""},
        {**resource(quota, "locations/quotas", allowCustomPortalBranding=False),
         "name": f"{name}/delegatedProviderQuota"},
        resource(f"{group}/plans/basic", "plans", name="basic", displayName="Basic",
                 description="", subscriptionCount=0, quotaIds=[
                     quota, f"{base}/providers/Microsoft.Compute.Admin/locations/{name}/quotas/"
                     "Default Quota"]),
        offer("standard", "Public"), offer("trial", "Private"), offer("retired", "Decommissioned"),
        *({"id": f"{base}/resourceGroups/{last}", "name": last, "location": name,
           "properties": {"provisioningState": "Succeeded"}}
          for last in (f"system.{name}", "offers"))]
    registration = next((arm.registration_id(known) for known in arm.REGISTRATIONS
                         if known["name"].lower() == name.lower()), None)
    if registration:
        made.append({
            "id": f"{base}/resourceGroups/azurestack-activation/providers/"
            "Microsoft.AzureBridge.Admin/activations/default", "name": "default",
            "type": "Microsoft.AzureBridge.Admin/activations", "location": name,
            "etag": derive_guid(registration), "properties": {
                "displayName": "Azure Stack Activation", "azureEnvironmentName": "AzureCloud",
                "azureRegistrationResourceIdentifier": registration,
                "expiration": "9999-12-30T23:59:59Z", "marketplaceSyndicationEnabled": True,
                "usageReportingEnabled": True, "provisioningState": "Succeeded"}})
    return {body["id"].lower(): body for body in made}


def of(one):
    name = one["name"].lower()
    if name not in _known.objects:
        _known.objects[name] = seed(one)
    return _known.objects[name]


def find(one, identity):
    return of(one).get(identity.lower())


def of_kind(one, kind):
    return [body for identity, body in list(of(one).items()) if kind_of(identity) == kind]


def store(one, body):
    log.requests.event("EFFECT", what=f"PUT {body['id']}", hub=one["name"])
    of(one)[body["id"].lower()] = body


def remove(one, body):
    log.requests.event("EFFECT", what=f"DELETE {body['id']}", hub=one["name"])
    of(one).pop(body["id"].lower(), None)


def show(body):
    """As the hub spells it. Members that begin with _ are its own business."""
    identity = body["id"]
    if switches.is_("hub_case", "other"):
        identity = identity.replace("/resourceGroups/", "/resourcegroups/").replace(
            "/system.", "/System.")
    if switches.is_("hub_id_subscription", "other") and "/providers/" in identity:
        parts = identity.split("/")
        identity = "/".join([*parts[:2], derive_guid("another subscription"), *parts[3:]])
    shown = {name: value for name, value in body.items() if not name.startswith("_")}
    return {**shown, "id": identity}


def answer_list(x, bodies, show_one=show):
    """By pages, where the switch says so."""
    size, start = switches.value("hub_page_size"), x.q("$skiptoken") or "0"
    if not start.isdecimal():
        raise x.reject(400, "InvalidSkipToken", f"The skip token '{start}' is not known.")
    end = int(start) + (size or len(bodies))
    answer = {"value": [show_one(body) for body in bodies[int(start):end]]}
    if end < len(bodies):
        more = "".join(f"&{name.replace('$', '%24')}={value.replace(' ', '%20')}"
                       for name, value in x.query.items() if name != "$skiptoken")
        answer["nextLink"] = f"{x.origin}{x.path}?{more[1:]}&%24skipToken={end}"
    raise x.json(200, answer)


# --- a type ----------------------------------------------------------------------------------


@dataclass
class Type:
    one: str                   # the template of an object's ID
    lists: tuple = ()          # templates of lists
    versions: tuple = VERSION
    old: tuple = ()
    type: str = ""             # "" where bodies are flat
    members: dict = None       # what a PUT may send; None: it cannot be written
    missing: str = "ResourceNotFound"
    check_put: object = None     # (exchange, body, known or None): raises an answer
    check_delete: object = None  # (exchange, known)
    fill: object = None          # (exchange, body, known): what of it is the service's
    filter: object = None        # (exchange, bodies): of a list
    vanish: object = None        # (exchange, known): how it goes; None: at once
    check: object = None         # (exchange): before all else
    place: Place = field(init=False)

    def __post_init__(self):
        self.place = Place(self.one, True)

    def admit(self, x):
        (self.check or check_admin)(x)

    def missing_error(self, x):
        return x.error(404, self.missing, f"The resource '{x.path}' could not be found.")

    def find(self, x):
        found = find(x.hub, x.path)
        if found is None:
            raise self.missing_error(x)
        return found

    def get(self, x):
        self.admit(x)
        found = self.find(x)
        fade(x.hub, found)
        x.json(200, show(found))

    def list(self, x):
        self.admit(x)
        kind, bodies = kind_of(self.one), []
        for body in of_kind(x.hub, kind):
            names = (self.place.read(body["id"]) or ({},))[0]
            if all(names.get(name, value).lower() == value.lower()
                   for name, value in x.names.items()):
                bodies.append(body)
        if self.filter:
            bodies = self.filter(x, bodies)
        for body in bodies:
            fade(x.hub, body)
        answer_list(x, bodies)

    def put(self, x):
        self.admit(x)
        body = arm.read_body(x, self.members)
        known = find(x.hub, x.path)
        if "group" in x.names and kind_of(self.one) != "subscriptions/resourcegroups" and not find(
                x.hub, x.path.split("/providers/")[0]):
            raise x.error(404, "ResourceGroupNotFound",
                          f"Resource group '{x.names['group']}' could not be found.")
        if self.check_put:
            self.check_put(x, body, known)
        made = {"id": known["id"] if known else x.path}    # a PUT replaces the object
        if self.type:
            made.update(name=x.path.rsplit("/", 1)[1], type=self.type)
        made.update(body)
        if self.fill:
            self.fill(x, made, known)
        if hub.is_failing():
            raise hub.answer_async(x)
        store(x.hub, made)
        if switches.is_("hub_async", "all"):
            raise hub.answer_async(x, show(made))
        x.json(200 if known else 201, show(made))

    def delete(self, x):
        self.admit(x)
        known = find(x.hub, x.path)
        if known is None:
            raise x.json(204)
        if self.check_delete:
            self.check_delete(x, known)
        if hub.is_failing():
            raise hub.answer_async(x)
        if self.vanish:
            self.vanish(x, known)
        else:
            remove(x.hub, known)
        if switches.is_("hub_async", "all"):
            raise hub.answer_async(x)
        x.json(200)

    def routes(self):
        more = {"versions": self.versions, "old": self.old}
        made = [HubRoute("GET", self.one, "HUB_GET", self.get, **more)]
        if self.members is not None:
            made += [HubRoute("PUT", self.one, "HUB_PUT", self.put, has_body=True, **more),
                     HubRoute("DELETE", self.one, "HUB_DELETE", self.delete, **more)]
        return made + [HubRoute("GET", template, "HUB_LIST", self.list, queries=("$filter",),
                                **more) for template in self.lists]


def fade(one, body):
    """A read of what is being deleted brings its end nearer."""
    left = body.get("_reads_left")
    if left is not None:
        body["_reads_left"] = left - 1
        if left <= 1:
            if switches.is_("hub_delete_ends", "gone"):
                of(one).pop(body["id"].lower(), None)
            else:
                body.update(state=switches.value("hub_delete_ends"))
                del body["_reads_left"]


def check_admin(x):
    """The Default Provider Subscription is the only one that has administrators' objects."""
    if x.names["subscription"].lower() != x.hub["subscription_id"].lower():
        raise x.error(404, "SubscriptionNotFound",
                      f"The subscription '{x.names['subscription']}' could not be found.")
    hub.check_role(x, x.token)


# --- behind everybody's back --------------------------------------------------------------


def hub_meant(body):
    name, = need(body, "hub")
    one = HUBS.find(name)
    if one is None:
        raise Invalid(f"there is no hub {name}")
    return one


def force(body):
    """Adds an object, or changes the members given: of `properties` those within."""
    one, (identity,) = hub_meant(body), need(body, "id")
    if not identity.startswith("/"):
        raise Invalid("id begins with a slash")
    known = of(one).setdefault(identity.lower(), {"id": identity})
    for name, value in body.items():
        if name == "properties" and isinstance(known.get(name), dict):
            known[name].update(value)
        elif name != "hub":
            known[name] = value


def drop(body):
    one, (identity,) = hub_meant(body), need(body, "id")
    if of(one).pop(identity.lower(), None) is None:
        raise Invalid(f"there is no {identity}")


OPERATIONS = [
    Operation("GET", "hub-objects", lambda body: {
        one["name"]: list(of(one).values()) for one in HUBS}, "what each hub holds"),
    Operation("GET", "hubs", lambda body: list(HUBS), "the hubs"),
    Operation("POST", "hub-object", force, "{hub, id, members …}: adds an object of a hub, or "
              "changes the members given"),
    Operation("POST", "hub-forget", drop, "{hub, id}: takes an object of a hub away")]
