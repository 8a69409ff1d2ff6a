/* Shared reads: what a LIST is believed, and for how long.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test.h"
#include "unit/rest/collection_run.h"

/* ---- reads ------------------------------------------------------------------------------ */

TEST(the_second_read_gets_the_list_and_all_later_ones_have_it)
{
    const char *tenant;
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", &tenant), REST_EVIDENCE_SHOWN);
    assert_string_equal(tenant, "TA");
    assert_int_equal(look(run, "/HUBS/h/maps/B", &tenant), REST_EVIDENCE_SHOWN);
    assert_string_equal(tenant, "tb");
    assert_int_equal(look(run, "/hubs/h/maps/c", NULL), REST_EVIDENCE_LACKING);
    assert_int_equal(sent(run), 1);
    assert_string_equal(fake_transport_request(run->fake.transport, 0)->url,
                        "https://arm.test/hubs/h/maps?api-version=1");
    assert_true(rest_collection_has_answered(run->it));
    assert_true(rest_collection_has_shown_some(run->it));
    end(run);
}

TEST(an_id_without_its_first_slash_is_the_same)
{
    struct run *run = begin((const struct fake_answer[]){
        { 200, .body = LIST("{\"id\":\"hubs/h/maps/a\"}") }, { 0 } });
    note_present(run, "/hubs/h/maps/a", "ta");
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_SHOWN);
    end(run);
}

TEST(collections_are_told_apart_by_what_they_list)
{
    struct run *run = begin((const struct fake_answer[]){ { 0 } });
    struct rest_collection_options same = { .parent_id = "/HUBS/H",
                                            .list_id = "/HUBS/H/MAPS",
                                            .api_version = "1" };
    struct rest_collection_options other = { .parent_id = "/hubs/i",
                                             .list_id = "/hubs/i/maps",
                                             .api_version = "1" };
    assert_ptr_equal(rest_collections_find(run->collections, &same), run->it);
    assert_ptr_not_equal(rest_collections_find(run->collections, &other), run->it);
    end(run);
}

TEST(a_list_that_fails_is_set_aside_for_good)
{
    static const struct {
        struct fake_answer answer;
        size_t sent;
    } rows[] = {
        { { 403, .body = "{\"error\":{\"code\":\"AuthorizationFailed\"}}" }, 1 },
        { { .status = 404 }, 1 },
        { { 200, .body = "<html>" }, 3 },
        { { 200, .body = "{\"value\":[{\"id\":\"/hubs/h" }, 3 },
        { { 200, .body = LIST("{\"name\":\"a\"}") }, 1 },
        { { 200, .body = "{\"value\":[" OBJECT(
                     "a", "ta") "],"
                                "\"nextLink\":\"https://evil.test/\"}" },
          1 },
        /* Once with its own address, once with the one that it names. */
        { { 200, .body = "{\"value\":[" OBJECT(
                     "a", "ta") "],"
                                "\"nextLink\":\"https://arm.test/2\"}" },
          2 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fake_answer answers[] = { rows[i].answer, { 0 } };
        answers[0].is_last_again = true;
        struct run *run = begin(answers);
        read_first(run);
        if (look(run, "/hubs/h/maps/a", NULL) != REST_EVIDENCE_NONE)
            fail_msg("row %zu is believed", i);
        assert_int_equal(sent(run), rows[i].sent);
        assert_int_equal(look(run, "/hubs/h/maps/b", NULL), REST_EVIDENCE_NONE);
        note_present(run, "/hubs/h/maps/c", "tc");
        assert_int_equal(expect_absent(run, "/hubs/h/maps/b"), REST_EVIDENCE_NONE);
        assert_int_equal(sent(run), rows[i].sent);
        assert_false(rest_collection_has_answered(run->it));
        assert_false(rest_collection_has_shown_some(run->it));
        end(run);
    }
}

TEST(the_same_page_under_ever_new_addresses_is_a_circle)
{
#define PAGE(next)                                                                       \
    {                                                                                    \
        200, .body = "{\"value\":[" OBJECT(                                              \
                 "a", "ta") "],\"nextLink\":\"https://arm.test/" next "\"}"              \
    }
    struct run *run = begin((const struct fake_answer[]){
        PAGE("2"), PAGE("3"), PAGE("4"), PAGE("5"), { 0 } });
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 2);
    end(run);
}

