# Microsoft Entra: the token endpoint of client credentials, and how an application proves to be
# itself.
# SPDX-License-Identifier: MPL-2.0
import time

from engine import log, switches
from engine.faults import Fault
from engine.service import Operation, Route, Service
from engine.state import State
from engine.switches import NUMBER, Switch
from engine.text import Invalid, is_number, parse_form, random_guid, without_slash
from engine.entries import Entries

from . import assertion, hub, oidc, tokens

# AADSTS number -> status, error, and the message.
CODES = {
    70000: (400, "invalid_grant", "The provided value for the input parameter 'refresh_token' is "
            "not valid."),
    50013: (401, "invalid_client", "Assertion failed signature validation."),
    50027: (401, "invalid_client", "JWT token is invalid or malformed: {why}."),
    70003: (400, "unsupported_grant_type", "The app requested an unsupported grant type."),
    70011: (400, "invalid_scope",
            "The provided request must include a 'scope' input parameter. The provided value for "
            "the input parameter 'scope' is not valid. The scope {scope} is not valid."),
    90002: (400, "invalid_request",
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and "
            "are signing into the correct cloud."),
    500011: (400, "invalid_resource",
             "The resource principal named {audience} was not found in the tenant."),
    700016: (400, "unauthorized_client",
             "Application with identifier '{client}' was not found in the directory '{tenant}'."),
    700021: (401, "invalid_client",
             "Client assertion application identifier doesn't match 'client_id' parameter."),
    700023: (401, "invalid_client",
             "Client assertion audience claim does not match Realm issuer."),
    700024: (401, "invalid_client",
             "Client assertion is not within its valid time range. {times}"),
    700027: (401, "invalid_client", "{why}"),
    900144: (400, "invalid_request",
             "The request body must contain the following parameter: '{parameter}'."),
    900561: (405, "invalid_request", "The endpoint only accepts POST requests."),
    7000215: (401, "invalid_client",
              "Invalid client secret provided. Ensure the secret being sent in the request is the "
              "client secret value, not the client secret ID, for a secret added to app "
              "'{client}'."),
    7000218: (401, "invalid_client",
              "The request body must contain the following parameter: 'client_assertion' or "
              "'client_secret'."),
    9002313: (400, "invalid_request", "Request is malformed or invalid: {why}."),
    **{number: (401, "invalid_client",
                "No matching federated identity record found for presented assertion {member} "
                "'{value}'. Check your federated identity credential Subject, Audience and Issuer "
                "against the presented assertion.")
       for number in (700211, 700212, 700213)},
}
TRUST = (("issuer", 700211), ("subject", 700213), ("audience", 700212))
NEEDED = ("grant_type", "client_id", "scope")
NEEDED_V1 = ("grant_type", "client_id", "resource")
PROOF = {"client_secret", "client_assertion_type", "client_assertion"}
KNOWN = {*NEEDED, *PROOF}
KNOWN_V1 = {*NEEDED_V1, *PROOF, "scope", "refresh_token"}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_presented = State(assertions=list)


def refuse(x, status, error, number, message):
    stamp = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
    trace, correlation = random_guid(), random_guid()
    return x.json(status, {
        "error": error,
        "error_description": f"AADSTS{number}: {message} Trace ID: {trace} Correlation ID: "
                             f"{correlation} Timestamp: {stamp}",
        "error_codes": [number], "timestamp": stamp, "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}"})


def reject(x, number, **facts):
    """What to raise."""
    status, error, message = CODES[number]
    message = message.format(**facts)
    x.rejected(f"AADSTS{number}: {message}")
    return refuse(x, status, error, number, message)


def now_s():
    """Of Entra's clock."""
    return log.wall_ms() // 1000 + switches.value("clock_ahead_s")


# --- the request --------------------------------------------------------------------------


def read_form(x):
    if x.method != "POST":
        raise reject(x, 900561)
    kind = x.header("content-type") or ""
    if not kind.lower().startswith("application/x-www-form-urlencoded"):
        raise reject(x, 900144, parameter="grant_type")
    try:
        form = parse_form(x.body_text, plus_is_space=True)
    except ValueError as error:
        raise reject(x, 9002313, why=error) from None
    is_v1 = x.kind == "TOKEN_V1"
    for name in NEEDED_V1 if is_v1 else NEEDED:
        if name not in form:
            raise reject(x, 900144, parameter=name)
    if form["grant_type"] != ("refresh_token" if is_v1 else "client_credentials"):
        raise reject(x, 70003)
    for name in form:
        if name not in (KNOWN_V1 if is_v1 else KNOWN):
            raise reject(x, 9002313, why=f"parameter '{name}' is not known to this emulator")
    return form


