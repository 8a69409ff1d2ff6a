/* The JSON of answers, with limits.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/json.h"

#include <string.h>

#include "base/json_repair.h"

/* Counts the brackets and commas outside of strings. The parser checks later whether it is JSON. */
static bool is_within_ceilings(struct bytes bytes)
{
    size_t depth = 0, containers = 0, values = 0;
    bool is_in_string = false;
    for (size_t i = 0; i < bytes.length; i++) {
        uint8_t one = bytes.data[i];
        if (is_in_string && one == '\\') {
            i++;
        } else if (one == '"') {
            is_in_string = !is_in_string;
        } else if (!is_in_string && (one == '{' || one == '[')) {
            if (++depth > REST_JSON_DEPTH_MAX || ++containers > REST_JSON_CONTAINERS_MAX)
                return false;
        } else if (!is_in_string && (one == '}' || one == ']') && depth > 0) {
            depth--;
        } else if (!is_in_string && one == ',' && ++values > REST_JSON_VALUES_MAX) {
            return false;
        }
    }
    return true;
}

json_t *rest_json_parse(struct bytes bytes)
{
    if (bytes.length == 0 || !is_within_ceilings(bytes))
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

json_t *rest_json_parse_digits(struct bytes bytes)
{
    if (bytes.length == 0 || !is_within_ceilings(bytes))
        return NULL;
    auto_arena arena = arena_new();
    bytes = json_quote_numbers(arena, bytes);
    json_t *json =
        json_loadb((const char *)bytes.data, bytes.length, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

bool rest_json_is_exact(struct bytes bytes)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t begin = bytes.length >= 3 && memcmp(bytes.data, mark, 3) == 0 ? 3 : 0;
    json_t *json = json_loadb((const char *)bytes.data + begin, bytes.length - begin,
                              JSON_REJECT_DUPLICATES, NULL);
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
    json_t *json = rest_json_parse(bytes);
    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
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
