/* An Azure Resource Manager that answers from a list.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/rest_fake.h"

#include "base/clock.h"

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    (void)credential, (void)call, (void)transport, (void)audience, (void)err;
    out->text = secret_new("token", 5);
    out->expires_ms = clock_wall_ms() + INT64_C(24) * 3600 * 1000;
    return 0;
}

static void keep(struct credential *credential)
{
    (void)credential;
}

void rest_fake_begin(struct rest_fake *fake, const struct fake_answer *answers)
{
    *fake = (struct rest_fake){
        .credential = { .fetch = fetch, .free = keep },
        .transport = fake_transport_new(answers),
    };
    struct http_transport *transport = fake_transport_base(fake->transport);
    fake->client = (struct rest_client){
        .dialect = &dialect_arm,
        .transport = transport,
        .base = "https://arm.test",
        .tokens = auth_cache_new(&fake->credential, transport, "https://arm.test"),
        .correlation_id = "11111111-2222-3333-4444-555555555555",
    };
}

void rest_fake_end(struct rest_fake *fake)
{
    auth_cache_free(fake->client.tokens);
    http_transport_free(fake_transport_base(fake->transport));
}
