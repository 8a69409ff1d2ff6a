/* The issuers of OIDC tokens.
 * Source: docs.github.com "OpenID Connect reference"; Azure DevOps REST API "oidctoken - create"
 * SPDX-License-Identifier: MPL-2.0 */
#include "oidc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "jwt.h"
#include "log.h"
#include "store.h"
#include "switches.h"
#include "text.h"

static const char azure_audience[] = "api://AzureADTokenExchange";
static const char github_path[] = "/github/idtoken";
static const char devops_path[] = "/azure_devops/oidctoken";

static json_t *issued; /* number n is at n - 1 */

static const char *field(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* --- tokens -------------------------------------------------------------------------------- */

const json_t *oidc_issue(const char *issuer, const char *subject, const char *audience,
                         long lifetime_s)
{
    char jti[GUID_SIZE];
    guid_random(jti);
    json_int_t now = clock_wall_ms() / 1000, end = now + lifetime_s;
    char *text = jwt_make(
        json_pack("{s:s, s:s, s:s}", "typ", "JWT", "alg", "RS256", "kid", "emulator"),
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "jti", jti, "iss", issuer, "sub",
                  subject, "aud", audience, "nbf", now, "iat", now, "exp", end));
    json_int_t number = (json_int_t)json_array_size(issued) + 1;
    json_t *token = json_pack("{s:I, s:s, s:s, s:s, s:s, s:I}", "number", number, "text",
                              text, "issuer", issuer, "subject", subject, "audience",
                              audience, "expires_s", end);
    free(text);
    json_array_append_new(issued, token);
    log_event(requests_log, "EFFECT",
              json_pack("{s:s, s:I, s:s, s:s}", "what", "OIDC token issued", "number",
                        number, "issuer", issuer, "subject", subject));
    return token;
}

const json_t *oidc_find(const char *text)
{
    size_t i;
    json_t *token;
    json_array_foreach(issued, i, token)
    {
        if (strcmp(field(token, "text"), text) == 0)
            return token;
    }
    return NULL;
}

json_t *oidc_dump(void)
{
    return json_deep_copy(issued);
}

void oidc_forget_all(void)
{
    json_decref(issued);
    issued = json_array();
}

/* --- the services -------------------------------------------------------------------------- */

bool oidc_owns(const char *path)
{
    return strcmp(path, github_path) == 0 || strcmp(path, devops_path) == 0;
}

static bool refuse(struct exchange *x, int status, const char *message)
{
    log_rejected(x, message);
    answer_json(x, status, json_pack("{s:s}", "message", message));
    return false;
}

/* The job that asks; NULL: refused and answered. */
static const json_t *find_job(struct exchange *x, const char *service)
{
    const char *header = exchange_header(x, "Authorization");
    size_t i;
    json_t *job;
    if (header != NULL && text_starts(header, "Bearer ", false))
        json_array_foreach(store_jobs(), i, job)
        {
            if (strcmp(field(job, "service"), service) == 0 &&
                strcmp(field(job, "request_token"), header + strlen("Bearer ")) == 0)
                return job;
        }
    refuse(x, 401, "The bearer token belongs to no running job.");
    return NULL;
}

/* "a=1", "b=2": the query is exactly this. */
static bool has_query(const struct exchange *x, const char *const wanted[][2],
                      size_t count)
{
    if (x->query == NULL || json_object_size(x->query) != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *value = exchange_query(x, wanted[i][0]);
        if (value == NULL || strcmp(value, wanted[i][1]) != 0)
            return false;
    }
    return true;
}

static bool has_header(const struct exchange *x, const char *name, const char *value)
{
    const char *sent = exchange_header(x, name);
    return sent != NULL && strcasecmp(sent, value) == 0;
}

static void answer_token(struct exchange *x, const json_t *job, const char *member,
                         const char *usual_issuer)
{
    const char *issuer = field(job, "issuer");
    const json_t *token =
        oidc_issue(*issuer ? issuer : usual_issuer, field(job, "subject"), azure_audience,
                   switch_number("oidc_lifetime_s"));
    char *shown =
        text_format("<OIDC token #%lld>",
                    (long long)json_integer_value(json_object_get(token, "number")));
    answer_json(x, 200, json_pack("{s:O}", member, json_object_get(token, "text")));
    if (strcmp(member, "value") == 0)
        json_object_set_new(x->answer.body, "count",
                            json_integer((json_int_t)strlen(field(token, "text"))));
    x->answer.shown = json_deep_copy(x->answer.body);
    json_object_set_new(x->answer.shown, member, json_string(shown));
    free(shown);
}

static void answer_github(struct exchange *x)
{
    static const char *const query[][2] = { { "api-version", "2.0" },
                                            { "audience", azure_audience } };
    const json_t *job = find_job(x, "github");
    if (job == NULL)
        return;
    if (strcmp(x->method, "GET") != 0 || x->body_bytes != 0)
        refuse(x, 405, "Only GET, without a body.");
    else if (!has_query(x, query, 2))
        refuse(
            x, 400,
            "The query has to be api-version=2.0, as the address has it, and the audience "
            "api://AzureADTokenExchange.");
    else
        answer_token(x, job, "value", "https://token.actions.githubusercontent.com");
}

static void answer_devops(struct exchange *x)
{
    /* Whoever does not suppress it gets the page on which people sign in, and takes the 203 or
     * the redirect for an answer. */
    if (!has_header(x, "X-TFS-FedAuthRedirect", "Suppress")) {
        refuse(x, 302, "The header X-TFS-FedAuthRedirect: Suppress is missing.");
        answer_header(x, "Location", "https://login.microsoftonline.com/");
        return;
    }
    const json_t *job = find_job(x, "azure_devops");
    if (job == NULL)
        return;
    const char *const query[][2] = { { "api-version", "7.1" },
                                     { "serviceconnectionid",
                                       field(job, "service_connection_id") } };
    if (strcmp(x->method, "POST") != 0 || x->body_bytes != 0)
        refuse(x, 405, "Only POST, without a body.");
    else if (!has_header(x, "Content-Type", "application/json"))
        refuse(x, 415, "The content type has to be application/json.");
    else if (!has_query(x, query, 2))
        refuse(
            x, 400,
            "The query has to be api-version=7.1 and a serviceConnectionId that this job "
            "may use.");
    else
        answer_token(x, job, "oidcToken", "https://vstoken.dev.azure.com/emulator");
}

void oidc_answer(struct exchange *x)
{
    if (strcmp(x->path, github_path) == 0)
        answer_github(x);
    else
        answer_devops(x);
}
