# A hub: who may ask it, what it refuses, and what it holds. As requests_test.py: what is a mistake
# of the client leaves a REJECTED line.
# SPDX-License-Identifier: MPL-2.0
import socket
import ssl

from client import (CLIENT, HUB, NOBODY, ONE, OTHER_TENANT, READER, TENANT, TWO, Case, Refused)
from hub_client import DOMAIN, USAGE, V, Hub

CONTENT, URI, PROVIDER = "InvalidRequestContent", "InvalidRequestUri", "NoRegisteredProviderFound"
BAD, CONFLICT, GONE = "BadRequest", "Conflict", "ResourceNotFound"
NO_SUBSCRIPTION, DENIED = "SubscriptionNotFound", "AuthorizationFailed"
TENANT_WRONG = "InvalidAuthenticationTokenTenant"
HEALTH = "/providers/Microsoft.Subscriptions.Admin/checkIdentityHealth"
ROLES = "/providers/Microsoft.Authorization/roleAssignments"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
LISTS = ("locations", "locations/berlin/quotas", "offers", "plans", "subscriptions")


class Planes(Case):
    def setUp(self):
        super().setUp()
        self.hub = Hub(self.emulator)

    def test_metadata_that_are_not_there(self):
        for target, status, code in (("/metadata/endpoints", 400, "MissingApiVersionParameter"),
                                     ("/metadata/endpoints?api-version=2022-09-01", 400, PROVIDER)):
            self.expect(self.hub.send("management", "GET", target), status, code)
        self.expect(self.emulator.send("GET", "/metadata/endpoints?api-version=2015-01-01", None,
                                       {"Host": "management.bonn.localhost"}), 404, "HubNotFound")
        self.expect(self.emulator.send("GET", "/nobody.example/.well-known/openid-configuration"),
                    400, 90002)

    def test_a_token_is_of_one_plane_and_one_directory(self):
        h = self.hub
        h.register()
        arm = {"Authorization": f"Bearer {self.emulator.token}"}
        cross = {"Authorization": f"Bearer {h.token('management')}"}
        rows = [
            (h.admin, {}, 200, None, False), (h.user, {}, 200, None, False),
            (h.user, {"tenant": TENANT}, 200, None, False),
            (h.admin, {"headers": arm}, 401, "InvalidAuthenticationToken", True),
            (h.admin, {"headers": cross}, 401, "InvalidAuthenticationToken", True),
            (h.admin, {"headers": {"Authorization": "Bearer x"}}, 401,
             "InvalidAuthenticationToken", True)]
        self.play([((send, more), *rest) for send, more, *rest in rows],
                  lambda row: row[0]("GET", "/subscriptions", **row[1]))
        self.expect(h.send("management", "GET", f"/subscriptions?{V}"), 401, "AuthenticationFailed")
        # The hub is no ARM of public Azure either.
        self.expect(self.emulator.arm("GET", HUB, headers=cross), 401, "InvalidAuthenticationToken")
        # A customer's directory has the administrators' audience never, the users' after consent.
        audience = h.audience("adminmanagement")
        self.expect(self.emulator.ask_token(OTHER_TENANT, scope=f"{audience}/.default"), 400,
                    500011)
        self.emulator.back("directory", {"tenant_id": NOBODY, "domain": "new.example"})
        ask = {"tenant": NOBODY, "scope": f"{h.audience('management')}/.default"}
        self.expect(self.emulator.ask_token(**ask), 400, 500011)
        self.emulator.back("directory", {"tenant_id": NOBODY, "consent": "current"})
        self.expect(h.user("GET", "/subscriptions", tenant=NOBODY), 401, TENANT_WRONG)
        h.put_directory(NOBODY, "new.example")
        self.expect(h.user("GET", "/subscriptions", tenant=NOBODY), 200)
        self.emulator.back("access-token", {
            "tenant_id": OTHER_TENANT, "client_id": CLIENT, "audience": audience})
        foreign = self.emulator.back("tokens")[-1]["text"]
        self.expect(h.admin("GET", "/subscriptions", headers={
            "Authorization": f"Bearer {foreign}"}), 401, TENANT_WRONG)
        self.emulator.back("revoke-tokens", {})
        self.expect(h.admin("GET", "/subscriptions"), 401, "InvalidAuthenticationToken")

    def test_roles(self):
        h = self.hub
        h.register()
        directory = f"{h.group}/directoryTenants/{DOMAIN}"
        none = {"client_id": NOBODY, "client_secret": "n"}
        reader = {"client_id": READER, "client_secret": "r"}
        self.assertEqual(h.admin("GET", "/subscriptions", **none).json(), {"value": []})
        for method, path, body, who, status in (
                ("GET", h.admin_base + "/offers", None, none, 403),
                ("GET", h.admin_base + "/offers", None, reader, 200),
                ("POST", h.base + HEALTH, None, reader, 200),
                ("DELETE", directory, None, reader, 403), ("DELETE", directory, None, {}, 200)):
            self.expect(h.admin(method, path, body, **who), status, DENIED if status == 403
                        else None)

    def test_adfs(self):
        h = Hub(self.emulator, "munich")
        rows = [
            ({}, 200, None, False), ({"client_secret": "wrong"}, 400, "invalid_client", True),
            ({"client_secret": None}, 400, "invalid_client", True),
            ({"client_assertion": "x"}, 400, "invalid_client", True),
            ({"client_id": READER}, 400, "invalid_client", True),
            ({"resource": None}, 400, "invalid_request", True),
            ({"resource": "https://x"}, 400, "invalid_resource", True),
            ({"scope": "https://x/.default"}, 400, "invalid_request", True),
            ({"grant_type": "password"}, 400, "unsupported_grant_type", True),
            ({"headers": {}}, 400, "invalid_request", True)]
        self.play(rows, lambda changes: h.ask_adfs(**changes))
        self.expect(Hub(self.emulator).ask_adfs(), 404, "NotFound")
        self.expect(h.send("adfs", "POST", "/adfs/oauth2/v2.0/token"), 404, "NotFound")
        self.expect(h.put_directory(), 400, BAD)
        self.expect(h.admin("POST", h.base + HEALTH), 400, BAD)

    def test_certificates(self):
        """By the name that the client says, which the token's host is not."""
        def handshake(context, name):
            with socket.create_connection(("127.0.0.1", self.emulator.port)) as raw:
                with context.wrap_socket(raw, server_hostname=name) as made:
                    return made.version()
        name = "adminmanagement.berlin.localhost"
        ours = ssl.create_default_context(cafile=self.emulator.file("ca.pem"))
        theirs = ssl.create_default_context(cafile=self.emulator.file("hub-ca.pem"))
        self.assertTrue(handshake(ours, name))
        with self.assertRaises(ssl.SSLError):
            handshake(theirs, name)
        self.emulator.switch(hub_ca="enterprise")
        self.assertTrue(handshake(theirs, name), "with the issuer between")
        self.assertTrue(handshake(ours, "localhost"), "only the hubs' hosts have it")
        with self.assertRaises(ssl.SSLError):
            handshake(ours, name)


