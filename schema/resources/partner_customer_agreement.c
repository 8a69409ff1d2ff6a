/* The partner's confirmation that a customer accepted the Microsoft Customer Agreement.
 * Source: Partner Center REST: confirm customer acceptance of the Microsoft Customer Agreement, get
 * confirmation of customer acceptance, get agreement metadata; agreement resources. Samples send
 * dateAgreed as 2018-06-14T00:00:00.000Z and answer it as 2018-07-28T00:00:00. There is no GET of one
 * agreement, and none is changed or deleted; with another contact the same type is confirmed again.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "schema/checks.h"
#include "schema/partner.h"
#include "schema/tables.h"

#define TYPE "MicrosoftCustomerAgreement"
#define AGREEMENTS PARTNER_CUSTOMER "/agreements"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* The date may be tomorrow, because of time zones. */
static void check_date_agreed(struct arena *arena, const struct attribute *attribute,
                              const struct value *value, const struct path *path,
                              struct diags *diags)
{
    int64_t ms;
    const char *text = value_text(value);
    (void)attribute;
    /* It is sent as it is written. */
    const char *offset = strpbrk(text + strcspn(text, "T"), "+-");
    if (!clock_parse_time(text, &ms) || (offset != NULL && strcmp(offset, "+00:00") != 0))
        diags_error(diags, path, "Invalid date_agreed",
                    "\"%s\" is not a time in UTC. Use the format 2026-01-02T00:00:00Z.",
                    text_clean_line(arena, text, strlen(text), 100));
    else if (ms > clock_wall_ms() + DAY_MS)
        diags_error(
            diags, path, "Invalid date_agreed",
            "\"%s\" is in the future, by this machine's clock. Set the time at which the customer accepted the "
            "agreement.",
            text);
}

static const struct look_up_rule template = {
    .list_id = "/v1/agreements",
    .query = "agreementType=" TYPE,
    .id_place = "templateId",
    .take = "templateId",
    .noun = "the agreement template",
    .advice = "It must be the text that the customer accepted.",
};

static const struct attribute contact[] = {
    { "first_name", &type_string, REQUIRED | REPLACE, .body = "firstName",
      .check = check_not_empty, .doc = "The first name." },
    { "last_name", &type_string, REQUIRED | REPLACE, .body = "lastName",
      .check = check_not_empty, .doc = "The last name." },
    { "email", &type_string, REQUIRED | REPLACE, .body = "email", .check = check_email,
      .compare = COMPARE_IGNORING_CASE, .doc = "The e-mail address." },
    { "phone_number", &type_string, OPTIONAL | REPLACE | MAY_BE_OMITTED,
      .body = "phoneNumber", .check = check_not_empty, .doc = "The phone number." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "customer_tenant_id", &type_string, REQUIRED | REPLACE, .check = check_guid,
      .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the customer's Microsoft Entra tenant. Changing this forces a new "
          "resource to be created." },
    { "primary_contact", NULL, REQUIRED | REPLACE, .body = "primaryContact",
      .nesting = NESTING_SINGLE, .rows = contact,
      .doc =
          "The person who accepted the agreement for the customer. It cannot be changed "
          "after the create." },
    { "date_agreed", &type_string, REQUIRED | REPLACE, .body = "dateAgreed",
      .check = check_date_agreed, .compare = COMPARE_TIMES,
      .doc = "The time in UTC at which the customer accepted the agreement, such as "
             "`2026-01-02T00:00:00Z`. It cannot be changed after the create." },
    { "template_id", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "templateId",
      .compare = COMPARE_IGNORING_CASE, .check = check_guid, .looked_up = &template,
      .doc = "The ID of the accepted text. Defaults to the only text that Partner Center "
             "has for this type of agreement. It cannot be changed after the create." },
    { "type", &type_string, COMPUTED, .body = "type", .compare = COMPARE_IGNORING_CASE,
      .default_value = TYPE,
      .doc = "The type of agreement, always `MicrosoftCustomerAgreement`." },
    { "agreement_link", &type_string, COMPUTED | MAY_BE_OMITTED, .body = "agreementLink",
      .doc = "The URL of the agreement text." },
    { "user_id", &type_string, COMPUTED | MAY_BE_OMITTED, .body = "userId",
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the partner's user who confirmed the agreement, in lower case." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID in Partner Center: `/v1/customers/`, the tenant ID, and "
             "`/agreements/MicrosoftCustomerAgreement`." },
    { 0 },
};

static const struct attribute identity[] = {
    { "customer_tenant_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the customer's Microsoft Entra tenant." },
    { 0 },
};

static const struct attribute list[] = {
    { "customer_tenant_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the customer's Microsoft Entra tenant." },
    { 0 },
};

static const struct destroy_rule destroys[] = {
    { "forget", DESTROY_FORGET,
      .text = "The customer's acceptance stays confirmed in Partner Center, which cannot "
              "withdraw it. Terraform removes it from the state only." },
    { 0 },
};

static const struct write_rule create = { .method = "POST" };
static const char *const natural_key[] = { "type", NULL };
/* Source: PartnerConfirmedAgreementAlreadyExists */
static const char *const exists[] = { "600061", NULL };

const struct resource_table partner_customer_agreement_table = {
    .name = "partner_customer_agreement",
    .noun = "customer agreement",
    .label = "{noun} of {parent_noun} {parent.name}",
    .doc = "Confirms in Partner Center that a customer accepted the Microsoft Customer "
           "Agreement. Without it the partner cannot order anything for the customer. "
           "Partner Center allows only a user to confirm it: set `refresh_token` in the "
           "provider's block `partner`.",
    .service = &partner_service,
    .id_type = PARTNER_CUSTOMERS "/{}/agreements/" TYPE,
    .id = AGREEMENTS "/{type}",
    .parent_id = PARTNER_CUSTOMER,
    .parent_noun = "customer",
    .needs_person = true,
    .identity = identity,
    .identity_id = AGREEMENTS "/" TYPE,
    .list_label = "the agreements of {parent_noun} {parent.name}",
    .list = list,
    .list_id = AGREEMENTS,
    .list_query = "agreementType=" TYPE,
    .list_shows_others = true,
    .read_by_list = true,
    .latest = "dateAgreed",
    .create = &create,
    .natural_key = natural_key,
    .exists = exists,
    .looks_ahead = true,
    .destroys = destroys,
    .destroy_title = "Destroying a customer agreement",
    .attributes = attributes,
    .timeouts = { 10 * 60, 5 * 60, 0, 5 * 60 },
    .parent_gone = partner_customer_gone,
    .remedies = partner_remedies,
};
