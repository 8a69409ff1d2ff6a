/* HTTP/2 with the real transport, frame by frame: an answer that is cut, one that never comes, and a
 * write that is sent once.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>
#include <stdatomic.h>

#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

/* Source: RFC 9113, 6 */
enum {
    DATA,
    HEADERS,
    PRIORITY,
    RST_STREAM,
    SETTINGS,
    PUSH_PROMISE,
    PING,
    GOAWAY,
    WINDOW_UPDATE,
    CONTINUATION
};
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };
enum { FRAMES = 3, FRAME_BYTES_MAX = 16 * 1024 };

struct frame {
    unsigned char type, flags, stream;
    const char *data;
    size_t length;
};

#define FRAME(type, flags, stream, text)                                                           \
    {                                                                                              \
        type, flags, stream, text, sizeof text - 1                                                 \
    }
/* :status 200, then content-length */
#define OK_HEADERS FRAME(HEADERS, END_HEADERS, 1, "\x88")
#define OK_OF_3 FRAME(HEADERS, END_HEADERS, 1, "\x88\x5c\0013")
#define OK_OF_7 FRAME(HEADERS, END_HEADERS, 1, "\x88\x5c\0017")
#define PART FRAME(DATA, 0, 1, "[1]")
#define END FRAME(DATA, END_STREAM, 1, "[1]")
#define RESET_BY(code) FRAME(RST_STREAM, 0, 1, "\0\0\0" code)

struct play {
    struct frame frames[FRAMES];
    int then; /* CLOSE, HANG, or REPEAT the last one */
};

static bool write_frame(struct http_peer *peer, const struct frame *frame)
{
    unsigned char bytes[9 + FRAME_BYTES_MAX] = { 0,
                                                 (unsigned char)(frame->length >> 8),
                                                 (unsigned char)frame->length,
                                                 frame->type,
                                                 frame->flags,
                                                 0,
                                                 0,
                                                 0,
                                                 frame->stream };
    memcpy(bytes + 9, frame->data, frame->length);
    return http_peer_write_bytes(peer, bytes, 9 + frame->length);
}

static atomic_size_t requests; /* that were read, whole */

static bool read_request(struct http_peer *peer)
{
    unsigned char head[9] = { 0 }, data[FRAME_BYTES_MAX];
    for (bool is_ended = false; !is_ended;) {
        if (!http_peer_read_bytes(peer, head, sizeof head))
            return false;
        size_t length = (size_t)head[1] << 8 | head[2];
        if (head[0] != 0 || length > sizeof data || !http_peer_read_bytes(peer, data, length))
            return false;
        is_ended = head[3] <= HEADERS && (head[4] & END_STREAM) != 0;
    }
    return true;
}

static void play_frames(struct http_peer *peer, void *state)
{
    static const struct frame settings = FRAME(SETTINGS, 0, 0, ""),
                              ack = FRAME(SETTINGS, ACK, 0, "");
    const struct play *play = state;
    char preface[24];
    if (!http_peer_read_bytes(peer, preface, sizeof preface) || !write_frame(peer, &settings) ||
        !read_request(peer) || !write_frame(peer, &ack))
        return;
    atomic_fetch_add(&requests, 1);
    const struct frame *frame = play->frames;
    for (; frame < play->frames + FRAMES && frame->data != NULL; frame++)
        if (!write_frame(peer, frame))
            return;
    while (play->then == REPEAT && write_frame(peer, frame - 1))
        continue;
    if (play->then == HANG)
        http_peer_hang(peer);
    http_peer_close(peer, false);
}

static int select_h2(SSL *ssl, const unsigned char **out, unsigned char *length,
                     const unsigned char *offered, unsigned bytes, void *state)
{
    (void)ssl, (void)offered, (void)bytes, (void)state;
    *out = (const unsigned char *)"h2";
    *length = 2;
    return SSL_TLSEXT_ERR_OK;
}

static struct outcome play_h2(const struct play *play, const char *method)
{
    auto_test_authority authority = test_authority_new("H2 Root");
    SSL_CTX *context = test_server_context(authority, &(struct server_certificate){ "leaf" });
    SSL_CTX_set_alpn_select_cb(context, select_h2, NULL);
    auto_http_server server = http_server_new(context, play_frames, (void *)play);
    SSL_CTX_free(context);
    auto_transport transport = new_transport(test_authority_file(authority));
    atomic_store(&requests, 0);
    int64_t timeout_ms = play->then == REPEAT ? 1000 : 0;
    struct outcome outcome = send_request(transport, http_server_url(server),
                                          REQUEST(.method = method, .timeout_ms = timeout_ms));
    outcome.requests = atomic_load(&requests);
    return outcome;
}

