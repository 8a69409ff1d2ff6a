# Partner Center: what a customer has: agreements, Azure plans, and the Azure subscriptions under a
# plan. Carts and orders are in partner_orders.
# SPDX-License-Identifier: MPL-2.0
from engine import log, switches
from engine.service import Operation, Route
from engine.switches import NUMBER, ON_OFF, Switch
from engine.text import Invalid, derive_guid, is_guid, random_guid

from . import partner
from .partner import CUSTOMER_PLACE, customer_of, read_body, refuse, reject, show_list, spell, stamp

PRODUCT = "DZH318Z0BPS6"
TEMPLATES = [derive_guid("template of the customer agreement"), derive_guid("another template")]
TEMPLATE = TEMPLATES[0]
KIND = "MicrosoftCustomerAgreement"
SKUS = {"0001": "Microsoft Azure plan", "0002": "Microsoft Azure plan for DevTest"}


class Plan:
    def __init__(self, customer, sku, name):
        self.id = derive_guid(f"plan {len(customer.plans)} of {customer.tenant}")
        self.sku, self.name, self.status = sku, name, "active"
        self.order, self.etag, self.hidden = random_guid(), stamp(), 0
        self.entitlements = []

    def add_entitlement(self, name, status="active", guid=None):
        self.entitlements.append({"id": guid or random_guid(), "friendlyName": name,
                                  "status": status})


def end_order(customer, plan):
    """The plan is gone and does not come back."""
    for order in customer.orders:
        if order.plan is plan:
            order.status = "cancelled"


def item_id(sku, country):
    return f"{PRODUCT}:{sku}:{derive_guid(country)[:12].upper().replace('-', '')}"


# --- agreements -------------------------------------------------------------------------------


def list_templates(x):
    if x.q("agreementtype") not in (None, KIND):
        raise reject(x, 400, 3000, "The agreement type is not known.")
    show_list(x, [{"templateId": spell(template), "agreementType": KIND, "versionRank": rank,
                   "agreementLink": "https://example.com/agreement"}
                  for rank, template in enumerate(TEMPLATES[:switches.value("partner_templates")])])


def show_agreement(agreement):
    date = agreement["dateAgreed"]
    if not switches.is_("partner_agreement_date", "as_sent"):
        date = date[:19] + ("" if switches.is_("partner_agreement_date", "no_zone")
                            else ".0000000Z")
    shown = {name: value for name, value in agreement.items() if name != "hidden"}
    return {**shown, "dateAgreed": date, "templateId": spell(agreement["templateId"]),
            "userId": spell(agreement["userId"])}


def list_agreements(x):
    customer, items = customer_of(x), []
    if x.q("agreementtype") not in (None, KIND):
        raise reject(x, 400, 3000, "The agreement type is not known.")
    for agreement in customer.agreements:
        if agreement.get("hidden"):
            agreement["hidden"] -= 1
        else:
            items.append(show_agreement(agreement))
    if switches.value("partner_agreement_other_types"):
        items.insert(0, {"type": "MicrosoftCloudAgreement", "templateId": TEMPLATE,
                         "dateAgreed": "2030-01-01T00:00:00", "userId": TEMPLATE,
                         "primaryContact": {"firstName": "X", "lastName": "Y", "email": "x@y.example"},
                         "agreementLink": "https://example.com/agreement"})
    show_list(x, items, paged=True)


def agree(x):
    customer = customer_of(x)
    body = read_body(x)
    contact = body.get("primaryContact")
    if not isinstance(contact, dict) or any(
            not contact.get(member) for member in ("firstName", "lastName", "email")):
        raise reject(x, 400, 3000, "The primary contact needs firstName, lastName and email.")
    if str(body.get("templateId")).lower() not in TEMPLATES or body.get("type") != KIND or (
            not body.get("dateAgreed")):
        raise reject(x, 400, 3000, "The agreement is not one of a known template.")
    if set(body) != {"primaryContact", "templateId", "type", "dateAgreed"}:
        raise reject(x, 400, 3000, "The body has unknown members.")
    if any(one["primaryContact"] == contact for one in customer.agreements):
        raise refuse(x, 409, 600061, "The partner confirmed the agreement already.")
    agreement = {**body, "userId": derive_guid("person of the partner"),
                 "agreementLink": "https://example.com/agreement",
                 "hidden": switches.value("partner_agreement_shows_after")}
    customer.agreements.append(agreement)
    log.requests.event("EFFECT", what="agreement confirmed", tenant_id=customer.tenant)
    x.json(201, show_agreement(agreement))


# --- the catalogue ----------------------------------------------------------------------------


def sku_of(x):
    if x.names["product"].upper() != PRODUCT or x.names["sku"] not in SKUS:
        raise refuse(x, 404, 400013, "The product is not known.")
    country = x.q("country")
    if not country or len(country) != 2:
        raise reject(x, 400, 3000, "The parameter country is missing.")
    return x.names["sku"], country.upper()


def show_sku(sku):
    return {"id": sku, "productId": PRODUCT, "title": SKUS[sku], "minimumQuantity": 1,
            "maximumQuantity": 1, "isTrial": False, "supportedBillingCycles": ["one_time"],
            "purchasePrerequisites": [KIND], "provisioningVariables": []}


