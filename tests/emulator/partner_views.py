# What is seen of each value of Partner Center's switches, for switches_test.py.
# SPDX-License-Identifier: MPL-2.0
import json

from client import CLIENT, TENANT
from partner_client import CONTOSO, CUSTOMER, KIND, Partner, code_of, new_customer

KINDS = ["TOKEN_V1", *(f"PARTNER_{kind}" for kind in (
    "DOMAIN", "CUSTOMERS", "POST_CUSTOMER", "CUSTOMER", "PATCH_CUSTOMER", "DELETE_CUSTOMER",
    "BILLING", "PUT_BILLING", "TEMPLATES", "AGREEMENTS", "POST_AGREEMENT", "SKU",
    "AVAILABILITIES", "POST_CART", "CHECKOUT", "ORDERS", "PLANS", "PLAN", "PATCH_PLAN", "ENTITLEMENTS",
    "RELATIONSHIPS", "CUSTOMER_RELATIONSHIPS", "OTHER"))]


def seen(answer):
    return answer.status, code_of(answer)


def without_mfa(e):
    e.back("refresh-token", {"refresh_token": "1.bare", "tenant_id": TENANT, "client_id": CLIENT,
                             "mfa": False})
    partner = Partner(e)
    partner.tokens[True] = partner.ask_person(refresh_token="1.bare").json()["access_token"]
    return seen(partner.ask("GET", CUSTOMER, as_person=True))


def pages(e):
    partner = Partner(e)
    for number in range(3):
        partner.put("customer", domain=f"more{number}.example")
    answer = partner.ask("GET", "/v1/customers?size=2")
    body = json.loads(answer.body.decode("utf-8-sig"))
    return len(body["items"]), "ms-continuationtoken" in answer.headers, (
        body["links"].get("next", {}).get("uri", "").split("?")[0].replace(str(e.port), ""))


def paged(e):
    e.switch(partner_page_size=2)
    return pages(e)


def twice(e):
    partner, found = Partner(e), []
    headers = {"MS-RequestId": "11112222-3333-4444-8555-666677778888"}
    for _ in range(2):
        found.append(partner.ask("POST", "/v1/customers", new_customer(), headers=headers).status)
    return found


def ended(e):
    partner = Partner(e)
    partner.ask("PATCH", CUSTOMER, {"relationshipToPartner": "none",
                                    "attributes": {"objectType": "Customer"}}, as_person=True)
    return seen(partner.ask("GET", CUSTOMER))


def bought(e):
    partner = Partner(e)
    partner.put("agreement", tenant_id=CONTOSO)
    answer = partner.buy()
    body = json.loads(answer.body.decode("utf-8-sig"))
    return answer.status, len(body.get("orders", [])), len(body.get("orderErrors", []))


def bought_twice(e):
    partner = Partner(e)
    partner.put("agreement", tenant_id=CONTOSO)
    return partner.buy().status, partner.buy().status


def ordered(e):
    """The orders that are shown, three times: their states, and whether they name a plan."""
    bought(e)
    return [[(one["status"], "subscriptionId" in one["lineItems"][0])
             for one in Partner(e).read(CUSTOMER + "/orders")["items"]] for _ in range(3)]


def ordered_early(e):
    e.switch(partner_order_shows_after=9)
    return ordered(e)[0]


def checked_out_again(e):
    partner = Partner(e)
    partner.put("agreement", tenant_id=CONTOSO)
    cart = json.loads(partner.make_cart().body.decode("utf-8-sig"))["id"]
    partner.check_out(cart)
    return seen(partner.check_out(cart)), len(partner.plans())


def cart_life(e):
    partner = Partner(e)
    partner.put("agreement", tenant_id=CONTOSO)
    cart = json.loads(partner.make_cart().body.decode("utf-8-sig"))
    return cart["expirationTimestamp"] > cart["creationTimestamp"]


def refused_twice(e):
    partner, found = Partner(e), []
    headers = {"MS-RequestId": "11112222-3333-4444-8555-666677778888"}
    for domain in ("", "new.onmicrosoft.com"):
        found.append(partner.ask("POST", "/v1/customers", new_customer(domain), headers=headers).status)
    return found


def listed_after(e):
    bought(e)
    partner = Partner(e)
    return [len(partner.plans()) for _ in range(3)]


def suspended(e, *after):
    """Of a plan with an active Azure subscription, or with `after`, what comes then."""
    partner = Partner(e)
    partner.put("plan", tenant_id=CONTOSO, id=CONTOSO, entitlements=[
        {"id": CONTOSO, "status": "deleted" if after else "active"}])
    path, found = f"{CUSTOMER}/subscriptions/{CONTOSO}", []
    for status in ("suspended", *after):
        shown = json.loads(partner.ask("GET", path).body.decode("utf-8-sig"))
        if "attributes" not in shown:
            return [*found, shown["code"]]
        answer = partner.ask("PATCH", path, {**shown, "status": status},
                             headers={"If-Match": shown["attributes"]["etag"]})
        found.append(answer.status)
    return found


def not_agreed(e):
    partner = Partner(e)
    cart = partner.make_cart()
    return cart.status, cart.status < 300 and partner.check_out(
        json.loads(cart.body.decode("utf-8-sig"))["id"]).status


