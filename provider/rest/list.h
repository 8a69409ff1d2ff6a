/* A LIST, page by page.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_LIST_H
#define REST_LIST_H

#include "rest/client.h"

enum {
    REST_PAGES_MAX = 2000,
    REST_LIST_BYTES_MAX = 256 * 1024 * 1024, /* of the bodies of all pages */
    /* Of all pages. In memory, a short object takes many times its bytes. */
    REST_LIST_OBJECTS_MAX = 1000 * 1000,
};

/* Receives the objects of a page. If the dialect's objects have IDs, each has a text `id`. Returns
 * 0 to go on, 1 to stop, or -1 with err. */
typedef int rest_list_page_fn(void *state, const json_t *objects, struct error *err);

struct rest_list {
    const char *id, *api_version;
    const char *query;                          /* see struct rest_request */
    bool is_optional, is_patient, keeps_digits; /* see struct rest_request */
    int futile_status;                          /* the same */
    /* The objects have no ID, or several of them have the same. */
    bool has_no_ids;
    /* Receives what the service said if it refuses, by a status of 300 or above or by an error with a
     * success status. The caller zeroes it before and clears it after. NULL: not needed. */
    struct rest_failure *failure;
    /* Receives the time of the list by the service's clock (http_reply_date_ms): the earliest of its
     * pages. Zero before. NULL: not needed. */
    int64_t *date_ms;
};

/*
 * Reads a list, page by page as the dialect says.
 *
 * Errors: those of rest_read(), as ERR_INVALID if the ID is NULL
 *         ERR_REFUSED  a status other than 200, an error with status 200, or the next page is on
 *                      another host, which must not get the token
 *         ERR_SHAPE    not a list, an object without an ID and a name, pages that form a loop
 *         ERR_TOO_BIG  more than REST_PAGES_MAX pages, REST_LIST_BYTES_MAX or
 *                      REST_LIST_OBJECTS_MAX
 *         those of `page`
 * Source: azure-resource-manager-rpc v1.0, paging: nextLink is opaque, a page may be empty;
 * azure-stack-csp-ref-operations.md: an empty list has an empty body
 */
int rest_list(struct call *call, struct rest_client *client, const struct rest_list *list,
              rest_list_page_fn *page, void *state, struct error *err);

#endif
