/* Configures as the provider block and the environment of an act say, and shows what a session would
 * be made of.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>
#include <unistd.h>

#include "configure/provider_config.h"
#include "exchanges/player.h"
#include "registry.h"
#include "schema/tables.h"
#include "support/engine_json.h"

static const struct configure_host host = { .services = registry_services,
                                            .provider_version = "0.1.0",
                                            .terraform_version = "1.11.4" };
static struct session *const untouched = (struct session *)(uintptr_t)8;

void run_set_environment(const struct script_act *act)
{
    const char *name;
    json_t *text;
    clearenv();
    setenv("PATH", "/usr/bin:/bin", 1);
    json_object_foreach((json_t *)act->variables, name, text)
        setenv(name, json_string_value(text), 1);
}

static const struct value *read_provider(struct run *run, const struct script_act *act)
{
    const char *fault = "";
    const struct type *type = schema_rows_type(run->arena, provider_table.attributes);
    if (act->provider == NULL)
        return value_object_of_nulls(run->arena, type);
    const struct value *block =
        engine_json_to_value(run->arena, type, act->provider, &fault);
    if (block == NULL)
        run_fail(run, "line %d: the provider block: %s", act->line, fault);
    return block;
}

int run_read_provider(struct run *run, const struct script_act *act, struct call *call,
                      struct session_config *out)
{
    const struct value *block = read_provider(run, act);
    if (block == NULL)
        return -1;
    bool is_read = configure_validate(call, &provider_table, block, &run->diags) == 0 &&
                   provider_config_read(call, run->arena, &provider_table, &host, block,
                                        out, &run->diags) == 0;
    if (is_read == diags_have_error(&run->diags))
        run_fail(run, "line %d: the block is read %s", act->line,
                 is_read ? "in spite of an error" : "no further, without an error");
    return is_read ? 0 : -1;
}

/* ---- what is shown ------------------------------------------------------------------------ */

static void add_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        json_object_set_new(object, name, json_string(text));
}

static void add_flag(json_t *object, const char *name, bool is_on)
{
    if (is_on)
        json_object_set_new(object, name, json_true());
}

/* What is set of it, by the names of the provider block. */
static json_t *show_auth(const struct auth_config *auth)
{
    json_t *out = json_object();
    add_text(out, "authority", auth->authority);
    add_text(out, "tenant_id", auth->tenant_id);
    add_text(out, "client_id", auth->client_id);
    add_text(out, "client_id_file_path", auth->client_id_file_path);
    add_text(out, "client_secret", auth->client_secret);
    add_text(out, "client_secret_file_path", auth->client_secret_file_path);
    add_text(out, "client_certificate", auth->client_certificate);
    add_text(out, "client_certificate_path", auth->client_certificate_path);
    add_text(out, "client_certificate_password", auth->client_certificate_password);
    add_text(out, "refresh_token", auth->refresh_token);
    add_flag(out, "use_oidc", auth->uses_oidc);
    add_text(out, "oidc_token", auth->oidc_token);
    add_text(out, "oidc_token_file_path", auth->oidc_token_file_path);
    add_text(out, "oidc_request_token", auth->oidc_request_token);
    add_text(out, "oidc_request_url", auth->oidc_request_url);
    add_text(out, "ado_pipeline_service_connection_id",
             auth->ado_pipeline_service_connection_id);
    add_flag(out, "use_aks_workload_identity", auth->uses_aks_workload_identity);
    add_flag(out, "use_msi", auth->uses_msi);
    add_text(out, "msi_endpoint", auth->msi_endpoint);
    add_text(out, "msi_api_version", auth->msi_api_version);
    add_flag(out, "no_cli", !auth->uses_cli);
    return out;
}

static json_t *show_service(struct run *run, const struct service_config *service)
{
    json_t *out = show_auth(&service->auth);
    json_object_del(out, "no_cli");
    add_text(out, "endpoint", service->endpoint);
    add_text(out, "audience", service->audience);
    add_flag(out, "own_proof", service->has_own_proof);
    add_flag(out, "publishes_sign_in", service->publishes_sign_in);
    if (service->missing == NULL || service->is_case_sensitive)
        run_fail(run, "%s: a service of this registry has another form", service->name);
    return out;
}

