/* The vocabulary of the tables in which everything this provider manages is written down.
 *
 * A table says what a thing is; provider/engine does it. Tables are pure data: they print,
 * diff, document and test with no network. One row is one attribute. What a row cannot
 * say becomes a column that the next resource can use as well: no resource has code of its own.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "id/scheme.h"
#include "value/diags.h"
#include "value/type.h"
#include "value/value.h"

/* attribute.flags */
enum {
    REQUIRED = 1 << 0,
    OPTIONAL = 1 << 1,
    COMPUTED = 1 << 2,
    REPLACE = 1 << 3,   /* a change makes a new object */
    SENSITIVE = 1 << 4, /* hidden in plans, never logged */
    UNIQUE = 1 << 6,    /* the service holds one object of each value and parent: to write
                           another one silently overwrites the first */
    IS_ID = 1 << 5,     /* this attribute is the object's ARM id: filled from .id */
    CHOOSES = 1 << 7,   /* provider arguments: to set it in the block is to choose its
                           .sign_in; of a bool, to set it to true */
    /* Computed, and the service may change it with any update: unknown in the plan of one. */
    VOLATILE = 1 << 8,
    /* The service leaves it out of answers, or says "", also where it holds a value: the state
     * keeps what it has. */
    MAY_BE_OMITTED = 1 << 9,
    /* A text of the resource's own rows that stands in the body of writes and nowhere else: it is
     * null in every plan and state, no answer of the service is read into it, and no trace and no
     * message shows it. A create and a PUT always send it, for either writes the whole object; a
     * PATCH sends it, or null where the configuration leaves it out, only when its .version
     * changes. Hosts: Terraform 1.11, OpenTofu 1.11; others get an error where it is set. Where a
     * service repeats it in answers, http/redact.c has to know the member's name. */
    WRITE_ONLY = 1 << 10,
    /* The service says it of a new object at most, and may go on to say the first value after it
     * changed: a read takes it only where the state has none, and an object without it in the
     * state, which was imported, is neither changed nor replaced to give it one. */
    RETURNED_ONCE = 1 << 12,
    /* A secret of the body that the state keeps as it is configured, for hosts that have no
     * write-only arguments: no answer shows it, so that none is read into it, and no trace and no
     * message does. It may stand at the place of a WRITE_ONLY one; whichever is given is sent. */
    NEVER_RETURNED = 1 << 14,
    /* What only the request that creates the object takes: it stands in no body, and a change of it
     * alone sends nothing. */
    FOR_CREATE = 1 << 13,
    /* Whose tokens requests about the object, and about the list with this argument, take
     * (service_client_of_tenant); null: the service's own. It stands in no body, and a change of
     * it alone sends nothing. A resource that has such a row has it in its list as well. */
    SIGN_IN_TO = 1 << 11,
};

/* Provider arguments: the ways to sign in. */
enum sign_in {
    SIGN_IN_ANY = 0,
    SIGN_IN_CERTIFICATE,
    SIGN_IN_SECRET,
    SIGN_IN_OIDC,
    SIGN_IN_AKS,
    SIGN_IN_MSI,
    SIGN_IN_CLI,
    SIGN_IN_COUNT,
};

/* When two values of an attribute mean the same. */
enum compare_mode {
    COMPARE_EXACTLY = 0,
    /* The state keeps what the configuration wrote; a difference in case is no change. */
    COMPARE_IGNORING_CASE,
    /* The same of times: those of one moment are equal (clock_parse_time). */
    COMPARE_TIMES,
};

struct attribute;

struct bool_texts {
    const char *when_true, *when_false; /* "Enabled", "Disabled" */
};

/* The part of a text between two others. */
struct between_rule {
    const char *before, *after; /* "DZH318Z0BPS6:", ":" */
};

/* What the object whose ID another attribute has says at a place. */
struct read_from_rule {
    const char *attribute, *api_version, *place;
    /* The template of the ID, over the attributes before it; then the object is not asked where the
     * configuration gives the value. NULL: the attribute is the ID. */
    const char *path;
};

/* A part of the ID of an object in a list. */
struct look_up_rule {
    const char *list_id,
        *api_version; /* the former a template over the attributes before it */
    const char *place,
        *value; /* the object with this text at this place; NULL: the only one */
    const char *value_of; /* in place of the text: the attribute that is it */
    const char *part; /* of its ID, as the service's scheme calls it: "name"; NULL: all */
    const char *query; /* of the list: "country={country}"; NULL: none */
    /* In place of its ID: the text there; items of an array by their number. */
    const char *take;
    /* Where the objects of the list have their ID: "templateId". NULL: at "id". */
    const char *id_place;
    /* The list is in what the object belongs to, which the same run may have yet to create, with
     * the right to sign in there: a plan leaves the value unknown then. */
    bool is_in_parent;
    bool is_account;  /* what the service's block says its objects belong to goes first */
    const char *noun; /* "the Default Provider Subscription" */
    const char *advice; /* what to do where there is none, or several: sentences */
};

