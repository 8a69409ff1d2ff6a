/* The assertion that a certificate signs, checked as Entra checks it: with the public key,
 * by code of the test's own.
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <openssl/rsa.h>

#include "support/test_certificate.h"
#include "unit/auth/credential_run.h"

#define ENDPOINT "https://login.test/contoso.example/oauth2/v2.0/token"

static struct test_certificate ours;
static struct auth_config config = { .authority = "https://login.test",
                                     .tenant_id = "contoso.example",
                                     .client_id = "app \"1\"",
                                     .client_certificate_password = "c4nary" };

static int make_certificate(void **state)
{
    (void)state;
    test_certificate_make(&ours, "RSA", 10);
    struct test_bytes pfx = test_certificate_pfx(ours.key, ours.x509, "c4nary", 0);
    config.client_certificate_path = write_file(pfx.data, pfx.length);
    free(pfx.data);
    return 0;
}

static int clear_certificate(void **state)
{
    (void)state;
    remove_file((char *)config.client_certificate_path);
    test_certificate_clear(&ours);
    return 0;
}

/* ---- a reader of tokens that owes nothing to the code under test --------------------------- */

struct part {
    unsigned char data[2048];
    size_t length;
};

static void decode(const char *from, size_t length, struct part *out)
{
    char text[2048];
    assert_true(length < sizeof text - 4);
    for (size_t i = 0; i < length; i++) {
        assert_null(strchr("+/=", from[i]));
        text[i] = from[i] == '-' ? '+' : from[i] == '_' ? '/' : from[i];
    }
    size_t padding = (4 - length % 4) % 4;
    memset(text + length, '=', padding);
    int count = EVP_DecodeBlock(out->data, (unsigned char *)text, (int)(length + padding));
    assert_true(count > 0);
    out->length = (size_t)count - padding;
}

static json_t *decode_json(const char *from, size_t length)
{
    struct part part;
    decode(from, length, &part);
    json_t *object = json_loadb((char *)part.data, part.length, 0, NULL);
    assert_non_null(object);
    return object;
}

static const char *member(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void verify(const char *signed_text, size_t length, const struct part *signature,
                   bool is_adfs)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    EVP_PKEY *key = X509_get_pubkey(ours.x509);
    assert_int_equal(EVP_DigestVerifyInit(context, &how, EVP_sha256(), NULL, key), 1);
    if (!is_adfs) {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32), 1);
    }
    assert_int_equal(EVP_DigestVerify(context, signature->data, signature->length,
                                      (const unsigned char *)signed_text, length),
                     1);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
}

static const char *assertion_in(const char *body)
{
    const char *text = strstr(body, "&client_assertion=");
    assert_non_null(text);
    return text + strlen("&client_assertion=");
}

static json_t *claims_in(const char *body)
{
    const char *claims = strchr(assertion_in(body), '.') + 1;
    return decode_json(claims, strcspn(claims, "."));
}

/* The assertion in a form, which is checked whole. */
static void check_assertion(const char *body, const char *endpoint)
{
    bool is_adfs = strstr(endpoint, "/adfs/") != NULL;
    const char *text = assertion_in(body);
    size_t length = strcspn(text, "&"), header = strcspn(text, ".");
    size_t both = header + 1 + strcspn(text + header + 1, ".");
    assert_true(both + 1 < length);

    json_t *object = decode_json(text, header);
    assert_int_equal(json_object_size(object), 3);
    assert_string_equal(member(object, "alg"), is_adfs ? "RS256" : "PS256");
    assert_string_equal(member(object, "typ"), "JWT");
    struct part thumbprint;
    const char *encoded = member(object, is_adfs ? "x5t" : "x5t#S256");
    decode(encoded, strlen(encoded), &thumbprint);
    unsigned char want[EVP_MAX_MD_SIZE];
    unsigned want_length;
    X509_digest(ours.x509, is_adfs ? EVP_sha1() : EVP_sha256(), want, &want_length);
    assert_int_equal(thumbprint.length, want_length);
    assert_memory_equal(thumbprint.data, want, want_length);
    json_decref(object);

    object = claims_in(body);
    assert_string_equal(member(object, "aud"), endpoint);
    assert_string_equal(member(object, "iss"), "app \"1\"");
    assert_string_equal(member(object, "sub"), "app \"1\"");
    json_int_t now_s = clock_wall_ms() / 1000;
    assert_int_equal(json_integer_value(json_object_get(object, "nbf")), now_s);
    assert_int_equal(json_integer_value(json_object_get(object, "iat")), now_s);
    assert_int_equal(json_integer_value(json_object_get(object, "exp")), now_s + 600);
    assert_int_equal(strlen(member(object, "jti")), 36);
    json_decref(object);

    struct part signature;
    decode(text + both + 1, length - both - 1, &signature);
    assert_int_equal(signature.length, 256);
    verify(text, both, &signature, is_adfs);
}

/* ---- the tests ------------------------------------------------------------------------------ */

