/* Which certificates are trusted: those that Terraform trusts where the variables and the
 * system say, and those of the argument or a clear error.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/stat.h>

#include <openssl/pem.h>

#include "http/internal.h"
#include "support/folder.h"
#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

static struct test_authority *authority;
static X509 *certificate;
static char pem[8192], body[8192]; /* of the certificate; the body is base64 in one line */
static const char *path;           /* of a file in the folder, which is empty */

static int set_up(void **state)
{
    authority = test_authority_new("Root");
    FILE *file = fopen(test_authority_file(authority), "r");
    pem[fread(pem, 1, sizeof pem - 1, file)] = '\0';
    rewind(file);
    certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    char *end = body;
    for (const char *at = strchr(pem, '\n'); *at != '-'; at++) {
        if (*at != '\n')
            *end++ = *at;
    }
    *end = '\0';
    forget_environment(state);
    int result = folder_begin(state);
    path = in_folder("some name");
    return result;
}

static int tear_down(void **state)
{
    X509_free(certificate);
    test_authority_free(authority);
    forget_environment(state);
    return folder_end(state);
}

/* $ is the folder, or in a file the authority's certificate; % its body in one line. */
static char *fill(const char *text, const char *dollar)
{
    char *filled = memory_new(16384), *end = filled;
    for (; *text != '\0'; text++) {
        if (*text == '$' || *text == '%')
            end = stpcpy(end, *text == '$' ? dollar : body);
        else
            *end++ = *text;
    }
    return filled;
}

/* Whether the authority is among what is read as the variables say; the bundle's problem is
 * the caller's. */
static bool is_known(char **problem)
{
    struct ca_bundle bundle;
    struct error err = NO_ERROR;
    assert_int_equal(ca_bundle_init(&bundle, NULL, &err), 0);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(ca_bundle_store(&bundle));
    bool is_found = false;
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++)
        is_found |=
            X509_cmp(X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i)), certificate) == 0;
    *problem = bundle.problem != NULL ? memory_copy_text(bundle.problem) : NULL;
    ca_bundle_clear(&bundle);
    return is_found;
}

/* With these variables (NULL: not set); `problem` NULL: there is none. */
static void expect(const char *dir, const char *file, bool is_expected, const char *problem)
{
    forget_environment(NULL);
    auto_char filled = fill(dir != NULL ? dir : "", folder);
    if (dir != NULL)
        setenv("SSL_CERT_DIR", filled, 1);
    if (file != NULL)
        setenv("SSL_CERT_FILE", file, 1);
    auto_char found = NULL;
    if (is_known(&found) != is_expected || (found != NULL) != (problem != NULL))
        fail_msg("SSL_CERT_DIR=%s SSL_CERT_FILE=%s: %d, %s", filled, file, !is_expected, found);
    if (problem != NULL)
        assert_has(found, problem);
}

/* Of the argument. */
static void expect_refused(const char *argument, const char *words)
{
    struct http_transport *transport = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(
        http_curl_new(&(struct http_curl_options){ .ca_bundle = argument }, &transport, &err), -1);
    assert_null(transport);
    assert_error(&err, ERR_INVALID, "ca_bundle names", argument, words);
}

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"
#define PEM(label, text) "-----BEGIN " label "-----\n" text "\n-----END " label "-----\n"

static const struct {
    const char *fault; /* of the argument, and noted of SSL_CERT_FILE; NULL: none */
    bool is_trusted;
    const char *texts[10];
} rows[] = {
    { NULL,
      true,
      { "$", "$$", "some words\n$-----and more words", BEGIN "%\n" END,
        BEGIN "%\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\r\n%\r\n-----END CERTIFICATE-----\r\n",
        "-----BEGIN CERTIFICATE----- \t\n %\t\n\n-----END CERTIFICATE----- \n",
        PEM("PRIVATE KEY", "AAAA") "$", PEM("TRUSTED CERTIFICATE", "%") "$",
        "\xef\xbb\xbf" BEGIN "%\n" END } }, /* Go takes only those behind it */
    { "line 1",
      true,
      { PEM("CERTIFICATE", "AAAA") "$", PEM("CERTIFICATE", "no base64!") "$",
        BEGIN "%\n\n" BEGIN "%\n" END, BEGIN "%\n-----END PRIVATE KEY-----\n$" } },
    { "damaged", true, { "$" BEGIN "%" } },
    { "line 2", false, { "words\n" BEGIN "A" END } },
    /* Bytes behind the certificate, and headers before it. */
    { "line 1", false, { BEGIN "%AAAA\n" END, BEGIN "Proc-Type: 4\n\n%\n" END } },
    { "no certificate in PEM form",
      false,
      { "", "\n\n", "not a certificate\n", " " BEGIN "%\n" END, PEM("PRIVATE KEY", "AAAA") } },
    { "UTF-16", false, { "\xff\xfe-" } },
    { "OpenSSL's \"trusted\" format. Convert them with `openssl x509`",
      false,
      { PEM("TRUSTED CERTIFICATE", "%"), PEM("X509 CERTIFICATE", "%") } },
};

