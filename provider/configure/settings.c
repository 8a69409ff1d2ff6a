/* The source of each argument of the provider block.
 * SPDX-License-Identifier: MPL-2.0 */
#include "configure/settings.h"

#include <stdlib.h>
#include <string.h>

#include "auth/inputs.h"
#include "base/text.h"
#include "http/url.h"

/* As in Go, and so in azurerm and azapi: 1, t, T, TRUE, true, True, and the same for 0 and false.
 * Source: strconv.ParseBool */
static bool parse_bool(const char *text, bool *out)
{
    static const char *const words[2][6] = { { "0", "f", "F", "FALSE", "false", "False" },
                                             { "1", "t", "T", "TRUE", "true", "True" } };
    for (size_t i = 0; i < 12; i++) {
        if (strcmp(words[i / 6][i % 6], text) == 0) {
            *out = i >= 6;
            return true;
        }
    }
    return false;
}

static bool is_true(const char *text)
{
    bool is_on = false;
    return text != NULL && parse_bool(text, &is_on) && is_on;
}

/* ---- what the block names ---------------------------------------------------------------- */

static const struct setting *find(const struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (strcmp(settings->items[i].row->name, name) == 0)
            return &settings->items[i];
    }
    return NULL;
}

static bool is_named(const struct setting *setting)
{
    if (setting->block == NULL)
        return false;
    if (setting->row->type == &type_bool)
        return value_is_true(setting->block, false);
    const char *text = value_text(setting->block);
    return text != NULL && *text != '\0';
}

/* The first of these arguments that the block sets; NULL: it sets none. */
static const struct setting *find_named(const struct settings *settings,
                                        const char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        const struct setting *setting = find(settings, *names);
        if (is_named(setting))
            return setting;
    }
    return NULL;
}

static bool is_switched_off(const struct setting *setting)
{
    if (setting->row->type != &type_bool || (setting->row->flags & CHOOSES) == 0)
        return false;
    if (setting->block != NULL)
        return !value_is_true(setting->block, false);
    return !is_true(setting->variable != NULL ? setting->text
                                              : setting->row->default_value);
}

/* The argument by which the block selects this way to sign in; NULL: it does not. */
static const struct setting *find_choice(const struct settings *settings,
                                         enum sign_in sign_in)
{
    const struct setting *choice = NULL;
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *setting = &settings->items[i];
        if (setting->row->sign_in != sign_in)
            continue;
        if (is_switched_off(setting))
            return NULL;
        if (choice == NULL && (setting->row->flags & CHOOSES) != 0 && is_named(setting))
            choice = setting;
    }
    return choice;
}

/* ---- which variables are not used ---------------------------------------------------------- */

bool settings_is_same(const char *a, const char *b)
{
    const struct bytes one = input_trim(a), other = input_trim(b);
    return (one.length == other.length &&
            strncasecmp((const char *)one.data, (const char *)other.data, one.length) ==
                0) ||
           http_is_same_origin(a, b);
}

static bool has_form(const struct attribute *row, const char *name)
{
    const char *const *form = row->other_forms;
    while (form != NULL && *form != NULL && !text_equal(*form, name))
        form++;
    return form != NULL && *form != NULL;
}

/* `names`: the arguments of the identity that the variable belongs to. If the block and the
 * environment name different identities, returns the block's argument; else NULL. */
static const struct setting *find_other_identity(const struct settings *settings,
                                                 const char *const *names,
                                                 const struct setting **in_environment)
{
    const struct setting *named = find_named(settings, names);
    *in_environment = NULL;
    for (; named != NULL && *names != NULL; names++) {
        const struct setting *setting = find(settings, *names);
        if (setting->variable == NULL)
            continue;
        if (is_named(setting) &&
            settings_is_same(value_text(setting->block), setting->text))
            return NULL;
        /* Not comparable: a hub's endpoint for administrators and that for tenants. */
        if (is_named(setting) || has_form(setting->row, named->row->name))
            *in_environment = setting;
    }
    return *in_environment != NULL ? named : NULL;
}

bool settings_differ(const struct settings *settings, const char *const *names)
{
    const struct setting *ignored;
    return find_other_identity(settings, names, &ignored) != NULL;
}

bool settings_have_others_proof(const struct settings *settings)
{
    bool is_found = false;
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *one = &settings->items[i];
        bool is_proof = one->row->sign_in == SIGN_IN_SECRET ||
                        one->row->sign_in == SIGN_IN_CERTIFICATE;
        if ((one->row->flags & CHOOSES) != 0 && is_named(one))
            return false;
        is_found |= is_proof && one->block == NULL && one->variable != NULL &&
                    settings_differ(settings, one->row->given_with);
    }
    return is_found && find(settings, "use_cli")->variable == NULL;
}

/* The variable that has the same setting in another form; NULL: there is none. */
static const char *find_other_variable(const struct settings *settings,
                                       const struct attribute *row)
{
    const char *const *form = row->other_forms;
    while (form != NULL && *form != NULL && find(settings, *form)->variable == NULL)
        form++;
    return form != NULL && *form != NULL ? find(settings, *form)->variable : NULL;
}

