/* The errors of the Azure CLI on standard error, for people.
 * Source: Azure CLI, src/azure-cli-core/azure/cli/core/auth/util.py and _profile.py
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/cli_message.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "http/redact.h"

enum { LINE_BYTES_MAX = 500, GAP_BYTES = 8 };

#define WRONG_CLOUD                                                                      \
    "Check that the Azure CLI is signed in to the cloud of environment "                 \
    "(ARM_ENVIRONMENT), which `az cloud set` changes, and check tenant_id "              \
    "(ARM_TENANT_ID)"

/* The more specific ones first: a message with a code often contains "az login" as well. */
static const struct {
    const char *words, *advice;
} advices[] = {
    { "shouldn't be specified",
      "In Cloud Shell, and with a managed identity, the Azure CLI works in one tenant only. "
      "Remove tenant_id (ARM_TENANT_ID), or set it to the ID of that tenant" },
    { "AADSTS50076", "Sign in again with `az login`, with multi-factor authentication" },
    { "AADSTS50079", "Sign in again with `az login`, with multi-factor authentication" },
    { "AADSTS700024",
      "The Azure CLI is signed in with an OIDC token that has expired, as in a job of "
      "GitHub Actions or Azure DevOps. Set use_oidc (ARM_USE_OIDC): then the provider "
      "requests a new token for each renewal" },
    { "AADSTS500011", WRONG_CLOUD },
    { "AADSTS90002", WRONG_CLOUD },
    { "AADSTS50020",
      "Sign in with a user of the tenant, or add this user to the tenant as a guest: "
      "`az login --tenant TENANT_ID`" },
    { "AADSTS53003",
      "Ask the tenant's administrator to exclude this sign-in from the Conditional "
      "Access policy, or sign in with a service principal" },
    { "CERTIFICATE_VERIFY_FAILED",
      "The Azure CLI does not trust the certificate of a proxy. Set "
      "REQUESTS_CA_BUNDLE to a file with the proxy's certificate "
      "authority" },
    { "AADSTS", "Sign in again with `az login`" },
    { "az login", "Sign in with `az login`" },
    { "unrecognized arguments", "Update the Azure CLI" },
    { "not recognized", "Update the Azure CLI" },
    { "misspelled", "Update the Azure CLI" },
    { "Max retries exceeded",
      "The Azure CLI cannot reach Microsoft Entra. Check the network "
      "and HTTPS_PROXY" },
};
enum { ADVICES = sizeof advices / sizeof *advices };

/* ---- lines --------------------------------------------------------------------------------- */

enum rank { NOISE, PLAIN, IMPORTANT, RANKS };

struct line {
    const char *text;
    size_t length;
    enum rank rank;
    bool is_shown;
};

struct lines {
    struct line *items;
    size_t count;
};

static bool has(const char *text, const char *words)
{
    return strcasestr(text, words) != NULL;
}

static enum rank rank_of(const char *text)
{
    static const char *const noise[] = {
        "WARNING", "DEBUG", "INFO",     "Traceback",
        "  File ", "    ",  "To hide ", "This command "
    };
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        if (text_starts_ignoring_case(text, noise[i]))
            return NOISE;
    }
    bool is_important = has(text, "error") || has(text, "please run");
    for (size_t i = 0; i < ADVICES && !is_important; i++)
        is_important = has(text, advices[i].words);
    return is_important ? IMPORTANT : PLAIN;
}

/* The text cleaned, without blanks at its end; in the arena. */
static char *clean_line(struct arena *arena, const char *text, size_t length)
{
    char *clean = text_clean_line(arena, text, length, LINE_BYTES_MAX);
    size_t used = strlen(clean);
    while (used > 0 && clean[used - 1] == ' ')
        used--;
    clean[used] = '\0';
    return clean;
}

/* Redacts the text before it is split, because a secret may be on several lines. */
static struct lines split(struct arena *arena, struct bytes bytes)
{
    const char *text = http_redact(arena, (const char *)bytes.data, bytes.length);
    size_t most = 1;
    for (const char *at = text; *at != '\0'; at++)
        most += *at == '\r' || *at == '\n';
    struct lines lines = { arena_take_many(arena, most, sizeof *lines.items), 0 };
    while (*text != '\0') {
        size_t length = strcspn(text, "\r\n");
        const char *clean = clean_line(arena, text, length);
        const char *from = clean + strspn(clean, " ");
        if (*from != '\0')
            lines.items[lines.count++] = (struct line){ .text = from,
                                                        .length = strlen(from),
                                                        .rank = rank_of(clean) };
        text += length;
        text += strspn(text, "\r\n");
    }
    return lines;
}

const char *cli_message_show(struct arena *arena, struct bytes text)
{
    const struct lines lines = split(arena, text);
    size_t left = CLI_MESSAGE_BYTES_MAX;
    for (int rank = RANKS - 1; rank >= 0; rank--) {
        for (size_t i = 0; i < lines.count; i++) {
            struct line *line = &lines.items[i];
            if ((int)line->rank != rank || line->length + GAP_BYTES > left)
                continue;
            line->is_shown = true;
            left -= line->length + GAP_BYTES;
        }
    }
    const char *shown = "";
    bool is_gap = false;
    for (size_t i = 0; i < lines.count; i++) {
        const struct line *line = &lines.items[i];
        if (line->is_shown || !is_gap)
            shown = arena_print(arena, "%s%s%s", shown, *shown != '\0' ? "\n    " : "",
                                line->is_shown ? line->text : "…");
        is_gap = !line->is_shown;
    }
    return shown;
}

const char *cli_message_advice(struct arena *arena, struct bytes text)
{
    const struct lines lines = split(arena, text);
    for (int is_noise = 0; is_noise < 2; is_noise++) {
        for (size_t i = 0; i < ADVICES; i++) {
            for (size_t k = 0; k < lines.count; k++) {
                const struct line *line = &lines.items[k];
                if ((line->rank == NOISE) == is_noise &&
                    has(line->text, advices[i].words))
                    return advices[i].advice;
            }
        }
    }
    return NULL;
}

/* ---- escape sequences ------------------------------------------------------------------------ */

/* The length of the escape sequence at the ESC that `text` begins with; at least 1. */
static size_t sequence_length(const char *text, size_t length)
{
    size_t at = 1;
    if (at < length && text[at] == '[') { /* CSI: parameters, then one final byte */
        for (at++; at < length && text[at] >= ' ' && text[at] <= '?'; at++)
            continue;
        return at < length && text[at] >= '@' && text[at] <= '~' ? at + 1 : at;
    }
    if (at < length && text[at] == ']') { /* OSC: text, then BEL or ESC \ */
        for (at++; at < length && text[at] != '\n' && text[at] != '\a'; at++) {
            if (text[at] == '\x1B')
                return at + 1 < length && text[at + 1] == '\\' ? at + 2 : at;
        }
        return at < length && text[at] == '\a' ? at + 1 : at;
    }
    return at;
}

size_t cli_message_strip(char *text, size_t length)
{
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        if (text[at] == '\0') {
            at++;
            continue;
        }
        if (text[at] == '\x1B') {
            at += sequence_length(text + at, length - at);
            continue;
        }
        text[used++] = text[at++];
    }
    return used;
}
