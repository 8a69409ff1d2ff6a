/* What the player's files share: one run of one script through the engine.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EXCHANGES_PLAYER_H
#define EXCHANGES_PLAYER_H

#include "auth/credential.h"
#include "engine/engine.h"
#include "exchanges/model.h"
#include "exchanges/script.h"

/* ---- torture ----------------------------------------------------------------------------- */

/* What step `step` of a run meets in place of what the script says. */
enum hurt {
    HURT_NOTHING,
    HURT_REFUSED,       /* no connection */
    HURT_NAME,          /* no such host */
    HURT_LOST_BEFORE,   /* the answer is lost, and nothing was done */
    HURT_LOST_AFTER,    /* the answer is lost, and it was done */
    HURT_LOST_LATE,     /* the answer is lost, and it is done MODEL_LATE_MS later */
    HURT_202_LATE,      /* accepted, and done MODEL_LATE_MS later */
    HURT_202_SAYS_DONE, /* the same, and MODEL_OPERATION says at once that it is done */
    HURT_CUT,           /* done; half of the answer's JSON with status 200 */
    HURT_HTML,          /* a proxy's page with status 200, and nothing was done */
    HURT_NOT_HTTP,      /* done; what comes back is not HTTP */
    HURT_BIG,           /* done; the answer is over the ceiling */
    HURT_429,           /* with Retry-After */
    HURT_500_BEFORE,
    HURT_500_AFTER,
    HURT_503_BEFORE,
    HURT_503_AFTER,
    HURT_503_LATER, /* with Retry-After */
    HURT_504_AFTER,
    HURT_401,
    HURT_403,
    HURT_404_HTML,    /* a proxy's page with status 404, and nothing was done */
    HURT_302,         /* a sign-in page elsewhere */
    HURT_STOP_BEFORE, /* while nothing is under way yet */
    HURT_STOP_AT,     /* just before it is sent */
    HURT_STOP_DURING, /* while it is under way; done */
    HURT_ABORT_BEFORE,
    HURT_ABORT_DURING, /* done */
    HURT_COUNT
};

/* And from then on. */
enum ever_after {
    AFTER_WELL,    /* the service is as it should be */
    AFTER_REFUSED, /* no server can be reached any more */
    AFTER_LOST,    /* requests are received, nothing is done, no answer ever comes */
    AFTER_500,     /* everything is answered with 500, and nothing is done */
    AFTER_COUNT
};

struct torture {
    unsigned step; /* 0: none */
    enum hurt hurt;
    enum ever_after after;
    bool may_not_come; /* how often something is asked again is for chance to say */
};

const char *torture_name(struct arena *arena, const struct torture *torture);
/* Plays the script with every step hurt in every way. *runs grows. -1 and printed lines
 * when something broke. `by_chance` of the steps may be missing from one run or another. */
int torture_play(const struct script *script, unsigned steps, unsigned by_chance,
                 unsigned *runs);

/* ---- one run ----------------------------------------------------------------------------- */

enum { RUN_REQUESTS_MAX = 5000 };

struct run {
    struct http_transport transport; /* first: the session knows the run by it */
    const struct script *script;
    const struct script_act *act;
    size_t next;                        /* of the act's exchanges */
    void (*before_answer)(void *state); /* NULL: nothing */
    void *before_answer_state;
    unsigned repeated; /* how often that one came */
    int64_t last_ms;   /* end of the last exchange */
    unsigned requests, tokens,
        played;         /* of the last: this act's, without those for tokens */
    unsigned by_chance; /* of the requests: repeated more often than they have to be */
    char refused_token[32]; /* the service said 401 to it */
    bool was_accepted;      /* the last token */
    json_t *tokens_for;     /* token -> the tenant and the scope that it was asked for */
    json_t *listed;         /* states that a list gave */
    json_t *late;           /* requests whose effect is still to come */

    struct torture torture;
    bool is_hurt;       /* the step came */
    bool goes_on_plain; /* the model answers now, not the script */
    struct model model;

    struct stop *stop;
    struct session *session; /* NULL: its configuration was refused */
    struct error session_fault;
    bool
        has_own_session; /* the script writes out all of its requests, those for tokens too */
    struct arena *arena; /* all values of the run */
    struct call *calls[2 * SCRIPT_ACTS_MAX];
    size_t call_count;
    struct resource resource;
    const struct value *state;
    struct bytes private;
    const struct value *planned;
    const char **replaces;
    struct diags diags; /* of the last act */
    const char *texts;  /* of all diagnostics of the run */

    struct credential *credential; /* of the last sign-in, and what it gave */
    struct auth_token signed_in;
    struct error err;

    unsigned forged;    /* which text of forged.c stands in answers */
    char failure[8192]; /* "" while all is well */
};

void run_begin(struct run *run, const struct script *script,
               const struct torture *torture);