def list_availabilities(x):
    sku, country = sku_of(x)
    if not switches.value("partner_sells_plan"):
        raise show_list(x, [])
    item = item_id(sku, country)
    show_list(x, [{"id": item.split(":")[2], "productId": PRODUCT, "skuId": sku,
                   "catalogItemId": item, "defaultCurrency": {"code": "EUR", "symbol": "€"},
                   "segment": "commercial", "country": country, "isPurchasable": True,
                   "isRenewable": False, "sku": show_sku(sku)}])


# --- plans ------------------------------------------------------------------------------------


def show_plan(plan):
    return {"id": spell(plan.id), "offerId": plan.offer, "offerName": SKUS[plan.sku],
            "friendlyName": plan.name, "quantity": 1, "unitType": "Usage-based",
            "hasPurchasableAddons": False, "creationDate": "2026-01-01T00:00:00.0000000Z",
            "status": plan.status, "autoRenewEnabled": False, "isTrial": False,
            "billingType": "usage", "billingCycle": "one_time", "contractType": "subscription",
            "orderId": plan.order, "isMicrosoftProduct": True,
            "productType": {"id": "Azure", "displayName": "Azure"},
            "attributes": {"etag": plan.etag, "objectType": "Subscription"}}


def license_of(customer):
    """Something else that the customer has."""
    return {"id": derive_guid("license of " + customer.tenant), "offerId": "CFQ7TTC0LF8Q:0001",
            "offerName": "Office", "friendlyName": "Office", "quantity": 5, "status": "active",
            "billingType": "license", "orderId": derive_guid("order of " + customer.tenant),
            "attributes": {"etag": "1", "objectType": "Subscription"}}


def list_plans(x):
    customer = customer_of(x)
    items = [license_of(customer)]
    for plan in customer.plans:
        if plan.hidden:
            plan.hidden -= 1
        else:
            items.append(show_plan(plan))
    show_list(x, items)


def plan_of(x):
    customer = customer_of(x)
    plan = next((plan for plan in customer.plans if plan.id == x.names["plan"].lower()), None)
    if plan is None or plan.hidden:
        if plan is not None:
            plan.hidden -= 1
        raise refuse(x, 404, 20003, "The subscription is not found.")
    return plan


def update_plan(x):
    plan = plan_of(x)
    body = read_body(x)
    if x.header("if-match") != plan.etag or (body.get("attributes") or {}).get("etag") != plan.etag:
        raise refuse(x, 412, 2055, "The etag is no longer valid.")
    for member, value in show_plan(plan).items():
        if member not in ("status", "friendlyName") and body.get(member) != value:
            raise reject(x, 400, 3000, f"The member {member} cannot change.")
    if body["status"] == "suspended" and plan.status == "active" and any(
            one["status"] == "active" for one in plan.entitlements) and (
                not switches.value("partner_suspends_active_plan")):
        raise refuse(x, 400, 900115, "The plan has active Azure subscriptions.")
    if body["status"] == "active" and plan.status == "suspended" and (
            not switches.value("partner_activates_plan")):
        raise refuse(x, 400, 3000, "A suspended Azure plan cannot be activated.")
    plan.status, plan.name, plan.etag = body["status"], body["friendlyName"], stamp()
    log.requests.event("EFFECT", what="plan changed", tenant_id=x.names["customer"],
                       plan=plan.id, status=plan.status)
    if plan.status == "suspended" and not switches.value("partner_suspended_plan_stays"):
        customer_of(x).plans.remove(plan)
        end_order(customer_of(x), plan)
    x.json(200, show_plan(plan))


def list_entitlements(x):
    plan = plan_of(x)
    show_list(x, [{**one, "id": spell(one["id"]), "subscriptionId": plan.id}
                  for one in plan.entitlements])


# --- relationships ----------------------------------------------------------------------------


def list_relationships(x):
    if "customer" in x.names:
        customer_of(x)
    elif x.q("relationship_type") not in ("IsIndirectCloudSolutionProviderOf",
                                          "IsIndirectResellerOf"):
        raise reject(x, 400, 3000, "The relationship type is not known.")
    if switches.value("partner_has_no_resellers"):
        raise x.json(200, {"totalCount": 0, "items": None, "attributes": {
            "objectType": "Collection"}})
    show_list(x, [{"id": spell(derive_guid("reseller")), "location": "DE", "mpnId": "4847383",
                   "name": "Example Reseller", "state": "active",
                   "relationshipType": x.q("relationship_type")
                   or "IsIndirectCloudSolutionProviderOf",
                   "attributes": {"objectType": "PartnerRelationship"}}])


# --- by hand ----------------------------------------------------------------------------------


