# Who is mapped where, and what of it can be seen. A mapping outlives its deletion while
# gone_after_… still shows it, and is there before visible_after_… does.
# SPDX-License-Identifier: MPL-2.0
import itertools

from engine import log, switches
from engine.control import need
from engine.service import Operation
from engine.state import State
from engine.text import Invalid, derive_guid, random_guid
from engine.entries import Entries

from . import billing
from .arm import REGISTRATIONS, registration_id

BETWEEN = "/customersubscriptions/"


class Mapping:
    def __init__(self, registration, customer, order):
        self.registration, self.customer, self.order = registration, customer, order
        self.tenant, self.etag, self.is_alive = None, None, False
        self.changes_ms = self.changes_gets = 0    # until then reads show what was before

    def is_settled(self, is_get):
        """Have reads caught up with the last change? A GET uses up one of those that do not."""
        gets = self.changes_gets
        if gets and is_get:
            self.changes_gets -= 1
        return gets == 0 and log.clock_ms() >= self.changes_ms

    def is_shown(self, is_get):
        return self.is_settled(is_get) == self.is_alive

    def fill(self, tenant):
        self.tenant, self.etag, self.is_alive = tenant, random_guid(), True

    def change_later(self, ms, gets):
        self.changes_ms = log.clock_ms() + switches.value(ms)
        self.changes_gets = switches.value(gets)

    def effect(self, what):
        log.requests.event(
            "EFFECT", what=f"{what} {self.registration}{BETWEEN}{self.customer}",
            registration=self.registration, customer_subscription_id=self.customer,
            tenant_id=self.tenant)


# Both: key of a registration (its id in lower case) -> {customer in lower case: [those spelled
# so or so]}. The second one's mappings have lost their place, to `by`.
_known = State(mappings=dict, overwritten=dict, count=int)


def key_of(registration):
    return registration_id(registration).lower()


def is_same(one, other):
    is_any = switches.is_("case_rule", "insensitive")
    return one.lower() == other.lower() if is_any else one == other


def find_in(book, key, customer):
    spelled = book.get(key, {}).get(customer.lower(), [])
    return next((mapping for mapping in spelled if is_same(mapping.customer, customer)), None)


def find(registration, customer):
    """As case_rule matches names; None. One that was deleted but may still be seen is found too."""
    return find_in(_known.mappings, key_of(registration), customer)


def of(key):
    """Of one registration in the order of creation, shown or not."""
    spelled = itertools.chain.from_iterable(_known.mappings.get(key, {}).values())
    return sorted(spelled, key=lambda mapping: mapping.order)


def make(key, customer):
    _known.count += 1
    return add(_known.mappings, Mapping(key, customer, _known.count))


def add(book, mapping):
    spelled = book.setdefault(mapping.registration, {})
    spelled.setdefault(mapping.customer.lower(), []).append(mapping)
    return mapping


def remove(book, mapping):
    spelled = book[mapping.registration]
    spelled[mapping.customer.lower()].remove(mapping)
    if not spelled[mapping.customer.lower()]:
        del spelled[mapping.customer.lower()]


def overwrite(key, customer, tenant):
    """One subscription per tenant: the one that had it before is removed silently."""
    if switches.value("overwritten_stays"):
        return
    lower = tenant.lower()
    for spelled in list(_known.mappings.get(key, {}).values()):
        for other in list(spelled):
            if other.is_alive and other.tenant.lower() == lower and not is_same(other.customer,
                                                                                customer):
                other.effect("overwritten")
                other.by = customer
                remove(_known.mappings, other)
                add(_known.overwritten, other)


def put(registration, customer, tenant):
    key = key_of(registration)
    mapping = find_in(_known.mappings, key, customer)
    overwrite(key, customer, tenant)
    was_overwritten = find_in(_known.overwritten, key, customer)
    if was_overwritten:
        remove(_known.overwritten, was_overwritten)
    if mapping is None:
        mapping = make(key, customer)
    if not mapping.is_alive:
        # Created again, in the new case; a changed tenant shows at once.
        mapping.customer = customer
        mapping.change_later("visible_after_ms", "visible_after_gets")
    mapping.fill(tenant)
    mapping.effect("PUT mapping")
    return mapping


