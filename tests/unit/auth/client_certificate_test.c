/* The assertion that a certificate signs, checked as Entra checks it: with the public key,
 * by code of the test's own.
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <openssl/rsa.h>

#include "support/folder.h"
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
    folder_begin(state);
    test_certificate_make(&ours, "RSA", 10);
    struct test_bytes pfx = test_certificate_pfx(ours.key, ours.x509, "c4nary", 0);
    config.client_certificate_path = put_bytes("pfx", pfx.data, pfx.length);
    free(pfx.data);
    return 0;
}

static int clear_certificate(void **state)
{
    test_certificate_clear(&ours);
    return folder_end(state);
}

/* ---- a reader of tokens that owes nothing to the code under test --------------------------- */

struct part {
    unsigned char data[2048];
    size_t length;
};

static struct part decode(const char *from, size_t length)
{
    char text[2048];
    assert_true(length < sizeof text - 4);
    for (size_t i = 0; i < length; i++) {
        assert_null(strchr("+/=", from[i]));
        text[i] = from[i] == '-' ? '+' : from[i] == '_' ? '/' : from[i];
    }
    size_t padding = (4 - length % 4) % 4;
    memset(text + length, '=', padding);
    struct part part;
    int count = EVP_DecodeBlock(part.data, (unsigned char *)text, (int)(length + padding));
    assert_true(count > 0);
    part.length = (size_t)count - padding;
    return part;
}

/* The assertion of a form, taken apart. */
struct assertion {
    json_t *header, *claims;
    struct part signature;
    const char *text;
    size_t signed_bytes;
};

static json_t *decode_json(const char *from)
{
    struct part part = decode(from, strcspn(from, "."));
    json_t *object = json_loadb((char *)part.data, part.length, 0, NULL);
    assert_non_null(object);
    return object;
}

static struct assertion assertion_in(const char *body)
{
    const char *text = strstr(body, "&client_assertion=");
    assert_non_null(text);
    text += strlen("&client_assertion=");
    const char *claims = strchr(text, '.') + 1, *signature = strchr(claims, '.') + 1;
    return (struct assertion){ .text = text,
                               .header = decode_json(text),
                               .claims = decode_json(claims),
                               .signed_bytes = (size_t)(signature - 1 - text),
                               .signature = decode(signature, strcspn(signature, "&")) };
}

static void assertion_clear(struct assertion *assertion)
{
    json_decref(assertion->header);
    json_decref(assertion->claims);
}
#define auto_assertion CLEANUP(assertion_clear) struct assertion

static const char *member(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void verify(const struct assertion *assertion, bool is_adfs)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    assert_int_equal(EVP_DigestVerifyInit(context, &how, EVP_sha256(), NULL, ours.key), 1);
    if (!is_adfs) {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32), 1);
    }
    assert_int_equal(
        EVP_DigestVerify(context, assertion->signature.data, assertion->signature.length,
                         (const unsigned char *)assertion->text, assertion->signed_bytes),
        1);
    EVP_MD_CTX_free(context);
}

static void check_assertion(const char *body, const char *endpoint)
{
    bool is_adfs = strstr(endpoint, "/adfs/") != NULL;
    auto_assertion assertion = assertion_in(body);
    assert_int_equal(json_object_size(assertion.header), 3);
    assert_string_equal(member(assertion.header, "alg"), is_adfs ? "RS256" : "PS256");
    assert_string_equal(member(assertion.header, "typ"), "JWT");
    const char *encoded = member(assertion.header, is_adfs ? "x5t" : "x5t#S256");
    struct part thumbprint = decode(encoded, strlen(encoded));
    unsigned char want[EVP_MAX_MD_SIZE];
    unsigned length;
    X509_digest(ours.x509, is_adfs ? EVP_sha1() : EVP_sha256(), want, &length);
    assert_int_equal(thumbprint.length, length);
    assert_memory_equal(thumbprint.data, want, length);

    const char *jti = member(assertion.claims, "jti");
    assert_int_equal(strlen(jti), 36);
    json_int_t now_s = clock_wall_ms() / 1000;
    json_t *claims =
        json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:s}", "aud", endpoint, "iss", "app \"1\"", "sub",
                  "app \"1\"", "nbf", now_s, "iat", now_s, "exp", now_s + 600, "jti", jti);
    assert_true(json_equal(assertion.claims, claims));
    json_decref(claims);
    assert_int_equal(assertion.signature.length, 256);
    verify(&assertion, is_adfs);
}

/* ---- the tests ------------------------------------------------------------------------------ */

TEST(an_assertion_is_signed_as_entra_documents_it)
{
    auto_run run = begin(&config, ANSWERS(good_token));
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
    auto_run run = begin(
        &adfs, ANSWERS(good_token,
                       { 400, .body = "{'error':'x','error_description':'MSIS9622: failed.'}" }));
    assert_fetched(run);
    const struct fake_request *request = sent(run, 0);
    assert_string_equal(request->url, "https://adfs.hub.test/adfs/oauth2/token");
    assert_has(request->body, "&resource=https%3A%2F%2Fmanagement.test");
    assert_lacks(request->body, "scope=");
    check_assertion(request->body, request->url);
    assert_failed(run, ERR_CREDENTIAL, "AD FS rejected the certificate of application",
                  "MSIS9622, the application's secret or certificate is not valid.\n",
                  "AD FS says: \"MSIS9622: failed.\"");
}

TEST(no_assertion_is_sent_twice)
{
    auto_run run =
        begin(&config, ANSWERS({ .status = 503, .body = "busy" }, { .fault = ERR_LOST }, good_token,
                               { 400, .body = "{'error':'x','error_codes':[90033]}" }, good_token));
    assert_fetched(run);
    assert_fetched(run);
    assert_int_equal(sent_count(run), 5);
    for (size_t i = 0; i < 5; i++) {
        auto_assertion one = assertion_in(sent(run, i)->body);
        for (size_t k = 0; k < i; k++) {
            auto_assertion other = assertion_in(sent(run, k)->body);
            assert_string_not_equal(member(one.claims, "jti"), member(other.claims, "jti"));
        }
    }
    check_assertion(sent(run, 4)->body, ENDPOINT);
}

TEST_GROUP(make_certificate, clear_certificate)
