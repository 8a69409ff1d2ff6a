# The listeners, and the way of a request: logged, counted, taking effect, waiting, answered.
# SPDX-License-Identifier: MPL-2.0
import asyncio
import itertools
import os
import signal
import socket

from . import faults, log, service, state, switches, tls, raw_response
from .connection import Connection
from .exchange import Answered, Exchange
from .switches import NUMBER, Switch

ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
BACKLOG = 512

loop = asyncio.new_event_loop()
pending = set()      # the exchanges that are not answered
services = []
listening = {}       # name of a listener -> Listening
_timers = {}
_numbers = itertools.count(1)    # of the main listener's connections


class Listening:
    """A listener's sockets and the connections that come of it."""

    def __init__(self, name, accept):
        self.name, self.accept_one = name, accept
        self.port, self.sockets, self.connections = 0, [], set()

    def open(self, port):
        """OSError: 127.0.0.1 has to be; not every machine has ::1."""
        for family, address in ADDRESSES:
            made = socket.socket(family, socket.SOCK_STREAM)
            try:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                # Connections inherit it: else an answer's second packet waits for the client to
                # have acknowledged the first, which it puts off for 40 ms.
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                made.setblocking(False)
                made.bind((address, port))
                made.listen(BACKLOG)
            except OSError:
                made.close()
                if not self.sockets:
                    raise
                continue
            port = self.port = made.getsockname()[1]
            self.sockets.append(made)
        self.pause(False)

    def pause(self, is_paused):
        """Paused, it lets connections be made, and says nothing on them."""
        for made in self.sockets:
            if is_paused:
                loop.remove_reader(made)
            else:
                loop.add_reader(made, self.accept, made)

    def accept(self, made):
        while True:
            try:
                sock, _ = made.accept()
            except OSError:
                return
            sock.setblocking(False)
            self.connections = {known for known in self.connections if known.is_open}
            try:
                self.connections.add(self.accept_one(sock))
            except OSError:    # gone already
                sock.close()

    def close(self):
        self.pause(True)
        for made in self.sockets:
            made.close()
        self.sockets = []

    def disconnect(self):
        for connection in self.connections:
            connection.reset()


# --- the way of a request -----------------------------------------------------------------


def show_header(name, value):
    for owner in services:
        if name.lower() in owner.secret_headers:
            return owner.secret_headers[name.lower()](value)
    return value


def log_request(x):
    show = x.service.show_body
    return log.requests.event(
        "REQUEST", kind=x.kind, method=x.method, path=x.target, connection=x.connection.number,
        headers={name: show_header(name, value) for name, value in x.headers},
        body=show(x) if show else x.body_text)


def answer(x):
    """The request takes its effect, and the answer is composed."""
    try:
        (x.service.answer or x.route.handler)(x)
    except Answered:
        pass


def answer_with_fault(x):
    row, is_before = faults.table[x.fault["what"]], faults.is_before(x.fault)
    log.requests.event("FAULT", request=x.number, kind=x.kind, what=row.what, before=is_before,
                       rule=x.fault)
    if not is_before:
        answer(x)
    elif row.needs_answer:
        with state.rehearse():
            answer(x)
    if row.alter:
        row.alter(x, x.fault)


def receive(listener):
    def receive_from(connection, method, target, headers, body):
        x = Exchange(connection, method, target, headers, body)
        service.find(services, listener, x)
        pending.add(x)
        x.number = log_request(x)
        x.fault = faults.match(x.kind)
        if x.fault:
            answer_with_fault(x)
        else:
            answer(x)
        if x.service.headers:
            x.service.headers(x)
        latency = switches.value("latency_ms")
        if latency and switches.value("latency_on") in ("ANY", x.kind):
            loop.call_later(latency / 1000, deliver, x)
        else:
            deliver(x)
    return receive_from


def deliver(x):
    pending.discard(x)
    what = x.fault["what"] if x.fault else None
    if not x.connection.is_open:
        log.requests.event("GONE", request=x.number)
    elif what in BREAKING:
        BREAKING[what](x.fault)
        x.connection.reset()
    elif what in raw_response.WAYS:
        if faults.table[what].needs_answer:
            x.log_answer()
        x.connection.take_over()
        raw_response.WAYS[what](x, x.fault)
    else:
        x.log_answer()
        x.connection.send(x.status, x.answer_headers, x.bytes_out(), x.content_type)


