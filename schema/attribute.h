/* One row of a table: an attribute of a resource, a data source, a function's result or the
 * provider block, and how it maps to the service's JSON body.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_ATTRIBUTE_H
#define SCHEMA_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "id/scheme.h"
#include "value/diags.h"
#include "value/type.h"
#include "value/value.h"

/* attribute.flags */
enum {
    REQUIRED = 1 << 0,
    OPTIONAL = 1 << 1,
    COMPUTED = 1 << 2,
    /* A change replaces the object. An answer that omits the value, or returns "", is no change: the
     * state keeps the value that it has. */
    REPLACE = 1 << 3,
    /* Hidden in plans, never logged. */
    SENSITIVE = 1 << 4,
    /* The ID of the object itself, filled from the table's `id` template. */
    IS_ID = 1 << 5,
    /* The service keeps one object for each value and parent: writing a second object silently
     * overwrites the first. */
    UNIQUE = 1 << 6,
    /* Provider arguments: setting it in the block selects its `sign_in`. A bool has to be true. */
    CHOOSES = 1 << 7,
    /* Computed, and any update may change it: unknown in the plan of an update. */
    VOLATILE = 1 << 8,
    /* Answers of the service may omit it, or return "", although it has a value: the state keeps
     * the value that it has, as with REPLACE. */
    MAY_BE_OMITTED = 1 << 9,
    /* A text that is sent in the body of writes and kept nowhere: it is null in every plan and
     * state, it is never read from an answer, and no trace or message shows it. A create and a PUT
     * always send it, since both write the whole object. A PATCH sends it only when its `version`
     * changes to another value, as null if the configuration omits it. Only for rows at the top of a
     * resource.
     * Needs Terraform 1.11 or OpenTofu 1.11; with an older one, setting it is an error. If the
     * service repeats the value in answers, http/redact.c has to know the member's name. */
    WRITE_ONLY = 1 << 10,
    /* The ID of the directory whose tokens authorize requests about the object, and about the list
     * that has this argument (service_client_of_tenant). Null: the service's own directory. It is
     * in no body, and changing only this sends nothing. A resource with such a row has it in its
     * `list` as well. */
    SIGN_IN_TO = 1 << 11,
    /* The service returns it for a new object at most, and may keep returning the first value after
     * a change. A read uses it only if the state has no value. If the state has none, as after an
     * import, the object is neither updated nor replaced in order to set one. */
    RETURNED_ONCE = 1 << 12,
    /* Only the request that creates the object uses it: it is in no body, and changing only this
     * sends nothing. */
    FOR_CREATE = 1 << 13,
    /* A secret in the body that is stored in the state as configured, for versions of Terraform
     * without write-only arguments. It is never read from an answer, and no trace or message shows
     * it. It may share its `body` with a WRITE_ONLY row; the one that is set is sent. */
    NEVER_RETURNED = 1 << 14,
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

/* When two values of an attribute are equal. */
enum compare_mode {
    COMPARE_EXACTLY = 0,
    /* A difference in case is no change: the state keeps what the configuration says. */
    COMPARE_IGNORING_CASE,
    /* Times are equal if they are the same moment (clock_parse_time). The state keeps what the
     * configuration says. */
    COMPARE_TIMES,
    /* Of a map: to the service, keys that differ only in case are one, and it may keep either. The
     * state keeps what the configuration says, and another case is sent as a change. */
    COMPARE_KEYS_IGNORING_CASE,
};

struct attribute;

/* A bool that the body holds as a text. */
struct bool_texts {
    const char *when_true, *when_false; /* "Enabled", "Disabled" */
};

/* The part of a text between two delimiters. */
struct between_rule {
    const char *before, *after; /* "DZH318Z0BPS6:", ":" */
};

/* The value at `place` in the body of another object. */
struct read_from_rule {
    /* Holds the ID of the other object, unless `path` is given. Messages name the object by it. */
    const char *attribute;
    const char *api_version;
    const char *place;
    /* Template of the other object's ID, over the attributes of the rows above. The object is then
     * read only if the configuration omits the value. NULL: the ID is in `attribute`. */
    const char *path;
};

/* A value from an object that a search in a list finds. */
struct look_up_rule {
    const char *list_id; /* template over the attributes of the rows above */
    const char *api_version;
    const char *query; /* of the list: "country={country}"; NULL: none */

    /* Which object: the one with this text at `place`. `value` is the text, or `value_of` names the
     * attribute that has it. Both NULL: the list's only object. */
    const char *place;
    const char *value, *value_of;

    /* Which value: this part of the object's ID, by its name in the service's ID scheme ("name").
     * NULL: the whole ID. */
    const char *part;
    /* Or the text at this place, array items by number. NULL: the ID. */
    const char *take;
    /* Where objects of this list have their ID: "templateId". NULL: "id". */
    const char *id_place;

    /* The list belongs to the object's parent. If the same run creates the parent, the right to
     * sign in there does not exist yet: the plan leaves the value unknown. It says so if no plan of
     * this run creates an object of the parent's name. */
    bool is_in_parent;
    /* The value is the account that the service's block may name; the block's value has
     * precedence. */
    bool is_account;

