/* Explains why Microsoft Entra does not return a token, and what to do.
 * Source: entra-docs reference-error-codes.md, v2-oauth2-client-creds-grant-flow.md;
 * Commercial-Marketplace-SaaS-Accelerator issue 830 (7000229)
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/entra.h"

#include <stdlib.h>
#include <string.h>

#include "auth/token_response.h"
#include "base/secret.h"
#include "base/text.h"

enum {
    CODE_BYTES_MAX = 100,
    DESCRIPTION_BYTES_MAX = 1000,
    MEMBER_BYTES_MAX = 256 * 1024, /* as much as the whole answer */
};

static const char wrong_secret[] =
    "Set client_secret (ARM_CLIENT_SECRET) to the secret's value, not "
    "to its ID. The Azure portal shows the value only once.";
static const char wrong_app[] =
    "Check client_id (ARM_CLIENT_ID) and tenant_id (ARM_TENANT_ID). "
    "The tenant must have an app registration or a service principal "
    "of the application. If it is the directory of a customer, create "
    "a service principal of the application in it.";
static const char wrong_cloud[] =
    "Check " ENTRA_CLOUD
    ": the login host, the audience and the tenant must belong to the "
    "same cloud.";
static const char no_principal[] =
    "An app registration is not enough: the tenant must also have a service "
    "principal of the application. Create a service principal of the application in "
    "it: `az ad sp create --id CLIENT_ID`. Or check tenant_id (ARM_TENANT_ID).";
static const char wrong_resource[] =
    "Check " ENTRA_CLOUD
    ": the login host, the audience and the tenant must belong to the "
    "same cloud. If the tenant is the directory of a hub's customer, create the service "
    "principals of the hub's applications in it.";
const char entra_wrong_clock[] = "Check this machine's clock.";
static const char wrong_federation[] =
    "Compare the issuer, subject and audience of the token with the "
    "federated credentials of the application.";
static const char only_people[] =
    "Sign in with a service principal, or ask the tenant's "
    "administrator to exclude this sign-in from the Conditional "
    "Access policy.";
static const char not_excluded[] =
    "Ask the tenant's administrator to exclude this sign-in from the Conditional "
    "Access policy.";
static const char later[] = "Run again later.";

const struct entra_code entra_codes[] = {
    { 7000215, false, "the client secret is wrong", wrong_secret },
    { 70002, false, "the client's credentials are wrong", wrong_secret },
    { 7000222, false, "the client secret has expired",
      "Create a new client secret for the application, and set "
      "client_secret (ARM_CLIENT_SECRET) to its value." },
    { 7000216, false, "the request has no client secret", wrong_secret },
    { 700016, false, "the application was not found in this tenant", wrong_app },
    { 700011, false, "the application was not found in this tenant", wrong_app },
    { 70001, false, "the application was not found in this tenant, or is disabled",
      wrong_app },
    { 7000229, false, "the application has no service principal in this tenant",
      no_principal },
    { 7000112, false, "the application is disabled",
      "Ask the tenant's administrator to enable the application." },
    { 700027, false,
      "the signature or the certificate of the client assertion is not "
      "valid",
      "Check that the certificate is registered with the application." },
    { 700024, false, "the client assertion has expired or is not valid yet",
      entra_wrong_clock },
    { 70021, false, "no federated credential matches the token", wrong_federation },
    { 700211, false, "no federated credential matches the token's issuer",
      wrong_federation },
    { 700212, false, "no federated credential matches the token's audience",
      wrong_federation },
    { 700213, false, "no federated credential matches the token's subject",
      wrong_federation },
    { 500011, false, "the audience (resource) was not found in this tenant",
      wrong_resource },
    { 70011, false, "the scope is not valid", wrong_cloud },
    { 90002, false, "the tenant was not found",
      "Check tenant_id (ARM_TENANT_ID). If it is right, check " ENTRA_CLOUD
      ": the login host must be that of the tenant's cloud." },
    { 900023, false, "the tenant is neither a GUID nor a domain name",
      "Check tenant_id (ARM_TENANT_ID)." },
    { 50049, false, "this login host belongs to another cloud", wrong_cloud },
    { 50076, false, "multi-factor authentication is required", only_people },
    { 50079, false, "multi-factor authentication must be set up first", only_people },
    { 53003, false, "a Conditional Access policy blocks this sign-in", not_excluded },
    { 900382, false, "the tenant belongs to another cloud", wrong_cloud },
    { 90033, true, "the login service is temporarily unavailable", later },
    { 90024, true, "the login service is too busy", later },
    { 90012, true, "the login service timed out", later },
    { 50033, true, "the login service has a temporary error", later },
    { 90055, true, "the tenant is throttled because of too many sign-ins", later },
    { 0, false, NULL, NULL },
};

