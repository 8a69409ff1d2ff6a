/* Validators.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "id/id.h"

const char *checks_title(struct arena *arena, const struct attribute *attribute)
{
    return arena_print(arena, "Invalid %s", attribute->name);
}

const char *checks_shown(struct arena *arena, const char *text)
{
    return text_clean_line(arena, text, strlen(text), 200);
}

/* The text after white space, what cannot be seen, and the characters in `others`. */
static const char *skip_around(const char *text, const char *others)
{
    while (*text != '\0') {
        size_t bytes = text_utf8_next(text, strlen(text));
        unsigned point = bytes > 1 ? text_utf8_point(text, bytes) : 0;
        if (bytes == 1 ? strchr(others, *text) == NULL
                       : !text_is_wide_space(point) && !text_is_hidden(point))
            break;
        text += bytes;
    }
    return text;
}

const char *checks_find_guid(struct arena *arena, const char *text)
{
    text = skip_around(text, " \t\r\n{(\"'");
    if (text_starts_ignoring_case(text, "/subscriptions/"))
        text += strlen("/subscriptions/");
    else if (text_starts_ignoring_case(text, "subscriptions/"))
        text += strlen("subscriptions/");
    size_t length = strnlen(text, TEXT_GUID_BYTES - 1);
    const char *guid = arena_copy_bytes_as_text(arena, text, length);
    const char *rest = skip_around(text + length, " \t\r\n})\"'/");
    return *rest == '\0' && text_is_guid(guid) ? text_lower(arena, guid) : NULL;
}

void check_guid(struct arena *arena, const struct attribute *attribute,
                const struct value *value, const struct path *path, struct diags *diags)
{
    const char *text = value_text(value);
    if (text_is_guid(text))
        return;
    const char *meant = checks_find_guid(arena, text);
    if (meant != NULL)
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" has more than the GUID. Write \"%s\".",
                    checks_shown(arena, text), meant);
    else
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is not a GUID. Expected format: "
                    "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, in which each x is a "
                    "hexadecimal digit.",
                    checks_shown(arena, text));
}

void check_guids(struct arena *arena, const struct attribute *attribute,
                 const struct value *value, const struct path *path, struct diags *diags)
{
    for (size_t i = 0; i < value->many.count; i++) {
        const struct value *element = value->many.items[i];
        const char *text = value_text(element);
        if (text != NULL && strlen(text) == element->string.length)
            check_guid(arena, attribute, element, path, diags);
    }
}

void check_utc_hour(struct arena *arena, const struct attribute *attribute,
                    const struct value *value, const struct path *path,
                    struct diags *diags)
{
    int64_t ms;
    const char *text = value_text(value);
    if (clock_parse_rfc3339(text, &ms) && ms % (60 * 60 * 1000) == 0)
        return;
    diags_error(diags, path, checks_title(arena, attribute),
                "\"%s\" is not an hour in UTC. Use the format "
                "2026-01-01T05:00:00Z: with T and Z, and with zero minutes and "
                "seconds.",
                text_clean_line(arena, text, strlen(text), 100));
}

void check_guid_lower(struct arena *arena, const struct attribute *attribute,
                      const struct value *value, const struct path *path,
                      struct diags *diags)
{
    const char *text = value_text(value);
    if (!text_is_guid(text) || text_is_lower(text)) {
        check_guid(arena, attribute, value, path, diags);
        return;
    }
    diags_error(diags, path, checks_title(arena, attribute),
                "Azure compares this ID case-sensitively, and \"%s\" has "
                "upper-case letters. Use lower case: \"%s\".",
                text, text_lower(arena, text));
}

void check_duration(struct arena *arena, const struct attribute *attribute,
                    const struct value *value, const struct path *path,
                    struct diags *diags)
{
    (void)attribute; /* the name "create" alone would not be clear */
    long long ms;
    const char *text = value_text(value);
    if (text_parse_duration_ms(text, &ms) < 0)
        diags_error(diags, path,
                    arena_print(arena, "Invalid %s", path_format(arena, path)),
                    "\"%s\" is not a duration. Use a number above zero with a unit, "
                    "such as \"90s\", \"30m\" or \"1h30m\".",
                    checks_shown(arena, text));
}

void check_domain(struct arena *arena, const struct attribute *attribute,
                  const struct value *value, const struct path *path, struct diags *diags)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-";
    const char *text = value_text(value);
    size_t labels = 0;
    for (const char *at = text;; at++) {
        size_t length = strspn(at, letters);
        bool is_label =
            length > 0 && length < 64 && at[0] != '-' && at[length - 1] != '-';
        at += length;
        if (!is_label || (*at != '.' && *at != '\0'))
            break;
        labels++;
        if (*at == '\0' && labels > 1 && strlen(text) < 254 && !text_is_guid(text))
            return;
        if (*at == '\0')
            break;
    }
    diags_error(diags, path, checks_title(arena, attribute),
                "\"%s\" is not a domain name, such as "
                "`contoso.onmicrosoft.com`.%s",
                checks_shown(arena, text),
                text_is_guid(text) ? " It is an ID. Use a domain name of that directory."
                                   : "");
}

