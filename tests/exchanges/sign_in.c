/* Signs in as the provider block and the environment of an act say, without a resource.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/arc_key.h"
#include "auth/managed_host.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "exchanges/player.h"
#include "support/test_certificate.h"

#define AUDIENCE "https://management.azure.com"
static const int64_t now_ms = 1700000000000;

/* ---- what there is before ------------------------------------------------------------------ */

static struct test_bytes make_certificate(const char *form, const char *password)
{
    bool is_old =
        strcmp(form, "old_certificate") == 0; /* since before the fake clock's time */
    struct test_certificate made;
    test_certificate_make(&made, "RSA", is_old ? -3650 : 10);
    struct test_bytes bytes = test_certificate_pfx(made.key, made.x509, password, 0);
    test_certificate_clear(&made);
    return bytes;
}

/* The bytes of a file; free() them. */
static struct test_bytes fill(const struct script_file *file)
{
    const char *text = file->text;
    if (strstr(file->form, "certificate") != NULL)
        return make_certificate(file->form, text);
    if (strcmp(file->form, "letters") == 0) {
        size_t count = strtoul(text, NULL, 10);
        return (struct test_bytes){ memset(memory_new(count + 1), 'k', count), count };
    }
    struct test_bytes bytes = { (unsigned char *)memory_copy_text(text), strlen(text) };
    if (strcmp(file->form, "hex") == 0) {
        bytes.length /= 2;
        for (size_t i = 0; i < bytes.length; i++)
            sscanf(text + 2 * i, "%2hhx", &bytes.data[i]);
    }
    return bytes;
}

static void write_file(struct run *run, const struct script_file *file, const char *path)
{
    struct test_bytes bytes = fill(file);
    FILE *stream = fopen(path, "wb");
    if (stream == NULL || fwrite(bytes.data, 1, bytes.length, stream) != bytes.length ||
        fclose(stream) != 0)
        run_fail(run, "%s cannot be written", path);
    chmod(path, strcmp(file->form, "program") == 0 ? 0700 : 0600);
    free(bytes.data);
}

/* It is written when the product waits for the second time. */
static struct {
    struct run *run;
    const struct script_file *file; /* NULL: there is none */
    unsigned waits;
} late;

static void put_file(struct run *run, const struct script_file *file)
{
    const char *folder = script_folder((struct script *)run->script);
    const char *path = arena_print(run->arena, "%s/%s", folder, file->name);
    if (strcmp(file->form, "late") == 0 && late.file != file) {
        late.run = run;
        late.file = file;
        late.waits = 0;
        return;
    }
    unlink(path);
    if (strcmp(file->form, "folder") == 0)
        mkdir(path, 0700);
    else if (strcmp(file->form, "pipe") == 0)
        mkfifo(path, 0600);
    else if (strcmp(file->form, "link") == 0)
        (void)!symlink(file->text, path);
    else if (strcmp(file->form, "none") != 0)
        write_file(run, file, path);
}

int __wrap_call_sleep(struct call *call, int64_t ms, struct error *err);
int __real_call_sleep(struct call *call, int64_t ms, struct error *err);

int __wrap_call_sleep(struct call *call, int64_t ms, struct error *err)
{
    if (late.file != NULL && ++late.waits == 2) {
        put_file(late.run, late.file);
        late.file = NULL;
    }
    return __real_call_sleep(call, ms, err);
}

/* ---- the act -------------------------------------------------------------------------------- */

/* The credential of the provider, or of the service that the act names. -1: there are diagnostics,
 * or an error in the run. */
static int choose(struct run *run, const struct script_act *act)
{
    struct session_config config;
    if (run_read_provider(run, act, run_call(run), &config) < 0)
        return -1;
    struct auth_config auth = config.auth;
    for (size_t i = 0; i < config.service_count; i++) {
        if (strcmp(config.services[i].name, act->argument) == 0)
            auth = config.services[i].auth;
    }
    auth.is_adfs = strncmp(act->argument, "adfs", 4) == 0;
    if (auth.authority == NULL)
        auth.authority = "https://login.microsoftonline.com";
    return credential_choose(&auth, &run->credential, &run->err);
}

