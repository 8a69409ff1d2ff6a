/* Answers that are not sent as HTTP servers send them: in part, slowly, never, with a lie. The
 * connection is taken from evhttp by replacing its callbacks, and given back only to be freed.
 * SPDX-License-Identifier: MPL-2.0 */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/keyvalq_struct.h>
#include <openssl/ssl.h>

#include "arm.h"
#include "bomb.h"
#include "fault.h"
#include "server.h"
#include "switches.h"
#include "text.h"

enum { ENDLESS_CHUNK = 16384, ENDLESS_INTERVAL_MS = 5, SETTLE_MS = 50 };

struct line {
    struct evhttp_connection *connection;
    struct bufferevent *stream;
    struct event *timer;
    struct evbuffer *rest; /* not yet handed to the stream */
    long interval_ms;      /* a byte at a time; 0: all at once */
    bool is_endless;
    char ending[8]; /* rst fin end hang; a copy: the script may change meanwhile */
    struct line *next, *previous;
};

static struct line *lines;

char *wire_body(const struct exchange *x, size_t *length)
{
    char *text = x->answer.body   ? json_dumps(x->answer.body, JSON_COMPACT)
                 : x->answer.text ? text_copy(x->answer.text)
                                  : NULL;
    if (text && x->answer.is_arm && switch_on("bom")) {
        char *marked = text_format("\xEF\xBB\xBF%s", text);
        free(text);
        text = marked;
    }
    *length = text ? strlen(text) : 0;
    return text;
}

static void set_headers(const struct exchange *x)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(x->request);
    const char *name;
    json_t *value;
    json_object_foreach(x->answer.headers, name, value)
        evhttp_add_header(headers, name, json_string_value(value));
    if (x->answer.body || x->answer.text)
        evhttp_add_header(headers, "Content-Type",
                          x->answer.body ? "application/json; charset=utf-8"
                                         : x->answer.text_type);
}

void wire_send(struct exchange *x)
{
    struct evbuffer *buffer = evbuffer_new();
    size_t length;
    char *body = wire_body(x, &length);
    set_headers(x);
    if (body)
        evbuffer_add(buffer, body, length);
    evhttp_send_reply(x->request, x->answer.status, NULL, buffer);
    evbuffer_free(buffer);
    free(body);
}

bool wire_owns(const char *what)
{
    return text_is_one_of(what,
                          "rst|fin|end|hang|half|truncated|wrong_length|slow|endless"
                          "|gzip_bomb|refuse|silence|tls");
}

void wire_reset(int fd)
{
    /* Dissolving the association makes the kernel send a RST at once; closing would first
     * send what OpenSSL and libevent want to say. */
    struct sockaddr nobody = { .sa_family = AF_UNSPEC };
    if (fd >= 0 && connect(fd, &nobody, sizeof nobody) < 0)
        shutdown(fd, SHUT_RDWR);
}

/* --- a line taken over -------------------------------------------------------------------- */

static void line_free(struct line *line)
{
    if (line->previous)
        line->previous->next = line->next;
    else
        lines = line->next;
    if (line->next)
        line->next->previous = line->previous;
    event_free(line->timer);
    evbuffer_free(line->rest);
    evhttp_connection_free(line->connection);
    free(line);
}

void wire_stop(void)
{
    while (lines)
        line_free(lines);
}

static void line_end(struct line *line)
{
    SSL *ssl = bufferevent_openssl_get_ssl(line->stream);
    if (strcmp(line->ending, "hang") == 0)
        return; /* until the client goes */
    if (strcmp(line->ending, "rst") == 0)
        wire_reset(bufferevent_getfd(line->stream));
    else if (strcmp(line->ending, "end") == 0 && ssl)
        SSL_shutdown(
            ssl); /* close_notify: a truncation that TLS does not tell from the end */
    else if (ssl)
        SSL_set_quiet_shutdown(ssl, 1);
    line_free(line);
}

static void wait_ms(struct line *line, long ms)
{
    struct timeval delay = { ms / 1000, ms % 1000 * 1000 };
    event_add(line->timer, &delay);
}

static void add_chunk(struct line *line)
{
    static const char blanks[] = "                                ";
    struct evbuffer *output = bufferevent_get_output(line->stream);
    /* Only as fast as it is read. */
    if (evbuffer_get_length(output) > 4 * ENDLESS_CHUNK)
        return;
    evbuffer_add_printf(output, "%x\r\n", ENDLESS_CHUNK);
    for (size_t i = 0; i < ENDLESS_CHUNK; i += sizeof blanks - 1)
        evbuffer_add(output, blanks, sizeof blanks - 1);
    evbuffer_add(output, "\r\n", 2);
}

static void line_timer(int fd, short events, void *argument)
{
    struct line *line = argument;
    (void)fd;
    (void)events;
    if (line->is_endless) {
        add_chunk(line);
        wait_ms(line, ENDLESS_INTERVAL_MS);
    } else if (evbuffer_get_length(line->rest) > 0) {
        char byte;
        evbuffer_remove(line->rest, &byte, 1);
        bufferevent_write(line->stream, &byte, 1);
        wait_ms(line, evbuffer_get_length(line->rest) ? line->interval_ms : SETTLE_MS);
    } else {
        line_end(line);
    }
}

/* All of it is with the kernel; the client gets a moment to read it. */
static void line_written(struct bufferevent *stream, void *argument)
{
    struct line *line = argument;
    (void)stream;
    if (!line->is_endless && evbuffer_get_length(line->rest) == 0)
        wait_ms(line, SETTLE_MS);
}

