/* The read of a data source, by an ID or in a list, as its table says.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine/internal.h"

struct reading {
    struct call *call;
    const struct data_source *source;
    struct session *session;
    const struct value *config; /* with defaults */
    const char *key;            /* the one of table->keys that is set; NULL: none */
    struct diags *diags;

    /* Of what it finds: of `items`, or of the data source itself. */
    const struct attribute *rows;
    const struct type *type;
    const struct value **found; /* on the heap */
    json_t *places;             /* ID -> index in `found` */
    size_t count, room;
    const char *first, *second; /* their IDs, if one object is wanted and there are two */
};

static const char *text_of(const struct reading *reading, const char *name)
{
    return value_text(value_get(reading->call->arena, reading->config, name));
}

static const struct value *fill_defaults(const struct reading *reading,
                                         const struct value *config)
{
    struct arena *arena = reading->call->arena;
    const struct data_source *source = reading->source;
    for (const struct attribute *row = source->table->attributes; row->name != NULL;
         row++) {
        if (!value_is_null(value_get(arena, config, row->name)))
            continue;
        const char *text = NULL;
        if (row->provider_default != NULL)
            text = session_default(reading->session, source->object.table->service->name,
                                   row->name);
        if (text != NULL)
            config = value_with(arena, config, row->name, value_string(arena, text));
        else if (row->default_value != NULL)
            config = value_with(arena, config, row->name, schema_default(arena, row));
    }
    return config;
}

/* ---- a list -------------------------------------------------------------------------------- */

/* What the service omits has the default of the argument. */
static bool is_wanted(const struct reading *reading, const struct value *state,
                      const char *name)
{
    struct arena *arena = reading->call->arena;
    const struct value *want = value_get(arena, reading->config, name);
    if (value_is_null(want))
        return true;
    const struct attribute *argument =
        schema_find(reading->source->table->attributes, name);
    const struct value *have = data_get(arena, schema_find(reading->rows, name), state);
    if (value_is_null(have) && argument->default_value != NULL)
        have = schema_default(arena, argument);
    return value_text(want) != NULL && value_text(have) != NULL
               ? text_equal_ignoring_case(value_text(want), value_text(have))
               : value_equal(want, have);
}

static bool passes(const struct reading *reading, const struct value *state)
{
    const char *const *name = reading->source->table->filters;
    for (; name != NULL && *name != NULL; name++) {
        if (!is_wanted(reading, state, *name))
            return false;
    }
    return reading->key == NULL || is_wanted(reading, state, reading->key);
}

/* Copies everything: a listed object is valid only during the call. */
static const struct value *copy_rows(const struct reading *reading,
                                     const struct value *state)
{
    struct arena *arena = reading->call->arena;
    size_t count = reading->type->field_count;
    const struct value **items = arena_take_many(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const struct type_field *field = &reading->type->fields[i];
        items[i] =
            type_find_field(state->type, field->name) < 0
                ? value_null(arena, field->type)
                : value_copy(arena, field->type, value_get(arena, state, field->name));
    }
    return data_fill_parts(arena, reading->rows,
                           value_many(arena, reading->type, items, count));
}

static const char *copy_id(const struct reading *reading, const struct value *state)
{
    const char *name = resource_id_attribute(&reading->source->object);
    const char *id =
        name != NULL ? value_text(value_get(reading->call->arena, state, name)) : NULL;
    return id != NULL ? explain_shown(reading->call->arena, id) : "(no ID)";
}

/* An object that changes its place while a list is read is on two pages: the later one counts. */
static int take_one(void *state, const struct engine_listed *listed)
{
    struct reading *reading = state;
    bool is_single = reading->source->table->items == NULL;
    if (!passes(reading, listed->state))
        return 0;
    const char *id = reading->source->table->has_no_ids ? "" : listed->id;
    const json_t *place = json_object_get(reading->places, id);
    if (place != NULL) {
        reading->found[json_integer_value(place)] = copy_rows(reading, listed->state);
        return 0;
    }
    if (is_single && reading->count == 1) {
        reading->second = copy_id(reading, listed->state);
        return 1;
    }
    if (is_single)
        reading->first = copy_id(reading, listed->state);
    if (*id != '\0')
        json_object_set_new(reading->places, id,
                            json_integer((json_int_t)reading->count));
    if (reading->count == reading->room) {
        reading->room = reading->room != 0 ? reading->room * 2 : 64;
        reading->found =
            memory_resize((void *)reading->found, reading->room, sizeof *reading->found);
    }
    reading->found[reading->count++] = copy_rows(reading, listed->state);
    return 0;
}

