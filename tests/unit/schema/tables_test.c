/* What every table must be, so that the engine and the host can rely on it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "id/id.h"
#include "schema/checks.h"
#include "schema/tables.h"
#include "support/test.h"

/* tests/rules/tables sees that every table of schema/tables.h stands here. */
static const struct resource_table *const resources[] = { &customer_subscription_table };
enum { RESOURCES = sizeof resources / sizeof *resources };

static bool is_name(const char *name)
{
    if (name == NULL || *name < 'a' || *name > 'z')
        return false;
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* The fault of one row; NULL if there is none. Made so that it can be shown to fail. */
static const char *row_fault(const struct attribute *row, bool is_provider)
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

static bool has_form_in_json(const struct type *type)
{
    if (type->kind == TYPE_LIST || type->kind == TYPE_SET || type->kind == TYPE_MAP)
        return has_form_in_json(type->element);
    return type->kind == TYPE_STRING || type->kind == TYPE_NUMBER ||
           type->kind == TYPE_BOOL;
}

/* What engine/body.c and engine/update.c take for granted. */
static const char *body_fault(const struct attribute *row, bool has_update)
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
static const char *write_only_fault(const struct attribute *row,
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

static bool is_version(const struct attribute *row, const struct attribute *rows)
{
    for (; rows->name != NULL; rows++) {
        if (rows->version != NULL && strcmp(rows->version, row->name) == 0)
            return true;
    }
    return false;
}

/* What comes from the service and the plan cannot foresee must be computed, what makes the
 * object another one must be given. */
static const char *life_fault(const struct attribute *row, const struct attribute *rows)
{
    bool is_given = (row->flags & (REQUIRED | OPTIONAL)) != 0;
    if (is_given && row->body == NULL && (row->flags & REPLACE) == 0 &&
        !is_version(row, rows) &&
        row->type != &type_bool) /* a switch of this provider's own, such as .overwrite */
        return "nobody would see it change";
    if ((row->flags & COMPUTED) != 0 && row->body == NULL && (row->flags & IS_ID) == 0 &&
        row->made_from == NULL)
        return "it is computed from nothing";
    if ((row->flags & REPLACE) != 0 && !is_given)
        return "what nobody configures cannot force a replacement";
    return NULL;
}

/* What engine/made.c takes for granted. */
static const char *made_fault(const struct attribute *row, const struct attribute *rows)
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

/* `top`: the table's own rows. */
static void check_rows(const char *table, const struct attribute *rows,
                       const struct attribute *top, bool is_provider, bool has_update)
{
    assert_int_not_equal(schema_count(rows), 0);
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        const char *fault = row_fault(row, is_provider);
        if (fault == NULL && !is_provider)
            fault = body_fault(row, has_update);
        if (fault == NULL && !is_provider)
            fault = life_fault(row, top);
        if (fault == NULL)
            fault = write_only_fault(row, top, has_update, !is_provider);
        if (fault == NULL)
            fault = made_fault(row, top);
        if (fault != NULL)
            fail_msg("%s: %s: %s", table, row->name, fault);
        if (schema_find(rows, row->name) != row)
            fail_msg("%s: %s is there twice", table, row->name);
        if (row->rows != NULL)
            check_rows(table, row->rows, top, is_provider, has_update);
    }
}

TEST(every_row_of_every_table_is_complete)
{
    check_rows(provider_table.name, provider_table.attributes, provider_table.attributes,
               true, false);
    for (size_t i = 0; i < RESOURCES; i++)
        check_rows(resources[i]->name, resources[i]->attributes, resources[i]->attributes,
                   false, resources[i]->update != NULL);
}

TEST(an_incomplete_row_is_found)
{
    static const struct attribute rows[] = {
        { "x", &type_string, OPTIONAL, .doc = "Doc." }, { 0 }
    };
    static const struct {
        struct attribute row;
        const char *fault;
    } cases[] = {
        { { "X", &type_string, OPTIONAL, .doc = "Doc." }, "name" },
        { { "x", &type_string, OPTIONAL, .doc = NULL }, "no doc" },
        { { "x", &type_string, OPTIONAL, .doc = "Doc" }, "full stop" },
        { { "x", NULL, OPTIONAL, .doc = "Doc." }, "type or rows" },
        { { "x", &type_string, OPTIONAL, "Doc.", .rows = rows }, "type or rows" },
        { { "x", NULL, OPTIONAL, "Doc.", .rows = rows }, "belong together" },
        { { "x", &type_string, REPLACE, .doc = "Doc." }, "neither" },
        { { "x", &type_string, REQUIRED | OPTIONAL, .doc = "Doc." }, "at once" },
        { { "x", &type_string, REQUIRED | COMPUTED, .doc = "Doc." }, "at once" },
        { { "x", &type_string, OPTIONAL | COMPUTED | IS_ID, .doc = "Doc." }, "alone" },
        { { "x", &type_string, COMPUTED, .doc = "Doc." }, "from nothing" },
        { { "x", &type_string, OPTIONAL, .doc = "Doc." }, "nobody would see" },
        { { "x", &type_bool, OPTIONAL, "Doc.", .default_value = "y" },
          "none of its values" },
        { { "x", &type_bool, OPTIONAL, "Doc.", .check = check_guid }, "texts" },
        { { "x", &type_string, REQUIRED, "Doc.", .default_value = "y" }, "required" },
        { { "x", &type_string, OPTIONAL, "Doc.", .default_value = "y" }, "refuses" },
        { { "x", NULL, OPTIONAL, "Doc.", .rows = rows, .nesting = NESTING_LIST,
            .check = check_guid },
          "row by row" },
        { { "x", &type_string, OPTIONAL, "Doc.", .body = "properties.x" }, "no update" },
        { { "x", &type_dynamic, OPTIONAL | REPLACE, "Doc.", .body = "properties.x" },
          "no form" },
        { { "x", &type_string, OPTIONAL | REPLACE, "Doc.", .body = "properties..x" },
          "no path" },
        { { "x", &type_string, COMPUTED | REPLACE, "Doc.", .body = "properties.x" },
          "nobody configures" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *fault = row_fault(&cases[i].row, false);
        fault = fault != NULL ? fault : body_fault(&cases[i].row, false);
        fault = fault != NULL ? fault : life_fault(&cases[i].row, rows);
        if (fault == NULL || strstr(fault, cases[i].fault) == NULL)
            fail_msg("case %zu: %s, and not %s", i, fault != NULL ? fault : "nothing",
                     cases[i].fault);
    }
}

TEST(a_made_row_that_could_not_be_made_is_found)
{
    static const char *const from_a[] = { "a", NULL }, *const from_n[] = { "n", NULL },
                             *const from_c[] = { "c", NULL },
                             *const from_x[] = { "x", NULL },
                             *const from_none[] = { NULL };
    static const struct attribute top[] = {
        { "a", &type_string, REQUIRED, .doc = "Doc." },
        { "n", &type_number, REQUIRED, .doc = "Doc." },
        { "c", &type_string, COMPUTED, .doc = "Doc." },
        { 0 },
    };
    enum { GOOD = OPTIONAL | COMPUTED | REPLACE };
    static const struct {
        struct attribute row;
        const char *fault; /* NULL: it is good */
    } cases[] = {
        { { "m", &type_string, GOOD, "Doc.", .made_from = from_a }, NULL },
        { { "m", &type_string, COMPUTED, "Doc.", .made_from = from_a }, "may be given" },
        { { "m", &type_number, GOOD, "Doc.", .made_from = from_a }, "may be given" },
        { { "m", &type_string, GOOD, "Doc.", .made_from = from_none }, "of nothing" },
        { { "m", &type_string, GOOD, "Doc.", .made_from = from_n }, "no text" },
        { { "m", &type_string, GOOD, "Doc.", .made_from = from_c }, "no text" },
        { { "m", &type_string, GOOD, "Doc.", .made_from = from_x }, "no text" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *fault = made_fault(&cases[i].row, top);
        if ((fault == NULL) != (cases[i].fault == NULL) ||
            (fault != NULL && strstr(fault, cases[i].fault) == NULL))
            fail_msg("case %zu: %s", i, fault != NULL ? fault : "nothing");
    }
}

TEST(a_write_only_row_that_would_leak_or_never_be_sent_is_found)
{
#define SECRET_ROW(...)                                                                  \
    {                                                                                    \
        "s", &type_string, OPTIONAL | WRITE_ONLY, "Doc.", .body = "s", __VA_ARGS__       \
    }
    static const char *const texts[] = { "x", NULL };
    static const struct attribute version = { "v", &type_number, OPTIONAL,
                                              .doc = "Doc." },
                                  replacing = { "v", &type_number, OPTIONAL | REPLACE,
                                                .doc = "Doc." };
    static const struct {
        struct attribute row, version;
        bool has_update;
        const char *fault; /* NULL: it is good */
    } cases[] = {
        { SECRET_ROW(.version = "v"), version, true, NULL },
        { SECRET_ROW(.version = "v"), replacing, false, NULL },
        { SECRET_ROW(.version = "v", .check = check_not_empty), version, true, NULL },
        { SECRET_ROW(.version = NULL), version, true, "belong together" },
        { { "s", &type_string, OPTIONAL, "Doc.", .body = "s", .version = "v" },
          version,
          true,
          "belong together" },
        { SECRET_ROW(.version = "w"), version, true, "its version" },
        { SECRET_ROW(.version = "v"), version, false, "no update" },
        { SECRET_ROW(.version = "v"),
          { "v", &type_number, OPTIONAL | COMPUTED, .doc = "Doc." },
          true,
          "its version" },
        { SECRET_ROW(.version = "v"),
          { "v", &type_number, OPTIONAL, "Doc.", .body = "v" },
          true,
          "its version" },
        { SECRET_ROW(.version = "v", .check = check_guid), version, true, "would show" },
        { SECRET_ROW(.version = "v", .one_of = texts), version, true, "would show" },
        { SECRET_ROW(.version = "v", .default_value = "x"), version, true, "would show" },
        { { "s", &type_bool, OPTIONAL | WRITE_ONLY, "Doc.", .body = "s", .version = "v" },
          version,
          true,
          "a text" },
        { { "s", &type_string, OPTIONAL | WRITE_ONLY, "Doc.", .version = "v" },
          version,
          true,
          "a text" },
        { { "s", &type_string, OPTIONAL | COMPUTED | WRITE_ONLY, "Doc.", .body = "s",
            .version = "v" },
          version,
          true,
          "nothing else" },
        { { "s", &type_string, REQUIRED | REPLACE | WRITE_ONLY, "Doc.", .body = "s",
            .version = "v" },
          version,
          true,
          "nothing else" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct attribute rows[] = { cases[i].row, cases[i].version, { 0 } };
        const char *fault = write_only_fault(&rows[0], rows, cases[i].has_update, true);
        if (cases[i].fault == NULL
                ? fault != NULL
                : fault == NULL || strstr(fault, cases[i].fault) == NULL)
            fail_msg("case %zu: %s", i, fault != NULL ? fault : "nothing");
        if (cases[i].fault == NULL) {
            assert_null(row_fault(&rows[0], false));
            assert_null(body_fault(&rows[0], cases[i].has_update));
            assert_null(life_fault(&rows[1], rows));
            /* In the provider block, or in a nested attribute. */
            assert_non_null(write_only_fault(&rows[0], rows, true, false));
            assert_non_null(write_only_fault(&rows[0], &rows[1], true, true));
        }
    }
}

TEST(every_resource_has_one_id_from_its_own_rows)
{
    for (size_t i = 0; i < RESOURCES; i++) {
        const struct resource_table *table = resources[i];
        unsigned ids = 0;
        for (const struct attribute *row = table->attributes; row->name != NULL; row++)
            ids += (row->flags & IS_ID) != 0;
        assert_int_equal(ids, 1);
        const struct attribute *id = schema_find(table->attributes, "id");
        assert_true(id != NULL && (id->flags & IS_ID) != 0);

        /* Each placeholder is an attribute that must be given and makes the object. */
        for (const char *at = table->id; (at = strchr(at, '{')) != NULL; at++) {
            auto_arena arena = arena_new();
            size_t length = strcspn(at, "}");
            assert_int_equal(at[length], '}');
            const struct attribute *row = schema_find(
                table->attributes, arena_copy_bytes_as_text(arena, at + 1, length - 1));
            assert_non_null(row);
            assert_int_equal(row->flags & (REQUIRED | REPLACE), REQUIRED | REPLACE);
            assert_null(row->body);
        }
    }
}

/* The parent's type and the template's last word make the type. */
TEST(the_template_of_an_id_fits_its_types)
{
    for (size_t i = 0; i < RESOURCES; i++) {
        const struct resource_table *table = resources[i];
        auto_arena arena = arena_new();
        const char *last = strrchr(table->id_type, '/');
        const char *id = arena_print(
            arena, "/subscriptions/s/resourceGroups/g/providers/N/t/p%s/c", last);
        struct id_template_part parts[ID_PLACEHOLDERS_MAX];
        size_t count;
        assert_true(id_template_match(arena, table->id, id, parts, &count));
        assert_int_equal(count, 2);
        const struct attribute *parent = schema_find(table->attributes, parts[0].name);
        assert_non_null(parent->id_type);
        assert_string_equal(arena_print(arena, "%s%s", parent->id_type, last),
                            table->id_type);
    }
}

TEST(names_keep_to_the_form_of_the_host)
{
    assert_string_equal(provider_table.name, "azurestack");
    /* Meta-arguments, and what the timeouts block is called. */
    static const char *const reserved[] = { "count",       "for_each",  "depends_on",
                                            "provider",    "lifecycle", "connection",
                                            "provisioner", "timeouts" };
    for (size_t i = 0; i < RESOURCES; i++) {
        assert_true(is_name(resources[i]->name));
        for (size_t k = 0; k < sizeof reserved / sizeof *reserved; k++)
            assert_null(schema_find(resources[i]->attributes, reserved[k]));
        for (size_t k = i + 1; k < RESOURCES; k++)
            assert_string_not_equal(resources[i]->name, resources[k]->name);
    }
    assert_null(schema_find(provider_table.attributes, "alias"));
    assert_null(schema_find(provider_table.attributes, "version"));
}

TEST(every_resource_says_all_that_the_engine_asks)
{
    for (size_t i = 0; i < RESOURCES; i++) {
        const struct resource_table *table = resources[i];
        assert_true(table->noun != NULL && table->parent_noun != NULL);
        assert_true(table->doc != NULL && table->doc[strlen(table->doc) - 1] == '.');
        assert_true(table->schema_version >= 0);
        /* yyyy-mm-dd, perhaps with -preview */
        assert_true(strlen(table->api_version) >= 10);
        assert_int_equal(strspn(table->api_version, "0123456789-"), 10);
        assert_true(table->gone != NULL && table->gone[0] != NULL);
        assert_true(table->parent_gone != NULL && table->parent_gone[0] != NULL);
        /* There is no update to the service. */
        assert_int_equal(table->timeouts.update_s, 0);
        assert_true(table->timeouts.create_s > 0 && table->timeouts.read_s > 0 &&
                    table->timeouts.delete_s > 0);
        assert_int_equal(table->timeouts.create_s % 60, 0);
        assert_int_equal(table->timeouts.read_s % 60, 0);
        assert_int_equal(table->timeouts.delete_s % 60, 0);
        /* A code cannot mean both: one of them takes the object out of the state. */
        for (const char *const *gone = table->gone; *gone != NULL; gone++) {
            for (const char *const *up = table->parent_gone; *up != NULL; up++)
                assert_false(text_equal_ignoring_case(*gone, *up));
        }
    }
}

static bool has_known_places(const char *text)
{
    static const char *const words[] = { "{noun}", "{parent_noun}",
                                         "{parent.subscription}",
                                         "{parent.resource_group}", "{parent.name}" };
    for (; text != NULL && (text = strchr(text, '{')) != NULL; text++) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            is_known = is_known || strncmp(text, words[i], strlen(words[i])) == 0;
        if (!is_known)
            return false;
    }
    return true;
}

TEST(what_a_column_names_is_there)
{
    assert_true(has_known_places(NULL) && has_known_places("a {noun} {parent.name}"));
    assert_false(has_known_places("{noun} {other}"));
    for (size_t i = 0; i < RESOURCES; i++) {
        const struct resource_table *table = resources[i];
        unsigned uniques = 0;
        for (const struct attribute *row = table->attributes; row->name != NULL; row++) {
            if ((row->flags & UNIQUE) == 0)
                continue;
            uniques++;
            assert_true(row->type == &type_string && row->body != NULL);
        }
        assert_true(uniques <= 1);
        /* The message about an overwrite names the attribute that allows it. */
        assert_true(uniques == 0 || table->overwrite != NULL);
        if (table->overwrite != NULL) {
            const struct attribute *row =
                schema_find(table->attributes, table->overwrite);
            assert_true(row != NULL && row->type == &type_bool && row->body == NULL);
            assert_int_equal(row->flags, OPTIONAL);
            assert_int_equal(uniques, 1);
        }
        for (const struct parent_rule *rule = table->parent_rules;
             rule != NULL && rule->place != NULL; rule++) {
            assert_non_null(schema_find(table->attributes, rule->attribute));
            assert_true(rule->refused != NULL && has_known_places(rule->meaning) &&
                        has_known_places(rule->action));
        }
        assert_true(has_known_places(table->destroy_warning));
        const struct replace_warning *gap = table->replace_warning;
        assert_true(gap == NULL ||
                    (gap->title != NULL && has_known_places(gap->always) &&
                     has_known_places(gap->same_parent) &&
                     has_known_places(gap->other_parent) &&
                     has_known_places(gap->same_id) && has_known_places(gap->tainted)));
    }
}

enum { VARIABLES_MAX = 128 };

static void gather_variables(const struct attribute *rows, const char **found,
                             size_t *count)
{
    for (; rows->name != NULL; rows++) {
        if (rows->rows != NULL)
            gather_variables(rows->rows, found, count);
        for (const char *const *name = rows->env; name != NULL && *name != NULL; name++) {
            assert_true(*count < VARIABLES_MAX);
            found[(*count)++] = *name;
            /* The manual names it. */
            char marked[100];
            snprintf(marked, sizeof marked, "`%s`", *name);
            assert_has(rows->doc, marked);
        }
    }
}

TEST(every_variable_fills_one_argument)
{
    const char *found[VARIABLES_MAX];
    size_t count = 0;
    gather_variables(provider_table.attributes, found, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++)
            assert_string_not_equal(found[i], found[k]);
    }
    /* As azapi's manual has them. */
    static const char *const want[] = { "ARM_TENANT_ID",
                                        "ARM_CLIENT_ID",
                                        "AZURE_CLIENT_ID",
                                        "ARM_CLIENT_SECRET",
                                        "ARM_SUBSCRIPTION_ID",
                                        "ARM_ENVIRONMENT",
                                        "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST",
                                        "ARM_RESOURCE_MANAGER_AUDIENCE",
                                        "ARM_RESOURCE_MANAGER_ENDPOINT" };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        bool is_there = false;
        for (size_t k = 0; k < count; k++)
            is_there = is_there || strcmp(found[k], want[i]) == 0;
        if (!is_there)
            fail_msg("%s fills nothing", want[i]);
    }
}

TEST(what_is_secret_is_marked)
{
    for (const struct attribute *row = provider_table.attributes; row->name != NULL;
         row++) {
        /* Where a secret stands is none. */
        bool is_secret = (strstr(row->name, "secret") != NULL ||
                          strstr(row->name, "password") != NULL ||
                          strcmp(row->name, "client_certificate") == 0 ||
                          strstr(row->name, "token") != NULL) &&
                         strstr(row->name, "_path") == NULL;
        if (is_secret != ((row->flags & SENSITIVE) != 0))
            fail_msg("%s is %s", row->name, is_secret ? "not hidden" : "hidden");
    }
    assert_int_not_equal(
        schema_find(provider_table.attributes, "client_secret")->flags & SENSITIVE, 0);
}

TEST(every_provider_argument_can_be_left_out)
{
    /* A required provider argument could not come from a variable. */
    for (const struct attribute *row = provider_table.attributes; row->name != NULL;
         row++)
        assert_int_equal(row->flags & (REQUIRED | OPTIONAL), OPTIONAL);
    const struct attribute *environment =
        schema_find(provider_table.attributes, "environment");
    bool is_listed = false;
    for (const char *const *one = environment->one_of; *one != NULL; one++)
        is_listed = is_listed || strcmp(*one, environment->default_value) == 0;
    assert_true(is_listed);
}

/* ---- data sources ------------------------------------------------------------------------- */

/* tests/rules/tables sees that every table of schema/tables.h stands here. */
static const struct data_source_table *const data_sources[] = {
    &customer_subscription_data, &customer_subscriptions_data, &registration_data,
    &registrations_data
};

static bool has_all(const struct attribute *rows, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        if (schema_find(rows, *names) == NULL)
            return false;
    }
    return true;
}

