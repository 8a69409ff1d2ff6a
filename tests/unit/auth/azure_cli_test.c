/* The Azure CLI, played by a script: what it is asked, and what is made of each answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "auth/cache.h"
#include "support/test.h"
#include "unit/auth/credential_run.h"

static const struct auth_config base = { .authority = "https://login.test",
                                         .uses_cli = true };

static char folder[64], az[80], path[200], calls[80], fifo[80];

static int prepare(void **state)
{
    (void)state;
    forget_variables();
    snprintf(folder, sizeof folder, "/tmp/azurestack-az-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(az, sizeof az, "%s/az", folder);
    snprintf(calls, sizeof calls, "%s/calls", folder);
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    snprintf(path, sizeof path, "%s:/usr/bin:/bin", folder);
    setenv("PATH", path, 1);
    setenv("TZ", "UTC-3", 1); /* three hours ahead of UTC */
    return mkfifo(fifo, 0600);
}

static int clear(void **state)
{
    (void)state;
    unlink(az);
    unlink(calls);
    unlink(fifo);
    rmdir(folder);
    return 0;
}

/* A CLI that notes each call (its arguments, a line each) and goes on with `script`. */
static void install(const char *script)
{
    char *text =
        memory_print("#!/bin/sh\nprintf '%%s\\n' \"$@\" -- >> %s\n%s\n", calls, script);
    unlink(calls);
    rewrite_file(az, text);
    chmod(az, 0700);
    free(text);
}

static char *read_calls(void)
{
    static char text[4096];
    FILE *file = fopen(calls, "rb");
    size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file != NULL)
        fclose(file);
    return text;
}

static struct run *begin_cli(const struct auth_config *config)
{
    struct run *run = begin(config, (const struct fake_answer[]){ { 0 } });
    assert_string_equal(run->credential->source->name, "Azure CLI");
    return run;
}

static void end_cli(struct run *run)
{
    assert_int_equal(fake_transport_count(run->fake), 0);
    end(run);
}

#define ANSWER(members)                                                                  \
    "echo '{\"accessToken\":\"to.ken\"," members "\"tokenType\":\"Bearer\"}'"

TEST(it_is_asked_for_a_token_of_the_audience_and_the_tenant)
{
    install(ANSWER("\"expires_on\":1700003600,"));
    struct run *run = begin_cli(&base);
    assert_fetched(run);
    assert_string_equal(secret_reveal(run->token.text), "to.ken");
    assert_string_equal(read_calls(),
                        "account\nget-access-token\n--output\njson\n--resource\n"
                        "https://management.test\n--\n");
    end_cli(run);

    install(ANSWER(""));
    struct auth_config config = base;
    config.tenant_id = "contoso.example";
    run = begin_cli(&config);
    assert_fetched(run);
    assert_string_equal(read_calls(),
                        "account\nget-access-token\n--output\njson\n--resource\n"
                        "https://management.test\n--tenant\ncontoso.example\n"
                        "--\n");
    end_cli(run);
    /* It would be an option of the program's. */
    config.tenant_id = "--debug";
    expect_unusable(&config, "tenant_id (ARM_TENANT_ID)");
}

