# A mapping from its creation to its end, as a user sees it and as the service sees it.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import sys

import harness
from harness import CUSTOMER, HUB

ADDRESS = "azurestack_customer_subscription.tenant"


class Basic(harness.Case):
    def test_apply_plans_and_destroy_make_exactly_the_designed_calls(self):
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.workspace.run("validate", "-no-color")
        self.assertEqual(self.emulator.calls(tokens=True), [], "validate called the service")

        self.workspace.apply()
        item = self.id_of()
        self.assertEqual(self.emulator.calls(tokens=True),
                         ["TOKEN", f"GET {item}", f"PUT {item}", f"GET {item}"])
        state = self.workspace.resources()[ADDRESS]
        self.assertEqual(state["id"], item)
        self.assertEqual(state["registration_id"], HUB.format("berlin"))
        self.assertEqual(state["customer_subscription_id"], CUSTOMER.format(1))
        self.assertEqual(state["tenant_id"], self.emulator.mappings()[item.lower()])
        self.assertIsNone(state["status"])

        self.emulator.mark()
        self.workspace.plan("-refresh=false")
        self.assertEqual(self.emulator.calls(tokens=True), [])
        self.workspace.plan()
        self.workspace.plan("-refresh-only")
        self.assertEqual(self.emulator.calls(), [f"GET {item}"] * 2)

        self.emulator.mark()
        self.workspace.destroy()
        self.assertEqual(self.emulator.kinds().count("DELETE"), 1)
        self.assertNotIn("PUT", self.emulator.kinds())
        self.assertEqual(self.emulator.mappings(), {})
        self.assertEqual(self.workspace.resources(), {})

    def test_id_is_known_at_plan_and_the_tenant_is_not(self):
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.workspace.plan("-out=saved", expect=2)
        shown = json.loads(self.workspace.run("show", "-json", "saved").output)
        change = shown["resource_changes"][0]["change"]
        self.assertEqual(change["after"]["id"], self.id_of())
        self.assertEqual(change["after_unknown"], {"tenant_id": True})
        self.workspace.run("apply", "-no-color", "saved")
        self.workspace.expect_settled()


class Complete(harness.Case):
    def test_tenant_and_timeouts(self):
        tenant = self.emulator.tenant_of(CUSTOMER.format(1))
        self.workspace.write(self.tenant(
            more=f'  tenant_id = "{tenant}"\n  timeouts {{\n    create = "5m"\n'
                 '    read   = "90s"\n    delete = "1h30m"\n  }\n'))
        self.workspace.init()
        self.workspace.apply()
        put = [e for e in self.emulator.events()
               if e["event"] == "REQUEST" and e["method"] == "PUT"][0]
        self.assertEqual(json.loads(put["body"]), {"properties": {"tenantId": tenant}})
        self.assertIn("api-version=2017-06-01", put["path"])
        self.workspace.expect_settled()

        # Only this provider knows the timeouts: changing them asks nobody.
        self.workspace.write(self.tenant(more=f'  tenant_id = "{tenant}"\n'))
        self.emulator.mark()
        self.assertIn("1 changed", self.workspace.apply().text)
        self.assertNotIn("PUT", self.emulator.kinds())
        self.workspace.expect_settled()

    def test_headers_that_support_asks_for(self):
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.workspace.apply(TF_APPEND_USER_AGENT="pipeline/7")
        requests = [e for e in self.emulator.events()
                    if e["event"] == "REQUEST" and "/oauth2/" not in e["path"]]
        ids, correlations = set(), set()
        for request in requests:
            headers = {name.lower(): value for name, value in request["headers"].items()}
            self.assertIn(f"terraform-provider-azurestack/{harness.VERSION}",
                          headers["user-agent"])
            self.assertIn("Terraform/", headers["user-agent"])
            self.assertTrue(headers["user-agent"].endswith("pipeline/7"))
            ids.add(headers["x-ms-client-request-id"])
            correlations.add(headers["x-ms-correlation-request-id"])
        self.assertEqual(len(ids), len(requests), "one id per request")
        self.assertEqual(len(correlations), 1, "one correlation id per run")


class Replace(harness.Case):
    def test_another_customer_subscription_replaces(self):
        self.workspace.write(self.tenant(customer=1))
        self.workspace.init()
        self.workspace.apply()
        self.workspace.write(self.tenant(customer=2))
        result = self.workspace.apply()
        self.assertIn("1 added, 0 changed, 1 destroyed", result.text)
        self.assertEqual(list(self.emulator.mappings()), [self.id_of(customer=2).lower()])
        self.workspace.expect_settled()

    def test_another_tenant_replaces_the_same_id_although_the_service_is_slow(self):
        self.emulator.switch(gone_after_gets=2, visible_after_gets=1)
        first = self.emulator.tenant_of(CUSTOMER.format(1))
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.workspace.apply()
        other = "99999999-9999-4999-8999-999999999999"
        self.assertNotEqual(first, other)
        self.workspace.write(self.tenant(more=f'  tenant_id = "{other}"\n'))
        self.workspace.apply()
        self.assertEqual(self.emulator.mappings(), {self.id_of().lower(): other})
        self.workspace.expect_settled()


