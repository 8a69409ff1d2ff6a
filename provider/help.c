/* The manual in the program: the sections of a man page, in their order. The provider's arguments
 * come from their table, so they are always those of this binary.
 * SPDX-License-Identifier: MPL-2.0 */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/trust.h"
#include "plugin/server.h"
#include "registry.h"
#include "schema/tables.h"

#ifdef _WIN32
static const char lookup[] = "Windows resolves host names.";
static const char libraries[] =
    "The program needs no other files, except the libraries of Windows.";
#elif defined(__APPLE__)
static const char lookup[] = "macOS resolves host names.";
static const char libraries[] =
    "The program needs no other files, except the libraries of macOS.";
#elif defined(AZURESTACK_STATIC)
static const char lookup[] =
    "To resolve host names, the program reads /etc/hosts and then /etc/resolv.conf. It "
    "does not read /etc/nsswitch.conf.";
static const char libraries[] =
    "The program needs no other files: all libraries are in it.";
#else
static const char lookup[] =
    "To resolve host names, the program uses the C library, which reads "
    "/etc/nsswitch.conf.";
static const char libraries[] = "The program needs the shared libraries of the system.";
#endif

enum { COLUMNS = 79, INDENT = 4, DEEPER = 8 };

static void print_words(const char *text, size_t indent)
{
    size_t column = 0;
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, " \n");
        if (column != 0 && column + 1 + length > COLUMNS) {
            putchar('\n');
            column = 0;
        }
        column +=
            (size_t)printf("%*s%.*s", column == 0 ? (int)indent : 1, "", (int)length, at);
        at += length;
        at += strspn(at, " \n");
    }
    putchar('\n');
}

static void print_heading(const char *name)
{
    printf("\n%s\n", name);
}

static void print_item(const char *name, const char *text)
{
    printf("\n%*s%s\n", INDENT, "", name);
    print_words(text, DEEPER);
}

static void print_arguments(const struct attribute *rows, const char *outer)
{
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s%s", outer, *outer != '\0' ? "." : "",
                 row->name);
        print_item(name, row->doc);
        if (row->rows != NULL)
            print_arguments(row->rows, name);
    }
}

static void print_synopsis(const char *version)
{
    printf("terraform-provider-azurestack %s\n", version);
    print_heading("NAME");
    print_words("terraform-provider-azurestack - a provider for Terraform and "
                "OpenTofu",
                INDENT);
    print_heading("SYNOPSIS");
    print_words("terraform-provider-azurestack [--version | --help | --debug]", INDENT);
    print_words("terraform-provider-azurestack doctor [--json] [REGISTRATION_ID]",
                INDENT);
    print_heading("DESCRIPTION");
    print_words(provider_table.doc, INDENT);
    putchar('\n');
    print_words("Terraform and OpenTofu start and stop this program. You only "
                "need to run it yourself for one of the options below.",
                INDENT);
    putchar('\n');
    print_words("Resources:", INDENT);
    for (size_t i = 0; registry_resources[i] != NULL; i++)
        printf("%*s%s_%s\n", DEEPER, "", provider_table.name,
               registry_resources[i]->name);
}

static void print_options(void)
{
    print_heading("OPTIONS");
    print_item("doctor [--json] [REGISTRATION_ID]",
               "Check what a run needs: the credential, the connections, the clocks, "
               "the tokens, the registration with its billing model, locks, mappings "
               "and permissions, the hub and Partner Center. Prints a line for each "
               "check and what to do, or one JSON object with --json. Without "
               "REGISTRATION_ID it checks the registration of the hub, or all "
               "registrations in ARM_SUBSCRIPTION_ID. It reads environment variables, "
               "not provider blocks, and it changes nothing.");
    print_item("--version", "Print the name and version, and exit.");
    print_item("--help", "Print this help, and exit.");
    print_item("--debug",
               "Run under a debugger: serve one Terraform run after another "
               "until Ctrl-C. Prints the line TF_REATTACH_PROVIDERS=... to set "
               "where terraform runs, and logs to standard error. The socket has "
               "no TLS and no authentication: use this option only on a "
               "developer's machine.");
}

