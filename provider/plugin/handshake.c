/* How Terraform and the provider find each other: the cookie, and the one line on standard output.
 * Source: go-plugin server.go, client.go.
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "plugin/internal.h"

#define COOKIE_VARIABLE "TF_PLUGIN_MAGIC_COOKIE"
/* Public, and the same for every provider: it prevents people from starting one by mistake. */
#define COOKIE "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

enum {
    LINE_BYTES_MAX = 16 * 1024,
    APP_PROTOCOL = 6,
};

bool plugin_handshake_check_cookie(void)
{
    if (text_equal(getenv(COOKIE_VARIABLE), COOKIE))
        return true;
    fputs("This program is a plugin. Terraform and OpenTofu start it; do "
          "not run it yourself.\nUse the provider in a configuration and "
          "run terraform there. For the options that\nyou can use, run it "
          "with --help.\n",
          stderr);
    return false;
}

/* ---- the lines --------------------------------------------------------------------------- */

char *plugin_handshake_line(const struct plugin_place *place, const char *certificate,
                            bool asks_multiplexing)
{
    return memory_print("1|%d|%s|%s|grpc|%s%s\n", APP_PROTOCOL, plugin_place_network,
                        place->address, certificate, asks_multiplexing ? "|false" : "");
}

/* For a JSON string inside single quotes. */
static void add_quoted(struct buf *buf, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        char character[TEXT_JSON_CHAR_BYTES];
        size_t taken;
        size_t bytes = text_json_char(text, length, character, &taken);
        if (*text == '\'')
            buf_add_text(buf, "'\"'\"'");
        else
            buf_add(buf, character, bytes);
        text += taken;
        length -= taken;
    }
}

char *plugin_handshake_reattach_line(const char *provider_address,
                                     const struct plugin_place *place, long process)
{
    struct buf buf;
    buf_init(&buf, LINE_BYTES_MAX);
    buf_add_text(&buf, "TF_REATTACH_PROVIDERS='{\"");
    add_quoted(&buf, provider_address);
    /* Test: Terraform does not end the process when it exits. Without it, Terraform 1.11 forgets
     * the protocol's version and panics. */
    buf_print(
        &buf,
        "\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":%d,\"Pid\":%ld,\"Test\":true,"
        "\"Addr\":{\"Network\":\"%s\",\"String\":\"",
        APP_PROTOCOL, process, plugin_place_network);
    add_quoted(&buf, place->address);
    buf_add_text(&buf, "\"}}}'\n");
    char *line = memory_copy_text(buf_text(&buf));
    buf_clear(&buf);
    return line;
}

int plugin_handshake_write(int fd, const char *text, struct error *err)
{
    if (file_write_all(fd, text, strlen(text), -1) == strlen(text))
        return 0;
    return error_set(err, ERR_LOST, "cannot write to Terraform: %s", strerror(errno));
}

void plugin_handshake_report_failure(const struct error *err)
{
    auto_char line =
        memory_print("terraform-provider-azurestack cannot start: %s\n", err->text);
    /* Makes it one line, without the separators of a handshake's fields. */
    for (char *at = line; at[1] != '\0'; at++)
        if (*at == '|' || *at == '\n' || *at == '\r')
            *at = ' ';
    struct error ignored;
    plugin_handshake_write(STDOUT_FILENO, line, &ignored);
}
