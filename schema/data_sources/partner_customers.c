/* A partner's customers, and the other partners that the partner has a relationship with.
 * Source: Partner Center REST: get a customer by ID, get a list of customers, … filtered by a
 * search field, retrieve a list of indirect resellers, get indirect resellers of a customer
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/partner.h"
#include "schema/tables.h"

#define TENANT_DOC "The ID of the customer's Microsoft Entra tenant, in lower case"

static const struct list_place customer_lists[] = {
    { PARTNER_CUSTOMERS, PARTNER_CUSTOMERS, "the list of the partner's customers" },
    { NULL, NULL, NULL },
};

/* ---- one ------------------------------------------------------------------------------------ */

#define ADDRESS_ROW(name, place, doc_text)                                               \
    {                                                                                    \
        name, &type_string, COMPUTED, .body = place, .doc = doc_text                     \
    }

static const struct attribute address[] = {
    ADDRESS_ROW("country", "country", "The two-letter code of the country."),
    ADDRESS_ROW("city", "city", "The city."),
    ADDRESS_ROW("state", "state", "The state or the region."),
    ADDRESS_ROW("address_line_1", "addressLine1", "The first line of the address."),
    ADDRESS_ROW("address_line_2", "addressLine2", "The second line of the address."),
    ADDRESS_ROW("postal_code", "postalCode", "The postal code."),
    ADDRESS_ROW("first_name", "firstName", "The first name of the contact."),
    ADDRESS_ROW("last_name", "lastName", "The last name of the contact."),
    ADDRESS_ROW("phone_number", "phoneNumber", "The phone number of the contact."),
    { 0 },
};

