/* The applications of a hub. The table reads them. The code lists each permission once, under a
 * stable key, and all applications that need a service principal, and reads the ID of the hub's own
 * Resource Manager, which it returns without a token.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "data_sources/readers.h"
#include "http/retry.h"
#include "rest/json.h"
#include "http/url.h"

enum { METADATA_BYTES_MAX = 64 * 1024 };

struct reading {
    struct arena *arena;
    const struct attribute *attributes;
    json_t *principals;  /* client ID -> true */
    json_t *assignments; /* key -> [client, resource, role] */
    json_t *grants;      /* key -> {"ids": [client, resource], "claims": {name: true}} */
};

static const char *get(struct arena *arena, const struct value *object, const char *name)
{
    const char *text = value_text(value_get(arena, object, name));
    return text != NULL ? text_lower(arena, text) : "";
}

static void need_principal(struct reading *reading, const char *client_id)
{
    if (*client_id != '\0')
        json_object_set_new(reading->principals, client_id, json_true());
}

static void take_assignment(struct reading *reading, const struct value *row)
{
    struct arena *arena = reading->arena;
    const char *client = get(arena, row, "client_id"),
               *resource = get(arena, row, "resource_client_id"),
               *role = get(arena, row, "app_role_id");
    need_principal(reading, client);
    need_principal(reading, resource);
    json_object_set_new(reading->assignments,
                        arena_print(arena, "%s/%s/%s", client, resource, role),
                        json_pack("[s,s,s]", client, resource, role));
}

/* Microsoft Graph has one grant for each pair of applications. */
static void take_grant(struct reading *reading, const struct value *row)
{
    struct arena *arena = reading->arena;
    const char *client = get(arena, row, "client_id"),
               *resource = get(arena, row, "resource_client_id");
    const char *scope = value_text(value_get(arena, row, "scope"));
    const char *key = arena_print(arena, "%s/%s", client, resource);
    need_principal(reading, client);
    need_principal(reading, resource);
    json_t *grant = json_object_get(reading->grants, key);
    if (grant == NULL) {
        grant = json_pack("{s:[s,s],s:{}}", "ids", client, resource, "claims");
        json_object_set_new(reading->grants, key, grant);
    }
    while (scope != NULL && *(scope += strspn(scope, " ")) != '\0') {
        size_t length = strcspn(scope, " ");
        json_object_setn_new(json_object_get(grant, "claims"), scope, length,
                             json_true());
        scope += length;
    }
}

static void take_each(struct reading *reading, const struct value *application,
                      const char *name,
                      void (*take_one)(struct reading *, const struct value *))
{
    const struct value *rows = value_get(reading->arena, application, name);
    for (size_t i = 0; rows->state == VALUE_KNOWN && i < rows->many.count; i++)
        take_one(reading, rows->many.items[i]);
}

/* Sorted; in the arena. */
static const char **keys_of(struct arena *arena, json_t *object, size_t *count)
{
    const char **keys = arena_take_many(arena, json_object_size(object), sizeof *keys);
    const char *key;
    json_t *ignored;
    *count = 0;
    json_object_foreach(object, key, ignored) keys[(*count)++] =
        arena_copy_text(arena, key);
    text_sort(keys, *count);
    return keys;
}

static const struct value *texts_of(struct arena *arena, const struct type *type,
                                    json_t *object)
{
    size_t count;
    const char **keys = keys_of(arena, object, &count);
    return value_of_texts(arena, type, keys, count);
}

static const struct value *text_at(struct arena *arena, const json_t *array, size_t at)
{
    const char *text = json_string_value(json_array_get(array, at));
    return value_string(arena, text != NULL ? arena_copy_text(arena, text) : NULL);
}

/* The rows of `name`: the key, the IDs, and for a grant its claims. */
static const struct value *make_rows(struct reading *reading, const char *name,
                                     json_t *found)
{
    struct arena *arena = reading->arena;
    const struct attribute *row = schema_find(reading->attributes, name);
    const struct type *type = schema_rows_type(arena, row->rows);
    size_t count;
    const char **keys = keys_of(arena, found, &count);
    const struct value **items = arena_take_many(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_object_get(found, keys[i]);
        json_t *ids = json_is_array(one) ? one : json_object_get(one, "ids");
        const struct value *item = value_object_of_nulls(arena, type);
        item = value_with(arena, item, "key", value_string(arena, keys[i]));
        item = value_with(arena, item, "client_id", text_at(arena, ids, 0));
        item = value_with(arena, item, "resource_client_id", text_at(arena, ids, 1));
        items[i] = ids == one
                       ? value_with(arena, item, "app_role_id", text_at(arena, ids, 2))
                       : value_with(arena, item, "claim_values",
                                    texts_of(arena, &type_list_of_string,
                                             json_object_get(one, "claims")));
    }
    return value_many(arena, schema_attribute_type(arena, row), items, count);
}