/* A pure look at one known, non-null value. Adds errors at `path`. */
typedef void check_fn(struct arena *arena, const struct attribute *attribute,
                      const struct value *value, const struct path *path,
                      struct diags *diags);

enum nesting { NESTING_NONE = 0, NESTING_SINGLE, NESTING_LIST, NESTING_SET, NESTING_MAP };

/* Rows end with one whose name is NULL. */
struct attribute {
    const char *name;
    const struct type *type; /* NULL where `rows` are given */
    unsigned flags;
    const char *doc; /* Markdown: schema description and manual */

    const char *body; /* where it stands in the ARM body: "properties.tenantId" */
    /* A text that is a part of the one there, which the service makes: it is read and never
     * written. Null where that text does not have it. */
    const struct between_rule *between;
    /* A bool that is a text there: that of true, which each other text means as well, and that of
     * false. NULL: it is a bool. */
    const struct bool_texts *texts;
    enum compare_mode compare;
    check_fn *check;
    /* It is an ID of this type, as `ids` takes it: "Microsoft.AzureStack/registrations". */
    const char *id_type;
    const struct id_scheme *ids; /* NULL: id_scheme_arm */
    /* The value when neither configuration nor environment has one, of a text, a number or a
     * bool ("true" or "false"). Of an attribute that is computed and not optional: the one value
     * there is, which writes send. */
    const char *default_value;
    /* Optional, computed and REPLACE, a text: where the configuration leaves it out, the plan makes
     * a GUID of the service's name, the table's and these attributes of the same object, texts; so
     * that the plan and each later run that would create the object mean the same one. Unknown
     * while one of them is; an object in state keeps the one that it has. Ends with NULL. */
    const char *const *made_from;
    /* Computed, a text: the last name in the ID that this attribute holds, in lower case. */
    const char *name_in;
    /* Where the configuration of a new object leaves it out, one of these says what the text is, in
     * the plan if all that it takes is known. They are filled in the order of the rows. What is in
     * state stays as it is. */
    const struct look_up_rule *looked_up; /* the service says it */
    const char
        *default_from; /* a template over attributes before it: "system.{location}" */
    /* The login service says it: the ID of the directory that has the domain in this attribute. A
     * configured one has to be equal. */
    const char *directory_of;
    /* The object whose ID another attribute has says it. Where both are configured they have to
     * agree. An import asks for it, since the object itself does not say it. */
    const struct read_from_rule *read_from;
    /* The directory in this attribute, else the service's own, should have the domain behind the @:
     * a plan of a new value warns where the login service says that another one has it. */
    const char *user_of;
    const char *const *one_of; /* the only texts there are; ends with NULL */
    /* WRITE_ONLY: the attribute whose change sends the value again, since no plan can see that
     * the value itself changed. It is optional and stands in no body; in a table without .update
     * it is REPLACE. */
    const char *version;
    /* Computed, and the service may change it when one of these attributes changes: unknown in
     * the plan of that. Ends with NULL. */
    const char *const *changes_with;
    /* A text that is the provider's own value of the same name where the configuration leaves it
     * out (session_default). Where else it can be set, for messages: "in the provider block
     * (ARM_SUBSCRIPTION_ID)". */
    const char *provider_default;
    /* Of a data source, computed: the name that stands behind the word `part` in the ID which the
     * attribute `part_of` is, the word in any case; null where there is none. */
    const char *part_of, *part;
    const char *const *env; /* provider arguments: variables that fill it, first one
                                  that is set and not empty wins; ends with NULL */
    /* Provider arguments: which of the variables are read beside the block. The rules are in
     * engine/settings.h. Names of other rows; NULL: none; end with NULL. */
    enum sign_in sign_in;           /* the only way to sign in that it belongs to */
    const char *const *other_forms; /* each says the same thing in another form */
    const char *const *given_with;  /* forms of what it has no effect without */

    enum nesting nesting; /* nested attribute: how, and of what */
    const struct attribute *rows;
    bool is_block; /* of NESTING_SINGLE: it is written as a block, `name { … }` */
};

#define ENV(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define ONE_OF(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Seconds an operation may take when the configuration does not say; 0: the operation is
 * not offered in the `timeouts` block. */
struct timeouts {
    unsigned create_s, read_s, update_s, delete_s;
};

/* What a POST makes before the create, such as a cart before the order. It costs nothing and is
 * forgotten by the service if nothing follows: where the answer is lost, another one is made. */
