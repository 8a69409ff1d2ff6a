/* Certificates in every form that people have them in, and the words for each that cannot
 * be used.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include "auth/certificate.h"
#include "support/test_certificate.h"
#include "support/errors.h"
#include "support/folder.h"

#define PASSWORD "c4nary & p\xC3\xA4ss"

static struct test_certificate ours, theirs, elliptic;

static int prepare(void **state)
{
    test_certificate_make(&ours, "RSA", 10);
    test_certificate_make(&theirs, "RSA", 10);
    test_certificate_make(&elliptic, "EC", 10);
    return folder_begin(state);
}

static int clear(void **state)
{
    test_certificate_clear(&ours);
    test_certificate_clear(&theirs);
    test_certificate_clear(&elliptic);
    return folder_end(state);
}

/* NULL `words`: it is read, and returned. Else they are in the error, and nothing secret is. */
static struct certificate *load(const struct auth_config *config, const char *words)
{
    struct certificate *found = NULL;
    struct error err = NO_ERROR;
    int result = certificate_load(config, &found, &err);
    if ((result == 0) != (words == NULL))
        fail_msg("%s: %s", words != NULL ? words : "it cannot be read", err.text);
    if (words != NULL) {
        assert_null(found);
        assert_error(&err, ERR_INVALID, words);
        assert_has(err.text, config->client_certificate_path != NULL ? "ARM_CLIENT_CERTIFICATE_PATH"
                                                                     : "ARM_CLIENT_CERTIFICATE)");
    }
    return found;
}

/* Takes the bytes: first as a file, then as base64. NULL `words`: it is read. */
static void expect(struct test_bytes bytes, const char *password, const char *words)
{
    auto_char base64 = test_base64(&bytes);
    const struct auth_config configs[] = {
        { .client_certificate_path = put_bytes("it", bytes.data, bytes.length),
          .client_certificate_password = password },
        { .client_certificate = base64, .client_certificate_password = password },
    };
    EACH (config, configs) {
        struct certificate *found = load(config, words);
        if (found == NULL)
            continue;
        unsigned char thumbprint[EVP_MAX_MD_SIZE];
        unsigned length;
        X509_digest(ours.x509, EVP_sha256(), thumbprint, &length);
        assert_int_equal(length, CERTIFICATE_THUMBPRINT_BYTES);
        assert_memory_equal(found->thumbprint, thumbprint, length);
        assert_int_equal(EVP_PKEY_eq(found->key, ours.key), 1);
        certificate_free(found);
    }
    free(bytes.data);
}

/* PEM for the folder's time. */
static const char *pem_of(EVP_PKEY *key, X509 *x509)
{
    struct test_bytes bytes = test_certificate_pem(key, x509, NULL);
    const char *text = arena_copy_text(folder_paths, (char *)bytes.data);
    free(bytes.data);
    return text;
}

/* Takes the text. */
static void expect_text_of(char *text, const char *words)
{
    expect((struct test_bytes){ (unsigned char *)text, strlen(text) }, NULL, words);
}

TEST(each_form_is_read_or_has_words_of_its_own)
{
    static const char wrong[] = "is the wrong password";
    static const char missing[] = "set client_certificate_password";
    static const char old[] = "openssl pkcs12 -legacy -in ";
    enum { PFX, PEM };
    static const struct {
        int form;
        const struct test_certificate *key, *x509;
        const char *sealed_with, *password, *words;
        int cipher;
    } rows[] = {
        { PFX, &ours, &ours, PASSWORD, PASSWORD, NULL },
        { PFX, &ours, &ours, "", NULL, NULL },
        { PFX, &ours, &ours, NULL, NULL, NULL },
        { PFX, &ours, &ours, "x", "x", NULL, NID_pbe_WithSHA1And3_Key_TripleDES_CBC },
        { PEM, &ours, &ours, NULL, NULL, NULL },
        { PEM, &ours, &ours, PASSWORD, PASSWORD, NULL },
        { PEM, &ours, &ours, NULL, PASSWORD, NULL }, /* not needed, and ignored */
        { PFX, &ours, &ours, PASSWORD, "c4nary", wrong },
        { PFX, &ours, &ours, PASSWORD, NULL, missing },
        { PEM, &ours, &ours, PASSWORD, "c4nary", wrong },
        { PEM, &ours, &ours, PASSWORD, NULL, missing },
        /* Old ciphers: the error says how to convert it. Its password is looked at first. */
        { PFX, &ours, &ours, PASSWORD, PASSWORD, old, NID_pbe_WithSHA1And40BitRC2_CBC },
        { PFX, &ours, &ours, PASSWORD, PASSWORD, old, NID_pbe_WithSHA1And128BitRC2_CBC },
        { PFX, &ours, &ours, PASSWORD, "c4nary", wrong, NID_pbe_WithSHA1And40BitRC2_CBC },
        { PFX, NULL, &ours, PASSWORD, PASSWORD, "without its private key" },
        { PFX, &ours, NULL, PASSWORD, PASSWORD, "private key without a certificate" },
        { PEM, NULL, &ours, NULL, NULL, "without its private key" },
        { PEM, &ours, NULL, NULL, NULL, "private key without a certificate" },
        { PEM, &ours, &theirs, NULL, NULL, "does not match the certificate" },
        { PEM, &elliptic, &elliptic, NULL, NULL, "is not an RSA key" },
        { PFX, &elliptic, &elliptic, PASSWORD, PASSWORD, "is not an RSA key" },
    };
    EACH (row, rows) {
        EVP_PKEY *key = row->key != NULL ? row->key->key : NULL;
        X509 *x509 = row->x509 != NULL ? row->x509->x509 : NULL;
        expect(row->form == PEM ? test_certificate_pem(key, x509, row->sealed_with)
                                : test_certificate_pfx(key, x509, row->sealed_with, row->cipher),
               row->password, row->words);
    }
}

