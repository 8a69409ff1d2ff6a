/* Certificates in every form that people have them in, and the words for each that cannot
 * be used.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include "auth/certificate.h"
#include "support/test.h"
#include "support/test_certificate.h"
#include "unit/auth/credential_run.h"

#define PASSWORD "c4nary & p\xC3\xA4ss"

static struct test_certificate ours, theirs, elliptic;

static int make_certificates(void **state)
{
    (void)state;
    test_certificate_make(&ours, "RSA", 10);
    test_certificate_make(&theirs, "RSA", 10);
    test_certificate_make(&elliptic, "EC", 10);
    return 0;
}

static int clear_certificates(void **state)
{
    (void)state;
    test_certificate_clear(&ours);
    test_certificate_clear(&theirs);
    test_certificate_clear(&elliptic);
    return 0;
}

/* Takes the bytes: first as a file, then as base64. `words` NULL: it is to be read. */
static void expect(struct test_bytes bytes, const char *password, const char *words)
{
    char *path = write_file(bytes.data, bytes.length);
    char *base64 = test_base64(&bytes);
    const struct certificate_input inputs[] = {
        { .path = path, .password = password }, { .base64 = base64, .password = password }
    };
    static const char *const names[] = { "ARM_CLIENT_CERTIFICATE_PATH",
                                         "ARM_CLIENT_CERTIFICATE)" };
    for (size_t i = 0; i < 2; i++) {
        struct certificate *found = NULL;
        struct error err = NO_ERROR;
        int result = certificate_load(&inputs[i], &found, &err);
        if (words == NULL) {
            if (result != 0)
                fail_msg("%s: %s", names[i], err.text);
            unsigned char thumbprint[EVP_MAX_MD_SIZE];
            unsigned length;
            X509_digest(ours.x509, EVP_sha256(), thumbprint, &length);
            assert_int_equal(length, CERTIFICATE_THUMBPRINT_BYTES);
            assert_memory_equal(found->thumbprint, thumbprint, length);
            assert_int_equal(EVP_PKEY_eq(found->key, ours.key), 1);
            certificate_free(found);
            continue;
        }
        assert_int_equal(result, -1);
        assert_null(found);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_has(err.text, words);
        assert_has(err.text, names[i]);
        assert_lacks(err.text, "c4nary");
    }
    free(base64);
    free(bytes.data);
    remove_file(path);
}

TEST(what_is_whole_is_read_in_each_form)
{
    expect(test_certificate_pfx(ours.key, ours.x509, PASSWORD, 0), PASSWORD, NULL);
    expect(test_certificate_pfx(ours.key, ours.x509, "", 0), NULL, NULL);
    expect(test_certificate_pfx(ours.key, ours.x509, NULL, 0), NULL, NULL);
    expect(test_certificate_pfx(ours.key, ours.x509, "x",
                                NID_pbe_WithSHA1And3_Key_TripleDES_CBC),
           "x", NULL);
    expect(test_certificate_pem(ours.key, ours.x509, NULL), NULL, NULL);
    expect(test_certificate_pem(ours.key, ours.x509, PASSWORD), PASSWORD, NULL);
    /* Of no use, and of no harm. */
    expect(test_certificate_pem(ours.key, ours.x509, NULL), PASSWORD, NULL);
}

TEST(pem_may_hold_its_parts_in_any_order_and_a_chain)
{
    struct test_bytes key = test_certificate_pem(ours.key, NULL, NULL);
    struct test_bytes leaf = test_certificate_pem(NULL, ours.x509, NULL);
    struct test_bytes other = test_certificate_pem(NULL, theirs.x509, NULL);
    char *all = memory_print("Bag Attributes\n%s%s%s", (char *)other.data,
                             (char *)leaf.data, (char *)key.data);
    expect((struct test_bytes){ (unsigned char *)all, strlen(all) }, NULL, NULL);
    /* A byte order mark right before the key, of which the first line would be lost. */
    all = memory_print("\xEF\xBB\xBF%s%s", (char *)key.data, (char *)leaf.data);
    expect((struct test_bytes){ (unsigned char *)all, strlen(all) }, NULL, NULL);
    free(key.data);
    free(leaf.data);
    free(other.data);
}

