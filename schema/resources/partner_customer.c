/* A customer of a partner: a Microsoft Entra tenant, and the partner's relationship with it.
 * Source: Partner Center REST: create a customer, update a customer's billing profile, verify domain
 * availability, remove a reseller relationship with a customer, delete a customer account from the
 * integration sandbox; customer resources, utility resources (Address)
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "schema/checks.h"
#include "schema/partner.h"
#include "schema/tables.h"

/* a: a lower-case letter; A: an upper-case letter; d: a digit; others: themselves. */
static bool has_form(const char *text, const char *form)
{
    for (; *form != '\0'; form++, text++) {
        bool fits = *form == 'a'   ? *text >= 'a' && *text <= 'z'
                    : *form == 'A' ? *text >= 'A' && *text <= 'Z'
                    : *form == 'd' ? *text >= '0' && *text <= '9'
                                   : *text == *form;
        if (!fits)
            return false;
    }
    return *text == '\0';
}

/* Partner Center returns it in this case, whatever was sent. Some have a script, such as az-Latn-AZ.
 * Source: Partner Center supported languages and locales */
static void check_culture(struct arena *arena, const struct attribute *attribute,
                          const struct value *value, const struct path *path,
                          struct diags *diags)
{
    static const char *const forms[] = { "aa-AA", "aaa-AA", "aa-Aaaa-AA", "aaa-Aaaa-AA" };
    (void)arena, (void)attribute;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (has_form(value_text(value), forms[i]))
            return;
    }
    diags_error(diags, path, "Invalid culture",
                "The value must be a language and a country, such as `en-US`.");
}

static void check_language(struct arena *arena, const struct attribute *attribute,
                           const struct value *value, const struct path *path,
                           struct diags *diags)
{
    (void)arena, (void)attribute;
    if (!has_form(value_text(value), "aa"))
        diags_error(diags, path, "Invalid language",
                    "The value must be a two-letter code in lower case, such as `en`.");
}

/* Source of the lengths: utility resources (Address) */
static const struct attribute address[] = {
    { "country", &type_string, REQUIRED, .body = "country", .check = check_not_empty,
      .doc = "The country, by its code of two capital letters, such as `DE`." },
    { "city", &type_string, REQUIRED, .body = "city", .check = check_not_empty,
      .doc = "The city." },
    { "state", &type_string, OPTIONAL, .body = "state", .check = check_not_empty,
      .doc = "The state or the region. Required in the United States and Canada, by its "
             "code of two letters, such as `WA`." },
    { "address_line_1", &type_string, REQUIRED, .body = "addressLine1",
      .check = check_not_empty, .characters_max = 200,
      .doc = "The first line of the address." },
    { "address_line_2", &type_string, OPTIONAL, .body = "addressLine2",
      .check = check_not_empty, .characters_max = 200,
      .doc = "The second line of the address." },
    { "postal_code", &type_string, REQUIRED, .body = "postalCode",
      .check = check_not_empty, .doc = "The postal code." },
    { "first_name", &type_string, REQUIRED, .body = "firstName", .check = check_not_empty,
      .characters_max = 50, .doc = "The first name of the contact." },
    { "last_name", &type_string, REQUIRED, .body = "lastName", .check = check_not_empty,
      .characters_max = 50, .doc = "The last name of the contact." },
    { "phone_number", &type_string, OPTIONAL, .body = "phoneNumber",
      .check = check_not_empty,
      .doc = "The phone number of the contact. Required in the countries that require "
             "`organization_registration_number`." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "domain_name", &type_string, REQUIRED | REPLACE, .body = "companyProfile.domain",
      .compare = COMPARE_IGNORING_CASE, .check = check_domain,
      .doc = "The domain of the customer's new Microsoft Entra tenant, such as "
             "`contoso.onmicrosoft.com`. It must not belong to another tenant. "
             "Changing this forces a new resource to be created." },
    { "organization_registration_number", &type_string,
      OPTIONAL | REPLACE | RETURNED_ONCE,
      .body = "companyProfile.organizationRegistrationNumber", .check = check_not_empty,
      .doc =
          "The registration number of the company, such as a tax ID. Required for a new customer in "
          "Armenia, Azerbaijan, Belarus, Brazil, Hungary, India, Iraq, Kazakhstan, Kyrgyzstan, Moldova, "
          "Myanmar, Poland, Russia, Saudi Arabia, South Africa, South Sudan, Tajikistan, Thailand, "
          "Turkey, Ukraine, the United Arab Emirates, Uzbekistan, Venezuela and Vietnam, and "
          "optional in other countries. Changing this forces a new resource to be created. A "
          "number for a customer that has none in the state, such as an imported one, changes "
          "only the state." },
    { "company_name", &type_string, REQUIRED, .body = "billingProfile.companyName",
      .check = check_not_empty, .doc = "The registered name of the company." },
    { "email", &type_string, REQUIRED, .body = "billingProfile.email",
      .check = check_email, .doc = "The e-mail address of the billing profile." },
    { "culture", &type_string, REQUIRED, .body = "billingProfile.culture",
      .check = check_culture,
      .doc = "The culture for communication and currency, such as `en-US`." },
    { "language", &type_string, REQUIRED, .body = "billingProfile.language",
      .check = check_language, .doc = "The default language, such as `en`." },
    { "default_address", NULL, REQUIRED, .body = "billingProfile.defaultAddress",
      .nesting = NESTING_SINGLE, .rows = address,
      .doc =
          "The registered address of the company. In the integration sandbox a customer with "
          "an address that is not valid cannot be deleted." },
    { "destroy_behavior", &type_string, OPTIONAL,
      .one_of = ONE_OF("refuse", "forget", "remove_relationship", "delete"),
      .doc = "What destroying this resource does. `refuse`: the destroy fails. "
             "`forget`: the customer is removed from the state only. "
             "`remove_relationship`: the partner's relationship with the "
             "customer ends, and Partner Center suspends all subscriptions "
             "that were sold to the customer; this requires `refresh_token` in "
             "the provider's block `partner`. `delete`: the customer is "
             "deleted, which works only in the integration sandbox. Defaults "
             "to `refuse`. Apply a change of this argument before you destroy." },
    { "tenant_id", &type_string, COMPUTED, .body = "id", .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the customer's Microsoft Entra tenant, in lower case." },
    { "commerce_id", &type_string, COMPUTED | MAY_BE_OMITTED, .body = "commerceId",
      .doc = "The commerce ID of the customer." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID in Partner Center: `/v1/customers/` and the tenant ID." },
    { 0 },
};

static const struct attribute identity[] = {
    { "tenant_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the customer's Microsoft Entra tenant." },
    { 0 },
};

static const struct attribute list[] = { { 0 } };

/* ---- addresses ------------------------------------------------------------------------------ */

/* Source: create-a-customer, company profile; utility resources, Address, which has the same countries
 * for the phone number. Both are optional in all other countries; an older version of the page had
 * fewer countries, and no number elsewhere. */
static const char *const registered[] = {
    "AE", "AM", "AZ", "BR", "BY", "HU", "IN", "IQ", "KG", "KZ", "MD", "MM",
    "PL", "RU", "SA", "SS", "TH", "TJ", "TR", "UA", "UZ", "VE", "VN", "ZA"
};
static const char *const with_states[] = { "US", "CA" };
/* Source: Universal Postal Union, postal addressing systems. d: a digit. */
static const struct {
    const char *country, *forms[2];
} postal_codes[] = {
    { "AT", { "dddd" } },  { "BE", { "dddd" } },  { "CH", { "dddd" } },
    { "DE", { "ddddd" } }, { "DK", { "dddd" } },  { "ES", { "ddddd" } },
    { "FR", { "ddddd" } }, { "IT", { "ddddd" } }, { "US", { "ddddd", "ddddd-dddd" } },
};

static bool is_among(const char *country, const char *const *list_of, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(country, list_of[i]))
            return true;
    }
    return false;
}