static void print_environment(void)
{
    print_heading("ENVIRONMENT");
    print_item("TF_LOG_PROVIDER_AZURESTACK, TF_LOG_PROVIDER, TF_LOG",
               "Log level: TRACE, DEBUG, INFO, WARN, ERROR or OFF. The first of "
               "these variables that is set applies. TRACE logs every request "
               "and response, without secrets.");
    print_item("TF_APPEND_USER_AGENT",
               "Text to add to the User-Agent header of every request.");
    print_item("SSL_CERT_FILE, SSL_CERT_DIR",
               "Certificate authorities to trust, unless the argument ca_bundle "
               "is set.");
    print_item("OPENSSL_CONF",
               "OpenSSL's configuration file, which may restrict the versions of TLS.");
    print_item("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
               "Proxies, and the hosts to connect to without a proxy.");
    for (size_t i = 0; plugin_place_variables[i].name != NULL; i++)
        print_item(plugin_place_variables[i].name, plugin_place_variables[i].doc);
    print_item("AZURESTACK_CORE_DUMP",
               "Set to 1 to allow core dumps and debuggers. The memory of the "
               "process holds credentials.");
    print_item("AZURESTACK_ORDERLY_EXIT",
               "Set to any value to free all memory before exit, for leak "
               "checkers.");
}

static void skip_certificate(void *state, const uint8_t *der, size_t length)
{
    (void)state, (void)der, (void)length;
}

static void print_authorities(void)
{
    const char *store = trust_each(skip_certificate, NULL);
    if (store != NULL) {
        printf("%*sCertificate authorities:\n", INDENT, "");
        print_words(store, DEEPER);
        return;
    }
    print_words("Certificate authorities. The first of these that exists is read:",
                INDENT);
    for (size_t i = 0; trust_files[i] != NULL; i++)
        print_words(trust_files[i], DEEPER);
    print_words("These folders are read too:", INDENT);
    for (const char *at = trust_folders; *at != '\0';) {
        size_t length = strcspn(at, file_list_separator);
        printf("%*s%.*s\n", DEEPER, "", (int)length, at);
        at += length + (at[length] != '\0');
    }
}

static void print_rest(void)
{
    print_heading("FILES");
    print_authorities();
    putchar('\n');
    print_words(lookup, INDENT);
    print_words(libraries, INDENT);
    print_heading("EXIT STATUS");
    puts("    0   the output was printed, Terraform ended the run, or doctor found\n"
         "        nothing that failed\n"
         "    1   Terraform did not start the program, or the program could not\n"
         "        serve, see standard error; or a check of doctor failed\n"
         "    2   the option does not exist");
    print_heading("EXAMPLES");
    print_words("A configuration that uses the provider, and the commands to run:",
                INDENT);
    puts("\n        terraform {\n"
         "          required_providers {\n"
         "            azurestack = { source = \"azurestack-csp/azurestack\" }\n"
         "          }\n"
         "        }\n"
         "\n"
         "        terraform init && terraform plan\n");
    print_words("To log all requests and responses, without secrets:", INDENT);
    puts("\n        TF_LOG_PROVIDER=TRACE TF_LOG_PATH=trace.log terraform plan");
    print_heading("SEE ALSO");
    print_words("https://github.com/azurestack-csp/terraform-provider-azurestack: "
                "see docs/ for the manual and how to report a bug, and "
                "SECURITY.md for how to report a vulnerability.",
                INDENT);
}

int help_print(const char *version)
{
    print_synopsis(version);
    print_options();
    print_heading("ARGUMENTS OF THE PROVIDER BLOCK");
    print_arguments(provider_table.attributes, "");
    print_environment();
    print_rest();
    return fflush(stdout) != 0 || ferror(stdout);
}
