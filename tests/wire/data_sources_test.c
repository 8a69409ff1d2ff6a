/* ValidateDataResourceConfig and ReadDataSource, for every data source there is.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "azure.h"
#include "values.h"

#define REGISTRATION "azurestack_registration"
#define REGISTRATIONS "azurestack_registrations"
#define CUSTOMER "azurestack_customer_subscription"
#define CUSTOMERS "azurestack_customer_subscriptions"
#define SUBSCRIPTION_ID "aaaaaaaa-0000-4000-8000-000000000001"

struct fixture {
    struct wire_azure *azure;
    struct wire_scene scene;
    Tfplugin6__GetProviderSchema__Response *schema;
};

static void open_fixture(struct fixture *fixture)
{
    fixture->azure = wire_azure_new(
        &(struct wire_azure_options){ .pages = 2, .per_page = 2, .has_mapping = true });
    wire_azure_scene(fixture->azure, &fixture->scene);
    fixture->schema = wire_schema(fixture->scene.channel);
}

static void close_fixture(struct fixture *fixture)
{
    protobuf_c_message_free_unpacked(&fixture->schema->base, NULL);
    wire_scene_close(&fixture->scene);
    wire_azure_free(fixture->azure);
}

static const Tfplugin6__Schema__Block *find_block(const struct fixture *fixture,
                                                  const char *type_name)
{
    for (size_t i = 0; i < fixture->schema->n_data_source_schemas; i++) {
        if (strcmp(fixture->schema->data_source_schemas[i]->key, type_name) == 0)
            return fixture->schema->data_source_schemas[i]->value->block;
    }
    fail_msg("there is no data source %s", type_name);
    return NULL;
}

static void pack_config(const struct fixture *fixture, const char *type_name,
                        const struct wire_field *fields, msgpack_sbuffer *out)
{
    msgpack_sbuffer_init(out);
    wire_pack_object(out, find_block(fixture, type_name), fields);
}

static Tfplugin6__ReadDataSource__Response *
read_as(struct fixture *fixture, const char *type_name, const struct wire_field *fields,
        Tfplugin6__ClientCapabilities *capabilities)
{
    msgpack_sbuffer config;
    pack_config(fixture, type_name, fields, &config);
    Tfplugin6__DynamicValue value = wire_dynamic(&config);
    Tfplugin6__ReadDataSource__Request request =
        TFPLUGIN6__READ_DATA_SOURCE__REQUEST__INIT;
    request.type_name = (char *)(uintptr_t)type_name;
    request.config = &value;
    request.client_capabilities = capabilities;
    Tfplugin6__ReadDataSource__Response *answer =
        wire_ask_message(fixture->scene.channel, "ReadDataSource", &request.base,
                         &tfplugin6__read_data_source__response__descriptor);
    msgpack_sbuffer_destroy(&config);
    return answer;
}

static Tfplugin6__ReadDataSource__Response *
read_one(struct fixture *fixture, const char *type_name, const struct wire_field *fields)
{
    return read_as(fixture, type_name, fields, NULL);
}

/* The object that was read, as JSON-like text: what msgpack's own printer makes of it. */
static void check_read(struct fixture *fixture, const char *type_name,
                       const struct wire_field *fields, const char *const *texts)
{
    Tfplugin6__ReadDataSource__Response *answer = read_one(fixture, type_name, fields);
    if (answer->n_diagnostics > 0)
        fail_msg("%s: %s", type_name, answer->diagnostics[0]->detail);
    assert_non_null(answer->state);
    msgpack_unpacked object;
    msgpack_unpacked_init(&object);
    assert_int_equal(msgpack_unpack_next(&object,
                                         (const char *)answer->state->msgpack.data,
                                         answer->state->msgpack.len, NULL),
                     MSGPACK_UNPACK_SUCCESS);
    char shown[8192];
    assert_true(msgpack_object_print_buffer(shown, sizeof shown, object.data) > 0);
    for (; *texts != NULL; texts++) {
        if (strstr(shown, *texts) == NULL)
            fail_msg("%s lacks %s: %s", type_name, *texts, shown);
    }
    msgpack_unpacked_destroy(&object);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
}
#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* ---- reading ---------------------------------------------------------------------------------- */