static void check_postal_code(const char *country, const char *text,
                              const struct path *path, struct diags *diags)
{
    for (size_t i = 0; i < sizeof postal_codes / sizeof *postal_codes; i++) {
        const char *const *forms = postal_codes[i].forms;
        if (text_equal(country, postal_codes[i].country) && !has_form(text, forms[0]) &&
            (forms[1] == NULL || !has_form(text, forms[1])))
            diags_error(diags, path, "Invalid postal_code",
                        "A postal code in %s has the form %s, where d is a digit.",
                        country, forms[0]);
    }
}

static void check_state(const char *country, const struct value *state,
                        const struct path *path, struct diags *diags)
{
    const char *text = value_text(state);
    if (value_is_null(state))
        diags_error(diags, path, "Missing state",
                    "An address in %s requires a state. Set state.", country);
    else if (text != NULL && text_count_characters(text) > 2)
        diags_error(diags, path, "Invalid state",
                    "In %s, the state is a code of two letters, such as %s.", country,
                    text_equal(country, "US") ? "WA" : "ON");
}

static void check_address(struct arena *arena, const struct value *config,
                          struct diags *diags)
{
    const struct value *values = value_get(arena, config, "default_address");
    if (values->state != VALUE_KNOWN)
        return;
    const struct path *path = path_attribute(arena, PATH_NONE, "default_address");
    const char *country = value_text(value_get(arena, values, "country"));
    if (country == NULL)
        return;
    if (*country == '\0') /* the row's check has reported it */
        return;
    if (!has_form(country, "AA")) {
        diags_error(diags, path_attribute(arena, path, "country"), "Invalid country",
                    "The value must be a two-letter code in upper case, such as `DE`.");
        return;
    }
    if (is_among(country, with_states, sizeof with_states / sizeof *with_states))
        check_state(country, value_get(arena, values, "state"),
                    path_attribute(arena, path, "state"), diags);
    const char *code = value_text(value_get(arena, values, "postal_code"));
    if (code != NULL)
        check_postal_code(country, code, path_attribute(arena, path, "postal_code"),
                          diags);
}

/* Partner Center does not return the first number of a customer that exists, and may have no second
 * one. */
