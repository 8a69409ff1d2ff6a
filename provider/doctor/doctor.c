/* The checks, in an order in which the first failure explains the later ones.
 * SPDX-License-Identifier: MPL-2.0 */
#include "doctor/doctor.h"

#include <stdlib.h>

#include "base/clock.h"
#include "doctor/internal.h"
#include "schema/tables.h"

/* The names of the variables that are set, without their values. */
static const char *list_variables(struct arena *arena, const struct attribute *rows,
                                  bool has_blocks, const char *list)
{
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        const char *const *name = row->env;
        for (; name != NULL && *name != NULL; name++) {
            const char *text = getenv(*name);
            if (text != NULL && *text != '\0')
                list =
                    arena_print(arena, "%s%s%s", list, *list != '\0' ? ", " : "", *name);
        }
        if (row->rows != NULL && has_blocks)
            list = list_variables(arena, row->rows, true, list);
    }
    return list;
}

/* False: a line says why there is no session. */
static bool configure(struct doctor *doctor)
{
    struct arena *arena = doctor->call->arena;
    const struct doctor_options *options = doctor->options;
    const struct attribute *rows = options->provider->attributes;
    const struct subject subject = { .service = NULL, .check = "environment" };
    const struct configure_host host = { .services = options->services,
                                         .provider_version = options->version };
    struct diags diags;
    diags_init(&diags, arena);
    const struct value *nothing =
        value_object_of_nulls(arena, schema_rows_type(arena, rows));
    configure_session(doctor->call, options->provider, &host, nothing, &doctor->session,
                      &diags);
    if (doctor_report_diags(doctor, subject, &diags))
        return false;
    const char *variables = list_variables(arena, rows, true, "");
    doctor_report(doctor, subject, DOCTOR_OK, "%s%s.",
                  *variables != '\0' ? "These variables are set: "
                                     : "No variable of the provider is set",
                  variables);
    return true;
}

static bool is_configured(struct doctor *doctor, const struct service_table *table)
{
    return service_is_configured(session_find_service(doctor->session, table->name));
}

/* Such as a hub with AD FS, which is not connected to Azure. */
static bool is_azure_optional(struct doctor *doctor)
{
    return doctor->options->registration_id == NULL &&
           *list_variables(doctor->call->arena, doctor->options->provider->attributes,
                           false, "") == '\0' &&
           (is_configured(doctor, &hub_service) ||
            is_configured(doctor, &hub_user_service) ||
            is_configured(doctor, &partner_service));
}

static void check(struct doctor *doctor)
{
    const char *hubs_own = NULL;
    doctor->is_azure_optional = is_azure_optional(doctor);
    bool has_azure = doctor_check_service(doctor, &azure_service);
    if (doctor_check_service(doctor, &hub_service))
        hubs_own = doctor_check_activation(doctor);
    if (has_azure)
        doctor_check_registrations(doctor, hubs_own);
    if (doctor_check_service(doctor, &hub_user_service))
        doctor_check_user_plane(doctor);
    if (doctor_check_service(doctor, &partner_service))
        doctor_check_partner(doctor);
}

int doctor_run(const struct doctor_options *options)
{
    auto_stop stop = stop_new(); /* if the output is closed */
    auto_call call;
    call_init(&call, stop);
    struct doctor doctor = { .options = options, .call = &call, .checks = json_array() };
    if (configure(&doctor))
        check(&doctor);
    bool is_written = doctor_report_end(&doctor) == 0;
    session_free(doctor.session);
    json_decref(doctor.checks);
    return doctor.has_failed || !is_written;
}
