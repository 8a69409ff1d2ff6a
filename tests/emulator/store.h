/* The world: applications, registrations, customer subscriptions and who is mapped where. It
 * is JSON throughout, as the configuration wrote it; what the service says about it is in arm.c
 * and customers.c.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_STORE_H
#define EMULATOR_STORE_H

#include <stdbool.h>
#include <jansson.h>

#include "text.h"

/* Back to `config` (its members applications, identities, jobs, registrations, subscriptions, mappings, each
 * with a default). Returns NULL, or what is wrong with it, to be freed by the caller. */
char *store_reset(const json_t *config);
void store_free(void);

/* The arrays themselves; borrowed. */
json_t *store_applications(void);
json_t *store_identities(void);
json_t *store_jobs(void);
json_t *store_registrations(void);

/* Adds to an array, or changes the members given of the entry that is meant. NULL or an error. */
char *store_set_application(json_t *entry);
char *store_set_identity(json_t *entry);
char *store_set_job(json_t *entry);
char *store_set_registration(json_t *entry);
char *store_set_subscription(json_t *entry);
/* With all its mappings. False: there is none. */
bool store_forget_registration(const json_t *entry);

/* Names ignore case. Any but `subscription` may be NULL: then any will do. */
json_t *registration_find(const char *subscription, const char *group, const char *name);
const char *registration_text(const json_t *registration, const char *member);
/* "/subscriptions/…/registrations/name" in its own spelling; to be freed. */
char *registration_id(const json_t *registration);

/* What CSP knows of a customer subscription: NULL when nothing is listed. */
json_t *subscription_find(const char *id);
/* The tenant it belongs to: as listed, else derived from the id. */
void subscription_tenant(const char *id, char out[GUID_SIZE]);

/* A mapping as case_rule matches names; `registration` is borrowed from this store. NULL when
 * there is none. One that was deleted but may still be seen (gone_after_…) is found too. */
json_t *mapping_find(const json_t *registration, const char *customer);
bool mapping_is_alive(const json_t *mapping);
/* Would a read show it at this moment? A GET uses up one of the visible_after_gets. */
bool mapping_is_shown(json_t *mapping, bool is_get);
/* Of one registration in the order of creation, shown or not; new reference. */
json_t *mappings_of(const json_t *registration);

/* Maps. The first mapping of a tenant on this registration, if another, is displaced. */
json_t *mapping_put(json_t *registration, const char *customer, const char *tenant);
void mapping_delete(json_t *mapping);
/* Who took the place of `customer`, if somebody did: a mapping or NULL. */
json_t *mapping_displacer(const json_t *registration, const char *customer,
                          bool *was_displaced);

/* Behind everybody's back: exactly so, at once, no displacement. NULL or an error. */
char *mapping_force(const char *id, const char *tenant);
/* Returns how many went. The exact spelling if it is there, else any. */
int mapping_drop(const char *id);
/* [{id, customer_subscription_id, tenant_id, visible}]; new reference. */
json_t *mappings_dump(void);

/* Between the two nothing is logged, and the second one brings everything back. */
void store_rehearse(void);
void store_restore(void);

#endif
