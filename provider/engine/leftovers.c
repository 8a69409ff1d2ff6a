/* What a destroy leaves behind elsewhere, according to a report of the service.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"

/* Counts the parts of the entry with a text; -1: there is no such entry, or it does not say. */
static int count_parts(const struct leftover_rule *rule, const json_t *report,
                       const char *wanted)
{
    const json_t *entry, *part;
    size_t i, j;
    json_array_foreach(rest_json_find(report, rule->entries), i, entry)
    {
        if (!text_equal_ignoring_case(rest_json_text(entry, rule->place), wanted))
            continue;
        const json_t *parts = rest_json_find(entry, rule->parts);
        bool is_unread =
            text_equal_ignoring_case(rest_json_text(entry, rule->state), rule->unread);
        int count = json_is_array(parts) ? 0 : -1;
        json_array_foreach(parts, j, part)
        {
            const char *text = rest_json_text(part, rule->part_place);
            count += text != NULL && *text != '\0';
        }
        return count == 0 && is_unread ? -1 : count;
    }
    return -1;
}

static const char *describe(struct operation *operation, const json_t *report,
                            const char *wanted)
{
    const struct leftover_rule *rule = operation->resource->table->leftovers;
    int count = count_parts(rule, report, wanted);
    const struct explain_word words[] = {
        { "leftovers.count", arena_print(operation->call->arena, "%d", count) },
        { NULL, NULL },
    };
    operation->words = words;
    const char *text = explain_fill(operation, count < 0    ? rule->unknown
                                               : count == 0 ? rule->none
                                                            : rule->some);
    operation->words = NULL;
    return text;
}

int leftovers_describe(struct operation *operation, const struct value *object,
                       const char **out)
{
    const struct leftover_rule *rule = operation->resource->table->leftovers;
    struct arena *arena = operation->call->arena;
    if (rule == NULL) {
        *out = "";
        return 0;
    }
    *out = rule->unknown;
    const char *wanted = value_text(value_get(arena, object, rule->attribute));
    const struct engine_action question = {
        .id = resource_fill(arena, rule->path, object),
        .action = rule->action,
        .api_version = rule->api_version,
    };
    if (wanted == NULL || question.id == NULL)
        return 0;
    struct diags unsaid;
    struct operation asking = *operation;
    diags_init(&unsaid, arena);
    asking.diags = &unsaid;
    asking.act = "check";
    asking.call->deadline_ms = clock_monotonic_ms() + (int64_t)rule->wait_s * 1000;
    json_t *report = NULL;
    if (action_call(&asking, &question, &report) < 0)
        return plan_not_found_out(operation->call, operation->resource,
                                  operation->session, &unsaid, operation->diags);
    *out = describe(operation, report, wanted);
    json_decref(report);
    return 0;
}
