# What is seen of each value of a hub's switches, for switches_test.py.
# SPDX-License-Identifier: MPL-2.0
import time

from client import CLIENT, NOBODY, ONE, OTHER_TENANT, TENANT, TWO
from hub_client import DOMAIN, V, Hub

HEALTH = "/providers/Microsoft.Subscriptions.Admin/checkIdentityHealth"
NEW_HEALTH = "api-version=2018-05-01"
OPERATION = "azure-asyncoperation"


def seen(answer):
    return answer.status, answer.code() if answer.status >= 300 else None


def health(e):
    return seen(Hub(e).admin("POST", Hub(e).base + HEALTH, query=NEW_HEALTH))


def versions(e):
    e.switch(hub_build="old")
    return health(e)[0]


def login(e):
    return Hub(e).metadata("management")["authentication"]["loginEndpoint"].split("/")[3:]


def clock(e):
    said = time.strptime(Hub(e).send("management", "GET", "/").headers["date"],
                         "%a, %d %b %Y %H:%M:%S GMT")
    return round(time.mktime(said) - time.mktime(time.gmtime()), -2)


def returned_case(e):
    h = Hub(e)
    made, shown = h.register().json()["id"], h.admin("GET", h.offer()).json()["id"]
    return made == f"{h.group}/directoryTenants/{DOMAIN}", shown == h.offer()


def own_id(e):
    h = Hub(e)
    return h.own in h.admin("GET", h.offer()).json()["id"]


def defaults(e):
    names = [row["displayName"] for row in Hub(e).admin("GET", "/subscriptions").json()["value"]]
    return names.count("Default Provider Subscription")


def pages(e):
    h, sizes, target = Hub(e), [], None
    target = f"{h.admin_base}/offers?{V}"
    while target:
        shown = h.admin("GET", target, query="").json()
        sizes.append(len(shown["value"]))
        target = shown.get("nextLink", "").partition(str(e.port))[2]
    return sizes


def operation(e, name=OPERATION):
    """What the polls of a PUT say, each time."""
    h = Hub(e)
    answer = h.register()
    found = [answer.status, h.admin("GET", f"{h.group}/directoryTenants/{DOMAIN}").status]
    if answer.status == 202:
        target = answer.headers[name].partition(str(e.port))[2]
        for _ in range(3):
            shown = h.admin("GET", target, query="")
            found.append(shown.json()["status"] if name == OPERATION else shown.status)
    return found


def polls(e):
    e.switch(hub_async="all")
    return operation(e), operation(e, "location")[2:]


def headers(e):
    """Which of the two a 202 has, and whether they are of the host that was asked."""
    e.switch(hub_async="all")
    answer = Hub(e).register()
    return [(name, "https://adminmanagement." in answer.headers[name])
            for name in (OPERATION, "location") if name in answer.headers]


def result(e):
    e.switch(hub_async="all", hub_async_polls=0)
    return operation(e), operation(e, "location")[2:]


def retry_after(e):
    e.switch(hub_async="all")
    return Hub(e).register().headers["retry-after"]


def other_tenant(e):
    h = Hub(e)
    h.register()
    return seen(h.put_directory(ONE))


def delete_registered(e):
    h = Hub(e)
    h.register()
    return seen(h.admin("DELETE", f"{h.group}/directoryTenants/{DOMAIN}"))


def change(**members):
    def look(e):
        h = Hub(e)
        if "offerId" in members:
            members["offerId"] = h.offer("trial")
        h.subscribe(ONE)
        status = h.subscribe(ONE, **members).status
        shown = h.admin("GET", h.subscription(ONE)).json()
        return status, all(shown[name] == value for name, value in members.items())
    return look


def deleting(e):
    """The states that reads show of a subscription that was deleted."""
    h, states = Hub(e), []
    h.subscribe(ONE)
    h.admin("DELETE", h.subscription(ONE))
    for _ in range(3):
        states.append(h.admin("GET", h.subscription(ONE)).json().get("state"))
    return states


def ends(e):
    e.switch(hub_deleting_reads=1)
    return deleting(e), seen(Hub(e).subscribe(ONE))[0]


def applications(e):
    h, found = Hub(e), []
    h.register()
    for label, tenant in (("adminmanagement", TENANT), ("management", OTHER_TENANT)):
        found.append(len(h.ask(label, "GET", "/applicationRegistrations", None,
                               "api-version=2014-04-01-preview", tenant).json()["value"]))
    return found[0] - found[1]


