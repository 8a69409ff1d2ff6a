/* The JSON of answers, with limits.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/json.h"

#include <string.h>

#include "base/json_repair.h"
#include "base/text.h"

int rest_json_check_limits(struct bytes bytes, struct error *err)
{
    size_t depth = 0, containers = 0, values = 0;
    bool is_in_string = false;
    for (size_t i = 0; i < bytes.length; i++) {
        uint8_t one = bytes.data[i];
        if (one == '<' && containers == 0)
            return 0; /* a page, whose brackets mean nothing */
        if (is_in_string && one == '\\') {
            i++;
        } else if (one == '"') {
            is_in_string = !is_in_string;
        } else if (!is_in_string && (one == '{' || one == '[')) {
            if (++depth > REST_JSON_DEPTH_MAX)
                return error_set(
                    err, ERR_TOO_BIG,
                    "the response is too large: it is more than %d levels deep",
                    REST_JSON_DEPTH_MAX);
            if (++containers > REST_JSON_CONTAINERS_MAX)
                return error_set(
                    err, ERR_TOO_BIG,
                    "the response is too large: it has more than %d objects and lists",
                    REST_JSON_CONTAINERS_MAX);
        } else if (!is_in_string && (one == '}' || one == ']') && depth > 0) {
            depth--;
        } else if (!is_in_string && one == ',' && ++values > REST_JSON_VALUES_MAX) {
            return error_set(err, ERR_TOO_BIG,
                             "the response is too large: it has more than %d values",
                             REST_JSON_VALUES_MAX);
        }
    }
    return 0;
}

static bool is_within_limits(struct bytes bytes)
{
    struct error ignored = NO_ERROR;
    return rest_json_check_limits(bytes, &ignored) == 0;
}

json_t *rest_json_parse(struct bytes bytes)
{
    if (bytes.length == 0 || !is_within_limits(bytes))
        return NULL;
    json_t *json =
        json_loadb((const char *)bytes.data, bytes.length, JSON_REJECT_DUPLICATES, NULL);
    if (json != NULL)
        return json;
    auto_arena arena = arena_new();
    bytes = json_repair(arena, bytes);
    return json_loadb((const char *)bytes.data, bytes.length, JSON_REJECT_DUPLICATES,
                      NULL);
}

/* Takes the reference. */
static json_t *only_object(json_t *json)
{
    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

json_t *rest_json_parse_digits(struct bytes bytes)
{
    if (bytes.length == 0 || !is_within_limits(bytes))
        return NULL;
    auto_arena arena = arena_new();
    bytes = json_quote_numbers(arena, bytes);
    return only_object(
        json_loadb((const char *)bytes.data, bytes.length, JSON_REJECT_DUPLICATES, NULL));
}

bool rest_json_is_exact(struct bytes bytes)
{
    bytes = text_skip_mark(bytes);
    json_t *json =
        json_loadb((const char *)bytes.data, bytes.length, JSON_REJECT_DUPLICATES, NULL);
    bool is_exact = json != NULL;
    json_decref(json);
    return is_exact;
}

bool rest_json_is_broken_text(const json_t *json)
{
    return json_is_string(json) &&
           strstr(json_string_value(json), JSON_REPLACEMENT) != NULL;
}

json_t *rest_json_parse_object(struct bytes bytes)
{
    return only_object(rest_json_parse(bytes));
}

json_t *rest_json_find(const json_t *object, const char *place)
{
    for (;;) {
        size_t length = strcspn(place, ".");
        json_t *member = json_is_array(object) && strspn(place, "0123456789") == length
                             ? json_array_get(object, strtoul(place, NULL, 10))
                             : json_object_getn(object, place, length);
        if (member == NULL || place[length] == '\0')
            return member;
        object = member;
        place += length + 1;
    }
}

const char *rest_json_text(const json_t *object, const char *place)
{
    return place != NULL ? json_string_value(rest_json_find(object, place)) : NULL;
}

const char *rest_json_some_text(const json_t *object, const char *place)
{
    const char *text = rest_json_text(object, place);
    return text != NULL && *text != '\0' ? text : NULL;
}
