/* Functions of tables: types, search, validation.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/schema.h"

#include <string.h>

#include "base/text.h"
#include "schema/checks.h"

size_t schema_count(const struct attribute *rows)
{
    size_t count = 0;
    while (rows[count].name != NULL)
        count++;
    return count;
}

const struct attribute *schema_find(const struct attribute *rows, const char *name)
{
    for (; rows->name != NULL; rows++) {
        if (strcmp(rows->name, name) == 0)
            return rows;
    }
    return NULL;
}

const struct attribute *schema_find_flag(const struct attribute *rows, unsigned flag)
{
    for (; rows->name != NULL; rows++) {
        if ((rows->flags & flag) != 0)
            return rows;
    }
    return NULL;
}

const struct value *schema_default(struct arena *arena, const struct attribute *row)
{
    if (row->type == &type_bool)
        return value_bool(arena, strcmp(row->default_value, "true") == 0);
    return row->type == &type_number ? value_number_text(arena, row->default_value)
                                     : value_string(arena, row->default_value);
}

const struct type *schema_attribute_type(struct arena *arena,
                                         const struct attribute *attribute)
{
    if (attribute->nesting == NESTING_NONE)
        return attribute->type;
    const struct type *object = schema_rows_type(arena, attribute->rows);
    switch (attribute->nesting) {
    case NESTING_LIST:
        return type_collection(arena, TYPE_LIST, object);
    case NESTING_SET:
        return type_collection(arena, TYPE_SET, object);
    case NESTING_MAP:
        return type_collection(arena, TYPE_MAP, object);
    default:
        return object;
    }
}

static const struct type *rows_and_block_type(struct arena *arena,
                                              const struct attribute *rows,
                                              const char *block, const struct type *type)
{
    size_t count = schema_count(rows);
    struct type_field *fields = arena_take_many(arena, count + 1, sizeof *fields);
    for (size_t i = 0; i < count; i++)
        fields[i] =
            (struct type_field){ rows[i].name, schema_attribute_type(arena, &rows[i]) };
    if (block != NULL)
        fields[count++] = (struct type_field){ block, type };
    return type_object(arena, fields, count);
}

const struct type *schema_rows_type(struct arena *arena, const struct attribute *rows)
{
    return rows_and_block_type(arena, rows, NULL, NULL);
}

const struct attribute *schema_timeouts_rows(struct arena *arena,
                                             const struct resource_table *table)
{
    const struct {
        const char *name;
        unsigned seconds;
        const char *use;
    } operations[] = {
        { "create", table->timeouts.create_s, "creating" },
        { "delete", table->timeouts.delete_s, "deleting" },
        { "read", table->timeouts.read_s, "retrieving" },
        { "update", table->timeouts.update_s, "updating" },
    };
    struct attribute *rows = arena_take_many(arena, 5, sizeof *rows);
    size_t count = 0;
    for (size_t i = 0; i < 4; i++) {
        if (operations[i].seconds == 0)
            continue;
        unsigned minutes = operations[i].seconds / 60;
        rows[count++] = (struct attribute){
            .name = operations[i].name,
            .type = &type_string,
            .flags = OPTIONAL,
            .doc = arena_print(arena, "(Defaults to %u minutes) Used when %s the %s.",
                               minutes, operations[i].use, table->noun),
            .check = check_duration,
        };
    }
    return rows;
}

const struct type *schema_resource_type(struct arena *arena,
                                        const struct resource_table *table)
{
    const struct type *timeouts =
        schema_rows_type(arena, schema_timeouts_rows(arena, table));
    return rows_and_block_type(arena, table->attributes, "timeouts", timeouts);
}

static void check_one_of(struct arena *arena, const struct attribute *attribute,
                         const struct value *value, const struct path *path,
                         struct diags *diags)
{
    const char *text = value_text(value);
    for (const char *const *one = attribute->one_of; *one != NULL; one++) {
        if (attribute->compare == COMPARE_IGNORING_CASE
                ? text_equal_ignoring_case(*one, text)
                : strcmp(*one, text) == 0)
            return;
    }
    diags_error(diags, path, checks_title(arena, attribute),
                "\"%s\" is not supported. Possible values are %s.",
                checks_shown(arena, text), text_join(arena, attribute->one_of, "\""));
}

static void check_length(struct arena *arena, const struct attribute *attribute,
                         const struct value *value, const struct path *path,
                         struct diags *diags)
{
    size_t count = text_count_characters(value_text(value));
    if (count > attribute->characters_max)
        diags_error(diags, path, checks_title(arena, attribute),
                    "The value has %zu characters. It can have at most %u.", count,
                    attribute->characters_max);
}

/* A service drops a null element. The result would then not be as planned, and Terraform would mark
 * the new object as tainted. */
