/* Services besides public Azure: their own addresses, tokens and memory.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/client.h"
#include "rest/collection.h"
#include "session/claims.h"
#include "session/object_flags.h"
#include "session/session.h"
#include "support/fake_transport.h"
#include "support/test.h"
#include "support/toy.h"

#define TOKEN(name) "{\"expires_in\":3599,\"access_token\":\"" name "\"}"

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

struct made {
    struct call call;
    struct fake_transport *fake;
    struct session *session;
    struct error err;
};

static int make(struct made *out, const struct service_config *services, size_t count,
                const struct fake_answer *answers)
{
    *out = (struct made){ .fake = fake_transport_new(answers) };
    call_init(&out->call, NULL);
    const struct session_config config = {
        .services = services,
        .service_count = count,
        .environment = "public",
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "s" },
    };
    return session_new_over(&config, fake_transport_base(out->fake), &out->session,
                            &out->err);
}

static void clear(struct made *made)
{
    session_free(made->session);
    call_clear(&made->call);
}

static struct service *find(struct made *made, const char *name)
{
    struct service *service;
    if (session_service(made->session, &made->call, name, &service, &made->err) < 0)
        fail_msg("%s: %s", name, made->err.text);
    return service;
}

static void get(struct made *made, struct rest_client *arm)
{
    const struct rest_request request = { .method = "GET",
                                          .id = "/v1/widgets/17",
                                          .api_version = "1" };
    auto_rest_reply reply = NULL;
    if (rest_read(&made->call, arm, &request, &reply, &made->err) < 0)
        fail_msg("%s", made->err.text);
}

static void assert_token(struct made *made, size_t number, const char *tenant,
                         const char *scope)
{
    const struct fake_request *request = fake_transport_request(made->fake, number);
    char url[200];
    snprintf(url, sizeof url, "https://login.microsoftonline.com/%s/oauth2/v2.0/token",
             tenant);
    assert_string_equal(request->url, url);
    const char *sent = strstr(request->body, "scope=");
    assert_non_null(sent);
    assert_memory_equal(sent + strlen("scope="), scope, strlen(scope));
}

static void assert_bearer(struct made *made, size_t number, const char *url,
                          const char *token)
{
    const struct fake_request *request = fake_transport_request(made->fake, number);
    assert_memory_equal(request->url, url, strlen(url));
    assert_string_equal(request->bearer, token);
}

TEST(each_service_has_tokens_of_its_own_tenant_and_audience)
{
    static const struct fake_answer answers[] = {
        { 200, .body = TOKEN("of-azure") },
        { .status = 404 },
        { 200, .body = TOKEN("of-toy") },
        { .status = 404 },
        { .status = 404 },
        { .status = 404 },
        { 0 },
    };
    const struct service_config toy = toy_config("toy");
    struct made made;
    assert_int_equal(make(&made, &toy, 1, answers), 0);
    assert_int_equal(fake_transport_count(made.fake), 0);
    get(&made, service_client(find(&made, "azure")));
    get(&made, service_client(find(&made, "toy")));
    get(&made, service_client(find(&made, "azure")));
    get(&made, service_client(find(&made, "toy")));
    assert_token(&made, 0, "t", "https%3A%2F%2Fmanagement.azure.com%2F.default");
    assert_bearer(&made, 1, "https://management.azure.com/", "of-azure");
    assert_token(&made, 2, TOY_TENANT, "api%3A%2F%2Ftoy%2F.default");
    assert_bearer(&made, 3, TOY_ENDPOINT "/", "of-toy");
    assert_bearer(&made, 4, "https://management.azure.com/", "of-azure");
    assert_bearer(&made, 5, TOY_ENDPOINT "/", "of-toy");
    clear(&made);
}

TEST(an_audience_that_is_left_out_is_the_endpoint)
{
    static const struct fake_answer answers[] = { { 200, .body = TOKEN("x") },
                                                  { .status = 404 },
                                                  { 0 } };
    struct service_config toy = toy_config("toy");
    toy.audience = NULL;
    struct made made;
    assert_int_equal(make(&made, &toy, 1, answers), 0);
    get(&made, service_client(find(&made, "toy")));
    assert_token(&made, 0, TOY_TENANT, "https%3A%2F%2Ftoy.example.com%2F.default");
    clear(&made);
}

TEST(a_service_that_is_not_configured_says_so_at_its_first_use)
{
    static const struct fake_answer answers[] = { { 0 } };
    struct service_config toy = toy_config("toy");
    toy.endpoint = NULL;
    struct made made;
    struct service *service;
    assert_int_equal(make(&made, &toy, 1, answers), 0);
    find(&made, "azure");
    assert_int_equal(
        session_service(made.session, &made.call, "toy", &service, &made.err), -1);
    assert_int_equal(made.err.kind, ERR_CREDENTIAL);
    assert_string_equal(made.err.text, toy.missing);
    assert_int_equal(fake_transport_count(made.fake), 0);
    clear(&made);
}

TEST(an_endpoint_without_encryption_is_refused_at_once)
{
    static const struct fake_answer answers[] = { { 0 } };
    struct service_config toy = toy_config("toy");
    toy.endpoint = "http://toy.example.com";
    struct made made;
    assert_int_equal(make(&made, &toy, 1, answers), -1);
    assert_int_equal(made.err.kind, ERR_INVALID);
    assert_non_null(strstr(made.err.text, "toy"));
    call_clear(&made.call);
}

TEST(two_services_with_equal_paths_share_no_evidence)
{
    static const struct fake_answer answers[] = { { 0 } };
    const struct service_config both[] = { toy_config("toy"), toy_config("twin") };
    struct made made;
    assert_int_equal(make(&made, both, 2, answers), 0);
    struct service *toy = find(&made, "toy"), *twin = find(&made, "twin");
    const struct rest_collection_options options = { .parent_id = "/v1/shops/1",
                                                     .list_id = "/v1/shops/1/widgets",
                                                     .api_version = "1" };
    assert_true(
        object_flags_add(service_object_flags(toy), OBJECT_READABLE, "/v1/widgets"));
    assert_false(
        object_flags_has(service_object_flags(twin), OBJECT_READABLE, "/v1/widgets"));
    struct rest_collection *one =
        rest_collections_find(service_collections(toy), &options);
    struct rest_collection *other =
        rest_collections_find(service_collections(twin), &options);
    assert_ptr_not_equal(one, other);
    rest_collection_record_present(one, "/v1/shops/1/widgets/17", NULL);
    assert_null(rest_collection_recall(&made.call, other, "/v1/shops/1/widgets/17"));
    assert_ptr_not_equal(service_claims(toy), service_claims(twin));
    clear(&made);
}

TEST(names_that_differ_in_case_are_two_where_the_service_says_so)
{
    static const struct fake_answer answers[] = { { 0 } };
    const struct service_config toy = toy_config("toy");
    struct made made;
    assert_int_equal(make(&made, &toy, 1, answers), 0);
    object_flags_add(service_object_flags(find(&made, "toy")), OBJECT_DELETED,
                     "/v1/parts/pin");
    object_flags_add(service_object_flags(find(&made, "azure")), OBJECT_DELETED,
                     "/subscriptions/a");
    assert_false(object_flags_has(service_object_flags(find(&made, "toy")),
                                  OBJECT_DELETED, "/v1/parts/PIN"));
    assert_true(object_flags_has(service_object_flags(find(&made, "azure")),
                                 OBJECT_DELETED, "/Subscriptions/A"));
    clear(&made);
}

TEST(a_credential_of_one_tenant_says_so_where_another_is_needed)
{
    static const struct fake_answer answers[] = { { 0 } };
    struct service_config toy = toy_config("toy");
    toy.auth = (struct auth_config){ .uses_msi = true };
    struct made made;
    struct rest_client *arm;
    assert_int_equal(make(&made, &toy, 1, answers), 0);
    assert_int_equal(
        service_client_of_tenant(find(&made, "toy"), "other", &arm, &made.err), -1);
    assert_int_equal(made.err.kind, ERR_CREDENTIAL);
    assert_non_null(strstr(made.err.text, "one tenant alone"));
    assert_int_equal(fake_transport_count(made.fake), 0);
    clear(&made);
}

TEST(a_token_of_another_tenant_is_requested_once_with_the_same_credential)
{
    static const struct fake_answer answers[] = {
        { 200, .body = TOKEN("of-other") }, { .status = 404 }, { .status = 404 },
        { 200, .body = TOKEN("of-toy") },   { .status = 404 }, { 0 },
    };
    const struct service_config toy = toy_config("toy");
    struct made made;
    struct rest_client *arm, *again;
    assert_int_equal(make(&made, &toy, 1, answers), 0);
    struct service *service = find(&made, "toy");
    assert_int_equal(service_client_of_tenant(service, "other", &arm, &made.err), 0);
    assert_int_equal(service_client_of_tenant(service, "OTHER", &again, &made.err), 0);
    assert_ptr_equal(arm, again);
    get(&made, arm);
    get(&made, again);
    get(&made, service_client(service));
    assert_token(&made, 0, "other", "api%3A%2F%2Ftoy%2F.default");
    assert_bearer(&made, 1, TOY_ENDPOINT "/", "of-other");
    assert_bearer(&made, 2, TOY_ENDPOINT "/", "of-other");
    assert_token(&made, 3, TOY_TENANT, "api%3A%2F%2Ftoy%2F.default");
    assert_bearer(&made, 4, TOY_ENDPOINT "/", "of-toy");
    clear(&made);
}
