/* Entra and Azure as far as the provider's rpcs ask them: a token, one registration, the pages
 * of its list, and one mapping that can be written. Over TLS, on loopback; how far the pages
 * go, and when, is the test's.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef WIRE_AZURE_H
#define WIRE_AZURE_H

#include <stdbool.h>
#include <stddef.h>

#include "scene.h"

struct wire_azure;

struct wire_azure_options {
    size_t pages, per_page; /* of the list of mappings */
    size_t closed_page;     /* answered when wire_azure_open_page() was called; 0: none */
    size_t refused_page;    /* answered 403; 0: none */
    bool has_no_ids;        /* mappings say their names alone, as "berlin/…" */
    bool has_mapping;       /* CUSTOMER_ID is mapped from the beginning */
};

struct wire_azure *wire_azure_new(const struct wire_azure_options *options);
void wire_azure_free(struct wire_azure *azure);
int wire_azure_port(const struct wire_azure *azure);
void wire_azure_open_page(struct wire_azure *azure);
/* How many pages of the list were asked for. */
size_t wire_azure_pages_asked(struct wire_azure *azure);
/* Waits until so many were; fails the test at the limit. */
void wire_azure_wait_for_page(struct wire_azure *azure, size_t pages);
/* Requests of this method that were about a mapping. */
size_t wire_azure_count(struct wire_azure *azure, const char *method);

/* A provider that trusts this Azure and is configured for it. */
void wire_azure_scene(struct wire_azure *azure, struct wire_scene *scene);
/* With one more environment variable, NAME=text. */
void wire_azure_scene_with(struct wire_azure *azure, struct wire_scene *scene,
                           const char *variable);

/* The customer subscription that the list shows at this place, from 0, and its tenant. Every
 * other tenant is in capitals there. */
const char *wire_azure_customer(size_t place);
const char *wire_azure_tenant(size_t place);
/* Of CUSTOMER_ID. */
#define WIRE_TENANT "bbbbbbbb-0000-4000-8000-000000000002"

#endif
