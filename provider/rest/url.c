/* The URL of a request.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "rest/client.h"

/* Percent-encoding makes three bytes of one. */
enum { ENCODED_BYTES_MAX = 3 };

const char *rest_address(struct arena *arena, const struct rest_client *client,
                         const char *id)
{
    auto_buf url = { 0 };
    /* All of it fits: an address that was cut would be that of another object. */
    buf_init(&url, strlen(client->base) + ENCODED_BYTES_MAX * strlen(id) + strlen("/"));
    buf_add_text(&url, client->base);
    for (const char *rest = id; *rest != '\0';) {
        rest += *rest == '/';
        size_t length = strcspn(rest, "/");
        const char *segment = arena_copy_bytes_as_text(arena, rest, length);
        buf_print(&url, "/%s", text_encode_percent(arena, segment));
        rest += length;
    }
    return arena_copy_text(arena, buf_text(&url));
}

const char *rest_url(struct arena *arena, const struct rest_client *client,
                     const struct rest_request *request)
{
    const char *query = client->dialect->query(arena, request);
    const char *more = request->query != NULL ? request->query : "";
    return arena_print(arena, "%s%s%s%s", rest_address(arena, client, request->id), query,
                       *more == '\0'    ? ""
                       : *query == '\0' ? "?"
                                        : "&",
                       more);
}
