/* Shared reads: what a LIST proves, and for how long; what is written goes through; who
 * holds what.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/collection.h"
#include "rest/json.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

#define OBJECT(name, tenant) "{'id':'/Hubs/H/Maps/" name "','properties':{'tenantId':'" tenant "'}}"
#define LIST(objects) 200, .body = "{'value':[" objects "]}"
#define PAGE(objects, next) 200, .body = "{'value':[" objects "],'nextLink':'https://" next "'}"
#define A_AND_B LIST(OBJECT("A", "TA") "," OBJECT("b", "tb"))

struct run {
    struct rest_fake *fake;
    struct rest_collections *collections;
    struct rest_collection *it;
    const char *what, *meanwhile; /* of the scene; steps before each answer or NULL */
};

static void begin(struct run *run, const struct fake_answer *answers)
{
    static const struct rest_collection_options options = {
        .parent_id = "/hubs/h",
        .list_id = "/hubs/h/maps",
        .api_version = "1",
        .unique = "properties.tenantId",
    };
    *run = (struct run){ .collections = rest_collections_new() };
    run->fake = rest_fake_new(answers);
    run->fake->call.deadline_ms = clock_monotonic_ms() + 300 * 1000;
    run->it = rest_collections_find(run->collections, &options);
}

static void end(struct run *run)
{
    rest_collections_free(run->collections);
    rest_fake_free(run->fake);
}

static void note_present(struct run *run, const char *id, const char *tenant)
{
    json_t *body = json_pack("{s:s, s:{s:s}}", "id", id, "properties", "tenantId", tenant);
    rest_collection_record_present(run->it, id, body);
    json_decref(body);
}

/* "none", "missing", "shown", and with the tenant where there is one "shown TENANT". */
static const char *look(struct run *run, const char *id)
{
    static const char *const words[] = { "none", "shown", "missing" };
    json_t *body = NULL;
    enum rest_evidence evidence =
        rest_collection_read(&run->fake->call, &run->fake->client, run->it, id, &body);
    assert_true((body != NULL) == (evidence == REST_EVIDENCE_PRESENT));
    const char *tenant = json_string_value(rest_json_find(body, "properties.tenantId"));
    const char *found = arena_print(run->fake->call.arena, "%s%s%s", words[evidence],
                                    tenant != NULL ? " " : "", tenant != NULL ? tenant : "");
    json_decref(body);
    return found;
}

/* Steps, with a semicolon between them; NAME is that of the object /hubs/h/maps/NAME:
 *     first                    the first read, which asks for nothing and has no evidence
 *     read NAME: WHAT          and so a later one; WHAT as look() says it
 *     absent NAME: WHAT        what a create that expects to find nothing hears
 *     present NAME TENANT      a GET or a write showed it; "-": without its body
 *     unknown NAME, gone NAME  a write of it begins; it is not there
 *     holder TENANT NAME: ID   who else than NAME has it, "-" for none; asks
 *     known TENANT NAME: ID    the same from what is held
 *     wait MS, sent N          and so many requests in all */
static void play_step(struct run *run, const char *step)
{
    struct arena *texts = run->fake->call.arena;
    char verb[20] = "", name[40] = "", other[40] = "";
    const char *want = strstr(step, ": "), *have = NULL;
    int words = sscanf(step, "%19s %39[^ :] %39[^ :]", verb, name, other);
    const char *id = arena_print(texts, "/hubs/h/maps/%s", words == 3 ? other : name);
    const char *named = arena_print(texts, "/hubs/h/maps/%s", name);
    if (strcmp(verb, "first") == 0) {
        size_t before = rest_fake_sent(run->fake);
        assert_string_equal(look(run, "/hubs/h/maps/first"), "none");
        assert_int_equal(rest_fake_sent(run->fake), before);
    } else if (strcmp(verb, "read") == 0) {
        have = look(run, named);
    } else if (strcmp(verb, "absent") == 0) {
        static const char *const evidences[] = { "none", "shown", "missing" };
        have = evidences[rest_collection_expect_absent(&run->fake->call, &run->fake->client,
                                                       run->it, named)];
    } else if (strcmp(verb, "present") == 0 && strcmp(other, "-") == 0) {
        rest_collection_record_present(run->it, named, NULL);
    } else if (strcmp(verb, "present") == 0) {
        note_present(run, named, other);
    } else if (strcmp(verb, "unknown") == 0) {
        rest_collection_record_unknown(run->it, named);
    } else if (strcmp(verb, "gone") == 0) {
        rest_collection_record_absent(run->it, named);
    } else if (strcmp(verb, "holder") == 0) {
        have = rest_collection_find_other(&run->fake->call, &run->fake->client, run->it,
                                          strcmp(name, "''") == 0 ? "" : name, id);
    } else if (strcmp(verb, "known") == 0) {
        have = rest_collection_recall_other(&run->fake->call, run->it, name, id);
    } else if (strcmp(verb, "wait") == 0) {
        clock_fake_advance(atol(name));
    } else if (strcmp(verb, "sent") == 0) {
        have = arena_print(texts, "%zu", rest_fake_sent(run->fake));
        want = arena_print(texts, ": %s", name);
    } else {
        fail_msg("no step: %s", step);
    }
    have = have != NULL ? have : "-";
    if (want != NULL && strcmp(have, want + 2) != 0)
        fail_msg("%s: %s, but it is %s", run->what, step, have);
}

