/* What every credential does with its settings: reports what is missing, reads the variants
 * that name a file, refuses what cannot be a tenant.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_INPUTS_H
#define AUTH_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "auth/credential.h"
#include "base/bytes.h"

bool input_is_set(const char *text); /* not NULL, not empty */

/* The settings that are not there, as a list for people. Starts as zeroes. */
struct missing_inputs {
    char text[512];
    size_t length;
};
/* `name` ("client_id (ARM_CLIENT_ID)") is added unless one of the values is set. */
void missing_require(struct missing_inputs *missing_inputs, const char *value,
                     const char *other, const char *name);
/* Sets `missing` to "set A, B" and returns true if anything is. */
bool missing_report(const struct missing_inputs *missing_inputs, struct error *missing);

/* Who signs in, and where. On the heap. */
struct identity {
    char *tenant_id, *client_id;
};
/* From tenant_id, client_id and client_id_file_path, which are known to be set.
 * Errors: ERR_INVALID */
int identity_read(const struct auth_config *config, struct identity *out,
                  struct error *err);
void identity_clear(struct identity *identity);
void identity_missing(const struct auth_config *config,
                      struct missing_inputs *missing_inputs);

/* From client_id and client_id_file_path, one of which is set. Shown in errors, so one line. The text is the caller's to free. Errors: ERR_INVALID */
int input_read_client_id(const struct auth_config *config, char **out, struct error *err);

/* It becomes part of an address or an argument: a GUID or a domain name. Errors:
 * ERR_INVALID */
int input_check_tenant(const char *tenant_id, struct error *err);

enum { INPUT_FILE_BYTES_MAX = 1024 * 1024 };

/* A whole file without its byte order mark, to be wiped; `name` is the argument that named
 * it, for the error.
 * Errors: ERR_INVALID  cannot be read, is no file, is empty or too big, is UTF-16 */
int input_read_file(const char *name, const char *path, struct secret **out,
                    struct error *err);
/* The same without white space around it; what is left must be one line of text. */
int input_read_text(const char *name, const char *path, struct secret **out,
                    struct error *err);
/* The same of a file that another program named: it is not followed if it is a link. */
int input_read_unlinked_text(const char *name, const char *path, struct secret **out,
                             struct error *err);
/* The bytes of a UTF-8 byte order mark, which editors and PowerShell's `-Encoding utf8` put
 * before a text; 0: there is none. */
size_t input_mark_length(struct bytes bytes);
/* Whether these bytes are UTF-16 or UTF-32, as `>` of Windows PowerShell 5 writes them. Never
 * true of ASCII, UTF-8 or DER. */
bool input_is_wide(struct bytes bytes);
#define INPUT_WIDE_TEXT                                                                  \
    "is UTF-16 text, as `>` of Windows PowerShell writes it. Save it as ASCII or UTF-8 " \
    "(in PowerShell: `... | Out-File -Encoding ascii FILE`)"

/* `value`, else the text of the file; both may be given when they say the same. */
int input_choose(const char *name, const char *value, const char *path_name,
                 const char *path, struct secret **out, struct error *err);

#endif