struct draft_rule {
    const char *noun; /* "cart" */
    const char *path; /* template over the attributes */
    /* JSON. A text that is "{name}" is that attribute; the member is left out if it has no value. */
    const char *body;
    /* The request ID is made of these attributes, and of the IDs of what has ended: objects (`ended`)
     * and their orders. So a create that was interrupted and is repeated gets the draft that it had, as
     * long as the service remembers request IDs. If that one is refused or has expired, another
     * one is made under a new ID. End with NULL; NULL: a new ID each time. */
    const char *const *request_from;
    const char *
        expires; /* place in the draft: the time until which it can be used; NULL: none */
};

/* A request with an effect. */
struct write_rule {
    const char *method; /* "PUT", "PATCH", "POST", "DELETE" */
    const char *path;   /* template over the attributes; NULL: the object's own ID */
    /* Attributes that a PATCH sends although they do not change; ends with NULL. */
    const char *const *always;
    /* Of a create: what comes before, and whose ID is {draft} in `path`; the request has no body
     * then. NULL: nothing. */
    const struct draft_rule *draft;
    /* Of a create: where its answer has the text that the object has at "id"; items of an array by
     * their number. NULL: at "id". */
    const char *answer_id;
    /* Of a create: codes of a refusal which say that the same request was carried out before, or is
     * being carried out. The object is looked for. End with NULL; NULL: none. */
    const char *const *repeated;
    /* Of a create: how long it may take until the list shows the new object. 0: two minutes. */
    unsigned shows_within_s;
    /* Of an update: `path` has this member of the object's body alone. It is read first, and
     * written back whole with what changes in it. NULL: so is the object itself, if there is an
     * etag. */
    const char *part;
    /* Where that says its etag, which goes back as If-Match. An answer with this code says that
     * the etag is old: the part is read again, once. */
    const char *etag, *etag_is_old;
};

/* What a destroy does, by the text that the state has in the table's destroy_attribute. */
enum destroy_act {
    DESTROY_REFUSE, /* an error of the plan */
    DESTROY_FORGET, /* the object leaves the state, and nothing is sent */
    DESTROY_DELETE, /* DELETE */
    DESTROY_WRITE,  /* another request, after which the object may still be there */
};
struct destroy_rule {
    const char *value; /* the first rule counts where the state has none */
    enum destroy_act act;
    const char *method, *body; /* of DESTROY_WRITE: sent to the object's ID; JSON */
    /* By which the object shows that it took effect, unless it is not there. */
    const char *place;
    const char *const *values;
    bool needs_person; /* see struct resource_table */
    const char *text;  /* of the error, or of the plan's warning: sentences */
    /* The whole object is sent, with `body` merged into it and the etag of .update. */
    bool is_merged;
};

/* A secret that the answer to a create shows, and no other: it is dropped. */
struct answer_secret {
    const char *member;       /* of the answer, taken out of it */
    const char *title, *text; /* of the warning after the create */
};

/* Arguments that say one thing in several ways: one at most is given, and one has to be where an
 * object is created. (What is imported exists.) */
struct choice {
    const char *const *names; /* end with NULL */
    const char *advice;       /* sentences */
    bool may_be_several; /* what is given besides has to agree, as a read_from does */
};

/* Other objects that are lost with this one: those of a list. A delete is refused while there are
 * any, unless the user allows it; without `allow` it is not, and {dependents} in the table's
 * destroy_warning is the loss, or nothing. The texts know {dependents.count}, {dependents.noun} (with an s
 * where there are several) and {dependents.names}, a line each, besides the words of a remedy. */
struct dependents_rule {
    const char *list_id; /* template over the attributes */
    const char *api_version;
    const char *noun; /* "customer subscription" */
    /* Those whose text at the place is the attribute's, or one of the values, ignoring case. NULL:
     * all of the list. */
    const char *place, *attribute;
    const char *const *values;
    const char *shown;  /* place: precedes the name in the ID; NULL: that alone */
    const char *allow;  /* the bool attribute; NULL: title and action have no meaning */
    const char *title;  /* of the error and of the warning */
    const char *loss;   /* sentences: what is lost */
    const char *action; /* sentences: what to do where that is not wanted */
};

/* What a destroy leaves behind elsewhere, by a report of the service: the parts of its entry about
 * the object that have a text, not "", at a place. It is the answer to a POST without an effect. A
 * plan of a destroy asks for it, and {leftovers} in the table's destroy_warning is one of the texts. */
struct leftover_rule {
    const char *path, *action; /* template over the attributes, and its last part */
    const char *api_version, *older_api_version;
    unsigned wait_s;                         /* it may take this long */
    const char *entries, *place, *attribute; /* the entry whose text is the attribute's */
    const char *parts, *part_place;          /* in it */
    const char *some, *none, *unknown; /* sentences; `some` knows {leftovers.count} */
};

