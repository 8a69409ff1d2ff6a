# Every switch, each of its values: what a client sees of it. No two values of a switch look the
# same, so that a switch which is not looked at fails.
# SPDX-License-Identifier: MPL-2.0
import re
import time

import client
import alias_views
import hub_views
import partner_views
from client import (HUB, ONE, OTHER_TENANT, TWO, VERSION, WAIT_S, Case, Refused, item, tenant_of)

UPPER = ONE.upper()
FULL = {"id", "name", "type", "properties"}
TYPE = "Microsoft.AzureStack/registrations/customerSubscriptions"


def seen(answer):
    """Status and code, or the body's members; None: no body."""
    return answer.status, (set(answer.json()) if answer.status < 300 and answer.body
                           else answer.code())


def put_form(e):
    answer = e.put()
    body = answer.json() if answer.body else None
    return answer.status, body if body is None else (
        body.get("id"), "tenantId" in body.get("properties", {}))


def async_run(e, **switches):
    e.switch(put_answer="202_async", **{"async_retry_after_s": 0, **switches})
    answer = e.put()
    url = answer.headers["azure-asyncoperation"].removeprefix(e.url)
    states = [e.arm("GET", url, query="").json()["status"] for _ in range(3)]
    location = e.arm("GET", answer.headers["location"].removeprefix(e.url), query="").status
    return answer.headers["retry-after"], states, location, len(e.mappings())


def shown(member):
    """Of a mapping in capitals, as GET and LIST have it."""
    def look(e):
        e.map(item(UPPER))
        found = e.get().json()
        assert e.list().json()["value"] == [found], "LIST shows something else"
        return found[member] if member else set(found)
    return look


def times(e):
    """What LIST shows, and what three GETs say."""
    return e.listed(), [e.get().status for _ in range(3)]


def until(e, status):
    """True: not at once, but soon."""
    was, end = e.get().status, time.monotonic() + WAIT_S
    while e.get().status != status and time.monotonic() < end:
        time.sleep(0.01)
    return was != status and e.get().status == status


def appears(e):
    e.put()
    return times(e)


def vanishes(e):
    e.put()
    assert e.delete().status == 200 and e.mappings() == {} and e.delete().status == 204
    return times(e)


def two_of_a_tenant(e):
    e.put(ONE, OTHER_TENANT)
    e.put(TWO, OTHER_TENANT)
    return e.listed()


def delete_overwritten(e):
    two_of_a_tenant(e)
    return e.delete(ONE).status, e.listed()


def conflict(e):
    e.switch(latency_ms=500)
    first, target = e.connect(), f"{item(TWO)}?{VERSION}"
    first.request("PUT", target, "{}", {"Authorization": f"Bearer {e.token}",
                                        "Content-Type": "application/json"})
    client.harness.wait_for("the first one", lambda: e.mappings())
    second = e.put()
    status = first.getresponse().status
    first.close()
    return status, second.code()


def challenge(e):
    """The end of the address to sign in at."""
    answer = e.send("GET", f"/subscriptions/{ONE}?api-version=2016-06-01")
    found = re.match('Bearer authorization_uri="https://login.windows.net/([^"]+)"',
                     answer.headers.get("www-authenticate", ""))
    return answer.status, found and found[1]


def conditions(e):
    made = e.put(headers={"If-None-Match": "*"}).json()
    found = ["etag" in made, "etag" in e.get().json()]
    for send, name, value in ((e.put, "If-None-Match", "*"), (e.put, "If-Match", '"x"'),
                              (e.delete, "If-Match", '"x"'), (e.put, "If-Match", "*"),
                              (e.delete, "If-Match", None)):
        value = value or e.get().json().get("etag", "none")
        found.append(send(headers={name: value}).status)
    return found


def locked(e):
    e.put()
    e.registration("berlin", lock="CanNotDelete")
    found = [e.delete().status, e.put(TWO).status]
    e.registration("berlin", lock="ReadOnly")
    return [*found, e.put(TWO).status, e.delete().status]


def writes(e, wait_s=0):
    """What the bucket lets pass of three at once, or of one and one later."""
    if not wait_s:
        return [e.put().status for _ in range(3)]
    first = e.put().status
    time.sleep(wait_s)
    return first, e.put().status