    const char *noun;   /* "the Default Provider Subscription" */
    const char *advice; /* sentences: what to do if there is no such object, or several */
};

/* Checks one known, non-null value and adds errors at `path`. Pure: no request, no state. */
typedef void check_fn(struct arena *arena, const struct attribute *attribute,
                      const struct value *value, const struct path *path,
                      struct diags *diags);

enum nesting { NESTING_NONE = 0, NESTING_SINGLE, NESTING_LIST, NESTING_SET, NESTING_MAP };

/* An array of rows ends with one whose name is NULL. */
struct attribute {
    const char *name;
    const struct type *type; /* NULL if `rows` are given */
    unsigned flags;
    const char *doc; /* Markdown: the description in the schema and in the manual */

    /* ---- in the body ------------------------------------------------------------------- */

    /* Place in the service's JSON body: "properties.tenantId". Reads take the value from there, and
     * writes send it, unless it is computed and not optional. */
    const char *body;
    /* The value is a part of the text at `body`, which the service makes: it is read, never
     * written. Null if the text does not have the delimiters. */
    const struct between_rule *between;
    /* The value is a bool, and the text at `body` is one of these. Any text other than
     * `when_false` reads as true. NULL: the body has a JSON bool. */
    const struct bool_texts *texts;
    enum compare_mode compare;

    /* ---- what is valid ----------------------------------------------------------------- */

    check_fn *check;
    const char *const *one_of; /* the only valid texts; ends with NULL */
    unsigned characters_max;   /* of a text; 0: no limit */
    /* The value is an ID of this type, in the notation of `ids`:
     * "Microsoft.AzureStack/registrations". */
    const char *id_type;
    const struct id_scheme *ids; /* NULL: id_scheme_arm */
    /* The text is a user name. The directory in this attribute, or the service's own if that is
     * null, should have the domain after the @: the plan of a new value warns if the login service
     * reports another directory. */
    const char *user_of;

    /* ---- where an omitted value comes from --------------------------------------------- */

    /* Used if neither configuration nor environment has a value: of a text, a number or a bool
     * ("true" or "false"). If the attribute is computed and not optional, this is its only value,
     * and writes send it. */
    const char *default_value;
    /* The value of the provider argument of the same name (session_default). This text says for
     * messages where else it can be set: "in the provider block (ARM_SUBSCRIPTION_ID)". */
    const char *provider_default;
    /* Of an optional, computed, REPLACE text: the plan makes a GUID of the service's name, the
     * table's name, and these attributes of the object (texts). So the plan and each later run that
     * would create the object use the same one. Unknown while one of the attributes is. An object
     * in the state keeps its own. Ends with NULL. */
    const char *const *made_from;
    /* Of a computed text: the last name in the ID that this attribute holds, in lower case. */
    const char *name_in;
    /* The next four apply to a new object whose configuration omits the value. The plan fills it if
     * everything that is needed is known, in the order of the rows. A value in the state stays.
     *
     * The value is found in a list of the service. */
    const struct look_up_rule *looked_up;
    /* A template over the attributes of the rows above: "system.{location}". */
    const char *default_from;
    /* The ID of the directory that has the domain in this attribute, from the login service. A
     * configured ID has to be the same. */
    const char *directory_of;
    /* The value is in the body of another object. If the configuration has both, they have to
     * agree. An import reads it, because the object itself does not have it. */
    const struct read_from_rule *read_from;

    /* ---- when it changes --------------------------------------------------------------- */

    /* Of a WRITE_ONLY row: the attribute whose change sends the value again, since no plan can see
     * that the value itself changed. That attribute is optional and in no body. In a table without
     * `update` it is REPLACE. */
    const char *version;
    /* Of a computed row: the service may change the value when one of these attributes changes.
     * The plan of such a change has it unknown. Ends with NULL. */
    const char *const *changes_with;

    /* ---- data sources ------------------------------------------------------------------ */

    /* Of a computed row: the name that follows the segment `part`, in any case, in the ID that the
     * attribute `part_of` holds. Null if the ID has no such segment. */
    const char *part_of, *part;

    /* ---- provider arguments; the rules are in configure/settings.h --------------------- */

    /* Environment variables for the value: the first that is set and not empty. Ends with NULL. */
    const char *const *env;
    /* The only way to sign in that uses the argument. */
    enum sign_in sign_in;
    /* Rows that give the same value in another form, such as a file. The variable is not used if
     * the block sets one of them. Ends with NULL; NULL: none. */
    const char *const *other_forms;
    /* Rows with the identity or the host that the value belongs to, such as client_id. The variable
     * is not used if the block and the environment have different values of one of them. Ends with
     * NULL; NULL: none. */
    const char *const *given_with;

    /* ---- nested attributes ------------------------------------------------------------- */

    enum nesting nesting;
    const struct attribute *rows;
    /* NESTING_SINGLE: the configuration writes it as a block, `name { … }`. */
    bool is_block;
};

#define ENV(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define ONE_OF(...) ((const char *const[]){ __VA_ARGS__, NULL })

#endif