# --- what breaks for everybody ------------------------------------------------------------


def disconnect():
    listening["main"].disconnect()


def once(name, ms, callback):
    """In so many milliseconds; another one of this name takes its place."""
    if name in _timers:
        _timers[name].cancel()
    _timers[name] = loop.call_later(ms / 1000, callback)


def refuse(ms):
    main = listening["main"]

    def reopen():
        main.open(main.port)
        log.requests.event("OPEN")
    main.close()
    disconnect()
    once("refuse", ms, reopen)


def silence(ms):
    main = listening["main"]

    def wake():
        main.pause(False)
        log.requests.event("OPEN")
    main.pause(True)
    disconnect()
    once("silence", ms, wake)


def alter_tls(mode, ms):
    switches.put_all({"tls": mode})
    if ms:
        once("tls", ms, lambda: switches.put_all({"tls": "ok"}))


BREAKING = {"refuse": lambda rule: refuse(rule.get("ms", 1000)),
            "silence": lambda rule: silence(rule.get("ms", 1000)),
            "tls": lambda rule: alter_tls(rule.get("mode", "cut"), rule.get("ms", 0))}


def make_switches():
    return [
        Switch("latency_ms", NUMBER, 0, "between the effect of a request and its answer"),
        Switch("latency_on", "|".join(["ANY", *faults.kinds]), "ANY",
               "the kind of request that latency_ms is about"),
        # What a listener shows concerns new connections; the old ones must not hide it.
        Switch("hub_ca", "public|enterprise", "public",
               "who signs the certificates of hubs: the same CA as all others', or an enterprise's "
               "by an issuer between (hub-ca.pem)", "– (a hub has the operator's certificate)",
               on_change=disconnect),
        Switch("tls", f"ok|{faults.TLS_MODES}", "ok",
               "what new connections find; setting it closes the open ones",
               on_change=disconnect)]


# --- start and end ------------------------------------------------------------------------


def accept_main(sock):
    mode, number = switches.value("tls"), next(_numbers)
    log.requests.event("CONNECT", connection=number, tls=mode)
    return Connection(loop, sock, receive(service.MAIN), number,
                      tls.context(mode) if mode in tls.MODES else None, mode == "cut")


def accept_canary(sock):
    """No request may reach it: a client that was led here talks to an unknown server.
    It answers as if all were well, so that the client shows all it would do."""
    log.canary.event("CONNECT")
    return Connection(loop, sock, receive_second, context=tls.context("ok"))


def receive_second(connection, method, target, headers, body):
    token = next((value for name, value in headers if name.lower() == "authorization"), None)
    log.canary.event("REQUEST", path=target, body_bytes=len(body),
                     authorization=token and show_header("authorization", token))
    connection.send(200, {}, b'{"value":[]}', "application/json")


def write_port(directory, name, port):
    """The name appears with its content."""
    path = os.path.join(directory, name)
    with open(path + ".new", "w", encoding="ascii") as stream:
        stream.write(f"{port}\n")
    os.rename(path + ".new", path)


def start(directory, ports, control):
    """`ports`: name of a listener -> port, 0: any; None: it is not opened. OSError."""
    files = [("control", "control-port", 0, lambda sock: Connection(loop, sock, control)),
             ("canary", "canary-port", 0, accept_canary)]
    for listener in dict.fromkeys(own.listener for own in services if own.listener != service.MAIN):
        port = ports.get(listener.name, 0)
        if port is not None:
            files.append((listener.name, listener.port_file, port, accept_other(listener)))
    files.append(("main", service.MAIN.port_file, ports["main"], accept_main))
    for name, _, port, accept in files:
        listening[name] = Listening(name, accept)
        listening[name].open(port)
    faults.canary_port = listening["canary"].port
    for name, file, _, _ in files:    # the main one at last: then all of them are there
        write_port(directory, file, listening[name].port)


def accept_other(listener):
    return lambda sock: Connection(loop, sock, receive(listener),
                                   context=tls.context("ok") if listener.is_tls else None)


def run():
    """Until a signal says to stop."""
    def fail(_, details):
        loop.default_exception_handler(details)
        os._exit(70)    # the emulator is broken, and the test has to notice
    loop.set_exception_handler(fail)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, loop.stop)
    loop.run_forever()
