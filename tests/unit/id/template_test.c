/* Ids as templates over attributes, both ways.
 * SPDX-License-Identifier: MPL-2.0 */
#include "id/id.h"
#include "support/fixture.h"

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

static const char template[] = "{parent_id}/customerSubscriptions/{customer}";

/* The text of a part of that name. */
static const char *find(void *state, const char *name)
{
    const struct id_template_part *part = state;
    for (; part->name != NULL; part++)
        if (strcmp(part->name, name) == 0)
            return part->text;
    fail_msg("asked for %s", name);
    return NULL;
}

CASE(a_template_is_filled_from_its_attributes)
{
    static const struct {
        const char *template, *parent, *customer, *id; /* NULL: a part is missing */
    } rows[] = {
        { template, "/subscriptions/s/x/y", "c1", "/subscriptions/s/x/y/customerSubscriptions/c1" },
        { "/a/{customer}/b", NULL, "c1", "/a/c1/b" },
        { "/a/b", NULL, NULL, "/a/b" },
        { template, NULL, "c1", NULL },
        { template, "/p", NULL, NULL },
    };
    EACH (row, rows) {
        struct id_template_part parts[] = { { "customer", row->customer },
                                            { "parent_id", row->parent },
                                            { NULL, NULL } };
        assert_same_text(id_template_fill(arena, row->template, find, parts), row->id);
    }
}

CASE(an_id_gives_its_parts_back_in_the_order_of_the_template)
{
    struct id_template_part parts[ID_PLACEHOLDERS_MAX];
    size_t count = 99;
    assert_true(id_template_match(arena, template, "/subscriptions/s/a/b/CUSTOMERSUBSCRIPTIONS/C1",
                                  parts, &count));
    assert_int_equal(count, 2);
    assert_string_equal(parts[0].name, "parent_id");
    assert_string_equal(parts[0].text, "/subscriptions/s/a/b");
    assert_string_equal(parts[1].name, "customer");
    assert_string_equal(parts[1].text, "C1");

    /* A placeholder that is not at the very beginning is one name. */
    assert_true(id_template_match(arena, "/subscriptions/{s}/resourceGroups/{g}",
                                  "/subscriptions/1/resourceGroups/2", parts, &count));
    assert_int_equal(count, 2);
    assert_string_equal(parts[0].text, "1");
    assert_string_equal(parts[1].text, "2");
}

static void expect_no_match(const char *of, const char *id)
{
    struct id_template_part parts[ID_PLACEHOLDERS_MAX] = { { "untouched", NULL } };
    size_t count = 99;
    if (id_template_match(arena, of, id, parts, &count))
        fail_msg("%s matches %s", id, of);
    assert_int_equal(count, 99);
    assert_string_equal(parts[0].name, "untouched");
}

CASE(an_id_of_another_form_does_not_match)
{
    /* In two of them the parent is nothing. */
    EACH_TEXT (id, "/customerSubscriptions/c1", "customerSubscriptions/c1", "c1", "",
               "/subscriptions/s/a/b/customers/c1",
               "/subscriptions/s/a/b/customerSubscriptionsX/c1",
               "/subscriptions/s/a/b/customerSubscription/c1")
        expect_no_match(template, id);
    expect_no_match("/subscriptions/{s}", "/subscriptions/1/resourceGroups/2");
    EACH_TEXT (id, "/subscriptions/1", "/x/subscriptions/1/resourceGroups/2")
        expect_no_match("/subscriptions/{s}/resourceGroups/{g}", id);
    expect_no_match("/a/{b}/{c}/{d}/{e}/{f}", "/a/1/2/3/4/5"); /* more than there may be */
}

CASE(what_matches_fills_to_the_same_again)
{
    const char *id = "/subscriptions/s/resourceGroups/g/providers/N/t/n/"
                     "customerSubscriptions/c1";
    struct id_template_part parts[ID_PLACEHOLDERS_MAX + 1] = { { NULL, NULL } };
    size_t count;
    assert_true(id_template_match(arena, template, id, parts, &count));
    parts[count].name = NULL;
    assert_string_equal(id_template_fill(arena, template, find, parts), id);
}