def assign(e, times=1, tenant=OTHER_TENANT):
    h, found = Hub(e), []
    h.let_in(ONE)
    scope = f"/subscriptions/{ONE}/providers/Microsoft.Authorization"
    e.back("application", {"tenant_id": TENANT, "client_id": CLIENT, "role": "owner"})
    for _ in range(times):
        found.append(h.user("PUT", f"{scope}/roleAssignments/{TWO}", {"properties": {
            "roleDefinitionId": f"{scope}/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            "principalId": NOBODY}}, "api-version=2015-07-01", tenant).code())
    return found


def usage(e):
    h, sizes = Hub(e), []
    h.use(*({"subscription_id": ONE, "meter_id": "x", "quantity": "1",
             "reported": "2026-01-01T00:00:00Z"} for _ in range(3)))
    shown = h.usage().json()
    while shown.get("nextLink"):
        sizes.append(len(shown["value"]))
        shown = h.admin("GET", shown["nextLink"].partition(str(e.port))[2], query="").json()
    return [*sizes, len(shown["value"])], "nextLink" in shown


TABLE = {
    "hub_build": (health, {"new": (200, None), "old": (400, "NoRegisteredProviderFound")}),
    "hub_unknown_version": (versions, {"400": 400, "404": 404}),
    "hub_login": (login, {"tenant": [TENANT, ""], "bare": [""]}),
    "hub_clock_ahead_s": (clock, {0: 0, 1800: 1800}),
    "hub_case": (returned_case, {"as_asked": (True, True), "other": (False, False)}),
    "hub_id_subscription": (own_id, {"own": True, "other": False}),
    "hub_default_subscription": (defaults, {"one": 1, "none": 0, "several": 2}),
    "hub_page_size": (pages, {0: [3], 2: [2, 1]}),
    "hub_async": (operation, {"none": [201, 200],
                              "all": [202, 200, "Running", "Succeeded", "Succeeded"]}),
    "hub_async_polls": (polls, {
        1: ([202, 200, "Running", "Succeeded", "Succeeded"], [202, 200, 200]),
        2: ([202, 200, "Running", "Running", "Succeeded"], [202, 202, 200])}),
    "hub_async_headers": (headers, {
        "both": [(OPERATION, True), ("location", True)], "status": [(OPERATION, True)],
        "location": [("location", True)], "none": []}),
    "hub_async_host": (headers, {"own": [(OPERATION, True), ("location", True)],
                                 "other": [(OPERATION, False), ("location", False)]}),
    "hub_async_result": (result, {
        "Succeeded": ([202, 200] + ["Succeeded"] * 3, [200] * 3),
        "Failed": ([202, 404] + ["Failed"] * 3, [409] * 3),
        "Canceled": ([202, 404] + ["Canceled"] * 3, [409] * 3)}),
    "hub_retry_after_s": (retry_after, {1: "1", 60: "60"}),
    "hub_put_tenant": (other_tenant, {"replaces": (200, None), "refused": (409, "Conflict")}),
    "hub_delete_registered": (delete_registered, {"accepted": (200, None),
                                                  "refused": (409, "Conflict")}),
    "hub_put_offer": (change(offerId="trial"), {"accepted": (200, True), "ignored": (200, False),
                                                "refused": (409, False)}),
    "hub_put_state": (change(state="Disabled"), {"accepted": (200, True), "ignored": (200, False),
                                                 "refused": (409, False)}),
    "hub_owner": (lambda e: seen(Hub(e).subscribe(ONE, owner=CLIENT)), {
        "any": (201, None), "upn": (400, "BadRequest")}),
    "hub_deleting_reads": (deleting, {0: [None] * 3, 2: ["Deleting", "Deleting", None]}),
    "hub_delete_ends": (ends, {
        "gone": (["Deleting", None, None], 201),
        "PartiallyDeleted": (["PartiallyDeleted"] * 3, 409), "Deleted": (["Deleted"] * 3, 409)}),
    "hub_user_applications": (applications, {"same": 0, "fewer": 1}),
    "hub_operator_assigns": (lambda e: assign(e, tenant=TENANT), {
        False: ["InvalidAuthenticationTokenTenant"], True: [None]}),
    "hub_principal_lag": (lambda e: assign(e, 3), {
        0: [None] * 3, 2: ["PrincipalNotFound", "PrincipalNotFound", None]}),
    "hub_usage_page": (lambda e: usage(e)[0], {1000: [3], 2: [2, 1]}),
    "hub_usage_next": (lambda e: usage(e)[1], {"absent": False, "null": True}),
    "hub_usage_longest_h": (lambda e: seen(Hub(e).usage()), {0: (200, None),
                                                             23: (504, "GatewayTimeout")})}
