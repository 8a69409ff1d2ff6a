/* Reads the blocks of the services other than public Azure.
 * SPDX-License-Identifier: MPL-2.0 */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "configure/internal.h"

#define OF_SERVICE(member) .offset = offsetof(struct service_config, member)

static const struct place service_places[] = {
    { "active_directory_authority_host", OF_SERVICE(auth.authority) },
    { "audience", OF_SERVICE(audience) },
    { "ca_bundle", OF_SERVICE(ca_bundle) },
    { "subscription_id", OF_SERVICE(account_id) },
    { "tenant_id", OF_SERVICE(auth.tenant_id), .is_trimmed = true },
    { "client_id", OF_SERVICE(auth.client_id) },
    { "client_id_file_path", OF_SERVICE(auth.client_id_file_path) },
    { "client_secret", OF_SERVICE(auth.client_secret) },
    { "client_secret_file_path", OF_SERVICE(auth.client_secret_file_path) },
    { "client_certificate", OF_SERVICE(auth.client_certificate) },
    { "client_certificate_path", OF_SERVICE(auth.client_certificate_path) },
    { "client_certificate_password", OF_SERVICE(auth.client_certificate_password) },
    { "refresh_token", OF_SERVICE(auth.refresh_token) },
    { "use_oidc", OF_SERVICE(auth.uses_oidc) },
    { "oidc_token", OF_SERVICE(auth.oidc_token) },
    { "oidc_token_file_path", OF_SERVICE(auth.oidc_token_file_path) },
    { "use_msi", OF_SERVICE(auth.uses_msi) },
    { "use_cli", OF_SERVICE(auth.uses_cli) },
    { 0 },
};

/* A secret or a certificate is not used for another identity, or with another way to sign in. False:
 * there was none. */
static bool drop_proofs(struct auth_config *auth)
{
    bool had_one = auth->client_secret != NULL || auth->client_secret_file_path != NULL ||
                   auth->client_certificate != NULL ||
                   auth->client_certificate_path != NULL;
    auth->client_secret = auth->client_secret_file_path = NULL;
    auth->client_certificate = auth->client_certificate_path = NULL;
    auth->client_certificate_password = NULL;
    return had_one;
}

/* By the block or by a variable that is used. */
static bool is_set(const struct setting *setting)
{
    return setting->block != NULL || setting_is_from_variable(setting);
}

/* NULL: it is not set, or the block has no such argument. */
static const struct setting *find_set(const struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *one = &settings->items[i];
        if (text_equal(one->row->name, name))
            return is_set(one) ? one : NULL;
    }
    return NULL;
}

/* The block or a variable selects a way to sign in. `only_block`: variables do not count. */
static bool chooses(const struct settings *settings, bool only_block)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *one = &settings->items[i];
        const struct attribute *row = one->row;
        if ((row->flags & CHOOSES) == 0 || !is_set(one) ||
            (only_block && one->block == NULL))
            continue;
        const char *text =
            row->type == &type_string ? settings_text(settings, row->name) : NULL;
        if (row->type == &type_bool ? settings_is_on(settings, row->name)
                                    : text != NULL && *text != '\0')
            return true;
    }
    return false;
}

/* The names of the arguments that both this block and the provider block have. */
static const struct auth_name *name_arguments(struct arena *texts,
                                              const struct attribute *usual,
                                              const struct settings *settings,
                                              const char *block)
{
    struct auth_name *names = arena_take_many(texts, settings->count + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < settings->count; i++) {
        const struct attribute *row = settings->items[i].row;
        const struct attribute *other = schema_find(usual, row->name);
        if (other == NULL || other->env == NULL || row->env == NULL)
            continue;
        names[count++] = (struct auth_name){
            arena_print(texts, "%s (%s)", row->name, other->env[0]),
            arena_print(texts, "%s in the block %s (%s)", row->name, block, row->env[0]),
        };
    }
    return names;
}

/* Applies one block to `out`, which has the inherited values. `usual`: the rows of the provider
 * block. `is_elsewhere`: the variables are of another host, such as another hub. Their credential
 * may be the same, but an AD FS must not receive that of another one. */
