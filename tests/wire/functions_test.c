/* GetFunctions and CallFunction: pure, and served before any Configure.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"
#include "values.h"

#define MAPPING_ID REGISTRATION_ID "/customerSubscriptions/" CUSTOMER_ID
#define SUBSCRIPTION_ID "aaaaaaaa-0000-4000-8000-000000000001"

enum { ARGUMENTS_MAX = 3 };

struct invocation {
    const char *name;
    const char *arguments[ARGUMENTS_MAX + 1]; /* ends with NULL */
};

static void pack_text(msgpack_sbuffer *out, const char *text)
{
    msgpack_packer packer;
    msgpack_sbuffer_init(out);
    msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
    msgpack_pack_str_with_body(&packer, text, strlen(text));
}

static Tfplugin6__CallFunction__Response *call_raw(struct wire_scene *scene,
                                                   const char *name,
                                                   Tfplugin6__DynamicValue **arguments,
                                                   size_t count)
{
    Tfplugin6__CallFunction__Request request = TFPLUGIN6__CALL_FUNCTION__REQUEST__INIT;
    request.name = (char *)(uintptr_t)name;
    request.arguments = arguments;
    request.n_arguments = count;
    return wire_ask_message(scene->channel, "CallFunction", &request.base,
                            &tfplugin6__call_function__response__descriptor);
}

static Tfplugin6__CallFunction__Response *invoke(struct wire_scene *scene,
                                                 const struct invocation *what)
{
    msgpack_sbuffer packed[ARGUMENTS_MAX];
    Tfplugin6__DynamicValue values[ARGUMENTS_MAX], *list[ARGUMENTS_MAX];
    size_t count = 0;
    for (; what->arguments[count] != NULL; count++) {
        pack_text(&packed[count], what->arguments[count]);
        values[count] = wire_dynamic(&packed[count]);
        list[count] = &values[count];
    }
    Tfplugin6__CallFunction__Response *answer = call_raw(scene, what->name, list, count);
    for (size_t i = 0; i < count; i++)
        msgpack_sbuffer_destroy(&packed[i]);
    return answer;
}

static void there_are_five_as_the_schema_says(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene.channel);
    Tfplugin6__GetFunctions__Request request = TFPLUGIN6__GET_FUNCTIONS__REQUEST__INIT;
    Tfplugin6__GetFunctions__Response *answer =
        wire_ask_message(scene.channel, "GetFunctions", &request.base,
                         &tfplugin6__get_functions__response__descriptor);
    assert_int_equal(answer->n_diagnostics, 0);
    assert_int_equal(answer->n_functions, 5);
    assert_int_equal(schema->n_functions, 5);
    for (size_t i = 0; i < 5; i++) {
        const Tfplugin6__Function *one = answer->functions[i]->value;
        assert_string_equal(answer->functions[i]->key, schema->functions[i]->key);
        assert_int_equal(one->n_parameters, schema->functions[i]->value->n_parameters);
        assert_true(one->n_parameters > 0);
        assert_true(one->return_->type.len > 0);
        assert_true(strlen(one->summary) > 0);
        assert_null(one->variadic_parameter);
        for (size_t k = 0; k < one->n_parameters; k++) {
            assert_false(one->parameters[k]->allow_null_value);
            assert_false(one->parameters[k]->allow_unknown_values);
        }
    }
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    wire_scene_close(&scene);
}

static void ids_are_put_together(void **state)
{
    (void)state;
    static const struct {
        struct invocation what;
        const char *text;
    } cases[] = {
        { { "build_registration_id", { SUBSCRIPTION_ID, "azurestack", "berlin" } },
          REGISTRATION_ID },
        { { "build_customer_subscription_id", { REGISTRATION_ID, CUSTOMER_ID } },
          MAPPING_ID },
        { { "normalize_subscription_id",
            { " /subscriptions/AAAAAAAA-0000-4000-8000-000000000001 " } },
          SUBSCRIPTION_ID },
    };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Tfplugin6__CallFunction__Response *answer = invoke(&scene, &cases[i].what);
        if (answer->error != NULL)
            fail_msg("%s: %s", cases[i].what.name, answer->error->text);
        msgpack_sbuffer want;
        pack_text(&want, cases[i].text);
        assert_int_equal(answer->result->msgpack.len, want.size);
        assert_memory_equal(answer->result->msgpack.data, want.data, want.size);
        msgpack_sbuffer_destroy(&want);
        protobuf_c_message_free_unpacked(&answer->base, NULL);
    }
    wire_scene_close(&scene);
}

