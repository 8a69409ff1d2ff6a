/* What a fault makes of an answer: another status, another body, another place to go.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entra.h"
#include "fault.h"
#include "server.h"
#include "text.h"

static const char html[] = "<!DOCTYPE html><html><head><title>Gateway</title></head>"
                           "<body><h1>Something else answered</h1></body></html>\n";
static const char other_guid[] = "99999999-0000-4000-8000-000000000000";

static void set_text(struct exchange *x, char *text, const char *type)
{
    json_decref(x->answer.body);
    json_decref(x->answer.shown);
    x->answer.body = x->answer.shown = NULL;
    free(x->answer.text);
    x->answer.text = text;
    x->answer.text_type = type;
}

static const char *usual_code(long status)
{
    static const struct {
        int status;
        const char *code;
    } codes[] = {
        { 400, "BadRequest" },
        { 401, "InvalidAuthenticationToken" },
        { 403, "AuthorizationFailed" },
        { 404, "ResourceNotFound" },
        { 409, "Conflict" },
        { 412, "PreconditionFailed" },
        { 429, "TooManyRequests" },
        { 500, "InternalServerError" },
        { 502, "BadGateway" },
        { 503, "ServiceUnavailable" },
        { 504, "GatewayTimeout" },
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].status == status)
            return codes[i].code;
    return "Fault";
}

static void add_retry_after(struct exchange *x, const json_t *rule)
{
    char date[64];
    const char *word = fault_text(rule, "retry_after", NULL);
    long seconds = fault_number(rule, "retry_after", -1);
    if (word && strcmp(word, "date") == 0) {
        time_t then = time(NULL) + 2;
        struct tm utc;
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &utc));
        answer_header(x, "Retry-After", date);
    } else if (word && strcmp(word, "ms") == 0) {
        answer_header(x, "x-ms-retry-after-ms", "300");
    } else if (word && strcmp(word, "huge") == 0) {
        answer_header(x, "Retry-After", "99999999999999999999");
    } else if (word && strcmp(word, "negative") == 0) {
        answer_header(x, "Retry-After", "-5");
    } else if (word && strcmp(word, "garbage") == 0) {
        answer_header(x, "Retry-After", "soon; \"very\"");
    } else if (word) {
        answer_header(x, "Retry-After", word);
    } else if (seconds >= 0) {
        char *digits = text_format("%ld", seconds);
        answer_header(x, "Retry-After", digits);
        free(digits);
    }
}

static void spoil_status(struct exchange *x, const json_t *rule)
{
    long status = fault_number(rule, "status", 500);
    const char *body = fault_text(rule, "body", "envelope");
    set_text(x, NULL, NULL);
    if (strcmp(body, "html") == 0) {
        set_text(x, text_copy(html), "text/html");
        x->answer.status = (int)status;
    } else if (strcmp(body, "empty") == 0) {
        answer_json(x, (int)status, NULL);
    } else {
        answer_error(x, (int)status, fault_text(rule, "code", usual_code(status)),
                     "This is what the fault script asked for.");
    }
    add_retry_after(x, rule);
}

/* Where a fault sends the client: the listener that nobody may contact, with and without TLS
 * and under another name, or back to the same address. */
static char *elsewhere(const struct exchange *x, const char *to)
{
    if (strcmp(to, "self") != 0)
        return text_format("%s://127.0.0.1:%d%s",
                           strcmp(to, "http") == 0 ? "http" : "https",
                           server_second_port(), x->target);
    char *origin = exchange_origin(x);
    char *url = text_format("%s%s", origin, x->target);
    free(origin);
    return url;
}

static char *deep_text(void)
{
    enum { DEPTH = 100000 };
    char *text = malloc(2 * DEPTH + 32);
    if (text == NULL)
        abort();
    int start = snprintf(text, 32, "{\"properties\":");
    memset(text + start, '[', DEPTH);
    memset(text + start + DEPTH, ']', DEPTH);
    text[start + 2 * DEPTH] = '}';
    text[start + 2 * DEPTH + 1] = '\0';
    return text;
}

/* {"id":…other…,"properties":{other tenant},"value":[], …the right ones} */
static char *duplicate_text(const struct exchange *x)
{
    char *right =
        x->answer.body ? json_dumps(x->answer.body, JSON_COMPACT) : text_copy("{}");
    char *text =
        text_format("{\"id\":\"/%s\",\"properties\":{\"tenantId\":\"%s\"},\"value\":[],"
                    "\"access_token\":\"other\"%s%s",
                    other_guid, other_guid, right[1] == '}' ? "" : ",", right + 1);
    free(right);
    return text;
}

static void change_item(json_t *item, const char *what)
{
    json_t *properties = json_object_get(item, "properties");
    if (strcmp(what, "other_tenant") == 0) {
        if (properties)
            json_object_set_new(properties, "tenantId", json_string(other_guid));
        return;
    }
    const char *id = json_string_value(json_object_get(item, "id"));
    const char *slash = id ? strrchr(id, '/') : NULL;
    bool is_empty = strcmp(what, "empty_id") == 0;
    char *other = is_empty || !slash
                      ? text_copy(is_empty ? "" : other_guid)
                      : text_format("%.*s/%s", (int)(slash - id), id, other_guid);
    json_object_set_new(item, "id", json_string(other));
    json_object_set_new(item, "name", json_string(is_empty ? "" : other_guid));
    free(other);
}

static void change_items(struct exchange *x, const char *what)
{
    json_t *value = json_object_get(x->answer.body, "value"), *item;
    size_t i;
    if (value == NULL && x->answer.body && !json_object_get(x->answer.body, "error"))
        change_item(x->answer.body, what);
    json_array_foreach(value, i, item) change_item(item, what);
}

void fault_spoil(struct exchange *x, const json_t *rule)
{
    const char *what = fault_what(rule);
    if (strcmp(what, "status") == 0) {
        spoil_status(x, rule);
    } else if (strcmp(what, "redirect") == 0) {
        char *url = elsewhere(x, fault_text(rule, "to", "second"));
        set_text(x, NULL, NULL);
        answer_header(x, "Location", url);
        answer_json(x, (int)fault_number(rule, "status", 307), NULL);
        free(url);
    } else if (strcmp(what, "next_link") == 0) {
        char *url = elsewhere(x, fault_text(rule, "to", "second"));
        if (x->answer.body)
            json_object_set_new(x->answer.body, "nextLink", json_string(url));
        free(url);
    } else if (strcmp(what, "aadsts") == 0 || strcmp(what, "expires_in") == 0) {
        entra_apply_fault(x, rule);
    } else if (strcmp(what, "html") == 0) {
        set_text(x, text_copy(html), "text/html");
    } else if (strcmp(what, "not_json") == 0) {
        set_text(x, text_copy("{\"id\": not json at all"),
                 "application/json; charset=utf-8");
    } else if (strcmp(what, "deep") == 0) {
        set_text(x, deep_text(), "application/json; charset=utf-8");
    } else if (strcmp(what, "duplicate_keys") == 0) {
        json_t *shown = json_incref(x->answer.shown);
        set_text(x, duplicate_text(x), "application/json; charset=utf-8");
        x->answer.shown = shown;
    } else if (text_is_one_of(what, "other_tenant|other_id|empty_id")) {
        change_items(x, what);
    }
}
