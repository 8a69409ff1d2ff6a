/* How an application proves to be itself.
 * SPDX-License-Identifier: MPL-2.0 */
#include "proof.h"

#include <string.h>

#include "aadsts.h"
#include "assertion.h"
#include "jwt.h"
#include "oidc.h"

static const char assertion_type[] =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

static json_t *presented;

static const char *field(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool check_secret(struct exchange *x, const json_t *application,
                         const char *secret)
{
    const char *known = field(application, "client_secret");
    if (known != NULL && strcmp(secret, known) == 0)
        return true;
    return aadsts_reject(
        x, 401, "invalid_client", 7000215,
        "Invalid client secret provided. Ensure the secret being sent in "
        "the request is the client secret value, not the client secret "
        "ID, for a secret added to app '%s'.",
        field(application, "client_id"));
}

/* --- a token of another issuer ------------------------------------------------------------- */

/* Of the federated credentials that agree so far, is there one with this member? */
static bool narrow(json_t *credentials, const char *member, const char *value)
{
    size_t i = 0;
    while (i < json_array_size(credentials)) {
        const char *wanted = field(json_array_get(credentials, i), member);
        if (wanted != NULL && strcmp(wanted, value) == 0)
            i++;
        else
            json_array_remove(credentials, i);
    }
    return i > 0;
}

static bool check_trust(struct exchange *x, const json_t *application,
                        const json_t *token)
{
    static const struct {
        const char *member;
        long code;
    } rows[] = { { "issuer", 700211 }, { "subject", 700213 }, { "audience", 700212 } };
    json_t *credentials =
        json_copy(json_object_get(application, "federated_credentials"));
    bool is_trusted = true;
    for (int i = 0; i < 3 && is_trusted; i++) {
        const char *value = field(token, rows[i].member);
        if (!narrow(credentials, rows[i].member, value))
            is_trusted = aadsts_reject(
                x, 401, "invalid_client", rows[i].code,
                "No matching federated identity record found for presented assertion %s "
                "'%s'. Check your federated identity credential Subject, Audience and "
                "Issuer against the presented assertion.",
                rows[i].member, value);
    }
    json_decref(credentials);
    return is_trusted;
}

static bool check_federated(struct exchange *x, const json_t *application,
                            const char *text)
{
    const json_t *token = oidc_find(text);
    if (token == NULL)
        return aadsts_reject(x, 401, "invalid_client", 50013,
                             "Assertion failed signature validation.");
    if (assertion_now_s() >= json_integer_value(json_object_get(token, "expires_s")))
        return aadsts_reject(x, 401, "invalid_client", 700024,
                             "Client assertion is not within its valid time range.");
    return check_trust(x, application, token);
}

/* --- both kinds of assertion --------------------------------------------------------------- */

static json_t *check_assertion(struct exchange *x, const json_t *application,
                               const char *text)
{
    struct jwt jwt;
    json_t *proof = NULL;
    json_array_append_new(presented, json_string(text));
    if (!jwt_parse(text, &jwt)) {
        aadsts_reject(x, 401, "invalid_client", 50027,
                      "JWT token is invalid or malformed.");
    } else if (assertion_is_own(&jwt, application)) {
        if (assertion_check(x, &jwt, application))
            proof = json_pack("{s:s}", "method", "client certificate");
    } else if (check_federated(x, application, text)) {
        proof = json_pack("{s:s, s:O}", "method", "federated token", "oidc_token",
                          json_object_get(oidc_find(text), "number"));
    }
    jwt_clear(&jwt);
    return proof;
}

json_t *proof_check(struct exchange *x, const json_t *form, const json_t *application)
{
    const char *secret = field(form, "client_secret");
    const char *type = field(form, "client_assertion_type");
    const char *assertion = field(form, "client_assertion");
    if (secret == NULL && assertion == NULL)
        aadsts_reject(
            x, 401, "invalid_client", 7000218,
            "The request body must contain the following parameter: 'client_assertion' or "
            "'client_secret'.");
    else if (secret != NULL && (assertion != NULL || type != NULL))
        aadsts_reject(x, 400, "invalid_request", 9002313,
                      "Request is malformed or invalid: a secret and an assertion.");
    else if (secret != NULL)
        return check_secret(x, application, secret)
                   ? json_pack("{s:s}", "method", "client secret")
                   : NULL;
    else if (type == NULL || strcmp(type, assertion_type) != 0)
        aadsts_reject(
            x, 400, "invalid_request", 9002313,
            "Request is malformed or invalid: 'client_assertion_type' has to be "
            "'%s'.",
            assertion_type);
    else
        return check_assertion(x, application, assertion);
    return NULL;
}

json_t *proof_dump(void)
{
    return json_deep_copy(presented);
}

void proof_forget_all(void)
{
    json_decref(presented);
    presented = json_array();
    assertion_forget_all();
}
