# What a machine in Azure finds by itself: tokens for the identities that are assigned to it.
# Source: entra-docs managed-identities how-to-use-vm-token.md; azure-docs
# app-service/overview-managed-identity.md, service-fabric/
# how-to-managed-identity-service-fabric-app-code.md; azure-sdk-for-python, azure-identity (Azure ML)
# SPDX-License-Identifier: MPL-2.0
from engine import server, switches
from engine.service import Listener, Route, Service
from engine.text import parse_form, random_guid, without_slash
from engine.entries import Entries

from . import tokens

IMDS_VERSIONS = ("2018-02-01", "2019-02-01", "2019-03-11", "2019-04-30", "2019-06-01",
                 "2019-08-01", "2020-06-01", "2020-09-01", "2021-02-01")
QUERY = {"api-version", "resource", "client_id"}


# Each place has its own form of an error; App Service's is as in azure-docs issue 43543.
def refuse_imds(x, status, error, description):
    x.rejected(description)
    return x.json(status, {"error": error, "error_description": description})


def refuse_app(x, status, message):
    x.rejected(message)
    return x.json(status, {"StatusCode": status, "Message": message,
                           "CorrelationId": random_guid()})


def find_identity(place, client_id, header=None):
    """Without client_id the system's own one; None: there is none that is meant."""
    for known in IDENTITIES:
        if known["place"] == place and header in (None, known.get("header")):
            if (known["client_id"].lower() == client_id.lower() if client_id is not None
                    else known.get("assigned") == "system"):
                return known
    return None


def find_header(place, secret):
    return next((known for known in IDENTITIES
                 if (known["place"], known.get("header")) == (place, secret)), None)


def is_resource(resource):
    """ARM's own address counts too."""
    own = f"https://localhost:{server.listening['main'].port}"
    return resource is not None and without_slash(resource) in (*tokens.AUDIENCES, own)


def lifetime():
    return {"expires_in": str(switches.value("token_lifetime_s"))}


