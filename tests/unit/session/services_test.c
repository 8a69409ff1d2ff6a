/* Services besides public Azure: what each remembers, and what is refused.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/collection.h"
#include "session/claims.h"
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

TEST(a_service_that_is_not_configured_says_so_at_its_first_use)
{
    struct service_config toy = toy_config("toy");
    toy.endpoint = NULL;
    struct service *service;
    auto_session_run run = session_run_with(&toy, 1, ANSWERS({ 0 }));
    find(run, "azure");
    assert_int_equal(session_service(run->session, &run->call, "toy", &service, &run->err), -1);
    assert_error(&run->err, ERR_CREDENTIAL, toy.missing);
    assert_int_equal(session_run_sent(run), 0);
}

TEST(an_endpoint_without_encryption_is_refused_at_once)
{
    struct service_config toy = toy_config("toy");
    toy.endpoint = "http://toy.example.com";
    struct session_config config = session_run_config();
    config.services = &toy;
    config.service_count = 1;
    struct session_run run;
    assert_int_equal(session_run_try(&run, &config, ANSWERS({ 0 })), -1);
    assert_error(&run.err, ERR_INVALID, "toy");
    session_run_end(&run);
}

TEST(two_services_share_no_evidence_and_have_their_own_case)
{
    const struct service_config both[] = { toy_config("toy"), toy_config("twin") };
    auto_session_run run = session_run_with(both, 2, ANSWERS({ 0 }));
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

TEST(a_credential_of_one_tenant_says_so_where_another_is_needed)
{
    struct service_config toy = toy_config("toy");
    toy.auth = (struct auth_config){ .uses_msi = true };
    struct rest_client *arm;
    auto_session_run run = session_run_with(&toy, 1, ANSWERS({ 0 }));
    assert_int_equal(service_client_of_tenant(find(run, "toy"), "other", &arm, &run->err), -1);
    assert_error(&run->err, ERR_CREDENTIAL, "one tenant only");
    assert_int_equal(session_run_sent(run), 0);
}

/* Whose tokens it uses, the exchanges check. */
TEST(a_client_of_another_tenant_is_made_once)
{
    const struct service_config toy = toy_config("toy");
    struct rest_client *client, *again;
    auto_session_run run = session_run_with(&toy, 1, ANSWERS({ 0 }));
    struct service *service = find(run, "toy");
    assert_int_equal(service_client_of_tenant(service, "other", &client, &run->err), 0);
    assert_int_equal(service_client_of_tenant(service, "OTHER", &again, &run->err), 0);
    assert_ptr_equal(client, again);
    assert_ptr_not_equal(client, service_client(service));
}