TEST(a_wrong_password_and_a_missing_one_differ)
{
    static const char wrong[] = "is not the password", missing[] =
                                                           "set client_certificate_"
                                                           "password";
    expect(test_certificate_pfx(ours.key, ours.x509, PASSWORD, 0), "c4nary", wrong);
    expect(test_certificate_pfx(ours.key, ours.x509, PASSWORD, 0), NULL, missing);
    expect(test_certificate_pem(ours.key, ours.x509, PASSWORD), "c4nary", wrong);
    expect(test_certificate_pem(ours.key, ours.x509, PASSWORD), NULL, missing);
}

/* `mac` NULL: there is none; else its password. */
static struct test_bytes make_pfx(EVP_PKEY *key, const char *password, const char *mac,
                                  const char *mac_algorithm)
{
    PKCS12 *pfx = PKCS12_create(password, "unit", key, ours.x509, NULL, 0, 0, 0, -1, 0);
    if (mac != NULL)
        assert_int_equal(PKCS12_set_mac(pfx, mac, -1, NULL, 0, 1, EVP_sha256()), 1);
    if (mac_algorithm != NULL) {
        const X509_ALGOR *algorithm;
        PKCS12_get0_mac(NULL, &algorithm, NULL, NULL, pfx);
        X509_ALGOR_set0((X509_ALGOR *)algorithm, OBJ_txt2obj(mac_algorithm, 1),
                        V_ASN1_NULL, NULL);
    }
    struct test_bytes bytes = { NULL, 0 };
    bytes.length = (size_t)i2d_PKCS12(pfx, &bytes.data);
    PKCS12_free(pfx);
    return bytes;
}

TEST(a_file_without_a_mac_is_opened_by_its_password)
{
    expect(make_pfx(ours.key, PASSWORD, NULL, NULL), PASSWORD, NULL);
    expect(make_pfx(ours.key, "", NULL, NULL), NULL, NULL);
    expect(make_pfx(ours.key, "", NULL, NULL), "", NULL);
    expect(make_pfx(ours.key, NULL, NULL, NULL), NULL, NULL);
    expect(make_pfx(ours.key, PASSWORD, NULL, NULL), "c4nary", "it has no MAC");
    expect(make_pfx(ours.key, PASSWORD, NULL, NULL), NULL,
           "set client_certificate_password");
}

TEST(a_partly_opened_file_is_reported)
{
    expect(make_pfx(ours.key, PASSWORD, "c4nary", NULL), "c4nary",
           "has another password");
    expect(make_pfx(ours.key, PASSWORD, "c4nary", NULL), PASSWORD, "is not the password");
    /* PBMAC1 of RFC 9579, which OpenSSL 3.4 writes. */
    expect(make_pfx(ours.key, PASSWORD, PASSWORD, "1.2.840.113549.1.5.14"), PASSWORD,
           "has a MAC that is not known here");
}

