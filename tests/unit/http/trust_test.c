/* Whom the transport believes: which variable counts, and what is refused before anything
 * is sent.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/internal.h"
#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

static void the_argument_goes_before_the_variables(void **state)
{
    (void)state;
    auto_test_authority authority = test_authority_new("Root");
    setenv("SSL_CERT_FILE", "/nowhere/variable.pem", 1);
    setenv("SSL_CERT_DIR", "/nowhere", 1);
    struct trust trust;
    struct error err = NO_ERROR;
    assert_int_equal(trust_find(&trust, test_authority_file(authority), &err), 0);
    assert_string_equal(trust.file, test_authority_file(authority));
    assert_null(trust.folder);
    trust_clear(&trust);
    forget_environment(NULL);
}

static void the_variables_take_the_place_of_the_system(void **state)
{
    (void)state;
    auto_test_authority authority = test_authority_new("Root");
    struct trust trust;
    struct error err = NO_ERROR;
    setenv("SSL_CERT_FILE", test_authority_file(authority), 1);
    assert_int_equal(trust_find(&trust, NULL, &err), 0);
    assert_string_equal(trust.file, test_authority_file(authority));
    assert_null(trust.folder);
    trust_clear(&trust);
    setenv("SSL_CERT_DIR", "/a:/b", 1);
    assert_int_equal(trust_find(&trust, NULL, &err), 0);
    assert_string_equal(trust.file, test_authority_file(authority));
    assert_string_equal(trust.folder, "/a:/b");
    trust_clear(&trust);
    setenv("SSL_CERT_FILE", "", 1); /* as good as not set */
    assert_int_equal(trust_find(&trust, NULL, &err), 0);
    assert_null(trust.file);
    assert_string_equal(trust.folder, "/a:/b");
    trust_clear(&trust);
    forget_environment(NULL);
}

static void without_a_word_the_system_is_looked_at(void **state)
{
    (void)state;
    struct trust trust;
    struct error err = NO_ERROR;
    assert_int_equal(trust_find(&trust, NULL, &err), 0);
    /* Never both: curl would parse the file again for each connection. */
    assert_true(trust.file == NULL || trust.folder == NULL);
    const char *place = trust.file != NULL ? trust.file : trust.folder;
    if (place != NULL)
        assert_int_equal(access(place, R_OK), 0);
    else /* one of these machines that have none */
        assert_int_not_equal(access("/etc/ssl/certs/ca-certificates.crt", R_OK), 0);
    trust_clear(&trust);
}

/* A new file in a place of its own; the caller's to unlink and free. */
static char *new_file(const char *content)
{
    const char *folder = getenv("TMPDIR");
    char *path = memory_print("%s/bundle-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
    return path;
}

static void a_bundle_without_certificates_is_refused(void **state)
{
    (void)state;
    static const char *const contents[] = {
        "",
        "\n\n",
        "not a certificate\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    };
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        auto_char path = new_file(contents[i]);
        const struct http_curl_options options = { .ca_bundle = path };
        struct http_transport *transport = NULL;
        struct error err = NO_ERROR;
        assert_int_equal(http_curl_new(&options, &transport, &err), -1);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_has(err.text, "ca_bundle");
        assert_has(err.text, path);
        assert_has(err.text, "BEGIN CERTIFICATE");
        assert_null(transport);
        unlink(path);
    }
}

static void a_bundle_that_cannot_be_read_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const char *const paths[] = { "/nowhere/at/all.pem", "/" };
    for (size_t i = 0; i < 2; i++) {
        struct trust trust;
        struct error err = NO_ERROR;
        setenv("SSL_CERT_FILE", paths[i], 1);
        assert_int_equal(trust_find(&trust, NULL, &err), -1);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_has(err.text, "SSL_CERT_FILE");
        assert_has(err.text, paths[i]);
        if (i == 0)
            assert_has(err.text, "No such file");
        assert_null(trust.file);
    }
    forget_environment(NULL);
}

static void a_pipe_is_refused_without_waiting_for_somebody_to_write_to_it(void **state)
{
    (void)state;
    char folder[] = "/tmp/trust-XXXXXX";
    assert_non_null(mkdtemp(folder));
    auto_char path = memory_print("%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    const char *const paths[] = { path, folder };
    for (size_t i = 0; i < 2; i++) {
        struct trust trust;
        struct error err = NO_ERROR;
        assert_int_equal(trust_find(&trust, paths[i], &err), -1);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_has(err.text, "ca_bundle");
        assert_has(err.text, "not a file");
    }
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_argument_goes_before_the_variables),
        cmocka_unit_test(the_variables_take_the_place_of_the_system),
        cmocka_unit_test(without_a_word_the_system_is_looked_at),
        cmocka_unit_test(a_bundle_without_certificates_is_refused),
        cmocka_unit_test(a_pipe_is_refused_without_waiting_for_somebody_to_write_to_it),
        cmocka_unit_test(a_bundle_that_cannot_be_read_is_refused_with_its_reason),
    };
    return cmocka_run_group_tests(tests, forget_environment, NULL);
}
