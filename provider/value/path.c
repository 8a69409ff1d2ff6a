/* The path of an attribute or element in a configuration.
 * SPDX-License-Identifier: MPL-2.0 */
#include "value/path.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "value/internal.h"

/* Keys come from the configuration: a message shows enough of one to identify it. */
enum { SHOWN_NAME_BYTES_MAX = 80 };

static const struct path *longer(struct arena *arena, const struct path path)
{
    return arena_copy(arena, &path, sizeof path);
}

const struct path *path_attribute(struct arena *arena, const struct path *parent,
                                  const char *name)
{
    return longer(arena, (struct path){ .parent = parent,
                                        .kind = PATH_ATTRIBUTE,
                                        .name = arena_copy_text(arena, name) });
}

const struct path *path_key(struct arena *arena, const struct path *parent,
                            const char *key)
{
    return longer(arena, (struct path){ .parent = parent,
                                        .kind = PATH_KEY,
                                        .name = arena_copy_text(arena, key) });
}

const struct path *path_index(struct arena *arena, const struct path *parent,
                              int64_t index)
{
    return longer(arena,
                  (struct path){ .parent = parent, .kind = PATH_INDEX, .index = index });
}

static void add_path(struct buf *buf, struct arena *arena, const struct path *path)
{
    if (path->parent != NULL)
        add_path(buf, arena, path->parent);
    if (path->kind == PATH_INDEX) {
        buf_print(buf, "[%" PRId64 "]", path->index);
        return;
    }
    const char *name =
        text_clean_line(arena, path->name, strlen(path->name), SHOWN_NAME_BYTES_MAX);
    if (path->kind == PATH_ATTRIBUTE) {
        buf_print(buf, "%s%s", path->parent != NULL ? "." : "", name);
    } else {
        buf_add_char(buf, '[');
        json_add_text(buf, name, strlen(name));
        buf_add_char(buf, ']');
    }
}

const char *path_format(struct arena *arena, const struct path *path)
{
    if (path == NULL)
        return "";
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    add_path(&buf, arena, path);
    return (const char *)buf_to_arena(&buf, arena).data;
}

int codec_fail(struct arena *arena, struct error *err, enum error_kind kind,
               const struct path *path, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char text[512];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_set(err, kind, "%s%s%s", path_format(arena, path),
                     path != NULL ? ": " : "", text);
}
