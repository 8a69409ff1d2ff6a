/* How the toy service speaks. Apart from its tables, for tests of layers that know of no tables.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/client.h"
#include "rest/failure.h"
#include "base/text.h"
#include "support/toy.h"

static const char *query(struct arena *arena, const struct rest_request *request)
{
    (void)arena, (void)request;
    return "";
}

/* {"code": 4040, "description": "…"} */
static void read_error(struct arena *arena, const json_t *body, const char **code,
                       struct buf *message)
{
    const json_t *number = json_object_get(body, "code");
    const char *text = json_string_value(json_object_get(body, "description"));
    *code = json_is_integer(number)
                ? arena_print(arena, "%lld", (long long)json_integer_value(number))
                : NULL;
    if (text != NULL)
        buf_add_text(message, rest_failure_show_quote(arena, text));
}

static bool is_error(const json_t *body)
{
    return json_is_integer(json_object_get(body, "code")) &&
           json_object_get(body, "description") != NULL;
}

/* {"items": […], "next": "cursor"} */
static json_t *read_page(struct arena *arena, const char *address,
                         const struct http_reply *reply, const json_t *body,
                         struct dialect_next *next)
{
    (void)reply;
    const char *cursor = json_string_value(json_object_get(body, "next"));
    next->address = cursor != NULL ? arena_print(arena, "%s?cursor=%s", address,
                                                 text_encode_percent(arena, cursor))
                                   : NULL;
    return json_object_get(body, "items");
}

static const char *const transient_codes[] = { "4230", NULL };

const struct dialect toy_dialect = {
    .name = "the toy service",
    .request_id_header = "Toy-Request",
    .query = query,
    .answer_request_id_header = "Toy-Answer",
    .read_error = read_error,
    .transient_codes = transient_codes,
    .is_error = is_error,
    .read_page = read_page,
};
