/* The rpcs about ephemeral resources, without a network.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rpc/internal.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/session_fake.h"

#define TYPE "azurestack_registration_activation_key"
#define HUB                                                                              \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack/"     \
    "providers/Microsoft.AzureStack/registrations/hub1"
#define KEY "the-key"

static unsigned opened;

static int open_it(struct call *call, const struct data_source *source,
                   struct session *session, const struct value *config,
                   const struct value **out, struct diags *diags)
{
    (void)source, (void)session, (void)diags;
    opened++;
    *out =
        value_with(call->arena, config, "activation_key", value_string(call->arena, KEY));
    return 0;
}

struct fixture {
    struct rpc *rpc;
    struct call call;
    const struct type *type;
};

static void begin(struct fixture *fixture)
{
    static const struct resource_table *const no_resources[] = { NULL };
    static const struct engine_reader openers[] = {
        { &registration_activation_key_ephemeral, open_it }, { NULL, NULL }
    };
    const struct rpc_options options = { .provider = &provider_table,
                                         .resources = no_resources,
                                         .ephemeral = openers,
                                         .version = "0.1.0" };
    fixture->rpc = rpc_new(&options);
    call_init(&fixture->call, NULL);
    fixture->type = schema_rows_type(fixture->call.arena,
                                     registration_activation_key_ephemeral.attributes);
    opened = 0;
}

static void end(struct fixture *fixture)
{
    call_clear(&fixture->call);
    rpc_free(fixture->rpc);
}

/* The answer; the rpc has to end well. */
static void *ask(struct fixture *fixture, plugin_handler_fn *handle,
                 const ProtobufCMessage *request,
                 const ProtobufCMessageDescriptor *response)
{
    struct error err = NO_ERROR;
    struct bytes reply = NO_BYTES;
    if (handle(&fixture->call, fixture->rpc, rpc_pack(fixture->call.arena, request),
               &reply, &err) < 0)
        fail_msg("%s", err.text);
    void *message = rpc_unpack(&fixture->call, response, reply, &err);
    if (message == NULL)
        fail_msg("%s", err.text);
    return message;
}

/* Null, unknown or a text. */
static Tfplugin6__DynamicValue *config_of(struct fixture *fixture,
                                          const struct value *registration_id)
{
    struct arena *arena = fixture->call.arena;
    return rpc_encode(arena,
                      value_with(arena, value_object_of_nulls(arena, fixture->type),
                                 "registration_id", registration_id));
}

static Tfplugin6__OpenEphemeralResource__Response *
open_as(struct fixture *fixture, const char *type_name, Tfplugin6__DynamicValue *config,
        Tfplugin6__ClientCapabilities *capabilities)
{
    Tfplugin6__OpenEphemeralResource__Request request =
        TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__REQUEST__INIT;
    request.type_name = (char *)(uintptr_t)type_name;
    request.config = config;
    request.client_capabilities = capabilities;
    return ask(fixture, rpc_open_ephemeral, &request.base,
               &tfplugin6__open_ephemeral_resource__response__descriptor);
}

static void the_host_sees_its_schema(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    Tfplugin6__GetMetadata__Request metadata = TFPLUGIN6__GET_METADATA__REQUEST__INIT;
    Tfplugin6__GetMetadata__Response *names =
        ask(&fixture, rpc_get_metadata, &metadata.base,
            &tfplugin6__get_metadata__response__descriptor);
    assert_int_equal(names->n_ephemeral_resources, 1);
    assert_string_equal(names->ephemeral_resources[0]->type_name, TYPE);
    Tfplugin6__GetProviderSchema__Request schema =
        TFPLUGIN6__GET_PROVIDER_SCHEMA__REQUEST__INIT;
    Tfplugin6__GetProviderSchema__Response *have =
        ask(&fixture, rpc_get_provider_schema, &schema.base,
            &tfplugin6__get_provider_schema__response__descriptor);
    assert_int_equal(have->n_ephemeral_resource_schemas, 1);
    assert_string_equal(have->ephemeral_resource_schemas[0]->key, TYPE);
    const Tfplugin6__Schema__Block *block =
        have->ephemeral_resource_schemas[0]->value->block;
    assert_int_equal(block->n_attributes, 2);
    assert_string_equal(block->attributes[0]->name, "registration_id");
    assert_true(block->attributes[0]->required);
    assert_string_equal(block->attributes[1]->name, "activation_key");
    assert_true(block->attributes[1]->computed && block->attributes[1]->sensitive);
    end(&fixture);
}