static const char *find_reason(struct arena *arena, const struct settings *settings,
                               const struct setting *const choices[SIGN_IN_COUNT],
                               const struct setting *setting)
{
    const struct attribute *row = setting->row;
    /* The variable of a switch may turn it off, or have the default value. */
    bool turns_on = row->type != &type_bool ||
                    (is_true(setting->text) && !is_true(row->default_value));
    const struct setting *choice = NULL;
    for (size_t i = SIGN_IN_ANY + 1; i < SIGN_IN_COUNT && choice == NULL; i++)
        choice = choices[i];
    if (row->sign_in != SIGN_IN_ANY && choice != NULL && choices[row->sign_in] == NULL &&
        turns_on)
        return arena_print(arena,
                           "the provider block selects another sign-in method with %s",
                           choice->row->name);
    const struct setting *form = find_named(settings, row->other_forms);
    if (form != NULL)
        return arena_print(arena, "the provider block sets %s", form->row->name);
    /* Only the first name is this provider's own. (A variable of one way to sign in contradicts no
     * other.) */
    const char *other = row->sign_in == SIGN_IN_ANY && setting->variable != row->env[0]
                            ? find_other_variable(settings, row)
                            : NULL;
    if (other != NULL)
        return arena_print(arena, "%s is set", other);
    const struct setting *theirs;
    const struct setting *ours = find_other_identity(settings, row->given_with, &theirs);
    if (ours != NULL)
        return arena_print(arena,
                           "it belongs to %s, and the provider block has a different %s",
                           theirs->variable, ours->row->name);
    return NULL;
}

static void read_one(struct arena *arena, const struct attribute *row,
                     const struct value *object, enum settings_from from,
                     struct setting *out)
{
    const struct value *value = value_get(arena, object, row->name);
    *out = (struct setting){ .row = row,
                             .block = value->state == VALUE_KNOWN ? value : NULL };
    const char *const *name = from == SETTINGS_OF_ALL ? row->env : NULL;
    for (; name != NULL && *name != NULL; name++) {
        const char *text = getenv(*name);
        if (text == NULL || *text == '\0')
            continue;
        out->variable = *name;
        out->text = text;
        return;
    }
}

struct settings settings_read(struct arena *arena, const struct attribute *rows,
                              const struct value *object, enum settings_from from)
{
    size_t count = schema_count(rows);
    struct setting *items = arena_take_many(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        read_one(arena, &rows[i], object, from, &items[i]);
    const struct settings settings = { items, count };
    const struct setting *choices[SIGN_IN_COUNT] = { NULL };
    for (size_t i = SIGN_IN_ANY + 1; i < SIGN_IN_COUNT; i++)
        choices[i] = find_choice(&settings, (enum sign_in)i);
    for (size_t i = 0; i < count; i++) {
        if (items[i].block == NULL && items[i].variable != NULL)
            items[i].unused = find_reason(arena, &settings, choices, &items[i]);
    }
    return settings;
}

/* ---- values -------------------------------------------------------------------------------- */

bool setting_is_from_variable(const struct setting *setting)
{
    return setting->block == NULL && setting->variable != NULL && setting->unused == NULL;
}

const struct attribute *settings_row(const struct settings *settings, const char *name)
{
    return find(settings, name)->row;
}

const char *settings_text(const struct settings *settings, const char *name)
{
    const struct setting *setting = find(settings, name);
    if (setting->block != NULL)
        return value_text(setting->block);
    return setting_is_from_variable(setting) ? setting->text
                                             : setting->row->default_value;
}

bool settings_is_on(const struct settings *settings, const char *name)
{
    const struct setting *setting = find(settings, name);
    return setting->block != NULL ? value_is_true(setting->block, false)
                                  : is_true(settings_text(settings, name));
}

const struct value *settings_list(const struct settings *settings, const char *name,
                                  const char **text)
{
    const struct setting *setting = find(settings, name);
    *text = setting_is_from_variable(setting) ? setting->text : NULL;
    return setting->block;
}

/* ---- checks -------------------------------------------------------------------------------- */

static void check_variable(struct arena *arena, const struct setting *setting,
                           struct diags *diags)
{
    const struct attribute *row = setting->row;
    const char *variable = setting->variable, *text = setting->text;
    const char *title = arena_print(arena, "Invalid environment variable %s", variable);
    bool ignored;
    if (row->type == &type_bool) {
        if (!parse_bool(text, &ignored))
            diags_error(diags, PATH_NONE, title,
                        "\"%s\" is not a valid value. Set the variable to true or false.",
                        text_clean_line(arena, text, strlen(text), 200));
        return;
    }
    if (row->type != &type_string) /* a list is checked where it is read */
        return;
    struct attribute named = *row;
    named.name = variable;
    const struct attribute one[] = { named, { 0 } };
    const struct type *type = schema_rows_type(arena, one);
    const struct value *object = value_with(arena, value_object_of_nulls(arena, type),
                                            variable, value_string(arena, text));
    struct diags found;
    diags_init(&found, arena);
    schema_validate(arena, one, object, PATH_NONE, &found);
    for (struct diagnostic *diag = found.first; diag != NULL; diag = diag->next)
        diags_error(diags, PATH_NONE, title, "%s", diag->detail);
}

int settings_check(struct arena *arena, const struct settings *settings,
                   struct diags *diags)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (setting_is_from_variable(&settings->items[i]))
            check_variable(arena, &settings->items[i], diags);
    }
    return diags_have_error(diags) ? -1 : 0;
}

const char *settings_unused(struct arena *arena, const struct settings *settings)
{
    const char *lines = "";
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *setting = &settings->items[i];
        if (setting->unused != NULL)
            lines = arena_print(arena, "%s\n  - %s is not used: %s", lines,
                                setting->variable, setting->unused);
    }
    return lines;
}
