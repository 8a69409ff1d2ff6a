/* The back door, and the configuration. The table at the end is the list of operations;
 * README.md shows them from a shell.
 * SPDX-License-Identifier: MPL-2.0 */
#include "control.h"

#include <stdlib.h>
#include <string.h>
#include <event2/buffer.h>

#include "arm.h"
#include "control_sign_in.h"
#include "customers.h"
#include "fault.h"
#include "log.h"
#include "oidc.h"
#include "proof.h"
#include "server.h"
#include "store.h"
#include "switches.h"
#include "text.h"
#include "tokens.h"

static json_t *initial; /* the configuration as given */

/* --- configuration ------------------------------------------------------------------------ */

static char *set_switches(json_t *values)
{
    const char *name;
    json_t *value;
    if (!json_is_object(values))
        return text_copy("switches is an object");
    json_object_foreach(values, name, value)
    {
        char *wrong = switch_set(name, value);
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

static char *go_to_initial(void)
{
    const char *name;
    json_t *value;
    switches_reset();
    json_object_foreach(initial, name, value)
    {
        char *wrong = NULL;
        if (strcmp(name, "switches") == 0)
            wrong = set_switches(value);
        else if (switch_exists(name))
            wrong = switch_set(name, value);
        else if (
            !text_is_one_of(
                name,
                "applications|identities|jobs|registrations|subscriptions|mappings|faults"))
            wrong = text_format("the configuration has no member %s", name);
        if (wrong != NULL)
            return wrong;
    }
    json_t *script = json_object_get(initial, "faults");
    json_t *none = json_array();
    char *wrong = faults_set(script ? script : none);
    json_decref(none);
    tokens_forget_all();
    oidc_forget_all();
    proof_forget_all();
    operations_forget_all();
    arm_reset();
    return wrong ? wrong : store_reset(initial);
}

char *control_configure(json_t *config)
{
    json_decref(initial);
    initial = json_deep_copy(config);
    return json_is_object(initial) ? go_to_initial() : text_copy("it is not an object");
}

void control_stop(void)
{
    json_decref(initial);
    initial = NULL;
}

/* --- operations --------------------------------------------------------------------------- */

static json_t *done(void)
{
    return json_object();
}

static json_t *map(json_t *body, char **wrong)
{
    const char *id = json_string_value(json_object_get(body, "id"));
    const char *tenant = json_string_value(json_object_get(body, "tenant_id"));
    *wrong = id ? mapping_force(id, tenant) : text_copy("map needs id");
    return done();
}

static json_t *unmap(json_t *body, char **wrong)
{
    const char *id = json_string_value(json_object_get(body, "id"));
    if (id == NULL || mapping_drop(id) == 0)
        *wrong = text_format("there is no mapping %s", id ? id : "without id");
    return done();
}

static json_t *set_registration(json_t *body, char **wrong)
{
    *wrong = store_set_registration(body);
    return done();
}

static json_t *forget_registration(json_t *body, char **wrong)
{
    if (!store_forget_registration(body))
        *wrong = text_copy("there is no such registration");
    return done();
}

static json_t *set_subscription(json_t *body, char **wrong)
{
    *wrong = store_set_subscription(body);
    return done();
}

static json_t *set_application(json_t *body, char **wrong)
{
    *wrong = store_set_application(body);
    return done();
}

static json_t *change_switches(json_t *body, char **wrong)
{
    *wrong = set_switches(body);
    /* What a listener shows concerns new connections; the old ones must not hide it. */
    if (*wrong == NULL && json_object_get(body, "tls"))
        server_disconnect_all();
    if (*wrong == NULL && json_object_get(body, "write_bucket_size"))
        arm_reset();
    return switches_values();
}

static json_t *change_faults(json_t *body, char **wrong)
{
    *wrong = faults_set(body);
    return *wrong ? done() : faults_dump();
}

static json_t *reset(json_t *body, char **wrong)
{
    bool was_tls_ok = switch_is("tls", "ok");
    (void)body;
    *wrong = go_to_initial();
    if (!was_tls_ok)
        server_disconnect_all();
    return done();
}

static json_t *revoke_tokens(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    tokens_revoke_all();
    return done();
}

static json_t *disconnect(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    server_disconnect_all();
    return done();
}

static json_t *refuse(json_t *body, char **wrong)
{
    json_t *ms = json_object_get(body, "ms");
    if (json_is_integer(ms) && json_integer_value(ms) >= 0)
        server_refuse((long)json_integer_value(ms));
    else
        *wrong = text_copy("refuse needs ms");
    return done();
}

static json_t *show_mappings(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return mappings_dump();
}

static json_t *show_registrations(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return json_deep_copy(store_registrations());
}

static json_t *show_switches(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return switches_describe();
}

static json_t *show_faults(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return faults_dump();
}

static json_t *show_tokens(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return tokens_dump();
}

static json_t *show_log(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return json_pack("{s:I}", "n", (json_int_t)log_position(requests_log));
}

/* The tenant that a customer subscription belongs to: POST {"subscription_id"}. */
static json_t *show_tenant(json_t *body, char **wrong)
{
    char tenant[GUID_SIZE] = "";
    const char *id = json_string_value(json_object_get(body, "subscription_id"));
    if (id)
        subscription_tenant(id, tenant);
    else
        *wrong = text_copy("tenant needs subscription_id");
    return json_pack("{s:s}", "tenant_id", tenant);
}

static const struct {
    enum evhttp_cmd_type method;
    const char *name;
    operation_fn *run;
    const char *doc; /* for POST beginning with what the body holds */
} operations[] = {
    { EVHTTP_REQ_GET, "mappings", show_mappings, "who is mapped where" },
    { EVHTTP_REQ_GET, "registrations", show_registrations, "the registrations" },
    { EVHTTP_REQ_GET, "switches", show_switches,
      "the switches, their values and what they mean" },
    { EVHTTP_REQ_GET, "faults", show_faults,
      "the fault script, and how many requests of each kind came" },
    { EVHTTP_REQ_GET, "tokens", show_tokens, "the tokens issued" },
    { EVHTTP_REQ_GET, "oidc-tokens", control_show_oidc_tokens, "the OIDC tokens issued" },
    { EVHTTP_REQ_GET, "assertions", control_show_assertions,
      "the client assertions that applications presented" },
    { EVHTTP_REQ_GET, "log", show_log, "the number of the log's last line" },
    { EVHTTP_REQ_POST, "tenant", show_tenant,
      "{subscription_id}: the tenant that it belongs to" },
    { EVHTTP_REQ_POST, "map", map, "{id, tenant_id}: maps at once, displacing nobody" },
    { EVHTTP_REQ_POST, "unmap", unmap, "{id}: takes a mapping away" },
    { EVHTTP_REQ_POST, "registration", set_registration,
      "a registration: adds it, or changes the members given" },
    { EVHTTP_REQ_POST, "forget-registration", forget_registration,
      "a registration: it goes, and all that is mapped on it" },
    { EVHTTP_REQ_POST, "subscription", set_subscription,
      "a customer subscription: what CSP knows of it" },
    { EVHTTP_REQ_POST, "application", set_application,
      "an application: who may sign in, and as what" },
    { EVHTTP_REQ_POST, "identity", control_set_identity,
      "a managed identity of a machine: adds it, or changes the members given" },
    { EVHTTP_REQ_POST, "job", control_set_job,
      "a job of GitHub or Azure DevOps: who may ask for OIDC tokens" },
    { EVHTTP_REQ_POST, "oidc-token", control_issue_oidc_token,
      "{issuer, subject, audience, lifetime_s}: an OIDC token of any issuer" },
    { EVHTTP_REQ_POST, "access-token", control_issue_access_token,
      "{tenant_id, client_id, audience, role}: a token for ARM, as the Azure CLI has it" },
    { EVHTTP_REQ_POST, "switches", change_switches, "{name: value, …}" },
    { EVHTTP_REQ_POST, "faults", change_faults,
      "[rule, …]: the whole script, counting from the start" },
    { EVHTTP_REQ_POST, "reset", reset,
      "back to the configuration; tokens are forgotten" },
    { EVHTTP_REQ_POST, "revoke-tokens", revoke_tokens,
      "no token issued so far is good any more" },
    { EVHTTP_REQ_POST, "disconnect", disconnect, "resets all connections" },
    { EVHTTP_REQ_POST, "refuse", refuse, "{ms}: for so long nobody listens" },
};

void control_print(FILE *stream)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        fprintf(stream, "  %s /_emulator/%s\n    %s\n",
                operations[i].method == EVHTTP_REQ_GET ? "GET" : "POST",
                operations[i].name, operations[i].doc);
}

static json_t *run(struct evhttp_request *request, json_t *body, char **wrong)
{
    static const char prefix[] = "/_emulator/";
    const char *uri = evhttp_request_get_uri(request);
    if (text_starts(uri, prefix, false))
        for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
            if (strcmp(operations[i].name, uri + sizeof prefix - 1) == 0 &&
                operations[i].method == evhttp_request_get_command(request))
                return operations[i].run(body, wrong);
    *wrong = text_format("there is no operation %s with this method", uri);
    return NULL;
}

static void log_change(struct evhttp_request *request, const json_t *body)
{
    const char *uri = evhttp_request_get_uri(request);
    json_t *shown = body ? json_deep_copy(body) : json_null();
    static const char *const secrets[] = { "client_secret", "request_token", "header" };
    for (int i = 0; i < 3; i++)
        if (json_object_get(shown, secrets[i]))
            json_object_set_new(shown, secrets[i], json_string("<secret>"));
    log_event(
        requests_log, "BACKDOOR",
        json_pack("{s:o, s:o}", "what", text_json(uri, strlen(uri)), "body", shown));
}

void control_answer(struct evhttp_request *request, void *unused)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(request);
    size_t length = evbuffer_get_length(input);
    json_error_t error;
    json_t *body = NULL, *result = NULL;
    char *wrong = NULL;
    (void)unused;
    if (length > 0)
        body = json_loadb((const char *)evbuffer_pullup(input, -1), length,
                          JSON_REJECT_DUPLICATES, &error);
    if (length > 0 && body == NULL) {
        wrong = text_format("the body is not JSON: %s", error.text);
    } else {
        /* Before its effects, as with REQUEST. Looking on is nothing to be logged. */
        if (evhttp_request_get_command(request) == EVHTTP_REQ_POST)
            log_change(request, body);
        result = run(request, body, &wrong);
    }
    if (wrong != NULL) {
        json_decref(result);
        result = json_pack("{s:o}", "error", text_json(wrong, strlen(wrong)));
    }
    char *text = json_dumps(result, JSON_INDENT(2) | JSON_ENCODE_ANY);
    struct evbuffer *output = evbuffer_new();
    evbuffer_add_printf(output, "%s\n", text);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "application/json");
    evhttp_send_reply(request, wrong ? 400 : 200, NULL, output);
    evbuffer_free(output);
    free(text);
    free(wrong);
    json_decref(result);
    json_decref(body);
}