def agreements(e):
    partner = Partner(e)
    partner.agree()
    path = f"{CUSTOMER}/agreements?agreementType={KIND}"
    return [[(one["type"], one["dateAgreed"]) for one in partner.read(path, as_person=True)["items"]]
            for _ in range(2)]


DATE = "2026-01-02T03:04:05"
TABLE = {
    "partner_agreement_date": (agreements, {
        "as_sent": [[(KIND, DATE + "Z")]] * 2, "no_zone": [[(KIND, DATE)]] * 2,
        "fraction": [[(KIND, DATE + ".0000000Z")]] * 2}),
    "partner_agreement_shows_after": (agreements, {
        0: [[(KIND, DATE)]] * 2, 1: [[], [(KIND, DATE)]]}),
    "partner_agreement_other_types": (lambda e: [len(found) for found in agreements(e)], {
        False: [1, 1], True: [2, 2]}),
    "partner_templates": (
        lambda e: len(Partner(e).read(f"/v1/agreements?agreementType={KIND}",
                                      as_person=True)["items"]), {1: 1, 2: 2}),
    "refresh_token_refusal": (lambda e: Partner(e).ask_person().status, {0: 200, 700082: 400}),
    "partner_application_enabled": (lambda e: seen(Partner(e).ask("GET", CUSTOMER)), {
        True: (200, None), False: (401, "400")}),
    "partner_mfa": (without_mfa, {True: (401, "900421"), False: (200, None)}),
    "partner_error_form": (lambda e: code_of(Partner(e, False).ask("GET", CUSTOMER)), {
        "text": "1000", "number": 1000}),
    "partner_bom": (lambda e: Partner(e).ask("GET", CUSTOMER).body[:3] == b"\xef\xbb\xbf", {
        True: True, False: False}),
    "partner_case": (lambda e: Partner(e).read(CUSTOMER)["id"], {
        "lower": CONTOSO, "upper": CONTOSO.upper()}),
    "partner_page_size": (pages, {0: (4, False, ""), 2: (2, False, "/v1/customers")}),
    "partner_paging": (paged, {"link": (2, False, "/v1/customers"), "header": (2, True, "")}),
    "partner_link_form": (paged, {
        "version": (2, False, "/v1/customers"), "no_version": (2, False, "/customers"),
        "whole": (2, False, "https://partner.localhost:/v1/customers")}),
    "partner_idempotent": (twice, {True: [201, 201], False: [201, 409]}),
    "partner_remembers_refusals": (refused_twice, {False: [400, 201], True: [400, 400]}),
    "partner_missing_customer": (lambda e: seen(Partner(e, False).ask("GET", CUSTOMER)), {
        "404": (404, "1000"), "403": (403, "20002")}),
    "partner_ended_shows": (ended, {"403": (403, "20002"), "404": (404, "1000"),
                                    "none": (200, None)}),
    "partner_sandbox": (lambda e: Partner(e).ask("DELETE", CUSTOMER).status, {
        False: 403, True: 204}),
    "partner_sandbox_limit": (
        lambda e: Partner(e).ask("POST", "/v1/customers", new_customer()).status,
        {False: 201, True: 403}),
    "partner_create_status": (
        lambda e: Partner(e).ask("POST", "/v1/customers", new_customer()).status,
        {"201": 201, "200": 200}),
    "partner_agreement_checked_at": (not_agreed, {"cart": (403, False), "checkout": (201, 403)}),
    "partner_order_fails": (bought, {False: (201, 1, 0), True: (201, 0, 1)}),
    "partner_order_has_error_beside": (bought, {False: (201, 1, 0), True: (207, 1, 1)}),
    "partner_suspends_active_plan": (suspended, {False: [400], True: [200]}),
    "partner_suspended_plan_stays": (lambda e: suspended(e, "suspended"), {
        True: [200, 200], False: [200, "20003"]}),
    "partner_activates_plan": (lambda e: suspended(e, "active"), {
        False: [200, 400], True: [200, 200]}),
    "partner_takes_second_plan": (bought_twice, {True: (201, 201), False: (201, 400)}),
    "partner_orders_show_after": (ordered, {
        0: [[("completed", True)]] * 3, 2: [[], [], [("completed", True)]]}),
    "partner_order_status": (ordered_early, {
        "completed": [("completed", True)], "pending": [("pending", False)]}),
    "partner_checkout_again": (checked_out_again, {
        "same": ((201, None), 1), "refused": ((400, "800065"), 1), "not_found": ((404, "800008"), 1)}),
    "partner_cart_minutes": (cart_life, {15: True, 0: False}),
    "partner_order_shows_after": (listed_after, {0: [1, 1, 1], 2: [0, 0, 1]}),
    "partner_sells_plan": (
        lambda e: len(Partner(e).read("/v1/products/DZH318Z0BPS6/skus/0001/availabilities"
                                      "?country=DE")["items"]), {True: 1, False: 0}),
    "partner_has_no_resellers": (
        lambda e: Partner(e).read("/v1/relationships?relationship_type=IsIndirectResellerOf",
                                  as_person=True)["items"] is None, {False: False, True: True}),
}
