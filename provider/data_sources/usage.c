/* What a hub's tenants used: reads the whole time span, in halves if that is too much for the hub
 * at once, and adds it up without rounding.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "data_sources/readers.h"
#include "schema/meters.h"

enum {
    HOUR_MS = 60 * 60 * 1000,
    DAY_MS = 24 * HOUR_MS,
    TOO_MUCH_STATUS = 504, /* GatewayTimeout, seen in Microsoft's recordings */
    MISSING_SHOWN_MAX = 10,
    /* After so many parts in a row that are too much, no part is: the service does not work. */
    MISSING_IN_A_ROW_MAX = 6,
};

struct record {
    const char *subscription, *meter, *start, *end, *quantity; /* in the call's arena */
};

struct usage {
    struct call *call;
    const struct data_source *source;
    struct session *session;
    struct diags *diags;
    const struct value *config;
    int64_t part_ms; /* an hour or a day */
    struct record *records;
    size_t count, room;
    const char *missing; /* what the hub did not report, one item per line */
    size_t missing_count, in_a_row;
};

static const char *get(struct usage *usage, const struct value *object, const char *name)
{
    return value_text(value_get(usage->call->arena, object, name));
}

/* ---- the records --------------------------------------------------------------------------- */

/* The meter's GUID with hyphens and in lower case; another text in lower case. */
static const char *normalize_meter(struct arena *arena, const char *id)
{
    char hex[33];
    size_t count = 0;
    for (const char *at = id; *at != '\0'; at++) {
        if (*at == '-')
            continue;
        if (count == 32)
            return text_lower(arena, id);
        hex[count++] = *at;
    }
    hex[count] = '\0';
    const char *guid =
        arena_print(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, count == 32 ? hex + 8 : "",
                    count == 32 ? hex + 12 : "", count == 32 ? hex + 16 : "",
                    count == 32 ? hex + 20 : "");
    return text_lower(arena, count == 32 && text_is_guid(guid) ? guid : id);
}

static int add_record(struct usage *usage, const struct value *row)
{
    struct arena *arena = usage->call->arena;
    const char *subscription = get(usage, row, "subscription_id"),
               *meter = get(usage, row, "meter_id"), *text = get(usage, row, "quantity");
    const char *quantity = text != NULL ? value_add_decimals(arena, "0", text) : NULL;
    if (quantity == NULL || meter == NULL || subscription == NULL)
        return diags_error(
            usage->diags, PATH_NONE, "Invalid usage record",
            "The hub returned a usage record of subscription %s and meter %s "
            "with the quantity %s, which is not a number. The provider cannot "
            "add it up, and without this record the bill would be too low.",
            subscription != NULL
                ? text_clean_line(arena, subscription, strlen(subscription), 80)
                : "(none)",
            meter != NULL ? text_clean_line(arena, meter, strlen(meter), 80) : "(none)",
            text != NULL ? text_clean_line(arena, text, strlen(text), 80) : "(none)");
    if (usage->count == usage->room) {
        usage->room = usage->room != 0 ? usage->room * 2 : 256;
        usage->records =
            memory_resize(usage->records, usage->room, sizeof *usage->records);
    }
    usage->records[usage->count++] = (struct record){
        text_lower(arena, subscription),
        normalize_meter(arena, meter),
        get(usage, row, "usage_start_time"),
        get(usage, row, "usage_end_time"),
        quantity,
    };
    return 0;
}

/* ---- the time ------------------------------------------------------------------------------ */

