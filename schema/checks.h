/* Validators for `attribute.check`. Pure; each says what is wrong, and what to write
 * instead where that is known.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_CHECKS_H
#define SCHEMA_CHECKS_H

#include "id/id.h"
#include "schema/schema.h"

/* For messages: "Invalid customer_subscription_id", and a value in one line of at most 200 bytes.
 * In the arena. */
const char *checks_title(struct arena *arena, const struct attribute *attribute);
const char *checks_shown(struct arena *arena, const char *text);

/* The one GUID that a text made of other things clearly means, in lower case: with white
 * space, quotes or braces around it, or as /subscriptions/{guid}. NULL if there is none. */
const char *checks_find_guid(struct arena *arena, const char *text);

/* What an ID names, in the words of this provider where it has one: "a registration". */
const char *checks_describe_id(struct arena *arena, const struct id *id);

/* A GUID in lower case. The service compares ids by case (its own documents say "case
 * sensitive" of the customer subscription), and its directory prints lower case. */
check_fn check_guid_lower;
/* A GUID in any case. */
check_fn check_guid;
/* The same of each element of a set of texts, none of which is null. */
check_fn check_guids;
/* A duration as Go writes it: 30m, 1h30m; more than zero. */
check_fn check_duration;
/* An https address without a path, query or user: an endpoint. */
check_fn check_https_endpoint;
/* A name that can stand in an ARM id. */
check_fn check_id_name;
/* The name of a domain: labels of ASCII letters, digits and hyphens, two of them at least. */
check_fn check_domain;
/* An hour in UTC: 2026-01-01T05:00:00Z. */
check_fn check_utc_hour;
/* Not empty. */
check_fn check_not_empty;
/* An id of attribute->id_type whose last name is a GUID. */
check_fn check_id_of_guid;
/* The name of a billing account, and the ID of a customer in one: none that has no customers. */
check_fn check_billing_account;
check_fn check_billing_customer;
/* The text is an id of attribute->id_type, canonical but for the case of its fixed words.
 * Used by schema_validate() for rows that have an id_type. */
check_fn check_id;

/* ---- provider_checks.c ------------------------------------------------------------------- */

/* One word for a header line. */
check_fn check_header_word;
/* A date, perhaps of a preview: 2017-06-01, 2020-06-01-preview. */
check_fn check_api_version;
/* A GUID, or the text that Partner Center makes of it: pid-GUID, pid-GUID-partnercenter. */
check_fn check_partner_id;
/* As check_https_endpoint, but not a hub's own Resource Manager. */
check_fn check_public_endpoint;
/* The same for a host without a scheme and with an optional port, as azurerm has it. */
check_fn check_host;
/* A URL without a user or password. Messages never show it: what is wrong may be a password in
 * it. */
check_fn check_proxy_url;

#endif
