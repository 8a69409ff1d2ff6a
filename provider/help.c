/* The manual in the program: what a man page has, in its order. The provider's arguments come
 * from their table, so that they are those of this very binary.
 * SPDX-License-Identifier: MPL-2.0 */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "registry.h"
#include "schema/tables.h"

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
    print_words("terraform-provider-azurestack - a provider of Terraform and OpenTofu",
                INDENT);
    print_heading("SYNOPSIS");
    print_words("terraform-provider-azurestack [--version | --help | --debug]", INDENT);
    print_heading("DESCRIPTION");
    print_words(provider_table.doc, INDENT);
    putchar('\n');
    print_words(
        "Terraform and OpenTofu start this program themselves, once or several times for "
        "each command, and end it again. There is nothing to do with it by hand but what "
        "the options are for.",
        INDENT);
    putchar('\n');
    print_words("It manages:", INDENT);
    for (size_t i = 0; registry_resources[i] != NULL; i++)
        printf("%*s%s_%s\n", DEEPER, "", provider_table.name,
               registry_resources[i]->name);
}

static void print_options(void)
{
    print_heading("OPTIONS");
    print_item("--version", "Prints name and version, and ends.");
    print_item("--help", "Prints this, and ends.");
    print_item(
        "--debug",
        "Serves one run after another until Ctrl-C, for a debugger. Prints the line "
        "TF_REATTACH_PROVIDERS=... to set where terraform runs, and logs to standard "
        "error. Whoever reaches its socket is served, without TLS: for a developer's "
        "own machine only.");
}

static void print_environment(void)
{
    print_heading("ENVIRONMENT");
    print_item(
        "TF_LOG_PROVIDER_AZURESTACK, TF_LOG_PROVIDER, TF_LOG",
        "What is logged, the first that is set: TRACE, DEBUG, INFO, WARN, ERROR, OFF. "
        "TRACE writes every request and answer, without secrets.");
    print_item("TF_APPEND_USER_AGENT", "Added to the User-Agent of every request.");
    print_item(
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "Certificate authorities to trust, where the argument ca_bundle does not say.");
    print_item("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
               "Proxies, and the hosts that are reached without one.");
    print_item("PLUGIN_UNIX_SOCKET_DIR, TMPDIR",
               "Where the socket to the host is put, the first that is short enough.");
    print_item("PLUGIN_UNIX_SOCKET_GROUP",
               "A group, by name or number, that may reach the socket too.");
    print_item("AZURESTACK_CORE_DUMP",
               "1 allows core dumps and debuggers. The memory holds credentials.");
    print_item("AZURESTACK_ORDERLY_EXIT",
               "Whatever it is set to: everything is freed before the end, for leak "
               "checkers.");
}

static void print_rest(void)
{
    print_heading("FILES");
    print_words("Certificate authorities, the first that is there:", INDENT);
    puts("        /etc/ssl/certs/ca-certificates.crt\n"
         "        /etc/pki/tls/certs/ca-bundle.crt\n"
         "        /etc/ssl/ca-bundle.pem\n"
         "        /etc/pki/tls/cacert.pem\n"
         "        /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem\n"
         "        /etc/ssl/cert.pem\n"
         "        /etc/ssl/certs, /etc/pki/tls/certs");
    putchar('\n');
    print_words(
        "/etc/hosts and /etc/resolv.conf, to find hosts, in this order; /etc/nsswitch.conf "
        "does not change it. No other file is needed: the program brings its libraries.",
        INDENT);
    print_heading("EXIT STATUS");
    puts("    0   what was asked for was printed, or the host ended the run\n"
         "    1   no host started it, or it could not serve; standard error says why\n"
         "    2   there is no such option");
    print_heading("EXAMPLES");
    print_words("A configuration that uses it, and what a user does then:", INDENT);
    puts("\n        terraform {\n"
         "          required_providers {\n"
         "            azurestack = { source = \"azurestack-csp/azurestack\" }\n"
         "          }\n"
         "        }\n"
         "\n"
         "        terraform init && terraform plan\n");
    print_words("What went over the wire, without secrets:", INDENT);
    puts("\n        TF_LOG_PROVIDER=TRACE TF_LOG_PATH=trace.log terraform plan");
    print_heading("SEE ALSO");
    print_words(
        "https://github.com/azurestack-csp/terraform-provider-azurestack: the manual "
        "in docs/, how to report a mistake, and in SECURITY.md how to report a "
        "weakness.",
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
