/* The table of a resource: everything the engine needs to know about one kind of object. No
 * resource has code of its own; schema/README.md lists which column to use for what.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_RESOURCE_H
#define SCHEMA_RESOURCE_H

#include "schema/attribute.h"
#include "schema/plan_checks.h"
#include "schema/remedies.h"
#include "schema/requests.h"
#include "schema/service.h"

/* The object cannot be read because an object of another resource is missing, whose `lost_as`
 * attribute has the same text as `attribute`. It applies if a read in the same run found that one
 * missing, and the read of this one is refused with `code`. The object then counts as deleted
 * together with that one; or, if `is_hidden`, as unreadable until that one exists again. */
struct lost_with {
    const char *attribute, *code;
    const struct resource_table *table;
    bool is_hidden;
};

struct resource_table {
    const char *name; /* without the provider's prefix: "customer_subscription" */
    const char *noun; /* in messages: "customer subscription mapping" */
    const char *doc;
    int64_t schema_version; /* of stored states; a new attribute needs no new one */
    const struct attribute *attributes;
    struct timeouts timeouts;

    /* ---- where it is ------------------------------------------------------------------- */

    const struct service_table *service;
    /* In the notation of the service's ID scheme: "Microsoft.AzureStack/registrations". */
    const char *id_type;
    /* The newest first. Older ones follow after a space, for builds of the service that do not know
     * the newest. */
    const char *api_version;
    /* The service accepts only tokens of a user (service, person_missing). */
    bool needs_person;
    bool takes_api_version; /* the provider argument api_version applies to it */
    const char *id;         /* template, see id/id.h */
    /* The parent has to answer before the object counts as deleted: a template over the attributes
     * of `id`, and its api-version if that is another. NULL: no parent. */
    const char *parent_id, *parent_api_version;
    const char *parent_noun; /* "registration" */
    /* The object and its list in messages, over {noun}, {name}, {parent_noun} and {parent.…}. NULL:
     * noun and name. */
    const char *label, *list_label;
    /* Sentences: why the object cannot exist if the login service has a single directory (AD FS).
     * It is an error before any request. NULL: it can. */
    const char *one_directory_refusal;

    /* ---- identity, import and list ----------------------------------------------------- */

    /* The resource identity, independent of addresses in the configuration: required texts, and the
     * template that makes the object's ID of them. NULL: the resource has no identity. */
    const struct attribute *identity;
    const char *identity_id;
    /* The arguments of the list resource. NULL: there is no list resource. */
    const struct attribute *list;
    /* Template of the list's ID, over `list` and the attributes of `id`. NULL: nothing lists the
     * objects. */
    const char *list_id;
    const char *list_query; /* added to the list's query, URL-encoded; NULL: nothing */
    /* How the service filters the list when an object is searched for. Ends with a NULL attribute;
     * NULL: not at all. */
    const struct search_rule *searches;
    /* The list, and each list of a create_blocker, also shows objects of other places. Those whose
     * ID is not an `id_type` are left out without a warning. */
    bool list_shows_others;
    const struct start_rule *starts; /* only these of the list count; NULL: all */
    /* A sentence: what a list does not mention if it cannot show everything. NULL: none. */
    const char *list_gap_note;
    /* An attribute that is enough for an import, a text without a slash. If it is in the ID, the
     * rest of the ID is filled in as the list's arguments are. If not, it is the natural_key, and
     * the list is searched for it. NULL: an import needs the whole ID. */
    const char *import_by;

    /* ---- how it is read ---------------------------------------------------------------- */

    bool collection_read; /* the parent's list may answer reads (rest/collection.h) */
    /* There is no GET of one object: it is read from its list by the natural_key, whose attributes
     * are in its ID. Of several objects, the one with the latest time at the place `latest` is
     * taken. */
    bool read_by_list;
    const char *latest;
    /* Error codes, whatever the status: this object is missing; its parent is missing, or not
     * visible to the credential. Each ends with NULL. */
    const char *const *gone, *const *parent_gone;
    const struct gone_rule *gone_when; /* NULL: a deleted object is gone at once */
    const struct ended_rule *ended;    /* needs a natural_key; NULL: objects do not end */
    /* Objects that this one is lost with; ends with a NULL attribute. NULL: none. */
    const struct lost_with *lost_with;
    /* The attribute by which other objects are lost with this one. NULL: none are. */
    const char *lost_as;
    /* Sentences for a data source that finds none. NULL: the general ones. */
    const char *absent;

