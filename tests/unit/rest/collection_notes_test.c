/* Shared reads: what is written goes through, who holds what, and the parent.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test.h"
#include "unit/rest/collection_run.h"

/* ---- what is written goes through ------------------------------------------------------------ */

TEST(a_write_is_unknown_until_its_answer_and_then_as_it_says)
{
    const char *tenant;
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_SHOWN);
    rest_collection_note_unknown(run->it, "/hubs/h/maps/a");
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_NONE);
    rest_collection_note_absent(run->it, "/hubs/h/maps/a");
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_LACKING);

    rest_collection_note_unknown(run->it, "/hubs/h/maps/c");
    assert_int_equal(look(run, "/hubs/h/maps/c", NULL), REST_EVIDENCE_NONE);
    note_present(run, "/Hubs/H/Maps/C", "tc");
    assert_int_equal(look(run, "/hubs/h/maps/c", &tenant), REST_EVIDENCE_SHOWN);
    assert_string_equal(tenant, "tc");
    /* Without all that a LIST would show. */
    rest_collection_note_present(run->it, "/hubs/h/maps/b", NULL);
    assert_int_equal(look(run, "/hubs/h/maps/b", NULL), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 1);
    end(run);
}

/* Before the LIST's answer: A is deleted, C is created, a write of D begins. */
static void write_meanwhile(void *state, struct call *call, size_t number)
{
    struct run *run = state;
    (void)call, (void)number;
    rest_collection_note_unknown(run->it, "/hubs/h/maps/a");
    rest_collection_note_absent(run->it, "/hubs/h/maps/a");
    rest_collection_note_unknown(run->it, "/hubs/h/maps/c");
    note_present(run, "/hubs/h/maps/c", "tc");
    rest_collection_note_unknown(run->it, "/hubs/h/maps/d");
}

TEST(what_is_written_while_a_list_is_on_its_way_is_as_it_was_written)
{
    struct run *run = begin((const struct fake_answer[]){
        { 200,
          .body = LIST(OBJECT("a", "ta") "," OBJECT("b", "tb") "," OBJECT("d", "td")) },
        { 0 } });
    fake_transport_watch(run->fake.transport, write_meanwhile, run);
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_LACKING);
    assert_int_equal(look(run, "/hubs/h/maps/b", NULL), REST_EVIDENCE_SHOWN);
    assert_int_equal(look(run, "/hubs/h/maps/c", NULL), REST_EVIDENCE_SHOWN);
    assert_int_equal(look(run, "/hubs/h/maps/d", NULL), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 1);
    end(run);
}

static void get_meanwhile(void *state, struct call *call, size_t number)
{
    (void)call, (void)number;
    note_present(state, "/hubs/h/maps/c", "tc");
}

TEST(a_get_meanwhile_that_shows_more_than_the_list_speaks_against_it)
{
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    fake_transport_watch(run->fake.transport, get_meanwhile, run);
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 1);
    end(run);
}

/* ---- who holds a value ------------------------------------------------------------------------ */

static const char *other(struct run *run, const char *tenant, const char *own_id)
{
    return rest_collection_find_other(&run->call, &run->fake.client, run->it, tenant,
                                      own_id);
}

TEST(the_holder_of_a_value_is_found_and_follows_what_is_written)
{
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    assert_string_equal(other(run, "tA", "/hubs/h/maps/new"), "/Hubs/H/Maps/A");
    assert_null(other(run, "ta", "/hubs/h/maps/a"));
    assert_null(other(run, "tx", "/hubs/h/maps/new"));
    assert_null(other(run, "", "/hubs/h/maps/new"));

    rest_collection_note_unknown(run->it, "/hubs/h/maps/a");
    assert_null(other(run, "ta", "/hubs/h/maps/new"));
    rest_collection_note_unknown(run->it, "/hubs/h/maps/c");
    note_present(run, "/hubs/h/maps/c", "TB");
    assert_string_equal(other(run, "tb", "/hubs/h/maps/c"), "/Hubs/H/Maps/b");
    rest_collection_note_absent(run->it, "/hubs/h/maps/b");
    assert_null(other(run, "tb", "/hubs/h/maps/c"));
    assert_int_equal(sent(run), 1);
    end(run);
}

TEST(what_is_recalled_is_never_asked_for)
{
    struct run *run = begin((const struct fake_answer[]){ { 0 } });
    assert_null(
        rest_collection_recall_other(&run->call, run->it, "ta", "/hubs/h/maps/new"));
    note_present(run, "/hubs/h/maps/a", "ta");
    assert_string_equal(
        rest_collection_recall_other(&run->call, run->it, "ta", "/hubs/h/maps/new"),
        "/hubs/h/maps/a");
    assert_int_equal(sent(run), 0);
    end(run);
}

/* ---- the parent --------------------------------------------------------------------------------- */

/* The status of the refusal that the last one was told; 0: none. */
static int refused_with;
/* Why nobody answered the last one; ERR_NONE: somebody did, or another one asked. */
static enum error_kind unanswered_for;

static json_t *parent(struct run *run, bool *has_answered)
{
    auto_rest_parent found;
    rest_collection_read_parent(&run->call, &run->fake.client, run->it, 5000, &found);
    *has_answered = found.has_answered;
    refused_with = found.refusal != NULL ? found.refusal->status : 0;
    unanswered_for = found.why.kind;
    return take(found.body);
}

TEST(the_parent_is_asked_for_once)
{
    bool has_answered;
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = "{\"x\":1}" }, { 0 } });
    for (size_t i = 0; i < 2; i++) {
        json_t *body = parent(run, &has_answered);
        assert_true(has_answered);
        assert_int_equal(json_integer_value(json_object_get(body, "x")), 1);
        json_decref(body);
    }
    assert_int_equal(sent(run), 1);
    end(run);

    run = begin((const struct fake_answer[]){ { 0 } });
    json_t *noted = json_object();
    rest_collection_note_parent(run->it, noted);
    json_t *body = parent(run, &has_answered);
    assert_ptr_equal(body, noted);
    assert_true(has_answered);
    json_decref(body);
    json_decref(noted);
    assert_int_equal(sent(run), 0);
    end(run);
}

TEST(a_parent_that_is_silent_or_refused_is_told_apart)
{
    bool has_answered;
    struct run *run = begin((const struct fake_answer[]){
        { 200, .takes_ms = 60 * 1000, .is_last_again = true } });
    int64_t begun_ms = clock_monotonic_ms();
    assert_null(parent(run, &has_answered));
    assert_false(has_answered);
    assert_int_not_equal(unanswered_for, ERR_NONE);
    assert_int_equal(clock_monotonic_ms() - begun_ms, 5000);
    assert_null(parent(run, &has_answered));
    assert_int_equal(unanswered_for, ERR_NONE);
    assert_int_equal(clock_monotonic_ms() - begun_ms, 5000);
    end(run);

    run = begin((const struct fake_answer[]){ { .status = 403 }, { 0 } });
    assert_null(parent(run, &has_answered));
    assert_true(has_answered);
    assert_int_equal(refused_with, 403);
    assert_null(parent(run, &has_answered));
    assert_int_equal(refused_with, 0);
    end(run);
}
