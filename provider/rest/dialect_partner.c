/* Partner Center.
 * Source: Partner Center REST: headers, error codes, utility resources (Link), get a list of
 * customers, checkout a cart. Two forms of errors: {"code": "1000", "description", "data"} and
 * {"code": 600061, "message", "description", "errorName"}; throttling says {"statusCode": 429,
 * "message"}. Answers may begin with a byte order mark.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/retry.h"
#include "rest/client.h"
#include "rest/dialect.h"
#include "rest/json.h"

#define TOKEN_HEADER "MS-ContinuationToken"

enum { TOKEN_BYTES_MAX = 8 * 1024 };

static const char *query(struct arena *arena, const struct rest_request *request)
{
    (void)arena, (void)request;
    return "";
}

/* ---- errors ------------------------------------------------------------------------------- */

/* The code is numeric, as a number or as a text. */
static const char *find_code(struct arena *arena, const json_t *object)
{
    const json_t *code = json_object_get(object, "code");
    if (code == NULL)
        code = json_object_get(object, "statusCode");
    if (json_is_integer(code))
        return arena_print(arena, "%lld", (long long)json_integer_value(code));
    return json_is_string(code) && json_string_length(code) != 0 ? json_string_value(code)
                                                                 : NULL;
}

static const char *find_words(const json_t *object)
{
    const char *text = rest_json_some_text(object, "description");
    return text != NULL ? text : rest_json_some_text(object, "message");
}

/* The first error inside a cart or an order: an answer with a successful status may say in it that
 * nothing was ordered. Source: checkout-a-cart, cart-resources */
static const json_t *find_part_error(const json_t *body)
{
    const json_t *item, *errors = json_object_get(body, "orderErrors");
    size_t i;
    if (json_array_size(errors) != 0)
        return json_array_get(errors, 0);
    json_array_foreach(json_object_get(body, "lineItems"), i, item)
    {
        const json_t *error = json_object_get(item, "error");
        if (json_is_object(error))
            return error;
    }
    return NULL;
}

static bool is_own_error(struct arena *arena, const json_t *body)
{
    return find_code(arena, body) != NULL && find_words(body) != NULL &&
           json_object_get(body, "id") == NULL;
}

static bool is_error(const json_t *body)
{
    auto_arena arena = arena_new();
    return is_own_error(arena, body) || find_part_error(body) != NULL;
}

static void read_error(struct arena *arena, const json_t *body, const char **code,
                       struct buf *message)
{
    const json_t *part = find_part_error(body), *error = part != NULL ? part : body,
                 *line;
    size_t i;
    *code = find_code(arena, error);
    const char *words = find_words(error);
    if (words != NULL)
        buf_add_text(message, rest_failure_show_quote(arena, words));
    json_array_foreach(json_object_get(error, "data"), i, line)
    {
        if (json_is_string(line) && message->length < REST_MESSAGE_BYTES_MAX)
            buf_print(message, "\n- %s",
                      rest_failure_show_line(arena, json_string_value(line)));
    }
}

/* "Rate limit is exceeded. Try again in 57 seconds." Source: api-throttling-guidance */
static int64_t read_wait_ms(struct arena *arena, struct bytes bytes)
{
    static const char lead[] = "try again in ";
    json_t *body = rest_json_parse_object(bytes);
    const char *words = find_words(body);
    const char *at = words != NULL ? strstr(text_lower(arena, words), lead) : NULL;
    json_decref(body);
    if (at == NULL)
        return 0;
    at += strlen(lead);
    char *end;
    unsigned long seconds = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : 0;
    if (seconds == 0 || strncmp(end, " second", strlen(" second")) != 0)
        return 0;
    return seconds < HTTP_RETRY_AFTER_MOST_MS / 1000 ? (int64_t)seconds * 1000
                                                     : HTTP_RETRY_AFTER_MOST_MS;
}

/* ---- pages --------------------------------------------------------------------------------- */

/* The token is valid in a header line. */
static const char *check_token(struct arena *arena, const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] > '~')
            return NULL;
    }
    return length != 0 && length <= TOKEN_BYTES_MAX ? arena_copy_text(arena, text) : NULL;
}

/* The URL of a link, which is absolute, a path with the version, or a path without it. `list` is
 * the URL of a list; its path begins with the version. */
static const char *resolve(struct arena *arena, const char *list, const char *link)
{
    if (strstr(link, "://") != NULL)
        return arena_copy_text(arena, link);
    const char *host = strstr(list, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    if (path == NULL)
        return arena_copy_text(arena, link);
    size_t version = 1 + strcspn(path + 1, "/");
    link += *link == '/';
    bool has_version =
        strncmp(path + 1, link, version - 1) == 0 && link[version - 1] == '/';
    int base = (int)(path - list) + (has_version ? 0 : (int)version);
    return arena_print(arena, "%.*s/%s", base, list, link);
}

static const char *find_link_token(const json_t *link)
{
    const json_t *header;
    size_t i;
    json_array_foreach(json_object_get(link, "headers"), i, header)
    {
        if (text_equal_ignoring_case(rest_json_some_text(header, "key"), TOKEN_HEADER))
            return rest_json_some_text(header, "value");
    }
    return NULL;
}

/* The next page is a link, with a token in the link's headers. Or the answer has the token in a
 * header, and the URL is that of the list. */
static json_t *read_page(struct arena *arena, const char *address,
                         const struct http_reply *reply, const json_t *body,
                         struct dialect_next *next)
{
    const json_t *link = json_object_get(json_object_get(body, "links"), "next");
    const char *uri = rest_json_some_text(link, "uri");
    const char *token = check_token(arena, find_link_token(link));
    if (token == NULL)
        token = check_token(arena, http_reply_header(reply, TOKEN_HEADER));
    if (uri != NULL)
        next->address = resolve(arena, address, uri);
    else if (token != NULL)
        next->address = arena_print(arena, "%s?seekOperation=Next", address);
    else if (link != NULL && !json_is_null(link))
        return NULL; /* without its next page, the list would look complete */
    if (next->address != NULL && token != NULL)
        next->header = (struct http_header){ TOKEN_HEADER, token };
    json_t *items = json_object_get(body, "items");
    if ((items == NULL || json_is_null(items)) &&
        json_integer_value(json_object_get(body, "totalCount")) == 0 &&
        json_object_get(body, "totalCount") != NULL) {
        items = json_array();
        json_object_set_new((json_t *)(uintptr_t)body, "items", items);
    }
    return items;
}

/* Source: get-a-list-of-customers-filtered-by-a-search-field: starts_with is the only operator */
static const char *filter(struct arena *arena, const char *field, const char *start)
{
    json_t *rule = json_pack("{s:s, s:s, s:s}", "Field", field, "Value", start,
                             "Operator", "starts_with");
    char *text = json_dumps(rule, JSON_COMPACT);
    const char *query =
        text != NULL ? arena_print(arena, "filter=%s", text_encode_percent(arena, text))
                     : NULL;
    free(text);
    json_decref(rule);
    return query;
}

static const struct http_header headers[] = {
    { "MS-Contract-Version", "v1" },
    { "X-Locale", "en-US" },
    { NULL, NULL },
};

const struct dialect dialect_partner = {
    .name = "Partner Center",
    .headers = headers,
    .request_id_header = "MS-RequestId",
    .correlation_id_header = "MS-CorrelationId",
    .query = query,
    .answer_request_id_header = "MS-RequestId",
    .answer_correlation_id_header = "MS-CorrelationId",
    .read_error = read_error,
    .read_wait_ms = read_wait_ms,
    .is_error = is_error,
    .read_page = read_page,
    .filter = filter,
};