def find_application(x, tenant, client):
    if not any(known["tenant_id"].lower() == tenant.lower()
               for known in (*APPLICATIONS, *hub.DIRECTORIES)):
        raise reject(x, 90002, tenant=tenant)
    found, principal = APPLICATIONS.find(tenant, client), SERVICE_PRINCIPALS.find(tenant, client)
    home = next((known for known in APPLICATIONS
                 if known["client_id"].lower() == client.lower()), None)
    if not found and principal and home:    # the proof is the application's, the role is not
        found = {**home, **principal}
    if not found and hub.DIRECTORIES.find(tenant):    # a plan asks before anybody has consented
        status, error, message = CODES[700016]
        raise refuse(x, status, error, 700016, message.format(client=client, tenant=tenant))
    if not found:
        raise reject(x, 700016, client=client, tenant=tenant)
    return found


def read_scope(x, scope):
    """The audience of "{audience}/.default", as the tenant of the path knows it."""
    audience, end, rest = scope.rpartition("/.default")
    if not end or rest or " " in scope:
        raise reject(x, 70011, scope=scope)
    if not tokens.is_audience(without_slash(audience), x.names["tenant"]) and (
            without_slash(audience) != x.origin):
        raise reject(x, 500011, audience=audience)
    return audience


# --- the proof: what it is, for the log ---------------------------------------------------


def check_federated(x, application, text):
    """A token of another issuer."""
    token = oidc.find(text)
    if token is None:
        raise reject(x, 50013)
    if now_s() >= token["expires_s"]:
        raise reject(x, 700024, times="")
    agreed = application.get("federated_credentials", [])
    for member, number in TRUST:
        agreed = [credential for credential in agreed if credential[member] == token[member]]
        if not agreed:
            raise reject(x, number, member=member, value=token[member])
    return {"method": "federated token", "oidc_token": token["number"]}


def check_proof(x, form, application):
    secret, presented = form.get("client_secret"), form.get("client_assertion")
    kind = form.get("client_assertion_type")
    if secret is None and presented is None:
        raise reject(x, 7000218)
    if secret is not None and (presented is not None or kind is not None):
        raise reject(x, 9002313, why="a secret and an assertion")
    if secret is not None:
        if secret != application.get("client_secret"):
            raise reject(x, 7000215, client=application["client_id"])
        return {"method": "client secret"}
    if kind != ASSERTION_TYPE:
        raise reject(x, 9002313, why=f"'client_assertion_type' has to be '{ASSERTION_TYPE}'")
    _presented.assertions.append(presented)
    try:
        jwt = assertion.Jwt(presented)
    except ValueError:
        raise reject(x, 50027, why="it is no JWT") from None
    if not jwt.is_own(application):
        return check_federated(x, application, presented)
    try:
        jwt.check(application, x.origin + x.path, now_s())
    except assertion.Bad as bad:
        raise reject(x, bad.number, **bad.facts) from None
    return {"method": "client certificate"}


# --- the answer ---------------------------------------------------------------------------


def check_person(x, form):
    """Whose the refresh token is. A new one is made each time; the old one stays good."""
    number = switches.value("refresh_token_refusal")
    if number:
        raise refuse(x, 400, "invalid_grant", number, "The refresh token is refused: "
                     + form["refresh_token"])
    known = REFRESH_TOKENS.find(form.get("refresh_token", ""))
    if known is None or known["client_id"].lower() != form["client_id"].lower() or (
            known["tenant_id"].lower() != x.names["tenant"].lower()):
        raise reject(x, 70000)
    new = {**known, "refresh_token": "1.rotated" + random_guid()}
    REFRESH_TOKENS.set(new)
    return new


def answer_person(x):
    form = read_form(x)
    application = find_application(x, x.names["tenant"], form["client_id"])
    proof = check_proof(x, form, application)
    audience = without_slash(form["resource"])
    if not tokens.is_audience(audience, x.names["tenant"]):
        raise reject(x, 500011, audience=audience)
    person = check_person(x, form)
    token = tokens.issue(application, audience, person=True, **proof)
    token["is_person"], token["has_mfa"] = True, person.get("mfa", True)
    lifetime = str(switches.value("token_lifetime_s"))
    x.json(200, {"token_type": "Bearer", "scope": "user_impersonation", "expires_in": lifetime,
                 "resource": audience, "access_token": token["text"],
                 "refresh_token": person["refresh_token"], "id_token": "eyJ.eyJ."})
    x.shown = {**tokens.hide(x.body_out, token), "refresh_token": "<secret>"}


