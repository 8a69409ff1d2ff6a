/* Validators for `attribute.check`. Pure: each adds an error that says what is wrong, and what to
 * write instead if that is known.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_CHECKS_H
#define SCHEMA_CHECKS_H

#include "id/id.h"
#include "schema/schema.h"

/* For messages: "Invalid customer_subscription_id", and a value in one line of at most 200 bytes.
 * In the arena. */
const char *checks_title(struct arena *arena, const struct attribute *attribute);
const char *checks_shown(struct arena *arena, const char *text);

/* The GUID that a text clearly means, in lower case: with white space, quotes or braces around it,
 * or as /subscriptions/{guid}. NULL: none. */
const char *checks_find_guid(struct arena *arena, const char *text);

/* The kind of object that an ID names, in the words of this provider if it has one: "a
 * registration". */
const char *checks_describe_id(struct arena *arena, const struct id *id);

/* For messages: the fault in the name of a resource group ("is empty"). NULL: none. */
const char *checks_group_fault(const char *group);

/* A GUID in lower case. The service compares these IDs case-sensitively (its documents say so of
 * the customer subscription), and Entra writes them in lower case. */
check_fn check_guid_lower;
/* A GUID in any case. */
check_fn check_guid;
/* A set of such texts. Null elements pass: schema_validate() reports them. */
check_fn check_guids;
/* A duration as Go writes it: 30m, 1h30m; more than zero. */
check_fn check_duration;
/* An https address without a path, query or user: an endpoint. */
check_fn check_https_endpoint;
/* A name that is valid in an ARM ID. */
check_fn check_id_name;
/* The name of a resource group. */
check_fn check_group_name;
/* The name of a domain: labels of ASCII letters, digits and hyphens, two of them at least. */
check_fn check_domain;
/* An e-mail address, as far as every service checks it: text, an @ and text, without white space. */
check_fn check_email;
/* Tags of a resource or a resource group. */
check_fn check_tags;
/* An hour in UTC: 2026-01-01T05:00:00Z. */
check_fn check_utc_hour;
/* Not empty. */
check_fn check_not_empty;
/* An ID of attribute->id_type whose last name is a GUID. */
check_fn check_id_of_guid;
/* The name of a billing account, and the ID of a customer in one. An account of a kind that has no
 * customers is an error. */
check_fn check_billing_account;
check_fn check_billing_customer;
/* An ID of attribute->id_type with the right fixed words, ignoring case. schema_validate() calls it
 * for rows that have an id_type. */
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
/* As check_https_endpoint, for a hub's two Resource Managers: not the other one's address, or a
 * portal's. */
check_fn check_admin_endpoint;
check_fn check_tenant_endpoint;
/* A URL without a user or password. Messages never show it: what is wrong may be a password in
 * it. */
check_fn check_proxy_url;

#endif
