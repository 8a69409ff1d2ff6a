/* The meters of a hub's usage.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_METERS_H
#define SCHEMA_METERS_H

struct meter {
    const char *id; /* a GUID in lower case */
    const char *name, *unit;
};

/* NULL: not a known one. Source: azure-stack-usage-related-faq.yml, "What meter IDs can I see?" */
const struct meter *meters_find(const char *id);
extern const struct meter meters_all[]; /* ends with a NULL ID */

#endif
