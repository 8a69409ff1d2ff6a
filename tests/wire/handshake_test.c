/* The start: options, cookie, socket, the one line on standard output.
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <cmocka.h>

#include "client.h"

/* The sixth field as the host reads it: base64 without padding of a certificate. */
static X509 *read_certificate(const char *field)
{
    size_t length = strlen(field);
    assert_null(strchr(field, '='));
    char *padded = calloc(1, length + 4);
    memcpy(padded, field, length);
    size_t padding = (4 - length % 4) % 4;
    assert_true(padding < 3);
    memset(padded + length, '=', padding);
    unsigned char *der = malloc(length + 4);
    int bytes = EVP_DecodeBlock(der, (unsigned char *)padded, (int)(length + padding));
    assert_true(bytes > 0);
    const unsigned char *at = der;
    X509 *certificate = d2i_X509(NULL, &at, bytes - (long)padding);
    assert_non_null(certificate);
    assert_ptr_equal(at, der + bytes - padding);
    free(der);
    free(padded);
    return certificate;
}

static void handshake_line(void **state)
{
    (void)state;
    struct wire_identity *host = wire_identity_new(NULL);
    struct wire_provider *provider = wire_start(&(struct wire_start){ .host = host });
    assert_int_equal(provider->field_count, 6);
    assert_string_equal(provider->fields[0], "1");
    assert_string_equal(provider->fields[1], "6");
    assert_string_equal(provider->fields[2], "unix");
    assert_int_equal(provider->fields[3][0], '/');
    assert_string_equal(provider->fields[4], "grpc");
    X509 *certificate = read_certificate(provider->fields[5]);
    /* Go looks at the alternative name alone, at the time, and at the key. */
    assert_int_equal(X509_check_host(certificate, "localhost", 0,
                                     X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL),
                     1);
    assert_true(X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0);
    assert_true(X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0);
    assert_int_equal(X509_verify(certificate, X509_get0_pubkey(certificate)), 1);
    X509_free(certificate);
    /* The line is true: what it names is served. */
    wire_check_served(provider, host);
    wire_shut_down(provider, host);
    /* And nothing else was ever said there. */
    char *rest = wire_read_output(provider);
    assert_string_equal(rest, "");
    free(rest);
    assert_int_equal(wire_count_entries(provider->temporary), 0);
    wire_provider_free(provider);
    wire_identity_free(host);
}

static void every_run_has_a_key_of_its_own(void **state)
{
    (void)state;
    struct wire_identity *host = wire_identity_new(NULL);
    struct wire_provider *one = wire_start(&(struct wire_start){ .host = host });
    struct wire_provider *other = wire_start(&(struct wire_start){ .host = host });
    X509 *first = read_certificate(one->fields[5]);
    X509 *second = read_certificate(other->fields[5]);
    assert_int_not_equal(EVP_PKEY_eq(X509_get0_pubkey(first), X509_get0_pubkey(second)),
                         1);
    X509_free(first);
    X509_free(second);
    wire_provider_free(one);
    wire_provider_free(other);
    wire_identity_free(host);
}

/* A certificate that was not asked for makes Terraform 1.11 panic. */
static void without_tls_the_certificate_is_empty(void **state)
{
    (void)state;
    struct wire_provider *provider = wire_start(&(struct wire_start){ .host = NULL });
    assert_int_equal(provider->field_count, 6);
    assert_string_equal(provider->fields[5], "");
    wire_check_served(provider, NULL);
    wire_shut_down(provider, NULL);
    wire_provider_free(provider);
}

static void multiplexing_is_declined_when_asked(void **state)
{
    (void)state;
    struct wire_identity *host = wire_identity_new(NULL);
    struct wire_provider *provider = wire_start(&(struct wire_start){
        .host = host,
        .variables = (const char *const[]){ "PLUGIN_MULTIPLEX_GRPC=true", NULL } });
    assert_int_equal(provider->field_count, 7);
    assert_string_equal(provider->fields[6], "false");
    wire_check_served(provider, host);
    wire_shut_down(provider, host);
    wire_provider_free(provider);
    wire_identity_free(host);
}

