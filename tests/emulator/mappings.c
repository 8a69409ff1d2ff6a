/* Who is mapped where, and what of it can be seen. A mapping outlives its deletion while
 * gone_after_… still shows it, and is there before visible_after_… does.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "store.h"
#include "store_internal.h"
#include "switches.h"

/* A mapping: registration (its id in lower case), customer, tenant, etag, is_alive, changes_ms
 * and changes_gets (until then reads show what was before). displaced: the same of those whose
 * place another took, with `by`, the customer that did. */
static json_t *mappings, *displaced;
static json_t *saved_mappings, *saved_displaced;

static const char *text_of(const json_t *mapping, const char *member)
{
    return json_string_value(json_object_get(mapping, member));
}

void mappings_reset(void)
{
    mappings_free();
    mappings = json_array();
    displaced = json_array();
}

void mappings_free(void)
{
    json_decref(mappings);
    json_decref(displaced);
    mappings = displaced = NULL;
}

static char *key_of(const json_t *registration)
{
    char *id = registration_id(registration), *key = text_lower(id);
    free(id);
    return key;
}

static void forget_in(json_t *list, const char *key)
{
    for (size_t i = json_array_size(list); i-- > 0;)
        if (strcmp(text_of(json_array_get(list, i), "registration"), key) == 0)
            json_array_remove(list, i);
}

void mappings_forget(const json_t *registration)
{
    char *key = key_of(registration);
    forget_in(mappings, key);
    forget_in(displaced, key);
    free(key);
}

static void effect(const char *what, const char *key, const char *customer,
                   const char *tenant)
{
    if (saved_mappings != NULL)
        return;
    char *text = text_format("%s %s/customersubscriptions/%s", what, key, customer);
    log_event(requests_log, "EFFECT",
              json_pack("{s:s, s:s, s:s, s:s?}", "what", text, "registration", key,
                        "customer_subscription_id", customer, "tenant_id", tenant));
    free(text);
}

static bool is_same_name(const char *a, const char *b)
{
    return switch_is("case_rule", "insensitive") ? strcasecmp(a, b) == 0
                                                 : strcmp(a, b) == 0;
}

static json_t *find_in(json_t *list, const json_t *registration, const char *customer,
                       size_t *index)
{
    char *key = key_of(registration);
    json_t *found = NULL, *mapping;
    size_t i;
    json_array_foreach(list, i, mapping)
    {
        if (strcmp(text_of(mapping, "registration"), key) == 0 &&
            is_same_name(text_of(mapping, "customer"), customer)) {
            found = mapping;
            if (index != NULL)
                *index = i;
            break;
        }
    }
    free(key);
    return found;
}

static void remove_from(json_t *list, const json_t *mapping)
{
    size_t i;
    json_t *other;
    json_array_foreach(list, i, other)
    {
        if (other == mapping) {
            json_array_remove(list, i);
            return;
        }
    }
}

bool mapping_is_alive(const json_t *mapping)
{
    return json_is_true(json_object_get(mapping, "is_alive"));
}

/* Have reads caught up with the last change? */
static bool is_settled(json_t *mapping, bool is_get)
{
    json_int_t gets = json_integer_value(json_object_get(mapping, "changes_gets"));
    if (gets > 0 && is_get)
        json_object_set_new(mapping, "changes_gets", json_integer(gets - 1));
    return gets == 0 &&
           clock_ms() >= json_integer_value(json_object_get(mapping, "changes_ms"));
}

bool mapping_is_shown(json_t *mapping, bool is_get)
{
    bool settled = is_settled(mapping, is_get);
    return mapping_is_alive(mapping) ? settled : !settled;
}

json_t *mapping_find(const json_t *registration, const char *customer)
{
    return find_in(mappings, registration, customer, NULL);
}

json_t *mappings_of(const json_t *registration)
{
    char *key = key_of(registration);
    json_t *list = json_array(), *mapping;
    size_t i;
    json_array_foreach(mappings, i,
                       mapping) if (strcmp(text_of(mapping, "registration"), key) == 0)
        json_array_append(list, mapping);
    free(key);
    return list;
}

static void set_change(json_t *mapping, const char *ms_switch, const char *gets_switch)
{
    json_object_set_new(mapping, "changes_ms",
                        json_integer(clock_ms() + switch_number(ms_switch)));
    json_object_set_new(mapping, "changes_gets",
                        json_integer(switch_number(gets_switch)));
}

static json_t *add(const char *key, const char *customer)
{
    json_t *mapping = json_pack("{s:s, s:s, s:b}", "registration", key, "customer",
                                customer, "is_alive", 0);
    json_array_append_new(mappings, mapping);
    return mapping;
}

static void fill(json_t *mapping, const char *tenant)
{
    char etag[GUID_SIZE];
    guid_random(etag);
    json_object_set_new(mapping, "tenant", json_string(tenant));
    json_object_set_new(mapping, "etag", json_string(etag));
    json_object_set_new(mapping, "is_alive", json_true());
}

/* One subscription per tenant: the one that had it before goes without being told. */
static void displace(const char *key, const char *customer, const char *tenant)
{
    if (switch_on("displaced_stays"))
        return;
    for (size_t i = json_array_size(mappings); i-- > 0;) {
        json_t *other = json_array_get(mappings, i);
        const char *name = text_of(other, "customer");
        if (!mapping_is_alive(other) ||
            strcmp(text_of(other, "registration"), key) != 0 ||
            strcasecmp(text_of(other, "tenant"), tenant) != 0 ||
            is_same_name(name, customer))
            continue;
        effect("displaced", key, name, tenant);
        json_object_set_new(other, "by", json_string(customer));
        json_array_append(displaced, other);
        json_array_remove(mappings, i);
    }
}

