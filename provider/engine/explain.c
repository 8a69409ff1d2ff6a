/* Errors for users: the facts, the service's own words, what to do, and at the end what Microsoft
 * support asks for.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "engine/internal.h"
#include "http/redact.h"

enum {
    DETAIL_BYTES_MAX = 16 * 1024,
    SHOWN_BYTES_MAX = 1024,
    BODY_SHOWN_BYTES_MAX = 200,
    BODY_SCANNED_BYTES_MAX = 4 * 1024,
    CLOCK_SKEW_MS = 5 * 60 * 1000, /* the size that the reader of a token allows */
};

const char *explain_title(const struct operation *operation)
{
    return arena_print(operation->call->arena, "Cannot %s %s%s", operation->act,
                       operation->resource->table->noun, operation->is_list ? "s" : "");
}

static const char *sign_in_title(const struct operation *operation)
{
    return arena_print(operation->call->arena, "Cannot sign in to %s",
                       explain_service(operation));
}

/* A word from an ID: of the object, its list or its parent, whichever is known and has it. */
static const char *find_part(struct operation *operation, const char *name)
{
    const char *const ids[] = { operation->id, operation->list_id, operation->parent_id };
    const char *found = NULL;
    for (size_t i = 0; i < sizeof ids / sizeof *ids && found == NULL; i++) {
        if (ids[i] != NULL)
            found = operation_ids(operation)->part(operation->call->arena, ids[i], name);
    }
    return found;
}

/* A word for the table's texts; NULL: this object has none. */
static const char *find_word(void *state, const char *name)
{
    struct operation *operation = state;
    static const char parent[] = "parent.", place[] = "place.";
    struct arena *arena = operation->call->arena;
    const struct id_scheme *ids = operation_ids(operation);
    for (const struct explain_word *word = operation->words;
         word != NULL && word->name != NULL; word++) {
        if (text_equal(word->name, name))
            return word->text;
    }
    if (text_equal(name, "service"))
        return explain_service(operation);
    if (text_equal(name, "noun"))
        return operation->resource->table->noun;
    if (text_equal(name, "parent_noun"))
        return operation->resource->table->parent_noun != NULL
                   ? operation->resource->table->parent_noun
                   : "scope"; /* as ARM calls what a role is assigned on */
    if (strncmp(name, place, sizeof place - 1) == 0)
        return find_part(operation, name + sizeof place - 1);
    if (strncmp(name, parent, sizeof parent - 1) == 0)
        return operation->parent_id == NULL
                   ? NULL
                   : ids->part(arena, operation->parent_id, name + sizeof parent - 1);
    if (operation->id != NULL)
        return ids->part(arena, operation->id, name);
    /* An object without an ID yet is named by its planned values. */
    const struct resource_table *table = operation->resource->table;
    if (schema_find(table->attributes, name) == NULL && table->natural_key != NULL)
        name = table->natural_key[0];
    return operation->planned != NULL && schema_find(table->attributes, name) != NULL
               ? value_text(value_get(arena, operation->planned, name))
               : NULL;
}

/* A missing word does not make the whole text unusable. */
static const char *find_word_or_say(void *state, const char *name)
{
    const char *word = find_word(state, name);
    return word != NULL ? word : "(unknown)";
}

const char *explain_service(const struct operation *operation)
{
    return operation->resource->table->service->label;
}

const char *explain_fill(struct operation *operation, const char *text)
{
    return id_template_fill(operation->call->arena, text, find_word_or_say, operation);
}

const char *explain_object(struct operation *operation)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const char *label = !operation->is_list             ? table->label
                        : operation->list_label != NULL ? operation->list_label
                                                        : table->list_label;
    const char *text =
        label == NULL ? NULL : id_template_fill(arena, label, find_word, operation);
    if (text != NULL)
        return text;
    return explain_fill(operation,
                        operation->is_list ? "the list of {noun}s" : "{noun} \"{name}\"");
}

const char *explain_object_first(struct operation *operation)
{
    return text_capitalize(operation->call->arena, explain_object(operation));
}

const char *explain_split(struct arena *arena, const char *text, const char **action)
{
    const char *at = text != NULL ? strstr(text, EXPLAIN_ACTION) : NULL;
    *action = at != NULL ? at + strlen(EXPLAIN_ACTION) : NULL;
    return at != NULL ? arena_copy_bytes_as_text(arena, text, (size_t)(at - text)) : text;
}

static void add_actions(struct arena *arena, struct buf *buf, const char *first,
                        const char *second)
{
    if (first != NULL || second != NULL)
        buf_print(buf, EXPLAIN_ACTION "%s%s%s",
                  first != NULL ? text_sentence(arena, first) : "",
                  first != NULL && second != NULL ? " " : "",
                  second != NULL ? text_sentence(arena, second) : "");
}

const char *explain_shown(struct arena *arena, const char *text)
{
    return text != NULL ? text_clean_line(arena, text, strlen(text), SHOWN_BYTES_MAX)
                        : NULL;
}