class Drift(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.workspace.apply()

    def test_a_mapping_deleted_elsewhere_is_shown_and_healed(self):
        self.emulator.unmap(self.id_of())
        self.assertIn("1 to add", self.workspace.plan(expect=2).text)
        self.workspace.plan("-refresh-only", expect=2)
        self.workspace.apply()
        self.assertIn(self.id_of().lower(), self.emulator.mappings())
        self.workspace.expect_settled()

    def test_a_mapping_given_to_another_tenant_is_shown(self):
        other = "99999999-9999-4999-8999-999999999999"
        self.emulator.map(self.id_of(), other)
        self.workspace.plan("-refresh-only", "-out=saved", expect=2)
        shown = json.loads(self.workspace.run("show", "-json", "saved").output)
        self.assertEqual([d["change"]["after"]["tenant_id"] for d in shown["resource_drift"]],
                         [other])

    def test_deleting_what_is_gone_is_a_success(self):
        self.workspace.plan("-destroy", "-out=saved", expect=2)
        self.emulator.unmap(self.id_of())
        self.workspace.run("apply", "-no-color", "saved")
        self.assertEqual(self.workspace.resources(), {})

    def test_a_registration_that_cannot_be_seen_takes_nothing_out_of_state(self):
        self.emulator.forget_registration("berlin")
        result = self.workspace.plan(expect=1)
        self.assertIn("RegistrationNotFound", result.text)
        self.assertIn('name "berlin"', result.text)
        self.assertIn("terraform state rm", result.text)
        self.assertIn(ADDRESS, self.workspace.resources())
        self.workspace.destroy(expect=1)
        self.assertIn(ADDRESS, self.workspace.resources())


class Unknowns(harness.Case):
    def test_an_id_that_is_known_only_at_apply(self):
        self.workspace.write(
            f'resource "terraform_data" "hub" {{\n  input = "{HUB.format("berlin")}"\n}}\n'
            'resource "azurestack_customer_subscription" "tenant" {\n'
            '  registration_id          = terraform_data.hub.output\n'
            f'  customer_subscription_id = "{CUSTOMER.format(1)}"\n}}\n')
        self.workspace.init()
        self.workspace.apply()
        self.workspace.expect_settled()
        self.assertEqual(self.workspace.resources()[ADDRESS]["id"], self.id_of())

    def test_a_provider_configured_by_another_resource(self):
        self.workspace.write(
            f'resource "terraform_data" "tenant" {{\n  input = "{harness.TENANT}"\n}}\n'
            + self.tenant(),
            provider='provider "azurestack" {\n  tenant_id = terraform_data.tenant.output\n}\n')
        self.workspace.init()
        self.workspace.apply()
        self.workspace.expect_settled()
        self.workspace.destroy()


class Upgrade(harness.Case):
    def test_a_stored_state_of_version_0_is_read_unchanged(self):
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.emulator.map(self.id_of(), self.emulator.tenant_of(CUSTOMER.format(1)))
        registry = "tofu" if "tofu" in os.path.basename(self.host) else "terraform"
        with open(os.path.join(harness.HERE, "states", "version-0.tfstate"),
                  encoding="utf-8") as stream:
            text = stream.read()
        text = text.replace("@REGISTRY@", {"tofu": "registry.opentofu.org",
                                           "terraform": "registry.terraform.io"}[registry])
        text = text.replace("@TENANT@", self.emulator.tenant_of(CUSTOMER.format(1)))
        with open(os.path.join(self.workspace.dir, "terraform.tfstate"), "w",
                  encoding="utf-8") as stream:
            stream.write(text)
        self.workspace.expect_settled()


class Many(harness.Case):
    def test_thirty_mappings_on_two_hubs_take_one_token(self):
        self.workspace.write(
            'locals {\n  customers = { for n in range(15) : format("c%02d", n) => '
            'format("11111111-2222-4333-8444-5555555555%02d", n) }\n'
            f'  hubs = {{ berlin = "{HUB.format("berlin")}", munich = "{HUB.format("munich")}" }}\n'
            '}\nresource "azurestack_customer_subscription" "tenant" {\n'
            '  for_each = { for p in setproduct(keys(local.hubs), keys(local.customers)) : '
            '"${p[0]}/${p[1]}" => p }\n'
            '  registration_id          = local.hubs[each.value[0]]\n'
            '  customer_subscription_id = local.customers[each.value[1]]\n}\n')
        self.workspace.init()
        self.workspace.apply()
        calls = self.emulator.calls(tokens=True)
        self.assertEqual(calls.count("TOKEN"), 1)
        self.assertEqual(sorted(call.split()[0] for call in calls if call != "TOKEN"),
                         ["GET"] * 60 + ["PUT"] * 30)
        self.assertEqual(len(self.emulator.mappings()), 30)
        self.workspace.expect_settled()
        self.workspace.destroy("-parallelism=30")
        self.assertEqual(self.emulator.mappings(), {})


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
