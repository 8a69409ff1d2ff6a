# Each code of the page "Error codes and solutions" is returned once, and the error has the meaning
# and the solution that the page promises, and what support asks for.
# SPDX-License-Identifier: MPL-2.0
import html
import re

import harness
from harness import CLIENT, HUB, PROVIDER, SECRET, SUBSCRIPTION, TOP

TEXT = harness.read(TOP, "docs", "guides", "error_codes.md")
# Where they are not 400. Source: the ARM resource provider contract, common-api-details.md, and
# common-deployment-errors.md; those of registrations are documented without a status.
STATUSES = {401: "InvalidAuthenticationToken InvalidAuthenticationTokenTenant "
                 "ExpiredAuthenticationToken AuthenticationFailed",
            403: "AuthorizationFailed LinkedAuthorizationFailed RequestDisallowedByPolicy "
                 "UnauthorizedCspRegistration",
            404: "RegistrationNotFound SubscriptionNotFound ResourceGroupNotFound ResourceNotFound "
                 "ParentResourceNotFound CustomerSubscriptionNotFound InvalidResourceType "
                 "InvalidResourceNamespace",
            409: "ScopeLocked Conflict AnotherOperationInProgress MissingSubscriptionRegistration "
                 "SubscriptionNotRegistered MissingRegistrationForResourceProvider "
                 "ReadOnlyDisabledSubscription DisallowedOperation OperationNotAllowed "
                 "CloudIdUpdateNotAllowed",
            412: "PreconditionFailed", 429: "TooManyRequests", 500: "InternalServerError",
            502: "BadGateway MetadataResolverBadGatewayError", 503: "ServiceUnavailable",
            504: "GatewayTimeout"}
# A login service that is busy is asked again until the time is over: tests/exchanges/sign_in.
TRANSIENT = {"AADSTS90033", "AADSTS90024", "AADSTS90012", "AADSTS50033", "AADSTS90055"}


def section(title):
    """[(code, meaning, what to do), …]"""
    body = TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", body, re.M)


def status_of(code):
    return next((status for status, codes in STATUSES.items() if code in codes.split()), 400)


def pattern(text):
    """What the page writes as <…> is filled in."""
    parts = re.split(r"<[^<>]*>", " ".join(html.unescape(text).split()))
    return ".+?".join(re.escape(part) for part in parts)


class ErrorCodes(harness.Case):
    def expect(self, result, code, meaning, todo):
        self.assertRegex(result.text, f"{code}, {pattern(meaning)}")
        self.assertRegex(result.text, pattern(todo))

    def test_every_section_has_codes(self):
        self.assertEqual([len(section(title)) > 4 for title in (
            "Customer subscription mappings", "Registrations", "Any object", "Authentication")],
            [True] * 4)
        known = {row[0] for title in ("Customer subscription mappings", "Registrations",
                                      "Any object") for row in section(title)}
        self.assertLessEqual({code for codes in STATUSES.values() for code in codes.split()}, known)

    def play(self, rows, kind, address):
        for row in rows:
            with self.subTest(row[0]):
                self.emulator.reset()
                self.emulator.fault(f"{kind}#*", "status", status=status_of(row[0]), code=row[0])
                result = self.workspace.apply(expect=1)
                self.expect(result, *row)
                result.says("What to do: ", f"HTTP status: {status_of(row[0])}",
                            f"Error code: {row[0]}", "Correlation ID: ", "Request ID: ",
                            "This is what the fault script asked for.", f"with {address}")
                self.assertEqual(self.workspace.resources(), {})

    def test_mappings(self):
        own = section("Customer subscription mappings")
        rows = own + [row for row in section("Any object")
                      if row[0] not in {code for code, _, _ in own}]
        self.workspace.write(self.tenant(more='  timeouts {\n    create = "2s"\n  }\n'))
        self.play(rows, "PUT", "azurestack_customer_subscription.tenant")

    def test_registrations(self):
        self.need("a write-only argument", terraform=(1, 11), tofu=(1, 11))
        self.workspace.write(
            'resource "azurestack_registration" "hub" {\n  name = "hamburg"\n'
            f'  resource_group_name = "azurestack"\n  subscription_id = "{SUBSCRIPTION}"\n'
            f'  registration_token = "{harness.registration_token(SUBSCRIPTION)}"\n}}\n')
        self.play(section("Registrations"), "PUT_REGISTRATION", "azurestack_registration.hub")

    def test_authentication(self):
        for row in section("Authentication"):
            if row[0] in TRANSIENT:
                continue
            with self.subTest(row[0]):
                is_hub = row[0].startswith("MSIS")
                self.emulator.reset()
                self.emulator.fault("TOKEN#*", "msis" if is_hub else "aadsts",
                                    code=int(re.sub(r"\D", "", row[0])))
                environment = {"AZURESTACK_HUB_ADMIN_ENDPOINT": self.emulator.hub("munich"),
                               "AZURESTACK_HUB_CLIENT_ID": CLIENT,
                               "AZURESTACK_HUB_CLIENT_SECRET": SECRET} if is_hub else {}
                run = self.workspace.execute(PROVIDER, "doctor", HUB.format("berlin"), status=1,
                                             ARM_USE_CLI="false", **environment)
                self.expect(harness.Result(1, run.stdout), *row)
        self.expects_rejections = True
