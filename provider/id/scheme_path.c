/* IDs that are plain paths.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "id/id.h"
#include "id/scheme.h"

/* The segment becomes a part of a request's path: characters that a URL parser would interpret are
 * refused. */
static int check_segment(const char *segment, size_t length, struct error *err)
{
    if (length == 0)
        return error_set(err, ERR_INVALID, "it has an empty segment");
    if ((length == 1 && segment[0] == '.') ||
        (length == 2 && segment[0] == '.' && segment[1] == '.'))
        return error_set(err, ERR_INVALID, "it has the segment \"%.*s\"", (int)length,
                         segment);
    for (size_t i = 0; i < length; i++) {
        unsigned char at = (unsigned char)segment[i];
        if (at <= 0x20 || at >= 0x7F || strchr("?#%\\\"", at) != NULL)
            return error_set(err, ERR_INVALID,
                             "it has a character that is not allowed in an ID");
    }
    return 0;
}

static bool fits(const char *text, const char *type, bool is_case_sensitive)
{
    while (*text != '\0' && *type != '\0') {
        size_t have = strcspn(text, "/"), want = strcspn(type, "/");
        bool is_name = want == 2 && strncmp(type, "{}", 2) == 0;
        if (!is_name &&
            (have != want || (is_case_sensitive ? strncmp(text, type, want)
                                                : strncasecmp(text, type, want)) != 0))
            return false;
        text += have + (text[have] == '/');
        type += want + (type[want] == '/');
    }
    return *text == *type;
}

static const char *parse_as(struct arena *arena, const char *text, const char *type,
                            bool is_case_sensitive, struct error *err)
{
    size_t total = strlen(text);
    if (text[0] != '/' || total > ID_BYTES_MAX) {
        error_set(err, ERR_INVALID,
                  text[0] != '/' ? "it does not begin with a slash" : "it is too long");
        return NULL;
    }
    for (const char *at = text + 1;; at++) {
        size_t length = strcspn(at, "/");
        if (check_segment(at, length, err) < 0)
            return NULL;
        at += length;
        if (*at == '\0')
            break;
    }
    if (type != NULL && !fits(text, type, is_case_sensitive)) {
        error_set(err, ERR_INVALID, "it has a different format");
        return NULL;
    }
    return arena_copy_text(arena, text);
}

static const char *parse(struct arena *arena, const char *text, const char *type,
                         struct error *err)
{
    return parse_as(arena, text, type, true, err);
}

/* Fixed words in the case of the type, and GUIDs in lower case. */
static const char *spell(struct arena *arena, const char *text, const char *type)
{
    const char *spelled = "";
    while (*text != '\0') {
        text++;
        size_t length = strcspn(text, "/");
        const char *segment = arena_copy_bytes_as_text(arena, text, length);
        if (type != NULL && *type == '/')
            type++;
        size_t word = type != NULL ? strcspn(type, "/") : 0;
        if (text_is_guid(segment))
            segment = text_lower(arena, segment);
        else if (word == length && strncmp(type, "{}", 2) != 0)
            segment = arena_copy_bytes_as_text(arena, type, word);
        spelled = arena_print(arena, "%s/%s", spelled, segment);
        text += length;
        if (type != NULL)
            type += word;
    }
    return spelled;
}

static const char *parse_any_case(struct arena *arena, const char *text, const char *type,
                                  struct error *err)
{
    return parse_as(arena, text, type, false, err) != NULL ? spell(arena, text, type)
                                                           : NULL;
}

static bool is_equal_any_case(struct arena *arena, const char *a, const char *b)
{
    (void)arena;
    return text_equal_ignoring_case(a, b);
}

static bool is_equal(struct arena *arena, const char *a, const char *b)
{
    (void)arena;
    return strcmp(a, b) == 0;
}

/* "/v1/customers/{name}" */
static const char *form(struct arena *arena, const char *type)
{
    const char *text = "";
    while (*type != '\0') {
        type += *type == '/';
        size_t length = strcspn(type, "/");
        text = length == 2 && strncmp(type, "{}", 2) == 0
                   ? arena_print(arena, "%s/{name}", text)
                   : arena_print(arena, "%s/%.*s", text, (int)length, type);
        type += length;
    }
    return text;
}

static const char *part(struct arena *arena, const char *id, const char *name)
{
    const char *last = strrchr(id, '/');
    return text_equal(name, "name") && last != NULL ? arena_copy_text(arena, last + 1)
                                                    : NULL;
}

static const char *const *case_variants(struct arena *arena, const char *id)
{
    (void)id;
    return arena_take_many(arena, 1, sizeof(char *));
}

const struct id_scheme id_scheme_path = {
    .name = "path",
    .is_case_sensitive = true,
    .parse = parse,
    .is_equal = is_equal,
    .form = form,
    .part = part,
    .case_variants = case_variants,
};

const struct id_scheme id_scheme_path_any_case = {
    .name = "path in any case",
    .parse = parse_any_case,
    .is_equal = is_equal_any_case,
    .form = form,
    .part = part,
    .case_variants = case_variants,
};