class Administrators(Case):
    def setUp(self):
        super().setUp()
        self.hub = Hub(self.emulator)

    def test_what_is_refused(self):
        h = self.hub
        h.register()
        tenants, sub = f"{h.group}/directoryTenants", h.subscription(TWO)
        whole = {"displayName": "x", "offerId": h.offer(), "owner": "a@b", "tenantId": TENANT}
        rows = [
            *((("GET", f"{h.admin_base}/{name}", None, V), 200, None, False) for name in LISTS),
            (("GET", f"{h.admin_base}/Offers".upper().replace(h.own.upper(), h.own), None, V), 200,
             None, False),
            *((("GET", path, None, V), 404, code, False) for path, code in (
                (h.offer("no"), GONE), (f"{tenants}/no.example", GONE), (sub, NO_SUBSCRIPTION),
                (h.admin_base.replace(h.own, ONE) + "/offers", NO_SUBSCRIPTION))),
            (("GET", h.admin_base + "/nothing", None, V), 404, "InvalidResourceType", True),
            (("GET", h.admin_base + "/offers", None, ""), 400, "MissingApiVersionParameter", True),
            (("GET", h.admin_base + "/offers", None, "api-version=2020-01-01"), 400, PROVIDER,
             True),
            (("GET", h.admin_base + "/offers", None, V + "&x=1"), 400, URI, True),
            (("PATCH", sub, {}, V), 405, "MethodNotAllowed", True),
            (("GET", sub, {}, V), 400, CONTENT, True),
            *((("PUT", path, body, V), 400, CONTENT, True) for path, body in (
                (sub, {**whole, "properties": {}}), (sub, {**whole, "type": "x"}), (sub, "x"),
                (f"{tenants}/a.example", {"location": "berlin", "name": "a"}))),
            *((("PUT", path, body, V), 400, CONTENT, False) for path, body in (
                (sub, {**whole, "owner": None}), (sub, {}),
                (f"{tenants}/a.example", {"properties": {"tenantId": ONE}}),
                (f"{tenants}/a.example", {"location": "berlin", "properties": {}}))),
            *((("PUT", sub, {**whole, **change}, V), status, code, False)
              for change, status, code in (
                  ({"tenantId": ONE}, 400, BAD), ({"offerId": h.offer("no")}, 400, BAD),
                  ({"subscriptionId": ONE}, 400, BAD),
                  ({"offerId": h.offer("retired")}, 409, CONFLICT))),
            (("PUT", f"{tenants}/a.example".replace("system.berlin", "none"),
              {"location": "berlin", "properties": {"tenantId": ONE}}, V), 404,
             "ResourceGroupNotFound", False),
            (("DELETE", sub, None, V), 204, None, False),
            (("DELETE", h.subscription(h.own), None, V), 409, CONFLICT, False)]
        self.play(rows, lambda row: h.admin(*row))

    def test_a_subscription_goes_with_what_is_in_it(self):
        h = self.hub
        h.let_in(ONE)
        self.expect(h.user("PUT", f"/subscriptions/{ONE}/resourcegroups/proof",
                           {"location": "berlin"}, "api-version=2018-05-01"), 201)
        self.expect(h.admin("DELETE", h.subscription(ONE)), 200)
        self.expect(h.admin("GET", h.subscription(ONE)), 404, NO_SUBSCRIPTION)
        self.assertFalse([body for body in self.emulator.back("hub-objects")["berlin"]
                          if f"/{ONE}/" in body["id"]])
        self.expect(h.subscribe("not-hexadecimal"), 201)
        self.assertEqual(h.admin("GET", h.subscription("not-hexadecimal")).json()["tenantId"],
                         TENANT, "the home directory where the request names none")

    def test_what_usage_refuses(self):
        h = self.hub
        day = {"begin": "2026-01-01T05:00:00Z", "end": "2026-01-02T00:00:00Z"}
        self.play([
            ({}, 200, None, False), ({**day, "granularity": "hourly"}, 200, None, False),
            (day, 400, "InvalidProperty", True),
            ({"begin": "2026-01-01T00:30:00Z", "granularity": "hourly"}, 400, "InvalidProperty",
             True),
            ({"begin": "2026-01-01T00:00:00+01:00"}, 400, "InvalidProperty", True),
            ({"end": "2026-01-01"}, 400, "InvalidProperty", True),
            ({"end": "2999-01-01"}, 400, "RequestEndTimeIsInFuture", True),
            ({"granularity": "weekly"}, 400, "InvalidAggregationGranularity", True),
            ({"more": f"&subscriberId={ONE}"}, 400, "SubscriberIdIsNotDirectTenant", False),
            ({"more": "&continuationToken=x"}, 400, "InvalidProperty", True)],
            lambda changes: h.usage(**changes))
        self.expect(h.admin("GET", h.base + USAGE, query="api-version=2015-06-01-preview"), 400,
                    "InvalidProperty")

    def test_a_world_that_is_none(self):
        row = {"subscription_id": ONE, "meter_id": "x", "quantity": "1",
               "reported": "2026-01-01T00:00:00Z"}
        for name, body in (("hub", {"name": "x", "identity": "ldap"}), ("directory", {}),
                           ("directory", {"tenant_id": ONE, "domain": "x", "consent": "maybe"}),
                           ("hub-object", {"hub": "bonn", "id": "/x"}),
                           ("hub-object", {"hub": "berlin", "id": "x"}),
                           ("hub-forget", {"hub": "berlin", "id": "/x"}),
                           *(("hub-usage", {"hub": "berlin", "rows": rows}) for rows in (
                               1, [{}], [{**row, "quantity": "1,5"}], [{**row, "quantity": "0x1"}],
                               [{**row, "reported": "yesterday"}],
                               [{**row, "granularity": "weekly"}]))):
            with self.assertRaises(Refused, msg=(name, body)):
                self.emulator.back(name, body)


