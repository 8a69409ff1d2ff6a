# Partner Center: who may ask it, what it refuses, and what it holds. As requests_test.py: what is a
# mistake of the client leaves a REJECTED line.
# SPDX-License-Identifier: MPL-2.0
from client import NOBODY, TENANT, Case
from partner_client import (AUDIENCE, CONTOSO, CUSTOMER, DOMAIN, KIND, PROFILE, Partner, code_of,
                            new_customer)

NEW, PLANS = "/v1/customers", CUSTOMER + "/subscriptions"
SKU = "/v1/products/DZH318Z0BPS6/skus/0001"


class PartnerCenter(Case):
    def setUp(self):
        super().setUp()
        self.partner = Partner(self.emulator)

    def look(self, answer, status, code=None, is_mistake=None):
        self.assertEqual((answer.status, code_of(answer)), (status, code), answer.body)
        if is_mistake is not None:
            self.assertEqual(len(self.emulator.rejected()), is_mistake)
        return answer

    def test_a_refresh_token_is_a_persons_and_a_new_one_comes_each_time(self):
        first = self.partner.ask_person().json()
        self.assertEqual(first["resource"], AUDIENCE)
        again = self.partner.ask_person(refresh_token=first["refresh_token"]).json()
        self.assertNotEqual(first["refresh_token"], again["refresh_token"])
        self.assertEqual(self.partner.ask_person().status, 200, "the old one stays good")
        for changes, status in (({"refresh_token": "x"}, 400), ({"refresh_token": None}, 400),
                                ({"client_secret": "x"}, 401), ({"client_secret": None}, 401),
                                ({"resource": "https://x"}, 400), ({"resource": None}, 400),
                                ({"grant_type": "client_credentials"}, 400)):
            with self.subTest(changes=changes):
                self.emulator.mark()
                self.assertEqual(self.partner.ask_person(**changes).status, status)
                self.assertEqual(len(self.emulator.rejected()), 1)

    def test_who_may_ask(self):
        p = self.partner
        arm = self.emulator.token
        foreign = self.emulator.ask_token(NOBODY, scope=f"{AUDIENCE}/.default").json()
        for token, is_mistake in ((arm, 1), ("x", 1), (foreign["access_token"], 0)):
            self.emulator.mark()
            self.look(p.ask("GET", CUSTOMER, headers={"Authorization": f"Bearer {token}"}), 401,
                      "400", is_mistake)
        for path in (CUSTOMER + "/agreements", "/v1/agreements", "/v1/relationships"
                     "?relationship_type=IsIndirectResellerOf"):
            self.look(p.ask("GET", path), 401, "400")
            self.look(p.ask("GET", path, as_person=True), 200)
        self.look(p.ask("PATCH", CUSTOMER, {}), 400, "3000")

    def test_what_a_careful_client_does_not_send(self):
        p = self.partner
        broken = {**new_customer(), "x": 1}
        for words, headers in (
                (("GET", CUSTOMER), {"MS-RequestId": None}),
                (("GET", CUSTOMER), {"MS-RequestId": "x"}),
                (("GET", CUSTOMER), {"MS-CorrelationId": None}),
                (("GET", CUSTOMER), {"MS-Contract-Version": None}),
                (("GET", CUSTOMER + "?api-version=1"), {}), (("GET", NEW), {}),
                (("GET", NEW + "?filter=x"), {}), (("POST", NEW, broken), {}),
                (("POST", NEW, "{"), {}), (("POST", NEW, {}), {}),
                (("POST", NEW, new_customer(address={"city": ""})), {}),
                (("POST", NEW, new_customer(address={"country": "US"})), {}),
                (("PUT", CUSTOMER + "/profiles/billing", PROFILE), {}),
                (("GET", SKU + "/availabilities"), {}),
                (("GET", "/v1/customers/x"), {})):
            with self.subTest(words=words, headers=headers):
                self.emulator.mark()
                self.look(p.ask(*words, headers=headers), 400, "3000", 1)
        for words, status, code in ((("GET", "/v1/nothing"), 404, "1000"),
                                    (("PUT", CUSTOMER), 405, "3000")):
            self.emulator.mark()
            self.look(p.ask(*words), status, code, 1)

    def test_a_customer_is_made_once_and_its_password_shown_once(self):
        p = self.partner
        self.assertEqual(p.ask("HEAD", "/v1/domains/new.onmicrosoft.com").status, 404)
        self.assertIn(b"password", self.look(p.ask("POST", NEW, new_customer()), 201).body)
        self.assertEqual(p.ask("HEAD", "/v1/domains/NEW.onmicrosoft.com").status, 200)
        self.look(p.ask("POST", NEW, new_customer()), 409, "600009")
        tenant = next(one["tenant_id"] for one in self.emulator.back("partner-customers")
                      if one["domain"] != DOMAIN)
        self.assertNotIn(b"password", self.look(p.ask("GET", f"{NEW}/{tenant}"), 200).body)
        p.put("domain", domain="taken.example")
        self.look(p.ask("POST", NEW, new_customer("taken.example")), 409, "600009")
        self.look(p.ask("POST", NEW, new_customer("hu.example", {"country": "HU"})), 400, "600002")
        self.look(p.ask("POST", NEW, new_customer("de.example",
                                                  organizationRegistrationNumber="1")), 201)
        self.assertNotIn("canary", self.emulator.read_log())

    def test_an_update_needs_the_newest_etag(self):
        p = self.partner
        billing = p.read(CUSTOMER + "/profiles/billing")
        etag = billing["attributes"]["etag"]
        changed = {**billing, "companyName": "Contoso Ltd"}
        put = ("PUT", CUSTOMER + "/profiles/billing", changed)
        self.look(p.ask(*put, headers={"If-Match": "x"}), 412, "2055")
        self.look(p.ask(*put, headers={"If-Match": etag}), 200)
        self.look(p.ask(*put, headers={"If-Match": etag}), 412, "2055")
        self.assertEqual(p.read(CUSTOMER)["billingProfile"]["companyName"], "Contoso Ltd")

    def test_an_agreement_is_confirmed_once(self):
        p = self.partner
        self.look(p.agree(templateId="x"), 400, "3000")
        self.look(p.agree(), 201)
        self.look(p.agree(), 409, "600061")
        contact = {"firstName": "A", "lastName": "B", "email": "a@b.example", "phoneNumber": "1"}
        self.look(p.agree(primaryContact=contact), 201)
        found = p.read(f"{CUSTOMER}/agreements?agreementType={KIND}", as_person=True)["items"]
        self.assertEqual(len(found), 2)

    def test_a_plan_is_ordered_by_a_cart_that_is_used_once(self):
        p = self.partner
        self.look(p.make_cart(), 403, "13605")
        p.put("agreement", tenant_id=CONTOSO)
        for changes, code in (({"quantity": 2}, "3000"), ({"x": 1}, "3000"),
                              ({"billingCycle": "monthly"}, "800009")):
            self.look(p.make_cart(**changes), 400, code)
        self.assertIn(b"10001", self.look(p.make_cart(catalogItemId="DZH318Z0BPS6:0001:X"),
                                          201).body)
        self.look(p.buy(), 201)
        self.look(p.check_out("x"), 404, "800008")
        plan, = p.plans()
        self.look(p.ask("GET", f"{PLANS}/{CONTOSO}"), 404, "20003")
        entitlements = p.read(f"{PLANS}/{plan}/azureEntitlements")["items"]
        self.assertEqual([one["subscriptionId"] for one in entitlements], [plan])
        shown = p.read(f"{PLANS}/{plan}")
        suspended = {**shown, "status": "suspended"}
        etag = {"If-Match": shown["attributes"]["etag"]}
        self.look(p.ask("PATCH", f"{PLANS}/{plan}", suspended), 412, "2055")
        self.look(p.ask("PATCH", f"{PLANS}/{plan}", suspended, headers=etag), 400, "900115")
        p.put("plan", tenant_id=CONTOSO, id=plan, entitlement_status="deleted")
        self.look(p.ask("PATCH", f"{PLANS}/{plan}", suspended, headers=etag), 200)
        self.assertEqual(p.read(f"{PLANS}/{plan}")["status"], "suspended")
        self.look(p.ask("GET", SKU + "?country=DE"), 200)
        self.look(p.ask("GET", SKU.replace("BPS6", "XXXX") + "?country=DE"), 404, "400013")

    def test_what_is_known_is_shown_from_behind(self):
        p = self.partner
        p.put("plan", tenant_id=CONTOSO)
        p.put("agreement", tenant_id=CONTOSO)
        shown, = self.emulator.back("partner-customers")
        self.assertEqual((len(shown["plans"]), len(shown["agreements"]), TENANT == CONTOSO),
                         (1, 1, False))
        p.put("forget-plan", tenant_id=CONTOSO, id=shown["plans"][0]["id"])
        p.put("forget-agreements", tenant_id=CONTOSO)
        shown, = self.emulator.back("partner-customers")
        self.assertEqual((shown["plans"], shown["agreements"]), ([], []))
        p.put("forget", tenant_id=CONTOSO)
        self.assertEqual(self.emulator.back("partner-customers"), [])
