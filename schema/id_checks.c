/* Validators of IDs, and of the names in them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"

#include <string.h>

#include "base/text.h"
#include "id/id.h"

const char *checks_describe_id(struct arena *arena, const struct id *id)
{
    static const struct {
        const char *type, *noun;
    } known[] = {
        { "Microsoft.AzureStack/registrations", "a registration" },
        { "Microsoft.AzureStack/registrations/customerSubscriptions",
          "a customer subscription" },
        { "/Microsoft.Billing/billingAccounts", "a billing account" },
        { "/Microsoft.Billing/billingAccounts/customers",
          "a billing account's customer" },
        { "/Microsoft.Billing/billingAccounts/billingProfiles", "a billing profile" },
        { "/Microsoft.Billing/billingAccounts/billingProfiles/invoiceSections",
          "an invoice section of a Microsoft Customer Agreement" },
        { "/Microsoft.Billing/billingAccounts/invoiceSections",
          "an invoice section of a Microsoft Customer Agreement" },
        { "/Microsoft.Billing/billingAccounts/enrollmentAccounts",
          "an enrollment account of an Enterprise Agreement" },
        { "/Microsoft.Billing/billingAccounts/departments",
          "a department of an Enterprise Agreement" },
        { "/Microsoft.Subscription/aliases", "the alias of a subscription" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (id_is_of_type(id, known[i].type))
            return known[i].noun;
    }
    return id_describe(arena, id);
}

/* The error shows the part of the ID that can stay in the expected form. */
static void explain_other_type(struct arena *arena, const struct attribute *attribute,
                               const struct id *id, const struct path *path,
                               struct diags *diags)
{
    const char *type = attribute->id_type;
    const char *form = id_form(arena, type);
    const char *place = strstr(form, "/providers/");
    struct id want = { .subscription = id->subscription,
                       .resource_group = id->resource_group != NULL
                                             ? id->resource_group
                                             : "{resource group}" };
    diags_error(diags, path, checks_title(arena, attribute),
                "This is the ID of %s. Expected: the ID of a resource of type %s, "
                "in the format \"%s\".",
                checks_describe_id(arena, id), type + (*type == '/'),
                *type == '/' || id->subscription == NULL || place == NULL
                    ? form
                    : arena_print(arena, "%s%s", id_format(arena, &want, NULL), place));
}

/* For a mistake with exactly one correction: adds the error and returns true. */
static bool offers_correction(struct arena *arena, const struct attribute *attribute,
                              const char *text, const struct id *id,
                              const struct path *path, struct diags *diags)
{
    if (!id_is_of_type(id, attribute->id_type)) {
        for (struct id up = *id; up.level_count > 1;) {
            up = id_parent(&up);
            if (!id_is_of_type(&up, attribute->id_type))
                continue;
            diags_error(diags, path, checks_title(arena, attribute),
                        "This is the ID of %s. Use the ID of its parent: \"%s\".",
                        checks_describe_id(arena, id),
                        id_format(arena, &up, attribute->id_type));
            return true;
        }
        explain_other_type(arena, attribute, id, path, diags);
        return true;
    }
    size_t length = strlen(text);
    if (text[0] != '/' || text[length - 1] == '/') {
        diags_error(diags, path, checks_title(arena, attribute),
                    "A resource ID begins with a slash and does not end with one. "
                    "Write \"%s\".",
                    id_format(arena, id, attribute->id_type));
        return true;
    }
    return false;
}

void check_id_name(struct arena *arena, const struct attribute *attribute,
                   const struct value *value, const struct path *path,
                   struct diags *diags)
{
    const char *text = value_text(value);
    struct error err = NO_ERROR;
    struct id id;
    if (*text == '/' && id_parse(arena, text, &id, &err) == 0)
        error_set(&err, ERR_INVALID, "it is the ID of %s",
                  checks_describe_id(arena, &id));
    else if (strchr(text, '/') != NULL)
        error_set(&err, ERR_INVALID, "it has a slash");
    else if (*text == '\0')
        error_set(&err, ERR_INVALID, "it is empty");
    else
        id_parse(arena, arena_print(arena, "/providers/p/t/%s", text), &id, &err);
    if (err.kind != ERR_NONE)
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is not a name: %s.", checks_shown(arena, text), err.text);
}

void check_id_of_guid(struct arena *arena, const struct attribute *attribute,
                      const struct value *value, const struct path *path,
                      struct diags *diags)
{
    const char *text = value_text(value), *name = strrchr(text, '/');
    struct error ignored = NO_ERROR;
    struct id id;
    if (id_parse(arena, text, &id, &ignored) < 0 ||
        !id_is_of_type(&id, attribute->id_type) || name == NULL || text_is_guid(name + 1))
        return; /* check_id() has reported it, or the ID is valid */
    diags_error(diags, path, checks_title(arena, attribute),
                "The ID of %s must have a GUID instead of \"%s\".",
                checks_shown(arena, name + 1), checks_describe_id(arena, &id));
}

/* Source: azure-docs cost-management-billing/manage/view-all-accounts.md and programmatically-
 * create-subscription-*.md: an Enterprise Agreement's account is a number, an account of an
 * individual a GUID, and a partner's two GUIDs with a colon between them. */
