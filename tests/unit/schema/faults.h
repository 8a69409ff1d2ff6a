/* What every row and text of a table must be, so that the engine and the host can rely on it.
 * faults_test.c shows that each of these can fail.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_SCHEMA_FAULTS_H
#define UNIT_SCHEMA_FAULTS_H

#include "schema/checks.h"
#include "schema/tables.h"
#include "support/test.h"

static inline bool is_name(const char *name)
{
    if (name == NULL || *name < 'a' || *name > 'z')
        return false;
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* The fault of one row; NULL if there is none. */
static inline const char *row_fault(const struct attribute *row, bool is_provider)
{
    unsigned flags = row->flags;
    if (!is_name(row->name))
        return "its name is not lower case, digits and underscores";
    if (row->doc == NULL || *row->doc == '\0')
        return "it has no doc";
    if (row->doc[strlen(row->doc) - 1] != '.')
        return "its doc does not end with a full stop";
    if ((row->type != NULL) == (row->rows != NULL))
        return "it has to have a type or rows";
    if ((row->rows != NULL) != (row->nesting != NESTING_NONE))
        return "rows and nesting belong together";
    if (row->is_block && row->nesting != NESTING_SINGLE)
        return "a block is single";
    if ((flags & (REQUIRED | OPTIONAL | COMPUTED)) == 0)
        return "it is neither required nor optional nor computed";
    if ((flags & REQUIRED) != 0 && (flags & (OPTIONAL | COMPUTED)) != 0)
        return "required and optional or computed at once";
    if ((flags & IS_ID) != 0 && (flags & (REQUIRED | OPTIONAL | COMPUTED)) != COMPUTED)
        return "the id is the service's to give: computed alone";
    if (is_provider && (flags & (COMPUTED | REPLACE | IS_ID)) != 0)
        return "a provider argument is never computed";
    if (!is_provider && row->env != NULL)
        return "only provider arguments come from variables";
    if (is_provider && row->body != NULL)
        return "a provider argument stands in no body";
    if (row->rows != NULL && (row->check != NULL || row->one_of != NULL ||
                              row->id_type != NULL || row->default_value != NULL))
        return "what has rows is checked row by row";
    if (row->type != &type_string &&
        (row->check != NULL || row->one_of != NULL || row->id_type != NULL ||
         row->compare != COMPARE_EXACTLY))
        return "its checks read texts, and it is none";
    if (row->default_value != NULL && row->type != &type_string &&
        (row->type != &type_bool || (strcmp(row->default_value, "true") != 0 &&
                                     strcmp(row->default_value, "false") != 0)))
        return "its default is none of its values";
    if (row->default_value != NULL && (flags & REQUIRED) != 0)
        return "a required attribute has no default";
    if (row->default_value != NULL && !is_provider && (flags & COMPUTED) == 0)
        return "the host refuses a default that is not computed";
    return NULL;
}

static inline bool has_form_in_json(const struct type *type)
{
    if (type->kind == TYPE_LIST || type->kind == TYPE_SET || type->kind == TYPE_MAP)
        return has_form_in_json(type->element);
    return type->kind == TYPE_STRING || type->kind == TYPE_NUMBER ||
           type->kind == TYPE_BOOL;
}

/* What engine/body.c and engine/update.c take for granted. */
static inline const char *body_fault(const struct attribute *row, bool has_update)
{
    if (row->body == NULL)
        return NULL;
    if (row->rows == NULL && !has_form_in_json(row->type))
        return "a body has no form for its type";
    if (!has_update && (row->flags & (REPLACE | COMPUTED | WRITE_ONLY)) == 0)
        return "there is no update: what the service knows makes a new object";
    if (*row->body == '.' || row->body[strlen(row->body) - 1] == '.' ||
        strstr(row->body, "..") != NULL || *row->body == '\0')
        return "its place in the body is no path";
    return NULL;
}

