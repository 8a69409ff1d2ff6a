/* Which certificates are trusted: those that Terraform trusts where the variables and the
 * system say, and those of the argument or a clear error.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "http/internal.h"
#include "support/http_server_tls.h"
#include "support/test.h"
#include "unit/http/curl_client.h"

/* An authority, and an empty folder that is removed with all that is in it. */
struct place {
    struct test_authority *authority;
    X509 *certificate;
    char *pem, *body; /* the body is base64 in one line */
    char folder[32], path[48];
};

static int set_up(void **state)
{
    struct place *place = memory_new(sizeof *place);
    place->authority = test_authority_new("Root");
    FILE *file = fopen(test_authority_file(place->authority), "r");
    place->certificate = PEM_read_X509(file, NULL, NULL, NULL);
    rewind(file);
    place->pem = memory_new(8192);
    place->body = memory_new(8192);
    assert_true(fread(place->pem, 1, 8191, file) > 0);
    fclose(file);
    char *end = place->body;
    for (const char *at = strchr(place->pem, '\n'); *at != '-'; at++) {
        if (*at != '\n')
            *end++ = *at;
    }
    strcpy(place->folder, "/tmp/authorities-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/some name", place->folder);
    *state = place;
    return forget_environment(NULL);
}

static int tear_down(void **state)
{
    struct place *place = *state;
    auto_char command = memory_print("rm -r %s", place->folder);
    assert_int_equal(system(command), 0);
    X509_free(place->certificate);
    test_authority_free(place->authority);
    free(place->pem);
    free(place->body);
    free(place);
    return forget_environment(NULL);
}

static void write_bytes(const char *path, const void *data, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    fclose(file);
}

static void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/* Whether the authority is among what is read; the bundle's problem is copied. */
static bool is_known(const struct place *place, char **problem)
{
    struct ca_bundle bundle;
    struct error err = NO_ERROR;
    assert_int_equal(ca_bundle_init(&bundle, NULL, &err), 0);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(ca_bundle_store(&bundle));
    bool is_found = false;
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++)
        is_found |= X509_cmp(X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i)),
                             place->certificate) == 0;
    *problem = bundle.problem != NULL ? memory_copy_text(bundle.problem) : NULL;
    ca_bundle_clear(&bundle);
    return is_found;
}

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"

/* $ in a text is the authority's certificate, % its body in one line. */
static const struct {
    const char *text;
    bool is_trusted;
    const char *fault; /* of the argument, and noted of SSL_CERT_FILE; NULL: none */
} rows[] = {
    { "$", true, NULL },
    { "$$", true, NULL },
    { "some words\n$-----and more words", true, NULL },
    { BEGIN "%\n" END, true, NULL },
    { BEGIN "%\n-----END CERTIFICATE-----", true, NULL },
    { "-----BEGIN CERTIFICATE-----\r\n%\r\n-----END CERTIFICATE-----\r\n", true, NULL },
    { "-----BEGIN CERTIFICATE----- \t\n %\t\n\n-----END CERTIFICATE----- \n", true,
      NULL },
    { "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n$", true, NULL },
    { "-----BEGIN TRUSTED CERTIFICATE-----\n%\n-----END TRUSTED CERTIFICATE-----\n$",
      true, NULL },
    { BEGIN "AAAA\n" END "$", true, "line 1" },
    { BEGIN "no base64!\n" END "$", true, "line 1" },
    { BEGIN "%\n\n" BEGIN "%\n" END, true, "line 1" },
    { BEGIN "%\n-----END PRIVATE KEY-----\n$", true, "line 1" },
    { "$" BEGIN "%", true, "damaged" },
    { "words\n" BEGIN "A" END, false, "line 2" },
    { BEGIN "%AAAA\n" END, false, "line 1" }, /* bytes behind the certificate */
    { BEGIN "Proc-Type: 4\n\n%\n" END, false, "line 1" },
    { " " BEGIN "%\n" END, false, "no certificate in PEM form" },
    { "\xef\xbb\xbf" BEGIN "%\n" END, true, NULL }, /* Go takes only those behind it */
    { "\xff\xfe-", false, "UTF-16" },
    { "-----BEGIN TRUSTED CERTIFICATE-----\n%\n-----END TRUSTED CERTIFICATE-----\n",
      false, "OpenSSL's own" },
    { "-----BEGIN X509 CERTIFICATE-----\n%\n-----END X509 CERTIFICATE-----\n", false,
      "OpenSSL's own" },
    { "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", false,
      "no certificate in PEM form" },
    { "", false, "no certificate in PEM form" },
    { "\n\n", false, "no certificate in PEM form" },
    { "not a certificate\n", false, "no certificate in PEM form" },
};

