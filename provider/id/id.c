/* ARM resource IDs.
 * SPDX-License-Identifier: MPL-2.0 */
#include "id/id.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

/* The next segment; NULL at the end. Moves *text to the text after the segment and its slash. */
static const char *next_segment(struct arena *arena, const char **text)
{
    if (**text == '\0')
        return NULL;
    size_t length = strcspn(*text, "/");
    const char *segment = arena_copy_bytes_as_text(arena, *text, length);
    *text += length;
    if (**text == '/')
        (*text)++;
    return segment;
}

static int expect_word(struct arena *arena, const char **rest, const char *word,
                       struct error *err)
{
    const char *segment = next_segment(arena, rest);
    if (segment == NULL)
        return error_set(err, ERR_INVALID, "it ends where \"%s\" is expected", word);
    if (!text_equal_ignoring_case(segment, word))
        return error_set(err, ERR_INVALID, "expected \"%s\" instead of \"%s\"", word,
                         segment);
    return 0;
}

/* Names become parts of a request's path. URL parsers remove the segment ".", and ".." with the
 * segment before it. White space at either end of a name is usually a mistake in copying it. */
static int check_segment(const char *segment, struct error *err)
{
    if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
        return error_set(err, ERR_INVALID, "\"%s\" is not a name", segment);
    if (segment[0] == ' ' || segment[strlen(segment) - 1] == ' ')
        return error_set(err, ERR_INVALID, "\"%s\" begins or ends with a space", segment);
    return 0;
}

static int expect_name(struct arena *arena, const char **rest, const char *after,
                       const char **out, struct error *err)
{
    const char *segment = next_segment(arena, rest);
    if (segment == NULL || *segment == '\0')
        return error_set(err, ERR_INVALID, "nothing follows \"%s\"", after);
    if (check_segment(segment, err) < 0)
        return -1;
    *out = segment;
    return 0;
}

/* The code point of a character that is invisible, that looks like another one (documents and mails
 * put such characters between words), or that replaces a lost one; 0: there is none. */
static unsigned find_invisible(const char *text)
{
    size_t bytes = text_utf8_next(text, strlen(text));
    unsigned point = bytes > 1 ? text_utf8_point(text, bytes) : 0;
    return text_is_wide_space(point) || point == 0xFFFD ||
                   (point != 0 && text_is_hidden(point))
               ? point
               : 0;
}

/* Characters that a copied text may contain when it comes from a table or a script. */
static bool is_wrapping(char character)
{
    return character != '\0' && strchr(" \t\r\n\"'", character) != NULL;
}

static int check_text(const char *text, struct error *err)
{
    if (*text == '\0')
        return error_set(err, ERR_INVALID, "it is empty");
    size_t end = strlen(text) - 1;
    end -= end > 0 && text[end] == '/';
    if (is_wrapping(text[0]) || is_wrapping(text[end]))
        return error_set(err, ERR_INVALID,
                         "it has white space or quotation marks around it");
    if (strlen(text) > ID_BYTES_MAX)
        return error_set(err, ERR_INVALID, "it is longer than %d bytes", ID_BYTES_MAX);
    if (text_starts_ignoring_case(text, "http://") ||
        text_starts_ignoring_case(text, "https://"))
        return error_set(err, ERR_INVALID,
                         "it is a URL; an ID begins with /subscriptions/ or /providers/");
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7F || *at == '?' || *at == '#' ||
            *at == '\\')
            return error_set(err, ERR_INVALID,
                             "it has a character that is not allowed in a resource ID");
        if (*at == '%')
            return error_set(
                err, ERR_INVALID,
                "it has percent-encoded characters, as in a URL; write the names "
                "as the portal shows them");
        unsigned point = find_invisible(at);
        if (point != 0)
            return error_set(err, ERR_INVALID,
                             "it has an invisible or unreadable character (U+%04X)",
                             point);
    }
    return 0;
}

static int parse_levels(struct arena *arena, const char *rest, struct id *id,
                        struct error *err)
{
    while (*rest != '\0') {
        if (id->level_count == ID_LEVELS_MAX)
            return error_set(err, ERR_INVALID, "it has more than %d levels",
                             ID_LEVELS_MAX);
        struct id_level *level = &id->levels[id->level_count];
        level->type = next_segment(arena, &rest);
        if (*level->type == '\0')
            return error_set(err, ERR_INVALID, "it has two slashes in a row");
        if (check_segment(level->type, err) < 0)
            return -1;
        if (expect_name(arena, &rest, level->type, &level->name, err) < 0)
            return -1;
        id->level_count++;
    }
    if (id->level_count == 0)
        return error_set(err, ERR_INVALID, "no resource type follows \"%s\"",
                         id->namespace);
    return 0;
}

int id_parse(struct arena *arena, const char *text, struct id *out, struct error *err)
{
    if (check_text(text, err) < 0)
        return -1;
    struct id id = { 0 };
    const char *rest = text + (*text == '/');
    bool is_at_root = text_starts_ignoring_case(rest, "providers/");
    if (!is_at_root &&
        (expect_word(arena, &rest, "subscriptions", err) < 0 ||
         expect_name(arena, &rest, "subscriptions", &id.subscription, err) < 0))
        return -1;
    static const char providers[] = "providers/";
    if (!is_at_root && *rest != '\0' && !text_starts_ignoring_case(rest, providers) &&
        (expect_word(arena, &rest, "resourceGroups", err) < 0 ||
         expect_name(arena, &rest, "resourceGroups", &id.resource_group, err) < 0))
        return -1;
    if (*rest != '\0' &&
        (expect_word(arena, &rest, "providers", err) < 0 ||
         expect_name(arena, &rest, "providers", &id.namespace, err) < 0 ||
         parse_levels(arena, rest, &id, err) < 0))
        return -1;
    *out = id;
    return 0;
}