TEST(an_assertion_is_signed_as_entra_documents_it)
{
    auto_run run = begin(&config, ANSWERS({ 200, .body = GOOD_TOKEN }));
    assert_string_equal(run->credential->source->name, "client certificate");
    assert_fetched(run);
    const struct fake_request *request = sent(run, 0);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url, ENDPOINT);
    assert_true(request->is_body_secret);
    assert_false(request->is_direct);
    assert_has(request->body, "grant_type=client_credentials&client_id=app%20%221%22&");
    assert_has(request->body, "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-"
                              "assertion-type%3Ajwt-bearer&");
    assert_has(request->body, "&scope=https%3A%2F%2Fmanagement.test%2F.default");
    assert_lacks(request->body, "c4nary");
    check_assertion(request->body, ENDPOINT);
}

TEST(an_assertion_for_an_ad_fs_is_signed_as_that_can_read_it)
{
    struct auth_config adfs = config;
    adfs.is_adfs = true;
    adfs.authority = "https://adfs.hub.test";
    adfs.tenant_id = "adfs";
    auto_run run =
        begin(&adfs, ANSWERS({ 200, .body = GOOD_TOKEN },
                             { 400, .body = "{\"error\":\"invalid_client\",\"error_description\":"
                                            "\"MSIS9622: Client authentication failed.\"}" }));
    assert_fetched(run);
    const struct fake_request *request = sent(run, 0);
    assert_string_equal(request->url, "https://adfs.hub.test/adfs/oauth2/token");
    assert_has(request->body, "&resource=https%3A%2F%2Fmanagement.test");
    assert_lacks(request->body, "scope=");
    check_assertion(request->body, request->url);
    assert_failed(run, ERR_CREDENTIAL, 2, "AD FS rejected the certificate of application",
                  "MSIS9622, the application's secret or certificate is not valid.\n",
                  "AD FS says: \"MSIS9622: Client "
                  "authentication failed.\"");
}

TEST(no_assertion_is_sent_twice)
{
    auto_run run =
        begin(&config, ANSWERS({ .status = 503, .body = "busy" }, { .fault = ERR_LOST },
                               { 200, .body = GOOD_TOKEN },
                               { 400, .body = "{\"error\":\"x\",\"error_codes\":[90033]}" },
                               { 200, .body = GOOD_TOKEN }));
    assert_fetched(run);
    assert_fetched(run);
    assert_int_equal(sent_count(run), 5);
    char ids[5][64];
    for (size_t i = 0; i < 5; i++) {
        json_t *claims = claims_in(sent(run, i)->body);
        snprintf(ids[i], sizeof ids[i], "%s", member(claims, "jti"));
        json_decref(claims);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ids[i], ids[k]);
    }
    check_assertion(sent(run, 4)->body, ENDPOINT);
}

TEST(a_wrong_clock_is_named_when_it_is_the_cause)
{
    /* The fake clock stands at Tue, 14 Nov 2023 22:13:20 GMT. */
    static const struct {
        const char *date, *words;
        bool is_wrong;
    } rows[] = {
        { "Date: Tue, 14 Nov 2023 22:43:20 GMT", "clock is 1800 s behind the clock of the service",
          true },
        { "Date: Tue, 14 Nov 2023 21:13:20 GMT",
          "clock is 3600 s ahead of the clock of the service", true },
        { "Date: Tue, 14 Nov 2023 22:13:30 GMT", "", false },
        { NULL, "", false },
    };
    EACH (row, rows) {
        auto_run run =
            begin(&config, ANSWERS({ 401, .headers = row->date,
                                     .body = "{\"error\":\"x\",\"error_codes\":[700024]}" }));
        assert_failed(run, ERR_CREDENTIAL, 1, "AADSTS700024", row->words);
        assert_int_equal(strstr(run->err.text, "the clock of the service") != NULL, row->is_wrong);
    }
}

TEST(a_refusal_names_the_certificate_and_that_it_has_expired)
{
    struct test_certificate old;
    test_certificate_make(&old, "RSA", -5);
    struct test_bytes pem = test_certificate_pem(old.key, old.x509, NULL);
    struct auth_config wanted = config;
    wanted.client_certificate_path = wanted.client_certificate_password = NULL;
    wanted.client_certificate = (char *)pem.data;
    auto_run run =
        begin(&wanted,
              ANSWERS({ 401, .body = "{\"error\":\"invalid_client\",\"error_codes\":[700027]}" }));
    clock_fake_advance(INT64_C(10) * 365 * 24 * 3600 * 1000);
    run->call.deadline_ms = CLOCK_NEVER;
    assert_failed(run, ERR_CREDENTIAL, 1, "AADSTS700027",
                  "the certificate of application app \"1\" (it expired at 20");
    free(pem.data);
    test_certificate_clear(&old);
}

TEST(an_unusable_certificate_is_reported_at_configure)
{
    struct auth_config wanted = config;
    wanted.client_certificate_password = "wr0ng";
    /* Nothing else is tried, although there is something else. */
    wanted.client_secret = "secret";
    expect_unusable(&wanted, "is the wrong password");
    wanted.client_certificate_path = "/nowhere.pfx";
    expect_unusable(&wanted, "/nowhere.pfx", "\"client certificate\"");
    wanted.client_certificate = "!";
    expect_unusable(&wanted, "is not base64");
}

TEST_GROUP(make_certificate, clear_certificate)
