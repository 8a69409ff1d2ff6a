/* The plugin process: options and wiring.
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/process.h"
#include "doctor/doctor.h"
#include "help.h"
#include "plugin/server.h"
#include "registry.h"
#include "rpc/rpc.h"
#include "schema/tables.h"

/* Without a host: Terraform and OpenTofu each fill in their own registry. */
#define PROVIDER_ADDRESS "azurestack-csp/azurestack"

static int usage(const char *option)
{
    fprintf(stderr, "terraform-provider-azurestack: unknown option %s; see --help\n",
            option);
    return 2;
}

/* `doctor [--json] [REGISTRATION_ID]` */
static int run_doctor(int argc, char **argv)
{
    struct doctor_options options = { .provider = &provider_table,
                                      .services = registry_services,
                                      .version = PROVIDER_VERSION,
                                      .out = stdout };
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0 || strcmp(argv[i], "-json") == 0)
            options.is_json = true;
        else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-help") == 0)
            return help_print(PROVIDER_VERSION);
        else if (argv[i][0] == '-' || options.registration_id != NULL)
            return usage(argv[i]);
        else
            options.registration_id = argv[i];
    }
    plugin_forget_variables();
    log_init();
    log_set_plain(true);
    child_end_on_signals();
    return doctor_run(&options);
}

int main(int argc, char **argv)
{
    bool is_debug = false;
    /* Tokens, and the first password of a new customer, are read from JSON. jansson makes copies of
     * its own, such as the current token's text in its lexer, which only its allocator can wipe. */
    json_set_alloc_funcs(memory_new, memory_wipe_and_free);
    process_init(PROVIDER_VERSION);
    if (argc > 1 && strcmp(argv[1], "doctor") == 0)
        return run_doctor(argc, argv);
    for (int i = 1; i < argc; i++) {
        const char *option =
            argv[i][0] == '-' && argv[i][1] == '-' ? argv[i] + 1 : argv[i];
        if (strcmp(option, "-version") == 0)
            return puts("terraform-provider-azurestack " PROVIDER_VERSION) < 0 ||
                   fflush(stdout) != 0;
        if (strcmp(option, "-help") == 0 || strcmp(option, "-h") == 0)
            return help_print(PROVIDER_VERSION);
        if (strcmp(option, "-debug") != 0)
            return usage(argv[i]);
        is_debug = true;
    }
    log_init();
    log_set_plain(is_debug);

    auto_stop stop = stop_new();
    struct rpc_options rpc_options = {
        .provider = &provider_table,
        .services = registry_services,
        .resources = registry_resources,
        .data_sources = registry_data_sources,
        .ephemeral = registry_ephemeral,
        .functions = registry_functions,
        .version = PROVIDER_VERSION,
        .stop = stop,
        .serves_many_runs = is_debug,
    };
    auto_rpc rpc = rpc_new(&rpc_options);
    struct plugin_options options = {
        .methods = rpc_methods,
        .state = rpc,
        .stop = stop,
        .provider_address = PROVIDER_ADDRESS,
        .is_debug = is_debug,
    };
    return plugin_serve(&options);
}
