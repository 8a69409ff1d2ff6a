/* What every table of the registry must be, so that the engine and the host can rely on it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "id/id.h"
#include "registry.h"
#include "unit/schema/rules.h"

/* Every resource: EACH_RESOURCE (table) … table->name … */
#define EACH_RESOURCE(table)                                                                       \
    for (const struct resource_table *const *one_ = registry_resources, *table;                    \
         (table = *one_) != NULL; one_++)

TEST(every_row_of_every_table_is_complete)
{
    const struct table_of_rows provider = { "provider", provider_table.attributes, true, false };
    check_rows(provider_table.attributes, &provider);
    EACH_RESOURCE (table) {
        const struct table_of_rows resource = { table->name, table->attributes, false,
                                                table->update != NULL ||
                                                    table->update_action != NULL };
        check_rows(table->attributes, &resource);
    }
}

TEST(every_resource_has_one_id_from_its_own_rows)
{
    EACH_RESOURCE (table) {
        unsigned ids = 0;
        for (const struct attribute *row = table->attributes; row->name != NULL; row++)
            ids += (row->flags & IS_ID) != 0;
        assert_int_equal(ids, 1);
        if (schema_find_flag(table->attributes, SIGN_IN_TO) != NULL)
            assert_non_null(schema_find_flag(table->list, SIGN_IN_TO));
        const struct attribute *id = schema_find(table->attributes, "id");
        assert_true(id != NULL && (id->flags & IS_ID) != 0);

        /* Each placeholder is an attribute that is given, or made, and makes the object. */
        for (const char *at = table->id; (at = strchr(at, '{')) != NULL; at++) {
            auto_arena arena = arena_new();
            size_t length = strcspn(at, "}");
            assert_int_equal(at[length], '}');
            const struct attribute *row =
                schema_find(table->attributes, arena_copy_bytes_as_text(arena, at + 1, length - 1));
            assert_non_null(row);
            bool is_made = table->create != NULL && (row->flags & COMPUTED) != 0 &&
                           row->body != NULL; /* by the service, whose answer has it */
            if (is_made)
                continue;
            bool is_found = is_looked_up(row) || row->made_from != NULL;
            assert_true((row->flags & REPLACE) != 0 && ((row->flags & REQUIRED) != 0 || is_found ||
                                                        row->provider_default != NULL));
            assert_true(row->body == NULL || is_found);
        }
    }
}

static const char *say_x(void *state, const char *name)
{
    const struct resource_table *table = state;
    const struct attribute *row = schema_find(table->attributes, name);
    if (row != NULL && row->default_value != NULL)
        return row->default_value;
    return row != NULL && row->id_type != NULL ? "/subscriptions/s/resourceGroups/g/providers/"
                                                 "Microsoft.AzureStack/registrations/x"
                                               : "x";
}

/* What the template makes is an ID of the type, and only of that. */
TEST(the_template_of_an_id_fits_its_types)
{
    EACH_RESOURCE (table) {
        auto_arena arena = arena_new();
        struct error err = NO_ERROR;
        const char *id = id_template_fill(arena, table->id, say_x, (void *)(uintptr_t)table);
        const struct id_scheme *ids = table->service->ids;
        if (ids->parse(arena, id, table->id_type, &err) == NULL)
            fail_msg("%s: %s: %s", table->name, id, err.text);
        assert_null(ids->parse(arena, id, "/Microsoft.Test/others", &err));
    }
}

static bool is_only_of_its_name(const struct resource_table *this)
{
    bool is_only = true;
    EACH_RESOURCE (table)
        is_only = is_only && (table == this || strcmp(table->name, this->name) != 0);
    return is_only;
}

TEST(names_keep_to_the_form_of_the_host)
{
    assert_string_equal(provider_table.name, "azurestack");
    /* Meta-arguments, and what the timeouts block is called. */
    static const char *const reserved[] = { "count",     "for_each",   "depends_on",  "provider",
                                            "lifecycle", "connection", "provisioner", "timeouts" };
    EACH_RESOURCE (table) {
        NEEDS(table->name, is_name(table->name) && is_only_of_its_name(table));
        EACH (name, reserved)
            NEEDS(table->name, schema_find(table->attributes, *name) == NULL);
    }
    assert_null(schema_find(provider_table.attributes, "alias"));
    assert_null(schema_find(provider_table.attributes, "version"));
}

