/* `terraform-provider-azurestack doctor`: signs in as a run of Terraform would with the same
 * environment, looks at what a run needs, and says what is wrong. It only reads.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

#include "configure/configure.h"

struct doctor_options {
    const struct provider_table *provider;
    const struct configure_service *services; /* as struct configure_host has them */
    const char *version;
    const char *registration_id; /* NULL: the hub's, else those of the subscription */
    bool is_json;                /* one JSON object at the end, and no lines */
    FILE *out;
};

/* 0; 1 where a check failed, or the report could not be written. */
int doctor_run(const struct doctor_options *options);

#endif