static void play(struct run *run, const char *steps)
{
    char *copy = arena_copy_text(run->fake->call.arena, steps), *step;
    while ((step = strsep(&copy, ";")) != NULL)
        play_step(run, step + strspn(step, " "));
}

static void play_meanwhile(void *state, struct call *call, size_t number)
{
    struct run *run = state;
    (void)call, (void)number;
    play(run, run->meanwhile);
}

/* A LIST that is set aside is so for good. */
#define SET_ASIDE(times)                                                                           \
    "first; read a: none; sent " times "; read b: none; present c tc; absent b: none; "            \
    "sent " times
#define AGAIN .is_last_again = true

static const struct {
    const char *what, *steps, *meanwhile;
    struct fake_answer answers[5]; /* none: A_AND_B */
} scenes[] = {
    { "the second read gets the LIST, and all later ones have it",
      "first; read a: shown TA; read B: shown tb; read c: missing; sent 1" },
    { "an ID without its first slash is the same", "present a ta; first; read a: shown",
      .answers = { { LIST("{'id':'hubs/h/maps/a'}") } } },
    { "an ID of another place is another one", "first; read /x: missing",
      .answers = { { LIST("{'id':'/x'}") } } },
    /* A LIST that fails is set aside. */
    { "refused", SET_ASIDE("1"), .answers = { { 403, AGAIN } } },
    { "missing", SET_ASIDE("1"), .answers = { { 404, AGAIN } } },
    { "HTML", SET_ASIDE("3"), .answers = { { 200, .body = "<html>", AGAIN } } },
    { "cut", SET_ASIDE("3"), .answers = { { 200, .body = "{'value':[{'id':'/hubs/h", AGAIN } } },
    { "without IDs", SET_ASIDE("1"), .answers = { { LIST("{'name':'a'}"), AGAIN } } },
    { "goes on elsewhere", SET_ASIDE("1"),
      .answers = { { PAGE(OBJECT("a", "ta"), "evil.test/"), AGAIN } } },
    { "once with its own address, once with the one that it names", SET_ASIDE("2"),
      .answers = { { PAGE(OBJECT("a", "ta"), "arm.test/2"), AGAIN } } },
    { "the same page under ever new addresses", SET_ASIDE("2"),
      .answers = { { PAGE(OBJECT("a", "ta"), "arm.test/2") },
                   { PAGE(OBJECT("a", "ta"), "arm.test/3") },
                   { PAGE(OBJECT("a", "ta"), "arm.test/4") } } },
    /* So is one that omits what a GET showed, before it or after, */
    { "shown before", "present c tc; first; read a: none" },
    { "shown after", "first; read c: missing; present c tc; read a: none; sent 1" },
    { "shown meanwhile", "first; read a: none; sent 1", "present c tc" },
    /* but not of what a GET did not find. */
    { "not found", "present c tc; gone c; first; read a: shown TA; read c: missing" },
    /* Creates: nothing is absent before a LIST has shown something that is known to exist. */
    { "nothing known, and a LIST that was fetched for reads",
      "absent c: none; sent 0; first; read a: shown TA; absent c: none; sent 1" },
    { "a new LIST after the first PUT decides, for two minutes",
      "first; read c: missing; wait 1; unknown a; absent c: none; present a ta; sent 1; "
      "absent c: missing; sent 2; absent b: shown; wait 120000; absent c: missing; sent 2; "
      "wait 1; absent c: missing; sent 3",
      .answers = { { LIST("") }, { A_AND_B }, { A_AND_B } } },
    { "a LIST that does not show the first PUT proves nothing",
      "unknown a; present a ta; absent c: none; absent d: none; sent 1",
      .answers = { { LIST("") } } },
    /* A write is unknown until its answer, and then as it says. */
    { "written", "first; read a: shown TA; unknown a; read a: none; gone a; read a: missing; "
                 "unknown c; read c: none; present C tc; read c: shown tc; "
                 "present b -; read b: none; sent 1" },
    { "written while the LIST is on its way",
      "first; read a: missing; read b: shown tb; read c: shown tc; read d: none; sent 1",
      "unknown a; gone a; unknown c; present c tc; unknown d",
      .answers = { { LIST(OBJECT("a", "ta") "," OBJECT("b", "tb") "," OBJECT("d", "td")) } } },
    /* Who holds a value follows what is written, and what is recalled is never asked for. */
    { "holders", "holder tA new: /Hubs/H/Maps/A; holder ta a: -; holder tx new: -; "
                 "holder '' new: -; unknown a; holder ta new: -; unknown c; present c TB; "
                 "holder tb c: /Hubs/H/Maps/b; gone b; holder tb c: -; sent 1" },
    { "recalled",
      "known ta new: -; present a ta; known ta new: /hubs/h/maps/a; "
      "present b ta; present a tz; known ta b: -; known ta new: /hubs/h/maps/b; sent 0" },
};