/* The first place whose arguments are set; NULL with an error. */
static const struct list_place *find_place(const struct reading *reading,
                                           const char **list_id)
{
    struct arena *arena = reading->call->arena;
    const struct list_place *place = reading->source->table->lists;
    for (; place->list_id != NULL; place++) {
        *list_id = resource_fill(arena, place->list_id, reading->config);
        if (*list_id != NULL)
            return place;
    }
    for (const struct attribute *row = reading->source->table->attributes;
         row->name != NULL; row++) {
        if (row->provider_default != NULL && text_of(reading, row->name) == NULL) {
            diags_error(reading->diags, path_attribute(arena, PATH_NONE, row->name),
                        arena_print(arena, "Missing %s", row->name),
                        "Set %s here, or %s.", row->name, row->provider_default);
            return NULL;
        }
    }
    diags_error(reading->diags, PATH_NONE, "Missing arguments",
                "The arguments do not say what to list.");
    return NULL;
}

/* The arguments, for the list's label. */
static const struct explain_word *words_of(const struct reading *reading)
{
    const struct attribute *rows = reading->source->table->attributes;
    struct explain_word *words =
        arena_take_many(reading->call->arena, schema_count(rows) + 1, sizeof *words);
    size_t count = 0;
    for (; rows->name != NULL; rows++) {
        const char *text = text_of(reading, rows->name);
        if (text != NULL)
            words[count++] = (struct explain_word){ rows->name, text };
    }
    return words;
}

/* `walk` has only what the table does not say. */
static int walk_as(struct reading *reading, struct engine_walk walk,
                   const struct list_place **place)
{
    struct arena *arena = reading->call->arena;
    *place = find_place(reading, &walk.list_id);
    if (*place == NULL)
        return -1;
    walk.label = (*place)->label;
    walk.words = words_of(reading);
    walk.query = data_query(arena, reading->source->table->query, reading->config);
    walk.searches = reading->source->table->searches;
    walk.searched = reading->config;
    walk.starts = reading->source->table->starts;
    walk.remedies = reading->source->table->remedies;
    walk.has_no_ids = reading->source->table->has_no_ids;
    walk.keeps_digits = reading->source->table->keeps_digits;
    return engine_walk(reading->call, &reading->source->object, reading->session, &walk,
                       reading->diags);
}

static int walk(struct reading *reading, const struct list_place **place)
{
    return walk_as(reading, (struct engine_walk){ .each = take_one, .state = reading },
                   place);
}

static int read_many(struct reading *reading, const struct value **out)
{
    struct arena *arena = reading->call->arena;
    const struct data_source_table *table = reading->source->table;
    const struct attribute *row = schema_find(table->attributes, table->items);
    const struct list_place *place;
    if (walk(reading, &place) < 0)
        return -1;
    const struct value **items = data_sort(
        arena, table->has_no_ids ? NULL : reading->rows, reading->found, reading->count);
    *out = value_with(
        arena, reading->config, row->name,
        value_many(arena, schema_attribute_type(arena, row), items, reading->count));
    if (table->ids_by_name != NULL)
        *out = value_with(arena, *out, table->ids_by_name,
                          data_ids_by_name(arena, items, reading->count));
    if (table->gather != NULL)
        *out = value_with(arena, *out, table->gather->name,
                          data_gather(arena, table->gather, items, reading->count));
    if (place->id != NULL)
        *out = value_with(
            arena, *out, "id",
            value_string(arena, resource_fill(arena, place->id, reading->config)));
    return 0;
}

static const char *add_argument(const struct reading *reading, const char *text,
                                const char *name)
{
    struct arena *arena = reading->call->arena;
    const struct value *value = value_get(arena, reading->config, name);
    const struct attribute *row = schema_find(reading->source->table->attributes, name);
    return value_is_null(value) ? text
                                : arena_print(arena, "%s%s%s is %s", text,
                                              *text != '\0' ? " and " : " whose ", name,
                                              body_show(arena, row, value));
}

/* The arguments of the search, for messages: ` whose a is "x" and b is "y"`. */
static const char *show_search(const struct reading *reading)
{
    const char *text =
        reading->key != NULL ? add_argument(reading, "", reading->key) : "";
    const char *const *filter = reading->source->table->filters;
    for (; filter != NULL && *filter != NULL; filter++)
        text = add_argument(reading, text, *filter);
    return text;
}