static const struct value *with_times(struct usage *usage, int64_t begin_ms,
                                      int64_t end_ms)
{
    struct arena *arena = usage->call->arena;
    char begin[CLOCK_RFC3339_BYTES], end[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(begin_ms, begin);
    clock_format_rfc3339(end_ms, end);
    const struct value *config =
        value_with(arena, usage->config, "start_time",
                   value_string(arena, arena_copy_text(arena, begin)));
    return value_with(arena, config, "end_time",
                      value_string(arena, arena_copy_text(arena, end)));
}

static int note_missing(struct usage *usage, const struct value *part)
{
    bool is_daily = usage->part_ms == DAY_MS;
    if (++usage->in_a_row == MISSING_IN_A_ROW_MAX)
        return diags_error(
            usage->diags, PATH_NONE, "Cannot read the usage",
            "The hub returned status %d for %d %s of the period in a row, even when the "
            "provider requested only that part. The last one:\n\n  %s to %s\n\nWhat to "
            "do: Run again later. If the error comes back, check the usage service of the "
            "hub%s.",
            TOO_MUCH_STATUS, MISSING_IN_A_ROW_MAX, is_daily ? "days" : "hours",
            get(usage, part, "start_time"), get(usage, part, "end_time"),
            is_daily ? ", or read azurestack_usage with granularity = \"hourly\", which "
                       "requests less at once"
                     : "");
    if (usage->missing_count++ < MISSING_SHOWN_MAX)
        usage->missing =
            arena_print(usage->call->arena, "%s\n  %s to %s", usage->missing,
                        get(usage, part, "start_time"), get(usage, part, "end_time"));
    return 0;
}

static int read_span(struct usage *usage, int64_t begin_ms, int64_t end_ms)
{
    const struct value *part = with_times(usage, begin_ms, end_ms), *found = NULL;
    bool is_refused = false;
    if (engine_read_part(usage->call, usage->source, usage->session, part,
                         TOO_MUCH_STATUS, &is_refused, &found, usage->diags) < 0)
        return -1;
    if (!is_refused) {
        usage->in_a_row = 0;
        const struct value *rows = value_get(usage->call->arena, found, "rows");
        for (size_t i = 0; i < rows->many.count; i++) {
            if (add_record(usage, rows->many.items[i]) < 0)
                return -1;
        }
        return 0;
    }
    int64_t parts = (end_ms - begin_ms) / usage->part_ms;
    if (parts <= 1)
        return note_missing(usage, part);
    int64_t middle_ms = begin_ms + parts / 2 * usage->part_ms;
    return read_span(usage, begin_ms, middle_ms) < 0
               ? -1
               : read_span(usage, middle_ms, end_ms);
}

/* Checks end_time by this machine's clock, at the time of the read. */
static int check_end(struct usage *usage, int64_t end_ms)
{
    int64_t now_ms = clock_wall_ms();
    char midnight[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(now_ms - now_ms % DAY_MS, midnight);
    if (end_ms <= now_ms - now_ms % DAY_MS)
        return 0;
    return diags_error(usage->diags,
                       path_attribute(usage->call->arena, PATH_NONE, "end_time"),
                       "end_time is too late",
                       "end_time is \"%s\", but the hub reports only complete days. The "
                       "latest possible end_time is \"%s\", by this machine's "
                       "clock.\n\nWhat to do: Set an earlier end_time.",
                       get(usage, usage->config, "end_time"), midnight);
}

/* ---- sums ---------------------------------------------------------------------------------- */

static int order(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_all(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    int result = order(x->subscription, y->subscription);
    result = result != 0 ? result : order(x->meter, y->meter);
    result = result != 0 ? result : order(x->start, y->start);
    result = result != 0 ? result : order(x->end, y->end);
    return result != 0 ? result : order(x->quantity, y->quantity);
}

static void sort(struct usage *usage)
{
    if (usage->count > 0) /* without records there is no array */
        qsort(usage->records, usage->count, sizeof *usage->records, by_all);
}

/* Adds up the records of each subscription and meter; with `of_all`, those of each meter. */
static int add_up(struct usage *usage, bool of_all)
{
    size_t count = 0;
    for (size_t i = 0; i < usage->count; i++) {
        struct record *one = &usage->records[i];
        one->start = one->end = NULL;
        if (of_all)
            one->subscription = NULL;
    }
    sort(usage);
    for (size_t i = 0; i < usage->count; i++) {
        const struct record *one = &usage->records[i];
        struct record *sum = &usage->records[count > 0 ? count - 1 : 0];
        if (count == 0 || order(one->subscription, sum->subscription) != 0 ||
            order(one->meter, sum->meter) != 0) {
            usage->records[count++] = *one;
            continue;
        }
        sum->quantity =
            value_add_decimals(usage->call->arena, sum->quantity, one->quantity);
        if (sum->quantity == NULL)
            return diags_error(usage->diags, PATH_NONE, "Cannot add up the usage",
                               "The sum of meter %s has too many digits.", sum->meter);
    }
    usage->count = count;
    return 0;
}

static const struct value *make_rows(struct usage *usage)
{
    struct arena *arena = usage->call->arena;
    const struct attribute *row = schema_find(usage->source->table->attributes, "rows");
    const struct type *type = schema_rows_type(arena, row->rows);
    const struct value **items = arena_take_many(arena, usage->count, sizeof *items);
    for (size_t i = 0; i < usage->count; i++) {
        const struct record *one = &usage->records[i];
        const struct meter *meter = meters_find(one->meter);
        const struct value *item = value_object_of_nulls(arena, type);
        const char *const texts[][2] = {
            { "subscription_id", one->subscription },
            { "meter_id", one->meter },
            { "meter_name", meter != NULL ? meter->name : NULL },
            { "unit", meter != NULL ? meter->unit : NULL },
            { "quantity", one->quantity },
            { "usage_start_time", one->start },
            { "usage_end_time", one->end },
        };
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
            item = value_with(arena, item, texts[j][0], value_string(arena, texts[j][1]));
        items[i] = item;
    }
    return value_many(arena, schema_attribute_type(arena, row), items, usage->count);
}

static int finish(struct usage *usage, const struct value **out)
{
    struct arena *arena = usage->call->arena;
    const char *by = get(usage, usage->config, "aggregate_by");
    if (text_equal(by, "none"))
        sort(usage);
    else if (add_up(usage, text_equal(by, "meter")) < 0)
        return -1;
    *out = value_with(arena, usage->config, "rows", make_rows(usage));
    *out =
        value_with(arena, *out, "complete", value_bool(arena, usage->missing_count == 0));
    if (usage->missing_count > 0)
        diags_warning(usage->diags, PATH_NONE, "Usage is incomplete",
                      "The hub did not return the usage for %zu part%s of the period, "
                      "even when the provider requested only that part (status %d):\n"
                      "%s%s\n\nThe usage of these parts is missing in the rows, and "
                      "complete is false.",
                      usage->missing_count, usage->missing_count == 1 ? "" : "s",
                      TOO_MUCH_STATUS, usage->missing,
                      usage->missing_count > MISSING_SHOWN_MAX ? "\n  …" : "");
    return 0;
}

/* Fills in what the configuration omits. */
static int fill_in(struct usage *usage)
{
    struct arena *arena = usage->call->arena;
    if (engine_fill_data(usage->call, usage->source, usage->session, usage->config,
                         &usage->config, usage->diags) < 0)
        return -1;
    const char *account = get(usage, usage->config, "administrator_subscription_id");
    usage->config =
        value_with(arena, usage->config, "id",
                   value_string(arena, arena_print(arena, "/subscriptions/%s", account)));
    bool is_daily = text_equal(get(usage, usage->config, "granularity"), "daily");
    usage->part_ms = is_daily ? DAY_MS : HOUR_MS;
    return 0;
}

int data_usage(struct call *call, const struct data_source *source,
               struct session *session, const struct value *config,
               const struct value **out, struct diags *diags)
{
    struct usage usage = { .call = call,
                           .source = source,
                           .session = session,
                           .diags = diags,
                           .config = config,
                           .missing = "" };
    int64_t begin_ms = 0, end_ms = 0;
    clock_parse_rfc3339(get(&usage, config, "start_time"),
                        &begin_ms); /* the texts were validated */
    clock_parse_rfc3339(get(&usage, config, "end_time"), &end_ms);
    int result = -1;
    if (check_end(&usage, end_ms) == 0 && fill_in(&usage) == 0 &&
        read_span(&usage, begin_ms, end_ms) == 0)
        result = finish(&usage, out);
    free(usage.records);
    return result;
}
