# Every open question about the service, answered each way: the same configuration gives the
# same result.
# SPDX-License-Identifier: MPL-2.0
import sys

import harness
from harness import CUSTOMER

ADDRESS = "azurestack_customer_subscription.tenant"

CREATE = {
    "put_answer": ["200_full", "200_no_tenant", "200_empty_strings", "200_no_body",
                   "200_empty_object", "201_empty", "201_full", "202_empty", "202_async", "204"],
    "get_case": ["lower", "upper", "as_stored"],
    "id_form": ["slash", "no_slash"],
    "name_form": ["parent_child", "bare"],
    "type_form": ["slash", "backslash"],
    "missing_get": ["404_code", "400_code", "404_resource_not_found", "404_empty"],
    "case_rule": ["insensitive", "exact", "lower_only"],
    "visible_after_gets": [0, 1, 3],
    "visible_after_ms": [300],
    "delete_existing": ["200", "204", "202_empty"],
    "gone_after_gets": [0, 2],
    "tenant_id_supplied": ["stored", "ignored", "checked"],
    "list_shows": ["all", "nothing", "half"],
    "etag": [True, False],
    "bom": [True, False],
}


class Switches(harness.Case):
    def test_life_cycle_with_each_switch_each_way(self):
        tenant = self.emulator.tenant_of(CUSTOMER.format(1))
        with_tenant = self.tenant(more=f'  tenant_id = "{tenant}"\n')
        ran = 0
        for name, values in CREATE.items():
            for value in values:
                with self.subTest(**{name: value}):
                    self.emulator.reset()
                    self.emulator.switch(**{name: value})
                    text = with_tenant if name == "tenant_id_supplied" else self.tenant()
                    self.workspace.write(text)
                    if ran == 0:
                        self.workspace.init()
                    ran += 1
                    self.workspace.apply()
                    self.workspace.plan("-refresh-only")
                    self.workspace.plan()
                    state = self.workspace.resources()[ADDRESS]
                    self.assertEqual(state["id"], self.id_of())
                    self.assertEqual(state["tenant_id"], tenant)
                    self.assertEqual(self.emulator.mappings(), {self.id_of().lower(): tenant})
                    self.workspace.destroy()
                    self.assertEqual(self.emulator.mappings(), {})
        self.assertGreaterEqual(ran, 35)

    def test_a_tenant_that_the_service_never_tells(self):
        self.emulator.switch(get_returns_tenant=False, put_answer="200_no_tenant")
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.workspace.apply()
        self.assertIsNone(self.workspace.resources()[ADDRESS]["tenant_id"])
        self.workspace.expect_settled()
        tenant = self.emulator.tenant_of(CUSTOMER.format(2))
        self.workspace.write(self.tenant(customer=2, more=f'  tenant_id = "{tenant}"\n'))
        self.workspace.apply()
        self.assertEqual(self.workspace.resources()[ADDRESS]["tenant_id"], tenant)
        self.workspace.expect_settled()

    def test_deleting_what_is_gone_however_that_is_said(self):
        self.workspace.write(self.tenant())
        self.workspace.init()
        for answer in ("204", "200", "404_code", "400_code"):
            with self.subTest(delete_missing=answer):
                self.emulator.reset()
                self.emulator.switch(delete_missing=answer)
                self.workspace.apply()
                self.workspace.plan("-destroy", "-out=saved", expect=2)
                self.emulator.unmap(self.id_of())
                self.workspace.run("apply", "-no-color", "saved")
                self.assertEqual(self.workspace.resources(), {})

    def test_a_service_that_records_another_tenant_is_told_and_tainted(self):
        self.emulator.switch(tenant_id_supplied="ignored")
        other = "99999999-9999-4999-8999-999999999999"
        self.workspace.write(self.tenant(more=f'  tenant_id = "{other}"\n'))
        self.workspace.init()
        result = self.workspace.apply(expect=1)
        self.assertIn(other, result.text)
        self.assertIn(self.emulator.tenant_of(CUSTOMER.format(1)), result.text)
        self.assertEqual(self.workspace.resources()[ADDRESS]["status"], "tainted")

    def test_parallel_puts_that_the_service_refuses_for_a_moment(self):
        self.emulator.switch(conflict_on_parallel_put=True)
        self.emulator.set(latency_ms=30)
        self.workspace.write("".join(self.tenant(f"t{n}", customer=n) for n in range(4)))
        self.workspace.init()
        self.workspace.apply()
        self.assertEqual(len(self.emulator.mappings()), 4)
        self.workspace.expect_settled()


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
