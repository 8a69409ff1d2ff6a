/* Functions that parse IDs and make them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "id/id.h"
#include "schema/checks.h"
#include "schema/functions/parse_id.h"
#include "schema/tables.h"

#define REGISTRATION_TYPE "Microsoft.AzureStack/registrations"
#define CUSTOMER_TYPE "Microsoft.AzureStack/registrations/customerSubscriptions"

/* ---- parse ------------------------------------------------------------------------------ */

int function_parse_id(struct arena *arena, const char *text, const char *type,
                      struct id *out, int *at, struct error *err)
{
    *at = 0;
    if (id_parse(arena, text, out, err) < 0)
        return error_context(err, "this is not a resource ID of the format \"%s\"",
                             id_form(arena, type));
    if (!id_is_of_type(out, type))
        return error_set(err, ERR_INVALID,
                         "this is the ID of %s; the expected format is \"%s\"",
                         checks_describe_id(arena, out), id_form(arena, type));
    return 0;
}

static const struct value *with_text(struct arena *arena, const struct value *object,
                                     const char *name, const char *text)
{
    return value_with(arena, object, name, value_string(arena, text));
}

static const struct attribute registration_parts[] = {
    { "subscription_id", &type_string, COMPUTED,
      .doc = "The ID of the subscription that contains the registration." },
    { "resource_group_name", &type_string, COMPUTED,
      .doc = "The resource group of the registration." },
    { "name", &type_string, COMPUTED, .doc = "The name of the registration." },
    { "id", &type_string, COMPUTED,
      .doc =
          "The ID, with the fixed parts in upper and lower case as Azure writes them." },
    { 0 },
};

static int parse_registration_id(struct arena *arena, const char *const *arguments,
                                 const struct value **out, int *at, struct error *err)
{
    struct id id;
    if (function_parse_id(arena, arguments[0], REGISTRATION_TYPE, &id, at, err) < 0)
        return -1;
    const struct value *object =
        value_object_of_nulls(arena, schema_rows_type(arena, registration_parts));
    object = with_text(arena, object, "subscription_id", id.subscription);
    object = with_text(arena, object, "resource_group_name", id.resource_group);
    object = with_text(arena, object, "name", id.levels[0].name);
    *out = with_text(arena, object, "id", id_format(arena, &id, REGISTRATION_TYPE));
    return 0;
}

const struct function_table parse_registration_id_function = {
    .name = "parse_registration_id",
    .summary = "Parses the ID of a registration",
    .doc =
        "Parses the ID of a registration of an Azure Stack Hub. The fixed parts can be "
        "in any case, and the leading slash is optional.",
    .parameters = { { "id", "The ID of a registration." } },
    .result = registration_parts,
    .call = parse_registration_id,
};

static const struct attribute customer_parts[] = {
    { "registration_id", &type_string, COMPUTED, .doc = "The registration's ID." },
    { "registration_subscription_id", &type_string, COMPUTED,
      .doc = "The ID of the subscription that contains the registration." },
    { "resource_group_name", &type_string, COMPUTED,
      .doc = "The resource group of the registration." },
    { "registration_name", &type_string, COMPUTED,
      .doc = "The name of the registration." },
    { "customer_subscription_id", &type_string, COMPUTED,
      .doc =
          "The customer's subscription, with the upper and lower case letters of the ID." },
    { "id", &type_string, COMPUTED,
      .doc =
          "The ID, with the fixed parts in upper and lower case as Azure writes them." },
    { 0 },
};

static int parse_customer_subscription_id(struct arena *arena,
                                          const char *const *arguments,
                                          const struct value **out, int *at,
                                          struct error *err)
{
    struct id id;
    if (function_parse_id(arena, arguments[0], CUSTOMER_TYPE, &id, at, err) < 0)
        return -1;
    const struct id parent = id_parent(&id);
    const struct value *object =
        value_object_of_nulls(arena, schema_rows_type(arena, customer_parts));
    object = with_text(arena, object, "registration_id",
                       id_format(arena, &parent, REGISTRATION_TYPE));
    object = with_text(arena, object, "registration_subscription_id", id.subscription);
    object = with_text(arena, object, "resource_group_name", id.resource_group);
    object = with_text(arena, object, "registration_name", id.levels[0].name);
    object = with_text(arena, object, "customer_subscription_id", id.levels[1].name);
    *out = with_text(arena, object, "id", id_format(arena, &id, CUSTOMER_TYPE));
    return 0;
}

