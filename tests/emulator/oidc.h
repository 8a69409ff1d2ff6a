/* The issuers of OIDC tokens: GitHub Actions and Azure DevOps, who are asked by a running job,
 * and any other, whose tokens the back door hands out.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_OIDC_H
#define EMULATOR_OIDC_H

#include "exchange.h"

/* GET /github/idtoken, POST /azure_devops/oidctoken */
bool oidc_owns(const char *path);
void oidc_answer(struct exchange *x);

/* A token as `issuer` issues it, {number, text, issuer, subject, audience, expires_s}, with an
 * EFFECT line. Borrowed. */
const json_t *oidc_issue(const char *issuer, const char *subject, const char *audience,
                         long lifetime_s);
/* NULL: nobody here issued it. Borrowed. */
const json_t *oidc_find(const char *text);

json_t *oidc_dump(void);
void oidc_forget_all(void);

#endif
