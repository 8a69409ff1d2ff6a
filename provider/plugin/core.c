/* gRPC's C core as a guest in this process: what it may read, say and start; and which
 * variables no library is to see.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <grpc/support/cpu.h>
#include <grpc/support/log.h>

#include "base/log.h"
#include "plugin/internal.h"

/* C core starts up to a thread for each of the machine's cores, most of them to idle: here
 * one thread polls. Both functions stand in for its own, and they must agree. They come into
 * the program together with plugin_core_init(): an archive is searched only for what is
 * missing at that moment. */
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

/* What is set for another program, or to look into this one: GRPC_TRACE alone prints
 * whole messages, and libcurl writes the keys of its connections where SSLKEYLOGFILE says;
 * both hold credentials. */
static bool is_unwanted(const char *entry)
{
    static const char *const beginnings[] = { "GRPC_", "SSLKEYLOGFILE=" };
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncmp(entry, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static void forget_variables(void)
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
            entry = environ; /* the list moved */
    }
}

void plugin_core_init(void)
{
    forget_variables();
    gpr_set_log_function(on_grpc_log);
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
}
