/* ListResource: a stream of events that keeps pace with its reader, and ends when the reader, the
 * user or the service wants it to.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "azure.h"
#include "values.h"

/* ---- asking --------------------------------------------------------------------------------- */

struct question {
    const char *registration_id;
    bool with_objects;
    int64_t limit;
};

static const Tfplugin6__Schema__Block *
list_block(const Tfplugin6__GetProviderSchema__Response *schema)
{
    assert_int_equal(schema->n_list_resource_schemas, 1);
    assert_string_equal(schema->list_resource_schemas[0]->key, RESOURCE);
    return schema->list_resource_schemas[0]->value->block;
}

static struct wire_call *begin_list(struct wire_scene *scene,
                                    const struct question *question)
{
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene->channel);
    msgpack_sbuffer config;
    msgpack_sbuffer_init(&config);
    wire_pack_object(&config, list_block(schema),
                     WIRE_FIELDS({ "registration_id", question->registration_id, NULL }));
    Tfplugin6__DynamicValue value = wire_dynamic(&config);
    Tfplugin6__ListResource__Request request = TFPLUGIN6__LIST_RESOURCE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.config = &value;
    request.include_resource_object = question->with_objects;
    request.limit = question->limit;
    struct wire_call *call =
        wire_stream_ask(scene->channel, "ListResource", &request.base);
    msgpack_sbuffer_destroy(&config);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    return call;
}

/* NULL at the end; protobuf_c_message_free_unpacked() is the caller's. */
static Tfplugin6__ListResource__Event *next_event(struct wire_call *call)
{
    struct wire_reply message;
    if (!wire_stream_read(call, &message))
        return NULL;
    Tfplugin6__ListResource__Event *event = (void *)protobuf_c_message_unpack(
        &tfplugin6__list_resource__event__descriptor, NULL, message.length, message.data);
    assert_non_null(event);
    wire_reply_clear(&message);
    return event;
}

/* An event of the object at this place of the list. */
static void expect_object(struct wire_call *call, size_t place)
{
    Tfplugin6__ListResource__Event *event = next_event(call);
    assert_non_null(event);
    if (event->n_diagnostic > 0)
        fail_msg("%s", event->diagnostic[0]->detail);
    assert_string_equal(event->display_name, wire_azure_customer(place));
    assert_non_null(event->identity);
    protobuf_c_message_free_unpacked(&event->base, NULL);
}

static void expect_end(struct wire_call *call, grpc_status_code status)
{
    struct wire_reply reply;
    wire_call_end(call, &reply);
    if (reply.status != status)
        fail_msg("status %d instead of %d, %s", (int)reply.status, (int)status,
                 reply.detail);
    wire_reply_clear(&reply);
}

/* How many events come until the end, which has to be a good one. */
static size_t count_events(struct wire_call *call)
{
    size_t count = 0;
    for (Tfplugin6__ListResource__Event *event; (event = next_event(call)) != NULL;) {
        assert_int_equal(event->n_diagnostic, 0);
        protobuf_c_message_free_unpacked(&event->base, NULL);
        count++;
    }
    expect_end(call, GRPC_STATUS_OK);
    return count;
}

/* Worker methods are served: there is a thread for them. */
static void expect_free_worker(struct wire_scene *scene)
{
    struct wire_reply reply;
    wire_ask(scene->channel, "ValidateResourceConfig", NULL, 0, &reply);
    assert_int_equal(reply.status, GRPC_STATUS_OK);
    wire_reply_clear(&reply);
}

static void open_scene(struct wire_scene *scene, struct wire_azure **azure,
                       const struct wire_azure_options *options)
{
    *azure = wire_azure_new(options);
    wire_azure_scene(*azure, scene);
}

static void close_scene(struct wire_scene *scene, struct wire_azure *azure)
{
    wire_azure_open_page(azure);
    wire_scene_close(scene);
    wire_azure_free(azure);
}

static const struct question all = { .registration_id = REGISTRATION_ID };

