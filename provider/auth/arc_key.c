/* Reads the key file of Azure Arc's agent. A service that only claims to be the agent must not make
 * the provider send it any other file.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/arc_key.h"

#include <string.h>

#include "auth/inputs.h"
#include "auth/token_response.h"
#include "base/file.h"
#include "base/text.h"

const char *arc_key_folder;
static const char agent[] = "the Azure Arc agent";

/* The agent's folder; "": it is not known. */
static const char *find_folder(struct arena *arena)
{
    if (arc_key_folder != NULL)
        return arc_key_folder;
    const char *folder = file_place(arena, "/var/opt/azcmagent/tokens",
                                    "%ProgramData%\\AzureConnectedMachineAgent\\Tokens");
    return folder != NULL ? folder : "";
}

/* The text after `Basic realm=`; NULL: the answer asks for something else. */
static const char *find_realm(const struct http_reply *reply)
{
    static const char basic[] = "Basic ", realm[] = "realm=";
    const char *text = http_reply_header(reply, "WWW-Authenticate");
    if (text == NULL || !text_starts_ignoring_case(text, basic))
        return NULL;
    text += strlen(basic);
    text += strspn(text, " \t");
    return text_starts_ignoring_case(text, realm) ? text + strlen(realm) : NULL;
}

bool arc_key_is_required(const struct http_reply *reply)
{
    return reply->status == 401 && find_realm(reply) != NULL;
}

static const char *read_path(struct arena *arena, const char *realm)
{
    size_t length = strcspn(realm, " \t,");
    if (*realm == '"')
        length = strcspn(++realm, "\"");
    return arena_print(arena, "%.*s", (int)length, realm);
}

static bool is_key_path(const char *folder, const char *path)
{
    static const char extension[] = ".key";
    size_t length = strlen(path);
    return *folder != '\0' && file_is_right_in(folder, path) &&
           length > strlen(folder) + 1 + strlen(extension) &&
           strcmp(path + length - strlen(extension), extension) == 0;
}

static int report_forbidden(struct arena *arena, struct error *err)
{
    return error_set(
        err, ERR_CREDENTIAL, "%s. %s", err->text,
        file_place(
            arena,
            "Run Terraform as root or as a member of the group himds: "
            "`usermod -a -G himds USER`, then log in again",
            "Run Terraform as an administrator or as a member of the local group "
            "\"Hybrid agent extension applications\". Sign in again after you added "
            "the user"));
}

int arc_key_read(struct call *call, const struct http_reply *reply, struct secret **out,
                 struct error *err)
{
    const char *realm = find_realm(reply);
    if (realm == NULL)
        return error_set(err, ERR_CREDENTIAL,
                         "%s returned status %d without the path of a key file "
                         "(WWW-Authenticate: Basic realm=FILE)",
                         agent, reply->status);
    const char *path = read_path(call->arena, realm);
    const char *folder = find_folder(call->arena);
    if (!is_key_path(folder, path))
        return error_set(err, ERR_CREDENTIAL,
                         "%s names the file \"%s\", which is not a .key file in %s, the "
                         "agent's key directory. For security, the provider did not read "
                         "the file and sent no content of it. Check that "
                         "IDENTITY_ENDPOINT is the agent's address",
                         agent, text_clean_line(call->arena, path, strlen(path), 300),
                         *folder != '\0' ? folder : "%ProgramData%, which is not set");
    auto_secret key = NULL;
    if (input_read_unlinked_text(agent, path, &key, err) < 0) {
        err->kind = ERR_CREDENTIAL;
        return file_is_forbidden(path) ? report_forbidden(call->arena, err) : -1;
    }
    if (secret_length(key) > ARC_KEY_BYTES_MAX ||
        !token_is_header_text(secret_reveal(key), secret_length(key)))
        return error_set(
            err, ERR_CREDENTIAL,
            "%s names %s, which does not contain a key. A key is one word of "
            "at most %d ASCII characters",
            agent, path, ARC_KEY_BYTES_MAX);
    *out = take(key);
    return 0;
}
