/* The rpcs without a network: what is asked in odd ways, and which session answers.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rpc/internal.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/session_fake.h"

#define TYPE "azurestack_customer_subscription"
#define HUB                                                                              \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack/"     \
    "providers/Microsoft.AzureStack/registrations/hub1"
#define CUSTOMER "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define ID HUB "/customerSubscriptions/" CUSTOMER

static const struct resource_table *const tables[] = { &customer_subscription_table,
                                                       NULL };

struct fixture {
    struct rpc *rpc;
    struct stop *stop;
    struct call call;
    struct arena *arena;
    const struct type *type;
};

static void begin(struct fixture *fixture, bool serves_many_runs)
{
    static const char *const variables[] = { "ARM_ENVIRONMENT", "ARM_SUBSCRIPTION_ID" };
    for (size_t i = 0; i < 2; i++)
        unsetenv(variables[i]);
    fixture->stop = stop_new();
    const struct rpc_options options = { .provider = &provider_table,
                                         .resources = tables,
                                         .version = "0.1.0",
                                         .stop = fixture->stop,
                                         .serves_many_runs = serves_many_runs };
    fixture->rpc = rpc_new(&options);
    call_init(&fixture->call, NULL);
    fixture->arena = fixture->call.arena;
    fixture->type = schema_resource_type(fixture->arena, &customer_subscription_table);
}

static void end(struct fixture *fixture)
{
    call_clear(&fixture->call);
    rpc_free(fixture->rpc);
    stop_free(fixture->stop);
    assert_int_equal(session_fakes_alive, 0);
}

static const struct plugin_method *find(const char *name)
{
    const struct plugin_method *row = rpc_methods;
    for (; row->path != NULL; row++) {
        if (strcmp(strrchr(row->path, '/') + 1, name) == 0)
            return row;
    }
    fail_msg("%s is not served", name);
    return NULL;
}

/* An answer; the rpc has to end well. */
static void *ask(struct fixture *fixture, const char *name,
                 const ProtobufCMessage *request,
                 const ProtobufCMessageDescriptor *response)
{
    struct error err = NO_ERROR;
    struct bytes reply = NO_BYTES;
    if (find(name)->handle(&fixture->call, fixture->rpc,
                           rpc_pack(fixture->arena, request), &reply, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    void *message = rpc_unpack(&fixture->call, response, reply, &err);
    if (message == NULL)
        fail_msg("%s: %s", name, err.text);
    return message;
}
#define ASK(fixture, name, request, kind)                                                \
    ask(fixture, name, &(request).base, &tfplugin6__##kind##__response__descriptor)

static Tfplugin6__DynamicValue *dynamic(struct fixture *fixture, const struct type *type,
                                        const char *json)
{
    json_t *parsed = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(parsed);
    const char *fault;
    const struct value *value =
        engine_json_to_value(fixture->arena, type, parsed, &fault);
    json_decref(parsed);
    if (value == NULL)
        fail_msg("%s: %s", json, fault);
    return rpc_encode(fixture->arena, value);
}

static const struct value *decoded(struct fixture *fixture,
                                   const Tfplugin6__DynamicValue *value)
{
    struct error err = NO_ERROR;
    const struct value *out;
    assert_non_null(value);
    if (rpc_decode(&fixture->call, value, fixture->type, "answer", &out, &err) < 0)
        fail_msg("%s", err.text);
    return out;
}

static void expect_diag(size_t count, Tfplugin6__Diagnostic **diags, const char *summary)
{
    assert_int_equal(count, 1);
    assert_int_equal(diags[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    assert_string_equal(diags[0]->summary, summary);
}

/* Takes the first messages, `most` of them, and remembers the last one. */
struct sink {
    struct plugin_sink sink;
    struct arena *arena;
    size_t count, most;
    struct bytes last;
};

static int take_message(struct plugin_sink *sink, struct call *call, struct bytes message,
                        struct error *err)
{
    struct sink *own = (struct sink *)(void *)sink;
    (void)call;
    if (own->count == own->most)
        return error_set(err, ERR_STOPPED, "nobody reads");
    own->count++;
    own->last =
        BYTES(arena_copy(own->arena, message.data, message.length), message.length);
    return 0;
}

static const char full_state[] =
    "{\"registration_id\":\"" HUB "\",\"customer_subscription_id\":\"" CUSTOMER
    "\",\"id\":\"" ID "\",\"tenant_id\":\"7f2d1c6e-90ab-4cde-8f01-23456789abcd\"}";

/* ---- what is no request --------------------------------------------------------------------- */

static void garbage_is_a_broken_protocol_for_every_rpc(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    unsigned refused = 0;
    for (const struct plugin_method *row = rpc_methods; row->path != NULL; row++) {
        struct error err = NO_ERROR;
        struct bytes reply = NO_BYTES;
        struct sink sink = { .sink.send = take_message };
        /* Field 1 promises more than there is. */
        struct bytes garbage = BYTES("\x0A\x7F\x01", 3);
        int result =
            row->kind == PLUGIN_STREAM
                ? row->stream(&fixture.call, fixture.rpc, garbage, &sink.sink, &err)
                : row->handle(&fixture.call, fixture.rpc, garbage, &reply, &err);
        bool has_request = strstr(row->path, "/Get") == NULL &&
                           strstr(row->path, "/StopProvider") == NULL;
        if (!has_request) {
            assert_int_equal(result, 0);
            continue;
        }
        if (result == 0)
            fail_msg("%s takes garbage", row->path);
        assert_int_equal(err.kind, ERR_SHAPE);
        refused++;
    }
    assert_true(refused >= 9);
    end(&fixture);
}

static void a_value_of_another_type_is_a_broken_protocol(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    Tfplugin6__DynamicValue wrong = TFPLUGIN6__DYNAMIC_VALUE__INIT;
    wrong.msgpack = rpc_put_bytes(BYTES("\xA1x", 2));
    struct error err = NO_ERROR;
    struct bytes reply;

    Tfplugin6__ReadResource__Request read = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    read.type_name = (char *)(uintptr_t)TYPE;
    read.current_state = &wrong;
    assert_int_equal(rpc_read_resource(&fixture.call, fixture.rpc,
                                       rpc_pack(fixture.arena, &read.base), &reply, &err),
                     -1);
    assert_int_equal(err.kind, ERR_SHAPE);
    assert_memory_equal(err.text, "current_state: ", 15);

    Tfplugin6__ConfigureProvider__Request configure =
        TFPLUGIN6__CONFIGURE_PROVIDER__REQUEST__INIT;
    configure.config = &wrong;
    assert_int_equal(rpc_configure(&fixture.call, fixture.rpc,
                                   rpc_pack(fixture.arena, &configure.base), &reply,
                                   &err),
                     -1);
    assert_int_equal(err.kind, ERR_SHAPE);
    end(&fixture);
}

/* ---- types nobody has ------------------------------------------------------------------------ */

static void an_unknown_type_changes_nothing_and_is_told(void **state)
{
    (void)state;
    static const char fault[] = "Unknown resource type";
    static const char *const names[] = { "",
                                         "azurestack",
                                         "azurestack_",
                                         "customer_subscription",
                                         "azurestackcustomer_subscription",
                                         "azurestack_customer_subscriptions",
                                         "azurestack_customer_subscriptio",
                                         "azurerm_customer_subscription",
                                         "AZURESTACK_customer_subscription" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct fixture fixture;
        begin(&fixture, false);
        char *name = (char *)(uintptr_t)names[i];
        Tfplugin6__DynamicValue given = TFPLUGIN6__DYNAMIC_VALUE__INIT;
        given.msgpack = rpc_put_bytes(BYTES("\x93\x01\x02\x03", 4));
        ProtobufCBinaryData private = rpc_put_bytes(BYTES("secret", 6));

        Tfplugin6__ValidateResourceConfig__Request validate =
            TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
        validate.type_name = name;
        validate.config = &given;
        Tfplugin6__ValidateResourceConfig__Response *validated =
            ASK(&fixture, "ValidateResourceConfig", validate, validate_resource_config);
        expect_diag(validated->n_diagnostics, validated->diagnostics, fault);

        Tfplugin6__ReadResource__Request read = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
        read.type_name = name;
        read.current_state = &given;
        read.private_ = private;
        Tfplugin6__ReadResource__Response *was =
            ASK(&fixture, "ReadResource", read, read_resource);
        expect_diag(was->n_diagnostics, was->diagnostics, fault);
        assert_int_equal(was->new_state->msgpack.len, 4); /* else it would read "gone" */
        assert_int_equal(was->private_.len, 6);

        Tfplugin6__ApplyResourceChange__Request apply =
            TFPLUGIN6__APPLY_RESOURCE_CHANGE__REQUEST__INIT;
        apply.type_name = name;
        apply.prior_state = &given;
        apply.planned_private = private;
        Tfplugin6__ApplyResourceChange__Response *applied =
            ASK(&fixture, "ApplyResourceChange", apply, apply_resource_change);
        expect_diag(applied->n_diagnostics, applied->diagnostics, fault);
        assert_int_equal(applied->new_state->msgpack.len, 4);
        assert_int_equal(applied->private_.len, 6);

        Tfplugin6__PlanResourceChange__Request plan =
            TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
        plan.type_name = name;
        Tfplugin6__PlanResourceChange__Response *planned =
            ASK(&fixture, "PlanResourceChange", plan, plan_resource_change);
        expect_diag(planned->n_diagnostics, planned->diagnostics, fault);

        Tfplugin6__UpgradeResourceState__Request upgrade =
            TFPLUGIN6__UPGRADE_RESOURCE_STATE__REQUEST__INIT;
        upgrade.type_name = name;
        Tfplugin6__UpgradeResourceState__Response *upgraded =
            ASK(&fixture, "UpgradeResourceState", upgrade, upgrade_resource_state);
        expect_diag(upgraded->n_diagnostics, upgraded->diagnostics, fault);
        assert_null(upgraded->upgraded_state);

        Tfplugin6__ImportResourceState__Request import =
            TFPLUGIN6__IMPORT_RESOURCE_STATE__REQUEST__INIT;
        import.type_name = name;
        import.id = (char *)(uintptr_t)ID;
        Tfplugin6__ImportResourceState__Response *imported =
            ASK(&fixture, "ImportResourceState", import, import_resource_state);
        expect_diag(imported->n_diagnostics, imported->diagnostics, fault);
        assert_int_equal(imported->n_imported_resources, 0);
        end(&fixture);
    }
}

/* ---- absent payloads ------------------------------------------------------------------------- */

static void absent_values_are_null_values(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    char *type = (char *)(uintptr_t)TYPE;

    Tfplugin6__ValidateProviderConfig__Request provider =
        TFPLUGIN6__VALIDATE_PROVIDER_CONFIG__REQUEST__INIT;
    Tfplugin6__ValidateProviderConfig__Response *provider_out =
        ASK(&fixture, "ValidateProviderConfig", provider, validate_provider_config);
    assert_int_equal(provider_out->n_diagnostics, 0);

    Tfplugin6__ValidateResourceConfig__Request validate =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    validate.type_name = type;
    Tfplugin6__ValidateResourceConfig__Response *validated =
        ASK(&fixture, "ValidateResourceConfig", validate, validate_resource_config);
    assert_int_equal(validated->n_diagnostics, 0);

    Tfplugin6__PlanResourceChange__Request plan =
        TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    plan.type_name = type;
    Tfplugin6__PlanResourceChange__Response *planned =
        ASK(&fixture, "PlanResourceChange", plan, plan_resource_change);
    assert_int_equal(planned->n_diagnostics, 0);
    assert_true(value_is_null(decoded(&fixture, planned->planned_state)));
    assert_int_equal(planned->n_requires_replace, 0);

    Tfplugin6__UpgradeResourceState__Request upgrade =
        TFPLUGIN6__UPGRADE_RESOURCE_STATE__REQUEST__INIT;
    upgrade.type_name = type;
    Tfplugin6__UpgradeResourceState__Response *upgraded =
        ASK(&fixture, "UpgradeResourceState", upgrade, upgrade_resource_state);
    expect_diag(upgraded->n_diagnostics, upgraded->diagnostics,
                "Stored state cannot be read");
    assert_null(upgraded->upgraded_state);
    end(&fixture);
}

static void configure(struct fixture *fixture, const char *json, const char *summary);

static void nothing_is_read_and_applied_of_nothing(void **state)
{
    (void)state;
    /* Without a session, and with one. */
    for (int i = 0; i < 2; i++) {
        struct fixture fixture;
        begin(&fixture, false);
        if (i == 1)
            configure(&fixture, "{}", NULL);
        Tfplugin6__ReadResource__Request read = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
        read.type_name = (char *)(uintptr_t)TYPE;
        Tfplugin6__ReadResource__Response *was =
            ASK(&fixture, "ReadResource", read, read_resource);
        assert_true(value_is_null(decoded(&fixture, was->new_state)));
        Tfplugin6__ApplyResourceChange__Request apply =
            TFPLUGIN6__APPLY_RESOURCE_CHANGE__REQUEST__INIT;
        apply.type_name = (char *)(uintptr_t)TYPE;
        Tfplugin6__ApplyResourceChange__Response *applied =
            ASK(&fixture, "ApplyResourceChange", apply, apply_resource_change);
        assert_true(value_is_null(decoded(&fixture, applied->new_state)));
        end(&fixture);
    }
}

/* ---- sessions -------------------------------------------------------------------------------- */

/* `summary`: of the error that has to come; NULL: none. */
static void configure(struct fixture *fixture, const char *json, const char *summary)
{
    const struct type *type = schema_rows_type(fixture->arena, provider_table.attributes);
    Tfplugin6__ConfigureProvider__Request request =
        TFPLUGIN6__CONFIGURE_PROVIDER__REQUEST__INIT;
    request.terraform_version = (char *)(uintptr_t) "1.11.4";
    request.config = dynamic(fixture, type, json);
    Tfplugin6__ConfigureProvider__Response *response =
        ASK(fixture, "ConfigureProvider", request, configure_provider);
    if (summary != NULL)
        expect_diag(response->n_diagnostics, response->diagnostics, summary);
    else
        assert_int_equal(response->n_diagnostics, 0);
}

static const char *read_summary(struct fixture *fixture)
{
    Tfplugin6__ReadResource__Request request = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    request.type_name = (char *)(uintptr_t)TYPE;
    request.current_state = dynamic(fixture, fixture->type, full_state);
    request.private_ = rpc_put_bytes(BYTES("{}", 2));
    Tfplugin6__ReadResource__Response *response =
        ASK(fixture, "ReadResource", request, read_resource);
    assert_int_equal(response->n_diagnostics, 1);
    /* A read that fails changes nothing. */
    struct error err = NO_ERROR;
    const struct value *before;
    assert_int_equal(rpc_decode(&fixture->call, request.current_state, fixture->type,
                                "before", &before, &err),
                     0);
    assert_true(value_equal(decoded(fixture, response->new_state), before));
    assert_int_equal(response->private_.len, 2);
    return response->diagnostics[0]->summary;
}

static void before_configure_nothing_reaches_a_service(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    assert_string_equal(read_summary(&fixture), "Provider is not configured yet");
    /* A provider block that depends on something not known yet is no error, and no
     * session. */
    configure(&fixture, "{\"client_secret\":\"(unknown)\"}", NULL);
    assert_int_equal(session_fakes_alive, 0);
    assert_string_equal(read_summary(&fixture), "Provider is not configured yet");
    configure(&fixture, "{}", NULL);
    assert_int_equal(session_fakes_alive, 1);
    assert_string_equal(read_summary(&fixture), "No credential for Azure");
    end(&fixture);
}

static void a_configure_swaps_the_session_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    assert_null(rpc_session(fixture.rpc));
    configure(&fixture, "{\"client_id\":\"one\"}", NULL);
    struct session *kept = rpc_session(fixture.rpc); /* as a call under way does */
    assert_string_equal(kept->config.auth.client_id, "one");
    configure(&fixture, "{\"client_id\":\"two\"}", NULL);
    assert_int_equal(session_fakes_alive, 2);
    struct session *now = rpc_session(fixture.rpc);
    assert_string_equal(now->config.auth.client_id, "two");
    assert_string_equal(kept->config.auth.client_id, "one");
    session_free(kept);
    assert_int_equal(session_fakes_alive, 1);

    /* One that fails leaves the one before it. */
    configure(&fixture, "{\"subscription_id\":\"x\"}", "Invalid subscription_id");
    configure(&fixture, "{\"ca_bundle\":\"/missing.pem\"}",
              "Provider cannot be configured");
    struct session *still = rpc_session(fixture.rpc);
    assert_ptr_equal(still, now);
    session_free(still);
    session_free(now);
    /* One that is not known yet does not go on with the one before it. */
    configure(&fixture, "{\"client_id\":\"(unknown)\"}", NULL);
    assert_null(rpc_session(fixture.rpc));
    assert_int_equal(session_fakes_alive, 0);
    end(&fixture);
}

static void the_user_agent_names_the_host_that_configures(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    unsetenv("TF_APPEND_USER_AGENT");
    configure(&fixture, "{}", NULL);
    auto_session session = rpc_session(fixture.rpc);
    assert_string_equal(session->config.user_agent,
                        "Terraform/1.11.4 (+https://www.terraform.io) "
                        "terraform-provider-azurestack/0.1.0 "
                        "pid-222c6c49-1b0a-5959-a213-6608f9eb8820");
    session_free(take(session));
    end(&fixture);
}

static void a_stop_ends_with_the_next_run_only_where_there_is_one(void **state)
{
    (void)state;
    for (int many = 0; many < 2; many++) {
        struct fixture fixture;
        begin(&fixture, many != 0);
        assert_false(stop_is_requested(fixture.stop));
        Tfplugin6__StopProvider__Request request =
            TFPLUGIN6__STOP_PROVIDER__REQUEST__INIT;
        Tfplugin6__StopProvider__Response *response =
            ASK(&fixture, "StopProvider", request, stop_provider);
        assert_string_equal(response->error, "");
        assert_true(stop_is_requested(fixture.stop));
        configure(&fixture, "{\"subscription_id\":\"x\"}", "Invalid subscription_id");
        assert_true(stop_is_requested(fixture.stop));
        configure(&fixture, "{}", NULL);
        assert_int_equal(stop_is_requested(fixture.stop), many == 0);
        end(&fixture);
    }
}

/* ---- answers --------------------------------------------------------------------------------- */

static void a_plan_tells_what_forces_a_replacement(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    Tfplugin6__PlanResourceChange__Request request =
        TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = (char *)(uintptr_t)TYPE;
    request.prior_state = dynamic(&fixture, fixture.type, full_state);
    request.config = dynamic(
        &fixture, fixture.type,
        "{\"registration_id\":\"" HUB "2\",\"customer_subscription_id\":\"" CUSTOMER
        "\",\"tenant_id\":\"7f2d1c6e-90ab-4cde-8f01-23456789abce\"}");
    request.proposed_new_state = request.config;
    request.prior_private = rpc_put_bytes(BYTES("keep", 4));
    Tfplugin6__PlanResourceChange__Response *response =
        ASK(&fixture, "PlanResourceChange", request, plan_resource_change);
    assert_int_equal(response->n_diagnostics, 0);
    assert_int_equal(response->n_requires_replace, 2);
    assert_int_equal(response->requires_replace[0]->n_steps, 1);
    assert_string_equal(response->requires_replace[0]->steps[0]->attribute_name,
                        "registration_id");
    assert_string_equal(response->requires_replace[1]->steps[0]->attribute_name,
                        "tenant_id");
    assert_int_equal(response->planned_private.len, 4);
    assert_false(response->legacy_type_system);
    const struct value *planned = decoded(&fixture, response->planned_state);
    assert_string_equal(value_text(value_get(fixture.arena, planned, "id")),
                        HUB "2/customerSubscriptions/" CUSTOMER);
    end(&fixture);
}

static void an_import_gives_one_object_of_the_type_that_was_asked(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    Tfplugin6__ImportResourceState__Request request =
        TFPLUGIN6__IMPORT_RESOURCE_STATE__REQUEST__INIT;
    request.type_name = (char *)(uintptr_t)TYPE;
    request.id = (char *)(uintptr_t)ID;
    Tfplugin6__ImportResourceState__Response *response =
        ASK(&fixture, "ImportResourceState", request, import_resource_state);
    assert_int_equal(response->n_diagnostics, 0);
    assert_int_equal(response->n_imported_resources, 1);
    assert_string_equal(response->imported_resources[0]->type_name, TYPE);
    const struct value *imported =
        decoded(&fixture, response->imported_resources[0]->state);
    assert_string_equal(value_text(value_get(fixture.arena, imported, "id")), ID);
    assert_true(response->imported_resources[0]->private_.len > 0);

    request.id = (char *)(uintptr_t)HUB;
    response = ASK(&fixture, "ImportResourceState", request, import_resource_state);
    expect_diag(response->n_diagnostics, response->diagnostics, "Invalid import ID");
    assert_int_equal(response->n_imported_resources, 0);
    end(&fixture);
}

static void a_stored_state_is_upgraded_from_its_json(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
    raw.json = rpc_put_bytes(BYTES(full_state, strlen(full_state)));
    Tfplugin6__UpgradeResourceState__Request request =
        TFPLUGIN6__UPGRADE_RESOURCE_STATE__REQUEST__INIT;
    request.type_name = (char *)(uintptr_t)TYPE;
    request.raw_state = &raw;
    Tfplugin6__UpgradeResourceState__Response *response =
        ASK(&fixture, "UpgradeResourceState", request, upgrade_resource_state);
    assert_int_equal(response->n_diagnostics, 0);
    const struct value *upgraded = decoded(&fixture, response->upgraded_state);
    assert_string_equal(value_text(value_get(fixture.arena, upgraded, "id")), ID);

    request.version = 1;
    response = ASK(&fixture, "UpgradeResourceState", request, upgrade_resource_state);
    expect_diag(response->n_diagnostics, response->diagnostics,
                "State is newer than the provider");
    assert_null(response->upgraded_state);
    end(&fixture);
}

static void a_wrong_configuration_is_told_with_its_path(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = (char *)(uintptr_t)TYPE;
    request.config = dynamic(&fixture, fixture.type,
                             "{\"registration_id\":\"" HUB
                             "\",\"customer_subscription_id\":\"" CUSTOMER
                             "\",\"timeouts\":{\"create\":\"never\"}}");
    Tfplugin6__ValidateResourceConfig__Response *response =
        ASK(&fixture, "ValidateResourceConfig", request, validate_resource_config);
    expect_diag(response->n_diagnostics, response->diagnostics,
                "Invalid timeouts.create");
    const Tfplugin6__AttributePath *path = response->diagnostics[0]->attribute;
    assert_int_equal(path->n_steps, 2);
    assert_string_equal(path->steps[0]->attribute_name, "timeouts");
    assert_string_equal(path->steps[1]->attribute_name, "create");
    end(&fixture);
}

static void a_move_from_somebody_else_is_refused_with_its_name(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    Tfplugin6__MoveResourceState__Request request =
        TFPLUGIN6__MOVE_RESOURCE_STATE__REQUEST__INIT;
    request.source_provider_address =
        (char *)(uintptr_t) "registry.terraform.io/hashicorp/azurerm";
    request.source_type_name = (char *)(uintptr_t) "azurerm_thing";
    request.target_type_name = (char *)(uintptr_t)TYPE;
    Tfplugin6__MoveResourceState__Response *response =
        ASK(&fixture, "MoveResourceState", request, move_resource_state);
    assert_int_equal(response->n_diagnostics, 1);
    assert_int_equal(response->diagnostics[0]->severity,
                     TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    assert_non_null(strstr(response->diagnostics[0]->detail, "azurerm_thing"));
    assert_null(response->target_state);

    request.target_type_name = (char *)(uintptr_t) "azurestack_other";
    response = ASK(&fixture, "MoveResourceState", request, move_resource_state);
    expect_diag(response->n_diagnostics, response->diagnostics, "Unknown resource type");
    assert_null(response->target_state);
    end(&fixture);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static int list(struct fixture *fixture, const char *type_name, const char *config,
                struct sink *sink, struct error *err)
{
    Tfplugin6__ListResource__Request request = TFPLUGIN6__LIST_RESOURCE__REQUEST__INIT;
    const struct type *type =
        schema_rows_type(fixture->arena, customer_subscription_table.list);
    request.type_name = (char *)(uintptr_t)type_name;
    request.config = dynamic(fixture, type, config);
    sink->sink.send = take_message;
    sink->arena = fixture->arena;
    return rpc_list_resource(&fixture->call, fixture->rpc,
                             rpc_pack(fixture->arena, &request.base), &sink->sink, err);
}

static void a_list_that_fails_is_one_event_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *type_name, *config, *summary;
    } cases[] = {
        { TYPE, "{\"registration_id\":\"" HUB "\"}", "Provider is not configured yet" },
        { TYPE, "{\"registration_id\":\"" ID "\"}", "Invalid registration_id" },
        { "azurestack_nothing", "{\"registration_id\":null}", "Unknown resource type" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture;
        begin(&fixture, false);
        struct sink sink = { .most = 9 };
        struct error err = NO_ERROR;
        assert_int_equal(list(&fixture, cases[i].type_name, cases[i].config, &sink, &err),
                         0);
        assert_int_equal(sink.count, 1);
        Tfplugin6__ListResource__Event *event = rpc_unpack(
            &fixture.call, &tfplugin6__list_resource__event__descriptor, sink.last, &err);
        assert_non_null(event);
        expect_diag(event->n_diagnostic, event->diagnostic, cases[i].summary);
        assert_null(event->identity);
        assert_null(event->resource_object);
        end(&fixture);
    }
}

/* The peer left before it could be told. */
static void a_list_that_nobody_reads_ends_as_stopped(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    struct sink sink = { .most = 0 };
    struct error err = NO_ERROR;
    assert_int_equal(
        list(&fixture, TYPE, "{\"registration_id\":\"" HUB "\"}", &sink, &err), -1);
    assert_int_equal(err.kind, ERR_STOPPED);
    end(&fixture);
}

static void the_block_of_a_list_is_checked_with_its_path(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture, false);
    Tfplugin6__ValidateListResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_LIST_RESOURCE_CONFIG__REQUEST__INIT;
    const struct type *type =
        schema_rows_type(fixture.arena, customer_subscription_table.list);
    request.type_name = (char *)(uintptr_t)TYPE;
    request.config = dynamic(&fixture, type, "{\"registration_id\":\"" HUB "\"}");
    Tfplugin6__ValidateListResourceConfig__Response *answer = ASK(
        &fixture, "ValidateListResourceConfig", request, validate_list_resource_config);
    assert_int_equal(answer->n_diagnostics, 0);

    request.config = dynamic(&fixture, type, "{\"registration_id\":\"" ID "\"}");
    answer = ASK(&fixture, "ValidateListResourceConfig", request,
                 validate_list_resource_config);
    expect_diag(answer->n_diagnostics, answer->diagnostics, "Invalid registration_id");
    assert_int_equal(answer->diagnostics[0]->attribute->n_steps, 1);
    assert_string_equal(answer->diagnostics[0]->attribute->steps[0]->attribute_name,
                        "registration_id");
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(garbage_is_a_broken_protocol_for_every_rpc),
        cmocka_unit_test(a_value_of_another_type_is_a_broken_protocol),
        cmocka_unit_test(an_unknown_type_changes_nothing_and_is_told),
        cmocka_unit_test(absent_values_are_null_values),
        cmocka_unit_test(nothing_is_read_and_applied_of_nothing),
        cmocka_unit_test(before_configure_nothing_reaches_a_service),
        cmocka_unit_test(a_configure_swaps_the_session_whole),
        cmocka_unit_test(the_user_agent_names_the_host_that_configures),
        cmocka_unit_test(a_stop_ends_with_the_next_run_only_where_there_is_one),
        cmocka_unit_test(a_plan_tells_what_forces_a_replacement),
        cmocka_unit_test(an_import_gives_one_object_of_the_type_that_was_asked),
        cmocka_unit_test(a_stored_state_is_upgraded_from_its_json),
        cmocka_unit_test(a_wrong_configuration_is_told_with_its_path),
        cmocka_unit_test(a_move_from_somebody_else_is_refused_with_its_name),
        cmocka_unit_test(a_list_that_fails_is_one_event_with_the_reason),
        cmocka_unit_test(a_list_that_nobody_reads_ends_as_stopped),
        cmocka_unit_test(the_block_of_a_list_is_checked_with_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