enum id_place { ID_IN_GROUP, ID_IN_SUBSCRIPTION, ID_AT_ROOT };

/* Where the objects of the type are, by the prefix of `type` (struct id). Moves *type to the text
 * after the prefix. */
static enum id_place take_place(const char **type)
{
    static const char subscriptions[] = "subscriptions/";
    if (*type == NULL)
        return ID_IN_GROUP;
    if (**type == '/') {
        (*type)++;
        return ID_AT_ROOT;
    }
    if (!text_starts_ignoring_case(*type, subscriptions))
        return ID_IN_GROUP;
    *type += strlen(subscriptions);
    return ID_IN_SUBSCRIPTION;
}

/* The word of `type` at this level (0: the namespace), if it equals `word` ignoring case; else
 * `word`. */
static const char *spell(struct arena *arena, const char *type, size_t level,
                         const char *word)
{
    for (const char *rest = type; rest != NULL && *rest != '\0'; level--) {
        const char *segment = next_segment(arena, &rest);
        if (level == 0)
            return text_equal_ignoring_case(segment, word) ? segment : word;
    }
    return word;
}

const char *id_format(struct arena *arena, const struct id *id, const char *type)
{
    const char *text = id->subscription == NULL
                           ? ""
                           : arena_print(arena, "/subscriptions/%s", id->subscription);
    take_place(&type);
    if (id->resource_group != NULL)
        text = arena_print(arena, "%s/resourceGroups/%s", text, id->resource_group);
    if (id->namespace != NULL)
        text = arena_print(arena, "%s/providers/%s", text,
                           spell(arena, type, 0, id->namespace));
    for (size_t i = 0; i < id->level_count; i++)
        text = arena_print(arena, "%s/%s/%s", text,
                           spell(arena, type, i + 1, id->levels[i].type),
                           id->levels[i].name);
    return text;
}

/* A resource group is an object too, although its ID has no provider.
 * Source: Azure Resource Manager, resource groups: "type": "Microsoft.Resources/resourceGroups" */
static bool is_group(const char *type)
{
    return type != NULL &&
           text_equal_ignoring_case(type, "Microsoft.Resources/resourceGroups");
}

/* "registrations" -> "{registration}": so a form with two names says what each of them is. */
static const char *placeholder(struct arena *arena, const char *segment)
{
    size_t length = strlen(segment);
    if (length > 1 && segment[length - 1] == 's')
        length -= length > 3 && strcmp(&segment[length - 3], "ses") == 0 ? 2 : 1;
    return arena_print(arena, "{%.*s}", (int)length, segment);
}

const char *id_form(struct arena *arena, const char *type)
{
    if (is_group(type))
        return "/subscriptions/{subscription ID}/resourceGroups/{resource group}";
    enum id_place place = take_place(&type);
    const char *text =
        arena_print(arena, "%s%s/providers/%s",
                    place == ID_AT_ROOT ? "" : "/subscriptions/{subscription ID}",
                    place == ID_IN_GROUP ? "/resourceGroups/{resource group}" : "",
                    next_segment(arena, &type));
    for (const char *segment; (segment = next_segment(arena, &type)) != NULL;)
        text = arena_print(arena, "%s/%s/%s", text, segment, placeholder(arena, segment));
    return text;
}

bool id_is_of_type(const struct id *id, const char *type)
{
    if (is_group(type))
        return id->namespace == NULL && id->resource_group != NULL;
    enum id_place place = take_place(&type);
    if (id->namespace == NULL || (id->subscription == NULL) != (place == ID_AT_ROOT) ||
        (id->resource_group != NULL) != (place == ID_IN_GROUP))
        return false;
    size_t length = strlen(id->namespace);
    if (!text_starts_ignoring_case(type, id->namespace))
        return false;
    const char *rest = type + length;
    for (size_t i = 0; i < id->level_count; i++) {
        if (*rest != '/' || !text_starts_ignoring_case(rest + 1, id->levels[i].type))
            return false;
        rest += 1 + strlen(id->levels[i].type);
    }
    return *rest == '\0';
}

const char *id_describe(struct arena *arena, const struct id *id)
{
    if (id->namespace == NULL)
        return id->resource_group == NULL ? "a subscription" : "a resource group";
    const char *type = id->namespace;
    for (size_t i = 0; i < id->level_count; i++)
        type = arena_print(arena, "%s/%s", type, id->levels[i].type);
    return arena_print(arena, "a resource of type %s", type);
}

bool id_equal(const struct id *a, const struct id *b)
{
    if (!text_equal_ignoring_case(a->subscription, b->subscription) ||
        !text_equal_ignoring_case(a->resource_group, b->resource_group) ||
        !text_equal_ignoring_case(a->namespace, b->namespace) ||
        a->level_count != b->level_count)
        return false;
    for (size_t i = 0; i < a->level_count; i++) {
        if (!text_equal_ignoring_case(a->levels[i].type, b->levels[i].type) ||
            !text_equal_ignoring_case(a->levels[i].name, b->levels[i].name))
            return false;
    }
    return true;
}

struct id id_parent(const struct id *id)
{
    assert(id->level_count > 0);
    struct id parent = *id;
    parent.level_count--;
    if (parent.level_count == 0)
        parent.namespace = NULL;
    return parent;
}