TEST(a_list_is_trusted_until_it_is_found_wrong)
{
    assert_int_equal(REST_COLLECTION_AGE_MS, 120000);
    EACH (scene, scenes) {
        struct run run;
        static const struct fake_answer usual[] = { { A_AND_B }, { 0 } };
        begin(&run, scene->answers[0].status != 0 ? scene->answers : usual);
        run.what = scene->what;
        run.meanwhile = scene->meanwhile;
        if (scene->meanwhile != NULL)
            fake_transport_watch(run.fake->transport, play_meanwhile, &run);
        play(&run, scene->steps);
        end(&run);
    }
}

TEST(a_collection_says_whether_it_was_answered)
{
    for (size_t is_good = 0; is_good < 2; is_good++) {
        struct run run;
        const struct fake_answer good = { A_AND_B }, refused = { 403 };
        begin(&run, ANSWERS(is_good ? good : refused));
        play(&run, "first; read a");
        assert_string_equal(rest_fake_request(run.fake, 0)->url,
                            "https://arm.test/hubs/h/maps?api-version=1");
        assert_int_equal(rest_collection_has_answered(run.it), is_good);
        assert_int_equal(rest_collection_has_shown_some(run.it), is_good);
        end(&run);
    }
}

TEST(collections_differ_by_what_they_list)
{
    struct run run;
    begin(&run, ANSWERS({ 0 }));
    const struct rest_collection_options same = { "/HUBS/H", "/HUBS/H/MAPS", "1" };
    const struct rest_collection_options other = { "/hubs/i", "/hubs/i/maps", "1" };
    assert_ptr_equal(rest_collections_find(run.collections, &same), run.it);
    assert_ptr_not_equal(rest_collections_find(run.collections, &other), run.it);
    end(&run);
}

TEST(a_list_that_never_comes_leaves_half_of_the_time)
{
    static const struct {
        int64_t left_ms, taken_ms;
    } rows[] = { { 60 * 1000, 30 * 1000 },
                 { 3600 * 1000, REST_COLLECTION_TIME_MS },
                 { INT64_MAX / 4, REST_COLLECTION_TIME_MS } };
    EACH (row, rows) {
        struct run run;
        begin(&run, ANSWERS({ 200, .takes_ms = 9999 * 1000, AGAIN }));
        int64_t begun_ms = clock_monotonic_ms();
        run.fake->call.deadline_ms = begun_ms + row->left_ms;
        play(&run, "first; read a: none");
        assert_int_equal(clock_monotonic_ms() - begun_ms, row->taken_ms);
        assert_int_equal(run.fake->call.deadline_ms, begun_ms + row->left_ms);
        size_t before = rest_fake_sent(run.fake);
        play(&run, "read b: none");
        assert_int_equal(rest_fake_sent(run.fake), before);
        end(&run);
    }
}

/* ---- the parent ---------------------------------------------------------------------------- */

TEST(the_parent_is_asked_for_once)
{
    static const struct {
        struct fake_answer answer;
        bool is_noted, has_answered;
        const char *x;      /* a member of what is found; NULL: it is not found */
        int refused_with;   /* what the first one gets; 0: nothing */
        bool is_unanswered; /* why, for the first one */
        int64_t taken_ms;
        size_t sent;
    } rows[] = {
        { { 200, .body = "{'x':'1'}" }, false, true, "1", 0, false, 0, 1 },
        { { 0 }, true, true, "noted", 0, false, 0, 0 },
        { { 403 }, false, true, NULL, 403, false, 0, 1 },
        { { 200, .takes_ms = 60 * 1000 }, false, false, NULL, 0, true, 5000, 1 },
    };
    EACH (row, rows) {
        struct run run;
        begin(&run, ANSWERS(row->answer));
        json_t *noted = json_pack("{s:s}", "x", "noted");
        if (row->is_noted)
            rest_collection_record_parent(run.it, noted);
        json_decref(noted);
        int64_t begun_ms = clock_monotonic_ms();
        for (size_t i = 0; i < 2; i++) {
            auto_rest_parent found;
            rest_collection_read_parent(&run.fake->call, &run.fake->client, run.it, 5000, &found);
            assert_same_text(json_string_value(json_object_get(found.body, "x")), row->x);
            assert_int_equal(found.has_answered, row->has_answered);
            /* Later callers do not get the reason again. */
            assert_int_equal(found.refusal != NULL ? found.refusal->status : 0,
                             i == 0 ? row->refused_with : 0);
            assert_int_equal(found.why.kind != ERR_NONE, i == 0 && row->is_unanswered);
        }
        assert_int_equal(clock_monotonic_ms() - begun_ms, row->taken_ms);
        assert_int_equal(rest_fake_sent(run.fake), row->sent);
        end(&run);
    }
}

TEST_GROUP(fake_clock, true_clock)
