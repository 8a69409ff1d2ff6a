/* What every row and text of a table has to be, so that the engine and the host can rely on it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_SCHEMA_RULES_H
#define UNIT_SCHEMA_RULES_H

#include "schema/checks.h"
#include "schema/tables.h"
#include "support/test.h"

/* Else the test fails: `place` says of which table, or of which of its rows. */
#define NEEDS(place, condition)                                                          \
    do {                                                                                 \
        if (!(condition))                                                                \
            fail_msg("%s: this does not hold: %s", place, #condition);                   \
    } while (0)

/* What a row is part of. `top`: the table's own rows. */
struct table_of_rows {
    const char *name;
    const struct attribute *top;
    bool is_provider, has_update;
};

static inline bool is_name(const char *name)
{
    return name != NULL && *name >= 'a' && *name <= 'z' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static inline bool ends_in_full_stop(const char *text)
{
    return text != NULL && *text != '\0' && text[strlen(text) - 1] == '.';
}

static inline void check_row_itself(const char *place, const struct attribute *row,
                                    const struct table_of_rows *table)
{
    unsigned origin = row->flags & (REQUIRED | OPTIONAL | COMPUTED);
    const char *fallback = row->default_value;
    NEEDS(place, is_name(row->name));
    NEEDS(place, ends_in_full_stop(row->doc));
    NEEDS(place, (row->type != NULL) != (row->rows != NULL));
    NEEDS(place, (row->rows != NULL) == (row->nesting != NESTING_NONE));
    NEEDS(place, !row->is_block || row->nesting == NESTING_SINGLE);
    NEEDS(place, origin != 0);
    NEEDS(place, (origin & REQUIRED) == 0 || origin == REQUIRED);
    NEEDS(place, (row->flags & IS_ID) == 0 || origin == COMPUTED);
    NEEDS(place, table->is_provider || row->env == NULL);
    NEEDS(place,
          !table->is_provider ||
              (row->body == NULL && (row->flags & (COMPUTED | REPLACE | IS_ID)) == 0));
    /* What has rows is checked row by row, and a check reads texts. */
    NEEDS(place, row->type == &type_string || row->check == check_tags ||
                     (row->check == NULL && row->one_of == NULL && row->id_type == NULL &&
                      row->characters_max == 0 && row->compare == COMPARE_EXACTLY));
    NEEDS(place, row->check != check_tags || row->type == &type_map_of_string);
    NEEDS(place, fallback == NULL || row->type == &type_string ||
                     (row->type == &type_bool &&
                      (strcmp(fallback, "true") == 0 || strcmp(fallback, "false") == 0)));
    /* The host refuses a default of what is not computed. */
    NEEDS(place,
          fallback == NULL || ((row->flags & REQUIRED) == 0 &&
                               (table->is_provider || (row->flags & COMPUTED) != 0)));
}

static inline bool has_form_in_json(const struct type *type)
{
    if (type->kind == TYPE_LIST || type->kind == TYPE_SET || type->kind == TYPE_MAP)
        return has_form_in_json(type->element);
    return type->kind == TYPE_STRING || type->kind == TYPE_NUMBER ||
           type->kind == TYPE_BOOL;
}

/* What engine/body.c and engine/update.c take for granted. */
static inline void check_body(const char *place, const struct attribute *row,
                              const struct table_of_rows *table)
{
    if (row->body == NULL)
        return;
    NEEDS(place, row->rows != NULL || has_form_in_json(row->type));
    /* Without an update, what the service knows makes a new object. */
    NEEDS(place,
          table->has_update || (row->flags & (REPLACE | COMPUTED | WRITE_ONLY)) != 0);
    NEEDS(place, *row->body != '\0' && *row->body != '.');
    NEEDS(place, !ends_in_full_stop(row->body) && strstr(row->body, "..") == NULL);
}

/* What engine/write_only.c takes for granted: it is given, and no message shows it. */
static inline void check_write_only(const char *place, const struct attribute *row,
                                    const struct table_of_rows *table)
{
    NEEDS(place, ((row->flags & WRITE_ONLY) != 0) == (row->version != NULL));
    if (row->version == NULL)
        return;
    NEEDS(place, !table->is_provider && schema_find(table->top, row->name) == row);
    NEEDS(place, row->type == &type_string && row->body != NULL);
    NEEDS(place,
          (row->flags & ~(unsigned)(REQUIRED | OPTIONAL | SENSITIVE)) == WRITE_ONLY);
    NEEDS(place, row->one_of == NULL && row->id_type == NULL);
    NEEDS(place, row->compare == COMPARE_EXACTLY && row->default_value == NULL);
    NEEDS(place, row->check == NULL || row->check == check_not_empty);
    const struct attribute *version = schema_find(table->top, row->version);
    NEEDS(place, version != NULL && version->body == NULL);
    NEEDS(place, (version->flags & ~(unsigned)REPLACE) == OPTIONAL);
    NEEDS(place, table->has_update || (version->flags & REPLACE) != 0);
}

static inline bool is_version(const struct attribute *row, const struct attribute *rows)
{
    for (; rows->name != NULL; rows++) {
        if (rows->version != NULL && strcmp(rows->version, row->name) == 0)
            return true;
    }
    return false;
}

static inline bool is_looked_up(const struct attribute *row)
{
    return row->looked_up != NULL || row->default_from != NULL ||
           row->directory_of != NULL || row->read_from != NULL;
}

/* The placeholders are attributes before `end`, or where it is NULL any, and {noun}. */
static inline bool has_placeholders(const struct attribute *rows,
                                    const struct attribute *end, const char *text)
{
    for (; text != NULL && (text = strchr(text, '{')) != NULL; text++) {
        size_t length = strcspn(text + 1, "}");
        const struct attribute *row = rows;
        while (row->name != NULL && row != end &&
               (strlen(row->name) != length || strncmp(row->name, text + 1, length) != 0))
            row++;
        bool is_row = row->name != NULL && row != end;
        if (!is_row && (end != NULL || strncmp(text, "{noun}", 6) != 0))
            return false;
    }
    return true;
}

/* What engine/looked_up.c takes for granted: it may be given, and is found by what is before it. */
static inline void check_looked_up(const char *place, const struct attribute *row,
                                   const struct table_of_rows *table)
{
    if (!is_looked_up(row))
        return;
    NEEDS(place, row->type == &type_string && (row->flags & OPTIONAL) != 0);
    NEEDS(place, row->default_value == NULL && row->made_from == NULL);
    if (row->directory_of != NULL)
        NEEDS(place, schema_find(table->top, row->directory_of) != NULL);
    else if (row->read_from != NULL)
        NEEDS(place, schema_find(table->top, row->read_from->attribute) != NULL);
    else
        NEEDS(place, has_placeholders(table->top, row,
                                      row->looked_up != NULL ? row->looked_up->list_id
                                                             : row->default_from));
}

/* What comes from the service and the plan cannot foresee must be computed, what makes the
 * object another one must be given. */
static inline void check_life(const char *place, const struct attribute *row,
                              const struct table_of_rows *table)
{
    bool is_given = (row->flags & (REQUIRED | OPTIONAL)) != 0;
    bool is_text = row->type == &type_string;
    /* Else its change would be invisible. A bool or a choice is a switch of the provider's own. */
    NEEDS(place, !is_given || row->body != NULL ||
                     (row->flags & (REPLACE | SIGN_IN_TO | FOR_CREATE)) != 0 ||
                     is_version(row, table->top) || row->type == &type_bool ||
                     row->one_of != NULL);
    /* Else it is computed from nothing. */
    NEEDS(place, (row->flags & COMPUTED) == 0 || row->body != NULL ||
                     (row->flags & IS_ID) != 0 || row->made_from != NULL ||
                     row->name_in != NULL || row->provider_default != NULL ||
                     is_looked_up(row));
    NEEDS(place, (row->flags & REPLACE) == 0 || is_given);
    NEEDS(place,
          (row->flags & SIGN_IN_TO) == 0 ||
              (row->flags == (OPTIONAL | SIGN_IN_TO) && is_text && row->body == NULL));
    NEEDS(place, (row->flags & FOR_CREATE) == 0 || (row->body == NULL && is_given));
    NEEDS(place, row->between == NULL || (is_text && row->body != NULL &&
                                          (row->flags & (COMPUTED | REPLACE)) != 0));
    NEEDS(place, (row->flags & NEVER_RETURNED) == 0 ||
                     (row->flags == (OPTIONAL | SENSITIVE | NEVER_RETURNED) && is_text &&
                      row->body != NULL));
    for (const char *const *name = row->changes_with; name != NULL && *name != NULL;
         name++)
        NEEDS(place,
              (row->flags & COMPUTED) != 0 && schema_find(table->top, *name) != NULL);
}

/* What engine/made.c takes for granted: it may be given, names the object, and is made of texts of
 * the configuration. */
static inline void check_made(const char *place, const struct attribute *row,
                              const struct table_of_rows *table)
{
    const unsigned flags = OPTIONAL | COMPUTED | REPLACE;
    if (row->made_from == NULL)
        return;
    NEEDS(place, row->type == &type_string && (row->flags & flags) == flags);
    NEEDS(place, row->default_value == NULL && row->made_from[0] != NULL);
    for (const char *const *name = row->made_from; *name != NULL; name++) {
        const struct attribute *from = schema_find(table->top, *name);
        NEEDS(place, from != NULL && from != row && from->type == &type_string);
        NEEDS(place, (from->flags & (REQUIRED | OPTIONAL)) != 0);
        NEEDS(place, (from->flags & WRITE_ONLY) == 0);
    }
}

/* All of that, for these rows and those in them. */
static inline void check_rows(const struct attribute *rows,
                              const struct table_of_rows *table)
{
    NEEDS(table->name, schema_count(rows) != 0);
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        char place[200];
        snprintf(place, sizeof place, "%s: %s", table->name, row->name);
        NEEDS(place, schema_find(rows, row->name) == row); /* it is not there twice */
        check_row_itself(place, row, table);
        check_write_only(place, row, table);
        check_made(place, row, table);
        check_looked_up(place, row, table);
        if (!table->is_provider) {
            check_body(place, row, table);
            check_life(place, row, table);
        }
        if (row->rows != NULL)
            check_rows(row->rows, table);
    }
}

/* Its placeholders are those of schema.h. NULL is fine. */
static inline bool has_known_places(const char *text)
{
    static const char known[] =
        "{noun} {dependents} {leftovers} {parent_noun} {service} "
        "{parent.subscription} {parent.resource_group} {parent.name} "
        "{place.namespace} {place.subscription_option}";
    for (; text != NULL && (text = strchr(text, '{')) != NULL; text++) {
        char place[60];
        snprintf(place, sizeof place, "%.*s", (int)strcspn(text, "}") + 1, text);
        if (text[strcspn(text, "}")] == '\0' || strstr(known, place) == NULL)
            return false;
    }
    return true;
}

/* Its texts can stand in a diagnostic: the meaning in the middle of a sentence. */
static inline void check_remedy(const char *place, const struct remedy *remedy)
{
    NEEDS(place, remedy->meaning != NULL && *remedy->meaning != '\0');
    NEEDS(place, !ends_in_full_stop(remedy->meaning));
    NEEDS(place, (remedy->meaning[0] >= 'a' && remedy->meaning[0] <= 'z') ||
                     strncmp(remedy->meaning, "{service}", 9) == 0);
    NEEDS(place, remedy->action != NULL);
    const char *first = remedy->action;
    first += strncmp(first, "(1) ", 4) == 0 ? 4 : 0;
    NEEDS(place, *first >= 'A' && *first <= 'Z');
    NEEDS(place, has_known_places(remedy->action));
}

#endif