/* ---- what comes ------------------------------------------------------------------------------- */

static void the_events_of_three_pages_come_in_order(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &(struct wire_azure_options){ .pages = 3, .per_page = 2 });
    struct wire_call *call = begin_list(&scene, &all);
    for (size_t place = 0; place < 6; place++)
        expect_object(call, place);
    assert_null(next_event(call));
    expect_end(call, GRPC_STATUS_OK);
    assert_int_equal(wire_azure_pages_asked(azure), 3);
    close_scene(&scene, azure);
}

static void what_a_page_shows_is_sent_before_the_next_one_has_come(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(
        &scene, &azure,
        &(struct wire_azure_options){ .pages = 2, .per_page = 3, .closed_page = 2 });
    struct wire_call *call = begin_list(&scene, &all);
    for (size_t place = 0; place < 3; place++)
        expect_object(call, place);
    wire_azure_wait_for_page(azure, 2);
    assert_false(wire_call_is_done(call));
    wire_azure_open_page(azure);
    for (size_t place = 3; place < 6; place++)
        expect_object(call, place);
    assert_null(next_event(call));
    expect_end(call, GRPC_STATUS_OK);
    close_scene(&scene, azure);
}

static void no_more_than_the_limit_comes_and_no_further_page_is_asked_for(void **state)
{
    (void)state;
    static const struct {
        int64_t limit;
        size_t events, pages;
    } cases[] = {
        { 1, 1, 1 }, { 2, 2, 1 }, { 3, 3, 2 }, { 6, 6, 3 }, { 100, 6, 3 }, { 0, 6, 3 },
    };
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &(struct wire_azure_options){ .pages = 3, .per_page = 2 });
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t before = wire_azure_pages_asked(azure);
        struct question question = all;
        question.limit = cases[i].limit;
        assert_int_equal(count_events(begin_list(&scene, &question)), cases[i].events);
        assert_int_equal(wire_azure_pages_asked(azure) - before, cases[i].pages);
    }
    close_scene(&scene, azure);
}

static void a_list_of_nothing_ends_without_an_event(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &(struct wire_azure_options){ .pages = 0, .per_page = 2 });
    assert_int_equal(count_events(begin_list(&scene, &all)), 0);
    close_scene(&scene, azure);
}

/* What configuration is generated from it has to pass validation: tenants that Azure shows in
 * capitals are lower case here. */
static void check_objects(bool has_no_ids)
{
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure,
               &(struct wire_azure_options){
                   .pages = 1, .per_page = 2, .has_no_ids = has_no_ids });
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene.channel);
    struct question question = all;
    question.with_objects = true;
    struct wire_call *call = begin_list(&scene, &question);
    for (size_t place = 0; place < 2; place++) {
        Tfplugin6__ListResource__Event *event = next_event(call);
        char id[400];
        snprintf(id, sizeof id, REGISTRATION_ID "/customerSubscriptions/%s",
                 wire_azure_customer(place));
        msgpack_sbuffer want;
        msgpack_sbuffer_init(&want);
        wire_pack_object(
            &want, wire_resource_block(schema),
            WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                        { "customer_subscription_id", wire_azure_customer(place), NULL },
                        { "tenant_id", wire_azure_tenant(place), NULL },
                        { "id", id, NULL }));
        assert_non_null(event->resource_object);
        wire_check_object(&event->resource_object->msgpack, &want);
        msgpack_sbuffer_destroy(&want);
        wire_check_identity(event->identity, wire_azure_customer(place));
        protobuf_c_message_free_unpacked(&event->base, NULL);
    }
    assert_null(next_event(call));
    expect_end(call, GRPC_STATUS_OK);

    call = begin_list(&scene, &all); /* not asked for */
    Tfplugin6__ListResource__Event *event = next_event(call);
    assert_null(event->resource_object);
    protobuf_c_message_free_unpacked(&event->base, NULL);
    assert_int_equal(count_events(call), 1);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    close_scene(&scene, azure);
}

