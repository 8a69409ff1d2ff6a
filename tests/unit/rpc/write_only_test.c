/* Write-only attributes as the host sees them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"
#include "schema/tables.h"
#include "support/test.h"

static const struct attribute rows[] = {
    { "name", &type_string, REQUIRED | REPLACE, .doc = "Doc." },
    { "token", &type_string, REQUIRED | WRITE_ONLY, .doc = "Doc.", .body = "token",
      .version = "token_version" },
    { "token_version", &type_number, OPTIONAL | REPLACE, .doc = "Doc." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "Doc." },
    { 0 },
};

static const struct resource_table table = {
    .name = "hub",
    .noun = "hub",
    .doc = "Doc.",
    .service = &azure_service,
    .id_type = "Microsoft.Test/hubs",
    .api_version = "2020-01-01",
    .id = "/subscriptions/{name}/providers/Microsoft.Test/hubs/one",
    .attributes = rows,
    .timeouts = { 60, 60, 0, 60 },
};

struct fixture {
    struct rpc *rpc;
    struct call call;
};

static void begin(struct fixture *fixture)
{
    static const struct resource_table *const tables[] = { &table, NULL };
    const struct rpc_options options = { .provider = &provider_table,
                                         .resources = tables,
                                         .version = "0.1.0" };
    fixture->rpc = rpc_new(&options);
    call_init(&fixture->call, NULL);
}

static void end(struct fixture *fixture)
{
    call_clear(&fixture->call);
    rpc_free(fixture->rpc);
}

TEST(the_schema_says_so)
{
    struct fixture fixture;
    begin(&fixture);
    struct error err = NO_ERROR;
    struct bytes reply;
    assert_int_equal(
        rpc_get_provider_schema(&fixture.call, fixture.rpc, NO_BYTES, &reply, &err), 0);
    Tfplugin6__GetProviderSchema__Response *schema =
        rpc_unpack(&fixture.call, &tfplugin6__get_provider_schema__response__descriptor,
                   reply, &err);
    const Tfplugin6__Schema__Block *block = schema->resource_schemas[0]->value->block;
    for (size_t i = 0; i < block->n_attributes; i++)
        assert_int_equal(block->attributes[i]->write_only,
                         strcmp(block->attributes[i]->name, "token") == 0);
    end(&fixture);
}

/* Errors when a host with these capabilities validates it with a token. */
static size_t validate(struct fixture *fixture,
                       Tfplugin6__ClientCapabilities *capabilities)
{
    struct arena *arena = fixture->call.arena;
    const struct value *config =
        value_object_of_nulls(arena, schema_resource_type(arena, &table));
    config = value_with(arena, config, "name", value_string(arena, "a"));
    config = value_with(arena, config, "token", value_string(arena, "canary"));
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = rpc_put_text("azurestack_hub");
    request.config = rpc_encode(arena, config);
    request.client_capabilities = capabilities;
    struct error err = NO_ERROR;
    struct bytes reply;
    assert_int_equal(rpc_validate_resource(&fixture->call, fixture->rpc,
                                           rpc_pack(arena, &request.base), &reply, &err),
                     0);
    Tfplugin6__ValidateResourceConfig__Response *answer = rpc_unpack(
        &fixture->call, &tfplugin6__validate_resource_config__response__descriptor, reply,
        &err);
    for (size_t i = 0; i < answer->n_diagnostics; i++)
        assert_string_equal(answer->diagnostics[i]->attribute->steps[0]->attribute_name,
                            "token");
    return answer->n_diagnostics;
}

TEST(only_a_host_that_keeps_it_out_may_set_it)
{
    struct fixture fixture;
    begin(&fixture);
    Tfplugin6__ClientCapabilities capabilities = TFPLUGIN6__CLIENT_CAPABILITIES__INIT;
    assert_int_equal(validate(&fixture, NULL), 1);
    assert_int_equal(validate(&fixture, &capabilities), 1);
    capabilities.write_only_attributes_allowed = true;
    assert_int_equal(validate(&fixture, &capabilities), 0);
    end(&fixture);
}