class Users(Case):
    def setUp(self):
        super().setUp()
        self.hub = Hub(self.emulator)
        self.hub.let_in(ONE)

    def test_subscriptions_of_others(self):
        h = self.hub
        self.assertEqual(h.user("GET", "/subscriptions", tenant=TENANT).json()["value"], [])
        self.expect(h.user("GET", f"/subscriptions/{ONE}", tenant=TENANT), 401, TENANT_WRONG)
        self.expect(h.user("GET", f"/subscriptions/{h.own}"), 404, NO_SUBSCRIPTION)

    def test_role_assignments(self):
        h, query = self.hub, "api-version=2015-07-01"
        base = f"/subscriptions/{ONE}{ROLES}"
        roles = h.user("GET", f"/subscriptions/{ONE}/providers/Microsoft.Authorization/"
                       "roleDefinitions", query=query + "&$filter=roleName%20eq%20'Owner'").json()
        role = roles["value"][0]["id"]
        self.assertEqual([row["name"] for row in roles["value"]], [OWNER])
        reader = {"client_id": READER, "client_secret": "r"}

        def put(name=TWO, role=role, principal=CLIENT, **more):
            return h.user("PUT", f"{base}/{name}", {"properties": {
                "roleDefinitionId": role, "principalId": principal}}, query, **more)
        self.expect(put(**reader), 403, DENIED)
        self.expect(put(), 201)
        self.expect(put(), 200)
        self.expect(put(ONE), 409, "RoleAssignmentExists")
        self.expect(put(principal=ONE), 409, "RoleAssignmentUpdateNotPermitted")
        self.expect(put(ONE, principal="x"), 400, "InvalidPrincipalId")
        self.expect(put(ONE, role=role[:-1] + "9"), 404, "RoleDefinitionDoesNotExist")
        self.expect(put("x"), 400, "InvalidRoleAssignmentId")
        self.expect(h.user("GET", f"{base}/{TWO}", query=query), 200)
        self.expect(h.user("GET", f"{base}/{ONE}", query=query), 404, "RoleAssignmentNotFound")
        for wanted, count in ((CLIENT, 1), (ONE, 0)):
            shown = h.user("GET", base, query=f"{query}&$filter=principalId%20eq%20'{wanted}'")
            self.assertEqual(len(shown.json()["value"]), count)
        self.expect(h.user("DELETE", f"{base}/{TWO}", query=query), 200)
        self.expect(h.user("DELETE", f"{base}/{TWO}", query=query), 204)

    def test_resource_groups(self):
        h, query = self.hub, "api-version=2018-05-01"
        group = f"/subscriptions/{ONE}/resourcegroups/proof"
        self.expect(h.user("GET", group, query=query), 404, "ResourceGroupNotFound")
        self.expect(h.user("PUT", group, {"location": "bonn"}, query), 400,
                    "LocationNotAvailableForResourceGroup")
        self.expect(h.user("PUT", group, {"location": "berlin"}, query), 201)
        self.emulator.back("hub-object", {"hub": "berlin", "id": group.replace("groups", "Groups")
                                          + "/providers/Microsoft.Compute/virtualMachines/a"})
        self.assertEqual(len(h.user("GET", group + "/resources", query=query).json()["value"]), 1)
        self.expect(h.user("GET", group, query="api-version=2016-06-01"), 200)
        answer = self.expect(h.user("DELETE", group, query=query), 202)
        self.assertNotIn("azure-asyncoperation", answer.headers)
        target = answer.headers["location"].split(str(self.emulator.port))[1]
        self.assertEqual([h.user("GET", target, query="").status for _ in range(2)], [202, 204])
        self.expect(h.user("GET", group + "/resources", query=query), 404, "ResourceGroupNotFound")
        self.emulator.back("hub-object", {"hub": "berlin", "id": h.subscription(ONE),
                                          "state": "Disabled"})
        self.expect(h.user("PUT", group, {"location": "berlin"}, query), 409,
                    "ReadOnlyDisabledSubscription")