/* The service is still working on an object after it took the request, and says in the object how
 * far it is. A create waits for that; an object under way is not deleted. */
struct progress_rule {
    const char
        *place; /* "properties.provisioningState"; without it what is computed says it */
    const char *const *done, *const
                                 *failed; /* values of it, ignoring case; end with NULL */
    const char *failure; /* of one that failed: what to do, in sentences */
    const char
        *pending; /* of one under way that is to be deleted or replaced: what to do */
};

/* A POST that changes something else than the object itself, and has the same effect however often
 * it is sent. A look shows whether it has it. */
struct action_rule {
    const char *verb;      /* for titles, before the noun: "rename" */
    const char *path;      /* template over the attributes */
    const char *attribute; /* the one whose value is sent; NULL: none */
    const char *member;    /* where that stands in the body */
    const char
        *sign_in_to;   /* attribute: whose tokens it takes; NULL: the service's own */
    const char *needs; /* a sentence: what rights, and why there are none by default */
    const char *look, *look_api_version; /* template of the ID to GET */
    const char *place; /* in the answer: holds one of the values, or the value sent */
    const char *const *values;
    /* All values that show the effect: `values`, and those that may have another cause as well. An
     * object that had one of the latter before is acted on all the same; where the service refuses
     * that, other than for want of rights, it is a warning: a title, and sentences that know
     * {look}. NULL: `values` are all. */
    const char *const *all_values;
    const char *refused_title, *refused;
    const char *when; /* before a delete: the bool attribute that wants it */
    /* The warning of a plan that deletes then, in place of .destroy_warning. */
    const char *warning;
    const struct remedy *remedies; /* before those of the table; NULL: none */
};

/* A list may show the order of an object before the table's list shows the object. An order counts if
 * it is of this object: one of its items has the natural_key, at the places where an object has it.
 * It forbids the create until the list of the objects has its object: with `open` at the blocker's
 * `status` whatever its age, with one of the values of `past` not at all, and else for `recent_s`. In the
 * blocker, place, attribute and `unless` have no meaning. */
struct order_rule {
    const char *items; /* place of the list of its items */
    const char
        *object_id; /* place in an item: what the object has at "id"; it may be missing */
    const char *order_id; /* place in an object: what its order has at "id" */
    const char *open;
    const char *ordered_at; /* place of the time */
    unsigned recent_s;
};

/* Other objects that forbid to create this one: entries of a list of which `place` is what the
 * attribute says; the same for `place_too`, where the one may be the end of the other. The texts
 * know {blocker.id}, {blocker.name}, {blocker.shown}, what stands at `shown`, and {blocker.import},
 * the lines that import it (of an order, those that import its object, or nothing if that has no ID yet). */
struct create_blocker {
    const struct order_rule
        *orders; /* the entries are orders of such objects; NULL: objects */
    /* In place of a list: the template of an ID of which the service says by HEAD whether it
     * exists. Then place and status have no meaning. */
    bool is_one;
    const char *list_id; /* template; the object itself is none of them */
    const char *api_version;
    const char *place, *attribute, *place_too, *attribute_too;
    const char *status; /* place; entries with one of these values there do not count */
    const char *const *past;
    const char *shown;
    const char
        *unless; /* the bool attribute by which a user allows it; NULL: nothing does */
    const char *title, *text;
    const char *unread; /* a sentence: the service refuses to show the list */
};

/* An error code of the service, and what the user can do about it. In the texts {service}, {noun},
 * {parent_noun}, and of the parent's id {parent.subscription}, {parent.resource_group} and
 * {parent.name} are filled in. {place.…} is a part of the ID of the object, its list or its parent, as the
 * service's `ids` says it: ARM's have {place.namespace} and {place.subscription_option}, which is
 * empty where the object is in no subscription. */
struct remedy {
    const char *code;
    const char *meaning;   /* one clause: "the registration is not approved for …" */
    const char *action;    /* sentences; first word in capitals */
    const char *attribute; /* the attribute at fault; NULL: none */
};

/* Parents of a kind that can never have such an object. */
struct parent_rule {
    const char *place;     /* a place in the parent's body: "properties.billingModel" */
    const char *refused;   /* the value, ignoring case */
    const char *attribute; /* the attribute at fault */
    const char *meaning, *action; /* as those of a remedy */
};

/* What a replacement costs between the delete and the create, and how to avoid that: sentences,
 * filled in as those of a remedy for the old object. */
