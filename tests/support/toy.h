/* A service that is nothing like Azure Resource Manager, for tests of what holds for every
 * service: numeric IDs that the service makes, create by POST, update by PATCH or PUT, pages by
 * cursor, errors with numbers, also with status 200.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_TOY_H
#define SUPPORT_TOY_H

#include "rest/dialect.h"

#define TOY_ENDPOINT "https://toy.example.com"
#define TOY_AUDIENCE "api://toy"
#define TOY_TENANT "11112222-3333-4444-5555-666677778888"

extern const struct service_table toy_service;
extern const struct dialect toy_dialect; /* toy_dialect.c */

/* POST creates it with a number, its name finds it again, PATCH changes it. */
extern const struct resource_table widget_table;
/* A child of a widget under a name of the user's; PUT creates and changes it. */
extern const struct resource_table part_table;

extern const struct resource_table *const toy_tables[]; /* ends with NULL */

#endif
