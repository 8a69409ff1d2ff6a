# What a plan of many objects that exist already reports: the first by themselves, those that no call
# waited for together, and of those twenty by their import blocks.
# SPDX-License-Identifier: MPL-2.0
from fake_azure import Azure, customer
from client import REGISTRATION_ID, RESOURCE, UNKNOWN, Case, Scene, dynamic, fill, message, pack

MANY, WAIT, SHOWN = 40, 4, 20


class Existing(Case):
    def test_many_are_counted_and_the_first_of_them_named(self):
        with Azure(pages=1, per_page=MANY) as azure:
            answer = azure.answer
            azure.answer = lambda method, path: (
                (200, azure.page("")[1]["value"][int(path.split("?")[0][-12:])])
                if "/customerSubscriptions/" in path else answer(method, path))
            with Scene(azure) as scene:
                self.check_many(scene)

    def check_many(self, scene):
        block, requests = scene.channel.resource_block(), []
        for place in range(MANY):
            asked = {"registration_id": REGISTRATION_ID, "customer_subscription_id": customer(place)}
            requests.append(pack(
                "PlanResourceChange", type_name=RESOURCE, prior_state=dynamic(None),
                config=dynamic(fill(block, **asked)), proposed_new_state=dynamic(
                    fill(block, **asked, tenant_id=UNKNOWN, id=UNKNOWN))))
        # All at once: what comes after a quiet second is reported by itself.
        calls = [scene.channel.begin("PlanResourceChange", request) for request in requests]
        shown = [one for call in calls for one in message(
            "tfplugin6.PlanResourceChange.Response").FromString(call.result()).diagnostics]
        left, = [one.detail for one in shown if one.summary == "More objects already exist"]
        self.assertEqual(len(shown), WAIT + 1, shown)
        self.assertIn(f"{MANY - WAIT} more of the objects", left)
        self.assertEqual(left.count("\n  import {\n"), SHOWN)
        self.assertIn(f"\nand {MANY - WAIT - SHOWN} more.\n", left)