static const struct attribute one_customer[] = {
    { "customer_tenant_id", &type_string, OPTIONAL | COMPUTED, .body = "id",
      .check = check_guid, .compare = COMPARE_IGNORING_CASE,
      .doc = TENANT_DOC ". Set `customer_tenant_id`, `domain_name` or `company_name`." },
    { "domain_name", &type_string, OPTIONAL | COMPUTED, .body = "companyProfile.domain",
      .check = check_not_empty, .compare = COMPARE_IGNORING_CASE,
      .doc = "The customer's domain, such as `contoso.onmicrosoft.com`, ignoring case." },
    { "company_name", &type_string, OPTIONAL | COMPUTED,
      .body = "companyProfile.companyName", .check = check_not_empty,
      .doc = "The name of the company, ignoring case." },
    { "relationship_to_partner", &type_string, COMPUTED, .body = "relationshipToPartner",
      .doc = "The relationship of the partner to the customer, such as `reseller`." },
    { "commerce_id", &type_string, COMPUTED, .body = "commerceId",
      .doc = "The commerce ID of the customer." },
    { "email", &type_string, COMPUTED, .body = "billingProfile.email",
      .doc = "The e-mail address of the billing profile." },
    { "culture", &type_string, COMPUTED, .body = "billingProfile.culture",
      .doc = "The culture of the billing profile, such as `en-US`." },
    { "language", &type_string, COMPUTED, .body = "billingProfile.language",
      .doc = "The language of the billing profile, such as `en`." },
    { "default_address", NULL, COMPUTED, .body = "billingProfile.defaultAddress",
      .nesting = NESTING_SINGLE, .rows = address,
      .doc = "The address of the billing profile." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID in Partner Center: `/v1/customers/` and the tenant ID." },
    { 0 },
};

static const struct search_rule one_search[] = {
    { "domain_name", "Domain" },
    { "company_name", "CompanyName" },
    { NULL, NULL },
};

const struct data_source_table partner_customer_data = {
    .name = "partner_customer",
    .doc = "Use this data source to look up a customer in Partner Center by tenant "
           "ID, domain or company name.",
    .service = &partner_service,
    .noun = "customer",
    .list_label = "the list of the partner's customers",
    .id_type = PARTNER_CUSTOMERS "/{}",
    .id = PARTNER_CUSTOMER,
    .lists = customer_lists,
    .searches = one_search,
    .query = NAMES("size=100"),
    .keys = NAMES("customer_tenant_id", "domain_name", "company_name"),
    .gone = partner_customer_gone,
    .remedies = partner_remedies,
    .attributes = one_customer,
};

/* ---- all ------------------------------------------------------------------------------------ */

static const struct attribute customer[] = {
    { "customer_tenant_id", &type_string, COMPUTED, .body = "id",
      .compare = COMPARE_IGNORING_CASE, .doc = TENANT_DOC "." },
    { "domain_name", &type_string, COMPUTED, .body = "companyProfile.domain",
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The customer's domain, such as `contoso.onmicrosoft.com`, in lower case." },
    { "company_name", &type_string, COMPUTED, .body = "companyProfile.companyName",
      .doc = "The name of the company." },
    { "relationship_to_partner", &type_string, COMPUTED, .body = "relationshipToPartner",
      .doc = "The relationship of the partner to the customer, such as `reseller`." },
    { 0 },
};

static const struct attribute customers[] = {
    { "domain_name_prefix", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only customers whose domain starts with this text, ignoring case." },
    { "company_name_prefix", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only customers whose company name starts with this text, ignoring "
             "case. Conflicts with `domain_name_prefix`." },
    { "customers", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = customer,
      .doc = "The customers, sorted by `customer_tenant_id`." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { 0 },
};

static const struct search_rule searches[] = {
    { "domain_name_prefix", "Domain" },
    { "company_name_prefix", "CompanyName" },
    { NULL, NULL },
};

static void check_one_search(struct arena *arena, const struct value *config,
                             struct diags *diags)
{
    /* An unknown one may become null. */
    if (value_get(arena, config, "domain_name_prefix")->state == VALUE_KNOWN &&
        value_get(arena, config, "company_name_prefix")->state == VALUE_KNOWN)
        diags_error(diags, path_attribute(arena, PATH_NONE, "company_name_prefix"),
                    "Conflicting arguments",
                    "Partner Center searches by domain or by company name. Remove "
                    "domain_name_prefix or company_name_prefix.");
}

const struct data_source_table partner_customers_data = {
    .name = "partner_customers",
    .doc = "Use this data source to list the partner's customers in Partner Center.",
    .service = &partner_service,
    .noun = "customer",
    .list_label = "the list of the partner's customers",
    .lists = customer_lists,
    .searches = searches,
    .query = NAMES("size=100"),
    .items = "customers",
    .check = check_one_search,
    .remedies = partner_remedies,
    .attributes = customers,
};

/* ---- relationships -------------------------------------------------------------------------- */

static const struct attribute relationship[] = {
    { "tenant_id", &type_string, COMPUTED, .body = "id", .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the other partner's tenant, in lower case." },
    { "name", &type_string, COMPUTED, .body = "name",
      .doc = "The name of the other partner." },
    { "mpn_id", &type_string, COMPUTED, .body = "mpnId",
      .doc = "The other partner's ID in the Microsoft AI Cloud Partner Program, for "
             "`reseller_id` of `azurestack_partner_azure_subscription`." },
    { "location", &type_string, COMPUTED, .body = "location",
      .doc = "The location of the other partner." },
    { "relationship_type", &type_string, COMPUTED, .body = "relationshipType",
      .doc = "The type of relationship." },
    { "state", &type_string, COMPUTED, .body = "state",
      .doc = "The state of the relationship, such as `active`." },
    { 0 },
};

static const struct attribute relationships[] = {
    { "customer_tenant_id", &type_string, OPTIONAL, .check = check_guid,
      .doc = "The ID of a customer's tenant, to list the indirect resellers of this "
             "customer. If it is not set, the partner's own relationships are listed." },
    { "relationship_type", &type_string, OPTIONAL | COMPUTED,
      .default_value = "IsIndirectCloudSolutionProviderOf",
      .one_of = ONE_OF("IsIndirectCloudSolutionProviderOf", "IsIndirectResellerOf"),
      .doc = "The type of relationship: `IsIndirectCloudSolutionProviderOf` lists the "
             "resellers of an indirect provider, `IsIndirectResellerOf` the providers "
             "of an indirect reseller. Defaults to "
             "`IsIndirectCloudSolutionProviderOf`. It has no effect with "
             "`customer_tenant_id`." },
    { "relationships", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = relationship,
      .doc = "The relationships, in the order of Partner Center." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { 0 },
};

static const struct list_place relationship_lists[] = {
    { PARTNER_CUSTOMER "/relationships", PARTNER_CUSTOMER "/relationships",
      "the list of indirect resellers of customer {customer_tenant_id}" },
    { "/v1/relationships", "/v1/relationships",
      "the list of the partner's relationships" },
    { NULL, NULL, NULL },
};

const struct data_source_table partner_relationships_data = {
    .name = "partner_relationships",
    .doc =
        "Use this data source to list the indirect resellers or indirect "
        "providers of the partner, or the indirect resellers of a customer. Partner "
        "Center shows them only to a user: set `refresh_token` in the provider's block "
        "`partner`.",
    .service = &partner_service,
    .noun = "relationship",
    .list_label = "the list of relationships",
    .lists = relationship_lists,
    .query = NAMES("relationship_type={relationship_type}"),
    .items = "relationships",
    .has_no_ids = true,
    .needs_person = true,
    .remedies = partner_remedies,
    .attributes = relationships,
};
