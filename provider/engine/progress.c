/* Objects that the service continues to work on after it accepted a request.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"

enum { FAILURE_BYTES_MAX = 4 * 1024 };

enum progress progress_of(const struct resource *resource, struct arena *arena,
                          const json_t *body, const struct value *known)
{
    const struct progress_rule *rule = resource->table->progress;
    if (rule == NULL)
        return PROGRESS_DONE;
    if (probe_shows_text(body, rule->place, rule->failed))
        return PROGRESS_FAILED;
    bool is_done = rest_json_find(body, rule->place) == NULL ||
                   probe_shows_text(body, rule->place, rule->done);
    return is_done && body_says_all(resource, arena, body, known) ? PROGRESS_DONE
                                                                  : PROGRESS_PENDING;
}

/* The service's own words, which are next to the state in the body. */
static const char *find_words(struct operation *operation, const json_t *body)
{
    struct arena *arena = operation->call->arena;
    const char *place = operation->resource->table->progress->place;
    const char *last = strrchr(place, '.'), *code = NULL;
    const json_t *holder =
        last == NULL ? body
                     : rest_json_find(body, arena_copy_bytes_as_text(
                                                arena, place, (size_t)(last - place)));
    auto_buf buf = { 0 };
    buf_init(&buf, FAILURE_BYTES_MAX);
    operation->client->dialect->read_error(arena, holder, &code, &buf);
    if (code == NULL && buf.length == 0)
        operation->client->dialect->read_error(arena, body, &code, &buf);
    if (code == NULL && buf.length == 0)
        return "";
    return arena_print(
        arena, "\n\n%s%s%s", code != NULL ? explain_shown(arena, code) : "",
        code != NULL && buf.length > 0 ? ": " : "",
        write_only_hide(operation, arena_copy_text(arena, buf_text(&buf))));
}

int progress_explain(struct operation *operation, enum progress progress,
                     const json_t *body, const char *lead)
{
    struct arena *arena = operation->call->arena;
    const struct progress_rule *rule = operation->resource->table->progress;
    const char *state = rest_json_text(body, rule->place);
    const char *text = progress == PROGRESS_FAILED ? rule->failure : rule->pending;
    return diags_error(operation->diags, PATH_NONE, explain_title(operation),
                       "%s: the state in %s is \"%s\".%s%s%s\n\nWhat to do: %s",
                       explain_object_first(operation), explain_service(operation),
                       state != NULL ? explain_shown(arena, state) : "",
                       lead != NULL ? " " : "", lead != NULL ? lead : "",
                       progress == PROGRESS_FAILED ? find_words(operation, body) : "",
                       explain_fill(operation, text));
}
