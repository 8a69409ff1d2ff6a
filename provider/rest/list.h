/* A LIST, page by page.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_LIST_H
#define REST_LIST_H

#include "rest/client.h"

enum { REST_PAGES_MAX = 2000 };

/* One page's objects, each of which has a text `id` where the dialect has objects carry theirs. 1: enough, no further page is asked for; 0: go on; -1 with err. */
typedef int rest_list_page_fn(void *state, const json_t *objects, struct error *err);

struct rest_list {
    const char *id, *api_version;
    const char *query;              /* see struct rest_request */
    bool is_optional, keeps_digits; /* see struct rest_request */
    /* Its objects have no ID, or one that several have. */
    bool has_no_ids;
    /* NULL, or where what the service said goes when it refuses with a status of 300 and above;
     * zeroed before, and then the caller's to clear. */
    struct rest_failure *failure;
};

/*
 * Asks for the list, page by page as the dialect says.
 *
 * Errors: those of rest_read; ERR_REFUSED  not 200, or it goes on at another host: a token
 *         goes nowhere else; ERR_SHAPE  no list, an object without an id and a name, a circle;
 *         ERR_TOO_BIG  more than REST_PAGES_MAX pages; what `page` returns
 * Source: azure-resource-manager-rpc v1.0, paging: nextLink is opaque, a page may be empty;
 *         azure-stack-csp-ref-operations.md: an empty body when there is nothing
 */
int rest_list(struct call *call, struct rest_client *client, const struct rest_list *list,
              rest_list_page_fn *page, void *state, struct error *err);

#endif
