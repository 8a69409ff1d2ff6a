# AD FS in front of a hub: the token endpoint in the form of v1, by a secret or an assertion. One
# directory, which its tokens call "adfs".
# SPDX-License-Identifier: MPL-2.0
from engine import switches
from engine.faults import Fault
from engine.service import Route, Service
from engine.text import parse_form, without_slash

from . import assertion, entra, hub, tokens

NEEDED = ("grant_type", "client_id", "resource")
KNOWN = {*NEEDED, "client_secret", "client_assertion_type", "client_assertion"}


def refuse(x, status, error, number, why):
    """MSISnumber, and a REJECTED line."""
    x.rejected(f"MSIS{number}: {why}")
    return x.json(status, {"error": error, "error_description": f"MSIS{number}: {why}"})


def read_form(x):
    kind = (x.header("content-type") or "").lower()
    if x.method != "POST" or not kind.startswith("application/x-www-form-urlencoded"):
        raise refuse(x, 400, "invalid_request", 9211, "It is no POST of a form.")
    try:
        form = parse_form(x.body_text, plus_is_space=True)
    except ValueError as error:
        raise refuse(x, 400, "invalid_request", 9211, f"The form has {error}.") from None
    for name in NEEDED:
        if name not in form:
            raise refuse(x, 400, "invalid_request", 9201, f"The parameter '{name}' is missing.")
    for name in form:
        if name not in KNOWN:
            raise refuse(x, 400, "invalid_request", 9211, f"The parameter '{name}' is not known.")
    if form["grant_type"] != "client_credentials":
        raise refuse(x, 400, "unsupported_grant_type", 9611, "The grant type is not supported.")
    return form


def check_proof(x, form, application):
    secret, presented = form.get("client_secret"), form.get("client_assertion")
    if (secret is None) == (presented is None):
        raise refuse(x, 400, "invalid_client", 9622, "A secret or an assertion is needed, not "
                     "both.")
    if secret is not None:
        if secret != application.get("client_secret"):
            raise refuse(x, 400, "invalid_client", 9622, "The client secret is wrong.")
        return {"method": "client secret at AD FS"}
    if form.get("client_assertion_type") != entra.ASSERTION_TYPE:
        raise refuse(x, 400, "invalid_request", 9211, "The assertion's type is not known.")
    entra._presented.assertions.append(presented)
    try:
        jwt = assertion.Jwt(presented, assertion.ADFS)
        jwt.check(application, x.origin + x.path, entra.now_s())
    except (ValueError, assertion.Bad) as error:
        raise refuse(x, 400, "invalid_client", 9622, f"The assertion is not valid: {error}.") \
            from None
    return {"method": "client certificate at AD FS"}


def answer(x):
    one = hub.hub_of(x)
    if one["identity"] != "adfs":
        raise x.reject(404, "NotFound", "This hub signs in by Entra.")
    form = read_form(x)
    application = entra.APPLICATIONS.find(hub.ADFS, form["client_id"])
    if application is None:
        raise refuse(x, 400, "invalid_client", 9607, "The client is not known.")
    proof = check_proof(x, form, application)
    resource = without_slash(form["resource"])
    if resource not in (hub.audience(one, hub.ADMIN), hub.audience(one, hub.USER)):
        raise refuse(x, 400, "invalid_resource", 9602, "The resource is not known.")
    token = tokens.issue(application, form["resource"], **proof)
    lifetime = switches.value("token_lifetime_s")
    if switches.is_("expires_in_form", "string"):
        lifetime = str(lifetime)
    x.json(200, {"token_type": "bearer", "expires_in": lifetime, "access_token": token["text"]})
    x.shown = tokens.hide(x.body_out, token)


def answer_other(x):
    raise x.reject(404, "NotFound", f"The path '{x.path}' is none of AD FS.")


def alter_msis(x, rule):
    x.shown = None
    refuse(x, 400, "invalid_client", rule.get("code", 9622), "This is what the fault script asked "
           "for.")


SERVICE = Service("AD FS", host="adfs", other_kind="HUB_OTHER", show_body=entra.show_body,
                  routes=[Route("*", "/adfs/oauth2/token", "TOKEN", answer)],
                  answer=lambda x: (x.route.handler if x.route else answer_other)(x),
                  faults=[Fault("msis", "code", True, False, "an error of AD FS with this number",
                                alter_msis)])