static void an_object_comes_when_asked_for_as_a_read_would_give_it(void **state)
{
    (void)state;
    check_objects(false);
}

static void an_object_that_says_its_name_alone_comes_just_so(void **state)
{
    (void)state;
    check_objects(true);
}

/* ---- what goes wrong ---------------------------------------------------------------------------- */

/* An event that is of no object and has one error, then a good end. */
static void expect_error(struct wire_call *call, const char *text)
{
    Tfplugin6__ListResource__Event *event = next_event(call);
    assert_non_null(event);
    assert_int_equal(event->n_diagnostic, 1);
    assert_int_equal(event->diagnostic[0]->severity,
                     TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    if (strstr(event->diagnostic[0]->detail, text) == NULL)
        fail_msg("%s: %s", event->diagnostic[0]->summary, event->diagnostic[0]->detail);
    assert_null(event->identity);
    protobuf_c_message_free_unpacked(&event->base, NULL);
    assert_null(next_event(call));
    expect_end(call, GRPC_STATUS_OK);
}

static void a_page_that_is_refused_is_an_event_after_those_that_came(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(
        &scene, &azure,
        &(struct wire_azure_options){ .pages = 3, .per_page = 2, .refused_page = 2 });
    struct wire_call *call = begin_list(&scene, &all);
    expect_object(call, 0);
    expect_object(call, 1);
    /* The remedy of the table, and what support asks for behind it. */
    expect_error(call,
                 "customerSubscriptions/read, write and delete on the registration: "
                 "Contributor has them, the built-in Azure Stack Registration Owner does "
                 "not. An assignment takes a few minutes to count.\n\n"
                 "HTTP status:     403\nError code:      AuthorizationFailed\n"
                 "Correlation ID:");
    close_scene(&scene, azure);
}

static void a_wrong_configuration_reaches_no_service(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &(struct wire_azure_options){ .pages = 1, .per_page = 2 });
    struct question question = { .registration_id = "berlin" };
    expect_error(begin_list(&scene, &question), "berlin");

    /* The same by the rpc that hosts ask first, with the attribute at fault. */
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene.channel);
    msgpack_sbuffer config;
    msgpack_sbuffer_init(&config);
    wire_pack_object(&config, list_block(schema),
                     WIRE_FIELDS({ "registration_id", "berlin", NULL }));
    Tfplugin6__DynamicValue value = wire_dynamic(&config);
    Tfplugin6__ValidateListResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_LIST_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.config = &value;
    Tfplugin6__ValidateListResourceConfig__Response *answer =
        wire_ask_message(scene.channel, "ValidateListResourceConfig", &request.base,
                         &tfplugin6__validate_list_resource_config__response__descriptor);
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    const Tfplugin6__AttributePath *path = answer->diagnostics[0]->attribute;
    assert_non_null(path);
    assert_int_equal(path->n_steps, 1);
    assert_string_equal(path->steps[0]->attribute_name, "registration_id");
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    msgpack_sbuffer_destroy(&config);
    assert_int_equal(wire_azure_pages_asked(azure), 0);
    close_scene(&scene, azure);
}

static void before_configure_the_reason_is_an_event(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    expect_error(begin_list(&scene, &all), "provider block");
    wire_scene_close(&scene);
}

static void garbage_ends_the_stream_as_a_broken_protocol(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    /* A configuration that is no object. */
    Tfplugin6__DynamicValue value = wire_dynamic(&wire_unknown);
    value.msgpack.len = 1;
    Tfplugin6__ListResource__Request request = TFPLUGIN6__LIST_RESOURCE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.config = &value;
    struct wire_call *call =
        wire_stream_ask(scene.channel, "ListResource", &request.base);
    assert_null(next_event(call));
    expect_end(call, GRPC_STATUS_INVALID_ARGUMENT);

    /* Over the 4 MB that gRPC itself would take: read, and not understood. */
    value.msgpack.len = 5 * 1024 * 1024;
    value.msgpack.data = calloc(1, value.msgpack.len);
    call = wire_stream_ask(scene.channel, "ListResource", &request.base);
    assert_null(next_event(call));
    expect_end(call, GRPC_STATUS_INVALID_ARGUMENT);
    free(value.msgpack.data);
    wire_scene_close(&scene);
}

