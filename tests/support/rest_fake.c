/* An Azure Resource Manager that answers from a list.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/rest_fake.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

static int fetch(struct credential *base, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    (void)call, (void)transport, (void)audience;
    struct fake_credential *credential = (struct fake_credential *)base;
    if (credential->made == credential->good)
        return error_set(err, credential->fault, "the login service fails");
    char text[40];
    int length =
        snprintf(text, sizeof text, "%s%u", credential->name, credential->made++);
    out->text = secret_new(text, (size_t)length);
    out->expires_ms = clock_wall_ms() + INT64_C(24) * 3600 * 1000;
    return 0;
}

static void keep(struct credential *credential)
{
    (void)credential;
}

struct fake_credential fake_credential_of(const char *name)
{
    return (struct fake_credential){ .base = { .fetch = fetch, .free = keep },
                                     .name = name,
                                     .good = 1000 };
}

struct rest_fake *rest_fake_new(const struct fake_answer *answers)
{
    struct rest_fake *fake = memory_new(sizeof *fake);
    *fake = (struct rest_fake){ .credential = fake_credential_of("t"),
                                .transport = fake_transport_new(answers) };
    struct http_transport *transport = fake_transport_base(fake->transport);
    fake->client = (struct rest_client){
        .dialect = &dialect_arm,
        .transport = transport,
        .base = "https://arm.test",
        .tokens = auth_cache_new(&fake->credential.base, transport, "https://arm.test"),
        .correlation_id = "11111111-2222-3333-4444-555555555555",
    };
    call_init(&fake->call, NULL);
    fake->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    return fake;
}

void rest_fake_free(struct rest_fake *fake)
{
    rest_reply_free(fake->reply);
    call_clear(&fake->call);
    auth_cache_free(fake->client.tokens);
    http_transport_free(fake_transport_base(fake->transport));
    free(fake);
}

static int exchange(struct rest_fake *fake, const char *method, const char *id,
                    json_t *body)
{
    const struct rest_request request = {
        .method = method, .id = id, .api_version = "1", .body = body
    };
    rest_reply_free(take(fake->reply));
    int result = (body == NULL ? rest_read : rest_write)(
        &fake->call, &fake->client, &request, &fake->reply, &fake->err);
    json_decref(body);
    return result;
}

int rest_fake_get(struct rest_fake *fake, const char *id)
{
    return exchange(fake, "GET", id, NULL);
}

int rest_fake_put(struct rest_fake *fake)
{
    return exchange(fake, "PUT", "/x", json_pack("{s:s}", "a", "b"));
}