def grant(x, identity, resource, **more):
    token = tokens.issue(identity, resource, method=f"managed identity, {identity['place']}")
    # All of them texts, the numbers too.
    x.json(200, {"access_token": token["text"], "expires_on": str(token["expires_ms"] // 1000),
                 "resource": resource, "token_type": "Bearer",
                 "client_id": identity["client_id"], **more})
    x.shown = tokens.hide(x.body_out, token)


def answer_imds(x):
    if x.method != "GET" or x.body:
        raise refuse_imds(x, 405, "method_not_allowed", "Only GET, without a body")
    # Both keep an attacker from having a server ask in his place.
    if (x.header("metadata") or "").lower() != "true":
        raise refuse_imds(x, 400, "bad_request_102", "Required metadata header not specified")
    if x.header("x-forwarded-for") is not None:
        raise refuse_imds(x, 400, "invalid_request", "The request came through a proxy")
    if x.q("api-version") not in IMDS_VERSIONS:
        raise refuse_imds(x, 400, "invalid_request",
                          "The api-version is missing, or none that is known")
    if not set(x.query) <= QUERY:
        raise refuse_imds(x, 400, "invalid_request", "The query may hold api-version, resource "
                          "and client_id, each once")
    if not is_resource(x.q("resource")):
        raise refuse_imds(x, 400, "invalid_resource",
                          "AADSTS500011: The resource principal was not found in the tenant")
    identity = find_identity("virtual_machine", x.q("client_id"))
    if identity is None:
        raise refuse_imds(x, 400, "invalid_request", "Identity not found")
    grant(x, identity, x.q("resource"), **lifetime())


def answer_app(x):
    header = x.header("x-identity-header")
    if not header or not any(known.get("header") == header for known in IDENTITIES):
        raise refuse_app(x, 401, "X-IDENTITY-HEADER is missing or wrong.")
    if x.method != "GET" or x.body:
        raise refuse_app(x, 405, "Only GET, without a body.")
    if x.q("api-version") != "2019-08-01":
        raise refuse_app(x, 400, "The api-version has to be 2019-08-01.")
    if not set(x.query) <= QUERY:
        raise refuse_app(x, 400, "The query may hold api-version, resource and client_id.")
    if not is_resource(x.q("resource")):
        raise refuse_app(x, 400, "The resource is missing or not known.")
    identity = find_identity("app_service", x.q("client_id"), header)
    if identity is None:
        raise refuse_app(x, 400, "No managed identity was found for the specified client id.")
    grant(x, identity, x.q("resource"))


def answer_arc(x):
    """Names the file of a key at first, and gives a token to who sends its content."""
    identity, proof = find_identity("azure_arc", None), x.header("authorization")
    if identity is None or x.header("metadata") != "true":
        raise refuse_imds(x, 400, "invalid_request", "Metadata: true is missing")
    if (x.method != "GET" or x.q("api-version") != "2020-06-01" or not is_resource(x.q("resource"))
            or set(x.query) != {"api-version", "resource"}):
        raise refuse_imds(x, 400, "invalid_request",
                          "GET with api-version=2020-06-01, and a resource that is known")
    if proof is None:
        x.answer_headers["WWW-Authenticate"] = f"Basic realm={identity.get('key_file', '')}"
        raise x.json(401, {"error": "unauthorized_client"})
    if proof != f"Basic {identity.get('header', '')}":
        raise refuse_imds(x, 401, "unauthorized_client", "The key is not that of the file")
    grant(x, identity, x.q("resource"), **lifetime())


def answer_cloud_shell(x):
    identity = find_identity("cloud_shell", None)
    try:
        form = parse_form(x.body_text, plus_is_space=True)
    except ValueError:
        form = {}
    if (identity is None or x.method != "POST" or x.header("metadata") != "true" or x.query != {}
            or set(form) != {"resource"} or not is_resource(form["resource"])):
        raise refuse_imds(x, 400, "invalid_request",
                          "POST with Metadata: true, and a form with a known resource")
    grant(x, identity, form["resource"], **lifetime())


def answer_machine_learning(x):
    """App Service's form of 2017, with a parameter of another name."""
    secret = x.header("secret")
    if not secret or find_header("azure_ml", secret) is None:
        raise refuse_app(x, 401, "secret is missing or wrong.")
    if (x.method != "GET" or x.body or x.q("api-version") != "2017-09-01"
            or not set(x.query) <= {"api-version", "resource", "clientid"}
            or not is_resource(x.q("resource"))):
        raise refuse_app(x, 400, "GET with api-version=2017-09-01, a resource that is known, and "
                         "perhaps clientid.")
    identity = find_identity("azure_ml", x.q("clientid"), secret)
    if identity is None:
        raise refuse_app(x, 400, "No managed identity was found for the specified client id.")
    grant(x, identity, x.q("resource"))


def refuse_fabric(x, status, code, message):
    x.rejected(message)
    return x.json(status, {"error": {"correlationId": random_guid(), "code": code,
                                     "message": message}})


def answer_fabric(x):
    secret = x.header("secret")
    if not secret:
        raise refuse_fabric(x, 400, "SecretHeaderNotFound", "Secret is not found in the request "
                            "headers.")
    identity = find_header("service_fabric", secret)
    if identity is None:
        raise refuse_fabric(x, 404, "ManagedIdentityNotFound", "Managed identity not found for the "
                            "specified application host.")
    if x.q("api-version") != "2019-07-01-preview":
        raise refuse_fabric(x, 400, "InvalidApiVersion", "The api-version is not supported.")
    if (x.method != "GET" or set(x.query) != {"api-version", "resource"}
            or not is_resource(x.q("resource"))):
        raise refuse_fabric(x, 400, "ArgumentNullOrEmpty", "The parameter 'resource' is missing, or "
                            "there is another one.")
    grant(x, identity, x.q("resource"))


def answer(x):
    if x.route:
        return x.route.handler(x)
    x.rejected("There is no such path on a machine.")
    return x.json(404, {"error": "not_found"})


IDENTITIES = Entries(
    "identities", "an identity",
    "a managed identity of a machine: adds it, or changes the members given",
    ("place", "client_id"),
    {"place": "virtual_machine|app_service|azure_arc|azure_ml|cloud_shell|service_fabric", "tenant_id": str,
     "assigned": "system|user", "header": str, "key_file": str,
     "role": "contributor|reader|none"}, needs=("tenant_id",))

SERVICE = Service(
    "managed identity",
    listener=Listener(
        "machine", "machine-port", is_tls=False, option="--machine-port",
        option_doc="port of a plain HTTP listener on loopback, which is what a machine in Azure "
        "finds: http://127.0.0.1:N/metadata/identity/oauth2/token on a virtual machine, "
        "http://127.0.0.1:N/msi/token in App Service; 0: any; without the option there is none"),
    routes=[Route("*", "/metadata/identity/oauth2/token", "IDENTITY", answer_imds),
            Route("*", "/msi/token", "IDENTITY", answer_app),
            Route("*", "/msi/machine_learning", "IDENTITY", answer_machine_learning),
            Route("*", "/arc/metadata/identity/oauth2/token", "IDENTITY", answer_arc),
            Route("*", "/oauth2/token", "IDENTITY", answer_cloud_shell)],
    answer=answer, other_kind="IDENTITY", entries=[IDENTITIES],
    secret_headers={"x-identity-header": lambda value: "<secret>",
                    "secret": lambda value: "<secret>"})
# A cluster's nodes have a certificate of their own: https://servicefabric.localhost.
FABRIC = Service(
    "managed identity of Service Fabric", host="servicefabric",
    routes=[Route("*", "/metadata/identity/oauth2/token", "IDENTITY", answer_fabric)],
    answer=answer, other_kind="IDENTITY", secret_headers={"secret": lambda value: "<secret>"})
