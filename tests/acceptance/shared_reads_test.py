# Shared reads: how many calls a run makes. That no list, whatever becomes of it, does harm, is in
# tests/exchanges/customer_subscription/shared_read_*.
#
# Two worlds: one in which all tenants of a thousand are mapped, with a state that is written and
# not made, and one in which none is. Counts are those of the service's log.
# SPDX-License-Identifier: MPL-2.0
import collections
import json
import os

import harness
from harness import HUB

MANY, PAGE = 1000, 200   # what the promises are about
SOME, SMALL_PAGE = 24, 10  # enough for three pages
CUSTOMER = "11111111-2222-4333-8444-{:012d}"
PAYER = "77777777-2222-4333-8444-{:012d}"
PARALLELISM = "-parallelism=10"
CONNECTIONS_MAX = 16  # of a process to a host
TYPE = "azurestack_customer_subscription"
OFF = 'provider "azurestack" {\n  shared_reads_enabled = false\n}\n'


def id_of(number):
    return f"{HUB.format('berlin')}/customerSubscriptions/{CUSTOMER.format(number)}"


def world(mapped):
    return {"subscriptions": [{"subscription_id": CUSTOMER.format(number),
                               "tenant_id": PAYER.format(number)} for number in range(MANY)],
            "mappings": [{"id": id_of(number), "tenant_id": PAYER.format(number)}
                         for number in range(mapped)]}


def tenants(count):
    return (f'resource "{TYPE}" "tenant" {{\n  count = {count}\n'
            f'  registration_id = "{HUB.format("berlin")}"\n'
            '  customer_subscription_id = format("11111111-2222-4333-8444-%012d", count.index)\n'
            '  tenant_id = format("77777777-2222-4333-8444-%012d", count.index)\n}\n')


def kind_of(event):
    path = event["path"].split("?")[0].lower()
    if "/oauth2/" in path:
        return "TOKEN"
    if event["method"] != "GET":
        return event["method"]
    if path.endswith("/customersubscriptions"):
        return "LIST"
    return "GET" if "/customersubscriptions/" in path else "REGISTRATION"


class Shared(harness.Case):
    def setUp(self):
        super().setUp()
        self.emulator.switch(page_size=SMALL_PAGE)

    def counts(self):
        """How many of each kind arrived since mark()."""
        return collections.Counter(kind_of(event) for event in self.emulator.requests(tokens=True))

    def write(self, count, provider='provider "azurestack" {}\n'):
        self.workspace.write(tenants(count), provider=provider)

    def plan(self, **more):
        self.emulator.mark()
        return self.workspace.plan(PARALLELISM, **more)

    def expect_mapped(self, count):
        self.assertEqual(self.emulator.mappings(),
                         {id_of(number): PAYER.format(number) for number in range(count)})

    def expect_in_state(self, count):
        self.assertEqual({attributes["id"] for attributes in self.workspace.resources().values()},
                         {id_of(number) for number in range(count)})
        self.assertEqual({attributes["mark"]
                          for attributes in self.workspace.resources().values()}, {None})


class Stated(Shared):
    """What is mapped may be in a state without an import."""

    states = {}

    def state(self, count):
        """That of the host itself for one, with more of the same."""
        if self.host not in self.states:
            workspace = harness.Workspace(self.host, self.emulator)
            workspace.write(tenants(1) + f'import {{\n  to = {TYPE}.tenant[0]\n'
                            f'  id = "{id_of(0)}"\n}}\n')
            workspace.init()
            workspace.apply()
            self.states[self.host] = workspace.state()
            workspace.remove()
        state = json.loads(json.dumps(self.states[self.host]))
        text = json.dumps(state["resources"][0]["instances"][0])
        state["resources"][0]["instances"] = [
            {**json.loads(text.replace(CUSTOMER.format(0), CUSTOMER.format(number))
                          .replace(PAYER.format(0), PAYER.format(number))), "index_key": number}
            for number in range(count)]
        return json.dumps(state)

    def write(self, count, **more):
        super().write(count, **more)
        self.workspace.put("terraform.tfstate", self.state(count))


