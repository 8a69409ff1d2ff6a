/* The health of each directory, from the answer to a POST. A table cannot describe that.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "data_sources/readers.h"
#include "schema/hub.h"

static const char *text_of(struct arena *arena, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? arena_copy_text(arena, text) : NULL;
}

static bool is_healthy(const json_t *object)
{
    return text_equal_ignoring_case(json_string_value(json_object_get(object, "status")),
                                    "Healthy");
}

static const struct value *find_unhealthy(struct arena *arena, const json_t *directory)
{
    const json_t *applications = json_object_get(directory, "applications");
    size_t room = json_array_size(applications), count = 0;
    const char **found = arena_take_many(arena, room, sizeof *found);
    for (size_t i = 0; i < room; i++) {
        const json_t *application = json_array_get(applications, i);
        const char *id = text_of(arena, application, "appId");
        if (id != NULL && !is_healthy(application))
            found[count++] = text_lower(arena, id);
    }
    return value_of_texts(arena, &type_list_of_string, found, count);
}

static const struct value *make_row(struct arena *arena, const struct type *type,
                                    const json_t *directory)
{
    const struct value *row = value_object_of_nulls(arena, type);
    const char *id = text_of(arena, directory, "tenantId");
    row = value_with(arena, row, "tenant_id",
                     value_string(arena, id != NULL ? text_lower(arena, id) : NULL));
    row = value_with(arena, row, "name",
                     value_string(arena, text_of(arena, directory, "tenantName")));
    row = value_with(arena, row, "status",
                     value_string(arena, text_of(arena, directory, "status")));
    return value_with(arena, row, "unhealthy_client_ids",
                      find_unhealthy(arena, directory));
}

static int by_attribute(const void *a, const void *b, const char *name)
{
    /* Reading an attribute of a known object allocates nothing. */
    struct arena *none = NULL;
    const char *one = value_text(value_get(none, *(const struct value *const *)a, name));
    const char *other =
        value_text(value_get(none, *(const struct value *const *)b, name));
    return strcmp(one != NULL ? one : "", other != NULL ? other : "");
}

/* A directory can be registered under several of its domains. */
static int by_tenant(const void *a, const void *b)
{
    int order = by_attribute(a, b, "tenant_id");
    return order != 0 ? order : by_attribute(a, b, "name");
}

static int badness(const char *status)
{
    return text_equal_ignoring_case(status, "Healthy")     ? 0
           : text_equal_ignoring_case(status, "Unhealthy") ? 2
                                                           : 1;
}

/* Fills in the object, except `id`, from the hub's report. */
static int read_report(struct arena *arena, const struct data_source *source,
                       const json_t *report, const struct value **object,
                       struct diags *diags)
{
    const struct attribute *rows = schema_find(source->table->attributes, "directories");
    const struct type *type = schema_rows_type(arena, rows->rows);
    const char *wanted = value_text(value_get(arena, *object, "tenant_id"));
    const char *status = text_of(arena, report, "status");
    const json_t *directories = json_object_get(report, "directoryTenants");
    /* Without them, no directory would look unhealthy. */
    if (!json_is_array(directories))
        return diags_error(diags, PATH_NONE, "Cannot check identity health",
                           "The hub's identity health report does not contain the "
                           "directories.\n\nWhat to do: Run again later.");
    size_t room = json_array_size(directories), count = 0;
    const struct value **found = arena_take_many(arena, room, sizeof *found);
    for (size_t i = 0; i < room; i++) {
        const struct value *row = make_row(arena, type, json_array_get(directories, i));
        const char *id = value_text(value_get(arena, row, "tenant_id"));
        if (wanted != NULL && !text_equal_ignoring_case(id, wanted))
            continue;
        const char *own = value_text(value_get(arena, row, "status"));
        if (wanted != NULL && (count == 0 || badness(own) > badness(status)))
            status = own;
        found[count++] = row;
    }
    if (wanted != NULL && count == 0)
        return diags_error(diags, path_attribute(arena, PATH_NONE, "tenant_id"),
                           "Directory not found",
                           "The hub's identity health report does not contain directory "
                           "%s.\n\nWhat to do: Check the ID. If the directory is not "
                           "registered, register it with azurestack_directory_tenant.",
                           wanted);
    qsort((void *)found, count, sizeof *found, by_tenant);
    *object = value_with(arena, *object, "status", value_string(arena, status));
    *object = value_with(arena, *object, "reported_at",
                         value_string(arena, text_of(arena, report, "reportEndTimeUtc")));
    *object =
        value_with(arena, *object, "directories",
                   value_many(arena, schema_attribute_type(arena, rows), found, count));
    return 0;
}

int data_identity_health(struct call *call, const struct data_source *source,
                         struct session *session, const struct value *config,
                         const struct value **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct value *object;
    if (engine_fill_data(call, source, session, config, &object, diags) < 0)
        return -1;
    const char *account =
        value_text(value_get(arena, object, "administrator_subscription_id"));
    const char *id = arena_print(arena, "/subscriptions/%s", account);
    const struct engine_action question = {
        .id = arena_print(arena, "%s/providers/Microsoft.Subscriptions.Admin", id),
        .action = "checkIdentityHealth",
        .api_version = HUB_HEALTH_VERSIONS,
        .act = "check",
    };
    json_t *report = NULL;
    if (engine_call_action(call, &source->object, session, &question, &report, diags) < 0)
        return -1;
    object = value_with(arena, object, "id", value_string(arena, id));
    int result = read_report(arena, source, report, &object, diags);
    json_decref(report);
    *out = object;
    return result;
}