/* ---- who reads it ------------------------------------------------------------------------------- */

/* One such page is more than gRPC holds for a peer that does not read. */
static const struct wire_azure_options big = { .pages = 40, .per_page = 300 };
static const struct question with_objects = { .registration_id = REGISTRATION_ID,
                                              .with_objects = true };

/* Asks something that needs no worker, and so does the client's part of all streams. */
static void poll_streams(struct wire_scene *scene)
{
    struct wire_reply reply;
    wire_ask(scene->channel, "GetMetadata", NULL, 0, &reply);
    wire_reply_clear(&reply);
}

/* At least so many, and then until none was asked for in half a second. */
static size_t pages_when_it_rests(struct wire_scene *scene, struct wire_azure *azure,
                                  size_t least)
{
    wire_azure_wait_for_page(azure, least);
    size_t count = 0;
    for (long long since = wire_now_ms(); wire_now_ms() - since < 500;) {
        poll_streams(scene);
        if (wire_azure_pages_asked(azure) == count)
            continue;
        count = wire_azure_pages_asked(azure);
        since = wire_now_ms();
    }
    return count;
}

static void a_reader_that_does_not_read_stops_the_asking_for_pages(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &big);
    struct wire_call *call = begin_list(&scene, &with_objects);
    assert_true(pages_when_it_rests(&scene, azure, 1) < big.pages / 2);
    assert_int_equal(count_events(call), big.pages * big.per_page);
    assert_int_equal(wire_azure_pages_asked(azure), big.pages);
    close_scene(&scene, azure);
}

static void a_reader_that_has_enough_ends_it(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &big);
    struct wire_call *call = begin_list(&scene, &with_objects);
    for (size_t place = 0; place < 3; place++)
        expect_object(call, place);
    wire_call_cancel(call);
    expect_end(call, GRPC_STATUS_CANCELLED);
    assert_true(pages_when_it_rests(&scene, azure, 1) < big.pages / 2);
    close_scene(&scene, azure);
}

/* While the next page is being waited for, which can take minutes. */
static void a_reader_that_leaves_is_noticed_while_a_page_is_under_way(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(
        &scene, &azure,
        &(struct wire_azure_options){ .pages = 2, .per_page = 1, .closed_page = 2 });
    struct wire_call *call = begin_list(&scene, &all);
    expect_object(call, 0);
    wire_azure_wait_for_page(azure, 2);
    wire_call_cancel(call);
    expect_end(call, GRPC_STATUS_CANCELLED);
    expect_free_worker(&scene);
    close_scene(&scene, azure); /* ends at once: nobody waits for that page */
}

/* More of them than there are workers, each held up by a reader that does not read. */
enum { WORKERS = 64, MANY = 70 };

static void begin_many(struct wire_scene *scene, struct wire_azure *azure,
                       struct wire_call **calls)
{
    for (size_t i = 0; i < MANY; i++)
        calls[i] = begin_list(scene, &with_objects);
    /* Sent by the polling of the client, to which the streams belong. */
    for (long long end = wire_now_ms() + WIRE_LIMIT_MS;
         wire_azure_pages_asked(azure) < WORKERS;) {
        assert_true(wire_now_ms() < end);
        poll_streams(scene);
    }
    /* Each worker has its page, and cannot get rid of it. */
    assert_int_equal(pages_when_it_rests(scene, azure, WORKERS), WORKERS);
}

static void readers_that_leave_free_their_workers(void **state)
{
    (void)state;
    static struct wire_call *calls[MANY];
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &big);
    begin_many(&scene, azure, calls);
    for (size_t i = 0; i < MANY; i++) {
        wire_call_cancel(calls[i]);
        expect_end(calls[i], GRPC_STATUS_CANCELLED);
    }
    wire_channel_free(scene.channel);
    scene.channel = wire_connect(scene.provider, scene.host);
    expect_free_worker(&scene);
    close_scene(&scene, azure);
}