def token_life(e):
    e.sign_in()
    return e.ask_token().json()["expires_in"], e.get().code()


def oidc_life(e):
    issued = e.back("oidc-token", {"issuer": "i", "subject": "s"})["oidc_token"]
    return e.back("oidc-tokens")[0]["text"] == issued and round(
        e.back("oidc-tokens")[0]["expires_s"] - time.time(), -2)


def entra_clock(e):
    said = time.strptime(e.ask_token().headers["date"], "%a, %d %b %Y %H:%M:%S GMT")
    return round(time.mktime(said) - time.mktime(time.gmtime()), -2)


def is_delayed(e, send):
    """By the log's own times: how busy the machine is does not matter."""
    send()
    request, answer = e.events("REQUEST")[-1], e.events("ANSWER")[-1]
    return answer["t"] - request["t"] >= 200


def delayed_kinds(e):
    e.switch(latency_ms=200)
    return [kind for kind, send in (("TOKEN", e.ask_token), ("GET", e.get), ("PUT", e.put))
            if is_delayed(e, send)]


def cases_found(e):
    e.put()
    return e.get().status, e.get(UPPER).status, e.put(UPPER).status


# name -> (what is looked at, {value: what is seen}). Numbers and objects: the default and another.
NOT_FOUND = "CustomerSubscriptionNotFound"
TABLE = {
    "put_answer": (put_form, {
        "200_full": (200, (item(), True)), "201_full": (201, (item(), True)),
        "200_no_tenant": (200, (item(), False)), "200_empty_strings": (200, ("", True)),
        "200_empty_object": (200, (None, False)), "200_no_body": (200, None),
        "201_empty": (201, None), "202_empty": (202, None), "204": (204, None)}),
    "async_polls": (lambda e: async_run(e)[1], {
        1: ["Running", "Succeeded", "Succeeded"], 2: ["Running", "Running", "Succeeded"]}),
    "async_result": (lambda e: async_run(e, async_polls=0)[1:], {
        "Succeeded": (["Succeeded"] * 3, 200, 1), "Failed": (["Failed"] * 3, 200, 0),
        "Canceled": (["Canceled"] * 3, 200, 0)}),
    "async_retry_after_s": (lambda e: e.switch(put_answer="202_async")
                            or e.put().headers["retry-after"], {1: "1", 7: "7"}),
    "tenant_id_supplied": (lambda e: (e.put(tenant=OTHER_TENANT).code(), e.mappings()), {
        "stored": (None, {item(): OTHER_TENANT}), "ignored": (None, {item(): tenant_of(ONE)}),
        "checked": ("InvalidTenantId", {})}),
    "put_body": (lambda e: [e.put(tenant=tenant_of(ONE)).status, e.put().status], {
        "any": [200, 200], "no_tenant": [400, 200], "tenant": [200, 400]}),
    "put_existing": (lambda e: [e.put().status, e.put().code()], {
        "updates": [200, None], "409": [200, "Conflict"]}),
    "overwritten_stays": (two_of_a_tenant, {False: [TWO], True: [ONE, TWO]}),
    "visible_after_ms": (lambda e: e.put() and until(e, 200), {0: False, 500: True}),
    "visible_after_gets": (appears, {0: ([ONE], [200] * 3),
                                     2: ([], [404, 404, 200])}),
    "conflict_on_parallel_put": (conflict, {
        "no": (200, None), "Conflict": (200, "Conflict"),
        "AnotherOperationInProgress": (200, "AnotherOperationInProgress")}),
    "tenant_challenge": (challenge, {"tenant": (401, tenant_of(ONE)), "common": (401, "common"),
                                     "none": (401, None)}),
    "get_returns_tenant": (shown("properties"), {True: {"tenantId": tenant_of(ONE)}, False: {}}),
    "get_case": (lambda e: e.map(item("Bb" + TWO[2:]), OTHER_TENANT.title())
                 or [e.get(TWO).json()["id"][-36:-30], e.get(TWO).json()["properties"]], {
        "as_stored": ["Bbbbbb", {"tenantId": OTHER_TENANT.title()}],
        "lower": ["bbbbbb", {"tenantId": OTHER_TENANT}],
        "upper": ["BBBBBB", {"tenantId": OTHER_TENANT.upper()}]}),
    "answer_fields": (shown(None), {"full": FULL, "no_id": FULL - {"id"},
                                    "sparse": {"properties"}}),
    "id_form": (shown("id"), {"slash": item(UPPER), "no_slash": item(UPPER)[1:]}),
    "name_form": (shown("name"), {"parent_child": f"berlin/{UPPER}", "bare": UPPER}),
    "type_form": (shown("type"), {"slash": TYPE,
                                  "backslash": "Microsoft.AzureStack\\customerSubscriptions"}),
    "missing_get": (lambda e: seen(e.get()), {
        "404_code": (404, NOT_FOUND), "400_code": (400, NOT_FOUND),
        "404_resource_not_found": (404, "ResourceNotFound"), "404_empty": (404, None)}),
    "list_shows": (lambda e: [bool(e.list().body), e.put() and e.put(TWO) and e.listed()], {
        "all": [True, [ONE, TWO]], "half": [True, [ONE]], "nothing": [True, []],
        "empty_body_when_none": [False, [ONE, TWO]]}),
    "page_size": (lambda e: e.put() and e.put(TWO) and (e.listed(), set(e.list().json())), {
        0: ([ONE, TWO], {"value"}), 1: ([ONE], {"value", "nextLink"})}),
    "delete_missing": (lambda e: seen(e.delete()), {
        "204": (204, None), "200": (200, None), "404_code": (404, NOT_FOUND),
        "400_code": (400, NOT_FOUND)}),
    "delete_existing": (lambda e: e.put() and (seen(e.delete()), e.mappings()), {
        "200": ((200, None), {}), "204": ((204, None), {}), "202_empty": ((202, None), {})}),
    "gone_after_ms": (lambda e: e.put() and e.delete() and until(e, 404), {0: False, 500: True}),
    "gone_after_gets": (vanishes, {0: ([], [404] * 3), 2: ([ONE], [200, 200, 404])}),
    "overwritten_delete": (delete_overwritten, {
        "204": (204, [TWO]), "404": (404, [TWO]), "removes_mapping": (200, [])}),
    "case_rule": (cases_found, {"insensitive": (200, 200, 200), "exact": (200, 404, 200),
                                "lower_only": (200, 404, 400)}),
    "id_case": (lambda e: e.arm("GET", HUB.upper().replace("BERLIN", "berlin")).code(), {
        "exact": "InvalidRequestUri", "insensitive": None}),
    "lock_inherited": (locked, {True: [409, 200, 409, 409], False: [200, 200, 200, 204]}),
    "registration_patch": (lambda e: [e.arm("PATCH", HUB, body={"location": "global", **more}).code()
                                      for more in ({}, {"tags": {"a": "b"}})], {
        "tags_alone": [None, None], "needs_token": ["InvalidRegistrationToken"] * 2}),
    "etag": (conditions, {False: [False, False, 200, 200, 200, 200, 200],
                          True: [True, True, 412, 412, 412, 200, 200]}),
    "bom": (lambda e: (e.put().body[:3], e.ask_token().body[:1]), {
        False: (b'{"i', b"{"), True: (b"\xef\xbb\xbf", b"{")}),
    "metadata": (lambda e: [e.send("GET", f"/metadata/endpoints?api-version={version}").status
                            for version in ("2022-09-01", "2015-01-01")], {
        "cloud": [200, 400], "hub": [400, 200]}),
    "error_status": (lambda e: seen(e.get()), {
        (): (404, NOT_FOUND), ((NOT_FOUND, 418),): (418, NOT_FOUND)}),
    "not_allowed_on": (lambda e: e.registration("berlin", billing_model="Capacity") or [
        send().code() for send in (e.put, e.get, e.list, e.delete)], {
        "put": ["CustomerSubscriptionsNotAllowed", NOT_FOUND, None, None],
        "all": ["CustomerSubscriptionsNotAllowed"] * 4}),
    "unlisted_subscriptions": (lambda e: e.put().code(), {
        "accepted": None, "refused": "InvalidCSPSubscription"}),
    "write_bucket": (lambda e: e.switch(write_bucket_size=1, write_bucket_per_s=0) or writes(e), {
        False: [200] * 3, True: [200, 429, 429]}),
    "write_bucket_size": (lambda e: e.switch(write_bucket=True, write_bucket_per_s=0)
                          or writes(e), {200: [200] * 3, 2: [200, 200, 429]}),
    "write_bucket_per_s": (lambda e: e.switch(write_bucket=True, write_bucket_size=1)
                           or writes(e, 0.3), {10: (200, 200), 0: (200, 429)}),
    "token_lifetime_s": (token_life, {3599: (3599, NOT_FOUND),
                                      0: (0, "ExpiredAuthenticationToken")}),
    "expires_in_form": (lambda e: e.ask_token().json()["expires_in"], {"number": 3599,
                                                                       "string": "3599"}),
    "oidc_lifetime_s": (oidc_life, {300: 300, 900: 900}),
    "clock_ahead_s": (entra_clock, {0: 0, 1800: 1800}),
    "latency_ms": (lambda e: is_delayed(e, e.get), {0: False, 200: True}),
    "latency_on": (delayed_kinds, {"ANY": ["TOKEN", "GET", "PUT"], "PUT": ["PUT"],
                                   "TOKEN": ["TOKEN"], "GET": ["GET"]}),
    "tls": None,    # faults_test.py: each value is another end of the handshake
    "hub_ca": None,    # hub_test.py
    **hub_views.TABLE, **alias_views.TABLE, **partner_views.TABLE,
}
# Values that are looked at elsewhere: 202_async by async_…, kinds by the rule of a fault.
ELSEWHERE = {"put_answer": {"202_async"}, "latency_on": {
    "OIDC", "IDENTITY", "METADATA", "SUBSCRIPTION", "REGISTRATIONS", "REGISTRATION",
    *(f"{method}_REGISTRATION" for method in ("PUT", "PATCH", "DELETE")), "GROUP", "LOCKS",
    "PERMISSIONS", "ACTIVATION_KEY", "LIST", "DELETE", "STATUS", "OTHER", *alias_views.KINDS,
    *partner_views.KINDS,
    *(f"HUB_{kind}" for kind in ("METADATA", "LIST", "GET", "PUT", "DELETE", "POST", "STATUS",
                                 "USAGE", "OTHER"))}}


