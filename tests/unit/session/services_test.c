/* Services besides public Azure: what each remembers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/collection.h"
#include "session/object_flags.h"
#include "support/session_run.h"
#include "support/toy.h"

static struct service_config toy_config(const char *name)
{
    return (struct service_config){
        .name = name,
        .dialect = &toy_dialect,
        .endpoint = TOY_ENDPOINT,
        .audience = TOY_AUDIENCE,
        .missing = "Write: toy { endpoint = \"…\" }",
        .is_case_sensitive = true,
        .auth = { .tenant_id = TOY_TENANT, .client_id = "c", .client_secret = "s" },
    };
}

static struct service *find(struct session_run *run, const char *name)
{
    struct service *service;
    if (session_service(run->session, &run->call, name, &service, &run->err) < 0)
        fail_msg("%s: %s", name, run->err.text);
    return service;
}

TEST(two_services_share_no_evidence_and_have_their_own_case)
{
    const struct service_config both[] = { toy_config("toy"), toy_config("twin") };
    struct session_config config = session_run_config();
    config.services = both;
    config.service_count = 2;
    auto_session_run run = session_run_new(&config, ANSWERS({ 0 }));
    struct service *toy = find(run, "toy"), *twin = find(run, "twin");
    struct service *azure = find(run, "azure");
    const struct rest_collection_options options = { "/v1/shops/1", "/v1/shops/1/widgets", "1" };
    assert_true(object_flags_add(service_object_flags(toy), OBJECT_READABLE, "/v1/widgets"));
    assert_false(object_flags_has(service_object_flags(twin), OBJECT_READABLE, "/v1/widgets"));
    struct rest_collection *one = rest_collections_find(service_collections(toy), &options);
    struct rest_collection *other = rest_collections_find(service_collections(twin), &options);
    assert_ptr_not_equal(one, other);
    rest_collection_record_present(one, "/v1/shops/1/widgets/17", NULL);
    assert_null(rest_collection_recall(&run->call, other, "/v1/shops/1/widgets/17"));
    assert_ptr_not_equal(service_claims(toy), service_claims(twin));
    /* Names that differ in case are two where the service says so. */
    object_flags_add(service_object_flags(toy), OBJECT_DELETED, "/v1/parts/pin");
    object_flags_add(service_object_flags(azure), OBJECT_DELETED, "/subscriptions/a");
    assert_false(object_flags_has(service_object_flags(toy), OBJECT_DELETED, "/v1/parts/PIN"));
    assert_true(object_flags_has(service_object_flags(azure), OBJECT_DELETED, "/Subscriptions/A"));
}

static const char *own_directory(struct session_run *run, struct service *service)
{
    const char *own;
    struct error err = NO_ERROR;
    assert_int_equal(service_find_own_directory(service, &run->call, &own, &err), 0);
    return own;
}

TEST(a_service_knows_its_own_directory_once_its_metadata_said)
{
    static const char metadata[] =
        "{'authentication':{'loginEndpoint':'https://login.microsoftonline.com/"
        "7f2d1c6e-90ab-4cde-8f01-23456789abcd','audiences':['https://management.hub.test/x']}}";
    static const struct {
        const char *configured, *own;
    } rows[] = { { NULL, "7f2d1c6e-90ab-4cde-8f01-23456789abcd" },
                 { "0F2D1C6E-90AB-4CDE-8F01-23456789ABCD",
                   "0f2d1c6e-90ab-4cde-8f01-23456789abcd" } };
    EACH (row, rows) {
        struct service_config hub = toy_config("toy");
        hub.publishes_sign_in = true;
        hub.endpoint = "https://management.hub.test";
        hub.audience = NULL;
        hub.block = "hub", hub.endpoint_name = "endpoint";
        hub.auth.tenant_id = row->configured;
        struct session_config config = session_run_config();
        config.services = &hub;
        config.service_count = 1;
        auto_session_run run = session_run_new(&config, ANSWERS({ 200, .body = metadata }));
        struct service *early = session_find_service(run->session, "toy");
        assert_null(own_directory(run, early));
        assert_same_text(own_directory(run, find(run, "toy")), row->own);
    }
}