struct replace_warning {
    const char *title;
    const char *always;       /* comes first */
    const char *same_parent;  /* another object of the same parent takes over */
    const char *other_parent; /* another parent */
    const char *same_id;      /* the same object is deleted and created again */
    const char *tainted;      /* the same, because the state says that it is tainted */
    /* The host does not say that -replace, or a taint, is why a new object is planned, and shows
     * no warning then: an error, while the object is there and well. NULL: none. */
    const char *refused;
};

/* A service: the objects of one host, or of one kind of host. */
struct service_table {
    const char *name;            /* "azure"; the key of its runtime in the session */
    const char *label;           /* in messages: "Azure" */
    const struct id_scheme *ids; /* how the IDs of its objects are read */
    /* The provider's nested block that configures it: its rows may be endpoint, audience,
     * tenant_id, and any argument of the provider's own that chooses or feeds a way to sign in;
     * what the block leaves out of the latter is the provider's, but never the tenant. NULL: the
     * provider's own arguments. And what to say, with three lines to copy, where an object needs
     * it and it is not there. */
    const char *block, *missing;
    /* A block in that block, where the service is configured by both: what the inner one leaves
     * out is the outer one's, but never the tenant. The service is configured where the inner
     * block is there, or a variable of one of its rows, or its own address. NULL: none. */
    const char *inner_block;
    /* Rows without which it is not configured; ends with NULL. NULL: its address alone. */
    const char *const *needed;
    /* What to say where an object needs a person to sign in, and an application does. */
    const char *person_missing;
    /* What to do where the service refuses the token of a person: sentences. NULL: nothing. */
    const char *person_refused;
    /* The row of the block that has its address; NULL: endpoint. */
    const char *endpoint;
    /* Its address where that is left out, by the provider's environment; ends with a NULL name.
     * NULL: it has to be given. */
    const struct cloud_endpoint *endpoints;
    const struct derived_endpoint *derived_endpoint; /* NULL: it has to be given */
    /* Its own metadata say who issues its tokens: login service, tenant and audience. */
    bool publishes_sign_in;
    /* Another provider whose resources may be moved here, by the end of its address and the type
     * of the resource, and where its state says ID and type. NULL: none. */
    const struct move_rule *moves;
};

struct cloud_endpoint {
    const char *environment, *endpoint; /* "public", "https://host" */
};

/* An address that is left out: another row's, with another first label of its host. */
struct derived_endpoint {
    const char *from, *label,
        *instead; /* "admin_endpoint", "adminmanagement.", "management." */
};

struct move_rule {
    const char *address, *type_name;     /* "/azure/azapi", "azapi_resource" */
    const char *id_member, *type_member; /* the type may have an @version behind it */
};

/* Other objects that forbid to delete this one: those of a list that have one of some values at a
 * place in their body. A plan that deletes asks for them where the user wants it. The texts know
 * {blocker.name} and {blocker.scope} besides the words of a remedy. */
struct delete_blocker {
    const char *list_id; /* template */
    const char *api_version;
    const char *place; /* "properties.level" */
    const char *const *values;
    const char *title, *text;
};

/* The UNIQUE value of an object that leaves it out is the owner of what another attribute names,
 * and the service says so without any right to it (dialect, read_owner). The texts know {account}
 * and {owner} besides the words of a remedy. */
/* Objects that stay for a while after a DELETE, whatever it answered. Lists end with NULL. */
struct gone_rule {
    const char *place; /* "state" */
    const char *const
        *values; /* with one of these an object is not there; NULL: it answers 404 then */
    /* With one of these it is still being deleted: it is nothing to import, a plan of a new object
     * passes, and a create waits until it is gone. NULL: none. */
    const char *const *deleting;
};

/* Objects that have ended and stay: a lost answer to a create did not make one of them, and a new
 * object of the same natural key is refused because of them unless the user allows it. The texts
 * know {ended.id}. */
struct ended_rule {
    const char *place; /* "status" */
    const char *const *values;
    const char *allow;        /* the bool attribute */
    const char *title, *text; /* of the error */
};

/* A delete that destroys more than the object: refused, unless the state has true. */
struct delete_guard {
    const char *allowed_by; /* a bool attribute of this provider's own */
    const char *text;       /* sentences: what would be deleted with it */
};

struct owner_rule {
    const char *account; /* the attribute */
    const char *known;   /* a sentence: who the owner is */
    const char *unknown; /* sentences: the service does not say */
};

/* An argument by which the service narrows a list down (dialect, filter). */
struct search_rule {
    const char *attribute, *field; /* "domain_name", "Domain" */
};

/* How a value names one of the objects of a list. */
enum reference_by {
    REFERENCE_BY_ID,     /* it is the object's ID */
    REFERENCE_BY_NAME,   /* it is the last part of it */
    REFERENCE_BY_UNIQUE, /* the object's UNIQUE attribute has it */
};

