/* Switches: how the service answers where nobody knows how it does. The table below is the
 * list; README.md says the same, and selftest.py compares the two.
 * SPDX-License-Identifier: MPL-2.0 */
#include "switches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum kind { ONE_OF, ON_OFF, NUMBER, MAP };

struct row {
    const char *name;
    enum kind kind;
    const char *values;   /* ONE_OF: a|b|c */
    const char *fallback; /* as JSON */
    const char *doc;
    json_t *value;
};

static struct row rows[] = {
    /* Create. */
    { "put_answer", ONE_OF,
      "200_full|200_no_tenant|200_empty_strings|200_no_body|200_empty_object|201_empty|201_full"
      "|202_empty|202_async|204",
      "\"200_full\"", "what a successful PUT answers", NULL },
    { "async_polls", NUMBER, NULL, "1", "202_async: how many polls still say Running",
      NULL },
    { "async_result", ONE_OF, "Succeeded|Failed|Canceled", "\"Succeeded\"",
      "202_async: how the operation ends; anything but Succeeded has no effect", NULL },
    { "async_retry_after_s", NUMBER, NULL, "1", "202_async: Retry-After in seconds",
      NULL },
    { "tenant_id_supplied", ONE_OF, "stored|ignored|checked", "\"stored\"",
      "a tenantId in the PUT body is stored, ignored, or refused (400) when it differs",
      NULL },
    { "put_body", ONE_OF, "any|no_tenant|tenant", "\"any\"",
      "whether a PUT may or must name properties.tenantId; else 400", NULL },
    { "put_existing", ONE_OF, "updates|409", "\"updates\"",
      "a PUT on an id that is mapped already changes it, or gets 409 Conflict", NULL },
    { "displaced_stays", ON_OFF, NULL, "false",
      "a mapping whose tenant was mapped anew is still there for GET and LIST", NULL },
    { "visible_after_ms", NUMBER, NULL, "0",
      "GET and LIST show a new mapping so much later", NULL },
    { "visible_after_gets", NUMBER, NULL, "0",
      "so many GETs do not see a new mapping yet", NULL },
    { "conflict_on_parallel_put", ONE_OF, "no|Conflict|AnotherOperationInProgress",
      "\"no\"",
      "a PUT while another one on the same registration is unanswered gets 409 with this code",
      NULL },
    /* Read. */
    { "get_returns_tenant", ON_OFF, NULL, "true", "GET and LIST show properties.tenantId",
      NULL },
    { "tenant_challenge", ONE_OF, "tenant|common|none", "\"tenant\"",
      "what a GET of a subscription without a token is refused with: a challenge that names its "
      "tenant, one that names none, or no challenge",
      NULL },
    { "get_case", ONE_OF, "as_stored|lower|upper", "\"as_stored\"",
      "spelling of the customer subscription and tenant GUIDs in answers", NULL },
    { "answer_fields", ONE_OF, "full|no_id|sparse", "\"full\"",
      "no_id: GET and LIST leave out id; sparse: id, name and type", NULL },
    { "id_form", ONE_OF, "slash|no_slash", "\"slash\"",
      "id with or without the leading slash", NULL },
    { "name_form", ONE_OF, "parent_child|bare", "\"parent_child\"",
      "name as registration/guid or as guid", NULL },
    { "type_form", ONE_OF, "slash|backslash", "\"slash\"",
      "type as the swagger or as the documentation's sample has it", NULL },
    { "missing_get", ONE_OF, "404_code|400_code|404_resource_not_found|404_empty",
      "\"404_code\"", "GET of what is not mapped", NULL },
    { "list_shows", ONE_OF, "all|nothing|half|empty_body_when_none", "\"all\"",
      "what LIST shows of what is there", NULL },
    { "page_size", NUMBER, NULL, "0", "items of a LIST page; 0: all on one", NULL },
    /* Delete. */
    { "delete_missing", ONE_OF, "204|200|404_code|400_code", "\"204\"",
      "DELETE of what is not mapped", NULL },
    { "delete_existing", ONE_OF, "200|204|202_empty", "\"200\"", "a successful DELETE",
      NULL },
    { "gone_after_ms", NUMBER, NULL, "0",
      "GET and LIST show a deleted mapping so much longer", NULL },
    { "gone_after_gets", NUMBER, NULL, "0", "so many GETs still see a deleted mapping",
      NULL },
    { "displaced_delete", ONE_OF, "204|404|removes_mapping", "\"204\"",
      "DELETE of a mapping that another subscription of its tenant took the place of",
      NULL },
    /* All of them. */
    { "case_rule", ONE_OF, "insensitive|exact|lower_only", "\"insensitive\"",
      "how customer subscription ids are matched; lower_only also refuses a PUT in capitals",
      NULL },
    { "spelling", ONE_OF, "exact|insensitive", "\"exact\"",
      "exact: a path's fixed words in another letter case are a mistake of the client (400)",
      NULL },
    { "lock_inherited", ON_OFF, NULL, "true",
      "a lock on the registration holds for its customer subscriptions too", NULL },
    { "etag", ON_OFF, NULL, "false",
      "answers carry etag; If-Match and If-None-Match hold", NULL },
    { "bom", ON_OFF, NULL, "false", "JSON answers of ARM begin with a byte order mark",
      NULL },
    { "metadata", ONE_OF, "cloud|hub", "\"cloud\"",
      "whose endpoints /metadata/endpoints tells: a cloud's, or an Azure Stack Hub's own",
      NULL },
    { "error_status", MAP, NULL, "{}",
      "error code -> HTTP status, for the codes whose status is not documented", NULL },
    { "not_allowed_on", ONE_OF, "put|all", "\"put\"",
      "which operations CustomerSubscriptionsNotAllowed refuses", NULL },
    { "unlisted_subscriptions", ONE_OF, "accepted|refused", "\"accepted\"",
      "a customer subscription that `subscriptions` does not list is ours, or no CSP one",
      NULL },
    { "write_bucket", ON_OFF, NULL, "false",
      "PUT and DELETE take from a bucket, else 429", NULL },
    { "write_bucket_size", NUMBER, NULL, "200", "the bucket's size", NULL },
    { "write_bucket_per_s", NUMBER, NULL, "10", "what comes back into it in a second",
      NULL },
    /* Sign-in. */
    { "token_lifetime_s", NUMBER, NULL, "3599", "how long a token is good", NULL },
    { "expires_in_form", ONE_OF, "number|string", "\"number\"",
      "expires_in as 3599 or \"3599\"", NULL },
    { "oidc_lifetime_s", NUMBER, NULL, "300", "how long an OIDC token is good", NULL },
    { "clock_ahead_s", NUMBER, NULL, "0",
      "how far Entra's clock is ahead of this machine's, its Date header too", NULL },
    /* Transport. */
    { "latency_ms", NUMBER, NULL, "0", "between the effect of a request and its answer",
      NULL },
    { "latency_on", ONE_OF, "ANY|TOKEN|OIDC|IDENTITY|REGISTRATION|LIST|GET|PUT|DELETE",
      "\"ANY\"", "the kind of request that latency_ms is about", NULL },
    { "tls", ONE_OF,
      "ok|expired|not_yet_valid|wrong_name|self_signed|unknown_ca|tls11|plaintext|cut",
      "\"ok\"", "what new connections find; setting it closes the open ones", NULL },
};

