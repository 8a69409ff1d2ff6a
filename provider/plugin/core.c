/* Restricts gRPC's C core: what it reads, logs and starts. Also removes variables that no library
 * must see.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <grpc/support/cpu.h>
#include <grpc/support/log.h>

#include "base/log.h"
#include "base/text.h"
#include "plugin/internal.h"

/* C core would start up to one thread for each of the machine's cores, most of them idle, although
 * only one thread polls here. These two functions replace its own, and must agree. They are in the
 * file of plugin_core_init(), because a linker searches an archive only for symbols that are still
 * missing. */
unsigned gpr_cpu_num_cores(void)
{
    return 2;
}

unsigned gpr_cpu_current_cpu(void)
{
    return 0;
}

static void on_grpc_log(gpr_log_func_args *arguments)
{
    log_write(NULL, arguments->severity == GPR_LOG_SEVERITY_ERROR ? LOG_WARN : LOG_DEBUG,
              NULL, "gRPC: %s", arguments->message);
}

/* Variables that were set for another program, or in order to debug this one. GRPC_TRACE prints
 * whole messages, and libcurl writes the keys of its connections to SSLKEYLOGFILE. Both reveal
 * credentials. Windows ignores the case of names. */
static bool is_unwanted(const char *entry)
{
    static const char *const beginnings[] = { "GRPC_", "SSLKEYLOGFILE=" };
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (text_starts_ignoring_case(entry, beginnings[i]))
            return true;
    return false;
}

void plugin_forget_variables(void)
{
    for (char **entry = environ; entry != NULL && *entry != NULL;) {
        const char *sign = strchr(*entry, '=');
        if (!is_unwanted(*entry) || sign == NULL) {
            entry++;
            continue;
        }
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)(sign - *entry), *entry);
        if (unsetenv(name) < 0 || strlen(name) != (size_t)(sign - *entry))
            entry++;
        else
            entry = environ; /* the list has moved */
    }
}

void plugin_core_init(void)
{
    plugin_forget_variables();
    gpr_set_log_function(on_grpc_log);
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
}
