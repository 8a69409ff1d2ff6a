/* The IDs of Azure Resource Manager.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "id/id.h"
#include "id/scheme.h"

static const char *parse(struct arena *arena, const char *text, const char *type,
                         struct error *err)
{
    struct id id;
    if (id_parse(arena, text, &id, err) < 0)
        return NULL;
    if (type != NULL && !id_is_of_type(&id, type)) {
        error_set(err, ERR_INVALID, "it is the ID of %s", id_describe(arena, &id));
        return NULL;
    }
    return id_format(arena, &id, type);
}

static bool is_equal(struct arena *arena, const char *a, const char *b)
{
    struct error ignored = NO_ERROR;
    struct id left, right;
    return id_parse(arena, a, &left, &ignored) == 0 &&
           id_parse(arena, b, &right, &ignored) == 0 && id_equal(&left, &right);
}

/* The ID of the object that an extension, such as a lock, belongs to: all of the ID before the
 * extension's own provider. */
static const char *find_scope(struct arena *arena, const char *id)
{
    static const char providers[] = "/providers/";
    const char *last = NULL;
    for (const char *at = id; (at = strcasestr(at, providers)) != NULL; at++)
        last = at;
    return last == NULL ? NULL : arena_copy_bytes_as_text(arena, id, (size_t)(last - id));
}

static const char *part(struct arena *arena, const char *id, const char *name)
{
    struct error ignored = NO_ERROR;
    struct id parts;
    if (text_equal(name, "scope"))
        return find_scope(arena, id);
    if (id_parse(arena, id, &parts, &ignored) < 0)
        return NULL;
    if (text_equal(name, "subscription"))
        return parts.subscription;
    if (text_equal(name, "resource_group"))
        return parts.resource_group;
    if (text_equal(name, "namespace"))
        return parts.namespace;
    if (text_equal(name, "subscription_option"))
        return parts.subscription == NULL
                   ? ""
                   : arena_print(arena, " --subscription %s", parts.subscription);
    if (!text_equal(name, "name"))
        return NULL;
    return parts.level_count > 0          ? parts.levels[parts.level_count - 1].name
           : parts.resource_group != NULL ? parts.resource_group
                                          : parts.subscription;
}

/* ARM compares names ignoring case. GUIDs have been seen in lower case and in capitals. */
static const char *const *case_variants(struct arena *arena, const char *id)
{
    const char *name = strrchr(id, '/');
    const char **list = arena_take_many(arena, 3, sizeof *list);
    if (name == NULL || !text_is_guid(name + 1))
        return list;
    size_t count = 0, start = (size_t)(name + 1 - id);
    char *lower = arena_copy_text(arena, id), *upper = arena_copy_text(arena, id);
    memcpy(lower + start, text_lower(arena, name + 1), strlen(name + 1));
    for (char *at = upper + start; *at != '\0'; at++)
        *at = (char)(*at >= 'a' && *at <= 'f' ? *at - 'a' + 'A' : *at);
    if (strcmp(lower, id) != 0)
        list[count++] = lower;
    if (strcmp(upper, id) != 0)
        list[count++] = upper;
    return list;
}

const struct id_scheme id_scheme_arm = {
    .name = "ARM",
    .parse = parse,
    .is_equal = is_equal,
    .form = id_form,
    .part = part,
    .case_variants = case_variants,
};