static void ids_are_taken_apart(void **state)
{
    (void)state;
    static const char *const members[] = { "subscription_id",
                                           SUBSCRIPTION_ID,
                                           "resource_group_name",
                                           "azurestack",
                                           "name",
                                           "berlin",
                                           "id",
                                           REGISTRATION_ID };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    /* Without its slash, the fixed words in another case: what people have at hand. */
    Tfplugin6__CallFunction__Response *answer =
        invoke(&scene, &(struct invocation){
                           "parse_registration_id",
                           { "subscriptions/" SUBSCRIPTION_ID "/resourcegroups/azurestack"
                             "/providers/microsoft.azurestack/REGISTRATIONS/berlin" } });
    if (answer->error != NULL)
        fail_msg("%s", answer->error->text);
    msgpack_sbuffer want;
    msgpack_packer packer;
    msgpack_sbuffer_init(&want);
    msgpack_packer_init(&packer, &want, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 4);
    for (size_t i = 0; i < 8; i++)
        msgpack_pack_str_with_body(&packer, members[i], strlen(members[i]));
    wire_check_object(&answer->result->msgpack, &want);
    msgpack_sbuffer_destroy(&want);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_scene_close(&scene);
}

static void check_fault(Tfplugin6__CallFunction__Response *answer, int64_t at,
                        const char *text)
{
    assert_null(answer->result);
    assert_non_null(answer->error);
    if (strstr(answer->error->text, text) == NULL)
        fail_msg("%s", answer->error->text);
    assert_int_equal(
        answer->error->function_argument_presence_case,
        at < 0 ? TFPLUGIN6__FUNCTION_ERROR__FUNCTION_ARGUMENT_PRESENCE__NOT_SET
               : TFPLUGIN6__FUNCTION_ERROR__FUNCTION_ARGUMENT_PRESENCE_FUNCTION_ARGUMENT);
    if (at >= 0)
        assert_int_equal(answer->error->function_argument, at);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
}

static void an_argument_at_fault_is_named_by_its_place(void **state)
{
    (void)state;
    static const struct {
        struct invocation what;
        int at;
        const char *text;
    } cases[] = {
        { { "parse_registration_id", { MAPPING_ID } }, 0, "customer subscription" },
        { { "parse_customer_subscription_id", { "contoso" } }, 0, "form" },
        { { "build_registration_id", { "contoso", "azurestack", "berlin" } }, 0, "" },
        { { "build_registration_id", { SUBSCRIPTION_ID, "", "berlin" } }, 1, "name" },
        { { "build_registration_id", { SUBSCRIPTION_ID, "azurestack", "a/b" } },
          2,
          "name" },
        { { "build_customer_subscription_id", { REGISTRATION_ID, "contoso" } }, 1, "" },
        { { "build_customer_subscription_id", { REGISTRATION_ID } }, 1, "missing" },
        { { "nothing", { "x" } }, -1, "no function" },
    };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_fault(invoke(&scene, &cases[i].what), cases[i].at, cases[i].text);
    wire_scene_close(&scene);
}

/* No host sends these, since no parameter allows them. */
static void what_is_no_known_text_is_a_fault_of_its_argument(void **state)
{
    (void)state;
    static const msgpack_sbuffer null = { .size = 1, .data = (char *)"\xC0" },
                                 number = { .size = 1, .data = (char *)"\x07" },
                                 nul = { .size = 3, .data = (char *)"\xA2\x61\x00" };
    const msgpack_sbuffer *const odd[] = { &null, &number, &nul, &wire_unknown };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        Tfplugin6__DynamicValue value = wire_dynamic(odd[i]), *list[] = { &value };
        check_fault(call_raw(&scene, "normalize_subscription_id", list, 1), 0, "");
    }
    wire_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_five_as_the_schema_says),
        cmocka_unit_test(ids_are_put_together),
        cmocka_unit_test(ids_are_taken_apart),
        cmocka_unit_test(an_argument_at_fault_is_named_by_its_place),
        cmocka_unit_test(what_is_no_known_text_is_a_fault_of_its_argument),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