static json_t *show(struct run *run, const struct session_config *config)
{
    json_t *out = json_object(), *tenants = json_array();
    json_object_set_new(out, "sign_in", show_auth(&config->auth));
    const char *const *unused = &config->auth.unused_variables;
    if (*unused != NULL && **unused != '\0')
        json_object_set_new(out, "unused", json_string(*unused));
    add_text(out, "environment", config->environment);
    add_text(out, "ca_bundle", config->ca_bundle);
    add_text(out, "api_version", config->api_version);
    add_text(out, "metadata_host", config->metadata_host);
    add_text(out, "custom_correlation_request_id", config->correlation_id);
    add_flag(out, "no_correlation_id", config->has_no_correlation_id);
    add_flag(out, "no_shared_reads", config->has_own_reads);
    add_flag(out, "no_destroy_warning", config->has_no_destroy_warning);
    add_flag(out, "destroy_lock_check", config->checks_locks);
    add_flag(out, "plan_checks_required", config->requires_plan_checks);
    add_text(out, "resource_manager_endpoint", config->resource_manager_endpoint);
    add_text(out, "resource_manager_audience", config->resource_manager_audience);
    add_text(out, "subscription_id", config->subscription_id);
    add_text(out, "user_agent", config->user_agent);
    add_text(out, "proxy.url", config->proxy.url);
    add_text(out, "proxy.username", config->proxy.username);
    add_text(out, "proxy.password", config->proxy.password);
    for (size_t i = 0;
         i < SESSION_AUXILIARY_MAX && config->auxiliary_tenant_ids[i] != NULL; i++)
        json_array_append_new(tenants, json_string(config->auxiliary_tenant_ids[i]));
    if (json_array_size(tenants) > 0)
        json_object_set(out, "auxiliary_tenant_ids", tenants);
    json_decref(tenants);
    for (size_t i = 0; i < config->service_count; i++)
        json_object_set_new(out, config->services[i].name,
                            show_service(run, &config->services[i]));
    return out;
}

/* ---- the act ------------------------------------------------------------------------------ */

/* Each member of the script's is what there is; null: it is not there. */
static void compare(struct run *run, const struct script_act *act, const json_t *have)
{
    const char *name;
    json_t *want;
    json_object_foreach((json_t *)act->configured, name, want)
    {
        json_t *found = json_object_get(have, name);
        const char *part = json_string_value(want), *whole = json_string_value(found);
        /* Of the sentences about variables, a part. */
        bool is_part = strcmp(name, "unused") == 0 && part != NULL && whole != NULL &&
                       strstr(whole, part) != NULL;
        if (!is_part && (json_is_null(want) ? found != NULL : !json_equal(found, want)))
            run_fail(run, "line %d: %s is %s", act->line, name,
                     model_show(run->arena, json_pack("[O?]", found)));
    }
}

/* What a session would be made of, which borrows nothing of the call. None is made: files and
 * addresses may be made up. */
static void act_show(struct run *run, const struct script_act *act)
{
    struct session_config config;
    struct call *call = run_call(run);
    int result = run_read_provider(run, act, call, &config);
    if (run->diags.first == NULL) { /* else they are in its arena */
        call_clear(call);
        call_init(call, run->stop);
        diags_init(&run->diags, call->arena);
    }
    for (char **one = environ; *one != NULL; one++) /* nor of the environment */
        memset(*one, '!', strlen(*one));
    clearenv();
    if (result < 0)
        return;
    json_t *have = show(run, &config);
    compare(run, act, have);
    json_decref(have);
}

void run_configure(struct run *run, const struct script_act *act)
{
    struct session *session = untouched;
    const struct value *block = read_provider(run, act);
    run_set_environment(act);
    if (json_object_size(act->configured) > 0) {
        act_show(run, act);
        return;
    }
    if (block == NULL)
        return;
    int result = configure_session(run_call(run), &provider_table, &host, block, &session,
                                   &run->diags);
    if (result != (diags_have_error(&run->diags) ? -1 : 0) ||
        (session == untouched) != (result < 0))
        run_fail(run, "line %d: configure returned %d, which is not what is there",
                 act->line, result);
    if (result == 0 && (session != NULL) != json_is_object(act->configured))
        run_fail(run, "line %d: there is %s session", act->line,
                 session != NULL ? "a" : "no");
    if (result == 0)
        session_free(session);
}

/* Addresses with a blank between them; they begin with https:// where they have no scheme. */
static void check_route(struct run *run, const struct script_act *act,
                        struct http_transport *transport, const char *route,
                        const char *urls)
{
    char *rest = arena_copy_text(run->arena, urls), *one;
    while ((one = strsep(&rest, " ")) != NULL) {
        const char *scheme = strstr(one, "://") != NULL ? "" : "https://";
        const char *url = arena_print(run->arena, "%s%s/", scheme, one);
        const char *have = http_curl_route(transport, run->arena, url);
        if (strcmp(have, route) != 0)
            run_fail(run, "line %d: %s is asked %s", act->line, url, have);
    }
}

void run_route(struct run *run, const struct script_act *act)
{
    const char *route;
    json_t *urls;
    struct session_config config;
    struct http_transport *transport;
    run_set_environment(act);
    if (run_read_provider(run, act, run_call(run), &config) < 0)
        return;
    const struct http_curl_options options = { .proxy = config.proxy,
                                               .user_agent = "exchanges/1" };
    run->err = NO_ERROR;
    if (http_curl_new(&options, &transport, &run->err) < 0) {
        run_check_refusal(run, act);
        return;
    }
    if (act->routes == NULL)
        run_fail(run, "line %d: there is a route, and it does not say which", act->line);
    json_object_foreach((json_t *)act->routes, route, urls)
        check_route(run, act, transport, route, json_string_value(urls));
    http_transport_free(transport);
}