static void check_refuses_to_start(const struct wire_start *start)
{
    struct wire_provider *provider = wire_start(start);
    assert_string_equal(provider->line, "");
    assert_true(wire_wait_for_exit(provider, WIRE_LIMIT_MS));
    assert_true(WIFEXITED(provider->status));
    assert_int_equal(WEXITSTATUS(provider->status), 1);
    char *errors = wire_read_errors(provider);
    assert_non_null(strstr(errors, "plugin of Terraform"));
    free(errors);
    assert_int_equal(wire_count_entries(provider->temporary), 0);
    wire_provider_free(provider);
}

static void cookie_missing(void **state)
{
    (void)state;
    check_refuses_to_start(
        &(struct wire_start){ .without_cookie = true, .allows_failure = true });
}

static void cookie_wrong(void **state)
{
    (void)state;
    /* Right at its beginning: the whole text counts. */
    check_refuses_to_start(&(struct wire_start){
        .without_cookie = true,
        .allows_failure = true,
        .variables = (const char *const[]){
            "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd", NULL } });
}

/* What another user's connect() says. */
static int connect_as_nobody(const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
        int client = socket(AF_UNIX, SOCK_STREAM, 0);
        if (setgid(65534) < 0 || setuid(65534) < 0)
            _exit(255);
        _exit(connect(client, (struct sockaddr *)&address, sizeof address) < 0 ? errno
                                                                               : 0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void socket_owner_only(void **state)
{
    (void)state;
    struct wire_identity *host = wire_identity_new(NULL);
    mode_t before = umask(0); /* however careless the user is */
    struct wire_provider *provider = wire_start(&(struct wire_start){ .host = host });
    umask(before);
    const char *path = wire_socket_path(provider);
    struct stat found;
    assert_int_equal(lstat(path, &found), 0);
    assert_true(S_ISSOCK(found.st_mode));
    assert_int_equal(found.st_mode & 07777, 0600);
    assert_int_equal(found.st_uid, geteuid());
    char directory[sizeof provider->line];
    snprintf(directory, sizeof directory, "%s", path);
    *strrchr(directory, '/') = '\0';
    assert_int_equal(lstat(directory, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
    if (geteuid() == 0) { /* who is not root cannot be somebody else */
        assert_int_equal(chmod(provider->temporary, 0755), 0);
        assert_int_equal(connect_as_nobody(path), EACCES);
    }
    wire_check_served(provider, host);
    wire_shut_down(provider, host);
    wire_provider_free(provider);
    wire_identity_free(host);
}

static void socket_path_too_long(void **state)
{
    (void)state;
    struct wire_identity *host = wire_identity_new(NULL);
    char name[128], temporary[200];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    char base[] = "/tmp/wire-long-XXXXXX";
    assert_non_null(mkdtemp(base));
    snprintf(temporary, sizeof temporary, "%s/%s", base, name);
    assert_int_equal(mkdir(temporary, 0700), 0);
    struct wire_provider *provider =
        wire_start(&(struct wire_start){ .host = host, .temporary = temporary });
    /* 103 is what a socket's address holds on every system. */
    assert_true(strlen(wire_socket_path(provider)) <= 103);
    assert_null(strstr(wire_socket_path(provider), name));
    wire_check_served(provider, host);
    char path[sizeof provider->line];
    snprintf(path, sizeof path, "%s", wire_socket_path(provider));
    wire_shut_down(provider, host);
    *strrchr(path, '/') = '\0';
    assert_int_equal(access(path, F_OK), -1);
    wire_provider_free(provider);
    wire_remove_tree(base);
    wire_identity_free(host);
}

static void the_hosts_directory_comes_before_the_users(void **state)
{
    (void)state;
    char base[] = "/tmp/wire-host-XXXXXX", variable[128];
    assert_non_null(mkdtemp(base));
    snprintf(variable, sizeof variable, "PLUGIN_UNIX_SOCKET_DIR=%s", base);
    struct wire_provider *provider = wire_start(
        &(struct wire_start){ .variables = (const char *const[]){ variable, NULL } });
    assert_memory_equal(wire_socket_path(provider), base, strlen(base));
    wire_check_served(provider, NULL);
    wire_shut_down(provider, NULL);
    assert_int_equal(wire_count_entries(base), 0);
    wire_provider_free(provider);
    wire_remove_tree(base);
}

/* The host shows its user a first line that is no handshake. */
static void a_broken_certificate_is_told_on_standard_output(void **state)
{
    (void)state;
    struct wire_identity broken = { .certificate_pem = (char *)"no|certificate" };
    struct wire_provider *provider =
        wire_start(&(struct wire_start){ .host = &broken, .allows_failure = true });
    assert_non_null(strstr(provider->line, "PLUGIN_CLIENT_CERT"));
    assert_int_equal(provider->field_count, 1);
    assert_true(wire_wait_for_exit(provider, WIRE_LIMIT_MS));
    assert_true(WIFEXITED(provider->status));
    assert_int_equal(WEXITSTATUS(provider->status), 1);
    char *rest = wire_read_output(provider);
    assert_string_equal(rest, "");
    free(rest);
    assert_int_equal(wire_count_entries(provider->temporary), 0);
    wire_provider_free(provider);
}

static void check_help(const char *text)
{
    static const char *const parts[] = {
        "NAME\n",
        "SYNOPSIS\n",
        "DESCRIPTION\n",
        "OPTIONS\n",
        "ARGUMENTS",
        "ENVIRONMENT\n",
        "FILES\n",
        "EXIT STATUS\n",
        "EXAMPLES\n",
        "SEE ALSO\n",
        "--version",
        "--debug",
        "TF_LOG_PROVIDER_AZURESTACK",
        "ARM_CLIENT_SECRET",
        "endpoint.resource_manager_endpoint\n",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strstr(text, parts[i]) == NULL)
            fail_msg("--help lacks %s", parts[i]);
    }
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        if (strcspn(line, "\n") > 79)
            fail_msg("too wide for a terminal: %.79s", line);
    }
}

static void check_option(const char *option, int status, const char *line,
                         const char *errors)
{
    struct wire_provider *provider = wire_start(&(struct wire_start){
        .option = option, .without_cookie = true, .allows_failure = true });
    char *rest = wire_read_output(provider);
    assert_true(wire_wait_for_exit(provider, WIRE_LIMIT_MS));
    assert_true(WIFEXITED(provider->status));
    assert_int_equal(WEXITSTATUS(provider->status), status);
    assert_memory_equal(provider->line, line, strlen(line));
    if (strcmp(option, "--help") == 0) {
        check_help(rest);
    } else {
        assert_string_equal(rest, "");
    }
    char *text = wire_read_errors(provider);
    if (*errors == '\0')
        assert_string_equal(text, "");
    else
        assert_non_null(strstr(text, errors));
    free(text);
    free(rest);
    wire_provider_free(provider);
}

static void version_help_and_what_is_neither(void **state)
{
    (void)state;
    check_option("--version", 0, "terraform-provider-azurestack ", "");
    check_option("-version", 0, "terraform-provider-azurestack ", "");
    check_option("--help", 0, "terraform-provider-azurestack ", "");
    check_option("--verbose", 2, "", "--verbose");
    check_option("serve", 2, "", "serve");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshake_line),
        cmocka_unit_test(every_run_has_a_key_of_its_own),
        cmocka_unit_test(without_tls_the_certificate_is_empty),
        cmocka_unit_test(multiplexing_is_declined_when_asked),
        cmocka_unit_test(cookie_missing),
        cmocka_unit_test(cookie_wrong),
        cmocka_unit_test(socket_owner_only),
        cmocka_unit_test(socket_path_too_long),
        cmocka_unit_test(the_hosts_directory_comes_before_the_users),
        cmocka_unit_test(a_broken_certificate_is_told_on_standard_output),
        cmocka_unit_test(version_help_and_what_is_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
