# Microsoft.AzureStack/registrations/customerSubscriptions: what the service does, once ARM has let
# a request through.
# SPDX-License-Identifier: MPL-2.0
from engine import switches
from engine.service import Route
from engine.state import State
from engine.text import is_guid, random_guid

from . import aliases, arm, billing, customer_switches, mappings, registrations
from .arm import answer_code, find_registration, read_body, refuse_content, registration_id

_operations = State(by_id=dict)

arm.CODES.update({
    "CustomerSubscriptionNotFound": (
        404, "The customer subscription '{customer}' was not found for registration "
        "'{name}'."),
    "CustomerSubscriptionsNotAllowed": (
        400, "Customer subscription operations are not allowed for registration '{name}': they "
        "need the pay-as-you-use billing model of a connected environment."),
    "UnauthorizedCspRegistration": (
        403, "The registration '{name}' has not been approved for multi-tenancy."),
    "InvalidCustomerSubscriptionId": (
        400, "'{customer}' is not a valid subscription identifier."),
    "MetadataResolverBadGatewayError": (
        502, "An upstream system did not answer. Try again later."),
    "BadCustomerSubscriptionId": (
        400, "The customer subscription '{customer}' is not under the same CSP as the "
        "registration."),
    "InvalidCSPSubscription": (
        400, "The customer subscription '{customer}' is not a CSP subscription."),
    "ScopeLocked": (
        409, "The scope '{path}' cannot perform {act} operation "
        "because following scope(s) are locked: '{scope}/providers/Microsoft.Authorization/locks/"
        "RegistrationResourceLock'. Please remove the lock and try again.")})


def show(registration, mapping):
    """The object, in the form that the switches say."""
    def spell(guid):
        case = switches.value("get_case")
        return guid if case == "as_stored" else guid.lower() if case == "lower" else guid.upper()
    customer, body = spell(mapping.customer), {}
    if not switches.is_("answer_fields", "sparse"):
        whole = f"{registration_id(registration)}/customerSubscriptions/{customer}"
        if not switches.is_("answer_fields", "no_id"):
            body["id"] = whole if switches.is_("id_form", "slash") else whole[1:]
        is_bare = switches.is_("name_form", "bare")
        body["name"] = customer if is_bare else f"{registration['name']}/{customer}"
        body["type"] = ("Microsoft.AzureStack/registrations/customerSubscriptions"
                        if switches.is_("type_form", "slash")
                        else "Microsoft.AzureStack\\customerSubscriptions")
    if switches.value("etag"):
        body["etag"] = f'"{mapping.etag}"'
    body["properties"] = {"tenantId": spell(mapping.tenant)} if (
        switches.value("get_returns_tenant")) else {}
    return body


# --- what every operation looks at --------------------------------------------------------


def is_payg(registration):
    return registration["billing_model"] == "PayAsYouUse"


def begin(x):
    """The registration."""
    registration, = find_registration(x)
    if switches.is_("not_allowed_on", "all") and not is_payg(registration):
        raise answer_code(x, "CustomerSubscriptionsNotAllowed", name=registration["name"])
    return registration


def check_lock(x, registration, locks, act):
    if switches.value("lock_inherited"):
        arm.check_lock(x, registration, locks, act)


def check_etag(x, mapping):
    if not switches.value("etag"):
        return
    good = ("*", f'"{mapping.etag}"') if mapping else ()
    match, none_match = x.header("if-match"), x.header("if-none-match")
    if (match is not None and match not in good) or none_match in good:
        raise x.error(412, "PreconditionFailed",
                      "The condition in If-Match or If-None-Match was not met.")


def not_found(x, registration, status=404):
    return answer_code(x, "CustomerSubscriptionNotFound", customer=x.names["customer"],
                       name=registration["name"], status=status)


# --- GET, LIST, DELETE --------------------------------------------------------------------


def get(x):
    registration, customer = begin(x), x.names["customer"]
    mapping = mappings.find(registration, customer)
    if mapping and mapping.is_shown(True):
        raise x.json(200, show(registration, mapping))
    if switches.is_("missing_get", "404_code"):
        raise not_found(x, registration)
    if switches.is_("missing_get", "400_code"):
        raise not_found(x, registration, 400)
    if switches.is_("missing_get", "404_empty"):
        raise x.json(404)
    raise x.error(404, "ResourceNotFound",
                  f"The Resource 'Microsoft.AzureStack/registrations/{registration['name']}/"
                  f"customerSubscriptions/{customer}' under resource group "
                  f"'{registration['resource_group']}' was not found.")


