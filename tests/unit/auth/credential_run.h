/* One credential against services that are played: what tests of credentials share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_AUTH_CREDENTIAL_RUN_H
#define UNIT_AUTH_CREDENTIAL_RUN_H

#include <stdlib.h>
#include <string.h>

#include "auth/credential.h"
#include "base/clock.h"
#include "base/memory.h"
#include "support/fake_transport.h"

enum { NOW_S = 1700000000 };

#define AUDIENCE "https://management.test"
#define GOOD_TOKEN "{\"expires_in\":3599,\"access_token\":\"tok.en\"}"
/* Header, claims and signature of a token that nobody here looks into. */
#define FOREIGN "eyJhIjoxfQ.eyJiIjoyfQ.c2ln"

struct run {
    struct fake_transport *fake;
    struct credential *credential;
    struct stop *stop;
    struct call call;
    struct auth_token token;
    struct error err;
};

/* Of whatever the machine or another test has set. */
static inline void forget_variables(void)
{
    static const char *const names[] = {
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_FEDERATED_TOKEN_FILE",
        "IDENTITY_ENDPOINT",
        "IDENTITY_HEADER",
        "IDENTITY_SERVER_THUMBPRINT",
        "IMDS_ENDPOINT",
        "MSI_ENDPOINT",
        "MSI_SECRET",
        "DEFAULT_IDENTITY_CLIENT_ID",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "SYSTEM_OIDCREQUESTURI",
        "SYSTEM_ACCESSTOKEN",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

/* For TEST_GROUP. */
static inline int forget_all(void **state)
{
    (void)state;
    forget_variables();
    return 0;
}

static inline struct run *begin(const struct auth_config *config,
                                const struct fake_answer *answers)
{
    static struct run run;
    run = (struct run){ .fake = fake_transport_new(answers), .stop = stop_new() };
    clock_fake_start(INT64_C(1000) * NOW_S);
    call_init(&run.call, run.stop);
    run.call.deadline_ms = clock_monotonic_ms() + 10 * 60 * 1000;
    if (credential_choose(config, &run.credential, &run.err) < 0)
        fail_msg("no credential: %s", run.err.text);
    return &run;
}

static inline int ask(struct run *run)
{
    secret_free(take(run->token.text));
    return run->credential->fetch(run->credential, &run->call,
                                  fake_transport_base(run->fake), AUDIENCE, &run->token,
                                  &run->err);
}

static inline void end(struct run *run)
{
    secret_free(run->token.text);
    credential_free(run->credential);
    http_transport_free(fake_transport_base(run->fake));
    call_clear(&run->call);
    stop_free(run->stop);
    clock_fake_end();
}

#define assert_fetched(run)                                                              \
    do {                                                                                 \
        if (ask(run) != 0)                                                               \
            fail_msg("no token: %s", (run)->err.text);                                   \
    } while (0)

/* What cannot work is told when the credential is made: its words, and the kind. */
static inline void expect_unusable(const struct auth_config *config, const char *words)
{
    struct credential *credential = NULL;
    struct error err = NO_ERROR;
    if (credential_choose(config, &credential, &err) == 0)
        fail_msg("there should be no credential: %s", words);
    assert_null(credential);
    if (err.kind != ERR_INVALID)
        fail_msg("kind %d: %s", err.kind, err.text);
    assert_has(err.text, words);
}

/* A file of the test's own, whose path is the caller's to free and to unlink. */
static inline char *write_file(const void *data, size_t length)
{
    const char *folder = getenv("TMPDIR");
    char *path = memory_print("%s/azurestack-auth-XXXXXX",
                              folder != NULL && *folder != '\0' ? folder : "/tmp");
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (file == NULL || fwrite(data, 1, length, file) != length || fclose(file) != 0)
        fail_msg("%s cannot be written", path);
    return path;
}

static inline void rewrite_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        fail_msg("%s cannot be written", path);
}

static inline void remove_file(char *path)
{
    remove(path);
    free(path);
}

#endif
