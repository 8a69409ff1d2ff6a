/* An exchange file taken apart. README.md has the language.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EXCHANGES_SCRIPT_H
#define EXCHANGES_SCRIPT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "http/transport.h"
#include "value/diags.h"

/* What becomes of a request in place of an answer. */
enum script_fault {
    FAULT_NONE,
    FAULT_LOST,    /* sent, no answer */
    FAULT_CUT,     /* sent, half an answer */
    FAULT_REFUSED, /* no connection */
    FAULT_NAME,
    FAULT_TLS,
    FAULT_SHAPE,   /* sent, and what came back is not HTTP */
    FAULT_BIG,     /* sent, and the answer is over the ceiling */
    FAULT_STOPPED, /* cut short because the call was stopped */
};

enum { SCRIPT_HEADERS_MAX = 8, SCRIPT_FRAGMENTS_MAX = 12, SCRIPT_PARTS_MAX = 64 };

/* What the player does beside the wire. */
enum script_signal { SIGNAL_NONE, SIGNAL_STOP, SIGNAL_ABORT };

struct script_exchange {
    int line;
    const char *method, *url;
    const json_t *body; /* NULL: none is allowed; a string: raw */
    struct http_header sent[SCRIPT_HEADERS_MAX]; /* value NULL: it is not there */
    size_t sent_count;
    struct http_header form[SCRIPT_HEADERS_MAX]; /* members of a form that is sent */
    size_t form_count;
    bool is_direct;  /* passes proxies by */
    const char *pin; /* of the peer's certificate; NULL: any that is trusted */
    int64_t waited_least_ms, waited_most_ms; /* most < 0: not asked */
    unsigned repeat_least, repeat_most;
    enum script_signal before, during;
    bool is_read_meanwhile;      /* by another call, whose requests come next */
    int64_t takes_ms, sleeps_ms; /* sleeps: of the machine, when the answer has come */
    enum script_fault fault;
    int status;
    struct http_header headers[SCRIPT_HEADERS_MAX];
    size_t header_count;
    struct bytes reply;
    bool is_answered; /* has its `<` line */
};

struct script_diag {
    int line;
    enum severity severity;
    const char *fragments[SCRIPT_FRAGMENTS_MAX]; /* the first: of the summary */
    size_t fragment_count;
    const char *path; /* "" : none */
};

enum script_verb {
    DO_VALIDATE,
    DO_PLAN,
    DO_CREATE,
    DO_UPDATE,
    DO_READ,
    DO_DELETE,
    DO_IMPORT,
    DO_UPGRADE,
    DO_CHECK,
    DO_CHECK_DESTROY,
    DO_LIST,
    DO_LOOK,
    DO_REFRESH,
    DO_REMOVE,
    DO_CHANGE,
    /* Below the engine. */
    DO_REQUEST,
    DO_OPERATION,
    DO_PAGES,
    DO_SHARED,
    DO_PLANS,
    DO_OLD_HOST,
    DO_SEND,
    DO_SEND_CHANGE,
    DO_TAKE,
    DO_SIGN_IN,
    DO_CONFIGURE,
    DO_ROUTE,
    DO_DOCTOR,
};

/* A file in the folder of the script; `form` is how `text` is written. */
struct script_file {
    const char *name, *form, *text;
    struct script_file *next;
};

struct script_act {
    int line;
    enum script_verb verb;
    const char *argument;
    const json_t *config;  /* NULL: none */
    const char *stored;    /* NULL: none */
    int64_t within_ms;     /* that its call has; 0: what is usual */
    int64_t later_ms;      /* than the end of the act before */
    bool is_busy;          /* another call of its session goes on meanwhile */
    bool is_joined;        /* one of its exchanges is_read_meanwhile */
    const json_t *session; /* a new one begins, configured so; NULL: none does */

    struct script_exchange exchanges[SCRIPT_PARTS_MAX];
    size_t exchange_count;
    enum script_signal after; /* behind the last exchange */
    int64_t waited_least_ms, waited_most_ms;

    const json_t *state, *planned, *listed; /* NULL: not asked */
    const char *replaces[SCRIPT_FRAGMENTS_MAX];
    size_t replace_count;
    bool asks_replaces;
    struct script_diag diags[SCRIPT_FRAGMENTS_MAX];
    size_t diag_count;

    /* Of a sign-in, a configuration or the doctor: the provider block, the environment, files that are
     * written first; what comes of it, NULL: not asked. */
    const json_t *provider, *variables, *configured, *routes;
    struct script_file *files;
    const char *source, *token, *lifetime, *refusal;
    const char
        *refused[SCRIPT_FRAGMENTS_MAX]; /* from `says_count` on it does not say them */
    size_t refused_count, says_count;
};

enum { SCRIPT_ACTS_MAX = 64, SCRIPT_NAMES_MAX = 64 };

struct script {
    struct arena *arena;
    json_t *keep;             /* owns what is borrowed above */
    const char *path, *table; /* table NULL: it signs in, configures or runs the doctor */
    const char *folder;       /* of its files, which goes with the script; NULL: none */
    const char *base;         /* of paths */
    const json_t *state;      /* before the first act; NULL: none */
    bool is_imported, is_moved; /* the private data say so */
    bool is_case_sensitive;
    bool is_forged;           /* played again with the texts of forged.c */
    const char *auxiliary[3]; /* tenants; NULL: no more */
    bool has_no_correlation_id;
    bool requires_plan_checks, checks_locks;
    bool has_hub; /* and may ask it, and Azure, whatever the table is of */
    struct {
        const char *name, *text;
    } names[SCRIPT_NAMES_MAX];
    size_t name_count;
    struct script_act acts[SCRIPT_ACTS_MAX];
    size_t act_count;
    struct script_exchange gathered; /* what was said about the exchange to come */
};

/* Reads `names` beside the file, then the file. Prints what is wrong; -1. */
int script_read(struct script *script, const char *path);
void script_clear(struct script *script);
/* The path of its folder, which is made where there is none yet. */
const char *script_folder(struct script *script);
/* An act without an expected error. */
bool script_act_succeeds(const struct script_act *act);
/* It is one that no life cycle has: it looks something up, or is below the engine. */
bool script_act_is_lookup(const struct script_act *act);

#endif