static bool has_placeholders(const struct attribute *rows, const char *template)
{
    for (; template != NULL && (template = strchr(template, '{')) != NULL; template ++) {
        auto_arena arena = arena_new();
        const char *name =
            arena_copy_bytes_as_text(arena, template + 1, strcspn(template + 1, "}"));
        if (schema_find(rows, name) == NULL && strcmp(name, "noun") != 0)
            return false;
    }
    return true;
}

static const char *data_source_fault(const struct data_source_table *table)
{
    const struct attribute *rows = table->attributes;
    const struct attribute *items =
        table->items != NULL ? schema_find(rows, table->items) : NULL;
    const struct attribute *object = table->object != NULL ? table->object->attributes
                                     : items != NULL       ? items->rows
                                                           : rows;
    if (table->object == NULL &&
        (table->service == NULL || table->noun == NULL || table->api_version == NULL))
        return "nobody says what it looks up";
    if (table->items != NULL && (items == NULL || items->nesting != NESTING_LIST))
        return "its items are no nested list";
    if (table->items != NULL && table->lists == NULL)
        return "nobody says what to list";
    if (!has_all(rows, table->filters) || !has_all(rows, table->keys) ||
        !has_all(object, table->filters) || !has_all(object, table->keys))
        return "it filters by what it does not have";
    if (!has_placeholders(rows, table->id))
        return "its ID is made of what it does not have";
    for (const struct list_place *place = table->lists;
         place != NULL && place->list_id != NULL; place++) {
        if (!has_placeholders(rows, place->list_id) ||
            !has_placeholders(rows, place->id) || !has_placeholders(rows, place->label))
            return "a list is made of what it does not have";
    }
    for (const char *const *one = table->query; one != NULL && *one != NULL; one++) {
        if (strchr(*one, '=') == NULL || !has_placeholders(rows, *one))
            return "its query is made of what it does not have";
    }
    return NULL;
}

