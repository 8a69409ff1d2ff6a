/* A LIST, page by page.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ARM_LIST_H
#define ARM_LIST_H

#include "arm/client.h"

enum { ARM_PAGES_MAX = 2000 };

/* One page's objects, each of which has a text `id` where the dialect has objects carry theirs. 1: enough, no further page is asked for; 0: go on; -1 with err. */
typedef int arm_list_page_fn(void *state, const json_t *objects, struct error *err);

struct arm_list {
    const char *id, *api_version;
    bool is_optional; /* see struct arm_request */
    /* NULL, or where what the service said goes when it refuses with a status of 300 and above;
     * zeroed before, and then the caller's to clear. */
    struct arm_failure *failure;
};

/*
 * Asks for the list, page by page as the dialect says.
 *
 * Errors: those of arm_read; ERR_REFUSED  not 200, or it goes on at another host: a token
 *         goes nowhere else; ERR_SHAPE  no list, an object without an id and a name, a circle;
 *         ERR_TOO_BIG  more than ARM_PAGES_MAX pages; what `page` returns
 * Source: azure-resource-manager-rpc v1.0, paging: nextLink is opaque, a page may be empty;
 *         azure-stack-csp-ref-operations.md: an empty body when there is nothing
 */
int arm_list(struct call *call, struct arm *arm, const struct arm_list *list,
             arm_list_page_fn *page, void *state, struct error *err);

#endif