static int fetch(struct run *run, const struct script_act *act)
{
    bool is_again = strcmp(act->argument, "again") == 0;
    for (const struct script_file *file = act->files; file != NULL; file = file->next)
        put_file(run, file);
    run->err = NO_ERROR;
    if (!is_again) {
        arc_key_folder = script_folder((struct script *)run->script);
        managed_host_arc_file = arena_print(run->arena, "%s/agent", arc_key_folder);
        credential_free(take(run->credential));
        run_set_environment(act);
        clock_fake_start(now_ms);
        stop_reset(run->stop);
        if (choose(run, act) < 0)
            return -1;
    }
    if (act->token == NULL && act->refusal == NULL) /* which one it is says enough */
        return act->source != NULL ? 0 : -1;
    struct call *call = run_call(run);
    call->deadline_ms =
        clock_monotonic_ms() + (act->within_ms != 0 ? act->within_ms : 10 * 60 * 1000);
    return credential_fetch(run->credential, call, &run->transport, AUDIENCE,
                            &run->signed_in, &run->err);
}

static void check_token(struct run *run, const struct script_act *act)
{
    const struct secret *text = run->signed_in.text;
    const char *token = text != NULL ? secret_reveal(text) : "";
    const char *lifetime = arena_print(
        run->arena, "%llds", (long long)(run->signed_in.expires_ms - now_ms) / 1000);
    if (!text_equal(token, act->token))
        run_fail(run, "line %d: there is the token \"%s\"", act->line, token);
    if (act->lifetime != NULL && strcmp(lifetime, act->lifetime) != 0)
        run_fail(run, "line %d: the token lives for %s", act->line, lifetime);
}

void run_check_refusal(struct run *run, const struct script_act *act)
{
    static const char *const kinds[] = {
        [ERR_INVALID] = "invalid", [ERR_SHAPE] = "shape",
        [ERR_TOO_BIG] = "big",     [ERR_CREDENTIAL] = "credential",
        [ERR_TIMEOUT] = "timeout", [ERR_STOPPED] = "stopped",
    };
    const char *kind = run->err.kind <= ERR_STOPPED ? kinds[run->err.kind] : NULL;
    if (act->refusal == NULL || !text_equal(kind, act->refusal))
        run_fail(run, "line %d: there is no token (kind %d): %s", act->line,
                 run->err.kind, run->err.text);
    for (size_t i = 0; i < act->refused_count; i++) {
        bool is_said = strstr(run->err.text, act->refused[i]) != NULL;
        if (is_said != (i < act->says_count))
            run_fail(run, "line %d: \"%s\" is %sin: %s", act->line, act->refused[i],
                     is_said ? "" : "not ", run->err.text);
    }
    if (strlen(run->err.text) > sizeof run->err.text - 100)
        run_fail(run, "line %d: the error has been cut: %s", act->line, run->err.text);
    if (strstr(run->err.text, "eyJ") != NULL)
        run_fail(run, "line %d: the error shows a token: %s", act->line, run->err.text);
    run->texts = arena_print(run->arena, "%s%s\n", run->texts, run->err.text);
}

void run_sign_in(struct run *run, const struct script_act *act)
{
    secret_free(take(run->signed_in.text));
    int result = fetch(run, act);
    const char *source = run->credential != NULL ? run->credential->source->name : "";
    if (act->source != NULL && strcmp(source, act->source) != 0)
        run_fail(run, "line %d: the credential is \"%s\"", act->line, source);
    if (*run->failure != '\0' || diags_have_error(&run->diags))
        return;
    if (result == 0 && act->token == NULL && act->refusal == NULL)
        return;
    if (result == 0)
        check_token(run, act);
    else
        run_check_refusal(run, act);
}
