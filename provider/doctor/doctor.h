/* `terraform-provider-azurestack doctor`: signs in as Terraform would with the same environment,
 * checks what a run needs, and reports problems. It never writes.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

#include "configure/configure.h"

struct doctor_options {
    const struct provider_table *provider;
    const struct configure_service *services; /* as in struct configure_host */
    const char *version;
    /* NULL: the hub's registration, else all registrations of the subscription. */
    const char *registration_id;
    bool is_json; /* a JSON object at the end, instead of lines */
    FILE *out;
};

/* 0; 1: a check failed, or the report could not be written. */
int doctor_run(const struct doctor_options *options);

#endif