void check_not_empty(struct arena *arena, const struct attribute *attribute,
                     const struct value *value, const struct path *path,
                     struct diags *diags)
{
    if (value->string.length == 0)
        diags_error(
            diags, path, checks_title(arena, attribute),
            (attribute->flags & REQUIRED) != 0
                ? "The value is empty. Set it to a value."
                : "The value is empty. Remove the argument, or set it to a value.");
}

/* A host name or address with an optional port, and nothing else. */
static bool is_host(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t length = 0;
    if (*text == '[') {
        length = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
        if (length < 3 || text[length++] != ']')
            return false;
    } else {
        while (text[length] != '\0' &&
               (strchr(letters, text[length]) != NULL ||
                (length > 0 && strchr("-._", text[length]) != NULL)))
            length++;
    }
    text += length;
    if (length > 0 && *text == ':') {
        size_t digits = strspn(text + 1, "0123456789");
        if (digits == 0 || digits > 5)
            return false;
        unsigned port = 0;
        for (text++; digits > 0; digits--)
            port = port * 10 + (unsigned)(*text++ - '0');
        if (port == 0 || port > 65535)
            return false;
    }
    return length > 0 && *text == '\0';
}

void check_https_endpoint(struct arena *arena, const struct attribute *attribute,
                          const struct value *value, const struct path *path,
                          struct diags *diags)
{
    const char *text = value_text(value);
    const char *host =
        text_starts_ignoring_case(text, "https://") ? text + strlen("https://") : NULL;
    if (host == NULL) {
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" does not begin with https://, which is required because "
                    "credentials are sent to this address. Use %s.",
                    checks_shown(arena, text),
                    is_host(text) ? arena_print(arena, "\"https://%s\"", text)
                                  : "\"https://\" and the host name");
        return;
    }
    size_t length = strcspn(host, "/?#@ \t\r\n\\");
    if (length == 0 || (host[length] != '\0' && strcmp(host + length, "/") != 0))
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" has more than a host. Use \"https://\", the host name, "
                    "and a port if needed, without a path.",
                    checks_shown(arena, text));
    else if (!is_host(arena_copy_bytes_as_text(arena, host, length)))
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" has no valid host. Use \"https://\", the host name, and a "
                    "port from 1 to 65535 if needed.",
                    checks_shown(arena, text));
}

void check_email(struct arena *arena, const struct attribute *attribute,
                 const struct value *value, const struct path *path, struct diags *diags)
{
    const char *text = value_text(value), *at = strrchr(text, '@');
    bool is_word = text[strcspn(text, " \t\r\n")] == '\0';
    if (!is_word || at == NULL || at == text || at[1] == '\0')
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is not an e-mail address, such as `billing@contoso.com`.",
                    checks_shown(arena, text));
}

/* Source: azure-docs tag-resources.md, limitations; Resource Manager, InvalidTagNameCharacters, which
 * also says which names may have these characters, such as hidden-link:/…. */
enum { TAGS_MAX = 50, TAG_NAME_CHARACTERS_MAX = 512, TAG_VALUE_CHARACTERS_MAX = 256 };

static bool has_other_case(const struct value *tags, size_t i)
{
    size_t other = 0;
    while (other < i &&
           !text_equal_ignoring_case(tags->many.keys[other], tags->many.keys[i]))
        other++;
    return other < i;
}

static bool has_reserved_character(const char *name)
{
    bool is_reserved = false;
    for (const char *at = name; *at != '\0'; at++)
        is_reserved |=
            (unsigned char)*at < ' ' || *at == '\x7F' || strchr("<>%&\\?/", *at) != NULL;
    return is_reserved && !text_starts_ignoring_case(name, "hidden") &&
           !text_starts_ignoring_case(name, "link");
}

void check_tags(struct arena *arena, const struct attribute *attribute,
                const struct value *value, const struct path *path, struct diags *diags)
{
    const char *title = checks_title(arena, attribute);
    if (value->many.count > TAGS_MAX) {
        diags_error(diags, path, title, "There are %zu tags. Azure accepts at most %d.",
                    value->many.count, TAGS_MAX);
        return;
    }
    for (size_t i = 0; i < value->many.count; i++) {
        const char *name = value->many.keys[i], *text = value_text(value->many.items[i]);
        const struct path *at = path_key(arena, path, name);
        if (*name == '\0')
            diags_error(diags, at, title, "The name of a tag is empty.");
        if (has_reserved_character(name))
            diags_error(diags, at, title,
                        "The name of a tag must not have control characters or one of < "
                        "> %% & \\ ? /. Remove these characters.");
        if (text_count_characters(name) > TAG_NAME_CHARACTERS_MAX)
            diags_error(diags, at, title,
                        "The name of a tag has more than %d characters.",
                        TAG_NAME_CHARACTERS_MAX);
        if (text != NULL && text_count_characters(text) > TAG_VALUE_CHARACTERS_MAX)
            diags_error(diags, at, title, "The value has more than %d characters.",
                        TAG_VALUE_CHARACTERS_MAX);
        if (has_other_case(value, i))
            diags_error(diags, at, title,
                        "The name of another tag differs only in upper and lower case. "
                        "Azure does not distinguish the two. Remove one of them.");
    }
}