json_t *mapping_put(json_t *registration, const char *customer, const char *tenant)
{
    char *key = key_of(registration);
    json_t *mapping = mapping_find(registration, customer);
    json_t *was_displaced = find_in(displaced, registration, customer, NULL);
    displace(key, customer, tenant);
    if (was_displaced != NULL)
        remove_from(displaced, was_displaced);
    if (mapping == NULL)
        mapping = add(key, customer);
    if (!mapping_is_alive(mapping)) {
        /* A new life, in the new spelling; a changed tenant shows at once. */
        json_object_set_new(mapping, "customer", json_string(customer));
        set_change(mapping, "visible_after_ms", "visible_after_gets");
    }
    fill(mapping, tenant);
    effect("PUT mapping", key, customer, tenant);
    free(key);
    return mapping;
}

void mapping_delete(json_t *mapping)
{
    effect("DELETE mapping", text_of(mapping, "registration"),
           text_of(mapping, "customer"), text_of(mapping, "tenant"));
    json_object_set_new(mapping, "is_alive", json_false());
    set_change(mapping, "gone_after_ms", "gone_after_gets");
    if (switch_number("gone_after_ms") == 0 && switch_number("gone_after_gets") == 0)
        remove_from(mappings, mapping);
}

json_t *mapping_displacer(const json_t *registration, const char *customer,
                          bool *was_displaced)
{
    const json_t *old = find_in(displaced, registration, customer, NULL);
    *was_displaced = old != NULL;
    if (old == NULL)
        return NULL;
    json_t *displacer = mapping_find(registration, text_of(old, "by"));
    return displacer && mapping_is_alive(displacer) ? displacer : NULL;
}

/* The registration's part and the last segment of a mapping's id. */
static bool split(const char *id, char **key, const char **customer)
{
    static const char between[] = "/customersubscriptions/";
    char *lower = text_lower(id);
    char *at = strstr(lower, between);
    if (at == NULL) {
        free(lower);
        return false;
    }
    *customer = id + (at - lower) + sizeof between - 1;
    *at = '\0';
    *key = lower;
    return true;
}

char *mapping_force(const char *id, const char *tenant)
{
    char *key;
    const char *customer;
    char derived[GUID_SIZE];
    if (!split(id, &key, &customer) || !*customer || strchr(customer, '/'))
        return text_format("%s is not the id of a mapping", id);
    subscription_tenant(customer, derived);
    json_t *mapping = NULL, *other;
    size_t i;
    json_array_foreach(mappings, i,
                       other) if (strcmp(text_of(other, "registration"), key) == 0 &&
                                  strcmp(text_of(other, "customer"), customer) == 0)
        mapping = other;
    if (mapping == NULL)
        mapping = add(key, customer);
    json_object_del(mapping, "changes_ms");
    json_object_del(mapping, "changes_gets");
    fill(mapping, tenant ? tenant : derived);
    free(key);
    return NULL;
}

int mapping_drop(const char *id)
{
    char *key;
    const char *customer;
    int dropped = 0;
    if (!split(id, &key, &customer))
        return 0;
    for (int is_exact = 1; is_exact >= 0 && dropped == 0; is_exact--) {
        for (size_t i = json_array_size(mappings); i-- > 0;) {
            const json_t *mapping = json_array_get(mappings, i);
            const char *name = text_of(mapping, "customer");
            if (strcmp(text_of(mapping, "registration"), key) == 0 &&
                (is_exact ? strcmp(name, customer) : strcasecmp(name, customer)) == 0) {
                json_array_remove(mappings, i);
                dropped++;
            }
        }
    }
    free(key);
    return dropped;
}

/* As the registration spells itself; the key when there is no such registration any more. */
static char *id_of(const json_t *mapping)
{
    const char *key = text_of(mapping, "registration");
    char *registration = text_copy(key);
    size_t i;
    json_t *known;
    json_array_foreach(store_registrations(), i, known)
    {
        char *id = registration_id(known);
        if (strcasecmp(id, key) == 0) {
            free(registration);
            registration = text_copy(id);
        }
        free(id);
    }
    char *id = text_format("%s/customerSubscriptions/%s", registration,
                           text_of(mapping, "customer"));
    free(registration);
    return id;
}

json_t *mappings_dump(void)
{
    json_t *list = json_array(), *mapping;
    size_t i;
    json_array_foreach(mappings, i, mapping)
    {
        if (!mapping_is_alive(mapping))
            continue;
        char *id = id_of(mapping);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "id", id,
                                              "customer_subscription_id",
                                              text_of(mapping, "customer"), "tenant_id",
                                              text_of(mapping, "tenant"), "visible",
                                              mapping_is_shown(mapping, false)));
        free(id);
    }
    return list;
}

void store_rehearse(void)
{
    saved_mappings = mappings;
    saved_displaced = displaced;
    mappings = json_deep_copy(mappings);
    displaced = json_deep_copy(displaced);
}

void store_restore(void)
{
    mappings_free();
    mappings = saved_mappings;
    displaced = saved_displaced;
    saved_mappings = saved_displaced = NULL;
}