class ManyMapped(Stated):
    """A thousand are mapped."""

    emulator_config = world(MANY)

    def test_a_plan_of_a_thousand_costs_five_pages_and_a_get_each_that_is_gone(self):
        self.write(MANY)
        self.emulator.switch(page_size=PAGE)
        self.plan()
        self.assertEqual(self.counts(), {"TOKEN": 1, "GET": 1, "LIST": 5})

        for number in (0, 499, 999):
            self.emulator.unmap(id_of(number))
        self.plan(expect=2).says("3 to add, 0 to change, 0 to destroy")
        counts = self.counts()
        self.assertEqual(counts["LIST"], 5)
        self.assertLessEqual(counts["GET"] + counts["REGISTRATION"], 4, counts)
        self.assertEqual(set(counts) - {"REGISTRATION"}, {"TOKEN", "GET", "LIST"})


class Mapped(Stated):
    """Some are mapped."""

    emulator_config = world(SOME)

    def test_a_list_that_shows_nothing_leaves_all_to_gets(self):
        self.write(SOME)
        self.emulator.switch(list_shows="nothing")
        self.plan()
        counts = self.counts()
        self.assertEqual(counts["GET"], SOME)
        self.assertEqual(counts["LIST"], 1, "it is not asked again")
        self.emulator.unmap(id_of(7))
        self.plan(expect=2).says("1 to add, 0 to change, 0 to destroy")

    def test_a_destroy_is_a_delete_each(self):
        self.write(SOME)
        self.emulator.mark()
        self.workspace.destroy(PARALLELISM)
        self.assertEqual(self.counts(), {"TOKEN": 2, "GET": 1, "LIST": 3, "DELETE": SOME})
        self.expect_mapped(0)

    def test_an_import_of_many_shares_reads(self):
        self.write(SOME)
        os.remove(os.path.join(self.workspace.dir, "terraform.tfstate"))
        self.workspace.put("import.tf", "".join(
            f'import {{\n  to = {TYPE}.tenant[{number}]\n  id = "{id_of(number)}"\n}}\n'
            for number in range(SOME)))
        self.emulator.mark()
        self.workspace.apply(PARALLELISM)
        self.expect_in_state(SOME)
        counts = self.counts()
        self.assertEqual(set(counts), {"TOKEN", "GET", "LIST"})
        self.assertLessEqual(counts["GET"], 2, "one in each process")

    def test_switched_off_each_is_asked_for_by_itself(self):
        self.write(SOME, provider=OFF)
        self.plan()
        self.assertEqual(self.counts(), {"TOKEN": 1, "GET": SOME})


class Unmapped(Shared):
    """None is mapped yet."""

    emulator_config = world(0)

    def create(self, count):
        self.write(count)
        self.emulator.mark()
        self.workspace.apply(PARALLELISM)
        self.expect_mapped(count)
        self.expect_in_state(count)
        return self.counts()

    def test_a_thousand_creates_are_a_thousand_puts_and_little_else(self):
        self.emulator.switch(page_size=PAGE)
        counts = self.create(MANY)
        self.assertEqual(counts["PUT"], MANY)
        self.assertLessEqual(sum(counts.values()) - MANY, 40, counts)
        opened = len(self.emulator.events("CONNECT"))
        self.assertLessEqual(opened, 2 * CONNECTIONS_MAX, "one process plans, one applies")

    def test_with_a_list_that_shows_nothing_creates_and_destroys_go_on_by_gets(self):
        self.emulator.switch(list_shows="nothing")
        counts = self.create(SOME)
        self.assertEqual(counts["PUT"], SOME)
        self.assertGreaterEqual(counts["GET"], SOME, "absence is asked for")
        self.workspace.expect_settled()
        self.workspace.destroy(PARALLELISM)
        self.expect_mapped(0)
