/* How an object is created, updated and destroyed: the requests, and how their effect is known.
 * Paths and list IDs are templates over the object's attributes (id/id.h).
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_REQUESTS_H
#define SCHEMA_REQUESTS_H

#include <stdbool.h>

struct remedy;

/* Default timeouts in seconds. 0: the `timeouts` block does not have the operation. */
struct timeouts {
    unsigned create_s, read_s, update_s, delete_s;
};

/* A POST that precedes the create, such as the one that makes a cart before the order. A draft
 * costs nothing and expires by itself: if the answer is lost, another draft is made. */
struct draft_rule {
    const char *noun; /* "cart" */
    const char *path;
    /* JSON. A text "{name}" is replaced with that attribute; without a value the member is left
     * out. */
    const char *body;
    /* The request ID is derived from these attributes, the body, and the IDs of objects that have
     * ended (`ended`) and of their orders. So an interrupted create that is repeated gets the same
     * draft, for as long as the service remembers request IDs. If that draft is refused or has
     * expired, another one is made with a new request ID. Ends with NULL; NULL: always a new
     * request ID. */
    const char *const *request_from;
    /* Place in the draft of the time when it expires. NULL: none. */
    const char *expires;
};

/* A request that creates or updates an object. */
struct write_rule {
    const char *method; /* "PUT", "PATCH", "POST" */
    const char *path;   /* NULL: the object's own ID */
    /* Attributes that a PATCH sends even if they do not change. Ends with NULL. */
    const char *const *always;

    /* ---- of a create ------------------------------------------------------------------- */

    /* Precedes the create. Its ID is {draft} in `path`, and the create has no body. NULL: none. */
    const struct draft_rule *draft;
    /* Place in the answer of what the object has at "id"; array items by number. NULL: "id". */
    const char *answer_id;
    /* Codes of a refusal which say that the same request was carried out before, or is being
     * carried out. The object is then searched for. Ends with NULL; NULL: none. */
    const char *const *repeated;
    /* How long it may take until the list shows a new object. 0: two minutes. */
    unsigned shows_within_s;

    /* ---- of an update ------------------------------------------------------------------ */

    /* `path` is an address that has only this member of the object's body. The member is read,
     * merged with the change, and written back whole. NULL: with an etag, the same is done with the
     * object itself. */
    const char *part;
    /* Place of the etag, which is sent as If-Match. NULL: none. */
    const char *etag;
    /* Code of a refusal which says that the etag is stale: it is read and written once more. */
    const char *etag_is_old;
};

/* What a destroy does, selected by the table's destroy_attribute. */
enum destroy_act {
    DESTROY_REFUSE, /* an error in the plan */
    DESTROY_FORGET, /* removes the object from the state and sends nothing */
    DESTROY_DELETE, /* sends a DELETE */
    DESTROY_WRITE,  /* sends another request, after which the object may still exist */
};
struct destroy_rule {
    /* Of the attribute; the first rule applies if the state has none. */
    const char *value;
    enum destroy_act act;
    /* Of DESTROY_WRITE: what is sent to the object's ID. `body` is JSON. */
    const char *method, *body;
    /* The request took effect if the object has one of the values at `place`, or is missing. */
    const char *place;
    const char *const *values;
    bool needs_person; /* as that of a resource_table */
    const char *text;  /* sentences: the error, or the warning in the plan */
    /* The whole object is sent, with `body` merged into it and the etag of `update`. */
    bool is_merged;
};

/* A secret that only the answer to a create contains. It is removed from the answer. */
struct answer_secret {
    const char *member;       /* of the answer */
    const char *title, *text; /* of the warning after the create */
};

/* The service continues to work on an object after it accepted the request. A create waits until it
 * is done. An object in progress is not deleted. */
struct progress_rule {
    /* Place of the progress: "properties.provisioningState". */
    const char *place;
    /* Values that mean done and failed, ignoring case. Each ends with NULL. Done is an object with
     * one of `done`, or with nothing there, when the service has also returned all computed
     * attributes. */
    const char *const *done, *const *failed;
    const char *failure; /* sentences: what to do after a failure */
    /* Sentences: what to do to delete or replace an object in progress. */
    const char *pending;
};

/* A POST that changes something besides the object, and that may be repeated without harm. A GET
 * shows whether it took effect. */
struct action_rule {
    const char *verb; /* for titles, before the noun: "rename" */
    const char *path;
    const char *attribute; /* its value is sent; NULL: no body */
    const char *member;    /* place of that value in the body */
    /* The attribute with the directory whose tokens the request needs. NULL: the service's own. */
    const char *sign_in_to;
    /* A sentence: which permissions, and why they are not there by default. */
    const char *needs;
    /* The GET: a template of an ID, and its api-version. */
    const char *look, *look_api_version;
    /* The action took effect if the answer has one of `values` there. NULL: the value sent. */
    const char *place;
    const char *const *values;
    /* `values`, and values that show the effect but may have another cause. An object that had one
     * of the latter before still gets the request. If the service then refuses it, and not because
     * of missing permissions, that is a warning with this title and these sentences, which know
     * {look}. NULL: only `values`. */
    const char *const *all_values;
    const char *refused_title, *refused;
    /* Before a delete: the bool attribute that requests the action, and the warning of a plan that
     * deletes, instead of the table's destroy_warning. */
    const char *when;
    const char *warning;
    const struct remedy *remedies; /* precede those of the table; NULL: none */
};

/* An object remains visible for a while after a DELETE. Lists end with NULL. */
struct gone_rule {
    const char *place; /* "state" */
    /* With one of these, the object counts as deleted. NULL: a deleted object answers 404. */
    const char *const *values;
    /* With one of these, it is still being deleted: it cannot be imported, the plan of a new object
     * passes, and a create waits until it is deleted. NULL: none. */
    const char *const *deleting;
};

/* Objects that have ended remain in the list. Such an object was not made by a create whose answer
 * is lost. It prevents a new object with the same natural key, unless the user allows that. The
 * texts know {ended.id}. */
struct ended_rule {
    const char *place; /* "status" */
    const char *const *values;
    const char *allow;        /* the bool attribute that allows a new object */
    const char *title, *text; /* of the error */
};

/* An argument by which the service itself filters a list (dialect, filter). */
struct search_rule {
    const char *attribute, *field; /* "domain_name", "Domain" */
};

/* Only objects whose text at `place` starts with `start` count. */
struct start_rule {
    const char *place, *start;
};

#endif
