/* A service in little: which mappings there are. It shares no code with the engine.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EXCHANGES_MODEL_H
#define EXCHANGES_MODEL_H

#include <jansson.h>
#include <stdbool.h>

#include "http/transport.h"

struct model {
    bool is_case_sensitive;
    json_t *objects;      /* key -> { "id", "tenantId", "is_new" } */
    unsigned overwritten; /* objects of others that a PUT met */
};

void model_init(struct model *model, bool is_case_sensitive);
void model_clear(struct model *model);
/* Borrowed; NULL if there is none. */
json_t *model_find(const struct model *model, const char *id);
/* `tenant` may be NULL. `is_new`: made by the run. */
void model_hold(struct model *model, const char *id, const char *tenant, bool is_new);
void model_drop(struct model *model, const char *id);

/* The path of a URL without its query, if it names a mapping; else NULL. */
const char *model_mapping_of(struct arena *arena, const char *url);
/* What a request does. */
void model_act(struct model *model, struct arena *arena,
               const struct http_request *request);
/* What it is answered, after model_act() or without it. In the arena. */
int model_answer(struct model *model, struct arena *arena,
                 const struct http_request *request, bool did_hold, const char **body);

#endif