TEST(every_resource_says_all_that_the_engine_asks)
{
    EACH_RESOURCE (table) {
        assert_true(table->noun != NULL &&
                    (table->parent_id == NULL || table->parent_noun != NULL));
        assert_true(table->doc != NULL && table->doc[strlen(table->doc) - 1] == '.');
        assert_true(table->schema_version >= 0);
        /* yyyy-mm-dd, perhaps with -preview */
        bool has_versions = table->service->ids == &id_scheme_arm;
        assert_int_equal(has_versions, table->api_version != NULL);
        if (has_versions) {
            assert_true(strlen(table->api_version) >= 10);
            assert_int_equal(strspn(table->api_version, "0123456789-"), 10);
        }
        /* A list of its own says that an object is not there. */
        assert_int_equal(table->read_by_list, table->gone == NULL);
        assert_true(table->gone == NULL || table->gone[0] != NULL);
        assert_true(!table->read_by_list || (table->natural_key != NULL && table->list_id != NULL));
        assert_true(table->parent_id == NULL ||
                    (table->parent_gone != NULL && table->parent_gone[0] != NULL));
        /* The time of an update where there is one. */
        assert_int_equal(table->timeouts.update_s > 0,
                         table->update != NULL || table->update_action != NULL);
        assert_true(table->timeouts.create_s > 0 && table->timeouts.read_s > 0 &&
                    table->timeouts.delete_s > 0);
        assert_int_equal(table->timeouts.create_s % 60, 0);
        assert_int_equal(table->timeouts.read_s % 60, 0);
        assert_int_equal(table->timeouts.update_s % 60, 0);
        assert_int_equal(table->timeouts.delete_s % 60, 0);
        /* A code cannot mean both: one of them takes the object out of the state. */
        for (const char *const *gone = table->gone; gone != NULL && *gone != NULL; gone++) {
            for (const char *const *up = table->parent_gone; up != NULL && *up != NULL; up++)
                assert_false(text_equal_ignoring_case(*gone, *up));
        }
    }
}

static bool is_row(const struct resource_table *table, const char *name, const struct type *type)
{
    const struct attribute *row = schema_find(table->attributes, name);
    return row != NULL && row->type == type;
}

/* What engine/post_action.c takes for granted. */
static bool is_action_whole(const struct resource_table *table, const struct action_rule *rule)
{
    return rule == NULL ||
           (rule->verb != NULL && rule->path != NULL && rule->look != NULL && rule->place != NULL &&
            rule->needs != NULL && (rule->attribute == NULL) == (rule->values != NULL) &&
            (rule->attribute == NULL) == (rule->member == NULL) &&
            (rule->attribute == NULL || is_row(table, rule->attribute, &type_string)) &&
            (rule->sign_in_to == NULL || is_row(table, rule->sign_in_to, &type_string)) &&
            (rule->when == NULL || is_row(table, rule->when, &type_bool)));
}

