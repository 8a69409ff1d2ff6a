# One connection: TLS, requests read from it, answers written to it, and its end in whichever way
# a test wants it. The sockets are our own, because asyncio's TLS cannot end wrongly.
# SPDX-License-Identifier: MPL-2.0
import http
import re
import socket
import ssl
import struct

from . import log
from .text import show

MAX_HEAD_BYTES, MAX_BODY_BYTES, CHUNK = 1 << 16, 1 << 20, 1 << 16
SETTLE_S = 0.05    # for the client to read what it was sent before the connection breaks
_request_line = re.compile(
    r"(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS) (\S+) HTTP/1\.([01])").fullmatch
_REASONS = {status.value: status.phrase for status in http.HTTPStatus}
_AGAIN = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)


class BadRequest(Exception):
    """It is not HTTP."""


def parse_head(data):
    """(method, target, [(name, value)], is it to be kept alive?); BadRequest."""
    lines = show(data).split("\r\n")
    found = _request_line(lines[0])
    if not found:
        raise BadRequest
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest
        headers.append((name, value.strip(" \t")))
    return found[1], found[2], headers, found[3] == "1"


class Connection:
    """`receive(connection, method, target, headers, body)` is called for each request; a client that is
    called answers with send(), or takes the connection over."""

    def __init__(self, loop, sock, receive, number=0, context=None, is_cut=False):
        self.loop, self.receive, self.number = loop, receive, number
        self.is_open, self.is_busy, self.is_taken, self.is_kept = True, False, False, True
        self.input, self.output, self.when_written = bytearray(), bytearray(), None
        self.timer, self.is_head, self.is_waiting = None, False, False
        self.sock, self.is_tls = sock, context is not None
        if self.is_tls:
            self.sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        self.fd = self.sock.fileno()
        self.watch(self.cut if is_cut else self.handshake if self.is_tls else self.read)

    def watch(self, callback):
        self.loop.add_reader(self.fd, callback)

    def cut(self):
        """The line goes dead once the client has said hello."""
        try:
            self.sock.recv(CHUNK)
        except OSError:
            pass
        self.close()

    def handshake(self):
        try:
            self.sock.do_handshake()
        except _AGAIN:
            return
        except OSError:    # a client that does not like what it sees
            self.close()
            return
        if self.number:
            log.requests.event("TLS", connection=self.number, version=self.sock.version())
        self.watch(self.read)
        self.read()

    # --- reading ----------------------------------------------------------------------------

    def read(self):
        while self.is_open:
            try:
                data = self.sock.recv(CHUNK)
            except _AGAIN:
                return
            except OSError:
                data = b""
            if not data:
                self.close()
            elif not self.is_taken:
                self.input += data
                self.parse()

    def parse(self):
        """One request at a time: the next one waits for the answer."""
        if self.is_busy or self.is_taken or not self.is_open or not self.input:
            return
        try:
            end = self.input.find(b"\r\n\r\n")
            if end < 0:
                if len(self.input) > MAX_HEAD_BYTES or not self.input[:1].isalpha():
                    raise BadRequest
                return
            method, target, headers, is_modern = parse_head(bytes(self.input[:end]))
            fields = {name.lower(): value for name, value in headers}
            length = fields.get("content-length", "0")
            if not length.isdecimal() or int(length) > MAX_BODY_BYTES or (
                    "transfer-encoding" in fields):
                raise BadRequest
        except BadRequest:
            self.is_kept = False
            self.send(400, {}, b"")
            return
        whole = end + 4 + int(length)
        if len(self.input) < whole:
            if fields.get("expect", "").lower() == "100-continue" and len(self.input) == end + 4:
                self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        body = bytes(self.input[end + 4:whole])
        del self.input[:whole]
        self.is_busy, self.is_head = True, method == "HEAD"
        self.is_kept = is_modern and fields.get("connection", "").lower() != "close"
        self.receive(self, method, target, headers, body)

    # --- writing ----------------------------------------------------------------------------

    def send(self, status, headers, body, kind=None):
        """A proper answer; `body` None: none."""
        has_length = status >= 200 and status not in (204, 304)
        fields = dict(headers)
        if kind:
            fields["Content-Type"] = kind
        fields.setdefault("Date", log.http_date(None))
        if has_length:
            fields["Content-Length"] = len(body or b"")
        if not self.is_kept:
            fields["Connection"] = "close"
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        data = f"HTTP/1.1 {status} {_REASONS.get(status, '')}\r\n{head}\r\n".encode()
        if body and has_length and not self.is_head:
            data += body
        self.is_busy = False
        self.write(data, None if self.is_kept else self.end)
        if self.input and self.is_kept:
            self.loop.call_soon(self.parse)

    def write(self, data, when_written=None):
        self.output += data
        self.when_written = when_written
        self.flush()

    def flush(self):
        while self.output and self.is_open:
            try:
                del self.output[:self.sock.send(self.output)]
            except _AGAIN:
                if not self.is_waiting:
                    self.loop.add_writer(self.fd, self.flush)
                self.is_waiting = True
                return
            except OSError:
                self.close()
        if self.is_open and self.is_waiting:
            self.loop.remove_writer(self.fd)
            self.is_waiting = False
        if self.is_open and self.when_written:
            callback, self.when_written = self.when_written, None
            callback()

    # --- the end ----------------------------------------------------------------------------

    def take_over(self):
        """From now on nothing that comes is a request."""
        self.is_taken = True

    def later(self, seconds, callback):
        """Unless the connection has ended by then."""
        if self.is_open:
            self.timer = self.loop.call_later(seconds, callback)

    def settle(self, ending):
        """Ends in this way, when what was written had a moment to be read."""
        self.write(b"", lambda: self.later(SETTLE_S, lambda: self.finish(ending)))

    def finish(self, ending):
        """rst, fin (TCP ends, TLS does not), end (both), hang (neither)."""
        if ending == "rst":
            self.reset()
        elif ending == "end":
            self.end()
        elif ending == "fin":
            self.close()

    def reset(self):
        if self.is_open:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close()

    def end(self):
        if self.is_open and self.is_tls:
            try:
                self.sock.unwrap()    # sends close_notify, and would wait for the client's
            except OSError:
                pass
        self.close()

    def close(self):
        if not self.is_open:
            return
        self.is_open = False
        if self.timer:
            self.timer.cancel()
        self.loop.remove_reader(self.fd)
        self.loop.remove_writer(self.fd)
        self.sock.close()
