# Many writes while something happens: tokens end, writes are throttled.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import HUB

CUSTOMER = "22222222-2222-4333-8444-{:012d}"


class Many(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.tokens_each = 100

    def write(self, count):
        self.workspace.write(
            f'resource "azurestack_customer_subscription" "many" {{\n  count = {count}\n'
            f'  registration_id = "{HUB.format("berlin")}"\n'
            f'  customer_subscription_id = format("{CUSTOMER.replace("{:012d}", "%012d")}", '
            'count.index)\n  timeouts {\n    create = "120s"\n  }\n}\n')

    def expect_all(self, count):
        """One PUT was enough for each, unless it was refused."""
        wanted = {f"{HUB.format('berlin')}/customerSubscriptions/{CUSTOMER.format(number)}"
                  for number in range(count)}
        self.assertEqual(set(self.emulator.mappings()), wanted)
        found = self.workspace.resources().values()
        self.assertEqual({(one["id"], one["mark"]) for one in found},
                         {(one, None) for one in wanted})
        puts = [event for event in self.emulator.events("EFFECT")
                if event["what"].startswith("PUT mapping")]
        self.assertEqual(len(puts), count)

    def answers(self, status):
        return [event for event in self.emulator.events("ANSWER") if event["status"] == status]

    def tokens(self, after=0):
        return sum(event.get("what") == "token issued" and event["n"] > after
                   for event in self.emulator.events("EFFECT"))

    def test_tokens_that_live_three_seconds_are_renewed_in_time(self):
        self.emulator.switch(token_lifetime_s=3, latency_ms=50)
        self.write(50)
        self.workspace.apply("-parallelism=2")
        self.expect_all(50)
        self.assertGreaterEqual(self.tokens(), 3, "one for the plan, and none ended in mid-run")

    def test_a_revoked_token_is_replaced_by_one_for_all_requests_under_way(self):
        self.emulator.switch(latency_ms=100)
        self.write(30)
        process = self.workspace.start("apply", "-no-color", "-auto-approve")
        harness.wait_for("five PUTs", lambda: self.emulator.kinds().count("PUT") >= 5)
        self.emulator.control.ask("revoke-tokens", {})
        revoked = self.emulator.events("CONTROL")[-1]["n"]
        result = self.workspace.finish(process)
        self.assertEqual(result.status, 0, result.output)
        self.expect_all(30)
        self.assertTrue(self.answers(401))
        self.assertEqual(self.tokens(after=revoked), 1)

    def test_a_bucket_that_is_soon_empty_costs_time_and_no_write(self):
        self.emulator.switch(write_bucket=True, write_bucket_size=20, write_bucket_per_s=10)
        self.write(100)
        self.workspace.apply()
        self.expect_all(100)
        self.assertTrue(self.answers(429))

    def test_two_of_one_tenant_are_never_called_settled(self):
        """Where Azure does not say whose they are, the second one overwrites the first."""
        for number in range(2):
            self.emulator.subscription(CUSTOMER.format(number), tenant_id=harness.TENANT)
        self.emulator.switch(tenant_challenge="none")
        self.write(2)
        applied = self.workspace.apply("-parallelism=1", expect=None)
        self.assertEqual(len(self.emulator.mappings()), 1)
        applied.says("was overwritten")
        planned = self.workspace.plan(expect=None)
        self.assertNotEqual((applied.status, planned.status), (0, 0))