static void check_numbers(struct arena *arena, const struct value *config,
                          struct diags *diags)
{
    static const char name[] = "organization_registration_number",
                      text[] = "Partner Center requires this number for a company in %s.";
    const struct value *values = value_get(arena, config, "default_address");
    const struct path *path = path_attribute(arena, PATH_NONE, "default_address");
    const char *country = value_text(value_get(arena, values, "country"));
    if (country == NULL ||
        !is_among(country, registered, sizeof registered / sizeof *registered))
        return;
    if (value_is_null(value_get(arena, config, name)))
        diags_error(diags, path_attribute(arena, PATH_NONE, name),
                    "Missing organization_registration_number", text, country);
    if (value_is_null(value_get(arena, values, "phone_number")))
        diags_error(diags, path_attribute(arena, path, "phone_number"),
                    "Missing phone_number", text, country);
}

/* ---- life cycle ----------------------------------------------------------------------------- */

static const struct create_blocker create_blockers[] = {
    { .is_one = true,
      .list_id = "/v1/domains/{domain_name}",
      .attribute = "domain_name",
      .title = "The domain belongs to another tenant",
      .text = "The domain {blocker.name} belongs to a tenant that is not one of "
              "the partner's customers. Nothing was created.\n\nWhat to do: Set "
              "a different domain_name. If the tenant belongs to the customer, "
              "ask the customer to accept a reseller relationship in Partner "
              "Center, then import the customer. If the customer has left the "
              "partner, remove this resource from the configuration.",
      .unread = "Because of this, it is not known whether the domain belongs to "
                "another tenant." },
    { 0 },
};

static const char *const none[] = { "none", NULL };

static const struct destroy_rule destroys[] = {
    { "refuse", DESTROY_REFUSE,
      .text = "A customer in Partner Center cannot be deleted, and "
              "destroy_behavior is \"refuse\".\n\nWhat to do: To keep the "
              "customer and remove it from the state, use a `removed` block "
              "with `destroy = false`, or apply destroy_behavior = \"forget\" "
              "first. To end the relationship with the customer, apply "
              "destroy_behavior = \"remove_relationship\" first. In the "
              "integration sandbox, apply destroy_behavior = \"delete\" first." },
    { "forget", DESTROY_FORGET,
      .text = "The customer stays in Partner Center, and its subscriptions "
              "continue to cost money." },
    { "remove_relationship", DESTROY_WRITE, "PATCH",
      "{\"relationshipToPartner\":\"none\",\"attributes\":{\"objectType\":\"Customer\"}}",
      .place = "relationshipToPartner", .values = none, .needs_person = true,
      .text = "The relationship with the customer ends. Partner Center suspends "
              "every subscription that the partner sold to the customer, and "
              "the partner can no longer manage it." },
    { "delete", DESTROY_DELETE,
      .text = "The customer is deleted. Partner Center supports this only in "
              "the integration sandbox." },
    { 0 },
};

static const struct answer_secret administrator = {
    .member = "userCredentials",
    .title = "The administrator's password was discarded",
    .text = "Partner Center created the first administrator of the new tenant "
            "and returned the password once. The provider does not store "
            "it.\n\nWhat to do: To sign in as that administrator, reset the "
            "password in Partner Center, in the customer's Users and "
            "licenses.",
};

static const struct write_rule create = { .method = "POST" };
static const struct write_rule update = {
    .method = "PUT",
    .path = "/v1/customers/{tenant_id}/profiles/billing",
    .part = "billingProfile",
    .etag = "attributes.etag",
    .etag_is_old = "2055",
};
static const char *const natural_key[] = { "domain_name", NULL };
static const char *const country[] = { "default_address", "country", NULL };
static const struct search_rule searches[] = { { "domain_name", "Domain" },
                                               { NULL, NULL } };

const struct resource_table partner_customer_table = {
    .name = "partner_customer",
    .noun = "customer",
    .doc =
        "Manages a customer of a Cloud Solution Provider in Partner Center: a new Microsoft "
        "Entra tenant and the partner's relationship with it.",
    .service = &partner_service,
    .id_type = PARTNER_CUSTOMERS "/{}",
    .id = PARTNER_CUSTOMERS "/{tenant_id}",
    .identity = identity,
    .identity_id = PARTNER_CUSTOMERS "/{tenant_id}",
    .list_label = "the list of the partner's customers",
    .list = list,
    .list_id = PARTNER_CUSTOMERS,
    .import_by = "domain_name",
    .list_query = "size=100",
    .searches = searches,
    .create = &create,
    .natural_key = natural_key,
    .update = &update,
    .read_elsewhere = country,
    .check = check_address,
    .check_new = check_numbers,
    .create_blockers = create_blockers,
    .looks_ahead = true,
    .answer_secret = &administrator,
    .destroy_attribute = "destroy_behavior",
    .destroys = destroys,
    .destroy_title = "Destroying a customer",
    .attributes = attributes,
    .timeouts = { 30 * 60, 5 * 60, 30 * 60, 30 * 60 },
    .gone = partner_customer_gone,
    .remedies = partner_remedies,
};