TEST(a_list_that_never_comes_leaves_half_of_the_time)
{
    static const struct {
        int64_t left_ms, taken_ms;
    } rows[] = { { 60 * 1000, 30 * 1000 },
                 { 3600 * 1000, REST_COLLECTION_TIME_MS },
                 { INT64_MAX / 4, REST_COLLECTION_TIME_MS } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { 200, .takes_ms = 9999 * 1000, .is_last_again = true } });
        int64_t begun_ms = clock_monotonic_ms();
        run->call.deadline_ms = begun_ms + rows[i].left_ms;
        read_first(run);
        assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_NONE);
        assert_int_equal(clock_monotonic_ms() - begun_ms, rows[i].taken_ms);
        assert_int_equal(run->call.deadline_ms, begun_ms + rows[i].left_ms);
        size_t before = sent(run);
        assert_int_equal(look(run, "/hubs/h/maps/b", NULL), REST_EVIDENCE_NONE);
        assert_int_equal(sent(run), before);
        end(run);
    }
}

TEST(a_list_that_lacks_what_a_get_showed_is_set_aside)
{
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    note_present(run, "/hubs/h/maps/c", "tc");
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_NONE);
    end(run);

    /* Also where the GET comes after it. */
    run = begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/c", NULL), REST_EVIDENCE_LACKING);
    note_present(run, "/hubs/h/maps/c", "tc");
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 1);
    end(run);
}

TEST(what_a_get_did_not_find_need_not_be_listed)
{
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    note_present(run, "/hubs/h/maps/c", "tc");
    rest_collection_note_absent(run->it, "/hubs/h/maps/c");
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_SHOWN);
    assert_int_equal(look(run, "/hubs/h/maps/c", NULL), REST_EVIDENCE_LACKING);
    end(run);
}

/* ---- creates ------------------------------------------------------------------------------ */

TEST(without_anything_known_to_exist_no_list_proves_absence)
{
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = A_AND_B }, { 0 } });
    assert_int_equal(expect_absent(run, "/hubs/h/maps/c"), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 0);
    /* Nor does one that was fetched for reads. */
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/a", NULL), REST_EVIDENCE_SHOWN);
    assert_int_equal(expect_absent(run, "/hubs/h/maps/c"), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 1);
    end(run);
}

TEST(a_new_list_after_the_first_put_decides_for_two_minutes)
{
    struct run *run = begin((const struct fake_answer[]){ { 200, .body = LIST() },
                                                          { 200, .body = A_AND_B },
                                                          { 200, .body = A_AND_B },
                                                          { 0 } });
    read_first(run);
    assert_int_equal(look(run, "/hubs/h/maps/c", NULL), REST_EVIDENCE_LACKING);
    clock_fake_advance(1);
    rest_collection_note_unknown(run->it, "/hubs/h/maps/a");
    assert_int_equal(expect_absent(run, "/hubs/h/maps/c"), REST_EVIDENCE_NONE);
    note_present(run, "/hubs/h/maps/a", "ta");
    assert_int_equal(sent(run), 1);

    assert_int_equal(expect_absent(run, "/hubs/h/maps/c"), REST_EVIDENCE_LACKING);
    assert_int_equal(sent(run), 2);
    assert_int_equal(expect_absent(run, "/hubs/h/maps/b"), REST_EVIDENCE_SHOWN);
    clock_fake_advance(REST_COLLECTION_AGE_MS);
    assert_int_equal(expect_absent(run, "/hubs/h/maps/c"), REST_EVIDENCE_LACKING);
    assert_int_equal(sent(run), 2);
    clock_fake_advance(1);
    assert_int_equal(expect_absent(run, "/hubs/h/maps/c"), REST_EVIDENCE_LACKING);
    assert_int_equal(sent(run), 3);
    end(run);
}

TEST(a_list_that_does_not_show_the_first_put_proves_nothing)
{
    struct run *run =
        begin((const struct fake_answer[]){ { 200, .body = LIST() }, { 0 } });
    rest_collection_note_unknown(run->it, "/hubs/h/maps/a");
    note_present(run, "/hubs/h/maps/a", "ta");
    assert_int_equal(expect_absent(run, "/hubs/h/maps/c"), REST_EVIDENCE_NONE);
    assert_int_equal(expect_absent(run, "/hubs/h/maps/d"), REST_EVIDENCE_NONE);
    assert_int_equal(sent(run), 1);
    end(run);
}