    /* ---- how it is created ------------------------------------------------------------- */

    /* NULL: by a PUT of its ID. With a POST the service makes the ID: the parts of it in `id` are
     * computed attributes that the answer has, and `list_id` is a template over configured
     * attributes. Such a request is never repeated once it may have taken effect. */
    const struct write_rule *create;
    /* Attributes with a place in the body that identify an object in the list if the answer to a
     * POST is lost. Ends with NULL. */
    const char *const *natural_key;
    /* Codes of a refused create which mean that the object exists. Ends with NULL; NULL: none. */
    const char *const *exists;
    /* Codes of a refused create, update or delete that mean "not yet": the request is sent again
     * until the operation times out. Ends with NULL; NULL: none. */
    const char *const *not_yet;
    const struct answer_secret *answer_secret; /* NULL: none */
    const struct progress_rule *progress; /* NULL: an object exists, or it does not */
    /* The bool attribute that allows the overwrite of a UNIQUE value. */
    const char *overwrite;
    const struct owner_rule *owner; /* NULL: a UNIQUE value is known only if configured */

    /* ---- how it is changed ------------------------------------------------------------- */

    /* PUT sends the whole object, PATCH only what changes, with null for a removed value. NULL:
     * every attribute with a place in the body is REPLACE. */
    const struct write_rule *update;
    /* Without `update`: a POST that changes its attribute in place, which is not REPLACE. NULL:
     * none. */
    const struct action_rule *update_action;
    /* The value that other resources take from the object (read_from): the attribute, then the
     * nested ones, ends with NULL. While a plan changes it, theirs is unknown. NULL: none. */
    const char *const *read_elsewhere;

    /* ---- how it is destroyed ----------------------------------------------------------- */

    const struct action_rule *delete_action; /* precedes the delete; NULL: none */
    /* What a destroy does, by the value of an attribute. Ends with a NULL value. Without the
     * attribute there is one rule. NULL: DELETE. */
    const char *destroy_attribute;
    const struct destroy_rule *destroys;
    /* The warning in the plan of a destroy: a title and sentences, with the words of a remedy.
     * NULL: none. */
    const char *destroy_title, *destroy_warning;
    /* A clause ("which …"): the cost of deleting and creating a tainted object. NULL: none. */
    const char *taint_note;
    const struct replace_warning *replace_warning; /* NULL: none */

    /* ---- what is checked --------------------------------------------------------------- */

    /* Validates the whole configuration, where unknown values pass. Pure. NULL: none. */
    void (*check)(struct arena *arena, const struct value *config, struct diags *diags);
    /* The same for what only a create needs, in the plan of one: an imported object may lack it. */
    void (*check_new)(struct arena *arena, const struct value *config,
                      struct diags *diags);
    const struct choice *choice; /* NULL: none */
    /* The plan of a new object looks for it with a GET (with shared reads, in the list), and for
     * its create_blockers. */
    bool looks_ahead;
    /* Ends with a NULL list_id; NULL: none. */
    const struct create_blocker *create_blockers;
    /* Ends with a NULL place; NULL: none. */
    const struct parent_rule *parent_rules;
    /* Ends with a NULL attribute; NULL: none. */
    const struct reference_check *reference_checks;
    const struct delete_guard *delete_guard;     /* NULL: none */
    const struct delete_blocker *delete_blocker; /* NULL: none */
    const struct dependents_rule *dependents;    /* NULL: none */
    const struct leftover_rule *leftovers;       /* NULL: none */
    /* Ends with a NULL code; NULL: none. The common ones of ARM need no row (remedies.c). */
    const struct remedy *remedies;
};

#endif
