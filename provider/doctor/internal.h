/* What the .c files of this folder share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DOCTOR_INTERNAL_H
#define DOCTOR_INTERNAL_H

#include <jansson.h>

#include "base/format.h"
#include "doctor/doctor.h"
#include "engine/engine.h"

enum doctor_status { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_FAILED, DOCTOR_SKIPPED };

/* One run of the doctor. */
struct doctor {
    const struct doctor_options *options;
    struct call *call;
    struct session *session;
    json_t *checks; /* array of the reported results */
    /* Only other services are configured, so a failure of Azure is a warning. */
    bool is_azure_optional;
    bool has_failed;
};

/* The subject of a check: the name of a service ("azure") or NULL, and the name of the check
 * ("token"). */
struct subject {
    const char *service, *check;
    /* If the check cannot be made, that is a warning, because no run needs it. */
    bool is_optional;
    /* An error with this text is a warning, because not every run needs the object. May be NULL. */
    const char *harmless;
};

/* ---- report.c ------------------------------------------------------------------------------ */

/* Reports the result of a check as one line. `text` may end with a paragraph "What to do: …", as
 * texts of errors do; any later paragraph is for support, and omitted. */
void doctor_report(struct doctor *doctor, struct subject subject,
                   enum doctor_status status, const char *format, ...)
    PRINTF_FORMAT(4, 5);
/* Reports each error as failed (a warning if the subject is optional or the error harmless) and each
 * warning as a warning. Empties `*diags`. True: there was an error. */
bool doctor_report_diags(struct doctor *doctor, struct subject subject,
                         struct diags *diags);
/* Ends the report. -1: it could not be written. */
int doctor_report_end(struct doctor *doctor);

/* ---- service.c ----------------------------------------------------------------------------- */

/* Checks the connection to a service, its clock, the credential and the token. True: requests to
 * the service are possible. */
bool doctor_check_service(struct doctor *doctor, const struct service_table *table);

/* ---- objects.c ----------------------------------------------------------------------------- */

/* Reads one of the provider's data sources, with at most one argument (`name` NULL: none). False:
 * it cannot be read, and a line of `subject` says why. */
bool doctor_read(struct doctor *doctor, struct subject subject,
                 const struct data_source_table *table, engine_data_fn *read,
                 const char *name, const char *text, const struct value **out);
/* The ID of the hub's registration; NULL: the hub does not return it. */
const char *doctor_check_activation(struct doctor *doctor);
void doctor_check_registrations(struct doctor *doctor, const char *hubs_own);
void doctor_check_user_plane(struct doctor *doctor);
void doctor_check_partner(struct doctor *doctor);

/* ---- permissions.c ------------------------------------------------------------------------- */

/* A role allows an action if one of its `actions` matches and none of its `not_actions` does. `*`
 * matches any text; case does not matter.
 * Source: azure-docs role-based-access-control/role-definitions.md, "Actions", "NotActions" */
struct permission {
    const char *const *actions, *const *not_actions; /* each ends with NULL */
};
bool doctor_allows(const struct permission *permission, const char *action);

#endif