TEST(pem_may_hold_its_parts_in_any_order_and_a_chain)
{
    const char *key = pem_of(ours.key, NULL), *leaf = pem_of(NULL, ours.x509);
    const char *other = pem_of(NULL, theirs.x509);
    expect_text_of(memory_print("Bag Attributes\n%s%s%s", other, leaf, key), NULL);
    /* A byte order mark right before the key, of which the first line would be lost. */
    expect_text_of(memory_print("\xEF\xBB\xBF%s%s", key, leaf), NULL);
}

/* `mac` NULL: there is none; else its password. */
static struct test_bytes make_pfx(const char *password, const char *mac, const char *mac_algorithm)
{
    PKCS12 *pfx = PKCS12_create(password, "unit", ours.key, ours.x509, NULL, 0, 0, 0, -1, 0);
    if (mac != NULL)
        assert_int_equal(PKCS12_set_mac(pfx, mac, -1, NULL, 0, 1, EVP_sha256()), 1);
    if (mac_algorithm != NULL) {
        const X509_ALGOR *algorithm;
        PKCS12_get0_mac(NULL, &algorithm, NULL, NULL, pfx);
        X509_ALGOR_set0((X509_ALGOR *)algorithm, OBJ_txt2obj(mac_algorithm, 1), V_ASN1_NULL, NULL);
    }
    struct test_bytes bytes = { NULL, 0 };
    bytes.length = (size_t)i2d_PKCS12(pfx, &bytes.data);
    PKCS12_free(pfx);
    return bytes;
}

TEST(the_mac_and_the_key_may_have_passwords_of_their_own)
{
    static const struct {
        const char *sealed_with, *mac, *mac_algorithm, *password, *words;
    } rows[] = {
        { PASSWORD, NULL, NULL, PASSWORD, NULL },
        { "", NULL, NULL, NULL, NULL },
        { "", NULL, NULL, "", NULL },
        { NULL, NULL, NULL, NULL, NULL },
        { PASSWORD, NULL, NULL, "c4nary", "The file has no MAC" },
        { PASSWORD, NULL, NULL, NULL, "set client_certificate_password" },
        { PASSWORD, "c4nary", NULL, "c4nary", "has another password" },
        { PASSWORD, "c4nary", NULL, PASSWORD, "is the wrong password" },
        /* PBMAC1 of RFC 9579, which OpenSSL 3.4 writes. */
        { PASSWORD, PASSWORD, "1.2.840.113549.1.5.14", PASSWORD,
          "has a MAC of an unsupported type" },
    };
    EACH (row, rows)
        expect(make_pfx(row->sealed_with, row->mac, row->mac_algorithm), row->password, row->words);
}

TEST(several_keys_are_refused)
{
    expect_text_of(
        memory_print("%s%s", pem_of(ours.key, ours.x509), pem_of(theirs.key, theirs.x509)),
        "several private keys");
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

TEST(a_file_without_a_certificate_is_reported)
{
    EACH_TEXT (text, "x", "<html>", "\x30\x82\xFF\xFF\x02\x01\x03")
        expect_text_of(memory_copy_text(text), "neither a PKCS#12");
    /* Cut in each place, it is never read, and never reads beyond its end. */
    struct test_bytes whole = test_certificate_pfx(ours.key, ours.x509, NULL, 0);
    for (size_t length = 1; length < whole.length; length += 97) {
        unsigned char *cut = memory_new(length);
        memcpy(cut, whole.data, length);
        expect((struct test_bytes){ cut, length }, NULL, "neither a PKCS#12");
    }
    free(whole.data);
}

TEST(an_unreadable_file_is_reported_with_the_reason)
{
    const char *const rows[][2] = {
        { "/nowhere/x.pfx",
          "names /nowhere/x.pfx, which cannot be read: No such file or directory" },
        { "/", "which is not a file" },
        { "/dev/zero", "which is not a file" },
        { put_text("empty", ""), "which is empty" },
        { put_text("huge", ""), "more than 1048575 bytes" },
    };
    assert_int_equal(truncate(in_folder("huge"), 1024 * 1024), 0);
    EACH (row, rows)
        load(&(struct auth_config){ .client_certificate_path = (*row)[0] }, (*row)[1]);
}

TEST(base64_may_be_of_either_alphabet_and_pem_may_stand_as_it_is)
{
    struct test_bytes pfx = test_certificate_pfx(ours.key, ours.x509, NULL, 0);
    const char *pem = pem_of(ours.key, ours.x509);
    auto_char url = test_base64(&pfx);
    for (char *at = url; *at != '\0'; at++)
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? ' ' : *at;
    EACH_TEXT (text, url, pem, arena_print(folder_paths, "\xEF\xBB\xBF%s", pem),
               arena_print(folder_paths, "Bag Attributes\n    localKeyID: 01\n%s", pem))
        certificate_free(load(&(struct auth_config){ .client_certificate = text }, NULL));
    free(pfx.data);
    EACH_TEXT (text, "c4nary!", "c4nary.pfx", "MIIK=x", "AAAAA")
        load(&(struct auth_config){ .client_certificate = text }, "is not base64");
}

TEST_GROUP(prepare, clear)
