/* What the files of the doctor share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DOCTOR_INTERNAL_H
#define DOCTOR_INTERNAL_H

#include <jansson.h>

#include "base/format.h"
#include "doctor/doctor.h"
#include "engine/engine.h"

enum doctor_status { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_FAILED, DOCTOR_SKIPPED };

/* One run. */
struct doctor {
    const struct doctor_options *options;
    struct call *call;
    struct session *session;
    json_t *checks; /* an array of what was reported */
    bool has_failed;
};

/* What a check is about: a service by its name ("azure"), or NULL; and the check ("token"). */
struct subject {
    const char *service, *check;
    bool is_optional; /* that it cannot be made is a warning: no run needs it */
};

/* ---- report.c ------------------------------------------------------------------------------ */

/* A line of the report. `text` may end in "What to do: …", as the texts of errors do; what follows
 * that paragraph is for support and left out. */
void doctor_report(struct doctor *doctor, struct subject subject,
                   enum doctor_status status, const char *format, ...)
    PRINTF_FORMAT(4, 5);
/* A failed line for the first error; a warning for each warning. `*diags` is emptied. True: there was
 * an error. */
bool doctor_report_diags(struct doctor *doctor, struct subject subject,
                         struct diags *diags);
/* The end of the report. -1: it could not be written. */
int doctor_report_end(struct doctor *doctor);

/* ---- service.c ----------------------------------------------------------------------------- */

/* The way to a service, its clock, the credential and the token. True: the service can be asked. */
bool doctor_check_service(struct doctor *doctor, const struct service_table *table);

/* ---- objects.c ----------------------------------------------------------------------------- */

/* One of the provider's data sources, with at most one argument (name NULL: none). False: a line of
 * `subject` says why it cannot be read. */
bool doctor_read(struct doctor *doctor, struct subject subject,
                 const struct data_source_table *table, engine_data_fn *read,
                 const char *name, const char *text, const struct value **out);
/* What the hub is registered as; NULL: it does not say. */
const char *doctor_check_activation(struct doctor *doctor);
void doctor_check_registrations(struct doctor *doctor, const char *hubs_own);
void doctor_check_user_plane(struct doctor *doctor);
void doctor_check_partner(struct doctor *doctor);

/* ---- permissions.c ------------------------------------------------------------------------- */

/* Whether a role allows an action: one of its actions matches, and none of the others does. `*` is
 * any text, and case does not matter.
 * Source: azure-docs role-based-access-control/role-definitions.md, "Actions", "NotActions" */
struct permission {
    const char *const *actions, *const *not_actions; /* each ends with NULL */
};
bool doctor_allows(const struct permission *permission, const char *action);

#endif
