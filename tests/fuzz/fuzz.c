/* The table of targets, and what they share. FUZZ_TARGET chooses one.
 * SPDX-License-Identifier: MPL-2.0 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "support/fake_transport.h"

static const struct {
    const char *name;
    fuzz_fn *run;
} targets[] = {
    { "msgpack", fuzz_msgpack },           /* DynamicValue as Terraform sends it */
    { "json", fuzz_json },                 /* stored states */
    { "type", fuzz_type },                 /* types in JSON */
    { "requests", fuzz_requests },         /* every RPC, and what services answer to it */
    { "ids", fuzz_ids },                   /* IDs of every scheme, and templates */
    { "urls", fuzz_urls },                 /* origins, hosts, dates, durations */
    { "proxies", fuzz_proxies },           /* proxies, no_proxy, and which proxy it is */
    { "text", fuzz_text },                 /* redaction, and what is safe to show */
    { "certificates", fuzz_certificates }, /* PKCS#12, PEM, bundles of authorities */
    { "handshake", fuzz_handshake },       /* the host's environment */
    { "az", fuzz_az },                     /* what the Azure CLI prints */
    { "replies", fuzz_replies },           /* one answer, by each dialect */
    { "exchanges", fuzz_exchanges },       /* pages, and long-running operations */
    { "credentials", fuzz_credentials },   /* answers to every credential */
    { "metadata", fuzz_metadata },         /* which clouds and hubs say where they are */
    { "configure", fuzz_configure },       /* the provider block and its variables */
};

static fuzz_fn *run_target;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const char *name = getenv("FUZZ_TARGET");
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (name == NULL)
            puts(targets[i].name);
        else if (strcmp(targets[i].name, name) == 0)
            run_target = targets[i].run;
    }
    if (run_target == NULL)
        exit(name == NULL ? 0 : 2);
    log_init();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (memmem(data, size, FUZZ_SECRET, strlen(FUZZ_SECRET)) != NULL)
        return -1; /* the fuzzer saw what it was compared with */
    auto_arena arena = arena_new();
    clock_fake_start(1700000000000);
    /* Of exactly that size, so that the sanitizer sees a byte too far. */
    uint8_t *copy = memory_new(size);
    memcpy(copy, data, size);
    run_target(arena, BYTES(copy, size));
    free(copy);
    clock_fake_end();
    return 0;
}

/* ---- what has to hold ------------------------------------------------------------------------ */

void fuzz_require(bool holds, const char *what, const char *text)
{
    if (holds)
        return;
    fprintf(stderr, "this does not hold: %s\n%s\n", what, text);
    abort();
}

void fuzz_check_text(const char *text)
{
    size_t length = strlen(text);
    fuzz_require(text_is_utf8(text, length), "a text is UTF-8", text);
    fuzz_require(strstr(text, FUZZ_SECRET) == NULL, "no text holds a secret", text);
    for (size_t at = 0; at < length;) {
        size_t bytes = text_utf8_next(text + at, length - at);
        unsigned point = text_utf8_point(text + at, bytes);
        bool is_control = (point < 0x20 && point != '\n' && point != '\t') ||
                          (point >= 0x7f && point < 0xa0);
        fuzz_require(!is_control && !text_is_hidden(point), "a text can be shown", text);
        at += bytes;
    }
}

void fuzz_check_error(int result, const struct error *err)
{
    fuzz_require((result < 0) == (err->kind != ERR_NONE), "-1 sets the error", err->text);
    fuzz_require(result == 0 || err->text[0] != '\0', "an error has a text", "");
    fuzz_require(strstr(err->text, FUZZ_SECRET) == NULL, "no error holds a secret",
                 err->text);
}

void fuzz_check_diags(int result, const struct diags *diags)
{
    fuzz_require((result < 0) == diags_have_error(diags), "-1 adds an error", "");
    for (const struct diagnostic *diag = diags->first; diag != NULL; diag = diag->next) {
        fuzz_check_text(diag->summary);
        fuzz_check_text(diag->detail);
        fuzz_require(*diag->summary != '\0' && strchr(diag->summary, '\n') == NULL,
                     "a title is a line", diag->summary);
    }
}

/* ---- inputs ------------------------------------------------------------------------------------ */

struct bytes fuzz_take(struct bytes *in, const char *mark)
{
    const struct bytes whole = *in;
    const uint8_t *end =
        whole.length > 0 ? memmem(whole.data, whole.length, mark, strlen(mark)) : NULL;
    if (end == NULL) {
        *in = BYTES("", 0);
        return whole;
    }
    size_t length = (size_t)(end - whole.data), taken = length + strlen(mark);
    *in = BYTES(whole.data + taken, whole.length - taken);
    return BYTES(whole.data, length);
}