static const struct value *gather(struct reading *reading, const struct value *object,
                                  const char *manager)
{
    struct arena *arena = reading->arena;
    const struct value *applications = value_get(arena, object, "applications");
    for (size_t i = 0; i < applications->many.count; i++) {
        const struct value *one = applications->many.items[i];
        need_principal(reading, get(arena, one, "client_id"));
        take_each(reading, one, "app_role_assignments", take_assignment);
        take_each(reading, one, "permission_grants", take_grant);
    }
    need_principal(reading, manager);
    object = value_with(arena, object, "resource_manager_client_id",
                        value_string(arena, manager));
    object = value_with(arena, object, "service_principal_client_ids",
                        texts_of(arena, &type_set_of_string, reading->principals));
    object = value_with(arena, object, "app_role_assignments",
                        make_rows(reading, "app_role_assignments", reading->assignments));
    return value_with(arena, object, "permission_grants",
                      make_rows(reading, "permission_grants", reading->grants));
}

/* ---- the hub's own Resource Manager ---------------------------------------------------------- */

static int refuse(struct diags *diags, const char *address, const char *fault)
{
    return diags_error(diags, PATH_NONE, "Cannot read the hub's application ID",
                       "%s, the hub's Resource Manager for tenants, %s.\n\nWhat to do: "
                       "Check tenant_endpoint in the block hub of the provider, and "
                       "whether this machine can connect to it.",
                       address, fault);
}

/* The ID of the Resource Manager's application, in lower case; NULL with an error. Sends no token.
 * Source: as in the table */
static const char *ask_manager(struct call *call, struct session *session,
                               const struct data_source *source, struct diags *diags)
{
    struct service *hub;
    struct error err = NO_ERROR;
    const char *address = service_address(session_find_service(session, "hub_user"));
    if (address == NULL) {
        diags_error(diags, PATH_NONE, "Missing tenant_endpoint",
                    "The provider does not know the address of the hub's Resource "
                    "Manager for tenants, because admin_endpoint does not begin with "
                    "adminmanagement.\n\nWhat to do: Set tenant_endpoint in the block "
                    "hub of the provider.");
        return NULL;
    }
    if (session_service(session, call, source->object.table->service->name, &hub, &err) <
        0)
        return refuse(diags, address, err.text), NULL;
    const char *url =
        arena_print(call->arena, "%.*s/metadata/identity?api-version=2015-01-01",
                    (int)http_origin_length(address), address);
    auto_http_reply reply = NULL;
    if (http_get_json(service_client(hub)->transport, call, url, METADATA_BYTES_MAX,
                      &reply, &err) < 0)
        return refuse(diags, address,
                      arena_print(call->arena, "does not respond: %s", err.text)),
               NULL;
    json_t *body = reply->status == 200 ? rest_json_parse_object(reply->body) : NULL;
    const char *id = json_string_value(json_object_get(body, "applicationId"));
    id = text_is_guid(id) ? text_lower(call->arena, id) : NULL;
    json_decref(body);
    if (id == NULL)
        refuse(diags, address,
               arena_print(call->arena, "returned status %d without its application ID",
                           reply->status));
    return id;
}

int data_hub_applications(struct call *call, const struct data_source *source,
                          struct session *session, const struct value *config,
                          const struct value **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct value *object;
    if (engine_read_data(call, source, session, config, &object, diags) < 0)
        return -1;
    int64_t until_ms =
        call_shorten(call, (int64_t)source->object.table->timeouts.read_s * 1000);
    const char *manager = ask_manager(call, session, source, diags);
    call->deadline_ms = until_ms;
    if (manager == NULL)
        return -1;
    struct reading reading = { arena, source->table->attributes, json_object(),
                               json_object(), json_object() };
    *out = gather(&reading, object, manager);
    json_decref(reading.principals);
    json_decref(reading.assignments);
    json_decref(reading.grants);
    return 0;
}