TEST(a_data_source_is_made_of_what_it_has)
{
    static const struct attribute item[] = {
        { "n", &type_string, COMPUTED, .doc = "Doc." }, { 0 }
    };
    static const struct attribute rows[] = {
        { "n", &type_string, OPTIONAL, .doc = "Doc." },
        { "m", &type_string, OPTIONAL, .doc = "Doc." },
        { "all", NULL, COMPUTED, .doc = "Doc.", .nesting = NESTING_LIST, .rows = item },
        { 0 }
    };
    static const struct list_place good[] = { { "/x/{n}", "{m}", "{noun} {n}" },
                                              { NULL, NULL, NULL } },
                                   bad[] = { { "/x/{o}", NULL, NULL },
                                             { NULL, NULL, NULL } };
#define OF_ALL                                                                           \
    .service = &azure_service, .noun = "n", .api_version = "1", .attributes = rows
    const struct {
        struct data_source_table table;
        const char *fault; /* NULL: it is good */
    } cases[] = {
        { { OF_ALL, .lists = good, .items = "all", .filters = NAMES("n"),
            .query = NAMES("a={m}") },
          NULL },
        { { .attributes = rows }, "nobody says what it looks up" },
        { { OF_ALL, .lists = good, .items = "n" }, "no nested list" },
        { { OF_ALL, .items = "all" }, "what to list" },
        { { OF_ALL, .lists = bad }, "a list is made" },
        { { OF_ALL, .lists = good, .items = "all", .filters = NAMES("m") },
          "filters by" },
        { { OF_ALL, .lists = good, .keys = NAMES("o") }, "filters by" },
        { { OF_ALL, .id = "/{o}" }, "its ID" },
        { { OF_ALL, .query = NAMES("{n}") }, "its query" },
        { { OF_ALL, .query = NAMES("a={o}") }, "its query" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *fault = data_source_fault(&cases[i].table);
        if (cases[i].fault == NULL
                ? fault != NULL
                : fault == NULL || strstr(fault, cases[i].fault) == NULL)
            fail_msg("case %zu: %s", i, fault != NULL ? fault : "nothing");
    }
    for (size_t i = 0; i < sizeof data_sources / sizeof *data_sources; i++) {
        const char *fault = data_source_fault(data_sources[i]);
        if (fault != NULL)
            fail_msg("%s: %s", data_sources[i]->name, fault);
    }
}