const char *fuzz_line(struct arena *arena, struct bytes *in)
{
    struct bytes line = fuzz_take(in, "\n");
    return arena_copy_bytes_as_text(arena, line.data, line.length);
}

static char **own_environment; /* while that of an input counts */

/* By `environ`: glibc keeps every value that setenv() was ever given. */
void fuzz_set_environment(struct arena *arena, struct bytes *in,
                          const char *const *starts)
{
    enum { VARIABLES_MAX = 64 };
    size_t own = 0, set = 0;
    while (environ[own] != NULL)
        own++;
    char **all = arena_take_many(arena, VARIABLES_MAX + own + 1, sizeof *all);
    for (const char *line; *(line = fuzz_line(arena, in)) != '\0';) {
        if (strchr(line, '=') == NULL || set == VARIABLES_MAX)
            continue;
        for (const char *const *start = starts; *start != NULL; start++) {
            if (strncmp(line, *start, strlen(*start)) != 0)
                continue;
            all[set++] = arena_copy_text(arena, line);
            break;
        }
    }
    memcpy(all + set, environ, (own + 1) * sizeof *all);
    own_environment = environ;
    environ = all;
}

void fuzz_forget_environment(void)
{
    environ = own_environment;
}

/* ---- a service --------------------------------------------------------------------------------- */

struct http_reply *fuzz_service_next(struct fuzz_service *service, struct error *err)
{
    auto_arena arena = arena_new();
    bool is_end = service->left.length == 0;
    char *line = arena_copy_text(arena, fuzz_line(arena, &service->left)), *rest;
    long status = strtol(line + strspn(line, "< "), &rest, 10);
    if (is_end || status < 100 || status > 599) {
        long kind = strtol(rest, NULL, 10);
        bool is_fault = !is_end && kind >= ERR_NAME && kind <= ERR_LOST;
        error_set(err, is_fault ? (enum error_kind)kind : service->afterwards,
                  "no answer");
        return NULL;
    }
    for (char *at = rest; (at = strchr(at, ';')) != NULL;)
        *at = '\n';
    struct http_reply *reply = fake_reply((int)status, rest, NULL);
    struct bytes body = fuzz_take(&service->left, "\n< ");
    free((void *)(uintptr_t)reply->body.data);
    uint8_t *copy = memory_new(body.length + 1);
    memcpy(copy, body.data, body.length);
    reply->body = BYTES(copy, body.length);
    return reply;
}

static bool is_trusted(const struct fuzz_service *service, const char *url)
{
    for (const char *const *origin = service->trusted; *origin != NULL; origin++) {
        size_t length = strlen(*origin);
        const char *port = url + length;
        if (strncasecmp(url, *origin, length) != 0)
            continue;
        if (*port == ':') /* an empty port is the usual one too */
            port += 1 + (strncmp(port + 1, "443", 3) == 0 ? 3 : 0);
        if (strchr("/?#", *port) != NULL) /* or its end */
            return true;
    }
    return false;
}

static bool has_secret(const struct http_request *request)
{
    bool has = request->bearer != NULL ||
               (request->has_body && memmem(request->body.data, request->body.length,
                                            FUZZ_SECRET, strlen(FUZZ_SECRET)) != NULL);
    for (size_t i = 0; i < request->header_count; i++) {
        const char *value = request->headers[i].value;
        fuzz_require(strpbrk(value, "\r\n") == NULL, "a header is one line", value);
        has = has || strstr(value, FUZZ_SECRET) != NULL;
    }
    return has;
}

static int send_fuzz(struct http_transport *base, struct call *call,
                     const struct http_request *request, struct http_reply **out,
                     struct error *err)
{
    struct fuzz_service *service = (struct fuzz_service *)base;
    if (call_check(call, err) < 0)
        return -1;
    clock_fake_advance(10);
    fuzz_require(strpbrk(request->url, " \r\n") == NULL, "an address is encoded",
                 request->url);
    fuzz_require(strstr(request->url, FUZZ_SECRET) == NULL, "no secret in an address",
                 request->url);
    fuzz_require(!has_secret(request) || is_trusted(service, request->url),
                 "a secret goes to its own service alone", request->url);
    if (service->gives_tokens && strstr(request->url, "/oauth2/") != NULL) {
        *out = fake_reply(200, NULL, "{\"access_token\":\"" FUZZ_SECRET "\"}");
        return 0;
    }
    *out = fuzz_service_next(service, err);
    return *out != NULL ? 0 : -1;
}

static void free_nothing(struct http_transport *base)
{
    (void)base;
}

void fuzz_service_init(struct fuzz_service *service, struct bytes answers,
                       const char *const *trusted)
{
    *service = (struct fuzz_service){ .base = { .send = send_fuzz, .free = free_nothing },
                                      .left = answers,
                                      .trusted = trusted,
                                      .afterwards = ERR_LOST };
}
