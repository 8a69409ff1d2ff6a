/* Errors for people: facts first, the service's own words, what to do, and at the end what
 * support asks for. One shape for all of them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "engine/internal.h"

enum { DETAIL_BYTES_MAX = 16 * 1024 };

static const char *title(struct operation *operation)
{
    return arena_print(operation->call->arena, "Cannot %s %s", operation->act,
                       operation->resource->table->noun);
}

const char *explain_object(struct operation *operation)
{
    const struct id *id = &operation->parts;
    const struct resource_table *table = operation->resource->table;
    const char *name = id->levels[id->level_count - 1].name;
    if (id->level_count < 2)
        return arena_print(operation->call->arena, "%s \"%s\"", table->noun, name);
    return arena_print(operation->call->arena,
                       "%s %s of %s \"%s\" (resource group \"%s\")", table->noun, name,
                       table->parent_noun, id->levels[id->level_count - 2].name,
                       id->resource_group);
}

static const char *find_word(void *state, const char *name)
{
    struct operation *operation = state;
    const struct id *id = &operation->parts;
    const struct {
        const char *name, *text;
    } words[] = {
        { "noun", operation->resource->table->noun },
        { "parent_noun", operation->resource->table->parent_noun },
        { "parent.subscription", id->subscription },
        { "parent.resource_group", id->resource_group },
        { "parent.name",
          id->level_count > 1 ? id->levels[id->level_count - 2].name : NULL },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].name, name) == 0)
            return words[i].text;
    }
    return NULL;
}

const char *explain_fill(struct operation *operation, const char *text)
{
    const char *filled =
        id_template_fill(operation->call->arena, text, find_word, operation);
    return filled != NULL ? filled : text;
}

static void add_support_footer(struct buf *buf, struct operation *operation,
                               const struct arm_failure *failure)
{
    buf_print(buf, "HTTP status:     %d\n", failure->status);
    if (*failure->code != '\0')
        buf_print(buf, "Error code:      %s\n", failure->code);
    if (failure->correlation_id != NULL)
        buf_print(buf, "Correlation ID:  %s\n", failure->correlation_id);
    if (failure->request_id != NULL)
        buf_print(buf, "Request ID:      %s\n", failure->request_id);
    if (failure->date != NULL)
        buf_print(buf, "Time:            %s\n", failure->date);
    buf_print(buf, "API version:     %s",
              api_version_of(operation->resource, operation->session));
}

/* A hub knows neither our tokens nor the audience that Entra would be asked for. NULL: this is
 * no sign of one, or there is none. */
static const char *find_hub(struct call *call, const struct resource *resource,
                            struct session *session, const struct error *err, int status)
{
    bool is_sign = status == 401 || (err->kind == ERR_CREDENTIAL &&
                                     strstr(err->text, "AADSTS500011") != NULL);
    return is_sign ? session_find_hub(session, call, resource->table->plane) : NULL;
}

int explain_failure(struct operation *operation, const struct arm_failure *failure,
                    const char *lead)
{
    const char *hub = find_hub(operation->call, operation->resource, operation->session,
                               &NO_ERROR, failure->status);
    if (hub != NULL)
        return diags_error(operation->diags, PATH_NONE, title(operation), "%s: %s.%s%s",
                           explain_object(operation), hub, lead != NULL ? " " : "",
                           lead != NULL ? lead : "");
    const struct remedy *remedy =
        schema_find_remedy(operation->resource->table, failure->code);
    auto_buf buf = { 0 };
    buf_init(&buf, DETAIL_BYTES_MAX);
    const char *code = *failure->code != '\0' ? failure->code : "no error code";
    buf_print(&buf, "Azure refused %s: %s", explain_object(operation), code);
    if (remedy != NULL)
        buf_print(&buf, ", %s", explain_fill(operation, remedy->meaning));
    buf_add_text(&buf, ".");
    if (lead != NULL)
        buf_print(&buf, " %s", lead);
    if (*failure->message != '\0')
        buf_print(&buf, "\n\n%s", failure->message);
    if (remedy != NULL)
        buf_print(&buf, "\n\nWhat to do: %s", explain_fill(operation, remedy->cure));
    else if (failure->status < 400)
        buf_add_text(&buf,
                     "\n\nWhat to do: a redirect is not what Azure Resource Manager "
                     "answers here, and it is not followed; look for a proxy or a "
                     "sign-in page on the way, and check the endpoint of the provider.");
    else if (failure->status == 403)
        buf_add_text(&buf, "\n\nWhat to do: check the roles of the credential.");
    else if (failure->status >= 500 || failure->status == 408)
        buf_add_text(&buf,
                     "\n\nWhat to do: this is a fault on Azure's side; run again later.");
    buf_add_text(&buf, "\n\n");
    add_support_footer(&buf, operation, failure);

    const struct path *path =
        remedy != NULL && remedy->blames != NULL
            ? path_attribute(operation->call->arena, PATH_NONE, remedy->blames)
            : PATH_NONE;
    return diags_error(operation->diags, path, title(operation), "%s", buf_text(&buf));
}

