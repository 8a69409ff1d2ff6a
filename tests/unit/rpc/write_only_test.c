/* Write-only attributes as the host sees them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/value_of.h"
#include "unit/rpc/run.h"

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

/* Errors when a host with these capabilities validates it with a token. */
static size_t validate(struct run *run, Tfplugin6__ClientCapabilities *capabilities)
{
    struct arena *arena = run->call.arena;
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = rpc_put_text("azurestack_hub");
    request.config = rpc_encode(arena, value_of(arena, schema_resource_type(arena, &table),
                                                "{'name':'a','token':'canary'}"));
    request.client_capabilities = capabilities;
    Tfplugin6__ValidateResourceConfig__Response *answer =
        ask(run, "ValidateResourceConfig", rpc_pack(arena, &request.base),
            &tfplugin6__validate_resource_config__response__descriptor);
    for (size_t i = 0; i < answer->n_diagnostics; i++)
        assert_string_equal(answer->diagnostics[i]->attribute->steps[0]->attribute_name, "token");
    return answer->n_diagnostics;
}

TEST(the_schema_says_so_and_only_a_host_that_keeps_it_out_may_set_it)
{
    static const struct resource_table *const tables[] = { &table, NULL };
    const struct rpc_options options = { .provider = &provider_table,
                                         .resources = tables,
                                         .version = "0.1.0" };
    struct run run;
    begin(&run, &options);
    Tfplugin6__GetProviderSchema__Response *schema = ask(
        &run, "GetProviderSchema", NO_BYTES, &tfplugin6__get_provider_schema__response__descriptor);
    const Tfplugin6__Schema__Block *block = schema->resource_schemas[0]->value->block;
    for (size_t i = 0; i < block->n_attributes; i++)
        assert_int_equal(block->attributes[i]->write_only,
                         strcmp(block->attributes[i]->name, "token") == 0);
    Tfplugin6__ClientCapabilities capabilities = TFPLUGIN6__CLIENT_CAPABILITIES__INIT;
    assert_int_equal(validate(&run, NULL), 1);
    assert_int_equal(validate(&run, &capabilities), 1);
    capabilities.write_only_attributes_allowed = true;
    assert_int_equal(validate(&run, &capabilities), 0);
    end(&run);
}
