# Partner Center: who may ask, its errors and pages; customers, and the objects of a customer in
# partner_objects.py.
# SPDX-License-Identifier: MPL-2.0
from engine import log, switches
from engine.service import Operation, Route, Service
from engine.state import State
from engine.switches import NUMBER, ON_OFF, Switch
from engine.text import Invalid, derive_guid, is_guid, random_guid, read_json, without_slash

from . import billing, hub, tokens

TENANT = billing.TENANT
AUDIENCES = ("https://api.partnercenter.microsoft.com",)
NEEDED = ("country", "city", "addressLine1", "postalCode", "firstName", "lastName")
REGISTRATION_NUMBER = ("AE AM AZ BR BY HU IN IQ KG KZ MD MM PL RU SA SS TH TJ TR UA UZ VE VN "
                       "ZA").split()
STATES = "US CA AU".split()
PASSWORD = "=;;n.=s9Z-canary"    # of every new customer's administrator

# Customers by tenant ID; what a request ID was answered with; domains that others have.
known = State(customers=dict, answers=dict, domains=set, tokens=dict)


def stamp():
    return str(log.clock_ms()) + random_guid()[:4]


# --- errors ---------------------------------------------------------------------------------


def refuse(x, status, code, description, data=()):
    """What to raise, in either of the two forms."""
    if switches.is_("partner_error_form", "number"):
        return x.json(status, {"code": code, "message": description, "description": description,
                               "errorName": "Error" + str(code), "isRetryable": False,
                               "parameters": {}, "errorMessageExtended": ""})
    return x.json(status, {"code": str(code), "description": description, "data": list(data),
                           "source": "PartnerAPI"})


def reject(x, status, code, description):
    x.rejected(f"{code}: {description}")
    return refuse(x, status, code, description)


# --- who -------------------------------------------------------------------------------------


def check_token(x, needs_person=False):
    header = x.header("authorization") or ""
    token = tokens.find(header[7:]) if header[:7].lower() == "bearer " else None
    if token is None or log.wall_ms() >= token["expires_ms"]:
        raise reject(x, 401, 400, "Access denied: the token is not good.")
    if token["is_revoked"]:
        raise refuse(x, 401, 400, "Access denied: the token was revoked.")
    if without_slash(token["audience"]) not in (*AUDIENCES, x.origin):
        raise reject(x, 401, 400, "Access denied: the token is for another audience.")
    if token["tenant_id"].lower() != TENANT or not switches.value("partner_application_enabled"):
        raise refuse(x, 401, 400, "Access denied: the application is not enabled for the API.")
    if needs_person and not token.get("is_person"):
        raise refuse(x, 401, 400, "Access denied: the operation needs App+User.")
    if token.get("is_person") and not token.get("has_mfa") and switches.value("partner_mfa"):
        raise refuse(x, 401, 900421, "Multi-factor authentication is required.")


def check_headers(x):
    for name in ("ms-requestid", "ms-correlationid"):
        if not is_guid(x.header(name) or ""):
            raise reject(x, 400, 3000, f"The header {name} has to be a GUID.")
    if x.header("ms-contract-version") != "v1" or x.header("x-locale") != "en-US":
        raise reject(x, 400, 3000, "The headers MS-Contract-Version and X-Locale are needed.")
    if x.query is None:
        raise reject(x, 400, 3000, f"The query has {x.query_fault}.")
    if x.q("api-version") is not None:
        raise reject(x, 400, 3000, "Partner Center has no api-version.")


def answer(x):
    x.has_bom = switches.value("partner_bom")
    check_headers(x)
    if x.place is None:
        check_token(x)
        raise reject(x, 404, 1000, f"There is no resource {x.path}.")
    check_token(x, getattr(x.route, "needs_person", False))
    if x.route is None:
        raise reject(x, 405, 3000, f"The method {x.method} is not allowed here.")
    if x.body and x.method not in ("POST", "PUT", "PATCH"):
        raise reject(x, 400, 3000, f"A {x.method} has no body.")
    seen = known.answers.get(x.header("ms-requestid")) if x.method == "POST" else None
    if seen and switches.value("partner_idempotent"):
        raise x.json(*seen)
    try:
        x.route.handler(x)
    finally:
        refusals = (400, 403, 404, 409) if switches.value("partner_remembers_refusals") else ()
        if x.method == "POST" and (x.status < 300 or x.status in refusals):
            known.answers[x.header("ms-requestid")] = (x.status, x.body_out)


def headers(x):
    for name in ("MS-RequestId", "MS-CorrelationId"):
        if x.header(name.lower()):
            x.answer_headers[name] = x.header(name.lower())


