/* Small models of the services: what exists, by what a script and a run did. One table of functions each
 * (model_azure.c, model_hub.c, model_toy.c …). They share no code with the engine.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EXCHANGES_MODEL_H
#define EXCHANGES_MODEL_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "http/transport.h"

struct model_service;

struct model {
    const struct model_service *service;
    const char *table; /* objects of this one are held; all others simply exist */
    bool is_case_sensitive;
    json_t *objects;      /* key -> { "id", "body", "is_new", "is_managed" } */
    unsigned overwritten; /* objects of others that a write met */
    unsigned twice;       /* objects that were created though the run had created one */
    unsigned made;        /* by the run, of what must not be made twice */
};

struct model_service {
    const char *name;  /* as the tables say it */
    const char *table; /* it plays this one alone; NULL: those that no other plays */
    const char *base;  /* of its requests */
    const char *scope, *tenant; /* of the tokens that it takes */

    /* The tenant whose token a request takes, where that is not always the same; or NULL. */
    const char *(*tenant_of)(struct arena *arena, const struct http_request *request);
    /* What is wrong with a request, beside what holds for every service; NULL: nothing. */
    const char *(*find_fault)(struct arena *arena, const struct http_request *request);
    bool (*is_without_token)(const struct http_request *request); /* NULL: none is */
    bool (*is_without_body)(
        const struct http_request *request); /* a write; NULL: none is */
    /* The ID of the object that a URL names, if it is of the table; else NULL. */
    const char *(*object_of)(const struct model *model, struct arena *arena,
                             const char *url);
    /* What a request does. `shown` is how the script shows its result, or NULL. */
    void (*act)(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown);
    /* What it is answered, after act() or without it; `did_hold`: the object was there before.
     * A status, and the body in the arena. */
    int (*answer)(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body);
    /* The object at this place of an answer, borrowed, and its ID; NULL: there are no more. */
    const json_t *(*shown)(const struct model *model, struct arena *arena,
                           const char *url, const json_t *answer, size_t at,
                           const char **id);
    /* An object that an answer shows, with this ID, is what the request wrote. */
    bool (*is_about)(const struct model *model, struct arena *arena,
                     const struct http_request *request, const char *id,
                     const json_t *shown);
    /* An answer that says: the object is not there. And one that says no with a good status; NULL:
     * none does. */
    bool (*says_absent)(const struct model *model, int status, const char *body);
    bool (*says_no)(const json_t *body);
    /* What names an object for a person where no answer had its ID; NULL: nothing does. */
    const char *(*name_of)(struct arena *arena, const json_t *object);
    /* The body of an error: 401, 403, 429, and 500 for whatever is the service's own fault. */
    const char *(*error)(int status);
};

extern const struct model_service model_alias, model_azure, model_hub, model_hub_user,
    model_partner, model_partner_agreement, model_partner_plan, model_registration,
    model_toy;
/* By its name, for this table; NULL: there is none. */
const struct model_service *model_find_service(const char *name, const char *table);

/* A request with this method changes nothing. */
bool model_is_read(const char *method);

void model_init(struct model *model, const struct model_service *service,
                const char *table, bool is_case_sensitive);
void model_clear(struct model *model);
/* Borrowed; NULL if there is none. */
json_t *model_find(const struct model *model, const char *id);
json_t *model_body(json_t *object);
/* Made by the run; or in its state at the beginning. */
bool model_is_of_run(const json_t *object);
/* Takes the body. What is known of the object besides stays: who made it. */
void model_hold(struct model *model, const char *id, json_t *body, bool is_new);
void model_drop(struct model *model, const char *id);
/* RFC 7396: members of objects one by one, and null takes one away. */
void model_merge(json_t *into, const json_t *change);
/* For those above, where the URL names the object: the answer to it, and what it writes. */
const json_t *model_shown_by_url(const struct model *model, struct arena *arena,
                                 const char *url, const json_t *answer, size_t at,
                                 const char **id);
bool model_is_named_by_url(const struct model *model, struct arena *arena,
                           const struct http_request *request, const char *id,
                           const json_t *shown);
/* .error of what speaks ARM. */
const char *model_arm_error(int status);
/* The path of a URL below this base, without the query; "": the URL is not below it. */
const char *model_path(struct arena *arena, const char *url, const char *base);
/* All objects, as describe() shows each, as a list of what speaks ARM: {"value": […]}. */
json_t *model_list(const struct model *model,
                   json_t *(*describe)(const struct model *model, json_t *object));
/* JSON in the arena; the reference is taken. */
const char *model_show(struct arena *arena, json_t *json);

#endif