static void add_support_footer(struct buf *buf, struct operation *operation,
                               const struct rest_failure *failure)
{
    buf_print(buf, "HTTP status:     %d\n", failure->status);
    if (*failure->code != '\0')
        buf_print(buf, "Error code:      %s\n",
                  write_only_hide(operation, failure->code));
    if (failure->correlation_id != NULL)
        buf_print(buf, "Correlation ID:  %s\n", failure->correlation_id);
    if (failure->request_id != NULL)
        buf_print(buf, "Request ID:      %s\n", failure->request_id);
    if (failure->date != NULL)
        buf_print(buf, "Time:            %s", failure->date);
    const char *version = api_version_of(operation->resource, operation->session);
    if (version != NULL)
        buf_print(buf, "\nAPI version:     %s", version);
}

/* The endpoint is a hub, which accepts no tokens of the public login service. */
static int explain_hub(struct operation *operation, const char *hub, const char *lead)
{
    struct arena *arena = operation->call->arena;
    const char *action;
    lead = explain_split(arena, lead, &action);
    return diags_error(operation->diags, PATH_NONE, sign_in_title(operation), "%s%s%s",
                       text_sentence(arena, hub), lead != NULL ? " " : "",
                       lead != NULL ? lead : "");
}

/* The path of the attribute at fault, if the arguments have it: a list has fewer than an object. */
static const struct path *find_faulty_attribute(struct operation *operation,
                                                const struct remedy *remedy)
{
    const char *name = remedy != NULL ? remedy->attribute : NULL;
    const struct attribute *rows = operation->resource->table->list;
    if (name == NULL ||
        (operation->is_list && (rows == NULL || schema_find(rows, name) == NULL)))
        return PATH_NONE;
    return path_attribute(operation->call->arena, PATH_NONE, name);
}

static const struct remedy *find_remedy(const struct operation *operation,
                                        const char *code)
{
    for (const struct remedy *own = operation->remedies; own != NULL && own->code != NULL;
         own++) {
        if (text_equal_ignoring_case(own->code, code))
            return own;
    }
    return schema_find_remedy(operation->resource->table, code);
}

const char *explain_action(struct operation *operation,
                           const struct rest_failure *failure)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const struct remedy *remedy = find_remedy(operation, failure->code);
    if (session_api_version(operation->session) != NULL &&
        operation->resource->table->takes_api_version &&
        text_is_one_of(failure->code, operation->client->dialect->version_codes))
        return "Remove api_version (AZURESTACK_API_VERSION), or set it to one of "
               "the versions in the message above.";
    /* Before the remedy, because data sources and lists have no timeouts block. */
    if (failure->status == 429)
        return arena_print(arena,
                           "Run again later. If this happens often, run with "
                           "-parallelism=2%s.",
                           table->timeouts.create_s != 0 && !operation->is_list
                               ? ", or set longer times in the timeouts block"
                               : "");
    if (remedy != NULL) {
        const char *cure = explain_fill(operation, remedy->action);
        return operation->is_in_state && text_is_one_of(failure->code, table->parent_gone)
                   ? arena_print(
                         arena,
                         "%s If the %s is gone permanently, remove its objects from "
                         "the state with `terraform state rm`.",
                         cure, table->parent_noun)
                   : cure;
    }
    if (failure->status >= 300 && failure->status < 400)
        return arena_print(
            arena,
            "%s does not send redirects, so the provider did not follow this one. %s",
            operation->client->dialect->name,
            explain_foreign(arena, operation->resource));
    if (failure->status == 401 && table->service->person_refused != NULL &&
        service_has_person(operation->service))
        return table->service->person_refused;
    if (failure->status == 403)
        return "Check the roles of the credential.";
    if (failure->status >= 500 || failure->status == 408)
        return arena_print(arena, "Run again later. This is an error in %s.",
                           operation->client->dialect->name);
    return NULL;
}

/* Tokens have a period of validity, which the service checks against its own clock. */
static void add_clock_skew(struct buf *buf, struct operation *operation,
                           const struct rest_failure *failure)
{
    int64_t skew_ms = failure->clock_skew_ms;
    int64_t size_ms = skew_ms < 0 ? -skew_ms : skew_ms;
    if (failure->status == 401 && size_ms >= CLOCK_SKEW_MS)
        buf_print(buf,
                  "\n\nThe clock of %s is %lld s %s this machine's clock. Because "
                  "of this, the service may reject a valid token as expired or not "
                  "valid yet. Correct the clock that is wrong.",
                  explain_service(operation), (long long)size_ms / 1000,
                  skew_ms < 0 ? "ahead of" : "behind");
}

const char *explain_wait(struct operation *operation, const struct rest_failure *failure)
{
    return failure->wait_ms > 0
               ? arena_print(operation->call->arena,
                             "\n\n%s asks to wait %lld s before the next request.",
                             explain_service(operation),
                             (long long)(failure->wait_ms + 999) / 1000)
               : "";
}

