# Partner Center: carts, their checkout, and the orders that it places.
# SPDX-License-Identifier: MPL-2.0
import datetime

from engine import log, switches
from engine.service import Route
from engine.switches import NUMBER, ON_OFF, Switch
from engine.text import random_guid

from . import billing, partner, partner_objects
from .partner import CUSTOMER_PLACE, customer_of, read_body, refuse, reject, show_list, spell
from .partner_objects import SKUS, Plan, item_id


class Order:
    def __init__(self, plan):
        self.id, self.plan, self.status = plan.order, plan, "completed"
        self.created, self.hidden = moment(), switches.value("partner_orders_show_after")

    def shown(self):
        """An order that is under way names no plan yet."""
        is_open = self.plan.hidden > 0 and switches.is_("partner_order_status", "pending")
        item = {"lineItemNumber": 0, "offerId": self.plan.offer, "quantity": 1,
                "friendlyName": self.plan.name}
        return {"id": self.id, "creationDate": self.created, "referenceCustomerId": "",
                "status": "pending" if is_open else self.status, "billingCycle": "one_time",
                "lineItems": [item if is_open else {**item, "subscriptionId": spell(self.plan.id)}]}


def moment(minutes=0):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def expect_agreement(x, customer, place):
    if not customer.agreements and switches.is_("partner_agreement_checked_at", place):
        raise refuse(x, 403, 13605, "The customer has not accepted the Microsoft Customer "
                     "Agreement.")


def check_line(x, line):
    allowed = {"id", "catalogItemId", "quantity", "billingCycle", "friendlyName"}
    if not isinstance(line, dict) or set(line) - allowed or line.get("quantity") != 1:
        raise reject(x, 400, 3000, "The line item is not valid.")
    if line.get("billingCycle") != "one_time":
        raise refuse(x, 400, 800009, "The billing cycle is not one of the SKU.")


def make_cart(x):
    customer = customer_of(x)
    body = read_body(x)
    if set(body) != {"lineItems"} or not isinstance(body["lineItems"], list) or (
            len(body["lineItems"]) != 1):
        raise reject(x, 400, 3000, "A cart has one line item.")
    line, = body["lineItems"]
    check_line(x, line)
    expect_agreement(x, customer, "cart")
    country = customer.profile["defaultAddress"]["country"]
    shown = dict(line)
    if line["catalogItemId"] not in [item_id(sku, country) for sku in SKUS]:
        shown["error"] = {"code": "10001", "description": "The item is not available in the "
                          "customer's country."}
    else:
        shown["error"] = None
    cart = random_guid()
    customer.carts[cart] = shown
    log.requests.event("EFFECT", what="cart made", tenant_id=customer.tenant, cart=cart)
    ends = moment(switches.value("partner_cart_minutes"))
    x.json(201, {"id": cart, "creationTimestamp": moment(), "expirationTimestamp": ends,
                 "status": "active", "lineItems": [shown]})


def check_out(x):
    customer = customer_of(x)
    if x.body:
        raise reject(x, 400, 3000, "A checkout has no body.")
    expect_agreement(x, customer, "checkout")
    line = customer.carts.get(x.names["cart"])
    again = switches.value("partner_checkout_again") if line and "answer" in line else ""
    if line is None or again == "not_found":
        raise refuse(x, 404, 800008, "The cart is not found; it may have expired.")
    if again == "refused":
        raise refuse(x, 400, 800065, "A cart that was ordered cannot be checked out.")
    if again:
        raise x.json(*line["answer"])
    if line["error"] or switches.value("partner_order_fails"):
        raise x.json(201, {"orders": [], "orderErrors": [{
            "orderGroupId": "0", "code": 10001, "description": "The order cannot be placed."}]})
    line["answer"] = place_order(x, customer, line)
    x.json(*line["answer"])


def place_order(x, customer, line):
    sku = line["catalogItemId"].split(":")[1]
    if any(plan.sku == sku and plan.status == "active" for plan in customer.plans) and (
            not switches.value("partner_takes_second_plan")):
        raise refuse(x, 400, 800005, "The customer has the plan already.")
    plan = Plan(customer, sku, line.get("friendlyName") or SKUS[sku])
    plan.offer, plan.hidden = line["catalogItemId"], switches.value("partner_order_shows_after")
    plan.add_entitlement(plan.name)
    customer.plans.append(plan)
    order = Order(plan)
    customer.orders.append(order)
    billing.CUSTOMERS.set({"account": billing.ACCOUNT, "tenant_id": customer.tenant,
                           "display_name": customer.profile["companyName"]})
    log.requests.event("EFFECT", what="order placed", tenant_id=customer.tenant, plan=plan.id)
    errors = [{"orderGroupId": "1", "code": 10001, "description": "Another order failed."}]
    beside = switches.value("partner_order_has_error_beside")
    return (207 if beside else 201,
            {"orders": [order.shown()], "orderErrors": errors if beside else []})


def list_orders(x):
    customer, items = customer_of(x), []
    for order in customer.orders:
        if order.hidden:
            order.hidden -= 1
        else:
            items.append(order.shown())
    show_list(x, items, paged=True)


ROUTES = [
    Route("POST", CUSTOMER_PLACE + "/carts", "PARTNER_POST_CART", make_cart),
    Route("POST", CUSTOMER_PLACE + "/carts/{cart}/checkout", "PARTNER_CHECKOUT", check_out),
    Route("GET", CUSTOMER_PLACE + "/orders", "PARTNER_ORDERS", list_orders)]
SWITCHES = [
    Switch("partner_agreement_checked_at", "cart|checkout", "cart",
           "when an order without a confirmed agreement is refused"),
    Switch("partner_order_fails", ON_OFF, False, "a checkout says in its answer that it failed"),
    Switch("partner_takes_second_plan", ON_OFF, True, "a customer can have two Azure plans",
           "what a second order of the plan does"),
    Switch("partner_orders_show_after", NUMBER, 0,
           "how many lists of orders do not show a new one", "up to 15 minutes"),
    Switch("partner_order_status", "completed|pending", "completed",
           "the state of an order whose plan is not shown yet; a pending one does not name its plan"),
    Switch("partner_checkout_again", "same|refused|not_found", "same",
           "a second checkout of one cart", "the same answer, by checkout-a-cart"),
    Switch("partner_cart_minutes", NUMBER, 15, "how long a cart can be used, by its answer"),
    Switch("partner_order_has_error_beside", ON_OFF, False,
           "a checkout reports an error beside the order that it placed",
           "whether both occur together")]
SERVICE = partner.make_service(partner_objects.ROUTES + ROUTES, partner_objects.SWITCHES + SWITCHES,
                               partner_objects.OPERATIONS)
