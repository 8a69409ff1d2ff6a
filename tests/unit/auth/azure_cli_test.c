/* The Azure CLI, played by a script: what it is asked, and what is made of each answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>

#include "unit/auth/credential_run.h"

static const struct auth_config base = { .authority = "https://login.test", .uses_cli = true };

static int prepare(void **state)
{
    if (begin_in_folder(state) < 0)
        return -1;
    setenv("PATH", arena_print(folder_paths, "%s:/usr/bin:/bin", folder), 1);
    setenv("TZ", "UTC-3", 1); /* three hours ahead of UTC */
    return mkfifo(in_folder("fifo"), 0600);
}

/* With a CLI that notes its call (its arguments, a line each) and goes on with `script`. No service
 * is asked beside it. */
static struct run *begin_cli(const struct auth_config *config, const char *script)
{
    auto_char text =
        memory_print("#!/bin/sh\nprintf '%%s\\n' \"$@\" -- >> %s\n%s\n", in_folder("call"), script);
    unlink(in_folder("call"));
    chmod(put_text("az", text), 0700);
    return begin(config, ANSWERS({ 0 }));
}

static const char *read_call(void)
{
    static char text[4096];
    FILE *file = fopen(in_folder("call"), "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

#define ANSWER(members) "echo '{\"accessToken\":\"to.ken\"," members "\"tokenType\":\"Bearer\"}'"

TEST(it_is_asked_for_a_token_of_the_audience_and_the_tenant)
{
    static const char *const rows[][2] = { { NULL, "" },
                                           { "contoso.example", "--tenant\ncontoso.example\n" } };
    struct auth_config config = base;
    EACH (row, rows) {
        config.tenant_id = (*row)[0];
        auto_run run = begin_cli(&config, ANSWER("\"expires_on\":1700003600,"));
        assert_string_equal(run->credential->source->name, "Azure CLI");
        assert_fetched(run);
        assert_string_equal(secret_reveal(run->token.text), "to.ken");
        auto_char arguments = memory_print("account\nget-access-token\n--output\njson\n--resource\n"
                                           "https://management.test\n%s--\n",
                                           (*row)[1]);
        assert_string_equal(read_call(), arguments);
        assert_int_equal(sent_count(run), 0);
    }
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
        { ANSWER("\"expires_on\":1700003600,\"expiresOn\":\"2001-01-01 00:00:00.000000\","),
          1700003600 },
        { ANSWER("\"expires_on\":\"1700003600\","), 1700003600 },
        /* 22:13:20 UTC is 01:13:20 of the next day here. */
        { ANSWER("\"expiresOn\":\"2023-11-15 02:13:20.123456\","), 1700003600 },
        { ANSWER("\"expiresOn\":\"2023-11-15 02:13:20\","), 1700003600 },
        { ANSWER(""), NOW_S + 300 },
        { ANSWER("\"expiresOn\":\"soon\",\"expires_on\":null,"), NOW_S + 300 },
    };
    tzset();
    EACH (row, rows) {
        auto_run run = begin_cli(&base, row->script);
        assert_fetched(run);
        assert_int_equal(run->token.expires_ms, row->expires_s * 1000);
    }
}

#define WHOLE "\"expires_on\":1700003600,"
#define OTHER(token) "echo '{\"accessToken\":\"" token "\"}'; "

/* Wrappers of the program, its extensions and shims of Python say something of their own. */
TEST(text_around_the_answer_of_az_is_ignored)
{
    static const char *const scripts[] = {
        "echo 'WARNING: a new version is available'; " ANSWER(WHOLE),
        "printf '\\357\\273\\277'; " ANSWER(WHOLE),
        ANSWER(WHOLE) "; echo 'Logging off.'",
        /* pulumi-azure-native issue 1685, and others of its kind */
        "echo \"WARNING: extension {'name': 'x'} is not compatible\"; " ANSWER(WHOLE),
        ANSWER(WHOLE) "; echo \"extension {'name': 'x'} is not compatible\"",
        "echo 'debug: {}'; " ANSWER(WHOLE) "; echo 'debug: {}'",
        ANSWER(WHOLE "\"more\":{\"a\":[{\"b\":\"}\\\"{\"}]},") "; echo '{\"a\":[]}'",
        /* Colours around it and in it, a title of the window, line ends of another system. */
        "printf '\\033[1;33m{\\033[0m\\n'; " ANSWER(WHOLE),
        "printf '\\033]0;az {\\007\\033[32m{\\r\\n  \\033[34m\"accessToken\"\\033[39m: "
        "\"to.ken\",\\r\\n  \"expires_on\": 1700003600\\r\\n}\\033[0m\\r\\n'",
        "printf '\\377\\376{\\0\\n\\0\"\\0accessToken\": \"to.ken\", \"expires_on\": 1700003600}'",
        /* A name in Latin-1. */
        "printf '{\"accessToken\":\"to.ken\",\"expires_on\":1700003600,\"user\":\"\\344\"}'",
        /* Another token is a line of a log; the answer has other members too. */
        OTHER("another") ANSWER(WHOLE),
        ANSWER(WHOLE) "; " OTHER("another"),
        ANSWER("\"expires_on\":1600000000,") "; " ANSWER(WHOLE),
        "echo '{\"cached\":{\"accessToken\":\"another\",\"expires_on\":1}}'; " ANSWER(WHOLE),
        ANSWER(WHOLE) "; echo '{\"accessToken\":\"a b\",\"expires_on\":1}'",
        ANSWER(WHOLE) "; echo '{\"accessToken\":null,\"expires_on\":1}'",
        /* What is said on standard error is not asked for then. */
        "echo 'ERROR: c4nary' >&2; " ANSWER(WHOLE),
    };
    EACH (script, scripts) {
        auto_run run = begin_cli(&base, *script);
        if (ask(run) < 0)
            fail_msg("%s: %s", *script, run->err.text);
        if (strcmp(secret_reveal(run->token.text), "to.ken") != 0)
            fail_msg("%s: %s", *script, secret_reveal(run->token.text));
        assert_int_equal(run->token.expires_ms, INT64_C(1700003600000));
    }
}

TEST(our_secrets_are_not_in_its_environment)
{
    /* clang-format off */
    static const char *const secrets[] = {
        "ARM_CLIENT_SECRET", "ARM_CLIENT_SECRET_FILE_PATH", "ARM_CLIENT_CERTIFICATE",
        "ARM_CLIENT_CERTIFICATE_PASSWORD", "ARM_OIDC_TOKEN", "ARM_OIDC_REQUEST_TOKEN",
        "ARM_ACCESS_KEY", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN", "GITHUB_TOKEN",
        "AZURE_CLIENT_SECRET", "TF_TOKEN_app_terraform_io", "TF_VAR_secret", "TF_ENCRYPTION",
        "DB_PASSWORD",
    };
    /* clang-format on */
    EACH (secret, secrets)
        setenv(*secret, "c4nary", 1);
    setenv("HTTPS_PROXY", "http://proxy.test", 1);
    auto_char script = memory_print("env >> %s; " ANSWER(""), in_folder("call"));
    auto_run run = begin_cli(&base, script);
    assert_fetched(run);
    assert_lacks(read_call(), "c4nary");
    /* What it needs is there. */
    assert_has(read_call(), "\nHTTPS_PROXY=http://proxy.test\n");
    assert_has(read_call(), "\nPATH=");
    EACH (secret, secrets)
        unsetenv(*secret);
    unsetenv("HTTPS_PROXY");
}

TEST(its_errors_are_reported_with_what_to_do)
{
    static const struct {
        const char *script, *says, *cure; /* NULL: as below */
    } rows[] = {
        { "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
          "Its message: ERROR: Please run 'az login' to setup account.",
          "Sign in with `az login`" },
        { "echo \"Tenant shouldn't be specified for managed identity account\" >&2; exit 1",
          "Tenant shouldn't be specified", "Remove tenant_id" },
        { "echo 'AADSTS50076: more' >&2; exit 1", "AADSTS50076",
          "with multi-factor authentication" },
        { "echo 'AADSTS700082: expired' >&2; exit 1", "AADSTS700082", "Sign in again" },
        { "printf '\\n\\n first \\033[31mline\\nsecond line' >&2; exit 2",
          "Its message:\n    first line\n    second line\n" },
        /* Advice from any of the lines; an error overrides a warning. */
        { "echo 'WARNING: 2 updates are available' >&2; echo 'Please run az login' >&2; "
          "exit 1",
          "    WARNING: 2 updates are available\n    Please run az login\n",
          "Sign in with `az login`" },
        { "printf 'ERROR: AADSTS50076: x\\nTrace ID: 1\\nRun the command: az login\\n' >&2; "
          "exit 1",
          "Trace ID: 1", "with multi-factor authentication" },
        { "printf 'WARNING: az login has changed\\nERROR: unrecognized arguments: -x\\n' "
          ">&2; exit 2",
          "unrecognized", "Update the Azure CLI" },
        { "printf 'a\\0b\\rPlease run az login' >&2; exit 1", "ab\n", "Sign in with" },
        { "for i in $(seq 1000); do echo \"    step $i\" >&2; echo \"word $i\" >&2; done; "
          "echo 'ERROR: AADSTS700082: expired' >&2; exit 1",
          "…\n    ERROR: AADSTS700082: expired\n", "Sign in again" },
        { "printf 'ERROR: {\"access_token\":\\n\"c4nary-canary\"}\\n' >&2; exit 1", "***" },
        /* It ends well, and has no token: its words are what there is. */
        { "echo \"Please run 'az login'.\" >&2",
          "printed nothing. Its message: Please run 'az login'.", "Sign in with `az login`" },
        { "echo '{\"accessToken\":\"\"}'; printf 'WARNING: a\\nERROR: b\\n' >&2",
          "token. Its message:\n    WARNING: a\n    ERROR: b\n" },
        { "echo '{\"result\":{\"accessToken\":\"c4nary\",\"expires_on\":1}}'",
          "output without a token" },
        { "exit 7", "nothing (exit status 7)" },
        { "echo c4nary; exit 1", "nothing (exit status 1)" },
        { "kill -KILL $$", "nothing (exit status 137)" },
        { "echo c4nary", "output without a token" },
        { "echo '{}'", "output without a token" },
        { "echo '{\"accessToken\":\"c4nary \\\\r\\\\n\"}'", "output without a token" },
        { "true", "printed nothing.\n" },
        { "printf '\\033[0m\\n \\0'", "printed nothing.\n" },
        { "echo ERROR: client_secret=c4nary >&2; exit 1", "client_secret=***" },
        { "echo '{\"access_token\":\"c4nary-canary\"}' >&2; exit 1", "Its message: {" },
        { "echo '{\"accessToken\":\"c4nary-canary\"}' >&2; exit 1", "Its message: {" },
        { "echo 'ERROR: eyJc4nary0123456789.eyJc4nary0123456789.c4nary' >&2; exit 1",
          "Its message: ERROR: ***" },
        { "yes c4nary", "more than 262144 bytes", "az" },
    };
    EACH (row, rows) {
        auto_run run = begin_cli(&base, row->script);
        assert_failed(run, ERR_CREDENTIAL, 0, row->says, in_folder("az"),
                      row->cure != NULL ? row->cure : "yourself. It shows the cause");
        assert_lacks(run->err.text, "..");
        assert_true(strlen(run->err.text) < 2000);
    }
}

TEST(a_killed_program_is_reported)
{
    auto_run run = begin_cli(&base, "exit 0");
    unlink(in_folder("az"));
    assert_failed(run, ERR_CREDENTIAL, 0, "returned no token: cannot start");
}

static void *fetch_apart(void *state)
{
    return (void *)(intptr_t)ask(state);
}

TEST(an_endless_one_is_ended_and_only_its_own_time_is_a_refusal)
{
    static const struct {
        int64_t call_ms, later_ms; /* 0: a stop */
        enum error_kind kind;
        const char *words;
    } rows[] = {
        /* Final: no other call waits a minute for it. */
        { 600 * 1000, 60 * 1000, ERR_CREDENTIAL, "did not finish within 60 s" },
        { 15 * 1000, 15 * 1000, ERR_TIMEOUT, "" },
        { 600 * 1000, 0, ERR_STOPPED, "Azure CLI" },
    };
    auto_char script =
        memory_print("trap '' TERM; exec 3>%s; echo up >&3; sleep 1000", in_folder("fifo"));
    EACH (row, rows) {
        auto_run run = begin_cli(&base, script);
        run->call.deadline_ms = clock_monotonic_ms() + row->call_ms;
        pthread_t thread;
        pthread_create(&thread, NULL, fetch_apart, run);
        int fd = open(in_folder("fifo"), O_RDONLY);
        char word[3];
        assert_int_equal(read(fd, word, 3), 3); /* it runs */
        if (row->later_ms != 0)
            clock_fake_advance(row->later_ms);
        else
            stop_request(run->stop);
        assert_int_equal(read(fd, word, 1), 0); /* all who held it are gone */
        close(fd);
        void *result;
        pthread_join(thread, &result);
        assert_int_equal((int)(intptr_t)result, -1);
        assert_error(&run->err, row->kind, row->words);
    }
}

TEST_GROUP(prepare, folder_end)