def read_body(x):
    kind = (x.header("content-type") or "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise reject(x, 415, 3000, "The content type has to be application/json.")
    try:
        body = read_json(x.body)
    except ValueError as error:
        raise reject(x, 400, 3000, f"The body is no JSON: {error}.") from None
    if not isinstance(body, dict):
        raise reject(x, 400, 3000, "The body is no object.")
    return body


# --- pages ------------------------------------------------------------------------------------


def show_list(x, items, paged=False):
    """Pages by a token, where the operation has pages: in a link, or in a header of the answer."""
    body = {"totalCount": len(items), "items": items,
            "links": {"self": {"uri": x.target, "method": "GET", "headers": []}},
            "attributes": {"objectType": "Collection"}}
    size = switches.value("partner_page_size")
    if not paged or not size:
        return x.json(200, body)
    token, first = x.header("ms-continuationtoken"), 0
    if token is not None:
        if token not in known.tokens or x.q("seekoperation") != "Next":
            raise reject(x, 400, 3000, "The continuation token is not valid.")
        first, items = known.tokens[token]
    elif x.q("seekoperation") is not None:
        raise reject(x, 400, 3000, "The continuation token is missing.")
    body["totalCount"], body["items"] = len(items[first:first + size]), items[first:first + size]
    if first + size < len(items):
        token = f"QVRfU{derive_guid(f'{x.path} {first} {len(known.tokens)}')}=="
        known.tokens[token] = (first + size, items)
        if switches.is_("partner_paging", "header"):
            x.answer_headers["MS-ContinuationToken"] = token
        else:
            form = switches.value("partner_link_form")
            path = {"version": x.path, "no_version": x.path[len("/v1"):],
                    "whole": x.origin + x.path}[form]
            body["links"]["next"] = {
                "uri": f"{path}?size={size}&seekOperation=Next", "method": "GET",
                "headers": [{"key": "MS-ContinuationToken", "value": token}]}
    return x.json(200, body)


def read_filter(x):
    """(field, start) or None."""
    text = x.q("filter")
    if text is None:
        return None
    try:
        rule = read_json(text.encode())
        field, start, operator = rule["Field"], rule["Value"], rule["Operator"]
    except (ValueError, KeyError, TypeError):
        raise reject(x, 400, 3000, "The filter is not valid.") from None
    if field not in ("Domain", "CompanyName") or operator != "starts_with" or len(rule) != 3:
        raise reject(x, 400, 3000, "The filter is not supported.")
    return field, start.lower()


# --- customers --------------------------------------------------------------------------------


class Customer:
    def __init__(self, tenant, domain, profile):
        self.tenant, self.domain, self.profile = tenant.lower(), domain, profile
        self.registration_number = None
        self.relationship, self.commerce = "reseller", derive_guid("commerce of " + tenant)
        self.etag = stamp()
        self.agreements, self.plans, self.carts, self.orders = [], [], {}, []

    def change(self, profile):
        self.profile, self.etag = profile, stamp()


def spell(guid):
    return guid.upper() if switches.is_("partner_case", "upper") else guid


def show_billing(customer):
    return {"id": derive_guid("billing of " + customer.tenant), **customer.profile,
            "attributes": {"etag": customer.etag, "objectType": "CustomerBillingProfile"}}


def show_company(customer):
    company = {"tenantId": spell(customer.tenant), "domain": customer.domain,
               "companyName": customer.profile["companyName"],
               "attributes": {"objectType": "CustomerCompanyProfile"}}
    if customer.registration_number:
        company["organizationRegistrationNumber"] = customer.registration_number
    return company


def show_row(customer):
    return {"id": spell(customer.tenant), "companyProfile": show_company(customer),
            "relationshipToPartner": customer.relationship,
            "attributes": {"objectType": "Customer"}}


def show(customer):
    return {**show_row(customer), "commerceId": customer.commerce,
            "billingProfile": show_billing(customer), "allowDelegatedAccess": True}


def find(tenant):
    return known.customers.get(tenant.lower())


def customer_of(x):
    tenant = x.names["customer"]
    customer = find(tenant)
    if customer is None:
        if not is_guid(tenant):
            raise reject(x, 400, 3000, "The customer ID has to be a GUID.")
        raise refuse(x, *((404, 1000) if switches.is_("partner_missing_customer", "404")
                          else (403, 20002)), "The customer is not found, or has no relationship.")
    if customer.relationship == "none":
        shown = switches.value("partner_ended_shows")
        if shown != "none":
            raise refuse(x, *((404, 1000) if shown == "404" else (403, 20002)),
                         "The customer has no relationship with the partner.")
    return customer


def is_shown(customer):
    return customer.relationship != "none" or switches.is_("partner_ended_shows", "none")


def list_customers(x):
    rule = read_filter(x)
    if rule is None and x.q("size") is None and x.header("ms-continuationtoken") is None:
        raise reject(x, 400, 3000, "The parameter size is missing.")
    found = [customer for customer in known.customers.values() if is_shown(customer)]
    if rule is not None:
        field, start = rule
        found = [customer for customer in found
                 if (customer.domain if field == "Domain"
                     else customer.profile["companyName"]).lower().startswith(start)]
    show_list(x, [show_row(customer) for customer in found], paged=True)


def check_profile(x, profile):
    address = profile.get("defaultAddress")
    for member in ("email", "culture", "language", "companyName"):
        if not isinstance(profile.get(member), str) or not profile[member]:
            raise reject(x, 400, 3000, f"The value of {member} is missing.")
    if not isinstance(address, dict):
        raise reject(x, 400, 3000, "The value of defaultAddress is missing.")
    country = address.get("country", "")
    for member in NEEDED + (("state",) if country in STATES else ()):
        if not isinstance(address.get(member), str) or not address[member]:
            raise reject(x, 400, 3000, f"The value of {member} is missing.")
    if len(country) != 2 or country != country.upper():
        raise reject(x, 400, 3000, "The country has to be a code of two capitals.")
    return country


def taken(domain):
    return domain.lower() in known.domains or any(
        customer.domain.lower() == domain.lower() for customer in known.customers.values())


def create(x):
    body = read_body(x)
    company, profile = body.get("companyProfile"), body.get("billingProfile")
    if not isinstance(company, dict) or not isinstance(profile, dict) or len(body) != 2:
        raise reject(x, 400, 3000, "The body has to hold companyProfile and billingProfile.")
    country = check_profile(x, profile)
    number = company.get("organizationRegistrationNumber")
    if number is None and country in REGISTRATION_NUMBER:
        raise refuse(x, 400, 600002, "The organization registration number is missing.")
    domain = company.get("domain")
    if not isinstance(domain, str) or not domain:
        raise reject(x, 400, 3000, "The value of domain is missing.")
    if taken(domain):
        raise refuse(x, 409, 600009, f"The domain {domain} is not available.")
    if switches.value("partner_sandbox_limit"):
        raise refuse(x, 403, 900116, "The integration sandbox has as many customers as it takes.")
    customer = Customer(derive_guid("tenant of " + domain), domain, profile)
    customer.registration_number = number
    known.customers[customer.tenant] = customer
    hub.DIRECTORIES.set({"tenant_id": customer.tenant, "domain": domain})
    log.requests.event("EFFECT", what="customer created", tenant_id=customer.tenant, domain=domain)
    answered = {**show(customer), "relationshipToPartner": "none",
                "userCredentials": {"userName": "admin", "password": PASSWORD}}
    x.json(int(switches.value("partner_create_status")), answered)
    x.shown = {**answered, "userCredentials": {"userName": "admin", "password": "<secret>"}}


def get_billing(x):
    x.json(200, show_billing(customer_of(x)))


def update_billing(x):
    customer = customer_of(x)
    body = read_body(x)
    etag = (body.get("attributes") or {}).get("etag")
    if x.header("if-match") is None:
        raise reject(x, 400, 3000, "If-Match is missing.")
    if x.header("if-match") != customer.etag or etag != customer.etag:
        raise refuse(x, 412, 2055, "The etag is no longer valid.")
    check_profile(x, body)
    customer.change({name: value for name, value in body.items()
                     if name not in ("id", "attributes")})
    log.requests.event("EFFECT", what="billing profile changed", tenant_id=customer.tenant)
    x.json(200, show_billing(customer))


def end_relationship(x):
    customer = customer_of(x)
    body = read_body(x)
    if body != {"relationshipToPartner": "none", "attributes": {"objectType": "Customer"}}:
        raise reject(x, 400, 3000, "A relationship can be ended, and nothing else be changed.")
    customer.relationship = "none"
    for plan in customer.plans:
        plan.status = "suspended"
    log.requests.event("EFFECT", what="relationship ended", tenant_id=customer.tenant)
    x.json(200, show_row(customer))


def delete(x):
    customer = customer_of(x)
    if not switches.value("partner_sandbox"):
        raise refuse(x, 403, 900100, "A customer is deleted in the integration sandbox alone.")
    del known.customers[customer.tenant]
    log.requests.event("EFFECT", what="customer deleted", tenant_id=customer.tenant)
    x.json(204)


def look_at_domain(x):
    x.json(200 if taken(x.names["domain"]) else 404)


# --- by hand ----------------------------------------------------------------------------------


def profile_of(entry):
    return {"email": entry.get("email", "billing@contoso.example"),
            "culture": entry.get("culture", "en-US"), "language": entry.get("language", "en"),
            "companyName": entry.get("company_name", "Contoso"),
            "defaultAddress": entry.get("address") or {
                "country": "DE", "city": "Berlin", "addressLine1": "Example 1",
                "postalCode": "10115", "firstName": "Example", "lastName": "Person",
                "phoneNumber": "+49301234567"}}


def put(entry):
    """Makes a customer, or changes one."""
    tenant = entry.get("tenant_id") or random_guid()
    customer = find(tenant)
    if customer is None:
        if "domain" not in entry:
            raise Invalid("a customer needs domain")
        customer = known.customers[tenant.lower()] = Customer(tenant, entry["domain"],
                                                              profile_of(entry))
    elif entry.keys() - {"tenant_id", "domain", "relationship"}:
        was = customer.profile
        customer.change(profile_of({"email": was["email"], "culture": was["culture"],
                                    "language": was["language"],
                                    "company_name": was["companyName"],
                                    "address": was["defaultAddress"], **entry}))
    customer.relationship = entry.get("relationship", customer.relationship)
    return {"tenant_id": customer.tenant}


def forget(entry):
    known.customers.pop(entry["tenant_id"].lower(), None)


def dump(_):
    return [{"tenant_id": customer.tenant, "domain": customer.domain,
             "relationship": customer.relationship, "profile": customer.profile,
             "agreements": customer.agreements, "orders": [{"id": order.id, "plan": order.plan.id, "status": order.status}
                        for order in customer.orders],
             "carts": len(customer.carts), "plans": [vars(plan) for plan in customer.plans]}
            for customer in known.customers.values()]


def take_domain(entry):
    known.domains.add(entry["domain"].lower())


CUSTOMER_PLACE = "/v1/customers/{customer}"
ROUTES = [
    Route("HEAD", "/v1/domains/{domain}", "PARTNER_DOMAIN", look_at_domain),
    Route("GET", "/v1/customers", "PARTNER_CUSTOMERS", list_customers),
    Route("POST", "/v1/customers", "PARTNER_POST_CUSTOMER", create),
    Route("GET", CUSTOMER_PLACE, "PARTNER_CUSTOMER", lambda x: x.json(200, show(customer_of(x)))),
    Route("PATCH", CUSTOMER_PLACE, "PARTNER_PATCH_CUSTOMER", end_relationship),
    Route("DELETE", CUSTOMER_PLACE, "PARTNER_DELETE_CUSTOMER", delete),
    Route("GET", CUSTOMER_PLACE + "/profiles/billing", "PARTNER_BILLING", get_billing),
    Route("PUT", CUSTOMER_PLACE + "/profiles/billing", "PARTNER_PUT_BILLING", update_billing)]
SWITCHES = [
    Switch("partner_application_enabled", ON_OFF, True,
           "the application is enabled in Partner Center's App management"),
    Switch("partner_mfa", ON_OFF, True, "a person has to have signed in with a second factor",
           "the code and the status of this refusal"),
    Switch("partner_error_form", "text|number", "text",
           "an error's code as a text, or the newer form with a number"),
    Switch("partner_bom", ON_OFF, True, "answers begin with a byte order mark"),
    Switch("partner_case", "lower|upper", "lower", "GUIDs in capitals"),
    Switch("partner_page_size", NUMBER, 0, "customers on a page; 0: all of them"),
    Switch("partner_paging", "link|header", "link", "where the continuation token is"),
    Switch("partner_link_form", "version|no_version|whole", "version",
           "the path of a link with the version, without it, or a whole address"),
    Switch("partner_idempotent", ON_OFF, True,
           "a POST with a request ID that was answered has no other effect"),
    Switch("partner_remembers_refusals", ON_OFF, False,
           "a POST with a request ID that was refused is refused again", "what is remembered, and how long"),
    Switch("partner_missing_customer", "404|403", "404", "how an unknown customer is refused"),
    Switch("partner_ended_shows", "403|404|none", "403",
           "a customer whose relationship was ended", "what a GET says then"),
    Switch("partner_sandbox", ON_OFF, False, "it is the integration sandbox: customers can be deleted"),
    Switch("partner_sandbox_limit", ON_OFF, False, "the sandbox takes no more customers"),
    Switch("partner_create_status", "201|200", "201", "the status of a new customer",
           "the reference says 200, the guide 201")]
OPERATIONS = [
    Operation("GET", "partner-customers", dump, "Partner Center's customers and what they have"),
    Operation("POST", "partner-customer", put, "{tenant_id, domain, company_name, email, address, "
              "relationship}: a customer is made or changed"),
    Operation("POST", "partner-forget", forget, "{tenant_id}: the customer is gone"),
    Operation("POST", "partner-domain", take_domain, "{domain}: another tenant has it")]


def make_service(routes, switches_more, operations):
    return Service("Partner Center", routes=ROUTES + routes, answer=answer, host="partner",
                   other_kind="PARTNER_OTHER", headers=headers, ignores_case=True,
                   switches=SWITCHES + switches_more, operations=OPERATIONS + operations)