static void read_block(struct arena *texts, const struct attribute *usual,
                       const struct settings *settings, const char *block,
                       bool is_elsewhere, struct service_config *out)
{
    out->auth.tenant_id = NULL;
    out->auth.names.tenant = arena_print(texts, "tenant_id in the block %s (%s)", block,
                                         settings_row(settings, "tenant_id")->env[0]);
    const char *id = out->auth.client_id;
    bool is_another =
        find_set(settings, "client_id_file_path") != NULL ||
        (find_set(settings, "client_id") != NULL &&
         (id == NULL || !settings_is_same(settings_text(settings, "client_id"), id)));
    if (is_another)
        out->auth.client_id = out->auth.client_id_file_path = NULL;
    if (is_another || chooses(settings, false)) {
        out->auth.has_others_proof |= drop_proofs(&out->auth);
        out->auth.names.arguments = name_arguments(texts, usual, settings, block);
    }
    out->auth.unused_variables = arena_print(texts, "%s%s", out->auth.unused_variables,
                                             settings_unused(texts, settings));
    out->auth.has_others_proof |= settings_have_others_proof(settings);
    if (chooses(settings, false))
        out->auth.uses_oidc = out->auth.uses_aks_workload_identity = out->auth.uses_msi =
            out->auth.has_others_proof = false;
    for (const struct place *place = service_places; place->name != NULL; place++) {
        if (find_set(settings, place->name) != NULL)
            place_put(texts, settings, place, out);
    }
    out->has_own_proof |= chooses(settings, is_elsewhere);
    const char *host = out->auth.authority != NULL ? "active_directory_authority_host"
                                                   : out->endpoint_name;
    out->auth.names.cloud =
        arena_print(texts, "%s and audience in the block %s",
                    out->publishes_sign_in
                        ? arena_print(texts, "%s in the block %s", host, out->block)
                        : "environment in the provider block",
                    block);
}

/* The login service belongs to a host, and the environment names another one than the block. */
static bool is_elsewhere(const struct service_table *table,
                         const struct settings *settings)
{
    return table->publishes_sign_in &&
           settings_differ(
               settings,
               settings_row(settings, "active_directory_authority_host")->given_with);
}

/* If the host of another row begins with the rule's label: the same address with the other label.
 * Else NULL. */
static const char *derive_endpoint(struct arena *texts,
                                   const struct derived_endpoint *rule,
                                   const struct settings *settings)
{
    static const char scheme[] = "https://";
    const char *from = rule != NULL ? settings_text(settings, rule->from) : NULL;
    if (from == NULL || !text_starts_ignoring_case(from, scheme) ||
        !text_starts_ignoring_case(from + strlen(scheme), rule->label))
        return NULL;
    return arena_print(texts, "%s%s%s", scheme, rule->instead,
                       from + strlen(scheme) + strlen(rule->label));
}

static bool is_any_set(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (is_set(&settings->items[i]))
            return true;
    }
    return false;
}

static const char *endpoint_of_cloud(const struct cloud_endpoint *one,
                                     const char *environment)
{
    while (one != NULL && one->environment != NULL &&
           !text_equal_ignoring_case(one->environment, environment))
        one++;
    return one != NULL ? one->endpoint : NULL;
}

static bool has_needed(const struct service_table *table, const struct settings *settings)
{
    const char *const *needed = table->needed;
    while (needed != NULL && *needed != NULL && settings_text(settings, *needed) != NULL)
        needed++;
    return needed == NULL || *needed == NULL;
}

static const char *find_endpoint(struct arena *texts, const struct service_table *table,
                                 const struct settings *settings, const char *environment)
{
    const char *name = table->endpoint != NULL ? table->endpoint : "endpoint";
    const char *text = settings_text(settings, name);
    if (!has_needed(table, settings))
        return NULL;
    if (text != NULL)
        return arena_copy_text(texts, text);
    return table->endpoints != NULL
               ? endpoint_of_cloud(table->endpoints, environment)
               : derive_endpoint(texts, table->derived_endpoint, settings);
}

