/* What all credentials do with their settings: report missing ones, read those that name a file,
 * check the tenant.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_INPUTS_H
#define AUTH_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "auth/credential.h"
#include "base/bytes.h"

bool input_is_set(const char *text); /* not NULL, not empty */

/* The settings that are missing, as a list for people. Starts zeroed. */
struct missing_inputs {
    char text[512];
    size_t length;
};
/* Adds `name` ("client_id (ARM_CLIENT_ID)"), unless `value` or `other` is set. */
void missing_require(struct missing_inputs *missing_inputs, const char *value,
                     const char *other, const char *name);
/* If a setting is missing, sets `missing` to "set A, B" and returns true. */
bool missing_report(const struct missing_inputs *missing_inputs, struct error *missing);

/* The application and its tenant. The texts are on the heap. */
struct identity {
    char *tenant_id, *client_id;
};
/* Reads tenant_id, client_id and client_id_file_path, which are set.
 * Errors: ERR_INVALID */
int identity_read(const struct auth_config *config, struct identity *out,
                  struct error *err);
void identity_clear(struct identity *identity);
void identity_missing(const struct auth_config *config,
                      struct missing_inputs *missing_inputs);

/* Reads client_id or client_id_file_path, one of which is set. The ID is one line, because errors
 * show it. The caller frees the text. Errors: ERR_INVALID */
int input_read_client_id(const struct auth_config *config, char **out, struct error *err);

/* Checks that tenant_id is a GUID or a domain name, because it becomes part of a URL or of a
 * program's arguments. Errors: ERR_INVALID */
int input_check_tenant(const char *tenant_id, struct error *err);

enum { INPUT_FILE_BYTES_MAX = 1024 * 1024 };

/* The content of a file without its byte order mark. `name` is the argument that names the file,
 * for the error.
 * Errors: ERR_INVALID  cannot be read, is not a file, is empty or too big, is UTF-16 */
int input_read_file(const char *name, const char *path, struct secret **out,
                    struct error *err);
/* The same without white space at either end. The rest must be one line of text. */
int input_read_text(const char *name, const char *path, struct secret **out,
                    struct error *err);
/* The same for a file that another program named: a symbolic link is an error. */
int input_read_unlinked_text(const char *name, const char *path, struct secret **out,
                             struct error *err);
/* The bytes are UTF-16 or UTF-32, as `>` of Windows PowerShell 5 writes it. Never true for ASCII,
 * UTF-8 or DER. */
bool input_is_wide(struct bytes bytes);
#define INPUT_WIDE_TEXT                                                                  \
    "is UTF-16 text, as `>` of Windows PowerShell writes it. Save it as ASCII or UTF-8 " \
    "(in PowerShell: `... | Out-File -Encoding ascii FILE`)"

/* Without white space at either end: a variable that was set from a command's output often ends with a
 * line break. */
struct bytes input_trim(const char *text);
struct secret *input_take_secret(const char *text);

/* `value`, or the text of the file, without white space at either end. Both may be set if they are
 * equal.
 * *out NULL: neither is set.
 * Source: azurerm, internal/provider/helpers.go, which trims both
 * Errors: ERR_INVALID  they differ, or there is only white space; those of input_read_text() */
int input_choose(const char *name, const char *value, const char *path_name,
                 const char *path, struct secret **out, struct error *err);

#endif