def put_plan(entry):
    customer = partner.find(entry.get("tenant_id", ""))
    if customer is None:
        raise Invalid("there is no such customer")
    plan = next((plan for plan in customer.plans if plan.id == entry.get("id")), None)
    if plan is None:
        plan = Plan(customer, entry.get("sku", "0001"), entry.get("name", "Azure plan"))
        plan.id = entry.get("id", plan.id)
        plan.offer = item_id(plan.sku, customer.profile["defaultAddress"]["country"])
        customer.plans.append(plan)
    plan.status, plan.name = entry.get("status", plan.status), entry.get("name", plan.name)
    plan.hidden = entry.get("hidden", plan.hidden)
    for one in entry.get("entitlements", ()):
        if not is_guid(one.get("id", "")):
            raise Invalid("an entitlement has a GUID")
        plan.entitlements = [known for known in plan.entitlements if known["id"] != one["id"]]
        plan.add_entitlement(one.get("name", "Azure"), one.get("status", "active"), one["id"])
    for one in plan.entitlements:
        one["status"] = entry.get("entitlement_status", one["status"])
    return {"id": plan.id}


def forget_plan(entry):
    customer = partner.find(entry["tenant_id"])
    for plan in [plan for plan in customer.plans if plan.id == entry["id"]]:
        customer.plans.remove(plan)
        end_order(customer, plan)


def put_agreement(entry):
    partner.find(entry["tenant_id"]).agreements.append({
        "type": KIND, "templateId": TEMPLATE,
        "dateAgreed": entry.get("date", "2026-01-02T03:04:05Z"), "hidden": entry.get("hidden", 0),
        "primaryContact": entry.get("contact") or {
            "firstName": "Example", "lastName": "Person", "email": "person@contoso.example"},
        "agreementLink": "https://example.com/agreement",
        "userId": derive_guid("person of the partner")})


def forget_agreements(entry):
    partner.find(entry["tenant_id"]).agreements = []


def of_person(*words):
    route = Route(*words)
    route.needs_person = True
    return route


SUBSCRIPTIONS = CUSTOMER_PLACE + "/subscriptions"
SKU = "/v1/products/{product}/skus/{sku}"
ROUTES = [
    of_person("GET", "/v1/agreements", "PARTNER_TEMPLATES", list_templates),
    of_person("GET", CUSTOMER_PLACE + "/agreements", "PARTNER_AGREEMENTS", list_agreements),
    of_person("POST", CUSTOMER_PLACE + "/agreements", "PARTNER_POST_AGREEMENT", agree),
    Route("GET", SKU, "PARTNER_SKU", lambda x: x.json(200, show_sku(sku_of(x)[0]))),
    Route("GET", SKU + "/availabilities", "PARTNER_AVAILABILITIES", list_availabilities),
    Route("GET", SUBSCRIPTIONS, "PARTNER_PLANS", list_plans),
    Route("GET", SUBSCRIPTIONS + "/{plan}", "PARTNER_PLAN", lambda x: x.json(200, show_plan(plan_of(x)))),
    Route("PATCH", SUBSCRIPTIONS + "/{plan}", "PARTNER_PATCH_PLAN", update_plan),
    Route("GET", SUBSCRIPTIONS + "/{plan}/azureEntitlements", "PARTNER_ENTITLEMENTS",
          list_entitlements),
    of_person("GET", "/v1/relationships", "PARTNER_RELATIONSHIPS", list_relationships),
    of_person("GET", CUSTOMER_PLACE + "/relationships", "PARTNER_CUSTOMER_RELATIONSHIPS",
              list_relationships)]
SWITCHES = [
    Switch("partner_agreement_date", "as_sent|no_zone|fraction", "no_zone",
           "how dateAgreed is spelled in answers", "both forms stand in the documents"),
    Switch("partner_agreement_shows_after", NUMBER, 0,
           "how often the list of agreements leaves a new one out"),
    Switch("partner_agreement_other_types", ON_OFF, False,
           "the list of agreements has one of another type, whatever it was asked for"),
    Switch("partner_templates", NUMBER, 1, "the texts of the agreement that there are, 2 at most"),
    Switch("partner_order_shows_after", NUMBER, 0,
           "how many requests do not show a new plan", "up to 15 minutes"),
    Switch("partner_suspends_active_plan", ON_OFF, False,
           "a plan with active Azure subscriptions can be suspended"),
    Switch("partner_suspended_plan_stays", ON_OFF, True, "a suspended plan is still shown"),
    Switch("partner_activates_plan", ON_OFF, False, "a suspended plan can be activated",
           "two pages of the service disagree"),
    Switch("partner_sells_plan", ON_OFF, True, "the catalogue has the Azure plan"),
    Switch("partner_has_no_resellers", ON_OFF, False, "an empty list has null in place of items")]
OPERATIONS = [
    Operation("POST", "partner-plan", put_plan, "{tenant_id, id, sku, name, status, hidden, entitlements, "
              "entitlement_status}: an Azure plan is made or changed; hidden from so many requests"),
    Operation("POST", "partner-forget-plan", forget_plan, "{tenant_id, id}: the plan is gone"),
    Operation("POST", "partner-agreement", put_agreement,
              "{tenant_id, contact, date, hidden}: the customer's agreement is confirmed, and left out "
              "of so many lists"),
    Operation("POST", "partner-forget-agreements", forget_agreements,
              "{tenant_id}: nothing is confirmed")]