void run_end(struct run *run);
/* One act through the engine. The result is in state, planned, replaces and diags. */
void run_act(struct run *run, const struct script_act *act);
/* A table of the provider, or of tests/support; NULL: there is none of this name. */
const struct resource_table *run_find_table(const char *name);
/* As run_act(), for look-ups and for the refresh of another table's object (look.c), for what is below
 * the engine (rest.c), and for shared reads (shared.c). */
void run_look(struct run *run, const struct script_act *act);
void run_refresh(struct run *run, const struct script_act *act);
void run_plan_other(struct run *run, const struct script_act *act);
/* Another call of the session reads the object while a request of this one is under way: look.c. */
void run_read_meanwhile(struct run *run);
void run_rest(struct run *run, const struct script_act *act);
/* Values and bodies, both ways: sample.c. */
void run_sample(struct run *run, const struct script_act *act);
/* Plans of every pair of a state and a configuration: plans.c. */
void run_plans(struct run *run, const struct script_act *act);
/* The configuration that Terraform generates for this object is valid and changes nothing. */
void run_check_generated(struct run *run, const struct value *state);
/* Plans as the host does, and asks of the plan what the host asks. -1: there was an error. */
int run_plan(struct run *run, const struct value *prior, const struct value *config,
             struct engine_plan *out);
void run_shared(struct run *run, struct call *call, struct rest_client *client,
                const char *steps);
/* In place of the one there is. `config` is the script's; NULL: what every script has. */
void run_new_session(struct run *run, const json_t *config);
/* The same of a sign-in, which is compared with what the act says: sign_in.c. */
void run_sign_in(struct run *run, const struct script_act *act);
/* The same of a provider block: configure.c. */
void run_configure(struct run *run, const struct script_act *act);
/* Which way requests would take with it: configure.c. */
void run_route(struct run *run, const struct script_act *act);
/* The doctor, with the environment of the act: doctor.c. */
void run_doctor(struct run *run, const struct script_act *act);
/* That run->err is the refusal which the act expects. */
void run_check_refusal(struct run *run, const struct script_act *act);
/* The provider block and the environment of an act. -1: there are diagnostics, or a failure. */
int run_read_provider(struct run *run, const struct script_act *act, struct call *call,
                      struct session_config *out);
void run_set_environment(const struct script_act *act);
/* A call that lives as long as the run. */
struct call *run_call(struct run *run);
/* Ends those from this number on, with the values that they made. */
void run_end_calls(struct run *run, size_t first);
/* Keeps the first failure, and ends the run. */
void run_fail(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A script that is forged, once with each text. */
int forged_play(const struct script *script);
/* An answer's body or header with the text in it, in the arena; as it is if the script is not forged. */
const char *forged_fill(struct run *run, const char *form, bool is_header);

/* The transport of a run, and the script's side of it: service.c, answer.c. */
int wire_send(struct http_transport *transport, struct call *call,
              const struct http_request *request, struct http_reply **out,
              struct error *err);
void wire_free(struct http_transport *transport);
/* Of a form that is sent, in the arena; "": it has no such member. */
const char *wire_form_value(struct arena *arena, struct bytes form, const char *name);
/* All that the act expected has come. */
void wire_close_act(struct run *run);
/* answer.c */
struct http_reply *wire_make_reply(int status, const struct http_header *headers,
                                   size_t count, const char *body, size_t length);
bool wire_is_token_request(const struct http_request *request);
int wire_answer_token(struct run *run, const struct http_request *request,
                      struct http_reply **out);
/* 0 and an answer, with one header or NULL; -1 and the fault's error. */
int wire_answer(struct run *run, struct http_reply **out, int status, const char *header,
                const char *value, const char *body);
int wire_fail_as(struct run *run, enum script_fault fault, struct error *err);
void wire_signal(struct run *run, enum script_signal signal);
/* The service answers its token with this status: after a 401 it must not come again. */
void wire_note_refusal(struct run *run, const struct http_request *request, int status);

/* model_state.c. What is true at the beginning, by what the script's service says; what the service
 * did in one exchange; the step that fails, and the answers after it. */
void model_fill(struct run *run);
void model_follow(struct run *run, const struct script_exchange *exchange,
                  const struct http_request *request);
int model_hurt(struct run *run, struct call *call, const struct http_request *request,
               struct http_reply **out, struct error *err);
/* What is to be done late is done now: at `now_ms`, or CLOCK_NEVER for all of it. */
enum { MODEL_LATE_MS = 30 * 1000 };
/* The operation that a HURT_202_SAYS_DONE names: no object, and of no tenant. */
#define MODEL_OPERATION "/operations/of-torture"
void model_catch_up(struct run *run, int64_t now_ms);
int model_go_on(struct run *run, const struct http_request *request,
                struct http_reply **out, struct error *err);

#endif