static const struct entra_code *find_code(const struct entra_code *codes, int number)
{
    for (const struct entra_code *code = codes; code != NULL && code->number != 0;
         code++) {
        if (code->number == number)
            return code;
    }
    return NULL;
}

const struct entra_code *entra_find_code(const struct entra_failure *failure)
{
    const struct entra_code *code = find_code(failure->own_codes, failure->number);
    return code != NULL ? code : find_code(failure->codes, failure->number);
}

static const char *prefix_of(const struct entra_code *codes)
{
    return codes == adfs_codes ? "MSIS" : "AADSTS";
}

static const char *clean_member(struct arena *arena, json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    if (!json_is_string(member))
        return NULL;
    char *text = text_clean(arena, json_string_value(member), json_string_length(member),
                            MEMBER_BYTES_MAX);
    /* Later lines repeat the trace ID, the correlation ID and the time. */
    text[strcspn(text, "\n")] = '\0';
    return text;
}

/* The number after the prefix of these codes; 0: there is none. */
static int find_number(const char *description, const struct entra_code *codes)
{
    const char *prefix = prefix_of(codes);
    const char *at = strstr(description, prefix);
    if (at == NULL)
        return 0;
    long number = strtol(at + strlen(prefix), NULL, 10);
    return number > 0 && number < 100000000 ? (int)number : 0;
}

static void read_number(json_t *object, struct entra_failure *out)
{
    json_t *first = json_array_get(json_object_get(object, "error_codes"), 0);
    json_int_t number = json_integer_value(first);
    out->codes = entra_codes;
    out->number = number > 0 && number < 100000000
                      ? (int)number
                      : find_number(out->description, entra_codes);
    int of_adfs = out->number == 0 ? find_number(out->description, adfs_codes) : 0;
    if (of_adfs != 0) {
        out->number = of_adfs;
        out->codes = adfs_codes;
    }
}

bool entra_parse_failure(struct arena *arena, struct bytes body,
                         struct entra_failure *out)
{
    json_t *object = token_response_parse(body);
    const char *error = clean_member(arena, object, "error");
    if (error != NULL) {
        const char *description = clean_member(arena, object, "error_description");
        *out = (struct entra_failure){
            .error = error,
            .description = description != NULL ? description : "",
            .trace_id = clean_member(arena, object, "trace_id"),
            .correlation_id = clean_member(arena, object, "correlation_id"),
        };
        read_number(object, out);
    }
    json_decref(object);
    return error != NULL;
}

static const char *without(struct arena *arena, const char *text, const char *hidden)
{
    size_t length = strlen(hidden), room = strlen(text) + 1;
    if (length == 0)
        return text;
    /* In the worst case, each character is replaced with three. */
    char *clean = arena_take_many(arena, room, strlen(SECRET_MASK)), *at = clean;
    const char *found;
    while ((found = strstr(text, hidden)) != NULL) {
        at = mempcpy(at, text, (size_t)(found - text));
        at = stpcpy(at, SECRET_MASK);
        text = found + length;
    }
    stpcpy(at, text);
    return clean;
}

/* Redacts the text before it is cut: a search would not find a secret that was cut. */
static const char *shown(struct arena *arena, const char *text, const char *const *hidden,
                         size_t most)
{
    for (; *hidden != NULL; hidden++)
        text = without(arena, text, *hidden);
    return text_clean_line(arena, text, strlen(text), most);
}

int entra_explain(struct arena *arena, const char *service,
                  const struct entra_failure *failure, const char *principal,
                  const char *const *hidden, struct error *err)
{
    const struct entra_code *code = entra_find_code(failure);
    const char *text =
        failure->number != 0
            ? arena_print(arena, "%s%d", prefix_of(failure->codes), failure->number)
            : shown(arena, failure->error, hidden, CODE_BYTES_MAX);
    if (code != NULL)
        text = arena_print(arena, "%s, %s", text, code->meaning);
    const char *description =
        shown(arena, failure->description, hidden, DESCRIPTION_BYTES_MAX);
    if (*description != '\0')
        text = arena_print(arena, "%s.\n\n%s says: \"%s\"", text, service, description);
    if (failure->trace_id != NULL)
        text = arena_print(arena, "%s (trace ID %s)", text,
                           shown(arena, failure->trace_id, hidden, CODE_BYTES_MAX));
    bool has_end = strlen(text) > 2 && text_equal(text + strlen(text) - 2, ".\"");
    return error_set(err, ERR_CREDENTIAL, "%s rejected %s: %s%s%s", service, principal,
                     text,
                     code == NULL ? ""
                     : has_end    ? "\n\nWhat to do: "
                                  : ".\n\nWhat to do: ",
                     code != NULL ? code->action : "");
}