def answer(x):
    # Its answers have the time of another clock than ours.
    if switches.value("clock_ahead_s"):
        x.answer_headers["Date"] = log.http_date(now_s())
    form = read_form(x)
    application = find_application(x, x.names["tenant"], form["client_id"])
    proof = check_proof(x, form, application)
    audience = read_scope(x, form["scope"])
    token = tokens.issue(application, audience, **proof)
    lifetime = switches.value("token_lifetime_s")
    if switches.is_("expires_in_form", "string"):
        lifetime = str(lifetime)
    x.json(200, {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime,
                 "access_token": token["text"]})
    x.shown = tokens.hide(x.body_out, token)


def show_body(x):
    """The form for the log: secrets out."""
    def hide(pair):
        name, equals, _ = pair.partition("=")
        is_secret = equals and name.lower() in ("client_secret", "client_assertion",
                                                     "refresh_token")
        return f"{name}=<secret>" if is_secret else pair
    return "&".join(hide(pair) for pair in x.body_text.split("&"))


def alter_aadsts(x, rule):
    x.shown = None
    refuse(x, rule.get("status", 400), "invalid_client", rule.get("code", 7000215),
           "This is what the fault script asked for.")


def alter_expires_in(x, rule):
    """The token lives as long as it is said to, where that can be read."""
    token = tokens.find((x.body_out or {}).get("access_token"))
    if token is None:
        return
    value = rule.get("value")
    is_readable = is_number(value) or (isinstance(value, str) and value.isdecimal())
    seconds = int(value) if is_readable else switches.value("token_lifetime_s")
    token["expires_ms"] = log.wall_ms() + 1000 * seconds
    for name in ("expires_in", "ext_expires_in"):
        if "value" not in rule:
            del x.body_out[name]
        else:
            x.body_out[name] = value
    x.shown = tokens.hide(x.body_out, token)


def check_certificates(value):
    if not isinstance(value, list):
        raise Invalid("certificates is an array")
    if not all(isinstance(pem, str) and assertion.is_certificate(pem) for pem in value):
        raise Invalid("certificates are PEM")


def check_federated_credentials(value):
    if not isinstance(value, list):
        raise Invalid("federated_credentials is an array")
    for credential in value:
        if not isinstance(credential, dict) or not all(
                isinstance(credential.get(member), str) for member, _ in TRUST):
            raise Invalid("a federated credential has issuer, subject and audience")


APPLICATIONS = Entries(
    "applications", "an application", "an application: who may sign in, and as what",
    ("tenant_id", "client_id"),
    {"client_secret": str, "certificates": check_certificates,
     "federated_credentials": check_federated_credentials, "role": "owner|contributor|reader|none"},
    [{"tenant_id": tenant, "client_id": "44444444-4444-4444-8444-444444444444",
      "client_secret": "emulator-secret"}
     for tenant in ("33333333-3333-4333-8333-333333333333", "adfs")])

# An application of another directory in this one.
SERVICE_PRINCIPALS = Entries(
    "service_principals", "a service-principal", "a multi-tenant application in another directory",
    ("tenant_id", "client_id"), {"role": "owner|contributor|reader|none"},
    complete=lambda principal: principal.setdefault("role", "none"))

REFRESH_TOKENS = Entries(
    "refresh_tokens", "a refresh-token", "a refresh token: a person's consent to an application",
    ("refresh_token",), {"tenant_id": str, "client_id": str, "mfa": bool},
    [{"refresh_token": "1.emulator-refresh-token",
      "tenant_id": "33333333-3333-4333-8333-333333333333",
      "client_id": "44444444-4444-4444-8444-444444444444"}], needs=("tenant_id", "client_id"))

SERVICE = Service(
    "Microsoft Entra",
    routes=[Route("*", "/{tenant}/oauth2/token", "TOKEN_V1", answer_person),
            Route("*", "/{tenant}/oauth2/v2.0/token", "TOKEN", answer)],
    show_body=show_body,
    switches=[
        Switch("refresh_token_refusal", NUMBER, 0,
               "refresh tokens are refused with this AADSTS number; 0: they are not"),
        Switch("expires_in_form", "number|string", "number", 'expires_in as 3599 or "3599"',
               "– (both forms are seen)"),
        Switch("clock_ahead_s", NUMBER, 0,
               "how far Entra's clock is ahead of this machine's, its Date header too")],
    faults=[
        Fault("aadsts", "code|status", True, False, "an error of Entra with this number",
              alter_aadsts),
        Fault("expires_in", "value", False, True, "this value, and the token lives that long",
              alter_expires_in)],
    entries=[APPLICATIONS, SERVICE_PRINCIPALS, REFRESH_TOKENS],
    operations=[Operation("GET", "assertions", lambda body: _presented.assertions,
                          "the client assertions that applications presented")])