static char *fill(const struct place *place, const char *text)
{
    char *filled = memory_new(16384), *end = filled;
    for (; *text != '\0'; text++) {
        if (*text == '$' || *text == '%')
            end = stpcpy(end, *text == '$' ? place->pem : place->body);
        else
            *end++ = *text;
    }
    return filled;
}

#define PLACED(name) TEST_WITH(name, set_up, tear_down)

PLACED(each_text_is_read_as_go_reads_it)
{
    struct place *place = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_char text = fill(place, rows[i].text);
        write_text(place->path, text);
        auto_char of_folder = NULL;
        auto_char of_file = NULL;
        setenv("SSL_CERT_DIR", place->folder, 1);
        setenv("SSL_CERT_FILE", "/dev/null", 1); /* not the system's, which is long */
        bool by_folder = is_known(place, &of_folder);
        setenv("SSL_CERT_DIR", ":", 1);
        setenv("SSL_CERT_FILE", place->path, 1);
        bool by_file = is_known(place, &of_file);
        forget_environment(NULL);
        if (by_folder != rows[i].is_trusted || by_file != rows[i].is_trusted)
            fail_msg("row %zu: by folder %d, by file %d", i, by_folder, by_file);
        struct ca_bundle bundle;
        struct error err = NO_ERROR;
        int result = ca_bundle_init(&bundle, place->path, &err);
        ca_bundle_clear(&bundle);
        if ((result < 0) != (rows[i].fault != NULL) ||
            (of_file != NULL) != (rows[i].fault != NULL))
            fail_msg("row %zu: %s; %s", i, err.text, of_file);
        if (result == 0)
            continue;
        assert_int_equal(err.kind, ERR_INVALID);
        const char *const texts[] = { err.text, of_file };
        for (size_t k = 0; k < 2; k++) {
            assert_has(texts[k], k == 0 ? "ca_bundle names" : "SSL_CERT_FILE names");
            assert_has(texts[k], place->path);
            assert_has(texts[k], rows[i].fault);
        }
    }
}

PLACED(a_der_file_is_named_with_what_to_do)
{
    struct place *place = *state;
    unsigned char *der = NULL;
    int length = i2d_X509(place->certificate, &der);
    write_bytes(place->path, der, (size_t)length);
    OPENSSL_free(der);
    auto_char problem = NULL;
    setenv("SSL_CERT_DIR", place->folder, 1);
    assert_false(is_known(place, &problem));
    assert_has(problem, "a folder in SSL_CERT_DIR has /tmp");
    assert_has(problem, "openssl x509 -inform der");
    struct ca_bundle bundle;
    struct error err = NO_ERROR;
    assert_int_equal(ca_bundle_init(&bundle, place->path, &err), -1);
    assert_has(err.text, "openssl x509 -inform der");
}

/* `value` may have $ for the folder. */
static void assert_folder(struct place *place, const char *value, bool is_expected,
                          const char *problem)
{
    char text[256], *end = text;
    for (; *value != '\0'; value++) {
        if (*value == '$')
            end = stpcpy(end, place->folder);
        else
            *end++ = *value;
    }
    *end = '\0';
    setenv("SSL_CERT_DIR", text, 1);
    auto_char found = NULL;
    if (is_known(place, &found) != is_expected)
        fail_msg("SSL_CERT_DIR=%s", text);
    if (problem == NULL && found != NULL)
        fail_msg("SSL_CERT_DIR=%s: %s", text, found);
    if (problem != NULL)
        assert_has(found, problem);
}

