/* Error codes of a service, and what the user can do about them.
 *
 * The texts of tables may contain words in braces: {service}, {noun} and {parent_noun}; of the
 * parent's ARM ID {parent.subscription}, {parent.resource_group} and {parent.name}; and {place.…},
 * a part of the ID of the object, its list or its parent, by its name in the service's ID scheme.
 * ARM's scheme has {place.namespace} and {place.subscription_option}, which is empty for an object
 * that is in no subscription.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_REMEDIES_H
#define SCHEMA_REMEDIES_H

struct resource_table;

/* An array ends with a NULL code. */
struct remedy {
    const char *code;
    const char *meaning;   /* one clause: "the registration is not approved for …" */
    const char *action;    /* sentences: what to do */
    const char *attribute; /* the attribute at fault; NULL: none */
};

/* The table's own row for the code, else the common one; NULL: neither has it. */
const struct remedy *schema_find_remedy(const struct resource_table *table,
                                        const char *code);

/* Those that every ARM service has (remedies.c). */
extern const struct remedy *const schema_common_remedies;

#endif
