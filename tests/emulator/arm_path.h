/* The paths that this service has.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_ARM_PATH_H
#define EMULATOR_ARM_PATH_H

#include <stdbool.h>

enum arm_kind_of_path {
    ARM_REGISTRATIONS, /* of a subscription, or of a group in it */
    ARM_REGISTRATION,
    ARM_CUSTOMERS,
    ARM_CUSTOMER,
    ARM_OPERATION,
    ARM_LOCKS,        /* of a registration, and those it inherits */
    ARM_SUBSCRIPTION, /* for its tenant, without a token */
};

struct arm_path {
    enum arm_kind_of_path kind;
    bool is_exact; /* its fixed words are spelled as in the swagger */
    /* Decoded; NULL when the path has no such part. */
    char *subscription, *group, *registration, *customer, *operation;
};

/* Fixed words match in any case. False: not a path of this service. Clear it either way. */
bool arm_path_parse(const char *path, struct arm_path *out);
void arm_path_clear(struct arm_path *path);

#endif