/* Applies the inner block of a service. If neither the block nor a variable sets anything in it,
 * the service has no endpoint. */
static int read_inner_block(struct call *call, struct arena *texts,
                            const struct service_table *table,
                            const struct attribute *usual, const struct value *value,
                            const struct settings *outer, struct service_config *out,
                            struct diags *diags)
{
    const struct attribute *block = schema_find(usual, table->block);
    bool is_there = value->state == VALUE_KNOWN &&
                    !value_is_null(value_get(call->arena, value, table->inner_block));
    if (value_is_null(value))
        value = value_object_of_nulls(call->arena,
                                      schema_rows_type(call->arena, block->rows));
    const struct settings inner = provider_config_read_inner(
        call, block->rows, value, table->inner_block, SETTINGS_OF_ALL);
    bool is_of_another = is_elsewhere(table, outer);
    out->audience = NULL; /* each plane has its own audience */
    read_block(texts, usual, &inner,
               arena_print(texts, "%s.%s", table->block, table->inner_block),
               is_of_another, out);
    const struct setting *audience = find_set(&inner, "audience");
    if (is_of_another && audience != NULL && audience->block == NULL)
        out->audience = NULL; /* that of another hub, which must not get its tokens */
    if (!is_there && !is_any_set(&inner) && find_set(outer, table->endpoint) == NULL)
        out->endpoint = NULL;
    return settings_check(call->arena, &inner, diags);
}

static int read_service(struct call *call, struct arena *texts,
                        const struct provider_table *provider,
                        const struct configure_service *service,
                        const struct value *config, const struct session_config *session,
                        struct service_config *out, struct diags *diags)
{
    const struct service_table *table = service->table;
    const struct settings settings = provider_config_read_inner(
        call, provider->attributes, config, table->block, SETTINGS_OF_ALL);
    if (settings_check(call->arena, &settings, diags) < 0)
        return -1;
    *out = (struct service_config){
        .name = table->name,
        .dialect = service->dialect,
        .missing = table->missing,
        .block = table->block,
        .endpoint_name = table->endpoint,
        .publishes_sign_in = table->publishes_sign_in,
        .is_case_sensitive = table->ids->is_case_sensitive,
        .endpoint = find_endpoint(texts, table, &settings, session->environment),
        .audience = endpoint_of_cloud(table->endpoints, session->environment),
        .auth = session->auth
    };
    /* Everything that is needed is set, but the cloud has no address for the service. */
    if (out->endpoint == NULL && table->endpoints != NULL && has_needed(table, &settings))
        out->missing = arena_print(
            texts,
            "This resource is in %s, but its address is not known: environment \"%s\" has none."
            "\n\nWhat to do: Set endpoint in the block `%s` of the provider (%s)",
            table->label, session->environment, table->block,
            schema_find(schema_find(provider->attributes, table->block)->rows, "endpoint")
                ->env[0]);
    out->address = out->endpoint;
    /* The provider's login service is trusted, but it is not the login service of this service. */
    out->known_authority = session->auth.authority;
    if (table->publishes_sign_in)
        out->auth.authority = NULL;
    read_block(texts, provider->attributes, &settings, table->block,
               is_elsewhere(table, &settings), out);
    if (table->inner_block == NULL)
        return 0;
    return read_inner_block(call, texts, table, provider->attributes,
                            value_get(call->arena, config, table->block), &settings, out,
                            diags);
}

int provider_config_read_services(struct call *call, struct arena *texts,
                                  const struct provider_table *table,
                                  const struct configure_host *host,
                                  const struct value *config, struct session_config *out,
                                  struct diags *diags)
{
    size_t count = 0;
    while (host->services != NULL && host->services[count].table != NULL)
        count++;
    if (count == 0)
        return 0;
    assert(count < SESSION_SERVICES_MAX);
    struct service_config *services = arena_take_many(texts, count, sizeof *services);
    for (size_t i = 0; i < count; i++) {
        if (read_service(call, texts, table, &host->services[i], config, out,
                         &services[i], diags) < 0)
            return -1;
    }
    out->services = services;
    out->service_count = count;
    return 0;
}
