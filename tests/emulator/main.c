/* azurestack-emulator: public Azure as far as a mapping of customer subscriptions needs it, on
 * loopback. Options, start and end; the manual is README.md.
 * SPDX-License-Identifier: MPL-2.0 */
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <event2/event.h>
#include <jansson.h>
#include <openssl/crypto.h>

#include "control.h"
#include "fault.h"
#include "log.h"
#include "oidc.h"
#include "proof.h"
#include "second.h"
#include "server.h"
#include "store.h"
#include "switches.h"
#include "text.h"
#include "tls.h"
#include "tokens.h"

struct options {
    const char *dir;
    const char *config;
    const char *tls;
    long machine_port; /* -1: no such listener */
    long port;
    long parent;
};

static const char usage[] =
    "usage: azurestack-emulator --dir DIR [--port N] [--config FILE] [--tls MODE]\n"
    "                           [--machine-port N] [--parent PID]\n"
    "  --dir DIR      where ca.pem, port, control-port, second-port, machine-port and\n"
    "                 the logs go\n"
    "  --port N       port of the HTTPS listener on loopback; 0, the default: any\n"
    "  --config FILE  the world, as JSON; without it a default one\n"
    "  --tls MODE     the switch `tls`, set from the start\n"
    "  --machine-port N\n"
    "                 port of a plain HTTP listener on loopback that is what a machine in Azure\n"
    "                 finds by itself: http://127.0.0.1:N/metadata/identity/oauth2/token on a\n"
    "                 virtual machine, http://127.0.0.1:N/msi/token in App Service; 0: any;\n"
    "                 without the option there is none\n"
    "  --parent PID   end when this process, which has to be the parent, ends\n";

/* The sign-in of the default world, see store.c. */
static const char with_terraform[] =
    "With Terraform or OpenTofu: examples/offline/with-emulator runs a command with it in\n"
    "Azure's place. By hand, when DIR/port is there:\n"
    "  export ARM_ENVIRONMENT=custom\n"
    "  export ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=https://localhost:$(cat DIR/port)\n"
    "  export ARM_RESOURCE_MANAGER_ENDPOINT=https://localhost:$(cat DIR/port)\n"
    "  export ARM_RESOURCE_MANAGER_AUDIENCE=https://management.azure.com\n"
    "  export ARM_TENANT_ID=33333333-3333-4333-8333-333333333333\n"
    "  export ARM_CLIENT_ID=44444444-4444-4444-8444-444444444444\n"
    "  export ARM_CLIENT_SECRET=emulator-secret SSL_CERT_FILE=DIR/ca.pem\n"
    "and terraform plan, apply and test. tests/emulator/control.py DIR unmap id=… is how\n"
    "something drifts.\n";

static void print_help(void)
{
    printf(
        "%s\n%s\nThe configuration is an object with any of\n"
        "  applications, identities, jobs, registrations, subscriptions, mappings: lists,\n"
        "    in place of the default world; faults: the script; switches: {name: value}; and any switch.\n"
        "\nThe log, DIR/requests.log, is one JSON object a line, numbered from 1; its events "
        "are\n"
        "  CONNECT TLS REQUEST REJECTED EFFECT FAULT ANSWER GONE BACKDOOR OPEN.\n"
        "DIR/second.log is the same of a listener that nobody may contact; it is not there\n"
        "until somebody does.\n\nSwitches:\n",
        usage, with_terraform);
    switches_print(stdout);
    printf("\nA rule of the fault script is an object with\n");
    faults_print(stdout);
    printf("\nThe back door is plain HTTP on DIR/control-port:\n");
    control_print(stdout);
}

static void fail(const char *why)
{
    fprintf(stderr, "azurestack-emulator: %s\n%s", why, usage);
    exit(2);
}

static struct options read_options(int argc, char **argv)
{
    static const struct option known[] = {
        { "dir", required_argument, NULL, 'd' },
        { "port", required_argument, NULL, 'p' },
        { "config", required_argument, NULL, 'c' },
        { "tls", required_argument, NULL, 't' },
        { "machine-port", required_argument, NULL, 'm' },
        { "parent", required_argument, NULL, 'P' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct options options = { .machine_port = -1 };
    int letter;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'd':
            options.dir = optarg;
            break;
        case 'c':
            options.config = optarg;
            break;
        case 't':
            options.tls = optarg;
            break;
        case 'p':
            if (!text_number(optarg, 65535, &options.port))
                fail("--port takes a number from 0 to 65535");
            break;
        case 'm':
            if (!text_number(optarg, 65535, &options.machine_port))
                fail("--machine-port takes a number from 0 to 65535");
            break;
        case 'P':
            if (!text_number(optarg, 1L << 30, &options.parent))
                fail("--parent takes a process id");
            break;
        case 'h':
            print_help();
            exit(0);
        default:
            fail("see above");
        }
    }
    if (options.dir == NULL || optind != argc)
        fail(options.dir ? "it takes options only" : "--dir is missing");
    return options;
}

static void configure(const struct options *options)
{
    json_error_t error;
    json_t *config = options->config
                         ? json_load_file(options->config, JSON_REJECT_DUPLICATES, &error)
                         : json_object();
    if (config == NULL) {
        fprintf(stderr, "azurestack-emulator: %s:%d: %s\n", options->config, error.line,
                error.text);
        exit(2);
    }
    /* Into the configuration, so that a reset goes back to it. */
    if (options->tls && json_is_object(config))
        json_object_set_new(config, "tls", json_string(options->tls));
    char *wrong = control_configure(config);
    json_decref(config);
    if (wrong != NULL)
        fail(wrong);
}

static void stop(evutil_socket_t number, short events, void *base)
{
    (void)number, (void)events;
    event_base_loopbreak(base);
}

/* The kernel's promise: TERM when the parent is gone. */
static void follow_parent(long parent)
{
    if (parent == 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        fail("--parent is not the parent, or it is gone already");
}

static void stay_until_told(struct event_base *base)
{
    struct event *signals[] = { evsignal_new(base, SIGTERM, stop, base),
                                evsignal_new(base, SIGINT, stop, base) };
    for (int i = 0; i < 2; i++)
        event_add(signals[i], NULL);
    event_base_dispatch(base);
    for (int i = 0; i < 2; i++)
        event_free(signals[i]);
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    follow_parent(options.parent);
    requests_log = log_open(options.dir, "requests.log", 0);
    second_log = log_open(options.dir, "second.log", 1);
    configure(&options);
    struct event_base *base = event_base_new();
    bool is_started =
        tls_start(options.dir) &&
        server_start(base, options.dir, (int)options.port, (int)options.machine_port);
    if (is_started)
        stay_until_told(base);

    /* Everything is given back, so that leak checks stay honest. */
    server_stop();
    event_base_free(base);
    control_stop();
    faults_free();
    store_free();
    tokens_forget_all();
    oidc_forget_all();
    proof_forget_all();
    switches_free();
    tls_stop();
    log_close(requests_log);
    log_close(second_log);
    libevent_global_shutdown();
    return is_started ? 0 : 1;
}