static void a_registration_is_found_by_each_of_its_three_names(void **state)
{
    (void)state;
    static const char *const shown[] = { "\"id\"=>\"" REGISTRATION_ID "\"",
                                         "\"name\"=>\"berlin\"",
                                         "\"resource_group_name\"=>\"azurestack\"",
                                         "\"billing_model\"=>\"PayAsYouUse\"",
                                         "\"cloud_id\"=>\"eeeeeeee-",
                                         NULL };
    struct fixture fixture;
    open_fixture(&fixture);
    check_read(&fixture, REGISTRATION, WIRE_FIELDS({ "id", REGISTRATION_ID, NULL }),
               shown);
    check_read(&fixture, REGISTRATION,
               WIRE_FIELDS({ "name", "berlin", NULL },
                           { "subscription_id", SUBSCRIPTION_ID, NULL }),
               shown);
    check_read(&fixture, REGISTRATION,
               WIRE_FIELDS({ "cloud_id", "eeeeeeee-0000-4000-8000-000000000002", NULL },
                           { "subscription_id", SUBSCRIPTION_ID, NULL }),
               shown);
    close_fixture(&fixture);
}

static void the_registrations_of_a_subscription_are_listed(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    check_read(&fixture, REGISTRATIONS,
               WIRE_FIELDS({ "subscription_id", SUBSCRIPTION_ID, NULL }),
               TEXTS("\"registrations\"=>[{", "\"id\"=>\"" REGISTRATION_ID "\"",
                     "\"id\"=>\"/subscriptions/" SUBSCRIPTION_ID "\""));
    close_fixture(&fixture);
}

static void a_customer_subscription_is_looked_up_with_its_tenant(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    check_read(&fixture, CUSTOMER,
               WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                           { "customer_subscription_id", CUSTOMER_ID, NULL }),
               TEXTS("\"tenant_id\"=>\"" WIRE_TENANT "\"",
                     "\"id\"=>\"" REGISTRATION_ID "/customerSubscriptions/" CUSTOMER_ID
                     "\""));
    close_fixture(&fixture);
}

/* One is expected and there, one there in another case, one not there. */
static void the_customer_subscriptions_of_all_pages_are_compared(void **state)
{
    (void)state;
    msgpack_sbuffer expected;
    msgpack_packer packer;
    msgpack_sbuffer_init(&expected);
    msgpack_packer_init(&packer, &expected, msgpack_sbuffer_write);
    static const char *const ids[] = { "cccccccc-0000-4000-8000-000000000000",
                                       "CCCCCCCC-0000-4000-8000-000000000001",
                                       "ffffffff-0000-4000-8000-000000000009" };
    msgpack_pack_array(&packer, 3);
    for (size_t i = 0; i < 3; i++)
        msgpack_pack_str_with_body(&packer, ids[i], strlen(ids[i]));
    struct fixture fixture;
    open_fixture(&fixture);
    check_read(&fixture, CUSTOMERS,
               WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                           { "expected_ids", NULL, &expected }),
               TEXTS("\"missing\"=>[\"ffffffff-0000-4000-8000-000000000009\"]",
                     "\"case_mismatched\"=>[\"cccccccc-0000-4000-8000-000000000001\"]",
                     "\"unmanaged\"=>[\"cccccccc-0000-4000-8000-000000000002\", "
                     "\"cccccccc-0000-4000-8000-000000000003\"]",
                     "\"tenant_id\"=>\"dddddddd-0000-4000-8000-000000000003\""));
    assert_int_equal(wire_azure_pages_asked(fixture.azure), 2);
    msgpack_sbuffer_destroy(&expected);
    close_fixture(&fixture);
}

/* ---- what goes wrong ---------------------------------------------------------------------------- */

static void what_is_not_there_is_an_error_and_no_state(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture.azure = wire_azure_new(&(struct wire_azure_options){ .has_mapping = false });
    wire_azure_scene(fixture.azure, &fixture.scene);
    fixture.schema = wire_schema(fixture.scene.channel);
    Tfplugin6__ReadDataSource__Response *answer =
        read_one(&fixture, CUSTOMER,
                 WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                             { "customer_subscription_id", CUSTOMER_ID, NULL }));
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_string_equal(answer->diagnostics[0]->summary, "Object does not exist");
    assert_null(answer->state);
    protobuf_c_message_free_unpacked(&answer->base, NULL);

    answer = read_one(&fixture, REGISTRATION,
                      WIRE_FIELDS({ "name", "hamburg", NULL },
                                  { "subscription_id", SUBSCRIPTION_ID, NULL }));
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_non_null(strstr(answer->diagnostics[0]->detail, "hamburg"));
    assert_null(answer->state);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    close_fixture(&fixture);
}