static const char *const kinds[] = { "", "true|false", "a whole number", "an object" };

enum { ROW_COUNT = sizeof rows / sizeof *rows };

static struct row *find(const char *name)
{
    for (int i = 0; i < ROW_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static const struct row *get(const char *name, enum kind kind)
{
    struct row *row = find(name);
    if (row == NULL || row->kind != kind) {
        fprintf(stderr, "the emulator is broken: no switch %s of that kind\n", name);
        abort();
    }
    return row;
}

void switches_reset(void)
{
    for (int i = 0; i < ROW_COUNT; i++) {
        json_decref(rows[i].value);
        rows[i].value = json_loads(rows[i].fallback, JSON_DECODE_ANY, NULL);
    }
}

void switches_free(void)
{
    for (int i = 0; i < ROW_COUNT; i++) {
        json_decref(rows[i].value);
        rows[i].value = NULL;
    }
}

bool switch_exists(const char *name)
{
    return find(name) != NULL;
}

static char *set_one_of(struct row *row, json_t *value)
{
    char *word;
    /* 204 is as good as "204", true as "yes": JSON is written by hand here. */
    if (json_is_integer(value))
        word = text_format("%lld", (long long)json_integer_value(value));
    else if (json_is_string(value))
        word = text_copy(json_string_value(value));
    else if (json_is_false(value) && text_is_one_of("no", row->values))
        word = text_copy("no");
    else if (json_is_true(value) && strcmp(row->name, "conflict_on_parallel_put") == 0)
        word = text_copy("Conflict");
    else
        word = text_copy("?");
    if (!text_is_one_of(word, row->values)) {
        free(word);
        return text_format("%s is one of %s", row->name, row->values);
    }
    json_decref(row->value);
    row->value = json_string(word);
    free(word);
    return NULL;
}

static char *set_on_off(struct row *row, json_t *value)
{
    const char *word = json_string_value(value);
    bool is_on = json_is_true(value) || (word && text_is_one_of(word, "on|yes|true"));
    bool is_off = json_is_false(value) || (word && text_is_one_of(word, "off|no|false"));
    if (!is_on && !is_off)
        return text_format("%s is true or false", row->name);
    json_decref(row->value);
    row->value = json_boolean(is_on);
    return NULL;
}

static char *set_map(struct row *row, json_t *value)
{
    const char *member;
    json_t *number;
    if (!json_is_object(value))
        return text_format("%s is an object of numbers", row->name);
    json_object_foreach(value, member, number) if (
        !json_is_integer(number)) return text_format("%s.%s is not a whole number",
                                                     row->name, member);
    json_decref(row->value);
    row->value = json_deep_copy(value);
    return NULL;
}

char *switch_set(const char *name, json_t *value)
{
    struct row *row = find(name);
    if (row == NULL)
        return text_format("there is no switch %s", name);
    switch (row->kind) {
    case ONE_OF:
        return set_one_of(row, value);
    case ON_OFF:
        return set_on_off(row, value);
    case MAP:
        return set_map(row, value);
    case NUMBER:
        break;
    }
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return text_format("%s is a whole number, 0 or more", name);
    json_decref(row->value);
    row->value = json_incref(value);
    return NULL;
}

bool switch_is(const char *name, const char *value)
{
    const struct row *row = get(name, ONE_OF);
    if (!text_is_one_of(value, row->values)) {
        fprintf(stderr, "the emulator is broken: %s is never %s\n", name, value);
        abort();
    }
    return strcmp(json_string_value(row->value), value) == 0;
}

const char *switch_text(const char *name)
{
    return json_string_value(get(name, ONE_OF)->value);
}

bool switch_on(const char *name)
{
    return json_is_true(get(name, ON_OFF)->value);
}

long switch_number(const char *name)
{
    return (long)json_integer_value(get(name, NUMBER)->value);
}

long switch_member(const char *name, const char *member, long fallback)
{
    json_t *number = json_object_get(get(name, MAP)->value, member);
    return number ? (long)json_integer_value(number) : fallback;
}

void switches_print(FILE *stream)
{
    for (int i = 0; i < ROW_COUNT; i++)
        fprintf(stream, "  %s: %s\n    %s; %s when not set\n", rows[i].name,
                rows[i].values ? rows[i].values : kinds[rows[i].kind], rows[i].doc,
                rows[i].fallback);
}

json_t *switches_values(void)
{
    json_t *values = json_object();
    for (int i = 0; i < ROW_COUNT; i++)
        json_object_set(values, rows[i].name, rows[i].value);
    return values;
}

json_t *switches_describe(void)
{
    json_t *list = json_array();
    for (int i = 0; i < ROW_COUNT; i++) {
        json_t *fallback = json_loads(rows[i].fallback, JSON_DECODE_ANY, NULL);
        const char *values = rows[i].values ? rows[i].values : kinds[rows[i].kind];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:O, s:o, s:s}", "name", rows[i].name,
                                        "values", values, "value", rows[i].value,
                                        "default", fallback, "doc", rows[i].doc));
    }
    return list;
}