/* What engine/write_only.c takes for granted. `rows`: of the whole table, at the top. */
static inline const char *write_only_fault(const struct attribute *row,
                                           const struct attribute *rows, bool has_update,
                                           bool is_resource)
{
    if (((row->flags & WRITE_ONLY) != 0) != (row->version != NULL))
        return "write-only and .version belong together";
    if (row->version == NULL)
        return NULL;
    if (!is_resource || schema_find(rows, row->name) != row)
        return "only a resource's own rows can be write-only";
    if (row->type != &type_string || row->body == NULL)
        return "what is write-only is a text of the body";
    if ((row->flags & ~(unsigned)(REQUIRED | OPTIONAL | SENSITIVE)) != WRITE_ONLY)
        return "what is write-only is given, and nothing else";
    if (row->one_of != NULL || row->id_type != NULL || row->compare != COMPARE_EXACTLY ||
        row->default_value != NULL ||
        (row->check != NULL && row->check != check_not_empty))
        return "a message would show what is write-only";
    const struct attribute *version = schema_find(rows, row->version);
    if (version == NULL || version->body != NULL ||
        (version->flags & ~(unsigned)REPLACE) != OPTIONAL)
        return "its version is an optional attribute that stands in no body";
    if (!has_update && (version->flags & REPLACE) == 0)
        return "there is no update: its version makes a new object";
    return NULL;
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

/* The placeholders are attributes before the row. */
static inline bool names_rows_before(const char *text, const struct attribute *rows,
                                     const struct attribute *end)
{
    for (; text != NULL && (text = strchr(text, '{')) != NULL; text++) {
        size_t length = strcspn(text + 1, "}");
        const struct attribute *row = rows;
        while (row->name != NULL && row != end &&
               (strlen(row->name) != length || strncmp(row->name, text + 1, length) != 0))
            row++;
        if (row->name == NULL || row == end)
            return false;
    }
    return true;
}

/* What engine/looked_up.c takes for granted. */
static inline const char *looked_up_fault(const struct attribute *row,
                                          const struct attribute *rows)
{
    if (!is_looked_up(row))
        return NULL;
    if (row->type != &type_string || (row->flags & OPTIONAL) == 0 ||
        row->default_value != NULL || row->made_from != NULL)
        return "what is looked up is a text that may be given, without another default";
    const char *text = row->looked_up != NULL      ? row->looked_up->list_id
                       : row->directory_of != NULL ? NULL
                       : row->read_from != NULL    ? NULL
                                                   : row->default_from;
    if (!names_rows_before(text, rows, row) ||
        (row->directory_of != NULL && schema_find(rows, row->directory_of) == NULL))
        return "it is looked up by what is not before it";
    if (row->read_from != NULL && schema_find(rows, row->read_from->attribute) == NULL)
        return "it is read from what is not there";
    return NULL;
}

/* What comes from the service and the plan cannot foresee must be computed, what makes the
 * object another one must be given. */
static inline const char *life_fault(const struct attribute *row,
                                     const struct attribute *rows)
{
    bool is_given = (row->flags & (REQUIRED | OPTIONAL)) != 0;
    if (is_given && row->body == NULL &&
        (row->flags & (REPLACE | SIGN_IN_TO | FOR_CREATE)) == 0 &&
        !is_version(row, rows) && row->type != &type_bool &&
        row->one_of == NULL) /* a switch of this provider's own, such as .overwrite */
        return "its change would be invisible";
    if ((row->flags & COMPUTED) != 0 && row->body == NULL && (row->flags & IS_ID) == 0 &&
        row->made_from == NULL && row->name_in == NULL && row->provider_default == NULL &&
        !is_looked_up(row))
        return "it is computed from nothing";
    if ((row->flags & REPLACE) != 0 && !is_given)
        return "what is not configurable cannot force a replacement";
    if ((row->flags & SIGN_IN_TO) != 0 &&
        (row->flags != (OPTIONAL | SIGN_IN_TO) || row->type != &type_string ||
         row->body != NULL))
        return "whose tokens are meant is an optional text that stands in no body";
    if ((row->flags & FOR_CREATE) != 0 && (row->body != NULL || !is_given))
        return "what is for the create alone is given, and stands in no body";
    if (row->between != NULL && (row->type != &type_string || row->body == NULL ||
                                 (row->flags & (COMPUTED | REPLACE)) == 0))
        return "a part of a text of the body cannot be written";
    if ((row->flags & NEVER_RETURNED) != 0 &&
        (row->flags != (OPTIONAL | SENSITIVE | NEVER_RETURNED) ||
         row->type != &type_string || row->body == NULL))
        return "what is never returned is a sensitive text of the body";
    for (const char *const *name = row->changes_with; name != NULL && *name != NULL;
         name++) {
        if ((row->flags & COMPUTED) == 0 || schema_find(rows, *name) == NULL)
            return "what it changes with is not there";
    }
    return NULL;
}

/* What engine/made.c takes for granted. */
static inline const char *made_fault(const struct attribute *row,
                                     const struct attribute *rows)
{
    const unsigned flags = OPTIONAL | COMPUTED | REPLACE;
    if (row->made_from == NULL)
        return NULL;
    if (row->type != &type_string || (row->flags & flags) != flags ||
        row->default_value != NULL)
        return "what is made is a text that may be given, and names the object";
    if (row->made_from[0] == NULL)
        return "it is made of nothing";
    for (const char *const *name = row->made_from; *name != NULL; name++) {
        const struct attribute *from = schema_find(rows, *name);
        if (from == NULL || from == row || from->type != &type_string ||
            (from->flags & (REQUIRED | OPTIONAL)) == 0 || (from->flags & WRITE_ONLY) != 0)
            return "it is made of what is no text of the configuration";
    }
    return NULL;
}

/* All of that. `top`: the table's own rows. */
static inline const char *fault_of_row(const struct attribute *row,
                                       const struct attribute *top, bool is_provider,
                                       bool has_update)
{
    const char *fault = write_only_fault(row, top, has_update, !is_provider);
    if (fault == NULL)
        fault = made_fault(row, top);
    if (fault == NULL)
        fault = looked_up_fault(row, top);
    if (fault == NULL)
        fault = row_fault(row, is_provider);
    if (fault == NULL && !is_provider)
        fault = body_fault(row, has_update);
    if (fault == NULL && !is_provider)
        fault = life_fault(row, top);
    return fault;
}

/* Its placeholders are those of schema.h. NULL is fine. */
static inline bool has_known_places(const char *text)
{
    static const char *const words[] = { "{noun}",
                                         "{dependents}",
                                         "{leftovers}",
                                         "{parent_noun}",
                                         "{parent.subscription}",
                                         "{place.namespace}",
                                         "{place.subscription_option}",
                                         "{service}",
                                         "{parent.resource_group}",
                                         "{parent.name}" };
    for (; text != NULL && (text = strchr(text, '{')) != NULL; text++) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            is_known = is_known || strncmp(text, words[i], strlen(words[i])) == 0;
        if (!is_known)
            return false;
    }
    return true;
}

/* What a remedy's texts must be to stand in a diagnostic. NULL: nothing is wrong. */
static inline const char *fault_of_remedy(const struct remedy *remedy)
{
    if (remedy->meaning == NULL || remedy->action == NULL || *remedy->action == '\0')
        return "a text is missing";
    size_t length = strlen(remedy->meaning);
    /* It stands in the middle of a sentence. */
    if (length == 0 || remedy->meaning[length - 1] == '.')
        return "the meaning is a clause, without a full stop";
    if (strncmp(remedy->meaning, "Azure", 5) != 0 &&
        !(remedy->meaning[0] >= 'a' && remedy->meaning[0] <= 'z'))
        return "the meaning does not go on with its sentence";
    const char *first = remedy->action;
    if (strncmp(first, "(1) ", 4) == 0)
        first += 4;
    if (*first < 'A' || *first > 'Z')
        return "the action does not begin a sentence";
    return has_known_places(remedy->action) ? NULL
                                            : "it has a placeholder without a value";
}

#endif