int explain_failure(struct operation *operation, const struct rest_failure *failure,
                    const char *lead)
{
    const char *hub = failure->status == 401
                          ? service_find_hub(operation->service, operation->call)
                          : NULL;
    if (hub != NULL)
        return explain_hub(operation, hub, lead);
    struct arena *arena = operation->call->arena;
    const struct remedy *remedy = find_remedy(operation, failure->code);
    const char *action;
    lead = explain_split(arena, lead, &action);
    auto_buf buf = { 0 };
    buf_init(&buf, DETAIL_BYTES_MAX);
    const char *code = *failure->code != '\0' ? write_only_hide(operation, failure->code)
                                              : "no error code";
    buf_print(&buf, "%s returned an error for %s: %s", explain_service(operation),
              explain_object(operation), code);
    if (remedy != NULL)
        buf_print(&buf, ", %s", explain_fill(operation, remedy->meaning));
    buf_add_text(&buf, ".");
    if (lead != NULL)
        buf_print(&buf, " %s", lead);
    if (*failure->message != '\0')
        buf_print(&buf, "\n\n%s", write_only_hide(operation, failure->message));
    buf_add_text(&buf, explain_wait(operation, failure));
    add_clock_skew(&buf, operation, failure);
    add_actions(arena, &buf, explain_action(operation, failure), action);
    buf_add_text(&buf, "\n\n");
    add_support_footer(&buf, operation, failure);

    return diags_error(operation->diags, find_faulty_attribute(operation, remedy),
                       explain_title(operation), "%s", buf_text(&buf));
}

/* NULL if the action of `lead` is all there is to do. */
static const char *find_advice(const struct operation *operation, const struct error *err,
                               const char *action)
{
    enum error_kind kind =
        err->kind == ERR_TIMEOUT && err->cause != ERR_NONE ? err->cause : err->kind;
    if (action != NULL &&
        (kind == ERR_LOST || kind == ERR_TIMEOUT || kind == ERR_STOPPED))
        return NULL;
    return operation->is_list && kind == ERR_TIMEOUT
               ? "Run again later." /* lists have no timeouts block */
               : explain_advice(operation->call->arena, operation->resource, kind);
}

int explain_error(struct operation *operation, const struct error *err, const char *lead)
{
    struct arena *arena = operation->call->arena;
    bool is_sign_in = err->kind == ERR_CREDENTIAL;
    const char *hub = is_sign_in && strstr(err->text, "AADSTS500011") != NULL
                          ? service_find_hub(operation->service, operation->call)
                          : NULL;
    if (hub != NULL)
        return explain_hub(operation, hub, lead);
    const char *text = is_sign_in && operation->at_fault == NULL
                           ? diag_once_text(session_diag_once(operation->session), arena,
                                            "the provider has no token", err->text)
                           : err->text;
    const char *action, *own;
    lead = explain_split(arena, lead, &action);
    /* The cause has already said what to do. */
    text = explain_split(arena, text, &own);
    if (!is_sign_in)
        text = arena_print(arena, "%s: %s", explain_object(operation), text);
    auto_buf buf = { 0 };
    buf_init(&buf, DETAIL_BYTES_MAX);
    buf_add_text(&buf, text_sentence(arena, text));
    if (lead != NULL)
        buf_print(&buf, "%s%s", strchr(text, '\n') != NULL ? "\n\n" : " ", lead);
    add_actions(arena, &buf, own != NULL ? own : find_advice(operation, err, action),
                action);
    return diags_error(operation->diags,
                       operation->at_fault != NULL
                           ? path_attribute(arena, PATH_NONE, operation->at_fault)
                           : PATH_NONE,
                       is_sign_in ? sign_in_title(operation) : explain_title(operation),
                       "%s", buf_text(&buf));
}

int explain_probe(struct operation *operation, const struct probe *probe,
                  const char *lead)
{
    struct arena *arena = operation->call->arena;
    if (probe->err.kind != ERR_NONE)
        return explain_error(operation, &probe->err, lead);
    if (probe->presence == REFUSED || probe->presence == PARENT_ABSENT ||
        probe->presence == ABSENT)
        return explain_failure(operation, &probe->reply->failure, lead);
    const char *body =
        http_redact_start(arena, (const char *)probe->reply->http->body.data,
                          probe->reply->http->body.length, BODY_SCANNED_BYTES_MAX);
    body = write_only_hide(operation, body);
    body = text_clean_line(arena, body, strlen(body), BODY_SHOWN_BYTES_MAX);
    const char *action;
    lead = explain_split(arena, lead, &action);
    auto_buf buf = { 0 };
    buf_init(&buf, DETAIL_BYTES_MAX);
    buf_print(&buf,
              "%s: the response (status %d) is not in the format of %s: \"%s\".%s%s",
              explain_object_first(operation), probe->reply->status,
              operation->client->dialect->name, body, lead != NULL ? " " : "",
              lead != NULL ? lead : "");
    add_actions(arena, &buf, explain_foreign(arena, operation->resource), action);
    return diags_error(operation->diags, PATH_NONE, explain_title(operation), "%s",
                       buf_text(&buf));
}
