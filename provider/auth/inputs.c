/* What all credentials do with their settings.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

bool input_is_set(const char *text)
{
    return text != NULL && *text != '\0';
}

void missing_require(struct missing_inputs *missing_inputs, const char *value,
                     const char *other, const char *name)
{
    if (input_is_set(value) || input_is_set(other) ||
        missing_inputs->length >= sizeof missing_inputs->text)
        return;
    missing_inputs->length +=
        (size_t)snprintf(missing_inputs->text + missing_inputs->length,
                         sizeof missing_inputs->text - missing_inputs->length, "%s%s",
                         missing_inputs->length != 0 ? ", " : "", name);
}

bool missing_report(const struct missing_inputs *missing_inputs, struct error *missing)
{
    if (missing_inputs->length != 0)
        error_set(missing, ERR_CREDENTIAL, "set %s", missing_inputs->text);
    return missing_inputs->length != 0;
}

void identity_missing(const struct auth_config *config,
                      struct missing_inputs *missing_inputs)
{
    missing_require(missing_inputs, config->tenant_id, NULL, "tenant_id (ARM_TENANT_ID)");
    missing_require(missing_inputs, config->client_id, config->client_id_file_path,
                    "client_id (ARM_CLIENT_ID)");
}

int input_check_tenant(const char *tenant_id, struct error *err)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-._";
    if (tenant_id[strspn(tenant_id, letters)] == '\0' &&
        strchr("-._", *tenant_id) == NULL && strstr(tenant_id, "..") == NULL)
        return 0;
    return error_set(err, ERR_INVALID,
                     "tenant_id (ARM_TENANT_ID) is neither a GUID nor a domain name");
}

static bool is_line(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < ' ' || text.data[i] == 0x7F)
            return false;
    }
    return true;
}

int input_read_client_id(const struct auth_config *config, char **out, struct error *err)
{
    static const char name[] = "client_id (ARM_CLIENT_ID)";
    static const char path_name[] = "client_id_file_path (ARM_CLIENT_ID_FILE_PATH)";
    const char *path = config->client_id_file_path;
    auto_secret text = NULL;
    if (input_choose(name, config->client_id, path_name, path, &text, err) < 0)
        return -1;
    if (!is_line(BYTES(secret_reveal(text), secret_length(text))))
        return error_set(err, ERR_INVALID,
                         "%s has more than one line, or control characters", name);
    *out = memory_copy_text(secret_reveal(text));
    return 0;
}

int identity_read(const struct auth_config *config, struct identity *out,
                  struct error *err)
{
    if (input_check_tenant(config->tenant_id, err) < 0)
        return -1;
    if (!input_is_set(config->authority))
        return error_set(err, ERR_INVALID, "the login host of this cloud is not known");
    char *client_id;
    if (input_read_client_id(config, &client_id, err) < 0)
        return -1;
    *out = (struct identity){ memory_copy_text(config->tenant_id), client_id };
    return 0;
}

void identity_clear(struct identity *identity)
{
    free(identity->tenant_id);
    free(identity->client_id);
}

/* ---- files ------------------------------------------------------------------------------- */

struct content {
    uint8_t *data;
    size_t length;
};

static void content_clear(struct content *content)
{
    memory_wipe_and_free(content->data);
}

static int read_content(const char *name, const char *path, enum file_links links,
                        struct content *content, struct error *err)
{
    const char *reason;
    switch (file_read(path, links, INPUT_FILE_BYTES_MAX - 1, &content->data,
                      &content->length, &reason)) {
    case FILE_READ:
        return 0;
    case FILE_UNREADABLE:
        return file_is_content(path)
                   ? error_set(err, ERR_INVALID, "%s " FILE_IS_CONTENT_TEXT, name)
                   : error_set(err, ERR_INVALID,
                               "%s names %s, which cannot be read: %s%s", name, path,
                               reason, file_note_space(path));
    case FILE_NOT_REGULAR:
        return error_set(err, ERR_INVALID, "%s names %s, which is not a file", name,
                         path);
    default:
        return error_set(err, ERR_INVALID, "%s names %s, which has more than %d bytes",
                         name, path, INPUT_FILE_BYTES_MAX - 1);
    }
}

bool input_is_wide(struct bytes bytes)
{
    const uint8_t *at = bytes.data;
    return bytes.length >= 2 &&
           (at[0] == 0 || at[1] == 0 || (at[0] == 0xFF && at[1] == 0xFE) ||
            (at[0] == 0xFE && at[1] == 0xFF));
}

static bool is_space(uint8_t one)
{
    return strchr(" \t\r\n", one) != NULL; /* also a NUL */
}

static struct bytes trim(struct bytes text)
{
    while (text.length > 0 && is_space(text.data[text.length - 1]))
        text.length--;
    while (text.length > 0 && is_space(*text.data))
        text.data++, text.length--;
    return text;
}

static int read_trimmed(const char *name, const char *path, bool is_text,
                        enum file_links links, struct secret **out, struct error *err)
{
    CLEANUP(content_clear) struct content content = { 0 };
    if (read_content(name, path, links, &content, err) < 0)
        return -1;
    if (input_is_wide(BYTES(content.data, content.length)))
        return error_set(err, ERR_INVALID, "%s names %s, which " INPUT_WIDE_TEXT, name,
                         path);
    struct bytes rest = text_skip_mark(BYTES(content.data, content.length));
    if (is_text)
        rest = trim(rest);
    if (rest.length == 0)
        return error_set(err, ERR_INVALID, "%s names %s, which is empty", name, path);
    if (is_text && !is_line(rest))
        return error_set(err, ERR_INVALID, "%s names %s, which has more than one line",
                         name, path);
    *out = secret_new((const char *)rest.data, rest.length);
    return 0;
}

int input_read_file(const char *name, const char *path, struct secret **out,
                    struct error *err)
{
    return read_trimmed(name, path, false, FILE_FOLLOWS_LINKS, out, err);
}

int input_read_text(const char *name, const char *path, struct secret **out,
                    struct error *err)
{
    return read_trimmed(name, path, true, FILE_FOLLOWS_LINKS, out, err);
}

int input_read_unlinked_text(const char *name, const char *path, struct secret **out,
                             struct error *err)
{
    return read_trimmed(name, path, true, FILE_IS_NO_LINK, out, err);
}

struct bytes input_trim(const char *text)
{
    return trim(BYTES(text, strlen(text)));
}

struct secret *input_take_secret(const char *text)
{
    const struct bytes trimmed = input_trim(text);
    return secret_new((const char *)trimmed.data, trimmed.length);
}

int input_choose(const char *name, const char *value, const char *path_name,
                 const char *path, struct secret **out, struct error *err)
{
    auto_secret given = NULL;
    if (input_is_set(value)) {
        given = input_take_secret(value);
        if (secret_length(given) == 0)
            return error_set(err, ERR_INVALID, "%s contains only white space", name);
    }
    if (!input_is_set(path)) {
        *out = take(given);
        return 0;
    }
    auto_secret read = NULL;
    if (input_read_text(path_name, path, &read, err) < 0)
        return -1;
    if (given != NULL && !secret_equal(given, read))
        return error_set(
            err, ERR_INVALID,
            "%s and the file in %s have different values; remove one of them", name,
            path_name);
    *out = take(read);
    return 0;
}
