# A subscription asked for without a token: the challenge names the tenant to sign in to. A token
# has no business here, unless the subscription is one that an alias has bought; and a body has none.
# SPDX-License-Identifier: MPL-2.0
from engine import switches
from engine.service import Route, Service
from engine.switches import Switch
from engine.text import is_guid

from . import aliases, arm, billing, mappings

VERSIONS = ("2016-06-01", "2020-01-01", "2022-12-01")


def answer(x):
    subscription = x.names["subscription"]
    if x.method == "GET" and x.header("authorization") is not None and not x.body and (
            x.q("api-version") in VERSIONS and billing.find_subscription(subscription)):
        aliases.show_subscription(x)
        return
    if x.method != "GET" or x.body or x.header("authorization") is not None or (
            not is_guid(subscription)):
        raise x.reject(400, "InvalidRequestUri",
                       "A subscription is asked for by GET, by its id and without a token.")
    if x.q("api-version") not in VERSIONS:
        raise x.reject(400, "InvalidApiVersionParameter",
                       "The api-version of subscriptions is not known.")
    is_common = switches.is_("tenant_challenge", "common")
    tenant = "common" if is_common else mappings.tenant_of(subscription)
    if not switches.is_("tenant_challenge", "none"):
        x.answer_headers["WWW-Authenticate"] = (
            f'Bearer authorization_uri="https://login.windows.net/{tenant}", '
            'error="invalid_token", error_description="The authentication failed because of '
            'missing \'Authorization\' header."')
    raise x.error(401, "AuthenticationFailed",
                  "Authentication failed. The 'Authorization' header is missing.")


SERVICE = Service(
    "subscriptions", headers=arm.add_headers,
    routes=[Route("*", arm.SUBSCRIPTION, "SUBSCRIPTION", answer)],
    switches=[Switch("tenant_challenge", "tenant|common|none", "tenant",
                     "what a GET of a subscription without a token is refused with: a challenge "
                     "that names its tenant, one that names none, or no challenge",
                     "does the 401 name the customer's tenant?")])
