/* Shared reads, step by step: what a LIST proves, and for how long.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "exchanges/player.h"
#include "rest/collection.h"
#include "rest/json.h"

#define PARENT "/hubs/h"
#define LIST PARENT "/maps"

enum { CALL_MS = 300 * 1000 };

struct shared {
    struct run *run;
    struct call *call;
    struct rest_client *client;
    struct rest_collection *it;
    const char *meanwhile; /* steps before each answer, or NULL */
    int64_t begun_ms;
};

static const char *const evidences[] = { [REST_EVIDENCE_NONE] = "none",
                                         [REST_EVIDENCE_PRESENT] = "shown",
                                         [REST_EVIDENCE_ABSENT] = "missing" };

/* "none", "missing", "shown", and with the tenant where there is one "shown TENANT". */
static const char *look(struct shared *shared, const char *id)
{
    json_t *body = NULL;
    enum rest_evidence evidence =
        rest_collection_read(shared->call, shared->client, shared->it, id, &body);
    if ((body != NULL) != (evidence == REST_EVIDENCE_PRESENT))
        run_fail(shared->run, "%s is %s, but its body is not", id, evidences[evidence]);
    const char *tenant = json_string_value(rest_json_find(body, "properties.tenantId"));
    const char *found =
        arena_print(shared->run->arena, "%s%s%s", evidences[evidence],
                    tenant != NULL ? " " : "", tenant != NULL ? tenant : "");
    json_decref(body);
    return found;
}

static void record_present(struct shared *shared, const char *id, const char *tenant)
{
    json_t *body = NULL;
    if (strcmp(tenant, "-") != 0)
        body = json_pack("{s:s, s:{s:s}}", "id", id, "properties", "tenantId", tenant);
    rest_collection_record_present(shared->it, id, body);
    json_decref(body);
}

static void note_parent(struct shared *shared)
{
    json_t *parent = json_pack("{s:s}", "x", "noted");
    rest_collection_record_parent(shared->it, parent);
    json_decref(parent);
}

/* A member `x` of the parent, or why it is not there. */
static const char *read_parent(struct shared *shared, int64_t most_ms)
{
    struct arena *arena = shared->run->arena;
    auto_rest_parent found;
    rest_collection_read_parent(shared->call, shared->client, shared->it, most_ms,
                                &found);
    if (found.body != NULL)
        return arena_copy_text(arena,
                               json_string_value(json_object_get(found.body, "x")));
    if (!found.has_answered)
        return found.why.kind != ERR_NONE ? "not answered, and why" : "not answered";
    return found.refusal != NULL
               ? arena_print(arena, "refused with %d", found.refusal->status)
               : "refused";
}

/* What the step finds; NULL: nothing. */
static const char *take_step(struct shared *shared, const char *verb, const char *name,
                             const char *other)
{
    struct arena *arena = shared->run->arena;
    const char *id = arena_print(arena, LIST "/%s", name);
    const char *own_id = arena_print(arena, LIST "/%s", other);
    if (strcmp(verb, "read") == 0)
        return look(shared, id);
    if (strcmp(verb, "absent") == 0)
        return evidences[rest_collection_expect_absent(shared->call, shared->client,
                                                       shared->it, id)];
    if (strcmp(verb, "holder") == 0)
        rest_collection_ensure(shared->call, shared->client, shared->it);
    if (strcmp(verb, "holder") == 0 || strcmp(verb, "known") == 0)
        return rest_collection_recall_other(shared->call, shared->it,
                                            strcmp(name, "''") == 0 ? "" : name, own_id);
    if (strcmp(verb, "sent") == 0) {
        if ((unsigned)atol(name) != shared->run->played)
            run_fail(shared->run, "%u requests were sent, and not %s",
                     shared->run->played, name);
        return NULL;
    }
    if (strcmp(verb, "answered") == 0)
        return !rest_collection_has_answered(shared->it)    ? "no"
               : rest_collection_has_shown_some(shared->it) ? "some"
                                                            : "none";
    if (strcmp(verb, "parent") == 0)
        return read_parent(shared, atol(name));
    if (strcmp(verb, "took") == 0)
        return arena_print(arena, "%lld",
                           (long long)(clock_monotonic_ms() - shared->begun_ms));
    if (strcmp(verb, "left") == 0 && *name == '\0')
        return arena_print(arena, "%lld", (long long)call_left_ms(shared->call));
    if (strcmp(verb, "present") == 0)
        record_present(shared, id, other);
    else if (strcmp(verb, "unknown") == 0)
        rest_collection_record_unknown(shared->it, id);
    else if (strcmp(verb, "gone") == 0)
        rest_collection_record_absent(shared->it, id);
    else if (strcmp(verb, "noted") == 0)
        note_parent(shared);
    else if (strcmp(verb, "need") == 0)
        rest_collection_need(shared->call, shared->client, shared->it);
    else if (strcmp(verb, "wait") == 0)
        clock_fake_advance(atol(name));
    else if (strcmp(verb, "sleep") == 0)
        clock_fake_sleep(atol(name));
    else if (strcmp(verb, "left") == 0)
        shared->call->deadline_ms = clock_monotonic_ms() + atol(name);
    else
        run_fail(shared->run, "there is no step %s", verb);
    return NULL;
}

/* VERB NAME OTHER, and behind ": " what it finds, "-" for nothing. */
static void play_step(struct shared *shared, const char *step)
{
    char verb[20] = "", name[40] = "", other[40] = "";
    const char *want = strstr(step, ": ");
    sscanf(step, "%19[^ :] %39[^ :] %39[^ :]", verb, name, other);
    const char *have = take_step(shared, verb, name, other);
    have = have != NULL ? have : "-";
    if (want != NULL && strcmp(have, want + 2) != 0)
        run_fail(shared->run, "%s, but it is %s", step, have);
}

static void play(struct shared *shared, const char *steps)
{
    char *copy = arena_copy_text(shared->run->arena, steps), *step;
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\n' ? ' ' : *at;
    while ((step = strsep(&copy, ";")) != NULL)
        play_step(shared, step + strspn(step, " "));
}

static void play_meanwhile(void *state)
{
    struct shared *shared = state;
    play(shared, shared->meanwhile);
}

void run_shared(struct run *run, struct call *call, struct rest_client *client,
                const char *steps)
{
    static const struct rest_collection_options options = {
        .parent_id = PARENT,
        .list_id = LIST,
        .api_version = "1",
        .unique = "properties.tenantId",
    };
    struct rest_collections *collections = rest_collections_new();
    struct shared shared = { .run = run,
                             .call = call,
                             .client = client,
                             .it = rest_collections_find(collections, &options) };
    const char *bar = strchr(steps, '|');
    shared.begun_ms = clock_monotonic_ms();
    call->deadline_ms = clock_monotonic_ms() + CALL_MS;
    if (bar != NULL) {
        shared.meanwhile = bar + 1;
        run->before_answer = play_meanwhile;
        run->before_answer_state = &shared;
        steps = arena_copy_bytes_as_text(run->arena, steps, (size_t)(bar - steps));
    }
    play(&shared, steps);
    run->before_answer = NULL;
    rest_collections_free(collections);
}
