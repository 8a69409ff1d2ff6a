/* Ids as templates over attributes, both ways.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "id/id.h"
#include "support/test.h"

static const char template[] = "{parent_id}/customerSubscriptions/{customer}";

struct pairs {
    const char *const *names, *const *texts;
    unsigned asked;
};

static const char *find(void *state, const char *name)
{
    struct pairs *pairs = state;
    pairs->asked++;
    for (size_t i = 0; pairs->names[i] != NULL; i++) {
        if (strcmp(pairs->names[i], name) == 0)
            return pairs->texts[i];
    }
    fail_msg("asked for %s", name);
    return NULL;
}

TEST(a_template_is_filled_from_its_attributes)
{
    auto_arena arena = arena_new();
    static const char *const names[] = { "customer", "parent_id", NULL };
    static const char *const texts[] = { "c1", "/subscriptions/s/x/y" };
    struct pairs pairs = { names, texts, 0 };
    assert_string_equal(id_template_fill(arena, template, find, &pairs),
                        "/subscriptions/s/x/y/customerSubscriptions/c1");
    assert_int_equal(pairs.asked, 2);
    assert_string_equal(id_template_fill(arena, "/a/{customer}/b", find, &pairs),
                        "/a/c1/b");
    assert_string_equal(id_template_fill(arena, "/a/b", find, &pairs), "/a/b");
    assert_int_equal(pairs.asked, 3);
}

TEST(a_template_with_a_missing_part_gives_nothing)
{
    auto_arena arena = arena_new();
    static const char *const names[] = { "parent_id", "customer", NULL };
    static const char *const no_parent[] = { NULL, "c1" };
    static const char *const no_customer[] = { "/p", NULL };
    struct pairs pairs = { names, no_parent, 0 };
    assert_null(id_template_fill(arena, template, find, &pairs));
    pairs.texts = no_customer;
    assert_null(id_template_fill(arena, template, find, &pairs));
}

TEST(an_id_gives_its_parts_back_in_the_order_of_the_template)
{
    auto_arena arena = arena_new();
    struct id_template_part parts[ID_PLACEHOLDERS_MAX];
    size_t count = 99;
    assert_true(id_template_match(
        arena, template, "/subscriptions/s/a/b/CUSTOMERSUBSCRIPTIONS/C1", parts, &count));
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

TEST(an_id_of_another_form_does_not_match)
{
    static const struct {
        const char *template, *id;
    } cases[] = {
        { template, "/subscriptions/s/a/b/customers/c1" },
        { template, "/subscriptions/s/a/b/customerSubscriptionsX/c1" },
        { template, "/subscriptions/s/a/b/customerSubscription/c1" },
        { template, "/customerSubscriptions/c1" }, /* the parent is nothing */
        { template, "customerSubscriptions/c1" },
        { template, "c1" },
        { template, "" },
        { "/subscriptions/{s}", "/subscriptions/1/resourceGroups/2" },
        { "/subscriptions/{s}/resourceGroups/{g}", "/subscriptions/1" },
        { "/subscriptions/{s}/resourceGroups/{g}",
          "/x/subscriptions/1/resourceGroups/2" },
        { "/a/{b}/{c}/{d}/{e}/{f}", "/a/1/2/3/4/5" }, /* more than there may be */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        auto_arena arena = arena_new();
        struct id_template_part parts[ID_PLACEHOLDERS_MAX] = { { "untouched", NULL } };
        size_t count = 99;
        if (id_template_match(arena, cases[i].template, cases[i].id, parts, &count))
            fail_msg("%s matches %s", cases[i].id, cases[i].template);
        assert_int_equal(count, 99);
        assert_string_equal(parts[0].name, "untouched");
    }
}

static const char *find_part(void *state, const char *name)
{
    const struct id_template_part *part = state;
    for (; part->name != NULL; part++) {
        if (strcmp(part->name, name) == 0)
            return part->text;
    }
    return NULL;
}

TEST(what_matches_fills_to_the_same_again)
{
    auto_arena arena = arena_new();
    const char *id = "/subscriptions/s/resourceGroups/g/providers/N/t/n/"
                     "customerSubscriptions/c1";
    struct id_template_part parts[ID_PLACEHOLDERS_MAX + 1] = { { NULL, NULL } };
    size_t count;
    assert_true(id_template_match(arena, template, id, parts, &count));
    parts[count].name = NULL;
    assert_string_equal(id_template_fill(arena, template, find_part, parts), id);
}