static void expect_text(const char *form, bool is_trusted, const char *fault)
{
    auto_char text = fill(form, pem);
    put_text("some name", text);
    /* Not the system's file, which is long. */
    setenv("SSL_CERT_DIR", folder, 1);
    setenv("SSL_CERT_FILE", "/dev/null", 1);
    auto_char of_folder = NULL;
    auto_char problem = NULL;
    if (is_known(&of_folder) != is_trusted)
        fail_msg("by the folder: %s", form);
    expect(":", path, is_trusted, fault);
    if (fault == NULL) {
        auto_transport transport = new_transport(path);
        return;
    }
    is_known(&problem);
    assert_has(problem, "SSL_CERT_FILE names");
    assert_has(problem, path);
    expect_refused(path, fault);
}

#define PLACED(name) TEST_WITH(name, set_up, tear_down)

PLACED(each_text_is_read_as_go_reads_it)
{
    EACH (row, rows)
        for (size_t i = 0; i < 10 && row->texts[i] != NULL; i++)
            expect_text(row->texts[i], row->is_trusted, row->fault);
}

PLACED(a_der_file_is_named_with_what_to_do)
{
    unsigned char *der = NULL;
    int length = i2d_X509(certificate, &der);
    put_bytes("some name", der, (size_t)length);
    OPENSSL_free(der);
    expect("$", NULL, false, "a folder in SSL_CERT_DIR has /tmp");
    expect("$", NULL, false, "openssl x509 -inform der");
    expect_refused(path, "openssl x509 -inform der");
}

PLACED(every_file_of_every_folder_counts)
{
    assert_int_equal(mkdir(in_folder("sub"), 0700), 0);
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    const char *below = put_text("sub/ca.pem", pem);
    expect("$", NULL, false, NULL); /* not those of folders in it */
    expect("$/sub", NULL, true, NULL);
    expect("/nowhere:$/sub", NULL, true, "SSL_CERT_DIR names /nowhere, which");
    expect("$:$/sub", NULL, true, NULL);
    expect(":$/sub:", NULL, true, NULL);
    expect("$/sub/", NULL, true, NULL);
    expect("$/sub,/x", NULL, false, "No such file");
    assert_int_equal(symlink("sub/ca.pem", path), 0);
    expect("$", NULL, true, NULL);
    unlink(path);
    assert_int_equal(symlink(below, path), 0);
    expect("$", NULL, true, NULL);
    assert_int_equal(symlink("/nowhere/gone", in_folder("gone")), 0);
    expect("$", NULL, true, "cannot be read: No such file");
    unlink(in_folder("gone"));
    unlink(path);
    put_text("some name", PEM("CERTIFICATE", "AAAA"));
    put_text("zz", pem);
    expect("$", NULL, true, "/some name, which has a damaged certificate");
    assert_int_equal(truncate(path, (off_t)65 << 20), 0);
    expect("$", NULL, true, "/some name, which has more than 64 MiB");
}

PLACED(the_folders_count_besides_the_file)
{
    auto_test_authority other = test_authority_new("Other");
    put_text("some name", pem);
    expect("$", test_authority_file(other), true, NULL);
    /* Terraform ignores one that cannot be read; it is reported once it matters. */
    expect("$", "/nowhere/at/all.pem", true,
           "SSL_CERT_FILE names /nowhere/at/all.pem, which cannot be read: No such file or "
           "directory");
    /* Empty is as good as not set. */
    expect("", "/nowhere/at/all.pem", false, "");
    expect("", path, true, NULL);
}

PLACED(without_variables_the_system_is_looked_at_and_the_argument_counts_alone)
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

    /* Beside one that a variable names, all are decoded: names may be the same. */
    setenv("SSL_CERT_DIR", folder, 1);
    assert_int_equal(ca_bundle_init(&bundle, NULL, &err), 0);
    store = ca_bundle_store(&bundle);
    assert_int_equal(sk_X509_OBJECT_num(X509_STORE_get0_objects(store)), bundle.count);
    ca_bundle_clear(&bundle);

    auto_test_authority other = test_authority_new("Other");
    put_text("some name", pem);
    setenv("SSL_CERT_FILE", test_authority_file(other), 1);
    setenv("SSL_CERT_DIR", "/etc/ssl/certs", 1);
    assert_int_equal(ca_bundle_init(&bundle, path, &err), 0);
    ca_bundle_store(&bundle);
    assert_int_equal(bundle.count, 1);
    assert_string_equal(bundle.places, path);
    ca_bundle_clear(&bundle);
}

PLACED(an_argument_that_is_no_file_is_refused_without_waiting)
{
    const char *pipe = in_folder("pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    put_text("some name", "");
    assert_int_equal(truncate(path, (off_t)65 << 20), 0);
    expect_refused(pipe, "not a file");
    expect_refused(folder, "not a file");
    expect_refused("/nowhere/at/all.pem", "cannot be read: No such file");
    expect_refused(path, "more than 64 MiB");
}