TEST(a_rule_of_progress_actions_and_blockers_is_whole)
{
    EACH_RESOURCE (table) {
        const struct progress_rule *progress = table->progress;
        assert_true(progress == NULL || (progress->place != NULL && progress->done != NULL &&
                                         progress->failed != NULL && progress->failure != NULL &&
                                         progress->pending != NULL));
        const struct action_rule *update = table->update_action, *removal = table->delete_action;
        assert_true(is_action_whole(table, update) && is_action_whole(table, removal));
        assert_true(update == NULL || (update->attribute != NULL && table->update == NULL));
        assert_true(removal == NULL || (removal->when != NULL && removal->warning != NULL &&
                                        removal->attribute == NULL));
        const struct create_blocker *rule = table->create_blockers;
        for (; rule != NULL && rule->list_id != NULL; rule++) {
            assert_true((rule->api_version != NULL) == (table->service->ids == &id_scheme_arm));
            assert_true(rule->title != NULL && rule->text != NULL && rule->unread != NULL);
            assert_true(rule->is_one || rule->shown != NULL);
            if (rule->orders != NULL) {
                assert_true(table->natural_key != NULL && rule->status != NULL &&
                            rule->place == NULL && rule->unless == NULL);
                assert_true(rule->orders->items != NULL && rule->orders->order_id != NULL);
                continue;
            }
            assert_true(rule->is_one || rule->place != NULL);
            assert_true(is_row(table, rule->attribute, &type_string));
            assert_true(rule->is_one ||
                        (rule->unless == NULL || is_row(table, rule->unless, &type_bool)));
            assert_true((rule->status == NULL) == (rule->past == NULL));
            assert_true(rule->place_too == NULL ||
                        is_row(table, rule->attribute_too, &type_string));
        }
    }
}

/* What is lost with an object, what a delete leaves, and with what it is lost. */
static void check_what_it_leaves(const struct resource_table *table)
{
    const struct dependents_rule *dependents = table->dependents;
    if (dependents != NULL) {
        assert_true(dependents->list_id != NULL && dependents->noun != NULL &&
                    dependents->loss != NULL);
        assert_int_equal(dependents->place != NULL,
                         (dependents->attribute != NULL) + (dependents->values != NULL));
        assert_true(dependents->attribute == NULL ||
                    schema_find(table->attributes, dependents->attribute) != NULL);
    }
    if (dependents != NULL && dependents->allow != NULL) {
        const struct attribute *row = schema_find(table->attributes, dependents->allow);
        assert_true(row != NULL && row->type == &type_bool && row->body == NULL);
        assert_int_equal(row->flags, OPTIONAL);
        assert_true(dependents->title != NULL && dependents->action != NULL);
    } else if (dependents != NULL) {
        assert_non_null(strstr(table->destroy_warning, "{dependents}"));
    }
    if (table->leftovers != NULL) {
        assert_non_null(schema_find(table->attributes, table->leftovers->attribute));
        assert_non_null(strstr(table->destroy_warning, "{leftovers}"));
    }
    assert_true(table->lost_as == NULL || is_row(table, table->lost_as, &type_string));
    for (const struct lost_with *rule = table->lost_with; rule != NULL && rule->attribute != NULL;
         rule++) {
        assert_non_null(rule->code);
        assert_true(is_row(table, rule->attribute, &type_string));
        assert_string_equal(rule->table->lost_as, rule->attribute);
    }
}

TEST(what_a_column_names_is_there)
{
    EACH_RESOURCE (table) {
        unsigned uniques = 0;
        for (const struct attribute *row = table->attributes; row->name != NULL; row++) {
            if ((row->flags & UNIQUE) == 0)
                continue;
            uniques++;
            assert_true(row->type == &type_string && row->body != NULL);
        }
        assert_true(uniques <= 1);
        if (table->overwrite != NULL) {
            const struct attribute *row = schema_find(table->attributes, table->overwrite);
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
        const struct ended_rule *ended = table->ended;
        assert_true(ended == NULL ||
                    (table->natural_key != NULL && ended->place != NULL && ended->values != NULL &&
                     ended->title != NULL && ended->text != NULL &&
                     is_row(table, ended->allow, &type_bool)));
        check_what_it_leaves(table);
        assert_true(
            table->import_by == NULL ||
            (table->list != NULL && schema_find(table->attributes, table->import_by) != NULL));
        /* Without it in the ID, it is all by which the list is searched. */
        assert_true(table->import_by == NULL || strstr(table->id, table->import_by) != NULL ||
                    (table->natural_key != NULL &&
                     strcmp(table->natural_key[0], table->import_by) == 0 &&
                     table->natural_key[1] == NULL));
        for (const char *const *name = table->choice != NULL ? table->choice->names : NULL;
             name != NULL && *name != NULL; name++)
            assert_non_null(schema_find(table->attributes, *name));
        assert_true(has_known_places(table->destroy_warning));
        const struct replace_warning *gap = table->replace_warning;
        assert_true(gap == NULL ||
                    (gap->title != NULL && has_known_places(gap->always) &&
                     has_known_places(gap->same_parent) && has_known_places(gap->other_parent) &&
                     has_known_places(gap->same_id) && has_known_places(gap->tainted)));
    }
}

enum { VARIABLES_MAX = 128 };

static void gather_variables(const struct attribute *rows, const char **found, size_t *count)
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
}