def read_skip_token(x, count):
    """A page begins where its token says: "p" and the number of items before it, in hex so that
    no reader takes it for a number."""
    token = x.q("$skiptoken")
    if token is None:
        return 0
    try:
        first = int(token[1:], 16)
    except ValueError:
        first = -1
    if token[:1] != "p" or not 0 <= first <= count:
        raise x.reject(400, "InvalidSkipToken", f"The skip token '{token}' is not valid.")
    return first


def list_all(x):
    registration = begin(x)
    items = [] if switches.is_("list_shows", "nothing") else [
        mapping for mapping in mappings.of(mappings.key_of(registration))
        if mapping.is_shown(False)]
    if switches.is_("list_shows", "half"):
        items = items[::2]
    first, page = read_skip_token(x, len(items)), switches.value("page_size")
    end = first + page if page and first + page < len(items) else len(items)
    body = {"value": [show(registration, mapping) for mapping in items[first:end]]}
    if end < len(items):
        body["nextLink"] = (f"{x.origin}{x.path}?api-version={x.q('api-version')}"
                            f"&%24skipToken=p{end:x}")
    is_empty = not items and switches.is_("list_shows", "empty_body_when_none")
    x.json(200, None if is_empty else body)


def delete(x):
    registration, customer = begin(x), x.names["customer"]
    check_lock(x, registration, ("CanNotDelete", "ReadOnly"), "delete")
    mapping = mappings.find(registration, customer)
    if not mapping or not mapping.is_alive:
        mapping = None
        was_overwritten, successor = mappings.overwritten_by(registration, customer)
        if was_overwritten and switches.is_("overwritten_delete", "404"):
            raise not_found(x, registration)
        if was_overwritten and switches.is_("overwritten_delete", "removes_mapping"):
            mapping = successor
    else:
        check_etag(x, mapping)
    if mapping:
        mappings.delete(mapping)
        raise x.json(int(switches.value("delete_existing")[:3]))
    missing = switches.value("delete_missing")
    if missing.endswith("_code"):
        raise not_found(x, registration, int(missing[:3]))
    x.json(int(missing))


# --- PUT: the body against the swagger, then the documented refusals in the order of who they
# --- concern: the registration, the id, the subscription, the tenant ------------------------


def read_tenant(x):
    """What the body names; None: no tenant. id, name and type are read-only."""
    body = read_body(x, {"etag": str, "properties": {"tenantId": str}})
    tenant = (body.get("properties") or {}).get("tenantId")
    if tenant is not None and not is_guid(tenant):
        raise refuse_content(x, "'properties.tenantId' is not a GUID in a string.")
    return tenant


def check_naming(x, tenant):
    if tenant and switches.is_("put_body", "no_tenant"):
        raise x.error(400, "InvalidRequestContent",
                      "'properties.tenantId' is read-only and cannot be set.")
    if not tenant and switches.is_("put_body", "tenant"):
        raise x.error(400, "InvalidRequestContent",
                      "The property 'properties.tenantId' is required.")


def check_registration(x, registration):
    check_lock(x, registration, ("ReadOnly",), "write")
    if not is_payg(registration):
        raise answer_code(x, "CustomerSubscriptionsNotAllowed", name=registration["name"])
    if not registration["multi_tenancy"]:
        raise answer_code(x, "UnauthorizedCspRegistration", name=registration["name"])


def check_customer(x, customer):
    known = mappings.SUBSCRIPTIONS.find(customer)
    listed = known or {"offer": "payg" if switches.is_("unlisted_subscriptions", "refused")
                       else "csp"}
    is_odd = switches.is_("case_rule", "lower_only") and customer != customer.lower()
    for is_so, code in (
            (not is_guid(customer), "InvalidCustomerSubscriptionId"),
            (listed.get("resolver") == "down", "MetadataResolverBadGatewayError"),
            (is_odd or listed.get("partner") == "other", "BadCustomerSubscriptionId"),
            (listed.get("offer") == "payg", "InvalidCSPSubscription")):
        if is_so:
            raise answer_code(x, code, customer=customer)