/* What a plan says of an object that is there, by a text or a bool ("false") in its body. */
struct reference_state {
    const char *place, *value; /* ignoring case */
    bool is_warning; /* reported once in a session; else an error at the attribute */
    const char *title, *text;
};

/* An attribute that names an object of a list, which may be another service's: a plan in which the
 * value is new asks whether the object is there. Skipped where the value is unknown, where the same
 * plan makes the object, where that service is not configured, and, with one warning for each
 * cause, where it cannot be asked. The texts know {value} and {list}; and {listed}, the UNIQUE text
 * of the first object that is listed. */
struct reference_check {
    const char *attribute;
    /* Of its columns count those that say where the objects are listed, .list among them, whose rows
     * are filled as those of a list resource, from the attributes of the same names if there are
     * such. Need not be served. */
    const struct resource_table *objects;
    enum reference_by by;
    bool is_refused;          /* the object must not be there */
    bool is_warning;          /* what is said of it */
    bool takes_own_directory; /* the service's own directory is in no list */
    bool is_skipped_if_empty; /* an empty list says nothing */
    const char *title, *text; /* of an object that is missing, or is_refused and there */
    const struct reference_state *states; /* end with a NULL place; NULL: none */
};

/* An object that cannot be read once an object of another service is missing, which has the same text in
 * its own `lost_as`: a read that is refused with the code means that this object was deleted together
 * with that one, or, with is_hidden, that it cannot be read until that one exists again. Only where a
 * read of the same run found that one missing. */
struct lost_with {
    const char *attribute, *code;
    const struct resource_table *table;
    bool is_hidden;
};

/* Objects of a list that count: their text at this place begins so. */
struct start_rule {
    const char *place, *start;
};

