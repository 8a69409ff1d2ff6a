/* The back door's operations about sign-in; control.c has their table.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_CONTROL_SIGN_IN_H
#define EMULATOR_CONTROL_SIGN_IN_H

#include <jansson.h>

/* An operation gets the body (NULL: none) and answers JSON, or sets `wrong`. */
typedef json_t *operation_fn(json_t *body, char **wrong);

operation_fn control_set_identity;
operation_fn control_set_job;
operation_fn control_issue_oidc_token;
operation_fn control_issue_access_token;
operation_fn control_show_oidc_tokens;
operation_fn control_show_assertions;

#endif
