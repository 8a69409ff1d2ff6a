/* The tokens of a request: the own one, and those of auxiliary tenants.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/tokens.h"

#include <string.h>

#include "base/memory.h"
#include "base/secret.h"

/* The argument that leads to the login service. */
static const char *find_setting(struct arena *arena, const struct rest_client *client)
{
    return client->login_argument != NULL
               ? arena_print(arena, "%s in the block %s", client->login_argument,
                             client->login_block)
               : "environment and endpoint in the provider block";
}

int tokens_get(struct call *call, const struct rest_client *client,
               struct auth_cache *tokens, struct secret **out, struct error *err)
{
    struct error why = NO_ERROR;
    if (auth_cache_get(tokens, call, out, &why) == 0)
        return 0;
    const char *cure;
    switch (why.kind) {
    case ERR_NAME:
        cure = arena_print(call->arena,
                           "Check %s, and this machine's DNS. If you use a proxy, set "
                           "HTTPS_PROXY",
                           find_setting(call->arena, client));
        break;
    case ERR_UNREACHABLE:
        cure = "Check that this machine can connect to the login service: the "
               "firewall, and the HTTPS_PROXY and NO_PROXY variables";
        break;
    case ERR_LOST:
        cure = "Run again. If the error occurs again, check the proxies and "
               "firewalls between this machine and the login service";
        break;
    case ERR_SHAPE:
    case ERR_TOO_BIG:
        cure = arena_print(call->arena,
                           "Check whether a proxy or a sign-in page responds instead of "
                           "the login service. Check %s",
                           find_setting(call->arena, client));
        break;
    case ERR_CREDENTIAL:
        *err = why;
        return -1;
    default:
        *err = why;
        return error_context(err, "getting a token");
    }
    return error_set(err, ERR_CREDENTIAL, "cannot get a token: %s.\n\nWhat to do: %s",
                     why.text, cure);
}

void rest_await_slow_token(struct call *call, struct rest_client *client)
{
    auto_secret token = NULL;
    auto_secret auxiliary = NULL;
    struct error ignored = NO_ERROR;
    if (auth_cache_source(client->tokens)->is_slow &&
        tokens_get(call, client, client->tokens, &token, &ignored) == 0)
        tokens_get_auxiliary(call, client, &auxiliary, &ignored);
}

bool rest_is_refused(const struct rest_client *client)
{
    return auth_cache_is_refused(client->tokens);
}

int tokens_get_auxiliary(struct call *call, const struct rest_client *client,
                         struct secret **out, struct error *err)
{
    auto_secret all = NULL;
    for (size_t i = 0;
         i < client->auxiliary_count && client->dialect->auxiliary_header != NULL; i++) {
        if (client->auxiliary_tokens[i] == NULL)
            continue;
        auto_secret token = NULL;
        if (tokens_get(call, client, client->auxiliary_tokens[i], &token, err) < 0)
            return error_context(err, "for auxiliary_tenant_ids, element %zu", i + 1);
        auto_char text =
            memory_print("%s%sBearer %s", all != NULL ? secret_reveal(all) : "",
                         all != NULL ? ", " : "", secret_reveal(token));
        secret_free(all);
        all = secret_new(text, strlen(text));
        secret_wipe(text, strlen(text));
    }
    *out = take(all);
    return 0;
}