static void check_account(struct arena *arena, const struct attribute *attribute,
                          const char *name, const struct path *path, struct diags *diags)
{
    const char *what = *name != '\0' && name[strspn(name, "0123456789")] == '\0'
                           ? "the billing account of an Enterprise Agreement"
                       : text_is_guid(name) ? "a GUID alone"
                                            : NULL;
    if (what != NULL)
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is %s. Only the billing account of a Microsoft Partner "
                    "Agreement has customers. Its name is two GUIDs with a colon "
                    "between them, and a date.\n\nWhat to do: Use a name from "
                    "data.azurestack_billing_accounts, or from: az billing account "
                    "list",
                    checks_shown(arena, name), what);
}

void check_billing_account(struct arena *arena, const struct attribute *attribute,
                           const struct value *value, const struct path *path,
                           struct diags *diags)
{
    check_id_name(arena, attribute, value, path, diags);
    check_account(arena, attribute, value_text(value), path, diags);
}

void check_billing_customer(struct arena *arena, const struct attribute *attribute,
                            const struct value *value, const struct path *path,
                            struct diags *diags)
{
    struct error ignored = NO_ERROR;
    struct id id;
    check_id_of_guid(arena, attribute, value, path, diags);
    if (id_parse(arena, value_text(value), &id, &ignored) == 0 &&
        id_is_of_type(&id, attribute->id_type))
        check_account(arena, attribute, id.levels[0].name, path, diags);
}

/* Source: azure-resource-manager naming rules; go-azure-helpers resourceids; resources.json of
 * Microsoft.Resources, 2018-05-01, where \w is any letter or digit */
const char *checks_group_fault(const char *group)
{
    size_t length = strlen(group);
    if (length == 0)
        return "is empty";
    if (text_count_characters(group) > 90)
        return "has more than 90 characters";
    if (group[length - 1] == '.')
        return "ends with a period";
    for (const char *at = group; *at != '\0'; at++) {
        bool is_letter = ((unsigned char)*at & 0x80) != 0 || (*at >= 'a' && *at <= 'z') ||
                         (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (!is_letter && strchr("_-.()", *at) == NULL)
            return "has a character that is not a letter, a digit or one of _ - . ( )";
    }
    return NULL;
}

void check_group_name(struct arena *arena, const struct attribute *attribute,
                      const struct value *value, const struct path *path,
                      struct diags *diags)
{
    const char *text = value_text(value), *fault = checks_group_fault(text);
    if (*text == '/')
        check_id_name(arena, attribute, value, path, diags);
    else if (fault != NULL)
        diags_error(diags, path, checks_title(arena, attribute),
                    "The resource group name \"%s\" %s.", checks_shown(arena, text),
                    fault);
}

/* For IDs of a scheme without corrections. */
static void check_id_by_scheme(struct arena *arena, const struct attribute *attribute,
                               const char *text, const struct path *path,
                               struct diags *diags)
{
    struct error err = NO_ERROR;
    const char *id = attribute->ids->parse(arena, text, attribute->id_type, &err);
    if (id == NULL)
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is not a valid ID: %s. Expected format: %s.",
                    checks_shown(arena, text), err.text,
                    attribute->ids->form(arena, attribute->id_type));
    else if (!text_equal(id, text))
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is spelled differently in the service. Use \"%s\".",
                    checks_shown(arena, text), checks_shown(arena, id));
}

/* Sentences after "What to do: " that say where users find IDs of a type. */
static const char *find_source(const char *type)
{
    static const struct {
        const char *type, *source;
    } known[] = {
        { "Microsoft.AzureStack/registrations",
          "Use the data source azurestack_registration, which finds the ID by name, or "
          "azurestack_activation, which asks the hub for it." },
        { "Microsoft.Subscriptions.Admin/offers",
          "Use ids_by_name of the data source azurestack_offers." },
        { "/Microsoft.Billing/billingAccounts/customers",
          "Use the data source azurestack_billing_customer." },
        { "subscriptions/Microsoft.Authorization/roleDefinitions",
          "Set role_definition_name instead, such as \"Owner\"." },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (text_equal(type, known[i].type))
            return known[i].source;
    }
    return NULL;
}

void check_id(struct arena *arena, const struct attribute *attribute,
              const struct value *value, const struct path *path, struct diags *diags)
{
    const char *text = value_text(value);
    if (attribute->ids != NULL) {
        check_id_by_scheme(arena, attribute, text, path, diags);
        return;
    }
    struct error err = NO_ERROR;
    struct id id;
    if (id_parse(arena, text, &id, &err) < 0) {
        const char *source = find_source(attribute->id_type);
        diags_error(
            diags, path, checks_title(arena, attribute),
            "\"%s\" is not a resource ID: %s. Expected format: %s.%s%s",
            checks_shown(arena, text), err.text, id_form(arena, attribute->id_type),
            source != NULL ? "\n\nWhat to do: " : "", source != NULL ? source : "");
        return;
    }
    if (offers_correction(arena, attribute, text, &id, path, diags))
        return;
    /* The ID of a subscription on a hub is any text; offers are in the operator's, a GUID. */
    static const char in_subscription[] = "subscriptions/";
    bool is_any = text_starts_ignoring_case(attribute->id_type, in_subscription);
    if (id.subscription == NULL)
        return;
    if (!is_any && !text_is_guid(id.subscription)) {
        diags_error(diags, path, checks_title(arena, attribute),
                    "The subscription ID \"%s\" in this ID is not a GUID.",
                    checks_shown(arena, id.subscription));
        return;
    }
    const char *fault =
        id.resource_group != NULL ? checks_group_fault(id.resource_group) : NULL;
    if (fault != NULL)
        diags_error(diags, path, checks_title(arena, attribute),
                    "The resource group name \"%s\" %s.",
                    checks_shown(arena, id.resource_group), fault);
}
