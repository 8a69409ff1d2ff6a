/* Answers out of nothing, those of the login service among them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exchanges/player.h"

static const char login[] = "https://login.microsoftonline.com/";
static const char token_path[] = "/oauth2/v2.0/token";
static const char person_path[] = "/oauth2/token"; /* of a refresh token */

struct http_reply *wire_make_reply(int status, const struct http_header *headers,
                                   size_t count, const char *body, size_t length)
{
    struct http_reply *reply = memory_new(sizeof *reply);
    reply->status = status;
    reply->header_count = count;
    reply->headers = memory_resize(NULL, count + 1, sizeof *reply->headers);
    for (size_t i = 0; i < count; i++)
        reply->headers[i] = (struct http_header){ memory_copy_text(headers[i].name),
                                                  memory_copy_text(headers[i].value) };
    uint8_t *copy = memory_new(length + 1);
    if (length > 0)
        memcpy(copy, body, length);
    reply->body = (struct bytes){ copy, length };
    return reply;
}

int wire_answer(struct run *run, struct http_reply **out, int status, const char *header,
                const char *value, const char *body)
{
    const struct http_header one = { header, value };
    *out = wire_make_reply(status, &one, header != NULL, body, strlen(body));
    run->last_ms = clock_monotonic_ms();
    return 0;
}

int wire_fail_as(struct run *run, enum script_fault fault, struct error *err)
{
    static const struct {
        enum error_kind kind;
        const char *text;
    } faults[] = {
        [FAULT_LOST] = { ERR_LOST, "the connection was reset" },
        [FAULT_CUT] = { ERR_LOST, "the answer ended in its middle" },
        [FAULT_REFUSED] = { ERR_UNREACHABLE,
                            "management.azure.com refused the connection" },
        [FAULT_NAME] = { ERR_NAME, "the name management.azure.com does not resolve" },
        [FAULT_TLS] = { ERR_TLS, "the certificate is not trusted" },
        [FAULT_SHAPE] = { ERR_SHAPE, "the answer is not HTTP" },
        [FAULT_BIG] = { ERR_TOO_BIG, "the answer is too big" },
        [FAULT_STOPPED] = { ERR_LOST, "stopped on request while waiting for the answer" },
    };
    run->last_ms = clock_monotonic_ms();
    return error_set(err, faults[fault].kind, "%s", faults[fault].text);
}

bool wire_is_token_request(const struct http_request *request)
{
    return strcmp(request->method, "POST") == 0 &&
           (strncmp(request->url, login, strlen(login)) == 0 ||
            strstr(request->url, token_path) != NULL ||
            strstr(request->url, person_path) != NULL);
}

/* The value of a form's member, in the arena; "" if it has none. */
const char *wire_form_value(struct arena *arena, struct bytes form, const char *name)
{
    const char *text =
        arena_copy_bytes_as_text(arena, (const char *)form.data, form.length);
    const char *at = strstr(text, arena_print(arena, "%s=", name));
    if (at == NULL)
        return "";
    at += strlen(name) + 1;
    char *out = arena_take_many(arena, strlen(at) + 1, 1);
    size_t length = 0;
    for (; *at != '\0' && *at != '&'; at++, length++) {
        char hex[3] = { at[0] == '%' ? at[1] : '\0', at[0] == '%' ? at[2] : '\0', '\0' };
        out[length] = *hex != '\0' ? (char)strtol(hex, NULL, 16) : *at;
        at += *hex != '\0' ? 2 : 0;
    }
    return out;
}

/* "TENANT SCOPE" that a token was asked for; for a person "TENANT RESOURCE/person". */
static void note_token(struct run *run, const struct http_request *request,
                       const char *token)
{
    const char *path = request->url + strlen(login);
    const char *scope =
        strstr(request->url, person_path) == NULL
            ? wire_form_value(run->arena, request->body, "scope")
            : arena_print(run->arena, "%s/person",
                          wire_form_value(run->arena, request->body, "resource"));
    json_object_set_new(run->tokens_for, token,
                        json_string(arena_print(run->arena, "%.*s %s",
                                                (int)strcspn(path, "/"), path, scope)));
}

int wire_answer_token(struct run *run, const struct http_request *request,
                      struct http_reply **out)
{
    const char *token = arena_print(run->arena, "token-%u", ++run->tokens);
    if (strstr(request->url, token_path) == NULL &&
        strstr(request->url, person_path) == NULL)
        run_fail(run, "%s is no place for tokens", request->url);
    note_token(run, request, token);
    return wire_answer(run, out, 200, "Content-Type", "application/json",
                       arena_print(run->arena,
                                   "{\"token_type\":\"Bearer\",\"expires_in\":86399,"
                                   "\"access_token\":\"%s\"}",
                                   token));
}

void wire_signal(struct run *run, enum script_signal signal)
{
    if (signal == SIGNAL_STOP)
        stop_request(run->stop);
    if (signal == SIGNAL_ABORT)
        stop_abort(run->stop);
}
