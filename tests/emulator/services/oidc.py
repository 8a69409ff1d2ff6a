# The issuers of OIDC tokens: GitHub, Azure DevOps, and by the control interface any other.
# Source: docs.github.com "OpenID Connect reference"; Azure DevOps REST API "oidctoken - create"
# SPDX-License-Identifier: MPL-2.0
import secrets

from engine import log, switches
from engine.control import need
from engine.service import Operation, Route, Service
from engine.state import State
from engine.switches import NUMBER, Switch
from engine.text import random_guid, write_json
from engine.entries import Entries

from .assertion import encode

AUDIENCE = "api://AzureADTokenExchange"

_issued = State(by_text=dict)


def issue(issuer, subject, audience, lifetime_s):
    now = log.wall_ms() // 1000
    claims = {"jti": random_guid(), "iss": issuer, "sub": subject, "aud": audience, "nbf": now,
              "iat": now, "exp": now + lifetime_s}
    parts = ({"typ": "JWT", "alg": "RS256", "kid": "emulator"}, claims)
    text = ".".join([*(encode(write_json(part).encode()) for part in parts),
                     secrets.token_urlsafe(255)])
    token = {"number": len(_issued.by_text) + 1, "text": text, "issuer": issuer,
             "subject": subject, "audience": audience, "expires_s": now + lifetime_s}
    _issued.by_text[text] = token
    log.requests.event("EFFECT", what="OIDC token issued", number=token["number"], issuer=issuer,
                       subject=subject)
    return token


def find(text):
    return _issued.by_text.get(text)


def refuse(x, status, message):
    x.rejected(message)
    return x.json(status, {"message": message})


def find_job(x, service):
    """The job that asks."""
    scheme, _, token = (x.header("authorization") or "").partition(" ")
    for job in JOBS:
        if (scheme, job["service"], job["request_token"]) == ("Bearer", service, token):
            return job
    raise refuse(x, 401, "The bearer token belongs to no running job.")


def answer_token(x, job, member, usual_issuer):
    token = issue(job.get("issuer") or usual_issuer, job.get("subject", ""), AUDIENCE,
                  switches.value("oidc_lifetime_s"))
    x.json(200, {member: token["text"]})
    if member == "value":
        x.body_out["count"] = len(token["text"])
    x.shown = {**x.body_out, member: f"<OIDC token #{token['number']}>"}


def answer_github(x):
    job = find_job(x, "github")
    if x.method != "GET" or x.body:
        raise refuse(x, 405, "Only GET, without a body.")
    if x.query != {"api-version": "2.0", "audience": AUDIENCE}:
        raise refuse(x, 400, "The query has to be api-version=2.0, as the address has it, and the "
                     f"audience {AUDIENCE}.")
    answer_token(x, job, "value", "https://token.actions.githubusercontent.com")


def answer_devops(x):
    # A client that does not suppress it gets the page on which people sign in, and takes the 203 or the
    # redirect for an answer.
    if (x.header("x-tfs-fedauthredirect") or "").lower() != "suppress":
        x.answer_headers["Location"] = "https://login.microsoftonline.com/"
        raise refuse(x, 302, "The header X-TFS-FedAuthRedirect: Suppress is missing.")
    job = find_job(x, "azure_devops")
    if x.method != "POST" or x.body:
        raise refuse(x, 405, "Only POST, without a body.")
    if (x.header("content-type") or "").lower() != "application/json":
        raise refuse(x, 415, "The content type has to be application/json.")
    if x.query != {"api-version": "7.1",
                   "serviceconnectionid": job.get("service_connection_id", "")}:
        raise refuse(x, 400, "The query has to be api-version=7.1 and a serviceConnectionId that "
                     "this job may use.")
    answer_token(x, job, "oidcToken", "https://vstoken.dev.azure.com/emulator")


def issue_behind(body):
    """What an issuer outside of this world hands out: Kubernetes, HCP Terraform, a script."""
    issuer, subject = need(body, "issuer", "subject")
    token = issue(issuer, subject, body.get("audience", AUDIENCE),
                  body.get("lifetime_s", switches.value("oidc_lifetime_s")))
    return {"oidc_token": token["text"]}


JOBS = Entries(
    "jobs", "a job", "a job of GitHub or Azure DevOps: who may ask for OIDC tokens",
    ("service", "request_token"),
    {"service": "github|azure_devops", "subject": str, "issuer": str,
     "service_connection_id": str})

SERVICE = Service(
    "OIDC issuers",
    routes=[Route("*", "/github/idtoken", "OIDC", answer_github),
            Route("*", "/azure_devops/oidctoken", "OIDC", answer_devops)],
    switches=[Switch("oidc_lifetime_s", NUMBER, 300, "how long an OIDC token is good")],
    entries=[JOBS],
    operations=[
        Operation("GET", "oidc-tokens", lambda body: list(_issued.by_text.values()),
                  "the OIDC tokens issued"),
        Operation("POST", "oidc-token", issue_behind,
                  "{issuer, subject, audience, lifetime_s}: an OIDC token of any issuer")])