static void line_read(struct bufferevent *stream, void *unused)
{
    struct evbuffer *input = bufferevent_get_input(stream);
    (void)unused;
    evbuffer_drain(input, evbuffer_get_length(input));
}

static void line_event(struct bufferevent *stream, short events, void *argument)
{
    (void)stream;
    if (events & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        line_free(argument);
}

static struct line *take_over(struct exchange *x, const char *ending)
{
    struct line *line = calloc(1, sizeof *line);
    if (line == NULL)
        abort();
    line->connection = evhttp_request_get_connection(x->request);
    line->stream = evhttp_connection_get_bufferevent(line->connection);
    line->timer = evtimer_new(server_base(), line_timer, line);
    line->rest = evbuffer_new();
    snprintf(line->ending, sizeof line->ending, "%s", ending);
    line->next = lines;
    if (lines)
        lines->previous = line;
    lines = line;
    bufferevent_set_timeouts(line->stream, NULL, NULL);
    bufferevent_setcb(line->stream, line_read, line_written, line_event, line);
    bufferevent_enable(line->stream, EV_READ | EV_WRITE);
    x->request = NULL; /* freed with its connection */
    return line;
}

/* --- the bytes ---------------------------------------------------------------------------- */

/* Status line and headers; `length` < 0: chunked. */
static struct evbuffer *make_head(struct exchange *x, long length, const char *extra)
{
    struct evbuffer *head = evbuffer_new();
    const struct evkeyval *header;
    set_headers(x);
    evbuffer_add_printf(head, "HTTP/1.1 %d Fault\r\n", x->answer.status);
    const struct evkeyvalq *headers = evhttp_request_get_output_headers(x->request);
    for (header = headers->tqh_first; header; header = header->next.tqe_next)
        evbuffer_add_printf(head, "%s: %s\r\n", header->key, header->value);
    if (length < 0)
        evbuffer_add_printf(head, "Transfer-Encoding: chunked\r\n");
    else
        evbuffer_add_printf(head, "Content-Length: %ld\r\n", length);
    evbuffer_add_printf(head, "%s\r\n", extra);
    return head;
}

static void send_now(struct line *line, struct evbuffer *bytes)
{
    bufferevent_write_buffer(line->stream, bytes);
    evbuffer_free(bytes);
}

/* Nothing is written: the timer takes it to its end. */
static void send_nothing(struct exchange *x, const char *ending)
{
    wait_ms(take_over(x, ending), 0);
}

static void send_bomb(struct exchange *x)
{
    size_t length;
    unsigned char *bomb = bomb_make(&length);
    struct evbuffer *bytes = make_head(x, (long)length, "Content-Encoding: gzip\r\n");
    evbuffer_add(bytes, bomb, length);
    send_now(take_over(x, "hang"), bytes);
    free(bomb);
}

static void send_endless(struct exchange *x)
{
    struct evbuffer *head = make_head(x, -1, "");
    struct line *line = take_over(x, "hang");
    line->is_endless = true;
    send_now(line, head);
    wait_ms(line, 0);
}

static void send_slow(struct exchange *x, const json_t *rule)
{
    size_t length;
    char *body = wire_body(x, &length);
    struct evbuffer *head = make_head(x, (long)length, "");
    struct line *line = take_over(x, "end");
    line->interval_ms = fault_number(rule, "interval_ms", 1000);
    evbuffer_add_buffer(line->rest, head);
    evbuffer_add(line->rest, body, length);
    evbuffer_free(head);
    free(body);
    wait_ms(line, 0);
}

/* half: half of the whole answer, or of its head when there is no body. truncated: all headers,
 * half of the body they announce. wrong_length: half is announced, all is sent. */
static void send_part(struct exchange *x, const json_t *rule)
{
    const char *what = fault_what(rule);
    bool is_wrong_length = strcmp(what, "wrong_length") == 0;
    size_t length;
    char *body = wire_body(x, &length);
    size_t announced = is_wrong_length ? length / 2 : length;
    /* Without a body there is one that never comes. */
    if (length == 0)
        announced = 100;
    struct evbuffer *bytes = make_head(x, (long)announced, "");
    size_t head_length = evbuffer_get_length(bytes);
    evbuffer_add(bytes, body, is_wrong_length ? length : length / 2);
    const char *ending = is_wrong_length ? "hang" : "end";
    if (strcmp(what, "half") == 0) {
        ending = fault_text(rule, "then", "rst");
        struct evbuffer *half = evbuffer_new();
        evbuffer_remove_buffer(bytes, half,
                               length ? head_length + length / 2 : head_length / 2);
        evbuffer_free(bytes);
        bytes = half;
    }
    send_now(take_over(x, ending), bytes);
    free(body);
}

void wire_send_badly(struct exchange *x, const json_t *rule)
{
    const char *what = fault_what(rule);
    if (strcmp(what, "refuse") == 0) {
        server_refuse(fault_number(rule, "ms", 1000));
        send_nothing(x, "rst");
    } else if (strcmp(what, "silence") == 0) {
        server_silence(fault_number(rule, "ms", 1000));
        send_nothing(x, "rst");
    } else if (strcmp(what, "tls") == 0) {
        server_spoil_tls(fault_text(rule, "mode", "cut"), fault_number(rule, "ms", 0));
        send_nothing(x, "rst");
    } else if (text_is_one_of(what, "rst|fin|end|hang")) {
        send_nothing(x, what);
    } else if (strcmp(what, "gzip_bomb") == 0) {
        send_bomb(x);
    } else if (strcmp(what, "endless") == 0) {
        send_endless(x);
    } else if (strcmp(what, "slow") == 0) {
        send_slow(x, rule);
    } else {
        send_part(x, rule);
    }
}