static void a_wrong_argument_is_told_by_both_rpcs_with_its_path(void **state)
{
    (void)state;
    static const struct {
        const char *type_name, *attribute;
    } cases[] = {
        { REGISTRATION, "id" },
        { REGISTRATIONS, "subscription_id" },
        { CUSTOMER, "customer_subscription_id" },
        { CUSTOMERS, "registration_id" },
    };
    struct fixture fixture;
    open_fixture(&fixture);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct wire_field *fields =
            WIRE_FIELDS({ cases[i].attribute, "contoso", NULL });
        msgpack_sbuffer config;
        pack_config(&fixture, cases[i].type_name, fields, &config);
        Tfplugin6__DynamicValue value = wire_dynamic(&config);
        Tfplugin6__ValidateDataResourceConfig__Request request =
            TFPLUGIN6__VALIDATE_DATA_RESOURCE_CONFIG__REQUEST__INIT;
        request.type_name = (char *)(uintptr_t)cases[i].type_name;
        request.config = &value;
        Tfplugin6__ValidateDataResourceConfig__Response *answer = wire_ask_message(
            fixture.scene.channel, "ValidateDataResourceConfig", &request.base,
            &tfplugin6__validate_data_resource_config__response__descriptor);
        assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics),
                         1);
        assert_string_equal(answer->diagnostics[0]->attribute->steps[0]->attribute_name,
                            cases[i].attribute);
        Tfplugin6__ReadDataSource__Response *read =
            read_one(&fixture, cases[i].type_name, fields);
        assert_int_equal(wire_count_errors(read->diagnostics, read->n_diagnostics), 1);
        assert_string_equal(read->diagnostics[0]->attribute->steps[0]->attribute_name,
                            cases[i].attribute);
        assert_null(read->state);
        protobuf_c_message_free_unpacked(&read->base, NULL);
        protobuf_c_message_free_unpacked(&answer->base, NULL);
        msgpack_sbuffer_destroy(&config);
    }
    assert_int_equal(wire_azure_count(fixture.azure, "GET"), 0);
    close_fixture(&fixture);
}

static void before_configure_nothing_is_read(void **state)
{
    (void)state;
    struct fixture fixture;
    wire_scene_open(&fixture.scene, NULL);
    fixture.schema = wire_schema(fixture.scene.channel);
    Tfplugin6__ReadDataSource__Response *answer =
        read_one(&fixture, REGISTRATION, WIRE_FIELDS({ "id", REGISTRATION_ID, NULL }));
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_string_equal(answer->diagnostics[0]->summary,
                        "Provider is not configured yet");
    assert_null(answer->state);
    assert_null(answer->deferred);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    protobuf_c_message_free_unpacked(&fixture.schema->base, NULL);
    wire_scene_close(&fixture.scene);
}

/* As long as the provider block depends on what is not known yet. */
static void a_host_that_can_put_it_off_gets_an_unknown_object(void **state)
{
    (void)state;
    struct fixture fixture;
    wire_scene_open(&fixture.scene, NULL);
    fixture.schema = wire_schema(fixture.scene.channel);
    Tfplugin6__ClientCapabilities able = TFPLUGIN6__CLIENT_CAPABILITIES__INIT;
    able.deferral_allowed = true;
    Tfplugin6__ReadDataSource__Response *answer = read_as(
        &fixture, REGISTRATION, WIRE_FIELDS({ "id", REGISTRATION_ID, NULL }), &able);
    assert_int_equal(answer->n_diagnostics, 0);
    assert_non_null(answer->deferred);
    assert_int_equal(answer->deferred->reason,
                     TFPLUGIN6__DEFERRED__REASON__PROVIDER_CONFIG_UNKNOWN);
    assert_non_null(answer->state);
    assert_int_equal(answer->state->msgpack.data[0], 0xD4); /* an extension: unknown */
    protobuf_c_message_free_unpacked(&answer->base, NULL);

    answer =
        read_as(&fixture, REGISTRATION, WIRE_FIELDS({ "id", "contoso", NULL }), &able);
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_null(answer->deferred);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    protobuf_c_message_free_unpacked(&fixture.schema->base, NULL);
    wire_scene_close(&fixture.scene);
}

static void a_type_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__ReadDataSource__Request request =
        TFPLUGIN6__READ_DATA_SOURCE__REQUEST__INIT;
    request.type_name = (char *)"azurestack_nothing";
    Tfplugin6__ReadDataSource__Response *answer =
        wire_ask_message(scene.channel, "ReadDataSource", &request.base,
                         &tfplugin6__read_data_source__response__descriptor);
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_non_null(strstr(answer->diagnostics[0]->detail, "azurestack_nothing"));
    assert_null(answer->state);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registration_is_found_by_each_of_its_three_names),
        cmocka_unit_test(the_registrations_of_a_subscription_are_listed),
        cmocka_unit_test(a_customer_subscription_is_looked_up_with_its_tenant),
        cmocka_unit_test(the_customer_subscriptions_of_all_pages_are_compared),
        cmocka_unit_test(what_is_not_there_is_an_error_and_no_state),
        cmocka_unit_test(a_wrong_argument_is_told_by_both_rpcs_with_its_path),
        cmocka_unit_test(before_configure_nothing_is_read),
        cmocka_unit_test(a_host_that_can_put_it_off_gets_an_unknown_object),
        cmocka_unit_test(a_type_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
