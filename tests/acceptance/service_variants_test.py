# Every open question about the service, answered each way: the same configuration gives the
# same result. The list of switches is the emulator's own: one that is not dealt with here fails.
# SPDX-License-Identifier: MPL-2.0
import os

import harness
from harness import CUSTOMER

FREE = "azurestack_customer_subscription.free"
NAMED = "azurestack_customer_subscription.named"

# Values of switches that are numbers, lists or maps: some, since all would be too many.
SOME = {
    "visible_after_gets": [1, 3], "visible_after_ms": [300], "gone_after_gets": [2],
    "gone_after_ms": [300], "page_size": [1], "async_polls": [0, 2], "async_retry_after_s": [0],
    "write_bucket_size": [1], "write_bucket_per_s": [3], "latency_ms": [20], "latency_on": ["PUT"],
    "token_lifetime_s": [120],
    "error_status": [{"CustomerSubscriptionNotFound": 400}, {"CustomerSubscriptionNotFound": 403},
                     {"CustomerSubscriptionNotFound": 409}, {"RegistrationNotFound": 400}],
}
# What has to be set beside a switch for it to matter.
BESIDE = {
    "async_polls": {"put_answer": "202_async"}, "async_retry_after_s": {"put_answer": "202_async"},
    "async_result": {"put_answer": "202_async", "async_retry_after_s": 0},
    "write_bucket_size": {"write_bucket": True}, "write_bucket_per_s": {
        "write_bucket": True, "write_bucket_size": 1},
    "get_returns_tenant": {"put_answer": "201_empty"},
    "conflict_on_parallel_put": {"latency_ms": 30}, "latency_on": {"latency_ms": 30},
}
# Answers that cannot give the same result, with the exchange or the test that shows what they give.
ELSEWHERE = [
    ("async_result", "Failed", "directory_tenant/create_202_failed"),
    ("async_result", "Canceled", "directory_tenant/create_202_canceled_but_there"),
    ("put_body", "tenant", "test_a_body_that_the_service_does_not_take"),
    ("put_body", "no_tenant", "test_a_body_that_the_service_does_not_take"),
    ("unlisted_subscriptions", "refused",
     "customer_subscription/create_refused_invalidcsp_subscription"),
    ("get_returns_tenant", False, "customer_subscription/create_200_get_without_tenant"),
]
# What TLS shows is a fault and not an answer: sign_in_test.py, as clocks and OIDC are of its
# neighbours. Whose metadata: clouds_test.py.
NOT_HERE = {"tls", "metadata", "oidc_lifetime_s", "clock_ahead_s"}
# Of other objects than mappings; the emulator's own tests show each of them.
OF_OTHERS = ("hub_", "alias_", "billing_", "partner_", "refresh_token_", "registration_")
SHARES = 3    # that are played beside each other
LIST_EXTRAS = {"conflict_on_parallel_put", "page_size", "list_shows", "write_bucket"}


def values_of(switch):
    if switch["name"] in SOME:
        return SOME[switch["name"]]
    if switch["values"] == "true|false":
        return [True, False]
    if "|" not in switch["values"]:
        raise AssertionError(f"switch {switch['name']} has no values in SOME, or is of another "
                             "object: OF_OTHERS")
    return switch["values"].split("|")


class Switches(harness.Case):
    def configuration(self, extra=0):
        """A customer without a tenant named, and one with; some more where many matter."""
        tenant = self.emulator.tenant_of(CUSTOMER.format(2))
        return (self.tenant("free", customer=1)
                + self.tenant("named", customer=2, more=f'  tenant_id = "{tenant}"\n')
                + "".join(self.tenant(f"extra{n}", customer=n) for n in range(3, 3 + extra)))

    def run_through(self, extra=0):
        self.workspace.apply()
        self.workspace.expect_settled()
        found = self.workspace.resources()
        for address, customer in ((FREE, 1), (NAMED, 2)):
            self.assertEqual(found[address]["id"], self.id_of(customer=customer))
            self.assertEqual(found[address]["tenant_id"],
                             self.emulator.tenant_of(CUSTOMER.format(customer)))
            self.assertIsNone(found[address]["mark"])
        self.assertEqual({r["id"]: r["tenant_id"] for r in found.values()},
                         self.emulator.mappings())
        self.assertEqual(len(found), 2 + extra)
        self.assertEqual(self.emulator.kinds().count("PUT") >= 2 + extra, True)
        self.workspace.destroy()
        self.assertEqual(self.emulator.mappings(), {})

    def play(self, share):
        """The result is the same with each switch each way."""
        switches = [s for s in self.emulator.control.ask("switches")
                    if s["name"] not in NOT_HERE and not s["name"].startswith(OF_OTHERS)]
        ran = 0
        for switch in switches[share::SHARES]:
            extra = 2 if switch["name"] in LIST_EXTRAS else 0
            for value in values_of(switch):
                name = switch["name"]
                # What is so by itself is what every other run shows.
                if (name, value) in [row[:2] for row in ELSEWHERE]:
                    continue
                if ran and value == switch["default"] and name not in BESIDE:
                    continue
                with self.subTest(**{name: value}):
                    self.emulator.reset()
                    self.emulator.mark()
                    self.emulator.switch(**BESIDE.get(name, {}), **{name: value})
                    self.workspace.write(self.configuration(extra))
                    self.run_through(extra)
                ran += 1
        self.assertGreaterEqual(ran, 60 // SHARES)

    def test_every_exception_has_its_proof(self):
        for *_, proof in ELSEWHERE:
            exchange = os.path.join(harness.TOP, "tests", "exchanges", proof + ".exchange")
            self.assertTrue(hasattr(self, proof) or os.path.exists(exchange), proof)

    def test_a_body_that_the_service_does_not_take(self):
        self.workspace.write(self.configuration())
        for value, address in (("tenant", NAMED), ("no_tenant", FREE)):
            with self.subTest(put_body=value):
                self.emulator.reset()
                self.emulator.switch(put_body=value)
                self.workspace.apply(expect=1).says("properties.tenantId")
                self.assertEqual(list(self.workspace.resources()), [address])
                self.assertEqual(len(self.emulator.mappings()), 1)
                self.workspace.destroy()


for number in range(SHARES):
    setattr(Switches, f"test_each_switch_each_way_{number + 1}",
            lambda case, share=number: case.play(share))
