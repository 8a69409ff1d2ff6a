/* One collection, "/hubs/h/maps", at a service that answers from a list.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_REST_COLLECTION_RUN_H
#define UNIT_REST_COLLECTION_RUN_H

#include <cmocka.h>

#include "rest/collection.h"
#include "rest/json.h"
#include "base/clock.h"
#include "support/rest_fake.h"

#define OBJECT(name, tenant)                                                             \
    "{\"id\":\"/Hubs/H/Maps/" name "\",\"properties\":{\"tenantId\":\"" tenant "\"}}"
#define LIST(...) "{\"value\":[" __VA_ARGS__ "]}"
#define A_AND_B LIST(OBJECT("A", "TA") "," OBJECT("b", "tb"))

struct run {
    struct rest_fake fake;
    struct rest_collections *collections;
    struct rest_collection *it;
    struct call call;
};

static inline struct run *begin(const struct fake_answer *answers)
{
    static struct run run;
    static const struct rest_collection_options options = {
        .parent_id = "/hubs/h",
        .list_id = "/hubs/h/maps",
        .api_version = "1",
        .unique = "properties.tenantId",
    };
    clock_fake_start(1700000000000);
    run = (struct run){ .collections = rest_collections_new() };
    rest_fake_begin(&run.fake, answers);
    run.it = rest_collections_find(run.collections, &options);
    call_init(&run.call, NULL);
    run.call.deadline_ms = clock_monotonic_ms() + 300 * 1000;
    return &run;
}

static inline void end(struct run *run)
{
    call_clear(&run->call);
    rest_collections_free(run->collections);
    rest_fake_end(&run->fake);
    clock_fake_end();
}

static inline size_t sent(struct run *run)
{
    return fake_transport_count(run->fake.transport);
}

/* What a read finds; the tenant with it. */
static inline enum rest_evidence look(struct run *run, const char *id,
                                      const char **tenant)
{
    json_t *body = NULL;
    enum rest_evidence evidence =
        rest_collection_read(&run->call, &run->fake.client, run->it, id, &body);
    assert_true((body != NULL) == (evidence == REST_EVIDENCE_SHOWN));
    if (tenant != NULL)
        *tenant = arena_copy_text(
            run->call.arena,
            body != NULL ? json_string_value(rest_json_find(body, "properties.tenantId"))
                         : "");
    json_decref(body);
    return evidence;
}

/* The first read, which has no evidence, is over. */
static inline void read_first(struct run *run)
{
    size_t before = sent(run);
    assert_int_equal(look(run, "/hubs/h/maps/first", NULL), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), before);
}

static inline enum rest_evidence expect_absent(struct run *run, const char *id)
{
    return rest_collection_expect_absent(&run->call, &run->fake.client, run->it, id);
}

static inline void note_present(struct run *run, const char *id, const char *tenant)
{
    json_t *body =
        json_pack("{s:s, s:{s:s}}", "id", id, "properties", "tenantId", tenant);
    rest_collection_note_present(run->it, id, body);
    json_decref(body);
}

#endif
