/* A POST that changes something besides the object: a GET shows its effect, and it is sent again
 * until it has taken effect.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"

bool post_action_shows(const json_t *body, const struct effect *effect)
{
    return effect->sent != NULL
               ? text_equal(rest_json_text(body, effect->place), effect->sent)
               : probe_shows_text(body, effect->place, effect->values);
}

bool post_action_is_due(const struct resource *resource, struct arena *arena,
                        const struct value *state)
{
    const struct action_rule *rule = resource->table->delete_action;
    if (rule == NULL)
        return false;
    const struct value *wanted = value_get(arena, state, rule->when);
    return wanted->state == VALUE_KNOWN && wanted->boolean;
}

/* Selects the tokens for the action. -1 with an error. */
static int find_client(struct operation *about, struct operation *operation,
                       const struct action_rule *rule, const struct value *object,
                       const char *lead)
{
    struct error err = NO_ERROR;
    struct arena *arena = operation->call->arena;
    if (about->id == NULL)
        return diags_error(
            operation->diags, PATH_NONE, explain_title(operation),
            "%s: %s has not returned the ID that this needs. %s\n\nWhat to do: Run "
            "`terraform plan` later. When the state has the ID, apply again.",
            explain_object_first(operation), explain_service(operation), lead);
    if (rule->sign_in_to == NULL)
        return 0;
    const char *account = value_text(value_get(arena, object, rule->sign_in_to));
    if (account == NULL)
        return diags_error(operation->diags, PATH_NONE, explain_title(operation),
                           "%s: cannot determine its %s. %s",
                           explain_object_first(operation), rule->sign_in_to, lead);
    if (service_client_of_tenant(operation->service, account, &about->client, &err) < 0)
        return explain_error(operation, &err,
                             arena_print(arena, "%s %s", rule->needs, lead));
    return 0;
}

static int explain_end(struct operation *operation, const struct action_rule *rule,
                       const struct write *write, const char *lead)
{
    struct arena *arena = operation->call->arena;
    const char *text = arena_print(arena, "%s %s", rule->needs, lead);
    if (write->end == WRITE_REFUSED || write->end == WRITE_FAILED)
        return explain_failure(operation, &write->reply->failure, text);
    if (write->end == WRITE_MOOT)
        return explain_probe(operation, &write->seen, text);
    if (write->end == WRITE_NOT_SENT)
        return explain_error(operation, &write->err, text);
    if (write->end == WRITE_UNFINISHED)
        return explain_error(
            operation, &write->err,
            arena_print(
                arena,
                "%s accepted the request, but the operation did not finish before "
                "the timeout. You can run again: repeating the request does no "
                "harm. %s",
                explain_service(operation), lead));
    return explain_error(
        operation, &write->err,
        arena_print(arena,
                    "The request was sent, but %s did not confirm it, and the provider "
                    "could not check the result. You can "
                    "run again: repeating the request does no harm. %s",
                    explain_service(operation), lead));
}

/* The service worked on it for a while, or its answer says nothing: a GET shows whether it is done. */
static int expect_effect(struct operation *operation, struct operation *about,
                         const struct effect *effect, const struct action_rule *rule,
                         const char *lead)
{
    auto_probe probe = { 0 };
    if (probe_wait(about, effect, &probe) == EFFECT_DONE)
        return 0;
    return explain_probe(operation, &probe,
                         arena_print(operation->call->arena, "%s %s", rule->needs, lead));
}

static json_t *make_body(struct arena *arena, const struct action_rule *rule,
                         const struct value *object)
{
    json_t *body = json_object();
    if (rule->attribute != NULL)
        json_object_set_new(
            body, rule->member,
            json_string(value_text(value_get(arena, object, rule->attribute))));
    return body;
}

static bool shows_some(const struct probe *probe, const struct action_rule *rule)
{
    return rule->all_values != NULL && probe->presence == PRESENT &&
           probe_shows_text(probe->reply->body, rule->place, rule->all_values);
}

/* The action was refused, but the object already had a value that shows the effect, unless that
 * value has another cause. True: a warning was added. */
static bool warn_refused(struct operation *operation, const struct action_rule *rule,
                         const char *look, const struct write *write)
{
    const int status = write->end == WRITE_REFUSED ? write->reply->failure.status : 0;
    if (status < 400 || status >= 500 || status == 401 || status == 403 || status == 429)
        return false;
    const struct explain_word words[] = { { "look", look }, { NULL, NULL } };
    operation->words = words;
    diags_warning(operation->diags, PATH_NONE, rule->refused_title, "%s\n\n%s: %s %s",
                  explain_fill(operation, rule->refused), explain_service(operation),
                  write->reply->failure.code, write->reply->failure.message);
    operation->words = NULL;
    return true;
}

int post_action_run(struct operation *operation, const struct action_rule *rule,
                    const struct value *object, const char *lead)
{
    struct arena *arena = operation->call->arena;
    /* An operation about another object: its GET shows the effect. */
    struct operation about = *operation;
    const char *act = operation->act;
    about.collection = NULL;
    about.id = resource_fill(arena, rule->look, object);
    about.api_version = rule->look_api_version;
    operation->act = rule->verb;
    operation->remedies = rule->remedies;
    struct effect effect = {
        .kind = EFFECT_SHOWS,
        .place = rule->place,
        .values = rule->values,
        .sent = rule->attribute == NULL
                    ? NULL
                    : value_text(value_get(arena, object, rule->attribute)),
    };
    struct write_request request = {
        .method = "POST",
        .path = resource_fill(arena, rule->path, object),
        .api_version = api_version_of(operation->resource, operation->session),
        .body = make_body(arena, rule, object),
    };
    int result = find_client(&about, operation, rule, object, lead);
    auto_probe probe = { 0 };
    if (result == 0)
        probe_get(&about, &probe);
    if (result == 0 && probe_effect(&about, &probe, &effect) != EFFECT_DONE) {
        auto_write write = { 0 };
        bool may_be_done = shows_some(&probe, rule);
        if (rule->all_values != NULL && !may_be_done)
            effect.values = rule->all_values;
        request.effect = effect;
        write_send(&about, &request, &write);
        if (write.end != WRITE_DONE &&
            !(may_be_done && warn_refused(operation, rule, about.id, &write)))
            result = explain_end(operation, rule, &write, lead);
        else if (write.was_followed ||
                 (write.seen.reply == NULL && write.reply != NULL &&
                  (write.reply->status == 202 || write.reply->body == NULL)))
            result = expect_effect(operation, &about, &effect, rule, lead);
    }
    json_decref(request.body);
    operation->act = act;
    operation->remedies = NULL;
    return result;
}