def put(x):
    registration, customer = begin(x), x.names["customer"]
    tenant = read_tenant(x)
    check_naming(x, tenant)
    check_registration(x, registration)
    check_customer(x, customer)
    mapping = mappings.find(registration, customer)
    is_there, derived = bool(mapping) and mapping.is_alive, mappings.tenant_of(customer)
    check_etag(x, mapping if is_there else None)
    if is_there and switches.is_("put_existing", "409"):
        raise x.error(409, "Conflict", f"The customer subscription '{customer}' exists already.")
    if tenant and switches.is_("tenant_id_supplied", "checked") and tenant.lower() != derived:
        raise x.error(400, "InvalidTenantId",
                      f"The tenant '{tenant}' is not the tenant of subscription '{customer}'.")
    is_stored = tenant and switches.is_("tenant_id_supplied", "stored")
    is_async = switches.is_("put_answer", "202_async")
    if not is_async or switches.is_("async_result", "Succeeded"):
        mapping = mappings.put(registration, customer, tenant if is_stored else derived)
    if is_async:
        answer_async(x, registration)
    else:
        answer_put(x, registration, mapping)


def answer_put(x, registration, mapping):
    form, body = switches.value("put_answer"), show(registration, mapping)
    body["properties"]["tenantId"] = mapping.tenant
    if form == "200_no_tenant":
        del body["properties"]["tenantId"]
    elif form == "200_empty_strings":
        body.update(id="", name="", type="")
    elif form == "200_empty_object":
        body = {}
    elif not form.endswith("_full"):
        body = None
    x.json(int(form[:3]), body)


def answer_async(x, registration):
    name, version = random_guid(), x.q("api-version")
    _operations.by_id[name] = {"polls": switches.value("async_polls"),
                               "status": switches.value("async_result")}
    place = (f"{x.origin}/subscriptions/{registration['subscription_id']}"
             "/providers/Microsoft.AzureStack/locations/global")
    x.answer_headers["Azure-AsyncOperation"] = (
        f"{place}/operationStatuses/{name}?api-version={version}")
    x.answer_headers["Location"] = f"{place}/operationResults/{name}?api-version={version}"
    x.answer_headers["Retry-After"] = str(switches.value("async_retry_after_s"))
    x.json(202)


def get_operation(x):
    name = x.names["operation"]
    operation = _operations.by_id.get(name)
    if operation is None:
        raise x.error(404, "ResourceNotFound", f"There is no operation '{name}'.")
    is_running = operation["polls"] > 0
    status = "Running" if is_running else operation["status"]
    if is_running:
        operation["polls"] -= 1
        x.answer_headers["Retry-After"] = str(switches.value("async_retry_after_s"))
    if status in ("Failed", "Canceled"):
        x.json(200, {"name": name, "status": status, "error": {
            "code": "OperationFailed", "message": "The operation did not succeed."}})
    elif "/operationResults/" in x.path:
        # Location's way of telling: 202 as long as it runs.
        x.json(202 if is_running else 200)
    else:
        x.json(200, {"name": name, "status": status})


ALL = arm.REGISTRATION + "/customerSubscriptions"
ONE = ALL + "/{customer}"
LOCATION = arm.SUBSCRIPTION + arm.PROVIDER + "/locations/global"
ROUTES = [
    Route("GET", ALL, "LIST", list_all, arm.VERSIONS),
    Route("GET", ONE, "GET", get, arm.VERSIONS),
    Route("PUT", ONE, "PUT", put, arm.VERSIONS),
    Route("DELETE", ONE, "DELETE", delete, arm.VERSIONS),
    Route("GET", LOCATION + "/operationStatuses/{operation}", "STATUS", get_operation,
          arm.VERSIONS),
    Route("GET", LOCATION + "/operationResults/{operation}", "STATUS", get_operation,
          arm.VERSIONS)]
# `mappings` is the last list: a registration has to be there before what is mapped on it.
SERVICE = arm.make_service(
    ROUTES + registrations.ROUTES + aliases.ROUTES + billing.ROUTES,
    customer_switches.SWITCHES + registrations.SWITCHES + aliases.SWITCHES + billing.SWITCHES,
    entries=[arm.REGISTRATIONS, mappings.SUBSCRIPTIONS, mappings.Mapped, billing.ACCOUNTS,
             billing.CUSTOMERS],
    operations=mappings.OPERATIONS + aliases.OPERATIONS)
