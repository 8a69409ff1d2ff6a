/* Attributes that are written and never read: their values go from the configuration into the body
 * of a request, and into no plan and no state.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "engine/internal.h"

#define ELLIPSIS "\xE2\x80\xA6" /* marks where a message was cut */

enum { HIDDEN_TEXT_BYTES_MAX = 64 * 1024, CUT_BYTES_MIN = 4 };

static bool is_write_only(const struct attribute *row)
{
    return (row->flags & WRITE_ONLY) != 0;
}

const struct value *write_only_fill(const struct resource *resource, struct arena *arena,
                                    const struct value *object,
                                    const struct value *config)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (is_write_only(row))
            object =
                value_with(arena, object, row->name, value_get(arena, config, row->name));
    }
    return object;
}

const struct value *write_only_drop(const struct resource *resource, struct arena *arena,
                                    const struct value *object)
{
    return object->state == VALUE_KNOWN
               ? write_only_fill(resource, arena, object,
                                 value_null(arena, resource->type))
               : object;
}

bool write_only_is_due(const struct attribute *row, struct arena *arena,
                       const struct value *prior, const struct value *planned)
{
    if (!is_write_only(row))
        return false;
    const struct value *version = value_get(arena, planned, row->version);
    return !value_is_null(version) &&
           !value_equal(value_get(arena, prior, row->version), version);
}

bool write_only_is_given(const struct resource *resource, const struct attribute *row,
                         struct arena *arena, const struct value *config)
{
    for (const struct attribute *one = resource->table->attributes; one->name != NULL;
         one++) {
        if (one->body != NULL && text_equal(one->body, row->body) &&
            !value_is_null(value_get(arena, config, one->name)))
            return true;
    }
    return false;
}

bool write_only_is_withdrawn(const struct resource *resource, const struct attribute *row,
                             struct arena *arena, const struct value *config)
{
    return (row->flags & NEVER_RETURNED) != 0 && resource->table->choice != NULL &&
           !write_only_is_given(resource, row, arena, config);
}

/* The body of a change, or of the whole object, has a value that no trace may show. */
static bool is_secret_sent(const struct attribute *row, struct arena *arena,
                           const struct value *prior, const struct value *filled,
                           bool is_whole)
{
    if ((row->flags & (WRITE_ONLY | NEVER_RETURNED)) == 0)
        return false;
    return is_whole ? !value_is_null(value_get(arena, filled, row->name))
                    : compare_is_change(row, arena, prior, filled);
}

bool write_only_is_sent(const struct resource *resource, struct arena *arena,
                        const struct value *prior, const struct value *filled,
                        bool is_whole)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (is_secret_sent(row, arena, prior, filled, is_whole))
            return true;
    }
    return false;
}

/* What to do if Terraform is too old. */
static const char *explain_other_way(const struct resource *resource, struct arena *arena,
                                     const struct attribute *row)
{
    for (const struct attribute *other = resource->table->attributes; other->name != NULL;
         other++) {
        if ((other->flags & NEVER_RETURNED) != 0 && text_equal(other->body, row->body))
            return arena_print(arena, ", or set %s instead, which is stored in the state",
                               other->name);
    }
    return (row->flags & REQUIRED) != 0 ? "" : ", or remove the argument";
}

int engine_refuse_write_only(struct call *call, const struct resource *resource,
                             const struct value *config, struct diags *diags)
{
    struct arena *arena = call->arena;
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (is_write_only(row) && !value_is_null(value_get(arena, config, row->name)))
            diags_error(diags, path_attribute(arena, PATH_NONE, row->name),
                        "Write-only arguments need a newer Terraform or OpenTofu",
                        "%s is write-only: its value must not be stored in a plan or a "
                        "state. This version of Terraform or OpenTofu does not support "
                        "write-only arguments.\n\nWhat to do: Use Terraform 1.11 or "
                        "later, or OpenTofu 1.11 or later%s.",
                        row->name, explain_other_way(resource, arena, row));
    }
    return diags_have_error(diags) ? -1 : 0;
}

/* The number of bytes at `text` that are the secret, or the start of it if the text was cut
 * there. */
static size_t match(const char *text, const char *secret)
{
    size_t length = strlen(secret);
    if (length == 0)
        return 0;
    if (strncmp(text, secret, length) == 0)
        return length;
    const char *cut = strstr(text, ELLIPSIS);
    size_t rest = cut != NULL ? (size_t)(cut - text) : strlen(text);
    return rest >= CUT_BYTES_MIN && rest < length && strncmp(text, secret, rest) == 0
               ? rest
               : 0;
}

static const char *hide(struct arena *arena, const char *text, const char *secret)
{
    auto_buf buf = { 0 };
    buf_init(&buf, HIDDEN_TEXT_BYTES_MAX);
    while (*text != '\0') {
        size_t length = match(text, secret);
        if (length != 0)
            buf_add_text(&buf, SECRET_MASK);
        else
            buf_add_char(&buf, *text);
        text += length != 0 ? length : 1;
    }
    return arena_copy_text(arena, buf_text(&buf));
}

const char *write_only_hide(const struct operation *operation, const char *text)
{
    struct arena *arena = operation->call->arena;
    if (operation->config == NULL || text == NULL)
        return text;
    for (const struct attribute *row = operation->resource->table->attributes;
         row->name != NULL; row++) {
        const char *secret = value_text(value_get(arena, operation->config, row->name));
        if ((row->flags & (WRITE_ONLY | NEVER_RETURNED)) != 0 && secret != NULL)
            text = hide(arena, text, secret);
    }
    return text;
}