TEST(what_is_secret_is_marked)
{
    for (const struct attribute *row = provider_table.attributes; row->name != NULL; row++) {
        /* Where a secret stands is none. */
        bool is_secret =
            (strstr(row->name, "secret") != NULL || strstr(row->name, "password") != NULL ||
             strcmp(row->name, "client_certificate") == 0 || strstr(row->name, "token") != NULL) &&
            strstr(row->name, "_path") == NULL;
        if (is_secret != ((row->flags & SENSITIVE) != 0))
            fail_msg("%s is %s", row->name, is_secret ? "not hidden" : "hidden");
    }
    assert_int_not_equal(schema_find(provider_table.attributes, "client_secret")->flags & SENSITIVE,
                         0);
}

TEST(every_provider_argument_can_be_left_out)
{
    /* A required provider argument could not come from a variable. */
    for (const struct attribute *row = provider_table.attributes; row->name != NULL; row++)
        assert_int_equal(row->flags & (REQUIRED | OPTIONAL), OPTIONAL);
    const struct attribute *environment = schema_find(provider_table.attributes, "environment");
    bool is_listed = false;
    for (const char *const *one = environment->one_of; *one != NULL; one++)
        is_listed = is_listed || strcmp(*one, environment->default_value) == 0;
    assert_true(is_listed);
}

/* ---- data sources ------------------------------------------------------------------------- */

static bool has_all(const struct attribute *rows, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        if (schema_find(rows, *names) == NULL)
            return false;
    }
    return true;
}

TEST(a_data_source_is_made_of_what_it_has)
{
    const struct data_source_table *table;
    for (const struct engine_reader *one = registry_data_sources; (table = one->table) != NULL;
         one++) {
        const char *name = table->name;
        const struct attribute *rows = table->attributes;
        const struct attribute *items =
            table->items != NULL ? schema_find(rows, table->items) : NULL;
        const struct attribute *object = table->object != NULL ? table->object->attributes
                                         : items != NULL       ? items->rows
                                                               : rows;
        NEEDS(name, table->object != NULL || (table->service != NULL && table->noun != NULL));
        NEEDS(name, table->object != NULL || table->api_version != NULL ||
                        table->service->ids != &id_scheme_arm);
        const struct search_rule *search = table->searches;
        for (; search != NULL && search->attribute != NULL; search++)
            NEEDS(name, schema_find(rows, search->attribute) != NULL);
        if (table->gather != NULL) {
            NEEDS(name, schema_find(rows, table->gather->name) != NULL);
            NEEDS(name, schema_find(object, table->gather->attribute) != NULL);
            NEEDS(name, schema_find(object, table->gather->status) != NULL);
        }
        NEEDS(name, table->items == NULL ||
                        (items != NULL && table->lists != NULL && items->nesting == NESTING_LIST));
        NEEDS(name, has_all(rows, table->filters) && has_all(object, table->filters));
        NEEDS(name, has_all(rows, table->keys) && has_all(object, table->keys));
        NEEDS(name, has_placeholders(rows, NULL, table->id));
        const struct list_place *place = table->lists;
        for (; place != NULL && place->list_id != NULL; place++) {
            NEEDS(name, has_placeholders(rows, NULL, place->list_id));
            NEEDS(name, has_placeholders(rows, NULL, place->id));
            NEEDS(name, has_placeholders(rows, NULL, place->label));
        }
        for (const char *const *query = table->query; query != NULL && *query != NULL; query++)
            NEEDS(name, strchr(*query, '=') != NULL && has_placeholders(rows, NULL, *query));
    }
}