struct resource_table {
    const char *name; /* without the provider's prefix: "customer_subscription" */
    const char *noun; /* in messages: "customer subscription mapping" */
    const char *doc;
    int64_t schema_version;
    const struct service_table *service;
    const char *
        id_type; /* as the service's `ids` takes it: "Microsoft.AzureStack/registrations" */
    /* Or several, with a space between: the newest first, and older ones for a build of the service
     * that does not know it. */
    const char *api_version;
    bool
        needs_person; /* the service takes tokens of a person alone (service, person_missing) */
    bool takes_api_version; /* the provider's argument api_version is meant for it */
    /* How an object, and the list of them, is named in messages, over {noun}, {name},
     * {parent_noun} and {parent.…}; NULL: the noun and the name. */
    const char *label, *list_label;
    const char *parent_noun; /* "registration" */
    const char *id;          /* template, see id/id.h */
    /* What the object belongs to, which must answer before the object counts as gone: a template
     * over the attributes of `id`, and the version if it is another one. NULL: nothing. */
    const char *parent_id, *parent_api_version;
    /* What identifies the object apart from Terraform's addresses: texts, all of them needed,
     * and the template by which they are an id. NULL: the type has no identity. */
    const struct attribute *identity;
    const char *identity_id;
    /* What the list resource of this type asks for; NULL: there is no list resource. The template
     * of the list's ID, over that and over the attributes of `id`; NULL: nothing lists them. */
    const struct attribute *list;
    const char *list_id;
    /* The attribute by which alone an object can be imported, a text without a slash. If it is in the
     * ID, the rest of the ID is filled as the arguments of the list are. If not, it is the natural_key,
     * and the list is searched for it. NULL: by the whole ID. */
    const char *import_by;
    /* What is added to the list's query, encoded; and by what the service narrows it down where
     * an object is looked for (see struct data_source_table). NULL: nothing. */
    const char *list_query;
    const struct search_rule *searches;
    /* There is no GET of one object: it is what its list shows under the natural_key, whose
     * attributes are in its ID; of several the one with the latest time at the place `latest`. */
    bool read_by_list;
    const char *latest;
    /* A pure look at the whole configuration; what is not known passes. NULL: none. */
    void (*check)(struct arena *arena, const struct value *config, struct diags *diags);
    const struct answer_secret *answer_secret; /* NULL: none */
    /* What a destroy does; ends with a NULL value. NULL: DELETE. */
    const char *destroy_attribute;
    const struct destroy_rule *destroys;
    /* The list, and each list of a create_blocker, shows such objects of other places as well:
     * those whose ID is not of `id_type` are left out, and no warning says so. */
    bool list_shows_others;
    const struct start_rule *starts; /* of the list only these count; NULL: all */
    const struct delete_blocker *delete_blocker; /* NULL: none */
    const struct create_blocker
        *create_blockers; /* end with a NULL list_id; NULL: none */
    /* A plan of a new object asks for it by GET, and for its create_blockers. (Where reads are
     * shared the list shows it.) */
    bool looks_ahead;
    const struct progress_rule *progress;     /* NULL: it is there, or it is not */
    const struct dependents_rule *dependents; /* NULL: none */
    const struct leftover_rule *leftovers;    /* NULL: none */
    const struct choice *choice;              /* NULL: none */
    /* Why there is no such object where the login service has one directory only: sentences, of
     * an error before any other request. NULL: there is. */
    const char *one_directory_refusal;
    const struct delete_guard *delete_guard; /* NULL: none */
    const struct gone_rule *gone_when;       /* NULL: what is deleted is gone */
    const struct ended_rule *ended;          /* with a natural_key; NULL: none */
    bool collection_read; /* reads may be served from the parent's LIST */
    /* How an object is changed in place: PUT sends all of it, PATCH only what changes, with
     * null for what is taken away. NULL: every attribute that stands in the body is REPLACE. */
    const struct write_rule *update;
    /* Without .update: what changes the attribute of the action, which is not REPLACE. And what
     * comes before a delete. NULL: nothing. */
    const struct action_rule *update_action, *delete_action;
    /* How an object is created. NULL: a PUT of its ID. By POST the service makes the ID: its
     * parts in `id` are computed attributes that the answer has, `list_id` is a template over
     * what is configured, and `natural_key` (attributes with a place in the body; ends with
     * NULL) finds the object where the answer is lost. Such a request is never repeated once it
     * may have had an effect. */
    const struct write_rule *create;
    const char *const *natural_key;
    const struct attribute *attributes;
    struct timeouts timeouts;
    /* Codes that mean: this very object is missing; and: what it belongs to is missing, or
     * invisible to the credential. Whatever the status. Both end with NULL. */
    const char
        *absent; /* what to say where a look-up finds none, sentences; NULL: as of any */
    const char *const *gone, *const *parent_gone;
    /* Objects of other services that it is lost with; end with a NULL attribute. NULL: none. And by
     * which attribute others are lost with it; NULL: none are. */
    const struct lost_with *lost_with;
    const char *lost_as;
    /* Codes of a refused create that mean that the object exists. End with NULL; NULL: none. */
    const char *const *exists;
    /* Codes of a refused create, update or delete that mean "not yet": it is sent again until the
     * operation's time is over. End with NULL; NULL: none. */
    const char *const *not_yet;
    /* The bool attribute by which the user allows that a UNIQUE value changes its object. */
    const char *overwrite;
    const struct owner_rule *owner; /* NULL: the value has to be configured to be known */
    const struct reference_check
        *reference_checks;                  /* end with a NULL attribute; NULL: none */
    const struct parent_rule *parent_rules; /* ends with a NULL place */
    /* Texts, filled in as those of a remedy; NULL: none. What a destroy costs, in a title and
     * sentences; what it costs, as a clause, that a tainted object is deleted and created again
     * ("which …"); and what a list that cannot show everything is silent about, a sentence. */
    const char *destroy_title, *destroy_warning, *taint_note, *list_gap_note;
    const struct replace_warning *replace_warning; /* NULL: none */
    const struct remedy *remedies; /* ends with a NULL code; the common ones of ARM are in
                                      remedies.c and need no row */
};

/* Where objects are listed: templates over the attributes of a data source. */
struct list_place {
    const char *list_id; /* the ID of the list */
    const char *id;      /* what a data source that shows the whole list has for an ID */
    /* How the list is named in messages, over the attributes as well as {noun}; NULL: as the
     * object's list_label says. */
    const char *label;
};

/* The computed list of the texts that items have in one attribute: of those whose `status`
 * attribute has this text, in any case. */
struct gather_rule {
    const char *name, *attribute, *status, *wanted;
};

/* What can be looked up. The objects are those of a resource table, whether or not it is offered
 * as a resource; or `object` is NULL, and the columns that have a resource's names describe them.
 * An attribute has the value of the object's attribute of the same name; without `object` it
 * stands where `.body` says, `id` being the IS_ID row. What the configuration gives stays.
 * An ephemeral resource is one as well: its values stand in no plan and no state. */
struct data_source_table {
    const char *name; /* without the provider's prefix */
    const char *doc;
    const struct resource_table *object;
    const struct attribute *attributes;
    /* Of its own request, before those of the object; ends with a NULL code. NULL: none. */
    const struct remedy *remedies;

    /* As those of a resource. Where they are NULL they are the object's. Without an id_type an
     * ID is any path. */
    const struct service_table *service;
    const char *noun, *parent_noun, *id_type, *api_version, *label, *list_label;
    const char *absent;
    const char *const *gone, *const *parent_gone;
    const char *one_directory_refusal;
    bool needs_person; /* see struct resource_table */

