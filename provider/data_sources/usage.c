/* What a hub's tenants used: reads the whole time span, in halves if that is too much at once, and
 * adds it up without rounding. Only sums are kept: a hub reports hundreds of thousands of records a
 * week.
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
    const char *subscription, *meter, *start, *end; /* in `texts` */
    char *quantity;
};

struct records {
    struct record *items;
    size_t count, room;
    json_t *places; /* key of a sum -> its index */
};

struct usage {
    struct call *call;
    const struct data_source *source;
    struct session *session;
    struct diags *diags;
    const struct value *config;
    const char *by;             /* aggregate_by */
    int64_t part_ms;            /* an hour or a day */
    json_t *texts;              /* a set */
    struct records *all, *part; /* of the period, and of the part that is read now */
    bool has_failed;
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

/* Each text once. */
static const char *keep(struct usage *usage, const char *text)
{
    if (text == NULL)
        return NULL;
    if (json_object_get(usage->texts, text) == NULL)
        json_object_set_new_nocheck(usage->texts, text, json_true());
    return json_object_iter_key(json_object_iter_at(usage->texts, text));
}

static void clear_records(struct records *records)
{
    for (size_t i = 0; i < records->count; i++)
        free(records->items[i].quantity);
    free(records->items);
    json_decref(records->places);
}

static int add_up(struct usage *usage, struct arena *arena, struct record *sum,
                  const char *quantity)
{
    const char *text = value_add_decimals(arena, sum->quantity, quantity);
    if (text == NULL)
        return diags_error(usage->diags, PATH_NONE, "Cannot add up the usage",
                           "The sum of meter %s has too many digits.", sum->meter);
    free(sum->quantity);
    sum->quantity = memory_copy_text(text);
    return 0;
}

/* Adds a record to its sum, or to the records if they are not grouped. */
static int add(struct usage *usage, struct arena *arena, struct records *records,
               const struct record *one)
{
    const char *key = arena_print(
        arena, "%s\n%s", one->subscription != NULL ? one->subscription : "", one->meter);
    const json_t *place = json_object_get(records->places, key);
    if (place != NULL)
        return add_up(usage, arena, &records->items[json_integer_value(place)],
                      one->quantity);
    if (!text_equal(usage->by, "none"))
        json_object_set_new_nocheck(records->places, key,
                                    json_integer((json_int_t)records->count));
    if (records->count == records->room) {
        records->room = records->room != 0 ? records->room * 2 : 256;
        records->items =
            memory_resize(records->items, records->room, sizeof *records->items);
    }
    records->items[records->count] = *one;
    records->items[records->count++].quantity = memory_copy_text(one->quantity);
    return 0;
}

static int take_record(struct usage *usage, struct arena *arena, const struct value *row)
{
    const char *subscription = get(usage, row, "subscription_id"),
               *meter = get(usage, row, "meter_id"), *text = get(usage, row, "quantity");
    const char *quantity = text != NULL ? value_add_decimals(arena, "0", text) : NULL;
    if (quantity == NULL || meter == NULL || subscription == NULL)
        return diags_error(
            usage->diags, PATH_NONE, "Invalid usage record",
            "The hub returned a usage record of subscription %s and meter %s "
            "with the quantity %s%s. The provider cannot "
            "add it up, and without this record the bill would be too low.",
            subscription != NULL
                ? text_clean_line(arena, subscription, strlen(subscription), 80)
                : "(none)",
            meter != NULL ? text_clean_line(arena, meter, strlen(meter), 80) : "(none)",
            text != NULL ? text_clean_line(arena, text, strlen(text), 80) : "(none)",
            text != NULL && quantity == NULL ? ", which is not a number" : "");
    bool is_sum = !text_equal(usage->by, "none");
    const struct record record = {
        text_equal(usage->by, "meter") ? NULL
                                       : keep(usage, text_lower(arena, subscription)),
        keep(usage, normalize_meter(arena, meter)),
        is_sum ? NULL : keep(usage, get(usage, row, "usage_start_time")),
        is_sum ? NULL : keep(usage, get(usage, row, "usage_end_time")),
        (char *)(uintptr_t)quantity,
    };
    return add(usage, arena, usage->part, &record);
}

/* An engine_listed_fn. */
static int take_listed(void *state, const struct engine_listed *listed)
{
    struct usage *usage = state;
    usage->has_failed = take_record(usage, listed->diags->arena, listed->state) < 0;
    return usage->has_failed;
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

static int refuse_too_much(struct usage *usage, const struct value *part)
{
    bool is_daily = usage->part_ms == DAY_MS;
    bool is_of_one = get(usage, part, "subscription_id") != NULL;
    const char *cure =
        is_daily && is_of_one ? "Read azurestack_usage with granularity = \"hourly\""
        : is_daily  ? "Read azurestack_usage with granularity = \"hourly\", or for "
                      "each subscription with subscription_id"
        : is_of_one ? "Report this as an issue of the provider"
                    : "Read azurestack_usage for each subscription with subscription_id";
    return diags_error(
        usage->diags, PATH_NONE, "Cannot read the usage",
        "The hub's report is larger than the provider reads at once, even for only this "
        "part of the period:\n\n  %s to %s\n\nWhat to do: %s.",
        get(usage, part, "start_time"), get(usage, part, "end_time"), cure);
}

/* Reads the records of a part. Those of a report that ends early are not used. */
static int read_part(struct usage *usage, const struct value *part, enum engine_part *end)
{
    struct records found = { .places = json_object() };
    usage->part = &found;
    int result = engine_walk_part(usage->call, usage->source, usage->session, part,
                                  TOO_MUCH_STATUS, take_listed, usage, end, usage->diags);
    if (usage->has_failed)
        result = -1;
    for (size_t i = 0; result == 0 && *end == PART_WHOLE && i < found.count; i++) {
        auto_arena arena = arena_new();
        result = add(usage, arena, usage->all, &found.items[i]);
    }
    clear_records(&found);
    return result;
}

static int read_span(struct usage *usage, int64_t begin_ms, int64_t end_ms)
{
    const struct value *part = with_times(usage, begin_ms, end_ms);
    enum engine_part end;
    if (read_part(usage, part, &end) < 0)
        return -1;
    if (end == PART_WHOLE) {
        usage->in_a_row = 0;
        return 0;
    }
    int64_t parts = (end_ms - begin_ms) / usage->part_ms;
    if (parts <= 1)
        return end == PART_REFUSED ? note_missing(usage, part)
                                   : refuse_too_much(usage, part);
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

/* ---- rows ---------------------------------------------------------------------------------- */

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

static const struct value *make_rows(struct usage *usage)
{
    struct arena *arena = usage->call->arena;
    const struct attribute *row = schema_find(usage->source->table->attributes, "rows");
    const struct type *type = schema_rows_type(arena, row->rows);
    const struct records *all = usage->all;
    const struct value **items = arena_take_many(arena, all->count, sizeof *items);
    if (all->count > 0) /* without records there is no array */
        qsort(all->items, all->count, sizeof *all->items, by_all);
    for (size_t i = 0; i < all->count; i++) {
        const struct record *one = &all->items[i];
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
    return value_many(arena, schema_attribute_type(arena, row), items, all->count);
}

static void finish(struct usage *usage, const struct value **out)
{
    struct arena *arena = usage->call->arena;
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
    usage->by = get(usage, usage->config, "aggregate_by");
    bool is_daily = text_equal(get(usage, usage->config, "granularity"), "daily");
    usage->part_ms = is_daily ? DAY_MS : HOUR_MS;
    return 0;
}

int data_usage(struct call *call, const struct data_source *source,
               struct session *session, const struct value *config,
               const struct value **out, struct diags *diags)
{
    struct records all = { .places = json_object() };
    struct usage usage = { .call = call,
                           .source = source,
                           .session = session,
                           .diags = diags,
                           .config = config,
                           .texts = json_object(),
                           .all = &all,
                           .missing = "" };
    int64_t begin_ms = 0, end_ms = 0;
    clock_parse_rfc3339(get(&usage, config, "start_time"),
                        &begin_ms); /* the texts were validated */
    clock_parse_rfc3339(get(&usage, config, "end_time"), &end_ms);
    bool is_read = check_end(&usage, end_ms) == 0 && fill_in(&usage) == 0 &&
                   read_span(&usage, begin_ms, end_ms) == 0;
    if (is_read)
        finish(&usage, out);
    clear_records(&all);
    json_decref(usage.texts);
    return is_read ? 0 : -1;
}