class Switches(Case):
    def test_what_is_seen_of_each_value(self):
        for name, row in TABLE.items():
            for value, want in row[1].items() if row else ():
                with self.subTest(**{name: value}):
                    self.emulator.reset()
                    self.emulator.sign_in()
                    self.emulator.switch(**{name: dict(value) if isinstance(value, tuple)
                                            else value})
                    self.assertEqual(row[0](self.emulator), want)

    def test_the_table_has_every_switch_and_distinguishes_its_values(self):
        declared = {row["name"]: row for row in self.emulator.back("switches")}
        self.assertEqual(set(declared), set(TABLE))
        for name, row in TABLE.items():
            if row is None:
                continue
            views = list(row[1].values())
            self.assertTrue(all(view not in views[:n] for n, view in enumerate(views)), name)
            words, reported = declared[name]["values"], {str(value) for value in row[1]}
            if "|" in words and words != "true|false":
                self.assertEqual(set(words.split("|")) - reported, ELSEWHERE.get(name, set()), name)
            else:
                self.assertEqual(len(views), 2, name)
            value = declared[name]["default"]
            self.assertIn(str(() if value == {} else value), reported, name)

    def test_wrong_values_are_refused(self):
        for name, value in (("put_answer", "203"), ("page_size", -1), ("page_size", "x"),
                            ("page_size", True), ("bom", 1), ("nonsense", 1), ("error_status", 1),
                            ("error_status", {"x": "y"}), ("tls", "perfect")):
            with self.assertRaises(Refused, msg=name):
                self.emulator.switch(**{name: value})
        self.emulator.switch(put_answer=204, bom="on", conflict_on_parallel_put=True)

    def test_the_effect_does_not_wait_and_a_client_that_goes_does_not_undo_it(self):
        self.emulator.switch(latency_ms=600)
        connection = self.emulator.connect()
        connection.request("PUT", f"{item()}?{VERSION}", "{}", {
            "Content-Type": "application/json", "Authorization": f"Bearer {self.emulator.token}"})
        client.harness.wait_for("the effect", self.emulator.mappings)
        connection.close()
        client.harness.wait_for("its end", lambda: self.emulator.events("GONE"))
        self.assertEqual(self.emulator.mappings(), {item(): tenant_of(ONE)})
