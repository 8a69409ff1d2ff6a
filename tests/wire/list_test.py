# ListResource: a stream of events that keeps pace with its reader, and ends when the reader, the
# user or the service wants it to.
# SPDX-License-Identifier: MPL-2.0
import os
import time

import grpc

from fake_azure import Azure, customer, tenant
from client import (CANCELLED, INVALID, OK, REGISTRATION_ID, RESOURCE, SHUTDOWN, Case, Scene,
                    dynamic, fill, identity_of, message, pack, value_of)

# One such page is more than gRPC holds for a peer that does not read.
BIG = {"pages": 40, "per_page": 300}
WORKERS, MANY = 64, 70  # more lists than there are workers


class Lists(Case):
    def config(self, scene, registration_id):
        schemas = scene.channel.schema().list_resource_schemas
        self.assertIn(RESOURCE, schemas)
        return dynamic(fill(schemas[RESOURCE].block, registration_id=registration_id))

    def begin(self, scene, registration_id=REGISTRATION_ID, limit=0, with_objects=False):
        return scene.channel.stream("ListResource", pack(
            "ListResource", type_name=RESOURCE, config=self.config(scene, registration_id),
            include_resource_object=with_objects, limit=limit))

    def events(self, call, count=None):
        """So many of them; all, with a good end, if None."""
        found = []
        while count is None or len(found) < count:
            data = next(call, None)
            if data is None:
                break
            found.append(message("tfplugin6.ListResource.Event").FromString(data))
        if count is None:
            self.assertEqual(call.code(), OK, call.details())
        return found

    def names(self, call, count=None):
        events = self.events(call, count)
        for event in events:
            self.assertFalse(event.diagnostic)
            self.assertTrue(event.HasField("identity"))
        return [event.display_name for event in events]

    def check_one_error(self, call, text="", **more):
        """The last event is of no object and has one error; the end is a good one."""
        event, = self.events(call)
        self.check_error(event.diagnostic, text, **more)
        self.assertFalse(event.HasField("identity") or event.HasField("resource_object"))

    def check_has_free_worker(self, scene):
        self.assertEqual(scene.channel.code("ValidateResourceConfig"), OK)

    def pages_at_rest(self, azure, least=1):
        """At least so many were asked for, and then none in half a second."""
        azure.wait_for_page(least)
        count, since = 0, time.monotonic()
        while time.monotonic() - since < 0.5:
            if azure.pages_asked != count:
                count, since = azure.pages_asked, time.monotonic()
            time.sleep(0.01)
        return count

    # --- what comes ---

    def test_what_a_page_shows_is_sent_before_the_next_one_has_come(self):
        with Azure(pages=2, per_page=3, closed_page=2) as azure, Scene(azure) as scene:
            call = self.begin(scene)
            self.assertEqual(self.names(call, 3), [customer(i) for i in range(3)])
            azure.wait_for_page(2)
            self.assertTrue(call.is_active())
            azure.open_page()
            self.assertEqual(self.names(call), [customer(i) for i in range(3, 6)])

    def test_a_list_of_nothing_has_no_event_and_no_more_than_the_limit_comes(self):
        with Azure(per_page=2) as azure, Scene(azure) as scene:
            self.assertEqual(self.names(self.begin(scene)), [])
        with Azure(pages=3, per_page=2) as azure, Scene(azure) as scene:
            for limit, events, pages in ((1, 1, 1), (2, 2, 1), (3, 3, 2), (6, 6, 3), (100, 6, 3),
                                         (0, 6, 3)):
                before = azure.pages_asked
                self.assertEqual(self.names(self.begin(scene, limit=limit)),
                                 [customer(i) for i in range(events)], limit)
                self.assertEqual(azure.pages_asked - before, pages, limit)

    def test_the_last_object_within_the_limit_says_what_is_left_out(self):
        # Terraform reads nothing after it. Source: grpc_provider.go, ListResource()
        with Azure(pages=1, per_page=2, has_other=True) as azure, Scene(azure) as scene:
            for limit, said in (2, [0, 1]), (3, [0, 0, 1]):
                events = self.events(self.begin(scene, limit=limit))
                self.assertEqual([len(event.diagnostic) for event in events], said)
                self.assertIn("is incomplete", events[-1].diagnostic[0].summary)

    def test_an_object_comes_when_asked_for_as_a_read_would_give_it(self):
        # What configuration is generated from it has to pass validation: tenants that Azure
        # shows in capitals are lower case here. Some mappings say their names alone.
        for has_ids in True, False:
            with (self.subTest(has_ids), Azure(pages=1, per_page=2, has_ids=has_ids) as azure,
                  Scene(azure) as scene):
                events = self.events(self.begin(scene, with_objects=True))
                for place, event in enumerate(events):
                    self.assertEqual(value_of(event.resource_object), fill(
                        scene.channel.resource_block(), registration_id=REGISTRATION_ID,
                        customer_subscription_id=customer(place), tenant_id=tenant(place),
                        id=f"{REGISTRATION_ID}/customerSubscriptions/{customer(place)}"))
                    self.assertEqual(value_of(event.identity.identity_data),
                                     identity_of(customer(place)))
                self.assertEqual(len(events), 2)
                events = self.events(self.begin(scene))  # not asked for
                self.assertEqual([one.HasField("resource_object") for one in events], [False] * 2)

    # --- what goes wrong ---

    def test_a_page_that_is_refused_is_an_event_after_those_that_came(self):
        with Azure(pages=3, per_page=2, refused_page=2) as azure, Scene(azure) as scene:
            call = self.begin(scene)
            self.assertEqual(self.names(call, 2), [customer(0), customer(1)])
            self.check_one_error(call, "Error code:      AuthorizationFailed")

    def test_a_wrong_configuration_reaches_no_service(self):
        with Azure(pages=1, per_page=2) as azure, Scene(azure) as scene:
            self.check_one_error(self.begin(scene, "berlin"), "berlin",
                                 summary="Invalid registration_id",
                                 path=["config", "registration_id"])
            # The same by the rpc that hosts ask first, with the attribute at fault.
            for registration_id in "berlin", REGISTRATION_ID:
                answer = scene.channel.ask("ValidateListResourceConfig", type_name=RESOURCE,
                                           config=self.config(scene, registration_id))
                if registration_id == REGISTRATION_ID:
                    self.assertFalse(answer.diagnostics)
                else:
                    self.check_error(answer.diagnostics, path=["config", "registration_id"])
            self.assertEqual(azure.pages_asked, 0)

    def test_the_reason_why_there_is_no_list_is_an_event(self):
        with Scene() as scene:
            self.check_one_error(self.begin(scene), "provider block",
                                 summary="Provider configuration is not known yet")
            self.check_one_error(
                scene.channel.stream("ListResource", pack(
                    "ListResource", type_name="azurestack_nothing",
                    config=self.config(scene, None))), summary="Unknown resource type")

    def test_garbage_ends_the_stream_as_a_broken_protocol(self):
        # No object; and over the 4 MB that gRPC itself would take: read, and not understood.
        with Scene() as scene:
            for config in b"\xD4", bytes(5 * 1024 * 1024):
                call = scene.channel.stream("ListResource", pack(
                    "ListResource", type_name=RESOURCE, config={"msgpack": config}))
                with self.assertRaises(grpc.RpcError):
                    next(call)
                self.assertEqual(call.code(), INVALID)

    # --- who reads it ---

    def test_a_reader_that_does_not_read_stops_the_asking_for_pages(self):
        with Azure(**BIG) as azure, Scene(azure) as scene:
            call = self.begin(scene, with_objects=True)
            self.assertLess(self.pages_at_rest(azure), BIG["pages"] // 2)
            self.assertEqual(len(self.names(call)), BIG["pages"] * BIG["per_page"])
            self.assertEqual(azure.pages_asked, BIG["pages"])

    def test_a_reader_that_has_enough_ends_it(self):
        with Azure(**BIG) as azure, Scene(azure) as scene:
            call = self.begin(scene, with_objects=True)
            self.assertEqual(self.names(call, 3), [customer(i) for i in range(3)])
            call.cancel()
            self.assertEqual(call.code(), CANCELLED)
            self.assertLess(self.pages_at_rest(azure), BIG["pages"] // 2)

    def test_a_reader_that_leaves_is_noticed_while_a_page_is_under_way(self):
        # Which can take minutes.
        with Azure(pages=2, per_page=1, closed_page=2) as azure, Scene(azure) as scene:
            call = self.begin(scene)
            self.assertEqual(self.names(call, 1), [customer(0)])
            azure.wait_for_page(2)
            call.cancel()
            self.check_has_free_worker(scene)  # and it ends at once, though the page is closed

    def test_readers_that_leave_and_a_stop_free_the_workers_of_what_is_not_read(self):
        for is_stop in False, True:
            with self.subTest(stop=is_stop), Azure(**BIG) as azure, Scene(azure) as scene:
                calls = [self.begin(scene, with_objects=True) for _ in range(MANY)]
                # Each worker has its page, and cannot get rid of it.
                self.assertEqual(self.pages_at_rest(azure, WORKERS), WORKERS)
                if is_stop:
                    scene.channel.code("StopProvider")
                    self.check_has_free_worker(scene)  # though none was read or cancelled
                for call in calls:
                    call.cancel()
                scene.reconnect()
                self.check_has_free_worker(scene)

    def test_a_stop_is_an_event_of_a_list_that_is_read(self):
        with Azure(pages=2, per_page=1, closed_page=2) as azure, Scene(azure) as scene:
            call = self.begin(scene)
            self.assertEqual(self.names(call, 1), [customer(0)])
            azure.wait_for_page(2)
            scene.channel.code("StopProvider")
            self.check_one_error(call, "stopped")

    def test_shutdown_does_not_wait_for_a_reader(self):
        # A second Ctrl-C: the process ends beside a list that is not read.
        for variables in {}, {"AZURESTACK_ORDERLY_EXIT": "1"}:
            with (self.subTest(variables), Azure(**BIG) as azure,
                  Scene(azure, **variables) as scene):
                call = self.begin(scene, with_objects=True)
                self.assertEqual(self.names(call, 1), [customer(0)])
                self.assertEqual(scene.channel.code(SHUTDOWN), OK)
                self.assertEqual(scene.provider.wait(), (os.CLD_EXITED, 0))
                call.cancel()