const struct function_table parse_customer_subscription_id_function = {
    .name = "parse_customer_subscription_id",
    .summary = "Parses the ID of a customer subscription mapping",
    .doc = "Parses the ID of a customer subscription mapping. The fixed parts can be in "
           "any case, and the leading slash is optional.",
    .parameters = { { "id", "The ID of a customer subscription mapping." } },
    .result = customer_parts,
    .call = parse_customer_subscription_id,
};

/* ---- build -------------------------------------------------------------------------------- */

static int need_guid(struct arena *arena, const char *const *arguments, int at,
                     const char **out, int *fault, struct error *err)
{
    *fault = at;
    *out = checks_find_guid(arena, arguments[at]);
    if (*out == NULL)
        return error_set(err, ERR_INVALID,
                         "this is not a subscription ID; the expected format is "
                         "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    return 0;
}

static int need_name(struct arena *arena, const char *const *arguments, int at,
                     int *fault, struct error *err)
{
    struct id ignored;
    *fault = at;
    if (*arguments[at] == '\0' || strpbrk(arguments[at], "/?#\\") != NULL)
        return error_set(err, ERR_INVALID,
                         "a name must not be empty, and must not have / ? # \\");
    return id_parse(arena, arena_print(arena, "/providers/p/t/%s", arguments[at]),
                    &ignored, err) < 0
               ? error_context(err, "this is not a name")
               : 0;
}

static int need_group(struct arena *arena, const char *const *arguments, int at,
                      int *fault, struct error *err)
{
    const char *wrong = checks_group_fault(arguments[at]);
    return need_name(arena, arguments, at, fault, err) < 0 ? -1
           : wrong != NULL ? error_set(err, ERR_INVALID, "the name %s", wrong)
                           : 0;
}

static int build_registration_id(struct arena *arena, const char *const *arguments,
                                 const struct value **out, int *at, struct error *err)
{
    const char *subscription;
    if (need_guid(arena, arguments, 0, &subscription, at, err) < 0 ||
        need_group(arena, arguments, 1, at, err) < 0 ||
        need_name(arena, arguments, 2, at, err) < 0)
        return -1;
    const struct id id = { .subscription = subscription,
                           .resource_group = arguments[1],
                           .namespace = "Microsoft.AzureStack",
                           .levels = { { "registrations", arguments[2] } },
                           .level_count = 1 };
    *out = value_string(arena, id_format(arena, &id, REGISTRATION_TYPE));
    return 0;
}

const struct function_table build_registration_id_function = {
    .name = "build_registration_id",
    .summary = "Builds the ID of a registration",
    .doc = "Builds the ID of a registration of an Azure Stack Hub.",
    .parameters = { { "subscription_id",
                      "The ID of the Azure subscription that contains the registration." },
                    { "resource_group_name",
                      "The resource group that contains the registration." },
                    { "name", "The name of the registration." } },
    .call = build_registration_id,
};

static int build_customer_subscription_id(struct arena *arena,
                                          const char *const *arguments,
                                          const struct value **out, int *at,
                                          struct error *err)
{
    struct id id;
    const char *customer;
    if (function_parse_id(arena, arguments[0], REGISTRATION_TYPE, &id, at, err) < 0 ||
        need_guid(arena, arguments, 1, &customer, at, err) < 0)
        return -1;
    id.levels[1] = (struct id_level){ "customerSubscriptions", customer };
    id.level_count = 2;
    *out = value_string(arena, id_format(arena, &id, CUSTOMER_TYPE));
    return 0;
}

const struct function_table build_customer_subscription_id_function = {
    .name = "build_customer_subscription_id",
    .summary = "Builds the ID of a customer subscription mapping",
    .doc = "Builds the ID of a customer subscription mapping, for an import.",
    .parameters = { { "registration_id", "The ID of the registration." },
                    { "customer_subscription_id",
                      "The ID of the customer's Azure subscription, ignoring case." } },
    .call = build_customer_subscription_id,
};

static int normalize_subscription_id(struct arena *arena, const char *const *arguments,
                                     const struct value **out, int *at, struct error *err)
{
    const char *guid;
    if (need_guid(arena, arguments, 0, &guid, at, err) < 0)
        return -1;
    *out = value_string(arena, guid);
    return 0;
}

const struct function_table normalize_subscription_id_function = {
    .name = "normalize_subscription_id",
    .summary = "Normalizes a subscription ID",
    .doc = "Converts the ID of a subscription to lower case and removes white space, "
           "braces and `/subscriptions/`, so that you can use IDs from spreadsheets and "
           "portals as `customer_subscription_id`.",
    .parameters = { { "id", "The ID of a subscription in any of these forms." } },
    .call = normalize_subscription_id,
};
