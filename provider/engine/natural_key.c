/* Objects whose IDs the service makes: found by what a person gave them, as long as nobody knows
 * the ID. Asked anew each time, and of the whole list: what was seen earlier proves nothing
 * about a request whose answer was lost.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/internal.h"

struct search {
    struct operation *operation;
    json_t *found;
    bool is_ambiguous;
};

static bool is_wanted(struct operation *operation, const json_t *object)
{
    struct arena *arena = operation->call->arena;
    const struct resource *resource = operation->resource;
    const struct value *value =
        body_to_value(resource, arena, object, BODY_WHOLE,
                      value_object_of_nulls(arena, resource->type));
    for (const char *const *name = resource->table->natural_key; *name != NULL; name++) {
        const struct attribute *row = schema_find(resource->table->attributes, *name);
        if (!compare_attribute(row, value_get(arena, operation->planned, *name),
                               value_get(arena, value, *name)))
            return false;
    }
    return true;
}

static int take_page(void *state, const json_t *objects, struct error *err)
{
    struct search *search = state;
    const json_t *object;
    size_t i;
    (void)err;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        if (!is_wanted(search->operation, object))
            continue;
        search->is_ambiguous = search->found != NULL;
        if (search->is_ambiguous)
            return 1;
        search->found = json_incref((json_t *)(uintptr_t)object);
    }
    return 0;
}

const char *natural_key_show(struct operation *operation)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const char *text = "";
    for (const char *const *name = table->natural_key; name != NULL && *name != NULL;
         name++)
        text = arena_print(arena, "%s%s%s = %s", text, *text != '\0' ? ", " : "", *name,
                           body_show(arena, schema_find(table->attributes, *name),
                                     value_get(arena, operation->planned, *name)));
    return text;
}

void natural_key_look(struct operation *operation, struct look *out)
{
    struct search search = { .operation = operation };
    struct arm_failure failure = { 0 };
    const struct arm_list list = {
        .id = operation->list_id,
        .api_version = api_version_of(operation->resource, operation->session),
        .failure = &failure,
    };
    *out = (struct look){ .presence = UNKNOWN_FOR_NOW };
    int result =
        arm_list(operation->call, operation->arm, &list, take_page, &search, &out->err);
    arm_failure_clear(&failure);
    const char *id = search.found != NULL
                         ? resource_listed_id(operation, search.found, operation->planned)
                         : NULL;
    if (result < 0) {
        json_decref(search.found);
    } else if (search.is_ambiguous) {
        json_decref(search.found);
        error_set(&out->err, ERR_REFUSED, "the list has several objects with %s",
                  natural_key_show(operation));
    } else if (search.found == NULL) {
        out->presence = ABSENT;
        out->reply = memory_new(sizeof *out->reply);
        out->reply->status = 404;
        out->reply->failure.code = memory_copy_text("");
        out->reply->failure.message = memory_copy_text("");
    } else if (id == NULL || operation_rename(operation, id) < 0) {
        json_decref(search.found);
        error_set(&out->err, ERR_SHAPE, "the list shows an object without its ID");
    } else {
        out->presence = PRESENT;
        out->reply = memory_new(sizeof *out->reply);
        out->reply->status = 200;
        out->reply->body = search.found;
    }
}