static void what_is_opened_holds_the_configuration_and_nothing_to_renew(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    Tfplugin6__OpenEphemeralResource__Response *answer = open_as(
        &fixture, TYPE, config_of(&fixture, value_string(fixture.call.arena, HUB)), NULL);
    assert_int_equal(answer->n_diagnostics, 0);
    struct error err = NO_ERROR;
    const struct value *result;
    assert_int_equal(
        rpc_decode(&fixture.call, answer->result, fixture.type, "result", &result, &err),
        0);
    struct arena *arena = fixture.call.arena;
    assert_string_equal(value_text(value_get(arena, result, "registration_id")), HUB);
    assert_string_equal(value_text(value_get(arena, result, "activation_key")), KEY);
    assert_null(answer->renew_at);
    assert_int_equal(
        answer->private_presence_case,
        TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__RESPONSE__PRIVATE_PRESENCE__NOT_SET);
    end(&fixture);
}

static void a_wrong_or_unknown_configuration_opens_nothing(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    struct arena *arena = fixture.call.arena;
    const struct {
        const struct value *registration_id;
        const char *summary;
        bool is_valid; /* for the plan, which may know less */
    } cases[] = {
        { value_string(arena, "contoso"), NULL, false },
        { value_unknown(arena, &type_string), "Configuration is not known yet", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Tfplugin6__DynamicValue *config = config_of(&fixture, cases[i].registration_id);
        Tfplugin6__ValidateEphemeralResourceConfig__Request validate =
            TFPLUGIN6__VALIDATE_EPHEMERAL_RESOURCE_CONFIG__REQUEST__INIT;
        validate.type_name = (char *)(uintptr_t)TYPE;
        validate.config = config;
        Tfplugin6__ValidateEphemeralResourceConfig__Response *validated =
            ask(&fixture, rpc_validate_ephemeral, &validate.base,
                &tfplugin6__validate_ephemeral_resource_config__response__descriptor);
        assert_int_equal(validated->n_diagnostics, cases[i].is_valid ? 0 : 1);
        if (!cases[i].is_valid)
            assert_string_equal(
                validated->diagnostics[0]->attribute->steps[0]->attribute_name,
                "registration_id");
        Tfplugin6__OpenEphemeralResource__Response *answer =
            open_as(&fixture, TYPE, config, NULL);
        assert_int_equal(answer->n_diagnostics, 1);
        if (cases[i].summary != NULL)
            assert_string_equal(answer->diagnostics[0]->summary, cases[i].summary);
        assert_null(answer->result);
    }
    assert_null(open_as(&fixture, TYPE, NULL, NULL)->result);
    assert_int_equal(opened, 0);
    end(&fixture);
}

static void without_a_session_it_is_put_off_where_the_host_can(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    Tfplugin6__ClientCapabilities capabilities = TFPLUGIN6__CLIENT_CAPABILITIES__INIT;
    capabilities.deferral_allowed = true;
    Tfplugin6__OpenEphemeralResource__Response *answer = open_as(
        &fixture, TYPE, config_of(&fixture, value_string(fixture.call.arena, HUB)),
        &capabilities);
    assert_int_equal(answer->n_diagnostics, 0);
    assert_non_null(answer->deferred);
    assert_non_null(answer->result);
    assert_int_equal(opened, 0);
    end(&fixture);
}

static void renew_and_close_know_the_type_and_do_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *type_name;
        size_t faults;
    } cases[] = { { TYPE, 0 }, { "azurestack_registration", 1 } };
    struct fixture fixture;
    begin(&fixture);
    for (size_t i = 0; i < 2; i++) {
        char *type_name = (char *)(uintptr_t)cases[i].type_name;
        Tfplugin6__RenewEphemeralResource__Request renew =
            TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__REQUEST__INIT;
        renew.type_name = type_name;
        Tfplugin6__RenewEphemeralResource__Response *renewed =
            ask(&fixture, rpc_renew_ephemeral, &renew.base,
                &tfplugin6__renew_ephemeral_resource__response__descriptor);
        assert_int_equal(renewed->n_diagnostics, cases[i].faults);
        assert_null(renewed->renew_at);
        Tfplugin6__CloseEphemeralResource__Request close =
            TFPLUGIN6__CLOSE_EPHEMERAL_RESOURCE__REQUEST__INIT;
        close.type_name = type_name;
        Tfplugin6__CloseEphemeralResource__Response *closed =
            ask(&fixture, rpc_close_ephemeral, &close.base,
                &tfplugin6__close_ephemeral_resource__response__descriptor);
        assert_int_equal(closed->n_diagnostics, cases[i].faults);
        Tfplugin6__OpenEphemeralResource__Response *answer =
            open_as(&fixture, type_name,
                    config_of(&fixture, value_string(fixture.call.arena, HUB)), NULL);
        assert_int_equal(answer->n_diagnostics, cases[i].faults);
        if (cases[i].faults != 0)
            assert_string_equal(answer->diagnostics[0]->summary,
                                "Unknown ephemeral resource type");
    }
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_sees_its_schema),
        cmocka_unit_test(what_is_opened_holds_the_configuration_and_nothing_to_renew),
        cmocka_unit_test(a_wrong_or_unknown_configuration_opens_nothing),
        cmocka_unit_test(without_a_session_it_is_put_off_where_the_host_can),
        cmocka_unit_test(renew_and_close_know_the_type_and_do_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