TEST(several_keys_are_refused)
{
    struct test_bytes one = test_certificate_pem(ours.key, ours.x509, NULL);
    struct test_bytes two = test_certificate_pem(theirs.key, theirs.x509, NULL);
    char *all = memory_print("%s%s", (char *)one.data, (char *)two.data);
    expect((struct test_bytes){ (unsigned char *)all, strlen(all) }, NULL,
           "several private keys");
    free(one.data);
    free(two.data);
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    PKCS12_add_key(&bags, ours.key, 0, 1, NID_aes_256_cbc, PASSWORD);
    PKCS12_add_key(&bags, theirs.key, 0, 1, NID_aes_256_cbc, PASSWORD);
    PKCS12_add_cert(&bags, ours.x509);
    STACK_OF(PKCS7) *safes = NULL;
    PKCS12_add_safe(&safes, bags, -1, 0, NULL);
    PKCS12 *pfx = PKCS12_add_safes(safes, 0);
    PKCS12_set_mac(pfx, PASSWORD, -1, NULL, 0, 1, EVP_sha256());
    struct test_bytes bytes = { NULL, 0 };
    bytes.length = (size_t)i2d_PKCS12(pfx, &bytes.data);
    expect(bytes, PASSWORD, "several private keys");
    PKCS12_free(pfx);
    sk_PKCS7_pop_free(safes, PKCS7_free);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

TEST(an_old_format_is_recognised_with_its_conversion)
{
    static const char words[] = "openssl pkcs12 -legacy -in ";
    static const int ciphers[] = { NID_pbe_WithSHA1And40BitRC2_CBC,
                                   NID_pbe_WithSHA1And128BitRC2_CBC };
    for (size_t i = 0; i < 2; i++)
        expect(test_certificate_pfx(ours.key, ours.x509, PASSWORD, ciphers[i]), PASSWORD,
               words);
    /* Its password is looked at first. */
    expect(test_certificate_pfx(ours.key, ours.x509, PASSWORD, ciphers[0]), "c4nary",
           "is not the password");
}

TEST(what_is_not_whole_has_its_own_words)
{
    expect(test_certificate_pfx(NULL, ours.x509, PASSWORD, 0), PASSWORD,
           "without its private key");
    expect(test_certificate_pfx(ours.key, NULL, PASSWORD, 0), PASSWORD,
           "private key without a certificate");
    expect(test_certificate_pem(NULL, ours.x509, NULL), NULL, "without its private key");
    expect(test_certificate_pem(ours.key, NULL, NULL), NULL,
           "private key without a certificate");
    expect(test_certificate_pem(ours.key, theirs.x509, NULL), NULL,
           "do not belong together");
    expect(test_certificate_pem(elliptic.key, elliptic.x509, NULL), NULL,
           "is not an RSA key");
    expect(test_certificate_pfx(elliptic.key, elliptic.x509, PASSWORD, 0), PASSWORD,
           "is not an RSA key");
}

TEST(a_file_without_a_certificate_is_reported)
{
    static const char *const texts[] = { "x", "<html>", "\x30\x82\xFF\xFF\x02\x01\x03" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect((struct test_bytes){ (unsigned char *)memory_copy_text(texts[i]),
                                    strlen(texts[i]) },
               NULL, "neither PKCS#12");
    /* Cut in each place, it is never read, and never reads beyond its end. */
    struct test_bytes whole = test_certificate_pfx(ours.key, ours.x509, NULL, 0);
    for (size_t length = 1; length < whole.length; length += 97) {
        unsigned char *cut = memory_new(length);
        memcpy(cut, whole.data, length);
        expect((struct test_bytes){ cut, length }, NULL, "neither PKCS#12");
    }
    free(whole.data);
}

static void expect_words(const struct certificate_input *input, const char *words)
{
    struct certificate *found = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(certificate_load(input, &found, &err), -1);
    assert_null(found);
    assert_int_equal(err.kind, ERR_INVALID);
    assert_has(err.text, words);
    assert_lacks(err.text, "c4nary");
}

TEST(an_unreadable_file_is_reported_with_the_reason)
{
    expect_words(&(struct certificate_input){ .path = "/nowhere/x.pfx" },
                 "names /nowhere/x.pfx, which cannot be read: No such file or directory");
    expect_words(&(struct certificate_input){ .path = "/" }, "which is not a file");
    expect_words(&(struct certificate_input){ .path = "/dev/zero" },
                 "which is not a file");
    char *path = write_file("", 0);
    expect_words(&(struct certificate_input){ .path = path }, "which is empty");
    char *huge = memory_new(1024 * 1024);
    remove_file(path);
    path = write_file(huge, 1024 * 1024);
    expect_words(&(struct certificate_input){ .path = path }, "more than 1048575 bytes");
    free(huge);
    remove_file(path);
}

TEST(invalid_base64_is_reported)
{
    static const char *const texts[] = { "c4nary!", "c4nary.pfx", "MIIK=x", "AAAAA" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_words(&(struct certificate_input){ .base64 = texts[i] }, "is not base64");
}

TEST(base64_may_be_of_either_alphabet_and_pem_may_stand_as_it_is)
{
    struct test_bytes pfx = test_certificate_pfx(ours.key, ours.x509, NULL, 0);
    struct test_bytes pem = test_certificate_pem(ours.key, ours.x509, NULL);
    char *url = test_base64(&pfx);
    for (char *at = url; *at != '\0'; at++)
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? ' ' : *at;
    auto_char marked = memory_print("\xEF\xBB\xBF%s", (char *)pem.data);
    const char *const texts[] = { url, (char *)pem.data, marked };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct certificate *found = NULL;
        struct error err = NO_ERROR;
        const struct certificate_input input = { .base64 = texts[i] };
        if (certificate_load(&input, &found, &err) != 0)
            fail_msg("%s", err.text);
        certificate_free(found);
    }
    free(url);
    free(pfx.data);
    free(pem.data);
}

TEST_GROUP(make_certificates, clear_certificates)
