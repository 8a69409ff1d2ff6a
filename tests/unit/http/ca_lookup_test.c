/* A certificate of the system's list is decoded when a chain names its issuer, and not before.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>

#include "http/internal.h"
#include "support/test.h"
#include "support/test_certificate.h"

static X509_STORE *store;
static struct ca_lookup lookup;

static int set_up(void **state)
{
    (void)state;
    store = X509_STORE_new();
    ca_lookup_init(&lookup, store);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    X509_STORE_free(store);
    ca_lookup_clear(&lookup);
    return 0;
}

#define LOOKUP_TEST(name) TEST_WITH(name, set_up, tear_down)

static X509 *make(const char *name, const X509 *issuer)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = test_certificate_new(key, name, issuer, -1, 1);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    EVP_PKEY_free(key);
    return certificate;
}

static struct test_bytes encode(X509 *certificate)
{
    struct test_bytes bytes = { NULL, 0 };
    bytes.length = (size_t)i2d_X509(certificate, &bytes.data);
    return bytes;
}

static bool add(X509 *certificate)
{
    struct test_bytes bytes = encode(certificate);
    bool is_added = ca_lookup_add(&lookup, bytes.data, bytes.length);
    OPENSSL_free(bytes.data);
    return is_added;
}

static int decoded(void)
{
    return sk_X509_OBJECT_num(X509_STORE_get0_objects(store));
}

/* Whether the store has an issuer of one that `issuer` would have signed. */
static bool finds(X509 *issuer)
{
    X509 *leaf = make("leaf", issuer), *found = NULL;
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    assert_int_equal(X509_STORE_CTX_init(context, store, leaf, NULL), 1);
    bool is_found = X509_STORE_CTX_get1_issuer(&found, context, leaf) == 1;
    if (is_found)
        assert_int_equal(X509_NAME_cmp(X509_get_subject_name(found), X509_get_subject_name(issuer)),
                         0);
    X509_free(found);
    X509_STORE_CTX_free(context);
    X509_free(leaf);
    return is_found;
}

LOOKUP_TEST(only_what_a_chain_names_is_decoded)
{
    /* Two have one name: the one whose key fits is the store's to find. */
    X509 *one = make("one", NULL), *again = make("one", NULL), *other = make("other", NULL),
         *stranger = make("stranger", NULL);
    assert_true(add(one) && add(other) && add(again));
    assert_int_equal(decoded(), 0);
    assert_false(finds(stranger));
    assert_int_equal(decoded(), 0);
    for (int i = 0; i < 3; i++) {
        assert_true(finds(one));
        assert_int_equal(decoded(), 2);
    }
    assert_true(finds(other));
    assert_int_equal(decoded(), 3);
    X509_free(one);
    X509_free(again);
    X509_free(other);
    X509_free(stranger);
}

LOOKUP_TEST(what_is_no_certificate_is_refused)
{
    X509 *one = make("one", NULL);
    struct test_bytes bytes = encode(one);
    unsigned char *longer = calloc(1, bytes.length + 1);
    memcpy(longer, bytes.data, bytes.length);
    assert_false(ca_lookup_add(&lookup, longer, bytes.length + 1));
    for (size_t length = 0; length < bytes.length; length++) {
        unsigned char *cut = malloc(length + 1); /* its own, so that the sanitizer sees its end */
        memcpy(cut, bytes.data, length);
        cut = realloc(cut, length + (length == 0));
        assert_false(ca_lookup_add(&lookup, cut, length));
        free(cut);
    }
    /* Whatever is in it: no read beyond it, and nothing that is decoded is another one. */
    for (size_t at = 0; at < bytes.length; at++) {
        bytes.data[at] ^= 0x21;
        ca_lookup_add(&lookup, bytes.data, bytes.length);
        bytes.data[at] ^= 0x21;
    }
    finds(one);
    free(longer);
    OPENSSL_free(bytes.data);
    X509_free(one);
}

LOOKUP_TEST(one_that_is_damaged_behind_its_name_is_left_out)
{
    X509 *one = make("one", NULL);
    struct test_bytes bytes = encode(one);
    unsigned char *key = NULL;
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(one), &key);
    unsigned char *place = memmem(bytes.data, bytes.length, key, (size_t)length);
    assert_non_null(place);
    *place = 0x31; /* a set instead of a sequence */
    assert_true(ca_lookup_add(&lookup, bytes.data, bytes.length));
    assert_false(finds(one));
    assert_true(add(one));
    assert_true(finds(one));
    OPENSSL_free(key);
    OPENSSL_free(bytes.data);
    X509_free(one);
}

TEST_GROUP(NULL, NULL)