PLACED(every_file_of_every_folder_counts)
{
    struct place *place = *state;
    auto_char sub = memory_print("%s/sub", place->folder);
    auto_char below = memory_print("%s/sub/ca.pem", place->folder);
    auto_char pipe = memory_print("%s/pipe", place->folder);
    auto_char gone = memory_print("%s/gone", place->folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    write_text(below, place->pem);
    assert_folder(place, "$", false, NULL); /* not those of folders in it */
    assert_folder(place, "$/sub", true, NULL);
    assert_folder(place, "/nowhere:$/sub", true, "SSL_CERT_DIR names /nowhere, which");
    assert_folder(place, "$:$/sub", true, NULL);
    assert_folder(place, ":$/sub:", true, NULL);
    assert_folder(place, "$/sub/", true, NULL);
    assert_folder(place, "$/sub,/x", false, "No such file");
    assert_int_equal(symlink("sub/ca.pem", place->path), 0);
    assert_folder(place, "$", true, NULL);
    unlink(place->path);
    assert_int_equal(symlink(below, place->path), 0);
    assert_folder(place, "$", true, NULL);
    assert_int_equal(symlink("/nowhere/gone", gone), 0);
    assert_folder(place, "$", true, "cannot be read: No such file");
    unlink(gone);
    unlink(place->path);
    write_text(place->path, BEGIN "AAAA\n" END);
    auto_char last = memory_print("%s/zz", place->folder);
    write_text(last, place->pem);
    assert_folder(place, "$", true,
                  "/some name, which has a certificate that is damaged");
    assert_int_equal(truncate(place->path, (off_t)65 << 20), 0);
    assert_folder(place, "$", true, "/some name, which has more than 64 MiB");
}

PLACED(the_folders_count_besides_the_file)
{
    struct place *place = *state;
    auto_test_authority other = test_authority_new("Other");
    auto_char problem = NULL;
    write_text(place->path, place->pem);
    setenv("SSL_CERT_DIR", place->folder, 1);
    setenv("SSL_CERT_FILE", test_authority_file(other), 1);
    assert_true(is_known(place, &problem));
    assert_null(problem);
    /* Terraform ignores one that cannot be read; it is told once it matters. */
    setenv("SSL_CERT_FILE", "/nowhere/at/all.pem", 1);
    assert_true(is_known(place, &problem));
    assert_string_equal(problem,
                        "SSL_CERT_FILE names /nowhere/at/all.pem, which cannot be "
                        "read: No such file or directory");
    setenv("SSL_CERT_DIR", "", 1); /* as good as not set */
    auto_char again = NULL;
    assert_false(is_known(place, &again));
    assert_non_null(again);
    setenv("SSL_CERT_FILE", place->path, 1);
    auto_char none = NULL;
    assert_true(is_known(place, &none));
    assert_null(none);
}

PLACED(without_variables_the_system_is_looked_at)
{
    struct ca_bundle bundle;
    struct error err = NO_ERROR;
    assert_int_equal(ca_bundle_init(&bundle, NULL, &err), 0);
    assert_null(bundle.store); /* not before it is needed */
    X509_STORE *store = ca_bundle_store(&bundle);
    assert_ptr_equal(ca_bundle_store(&bundle), store);
    bool has_file = access("/etc/ssl/certs/ca-certificates.crt", R_OK) == 0;
    assert_true(bundle.count > 0 || !has_file);
    if (has_file)
        assert_has(bundle.places, "/etc/ssl/certs/ca-certificates.crt");
    assert_null(bundle.problem);
    ca_bundle_clear(&bundle);
}

PLACED(the_argument_counts_alone)
{
    struct place *place = *state;
    auto_test_authority other = test_authority_new("Other");
    write_text(place->path, place->pem);
    setenv("SSL_CERT_FILE", test_authority_file(other), 1);
    setenv("SSL_CERT_DIR", "/etc/ssl/certs", 1);
    struct ca_bundle bundle;
    struct error err = NO_ERROR;
    assert_int_equal(ca_bundle_init(&bundle, place->path, &err), 0);
    ca_bundle_store(&bundle);
    assert_int_equal(bundle.count, 1);
    assert_string_equal(bundle.places, place->path);
    ca_bundle_clear(&bundle);
}

PLACED(an_argument_that_is_no_file_is_refused_without_waiting)
{
    struct place *place = *state;
    auto_char pipe = memory_print("%s/pipe", place->folder);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    write_text(place->path, "");
    assert_int_equal(truncate(place->path, (off_t)65 << 20), 0);
    const struct {
        const char *path, *told;
    } cases[] = { { pipe, "not a file" },
                  { place->folder, "not a file" },
                  { "/nowhere/at/all.pem", "cannot be read: No such file" },
                  { place->path, "more than 64 MiB" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct http_curl_options options = { .ca_bundle = cases[i].path };
        struct http_transport *transport = NULL;
        struct error err = NO_ERROR;
        assert_int_equal(http_curl_new(&options, &transport, &err), -1);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_has(err.text, "ca_bundle");
        assert_has(err.text, cases[i].path);
        assert_has(err.text, cases[i].told);
        assert_null(transport);
    }
}

TEST_GROUP(forget_environment, NULL)
