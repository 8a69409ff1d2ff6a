# The access tokens that were issued, and whose each one is.
# SPDX-License-Identifier: MPL-2.0
import secrets

from engine import log, switches
from engine.control import need
from engine.service import Operation, Service
from engine.state import State
from engine.switches import NUMBER, Switch

_issued = State(by_text=dict)

# What Entra knows an application for; whether ARM takes it is ARM's matter.
AUDIENCES = {
    "https://management.azure.com", "https://management.core.windows.net",
    "https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net",
    "https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn",
    "https://graph.microsoft.com", "https://api.partnercenter.microsoft.com"}


audiences_of = []    # functions (tenant): more that Entra knows in this tenant


def is_audience(audience, tenant):
    return audience in AUDIENCES or any(audience in known(tenant) for known in audiences_of)


def issue(owner, audience, **proof):
    """A token as it is kept; `proof` is what the log says of how it was got."""
    token = {
        "number": len(_issued.by_text) + 1,
        # In the form of a JWT, as the real ones are: tests look for "Bearer eyJ…" in output.
        "text": ("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9."
                 f"{secrets.token_urlsafe(240)}.{secrets.token_urlsafe(64)}"),
        "tenant_id": owner["tenant_id"], "client_id": owner["client_id"], "audience": audience,
        "role": owner.get("role", "contributor"), "is_revoked": False,
        "expires_ms": log.wall_ms() + 1000 * switches.value("token_lifetime_s")}
    _issued.by_text[token["text"]] = token
    log.requests.event("EFFECT", what="token issued", number=token["number"],
                       tenant_id=token["tenant_id"], client_id=token["client_id"],
                       audience=audience, **proof)
    return token


def find(text):
    return _issued.by_text.get(text)


def name_of(token):
    return f"<token #{token['number']}>"


def hide(answer, token):
    """The answer as the log shows it."""
    return {**answer, "access_token": name_of(token)}


def redact(header):
    """x-ms-authorization-auxiliary holds several, with commas between them."""
    def word(text):
        token = find(text)
        if token:
            return name_of(token)
        return text if text.lower() in ("", "bearer") else "<unknown token>"
    return ",".join(" ".join(word(text) for text in part.split(" ")) for part in header.split(","))


def issue_behind(body):
    """What a person who signed in elsewhere has: the Azure CLI."""
    need(body, "tenant_id", "client_id")
    token = issue(body, body.get("audience", "https://management.azure.com"), method="control interface")
    return {"access_token": token["text"], "expires_on": token["expires_ms"] // 1000}


def revoke_all(_):
    for token in _issued.by_text.values():
        token["is_revoked"] = True


SERVICE = Service(
    "access tokens",
    secret_headers={"authorization": redact, "x-ms-authorization-auxiliary": redact},
    switches=[Switch("token_lifetime_s", NUMBER, 3599, "how long a token is good",
                     "– (settable by policy)")],
    operations=[
        Operation("GET", "tokens", lambda body: list(_issued.by_text.values()),
                  "the tokens issued"),
        Operation("POST", "access-token", issue_behind,
                  "{tenant_id, client_id, audience, role}: a token for ARM, as the Azure CLI has "
                  "it"),
        Operation("POST", "revoke-tokens", revoke_all, "no token issued so far is good any more")])
