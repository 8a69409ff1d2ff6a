/* IDs as templates over attributes.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "id/id.h"

const char *id_template_fill(struct arena *arena, const char *template,
                             const char *(*find)(void *state, const char *name),
                             void *state)
{
    const char *text = "";
    while (*template != '\0') {
        size_t literal = strcspn(template, "{");
        text = arena_print(arena, "%s%.*s", text, (int)literal, template);
        template += literal;
        if (*template == '\0')
            break;
        size_t length = strcspn(template + 1, "}");
        const char *value =
            find(state, arena_copy_bytes_as_text(arena, template + 1, length));
        if (value == NULL)
            return NULL;
        text = arena_print(arena, "%s%s", text, value);
        template += 1 + length + (template[1 + length] == '}');
    }
    return text;
}

/* The last segment of text[0 … *length). Shortens *length by the segment and its slash. */
static const char *cut_last(struct arena *arena, const char *text, size_t *length)
{
    size_t start = *length;
    while (start > 0 && text[start - 1] != '/')
        start--;
    const char *segment = arena_copy_bytes_as_text(arena, text + start, *length - start);
    *length = start > 0 ? start - 1 : 0;
    return segment;
}

bool id_template_match(struct arena *arena, const char *template, const char *id,
                       struct id_template_part parts[ID_PLACEHOLDERS_MAX], size_t *count)
{
    struct id_template_part found[ID_PLACEHOLDERS_MAX];
    size_t found_count = 0;
    size_t template_left = strlen(template), id_left = strlen(id);
    while (template_left > 0 && id_left > 0) {
        const char *want = cut_last(arena, template, &template_left);
        size_t id_before = id_left;
        const char *have = cut_last(arena, id, &id_left);
        if (*want != '{') {
            if (!text_equal_ignoring_case(want, have))
                return false;
            continue;
        }
        if (found_count == ID_PLACEHOLDERS_MAX)
            return false;
        /* A placeholder at the beginning of the template is a whole parent ID. */
        if (template_left == 0 && template[0] == '{') {
            have = arena_copy_bytes_as_text(arena, id, id_before);
            id_left = 0;
        }
        found[found_count++] = (struct id_template_part){
            .name = arena_copy_bytes_as_text(arena, want + 1, strlen(want) - 2),
            .text = have,
        };
    }
    if (template_left > 0 || id_left > 0)
        return false;
    for (size_t i = 0; i < found_count; i++)
        parts[i] = found[found_count - 1 - i];
    *count = found_count;
    return true;
}