static void a_stop_ends_lists_that_nobody_reads(void **state)
{
    (void)state;
    static struct wire_call *calls[MANY];
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(&scene, &azure, &big);
    begin_many(&scene, azure, calls);
    struct wire_reply reply;
    wire_ask(scene.channel, "StopProvider", NULL, 0, &reply);
    wire_reply_clear(&reply);
    expect_free_worker(&scene); /* though none of them was read or cancelled */
    for (size_t i = 0; i < MANY; i++) {
        wire_call_cancel(calls[i]);
        wire_call_end(calls[i], &reply);
        wire_reply_clear(&reply);
    }
    close_scene(&scene, azure);
}

static void a_stop_is_an_event_of_a_list_that_is_read(void **state)
{
    (void)state;
    struct wire_azure *azure;
    struct wire_scene scene;
    open_scene(
        &scene, &azure,
        &(struct wire_azure_options){ .pages = 2, .per_page = 1, .closed_page = 2 });
    struct wire_call *call = begin_list(&scene, &all);
    expect_object(call, 0);
    wire_azure_wait_for_page(azure, 2);
    struct wire_reply reply;
    wire_ask(scene.channel, "StopProvider", NULL, 0, &reply);
    wire_reply_clear(&reply);
    expect_error(call, "stopped");
    close_scene(&scene, azure);
}

/* A second Ctrl-C: the process ends beside a list that nobody reads. */
static void check_shutdown(const char *variable)
{
    struct wire_azure *azure = wire_azure_new(&big);
    struct wire_scene scene;
    wire_azure_scene_with(azure, &scene, variable);
    struct wire_call *call = begin_list(&scene, &with_objects);
    expect_object(call, 0);
    struct wire_reply reply;
    wire_ask(scene.channel, "/plugin.GRPCController/Shutdown", NULL, 0, &reply);
    assert_int_equal(reply.status, GRPC_STATUS_OK);
    wire_reply_clear(&reply);
    assert_true(wire_wait_for_exit(scene.provider, WIRE_LIMIT_MS));
    assert_int_equal(scene.provider->status, 0);
    wire_call_cancel(call);
    wire_call_end(call, &reply);
    wire_reply_clear(&reply);
    close_scene(&scene, azure);
}

static void shutdown_does_not_wait_for_a_reader(void **state)
{
    (void)state;
    check_shutdown(NULL);
    check_shutdown("AZURESTACK_ORDERLY_EXIT=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_events_of_three_pages_come_in_order),
        cmocka_unit_test(what_a_page_shows_is_sent_before_the_next_one_has_come),
        cmocka_unit_test(no_more_than_the_limit_comes_and_no_further_page_is_asked_for),
        cmocka_unit_test(a_list_of_nothing_ends_without_an_event),
        cmocka_unit_test(an_object_comes_when_asked_for_as_a_read_would_give_it),
        cmocka_unit_test(an_object_that_says_its_name_alone_comes_just_so),
        cmocka_unit_test(a_page_that_is_refused_is_an_event_after_those_that_came),
        cmocka_unit_test(a_wrong_configuration_reaches_no_service),
        cmocka_unit_test(before_configure_the_reason_is_an_event),
        cmocka_unit_test(garbage_ends_the_stream_as_a_broken_protocol),
        cmocka_unit_test(a_reader_that_does_not_read_stops_the_asking_for_pages),
        cmocka_unit_test(a_reader_that_has_enough_ends_it),
        cmocka_unit_test(a_reader_that_leaves_is_noticed_while_a_page_is_under_way),
        cmocka_unit_test(readers_that_leave_free_their_workers),
        cmocka_unit_test(a_stop_ends_lists_that_nobody_reads),
        cmocka_unit_test(a_stop_is_an_event_of_a_list_that_is_read),
        cmocka_unit_test(shutdown_does_not_wait_for_a_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