    /* How it is read, where no reader does (provider/data_sources). By a GET of the ID that this
     * template makes of the attributes; NULL: the object's. With keys, one of which it is made of,
     * an object that a list showed is asked for by it as well: a list may leave parts out. */
    const char *id;
    /* By a list: of the first place all of whose attributes have a value; ends with a NULL
     * list_id. NULL: by the ID alone. */
    const struct list_place *lists;
    /* What is added to the list's query, templates over the attributes: "$top={count}". One of
     * whose attributes is null is left out; a text within quotation marks has its own doubled.
     * Ends with NULL; NULL: nothing. */
    const char *const *query;
    /* By the service itself; the first that is given. Ends with a NULL attribute; NULL: none. */
    const struct search_rule *searches;
    const struct start_rule *starts;  /* NULL: all of the list count */
    const struct gather_rule *gather; /* NULL: none */
    /* Arguments by which the list is narrowed down here: of what is listed, that counts whose
     * attribute of the same name is equal, texts ignoring case. Ends with NULL; NULL: none. */
    const char *const *filters;
    /* The nested list that has a row for each object, in the order of the IDs. NULL: the list
     * has to show one object, which is the data source. */
    const char *items;
    /* The computed map of the items' IDs by their names; of two with one name neither is in it.
     * NULL: none. */
    const char *ids_by_name;
    /* The listed objects have no ID, or one that several have. */
    bool has_no_ids;
    /* Numbers of the answer are read into texts, digit by digit: a double would round them. */
    bool keeps_digits;
    /* A pure look at the whole configuration, after that at each row; what is not known passes.
     * NULL: none. */
    void (*check)(struct arena *arena, const struct value *config, struct diags *diags);
    /* Arguments of which exactly one names the object: the IS_ID one by a GET, another one as a
     * filter of the list. Ends with NULL; NULL: none. */
    const char *const *keys;
};

/* A pure function of the language; needs no configured provider. */
struct function_parameter {
    const char *name, *doc;
};

enum { FUNCTION_PARAMETERS_MAX = 3 };

struct function_table {
    const char *name;    /* of the function, without a prefix */
    const char *summary; /* one sentence */
    const char *doc;
    struct function_parameter
        parameters[FUNCTION_PARAMETERS_MAX + 1]; /* texts; known, not null;
                                                                      end with a NULL name */
    const struct attribute *result;              /* rows of an object; NULL: a text */
    /*
     * `arguments` are the parameters' texts. 0 with *out of the result's type; or -1 with err
     * set and *at the index of the argument at fault, -1 for none.
     */
    int (*call)(struct arena *arena, const char *const *arguments,
                const struct value **out, int *at, struct error *err);
};

struct provider_table {
    const char *name; /* "azurestack" */
    const char *doc;
    const struct attribute *attributes;
};

/* The words an error code is answered with: the table's own row, else the common one. */
const struct remedy *schema_find_remedy(const struct resource_table *table,
                                        const char *code);

/* The common ones; ends with a NULL code. */
extern const struct remedy *const schema_common_remedies;

/* The rows of the `timeouts` block that a table offers; in the arena, ends with NULL. */
const struct attribute *schema_timeouts_rows(struct arena *arena,
                                             const struct resource_table *table);

/* Object types as the host sees them: all attributes, and the `timeouts` block. */
const struct type *schema_rows_type(struct arena *arena, const struct attribute *rows);
const struct type *schema_attribute_type(struct arena *arena,
                                         const struct attribute *attribute);
const struct type *schema_resource_type(struct arena *arena,
                                        const struct resource_table *table);

/* The value of a row's `fallback`, which is not NULL. */
const struct value *schema_default(struct arena *arena, const struct attribute *row);

const struct attribute *schema_find(const struct attribute *rows, const char *name);
/* The first row with the flag; NULL: none. */
const struct attribute *schema_find_flag(const struct attribute *rows, unsigned flag);
size_t schema_count(const struct attribute *rows);

/* One of these attributes has a value at most, and one at least unless it `may_lack`: else -1 with
 * an error, which has the choice's advice at its end (NULL: none). Passes as long as one that is
 * unknown may be it. */
int schema_check_choice(struct arena *arena, const struct choice *choice, bool may_lack,
                        const struct value *object, struct diags *diags);

/* An error for each REQUIRED row at the top of a configuration that is null. Hosts check it first;
 * what reads a configuration relies on it. */
void schema_check_required(const struct attribute *rows, const struct value *object,
                           struct diags *diags);

/* Checks every known value below `object` by its rows: one_of, type of id, check. Unknown
 * values pass. `parent`: PATH_NONE at the top. */
void schema_validate(struct arena *arena, const struct attribute *rows,
                     const struct value *object, const struct path *parent,
                     struct diags *diags);

#endif