def delete(mapping):
    mapping.effect("DELETE mapping")
    mapping.is_alive = False
    mapping.change_later("gone_after_ms", "gone_after_gets")
    if not switches.value("gone_after_ms") and not switches.value("gone_after_gets"):
        remove(_known.mappings, mapping)


def overwritten_by(registration, customer):
    """(was it overwritten?, the mapping that took its place or None)"""
    old = find_in(_known.overwritten, key_of(registration), customer)
    new = find(registration, old.by) if old else None
    return old is not None, new if new and new.is_alive else None


def tenant_of(customer):
    """As listed, or the customer that it was bought for, else derived from the id."""
    listed = SUBSCRIPTIONS.find(customer)
    if listed and "tenant_id" in listed:
        return listed["tenant_id"].lower()
    bought = billing.find_subscription(customer)
    if bought:
        return bought.customer
    return derive_guid(f"tenant of {customer.lower()}")


# --- behind everybody's back --------------------------------------------------------------


def split(body):
    """(key of the registration, customer) of the mapping that {id} names; Invalid."""
    whole, = need(body, "id")
    at = whole.lower().find(BETWEEN)
    customer = whole[at + len(BETWEEN):]
    if at < 0 or not customer or "/" in customer:
        raise Invalid(f"{whole} is not the id of a mapping; there is no mapping {whole}")
    return whole[:at].lower(), customer


def force(body):
    """Exactly so, at once, no overwrite."""
    key, customer = split(body)
    spelled = _known.mappings.get(key, {}).get(customer.lower(), [])
    mapping = next((known for known in spelled if known.customer == customer), None)
    if mapping is None:
        mapping = make(key, customer)
    mapping.changes_ms = mapping.changes_gets = 0
    mapping.fill(body.get("tenant_id") or tenant_of(customer))


def drop(body):
    """The exact case if it is there, else any."""
    key, customer = split(body)
    spelled = _known.mappings.get(key, {}).get(customer.lower(), [])
    meant = [known for known in spelled if known.customer == customer] or list(spelled)
    if not meant:
        raise Invalid(f"there is no mapping {body['id']}")
    for mapping in meant:
        remove(_known.mappings, mapping)


def drop_registration(body):
    found = REGISTRATIONS.meant(body)
    if found is None:
        raise Invalid("there is no such registration")
    forget_registration(found)


def forget_registration(found):
    """It goes, and all that is mapped on it."""
    for book in (_known.mappings, _known.overwritten):
        book.pop(key_of(found), None)
    REGISTRATIONS.remove(found)


def dump(_):
    # As the registration spells itself; the key when there is no such registration any more.
    spelled = {key_of(known): registration_id(known) for known in REGISTRATIONS}
    alive = [one for key in _known.mappings for one in of(key) if one.is_alive]
    alive.sort(key=lambda mapping: mapping.order)
    return [{"id": f"{spelled.get(one.registration, one.registration)}/customerSubscriptions/"
                   f"{one.customer}",
             "customer_subscription_id": one.customer, "tenant_id": one.tenant,
             "visible": one.is_shown(False)} for one in alive]


def show_tenant(body):
    return {"tenant_id": tenant_of(*need(body, "subscription_id"))}


SUBSCRIPTIONS = Entries(
    "subscriptions", "a subscription", "a customer subscription: what CSP knows of it",
    ("subscription_id",),
    {"tenant_id": str, "offer": "csp|payg", "partner": "ours|other", "resolver": "up|down"})


class Mapped:
    """The list `mappings` of the configuration: {id, tenant_id} each."""
    name, operation = "mappings", None

    @staticmethod
    def reset(entries):
        if not isinstance(entries or [], list):
            raise Invalid("mappings is an array")
        for entry in entries or []:
            force(entry)


OPERATIONS = [
    Operation("GET", "mappings", dump, "who is mapped where"),
    Operation("GET", "registrations", lambda body: list(REGISTRATIONS), "the registrations"),
    Operation("POST", "tenant", show_tenant, "{subscription_id}: the tenant that it belongs to"),
    Operation("POST", "map", force, "{id, tenant_id}: maps at once, overwriting nothing"),
    Operation("POST", "unmap", drop, "{id}: takes a mapping away"),
    Operation("POST", "forget-registration", drop_registration,
              "a registration: it goes, and all that is mapped on it")]