CURL_TEST(an_answer_over_http_2_is_whole_or_lost)
{
    static const struct {
        struct play play;
        bool is_answered, is_read_again;
    } rows[] = {
        { { { OK_HEADERS, END }, HANG }, true },
        { { { OK_OF_3, END }, HANG }, true },
        { { { FRAME(99, 0, 1, "unknown"), OK_HEADERS, END }, HANG }, true },
        /* Cut. Without a length, a reset without an error leaves no trace: the JSON does not end. */
        { { { OK_HEADERS, PART } } },
        { { { OK_OF_7, PART, RESET_BY("\0") }, HANG } },
        { { { OK_HEADERS, PART, RESET_BY("\2") }, HANG } },
        { { { OK_HEADERS, PART, FRAME(GOAWAY, 0, 0, "\0\0\0\1\0\0\0\0") } } },
        { { { OK_OF_7, END }, HANG } },
        { { { OK_OF_7, FRAME(DATA, END_STREAM, 1, "[1,2,3,4]") }, HANG } },
        { { { FRAME(HEADERS, 0, 1, "\x88"), END }, HANG } },
        /* None. A read that was certainly not looked at is sent again by curl, a write is not. */
        { { { RESET_BY("\0") }, HANG } },
        { { { RESET_BY("\7") }, HANG }, .is_read_again = true },
        { { { RESET_BY("\15") }, HANG } },
        { { { FRAME(GOAWAY, 0, 0, "\0\0\0\0\0\0\0\0") } } },
        { { { FRAME(GOAWAY, 0, 0, "\0\0\0\1\0\0\0\13") } } },
        /* Nonsense: two statuses, none, 101, of another stream, a push, a broken index. */
        { { { FRAME(HEADERS, END_HEADERS, 1, "\x88\x88"), END }, HANG } },
        { { { FRAME(HEADERS, END_HEADERS, 1, "\x5c\0013"), END }, HANG } },
        { { { FRAME(HEADERS, END_HEADERS, 1, "\x08\003101"), END }, HANG } },
        { { { FRAME(HEADERS, END_HEADERS, 3, "\x88"), FRAME(DATA, END_STREAM, 3, "[1]") }, HANG } },
        { { { FRAME(PUSH_PROMISE, END_HEADERS, 1, "\0\0\0\2\x82") }, HANG } },
        { { { FRAME(HEADERS, END_HEADERS, 1, "\xff\xff\xff\xff\xff\xff\xff") }, HANG } },
    };
    EACH (row, rows) {
        EACH_TEXT (method, "GET", "PUT") {
            auto_outcome outcome = play_h2(&row->play, method);
            if (row->is_answered)
                assert_answered(outcome, 200);
            else
                assert_failed(outcome, ERR_LOST);
            if (!row->is_read_again || strcmp(method, "PUT") == 0)
                assert_int_equal(outcome.requests, 1);
        }
    }
}

CURL_TEST(frames_without_end_end_with_their_time)
{
    static const struct play rows[] = {
        { { OK_HEADERS, FRAME(DATA, 0, 1, "") }, REPEAT },
        { { FRAME(PING, 0, 0, "12345678") }, REPEAT },
        { { FRAME(SETTINGS, 0, 0, "") }, REPEAT },
        { { FRAME(PRIORITY, 0, 1, "\0\0\0\3\1") }, REPEAT },
        { { FRAME(WINDOW_UPDATE, 0, 0, "\0\0\0\1") }, REPEAT },
        { { FRAME(99, 0, 1, "unknown") }, REPEAT },
        { { FRAME(HEADERS, 0, 1, "\x88"), FRAME(CONTINUATION, 0, 1, "\0\1a\1b") }, REPEAT },
        { { FRAME(HEADERS, END_HEADERS, 1, "\x08\003103") }, REPEAT },
    };
    EACH (row, rows) {
        auto_outcome outcome = play_h2(row, "PUT");
        if (outcome.err.kind != ERR_TOO_BIG)
            assert_failed(outcome, ERR_LOST);
    }
}