const char *explain_advice(enum error_kind kind)
{
    switch (kind) {
    case ERR_NAME:
        return "check environment and endpoint of the provider, this machine's DNS, and the "
               "HTTPS_PROXY variable if there is a proxy.";
    case ERR_UNREACHABLE:
        return "check that this machine reaches the address: firewall, HTTPS_PROXY and "
               "NO_PROXY variables, and whether the service is up.";
    case ERR_TLS:
        return "look for a proxy or a firewall on the way that opens or cuts secure "
               "connections, check this machine's clock, and run again.";
    case ERR_SHAPE:
    case ERR_TOO_BIG:
        return "look for a proxy or a sign-in page on the way, check the endpoint of the "
               "provider, and run again.";
    case ERR_LOST:
        return "run again; if it keeps happening, look at proxies and firewalls on the way.";
    case ERR_TIMEOUT:
        return "run again later, or raise the time in the timeouts block.";
    case ERR_STOPPED:
        return "nothing, if you stopped the run; the next one goes on from here.";
    default:
        return NULL;
    }
}

const char *explain_reason(struct call *call, const struct resource *resource,
                           struct session *session, const struct reason *reason)
{
    struct arena *arena = call->arena;
    const struct error *err = reason->err;
    const char *space = reason->lead != NULL ? " " : "";
    const char *lead = reason->lead != NULL ? reason->lead : "";
    const char *hub = find_hub(call, resource, session, err, reason->status);
    if (hub != NULL)
        return arena_print(arena, "%s: %s.%s%s", reason->what, hub, space, lead);
    const char *text =
        err->kind == ERR_CREDENTIAL
            ? told_choose(session_told(session), arena, "there is no token", err->text)
            : err->text;
    /* Who knew more of it has said already what to do; that stays the last word. */
    const char *own = strstr(text, "\n\nWhat to do: ");
    size_t length = own != NULL ? (size_t)(own - text) : strlen(text);
    const char *detail = arena_print(arena, "%s: %.*s%s%s%s", reason->what, (int)length,
                                     text, own != NULL ? "" : ".", space, lead);
    const char *todo = reason->cure != NULL ? reason->cure : explain_advice(err->kind);
    if (own != NULL)
        return arena_print(arena, "%s%s.", detail, own);
    return todo != NULL ? arena_print(arena, "%s\n\nWhat to do: %s", detail, todo)
                        : detail;
}

int explain_error(struct operation *operation, const struct error *err, const char *lead)
{
    const struct reason reason = { explain_object(operation), err, 0, lead, NULL };
    return diags_error(operation->diags, PATH_NONE, title(operation), "%s",
                       explain_reason(operation->call, operation->resource,
                                      operation->session, &reason));
}

int explain_look(struct operation *operation, const struct look *look, const char *lead)
{
    struct arena *arena = operation->call->arena;
    if (look->err.kind != ERR_NONE)
        return explain_error(operation, &look->err, lead);
    if (look->presence == REFUSED || look->presence == PARENT_ABSENT ||
        look->presence == ABSENT)
        return explain_failure(operation, &look->reply->failure, lead);
    const char *body = text_clean(arena, (const char *)look->reply->http->body.data,
                                  look->reply->http->body.length, 200);
    return diags_error(
        operation->diags, PATH_NONE, title(operation),
        "%s: the answer with status %d is not what Azure Resource Manager sends: \"%s\". %s"
        "\n\nWhat to do: look for a proxy or a sign-in page on the way, and check the "
        "endpoint of the provider.",
        explain_object(operation), look->reply->status, body, lead);
}
