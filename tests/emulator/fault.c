/* Faults: the script and which rule fires when. A rule is {"match": "PUT#1", "when": "after",
 * "what": "rst", …}; docs/development/emulator.md has the list.
 * SPDX-License-Identifier: MPL-2.0 */
#include "fault.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char kinds[] =
    "TOKEN|REGISTRATION|REGISTRATIONS|GET|LIST|PUT|DELETE|STATUS|METADATA|OTHER|ANY";

/* What may be asked for, and whether the request has no effect unless `when` says otherwise. */
static const struct {
    const char *what;
    const char *members; /* besides match, when and what */
    bool is_before, needs_answer;
} table[] = {
    /* Another answer. */
    { "status", "status|body|code|retry_after", true, false },
    { "redirect", "to|status", true, false },
    { "aadsts", "code|status", true, false },
    { "html", "", false, true },
    { "not_json", "", false, true },
    { "deep", "", false, true },
    { "duplicate_keys", "", false, true },
    { "other_tenant", "", false, true },
    { "other_id", "", false, true },
    { "empty_id", "", false, true },
    { "next_link", "to", false, true },
    { "expires_in", "value", false, true },
    /* The right answer, badly carried. */
    { "half", "then", false, true },
    { "truncated", "", false, true },
    { "wrong_length", "", false, true },
    { "slow", "interval_ms", false, true },
    { "endless", "", false, true },
    { "gzip_bomb", "", false, true },
    /* None. */
    { "rst", "", false, false },
    { "fin", "", false, false },
    { "end", "", false, false },
    { "hang", "", false, false },
    { "refuse", "ms", true, false },
};

enum { TABLE_COUNT = sizeof table / sizeof *table };

static json_t *rules, *counts;

static int row_of(const char *what)
{
    for (int i = 0; i < TABLE_COUNT; i++)
        if (strcmp(table[i].what, what) == 0)
            return i;
    return -1;
}

const char *fault_text(const json_t *rule, const char *member, const char *fallback)
{
    const char *text = json_string_value(json_object_get(rule, member));
    return text ? text : fallback;
}

long fault_number(const json_t *rule, const char *member, long fallback)
{
    json_t *number = json_object_get(rule, member);
    return json_is_integer(number) ? (long)json_integer_value(number) : fallback;
}

const char *fault_what(const json_t *rule)
{
    return fault_text(rule, "what", "");
}

bool fault_is_before(const json_t *rule)
{
    const char *when = fault_text(rule, "when", NULL);
    return when ? strcmp(when, "before") == 0 : table[row_of(fault_what(rule))].is_before;
}

bool fault_needs_answer(const json_t *rule)
{
    return table[row_of(fault_what(rule))].needs_answer;
}

/* "PUT#3", "PUT#2-4", "PUT#2+" or "PUT#*" */
static bool parse_match(const char *match, char **kind, long *first, long *last)
{
    const char *hash = strchr(match, '#');
    if (hash == NULL)
        return false;
    *kind = text_format("%.*s", (int)(hash - match), match);
    char *rest = NULL;
    *first = strtol(hash + 1, &rest, 10);
    *last = *first;
    bool is_good = text_is_one_of(*kind, kinds);
    if (strcmp(hash + 1, "*") == 0) {
        *first = 1;
        *last = 1L << 60;
    } else if (strcmp(rest, "+") == 0) {
        *last = 1L << 60;
    } else if (*rest == '-') {
        is_good = is_good && text_number(rest + 1, 1L << 60, last);
    } else if (*rest) {
        is_good = false;
    }
    is_good = is_good && *first >= 1 && *last >= *first;
    if (!is_good)
        free(*kind);
    return is_good;
}

static char *check_rule(json_t *rule)
{
    const char *match = fault_text(rule, "match", ""), *member;
    const char *when = fault_text(rule, "when", "before");
    char *kind;
    long first, last;
    json_t *value;
    if (!parse_match(match, &kind, &first, &last))
        return text_format(
            "match '%s' is not like PUT#1, PUT#2-4, PUT#2+ or PUT#*, with one of "
            "%s",
            match, kinds);
    free(kind);
    if (!text_is_one_of(when, "before|after"))
        return text_copy("when is before or after");
    /* "status=503" for {"what": "status", "status": 503} */
    if (text_starts(fault_what(rule), "status=", false)) {
        long status = strtol(fault_what(rule) + strlen("status="), NULL, 10);
        json_object_set_new(rule, "status", json_integer(status));
        json_object_set_new(rule, "what", json_string("status"));
    }
    int row = row_of(fault_what(rule));
    if (row < 0)
        return text_format("what '%s' is not known", fault_what(rule));
    json_object_foreach(
        rule, member,
        value) if (!text_is_one_of(member, "match|when|what") &&
                   !text_is_one_of(
                       member,
                       table[row].members)) return text_format("%s has no member %s",
                                                               table[row].what, member);
    if (!text_is_one_of(fault_text(rule, "then", "rst"), "rst|fin|end|hang"))
        return text_copy("then is rst, fin, end or hang");
    if (!text_is_one_of(fault_text(rule, "body", "html"), "envelope|empty|html"))
        return text_copy("body is envelope, empty or html");
    if (!text_is_one_of(fault_text(rule, "to", "self"), "second|http|self"))
        return text_copy("to is second, http or self");
    if (strcmp(table[row].what, "status") == 0 && fault_number(rule, "status", 0) < 200)
        return text_copy("status needs a status of 200 or more");
    return NULL;
}

char *faults_set(json_t *script)
{
    if (!json_is_array(script))
        return text_copy("faults is an array");
    json_t *fresh = json_deep_copy(script), *rule;
    size_t i;
    json_array_foreach(fresh, i, rule)
    {
        char *wrong =
            json_is_object(rule) ? check_rule(rule) : text_copy("a rule is an object");
        if (wrong != NULL) {
            json_decref(fresh);
            return wrong;
        }
    }
    faults_free();
    rules = fresh;
    counts = json_object();
    return NULL;
}

void faults_free(void)
{
    json_decref(rules);
    json_decref(counts);
    rules = counts = NULL;
}

json_t *faults_dump(void)
{
    return json_pack("{s:O, s:O}", "faults", rules, "counts", counts);
}

static long count(const char *kind)
{
    long number = (long)json_integer_value(json_object_get(counts, kind)) + 1;
    json_object_set_new(counts, kind, json_integer(number));
    return number;
}

json_t *faults_match(const char *kind)
{
    long number = count(kind), any = count("ANY");
    json_t *rule;
    size_t i;
    json_array_foreach(rules, i, rule)
    {
        char *wanted;
        long first, last;
        if (!parse_match(fault_text(rule, "match", ""), &wanted, &first, &last))
            continue;
        long at = strcmp(wanted, "ANY") == 0  ? any
                  : strcmp(wanted, kind) == 0 ? number
                                              : 0;
        free(wanted);
        if (at >= first && at <= last)
            return rule;
    }
    return NULL;
}