TEST(both_forms_of_its_answer_are_read)
{
    static const struct {
        const char *script;
        int64_t expires_s;
    } rows[] = {
        { ANSWER(
              "\"expires_on\":1700003600,\"expiresOn\":\"2001-01-01 00:00:00.000000\","),
          1700003600 },
        { ANSWER("\"expires_on\":\"1700003600\","), 1700003600 },
        /* 22:13:20 UTC is 01:13:20 of the next day here. */
        { ANSWER("\"expiresOn\":\"2023-11-15 02:13:20.123456\","), 1700003600 },
        { ANSWER("\"expiresOn\":\"2023-11-15 02:13:20\","), 1700003600 },
        { ANSWER(""), NOW_S + 300 },
        { ANSWER("\"expiresOn\":\"soon\",\"expires_on\":null,"), NOW_S + 300 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        install(rows[i].script);
        tzset();
        struct run *run = begin_cli(&base);
        assert_fetched(run);
        assert_int_equal(run->token.expires_ms, rows[i].expires_s * 1000);
        end_cli(run);
    }
}

#define WHOLE "\"expires_on\":1700003600,"
#define OTHER(token) "echo '{\"accessToken\":\"" token "\"}'; "

/* Wrappers of the program, its extensions and shims of Python say something of their own. */
TEST(what_stands_around_its_answer_is_no_matter)
{
    static const char *const scripts[] = {
        "echo 'WARNING: a new version is available'; " ANSWER(WHOLE),
        "printf '\\357\\273\\277'; " ANSWER(WHOLE),
        ANSWER(WHOLE) "; echo 'Logging off.'",
        /* pulumi-azure-native issue 1685, and others of its kind */
        "echo \"WARNING: extension {'name': 'x'} is not compatible\"; " ANSWER(WHOLE),
        ANSWER(WHOLE) "; echo \"extension {'name': 'x'} is not compatible\"",
        "echo 'debug: {}'; " ANSWER(WHOLE) "; echo 'debug: {}'",
        "echo '{\"level\":\"info\",\"text\":\"a } and a {\"}'; " ANSWER(WHOLE),
        "echo '{\"level\":'; " ANSWER(WHOLE),
        "echo '} ] { [ \" {\"'; " ANSWER(WHOLE) "; echo '{ \"'",
        "printf 'answer {\"x '; " ANSWER(WHOLE),
        "printf 'answer {\"x\": \"'; " ANSWER(WHOLE),
        ANSWER(WHOLE "\"more\":{\"a\":[{\"b\":\"}\\\"{\"}]},") "; echo '{\"a\":[]}'",
        /* Colours around it and in it, a title of the window, line ends of another system. */
        "printf '\\033[1;33m{\\033[0m\\n'; " ANSWER(WHOLE),
        "printf '\\033]0;az {\\007\\033[32m{\\r\\n  \\033[34m\"accessToken\"\\033[39m: "
        "\"to.ken\",\\r\\n  \"expires_on\": 1700003600\\r\\n}\\033[0m\\r\\n'",
        "printf '\\377\\376{\\0\\n\\0\"\\0accessToken\": \"to.ken\", \"expires_on\": 1700003600}'",
        /* A name in Latin-1. */
        "printf '{\"accessToken\":\"to.ken\",\"expires_on\":1700003600,\"user\":\"\\344\"}'",
        /* Another token is a line of somebody's log; the answer has other members too. */
        OTHER("another") ANSWER(WHOLE),
        ANSWER(WHOLE) "; " OTHER("another"),
        ANSWER("\"expires_on\":1600000000,") "; " ANSWER(WHOLE),
        "echo '{\"cached\":{\"accessToken\":\"another\",\"expires_on\":1}}'; " ANSWER(
            WHOLE),
        ANSWER(WHOLE) "; echo '{\"accessToken\":\"a b\",\"expires_on\":1}'",
        ANSWER(WHOLE) "; echo '{\"accessToken\":null,\"expires_on\":1}'",
        /* What is said on standard error is not asked for then. */
        "echo 'ERROR: c4nary' >&2; " ANSWER(WHOLE),
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        install(scripts[i]);
        struct run *run = begin_cli(&base);
        if (ask(run) < 0)
            fail_msg("%s: %s", scripts[i], run->err.text);
        if (strcmp(secret_reveal(run->token.text), "to.ken") != 0)
            fail_msg("%s: %s", scripts[i], secret_reveal(run->token.text));
        assert_int_equal(run->token.expires_ms, INT64_C(1700003600000));
        end_cli(run);
    }
}

TEST(our_secrets_are_not_in_its_environment)
{
    static const char *const secrets[] = {
        "ARM_CLIENT_SECRET",
        "ARM_CLIENT_SECRET_FILE_PATH",
        "ARM_CLIENT_CERTIFICATE",
        "ARM_CLIENT_CERTIFICATE_PASSWORD",
        "ARM_OIDC_TOKEN",
        "ARM_OIDC_REQUEST_TOKEN",
        "ARM_ACCESS_KEY",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "SYSTEM_ACCESSTOKEN",
        "GITHUB_TOKEN",
        "AZURE_CLIENT_SECRET",
        "TF_TOKEN_app_terraform_io",
        "TF_VAR_secret",
        "TF_ENCRYPTION",
        "DB_PASSWORD",
    };
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        setenv(secrets[i], "c4nary", 1);
    setenv("HTTPS_PROXY", "http://proxy.test", 1);
    char script[300];
    snprintf(script, sizeof script, "env >> %s; " ANSWER(""), calls);
    install(script);
    struct run *run = begin_cli(&base);
    assert_fetched(run);
    assert_lacks(read_calls(), "c4nary");
    /* What it needs is there. */
    assert_has(read_calls(), "\nHTTPS_PROXY=http://proxy.test\n");
    assert_has(read_calls(), "\nPATH=");
    end_cli(run);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        unsetenv(secrets[i]);
    unsetenv("HTTPS_PROXY");
}

TEST(its_errors_are_reported_with_what_to_do)
{
    static const struct {
        const char *script, *says, *cure;
    } rows[] = {
        { "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
          "It says: ERROR: Please run 'az login' to setup account.",
          "Sign in with `az login`" },
        { "echo \"Tenant shouldn't be specified for managed identity account\" >&2; exit 1",
          "Tenant shouldn't be specified", "leave tenant_id" },
        { "echo 'AADSTS50076: more' >&2; exit 1", "AADSTS50076", "second factor" },
        { "echo 'AADSTS700082: expired' >&2; exit 1", "AADSTS700082", "Sign in again" },
        { "printf '\\n\\n first \\033[31mline\\nsecond line' >&2; exit 2",
          "It says:\n    first line\n    second line\n", "by hand" },
        /* Advice from any of the lines; what an error says goes before a warning. */
        { "echo 'WARNING: 2 updates are available' >&2; echo 'Please run az login' >&2; "
          "exit 1",
          "    WARNING: 2 updates are available\n    Please run az login\n",
          "Sign in with `az login`" },
        { "printf 'ERROR: AADSTS50076: x\\nTrace ID: 1\\nRun the command: az login\\n' >&2; "
          "exit 1",
          "Trace ID: 1", "second factor" },
        { "printf 'WARNING: az login has changed\\nERROR: unrecognized arguments: -x\\n' "
          ">&2; exit 2",
          "unrecognized", "Update the Azure CLI" },
        { "printf 'a\\0b\\rPlease run az login' >&2; exit 1", "ab\n", "Sign in with" },
        { "for i in $(seq 1000); do echo \"    step $i\" >&2; echo \"word $i\" >&2; done; "
          "echo 'ERROR: AADSTS700082: expired' >&2; exit 1",
          "…\n    ERROR: AADSTS700082: expired\n", "Sign in again" },
        { "printf 'ERROR: {\"access_token\":\\n\"c4nary-canary\"}\\n' >&2; exit 1", "***",
          "by hand" },
        /* It ends well, and has no token: its words are what there is. */
        { "echo \"Please run 'az login'.\" >&2",
          "printed nothing. It says: Please run 'az login'.", "Sign in with `az login`" },
        { "echo '{\"accessToken\":\"\"}'; printf 'WARNING: a\\nERROR: b\\n' >&2",
          "no token. It says:\n    WARNING: a\n    ERROR: b\n", "by hand" },
        { "echo '{\"result\":{\"accessToken\":\"c4nary\",\"expires_on\":1}}'",
          "holds no token", "by hand" },
        { "exit 7", "nothing (status 7)", "by hand" },
        { "echo c4nary; exit 1", "nothing (status 1)", "by hand" },
        { "kill -KILL $$", "nothing (status 137)", "by hand" },
        { "echo c4nary", "holds no token", "by hand" },
        { "echo '{}'", "holds no token", "by hand" },
        { "echo '{\"accessToken\":\"c4nary \\\\r\\\\n\"}'", "holds no token", "by hand" },
        { "true", "printed nothing. ", "by hand" },
        { "printf '\\033[0m\\n \\0'", "printed nothing. ", "by hand" },
        { "echo ERROR: client_secret=c4nary >&2; exit 1", "client_secret=***",
          "by hand" },
        { "echo '{\"access_token\":\"c4nary-canary\"}' >&2; exit 1", "It says: {",
          "by hand" },
        { "echo '{\"accessToken\":\"c4nary-canary\"}' >&2; exit 1", "It says: {",
          "by hand" },
        { "echo 'ERROR: eyJc4nary0123456789.eyJc4nary0123456789.c4nary' >&2; exit 1",
          "It says: ERROR: ***", "by hand" },
        { "yes c4nary", "more than 262144 bytes", "az" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        install(rows[i].script);
        struct run *run = begin_cli(&base);
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_CREDENTIAL);
        assert_has(run->err.text, rows[i].says);
        assert_has(run->err.text, rows[i].cure);
        assert_has(run->err.text, az);
        assert_lacks(run->err.text, "c4nary");
        assert_lacks(run->err.text, "..");
        assert_true(strlen(run->err.text) < 2000);
        end_cli(run);
    }
}

TEST(a_killed_program_is_reported)
{
    install("exit 0");
    struct run *run = begin_cli(&base);
    unlink(az);
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    assert_has(run->err.text, "cannot be started: No such file or directory");
    end_cli(run);
}

TEST(it_is_run_once_for_all_and_again_for_a_renewal)
{
    install(ANSWER("\"expires_on\":1700003600,"));
    struct run *run = begin_cli(&base);
    struct auth_cache *cache =
        auth_cache_new(take(run->credential), fake_transport_base(run->fake), AUDIENCE);
    for (int i = 0; i < 10; i++) {
        auto_secret token = NULL;
        assert_int_equal(auth_cache_get(cache, &run->call, &token, &run->err), 0);
    }
    const char *first = strstr(read_calls(), "--\n");
    assert_null(strstr(first + 1, "--\n"));
    install(ANSWER("\"expires_on\":1700007200,"));
    clock_fake_advance(3400 * 1000);
    run->call.deadline_ms = CLOCK_NEVER;
    auto_secret token = NULL;
    assert_int_equal(auth_cache_get(cache, &run->call, &token, &run->err), 0);
    first = strstr(read_calls(), "--\n");
    assert_non_null(first);
    assert_null(strstr(first + 1, "--\n"));

    /* And once only, when it refuses. */
    install("exit 1");
    clock_fake_advance(2 * 3600 * 1000);
    for (int i = 0; i < 10; i++) {
        struct error err = NO_ERROR;
        auto_secret none = NULL;
        assert_int_equal(auth_cache_get(cache, &run->call, &none, &err), -1);
        assert_int_equal(err.kind, ERR_CREDENTIAL);
    }
    first = strstr(read_calls(), "--\n");
    assert_non_null(first);
    assert_null(strstr(first + 1, "--\n"));
    auth_cache_free(cache);
    end_cli(run);
}

/* ---- an endless one ------------------------------------------------------------------------ */

static void *fetch_apart(void *state)
{
    return (void *)(intptr_t)ask(state);
}

/* Starts it, and waits until it runs. */
static pthread_t start(struct run *run, int *fd)
{
    pthread_t thread;
    pthread_create(&thread, NULL, fetch_apart, run);
    *fd = open(fifo, O_RDONLY);
    char word[3];
    assert_int_equal(read(*fd, word, 3), 3);
    return thread;
}

static void finish(pthread_t thread, int fd)
{
    char one;
    assert_int_equal(read(fd, &one, 1), 0); /* all who held it are gone */
    close(fd);
    void *result;
    pthread_join(thread, &result);
    assert_int_equal((int)(intptr_t)result, -1);
}

static void install_endless(void)
{
    char script[200];
    snprintf(script, sizeof script, "trap '' TERM; exec 3>%s; echo up >&3; sleep 1000",
             fifo);
    install(script);
}

TEST(a_slow_one_has_a_minute_and_is_then_ended)
{
    install_endless();
    struct run *run = begin_cli(&base);
    int fd;
    pthread_t thread = start(run, &fd);
    clock_fake_advance(60 * 1000);
    finish(thread, fd);
    /* Final: nobody else waits a minute for it. */
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    assert_has(run->err.text, "did not end within 60 s");
    end_cli(run);
}

TEST(a_stop_ends_it_at_once_and_is_no_refusal)
{
    install_endless();
    struct run *run = begin_cli(&base);
    int fd;
    pthread_t thread = start(run, &fd);
    stop_request(run->stop);
    finish(thread, fd);
    assert_int_equal(run->err.kind, ERR_STOPPED);
    assert_has(run->err.text, "Azure CLI");
    end_cli(run);
}

TEST(the_calls_own_time_is_no_refusal_either)
{
    install_endless();
    struct run *run = begin_cli(&base);
    run->call.deadline_ms = clock_monotonic_ms() + 15 * 1000;
    int fd;
    pthread_t thread = start(run, &fd);
    clock_fake_advance(15 * 1000);
    finish(thread, fd);
    assert_int_equal(run->err.kind, ERR_TIMEOUT);
    end_cli(run);
}

TEST_GROUP(prepare, clear)