/* Reads the only object in the list. */
static int search(struct reading *reading, const struct value **out)
{
    struct arena *arena = reading->call->arena;
    const char *noun = reading->source->object.table->noun;
    const struct list_place *place;
    if (walk(reading, &place) < 0)
        return -1;
    const struct path *path =
        reading->key != NULL ? path_attribute(arena, PATH_NONE, reading->key) : PATH_NONE;
    const char *list_id = resource_fill(arena, place->list_id, reading->config);
    if (reading->second != NULL)
        return diags_error(
            reading->diags, path, arena_print(arena, "More than one %s found", noun),
            "The list %s contains several %ss%s:\n\n  %s\n  %s\n\nWhat to do: "
            "Set the ID, or add arguments, so that only one matches.",
            list_id, noun, show_search(reading), reading->first, reading->second);
    if (reading->count == 0)
        return diags_error(
            reading->diags, path, arena_print(arena, "No %s found", noun),
            "The list %s contains no %s%s, or the credential has no role to "
            "read it.\n\nWhat to do: Check the arguments, and the roles of "
            "the credential.",
            list_id, noun, show_search(reading));
    *out = reading->found[0];
    return 0;
}

static int read_one(struct reading *reading, const struct value *config,
                    const struct value **out)
{
    struct arena *arena = reading->call->arena;
    const struct data_source *source = reading->source;
    const struct data_source_table *table = source->table;
    const char *id_name = resource_id_attribute(&source->object);
    const char *template = OR(table->id, source->object.table->id);
    const char *id = NULL;
    const struct value *state;
    if (reading->key != NULL && id_name != NULL && text_equal(reading->key, id_name))
        id = text_of(reading, id_name);
    else if (reading->key == NULL && table->lists == NULL && template != NULL)
        id = resource_fill(arena, template, reading->config);
    else if (table->keys != NULL && table->id != NULL)
        id = resource_fill(arena, table->id, reading->config);
    if (table->lists == NULL && id == NULL)
        return diags_error(reading->diags, PATH_NONE, "Missing arguments",
                           "The arguments do not say what to look up.");
    if (id == NULL) {
        if (search(reading, out) < 0)
            return -1;
        if (table->keys != NULL && table->id != NULL)
            id = resource_fill(arena, table->id, *out);
    }
    if (id != NULL) {
        if (engine_lookup(reading->call, &source->object, reading->session, id, &state,
                          reading->diags) < 0)
            return -1;
        *out = copy_rows(reading, state);
    }
    /* Configured values stay as they are written. */
    for (const struct attribute *row = table->attributes; row->name != NULL; row++) {
        const struct value *written = value_get(arena, config, row->name);
        if (value_is_null(written) && value_is_null(value_get(arena, *out, row->name)))
            written = value_get(arena, reading->config, row->name);
        if (!value_is_null(written))
            *out = value_with(arena, *out, row->name, written);
    }
    return 0;
}

int engine_fill_data(struct call *call, const struct data_source *source,
                     struct session *session, const struct value *config,
                     const struct value **out, struct diags *diags)
{
    const struct reading reading = {
        .call = call, .source = source, .session = session, .diags = diags
    };
    const struct looking_up what = { source->table->attributes, config, false, "read" };
    struct service *service;
    /* Without a session, nothing fills in what the configuration omits. */
    if (session == NULL)
        return operation_find_service(call, &source->object, session, &service, diags);
    *out = fill_defaults(&reading, config);
    int64_t until_ms = call_shorten(call, DATA_READ_TIME_S * 1000);
    int result = looked_up_fill(call, &source->object, session, &what, out, diags);
    call->deadline_ms = until_ms;
    return result;
}

int engine_read_data(struct call *call, const struct data_source *source,
                     struct session *session, const struct value *config,
                     const struct value **out, struct diags *diags)
{
    const struct data_source_table *table = source->table;
    struct reading reading = {
        .call = call, .source = source, .session = session, .diags = diags
    };
    if (engine_fill_data(call, source, session, config, &reading.config, diags) < 0)
        return -1;
    reading.rows = data_own_rows(table);
    reading.type = schema_rows_type(call->arena, reading.rows);
    const char *const *key = table->keys;
    for (; key != NULL && *key != NULL; key++) {
        if (!value_is_null(value_get(call->arena, config, *key)))
            reading.key = *key;
    }
    reading.places = json_object();
    int result =
        table->items != NULL ? read_many(&reading, out) : read_one(&reading, config, out);
    json_decref(reading.places);
    free((void *)reading.found);
    return result;
}

int engine_walk_part(struct call *call, const struct data_source *source,
                     struct session *session, const struct value *config, int status,
                     engine_listed_fn *each, void *state, enum engine_part *end,
                     struct diags *diags)
{
    struct reading reading = { .call = call,
                               .source = source,
                               .session = session,
                               .config = config,
                               .diags = diags };
    const struct list_place *place;
    *end = PART_WHOLE;
    return walk_as(
        &reading,
        (struct engine_walk){
            .each = each, .state = state, .tolerated_status = status, .end = end },
        &place);
}