static void check_elements(struct arena *arena, const struct attribute *attribute,
                           const struct value *value, const struct path *path,
                           struct diags *diags)
{
    for (size_t i = 0; value->type->element != NULL && i < value->many.count; i++) {
        const struct value *element = value->many.items[i];
        const struct path *at = value->type->kind == TYPE_MAP
                                    ? path_key(arena, path, value->many.keys[i])
                                    : path;
        const char *title = checks_title(arena, attribute);
        if (value_is_null(element))
            diags_error(diags, at, title,
                        "An element is null. Remove it, or set it to a value.");
        else if (value_text(element) != NULL &&
                 strlen(value_text(element)) != element->string.length)
            diags_error(diags, at, title,
                        "The value has the character U+0000, which is not allowed.");
    }
}

static void validate_value(struct arena *arena, const struct attribute *attribute,
                           const struct value *value, const struct path *path,
                           struct diags *diags)
{
    if (value->state != VALUE_KNOWN)
        return;
    if (attribute->nesting == NESTING_SINGLE) {
        schema_check_required(attribute->rows, value, path, diags);
        schema_validate(arena, attribute->rows, value, path, diags);
        return;
    }
    if (attribute->nesting != NESTING_NONE) {
        for (size_t i = 0; i < value->many.count; i++) {
            /* Elements of a set have no address: the path ends at the set. */
            const struct path *element = attribute->nesting == NESTING_LIST
                                             ? path_index(arena, path, (int64_t)i)
                                         : attribute->nesting == NESTING_MAP
                                             ? path_key(arena, path, value->many.keys[i])
                                             : path;
            schema_check_required(attribute->rows, value->many.items[i], element, diags);
            schema_validate(arena, attribute->rows, value->many.items[i], element, diags);
        }
        return;
    }
    /* The code after this reads texts that end with a NUL, and would ignore what follows one. */
    if (value->type->kind == TYPE_STRING &&
        strlen(value_text(value)) != value->string.length) {
        diags_error(diags, path, checks_title(arena, attribute),
                    "The value has the character U+0000, which is not allowed.");
        return;
    }
    check_elements(arena, attribute, value, path, diags);
    if (attribute->one_of != NULL)
        check_one_of(arena, attribute, value, path, diags);
    if (attribute->characters_max != 0)
        check_length(arena, attribute, value, path, diags);
    if (attribute->id_type != NULL)
        check_id(arena, attribute, value, path, diags);
    if (attribute->check != NULL)
        attribute->check(arena, attribute, value, path, diags);
}

void schema_validate(struct arena *arena, const struct attribute *rows,
                     const struct value *object, const struct path *parent,
                     struct diags *diags)
{
    if (object->state != VALUE_KNOWN)
        return;
    for (; rows->name != NULL; rows++)
        validate_value(arena, rows, value_get(arena, object, rows->name),
                       path_attribute(arena, parent, rows->name), diags);
}

void schema_check_required(const struct attribute *rows, const struct value *object,
                           const struct path *parent, struct diags *diags)
{
    for (; object->state == VALUE_KNOWN && rows->name != NULL; rows++) {
        if ((rows->flags & REQUIRED) != 0 &&
            value_is_null(value_get(diags->arena, object, rows->name)))
            diags_error(diags, path_attribute(diags->arena, parent, rows->name),
                        "Missing required argument", "%s is required.", rows->name);
    }
}

int schema_check_choice(struct arena *arena, const struct choice *choice, bool may_lack,
                        const struct value *object, struct diags *diags)
{
    size_t given = 0;
    bool is_open = false;
    const char *second = NULL;
    if (object->state != VALUE_KNOWN)
        return 0;
    for (const char *const *name = choice->names; *name != NULL; name++) {
        const struct value *value = value_get(arena, object, *name);
        is_open |= value_is_unknown(value);
        if (value->state == VALUE_KNOWN && ++given == 2)
            second = *name;
    }
    if (given == 1 || (given > 1 && choice->may_be_several) ||
        (given == 0 && (is_open || may_lack)))
        return 0;
    return diags_error(
        diags, second != NULL ? path_attribute(arena, PATH_NONE, second) : PATH_NONE,
        "Invalid combination of arguments",
        "Set %s one of %s. The configuration sets %s of them.%s%s",
        choice->may_be_several ? "at least" : "exactly",
        text_join(arena, choice->names, ""),
        given == 0 ? "none" : arena_print(arena, "%zu", given),
        choice->advice != NULL ? "\n\nWhat to do: " : "",
        choice->advice != NULL ? choice->advice : "");
}
