/* Faults: the script and which rule fires when. A rule is {"match": "PUT#1", "when": "after",
 * "what": "rst", …}; README.md has the list.
 * SPDX-License-Identifier: MPL-2.0 */
#include "fault.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char kinds[] =
    "TOKEN|OIDC|IDENTITY|REGISTRATION|REGISTRATIONS|GET|LIST|PUT|DELETE|STATUS|METADATA|"
    "LOCKS|SUBSCRIPTION|OTHER|ANY";
static const char tls_modes[] =
    "expired|not_yet_valid|wrong_name|self_signed|unknown_ca|tls11|plaintext|cut";

/* What may be asked for, and whether the request has no effect unless `when` says otherwise. */
static const struct {
    const char *what;
    const char *members; /* besides match, when and what */
    bool is_before, needs_answer;
    const char *doc;
} table[] = {
    /* Another answer. */
    { "status", "status|body|code|retry_after", true, false,
      "another status; body envelope, empty or html; retry_after a number, date, ms, huge, "
      "negative or garbage" },
    { "redirect", "to|status", true, false, "to second, http or self" },
    { "aadsts", "code|status", true, false, "an error of Entra with this number" },
    { "html", "", false, true, "a web page instead of JSON, status unchanged" },
    { "not_json", "", false, true, "a body that is not JSON" },
    { "deep", "", false, true, "a body nested 100000 deep" },
    { "duplicate_keys", "", false, true, "every key twice, the wrong value first" },
    { "other_tenant", "", false, true, "another tenant than the mapping's" },
    { "other_id", "", false, true, "another mapping's id" },
    { "empty_id", "", false, true, "an id and a name without text" },
    { "next_link", "to", false, true, "a list that goes on at second, http or self" },
    { "expires_in", "value", false, true, "this value, and the token lives that long" },
    /* The right answer, badly carried. */
    { "half", "then", false, true, "half of the answer, then rst, fin, end or hang" },
    { "truncated", "", false, true, "a body shorter than its Content-Length" },
    { "wrong_length", "", false, true, "a Content-Length shorter than the body" },
    { "slow", "interval_ms", false, true, "one byte at a time" },
    { "endless", "", false, true, "chunks without end" },
    { "gzip_bomb", "", false, true, "a small body that unpacks to more than 100 MB" },
    /* None. */
    { "rst", "", false, false, "no answer: the connection is reset" },
    { "fin", "", false, false, "no answer: TCP ends, TLS does not" },
    { "end", "", false, false, "no answer: TLS and TCP end properly" },
    { "hang", "", false, false, "no answer, and no end" },
    { "refuse", "ms", true, false, "no answer, and for so long nobody listens" },
    { "silence", "ms", false, false,
      "no answer, and for so long connections are made and hear nothing" },
    { "tls", "mode|ms", false, false,
      "no answer, and for so long (0: for good) the switch tls is in this mode" },
};

enum { TABLE_COUNT = sizeof table / sizeof *table };

void faults_print(FILE *stream)
{
    fprintf(stream,
            "  match: KIND#1, KIND#2-4, KIND#2+ or KIND#*, with one of the kinds\n"
            "    %s\n"
            "  when: before or after the request has taken its effect\n"
            "  what, and the members that go with it:\n",
            kinds);
    for (int i = 0; i < TABLE_COUNT; i++)
        fprintf(stream, "    %s%s%s: %s; %s by itself\n", table[i].what,
                *table[i].members ? " " : "", table[i].members, table[i].doc,
                table[i].is_before ? "before" : "after");
}

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
    if (!text_is_one_of(fault_text(rule, "mode", "cut"), tls_modes))
        return text_format("mode is one of %s", tls_modes);
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
