# Host names: servers that refuse, lie, answer half of what they are asked, or nothing. Runs in
# a network of its own, with its own /etc/resolv.conf, so that nothing of the machine changes.
# SPDX-License-Identifier: MPL-2.0
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

INSIDE = "AZURESTACK_NAMES_TEST_IS_INSIDE"


def enter():
    """Runs this file again inside namespaces; ends as that run ends, or skips."""
    if os.environ.get(INSIDE):
        return
    unshare = ["unshare", "--mount", "--net", "--propagation", "private"]
    if os.geteuid() != 0:
        unshare.append("--map-root-user")
    probe = subprocess.run([*unshare, "mount", "--bind", "/etc/hosts", "/etc/resolv.conf"],
                           capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        print(f"skipped: no namespaces on this machine: {probe.stderr.strip()}")
        sys.exit(77)
    os.execvpe("unshare", [*unshare, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})


enter()
import harness  # noqa: E402  (not outside: it would start nothing, but needs the host)
from harness import wait_for  # noqa: E402

NAME = "emulator.test"
FIRST, SECOND, THIRD = (f"nameserver 127.0.0.{number}\n" for number in (8, 9, 10))
A, AAAA = 1, 28
SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = 2, 3, 4, 5


def raise_loopback():
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # IFF_UP, IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, request)  # SIOCSIFFLAGS


def bind_file(name, folder):
    path = os.path.join(folder, name)
    open(path, "wb").close()
    subprocess.run(["mount", "--bind", path, f"/etc/{name}"], check=True)
    return path


# ---- a DNS server: what it does is a function of (name, type, is_tcp) --------------------------

def found(address, kinds=(A,), name=NAME):
    def answer(asked, kind, _is_tcp):
        if asked != name:
            return {"code": NXDOMAIN}
        return {"address": address} if kind in kinds else {}
    return answer


def fails(code):
    return lambda *_: {"code": code}


def silent(*_):
    return None


def by_kind(a, aaaa):
    return lambda name, kind, is_tcp: (a if kind == A else aaaa)(name, kind, is_tcp)


def only_tcp(name, kind, is_tcp):
    return good(name, kind, is_tcp) if is_tcp else {"is_truncated": True}


def wrong_id_first(name, kind, is_tcp):
    return {**good(name, kind, is_tcp), "lie": "127.0.0.66"}


good = found("127.0.0.1")


def message(query, end, kind, offset=0, address=None, code=0, is_truncated=False):
    record = b""
    if address:
        data = socket.inet_pton(socket.AF_INET6 if kind == AAAA else socket.AF_INET, address)
        record = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
    number = (struct.unpack(">H", query[:2])[0] + offset) & 0xffff
    flags = 0x8180 | (0x200 if is_truncated else 0) | code
    return struct.pack(">6H", number, flags, 1, 1 if address else 0, 0, 0) + query[12:end] + record


class Server:
    def __init__(self, last, behave):
        self.behave = behave
        self.asked = []  # (name, type, is_tcp)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.tcp = socket.socket()
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for listener in (self.udp, self.tcp):
            listener.bind((f"127.0.0.{last}", 53))
        self.tcp.listen()
        self.threads = [threading.Thread(target=serve, daemon=True)
                        for serve in (self.serve_udp, self.serve_tcp)]
        for thread in self.threads:
            thread.start()

    def answers(self, query, is_tcp):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
            at += query[at] + 1
        kind = struct.unpack(">H", query[at + 1:at + 3])[0]
        name = ".".join(labels)
        self.asked.append((name, kind, is_tcp))
        reported = self.behave(name, kind, is_tcp)
        if reported is None:
            return
        lie = reported.pop("lie", None)
        if lie and kind == A:
            yield message(query, at + 5, kind, offset=1, address=lie)
        yield message(query, at + 5, kind, **reported)

    def serve_udp(self):
        while True:
            query, peer = self.udp.recvfrom(4096)
            if not query:
                return
            for answer in self.answers(query, False):
                self.udp.sendto(answer, peer)

    def serve_tcp(self):
        while True:
            try:
                peer, _ = self.tcp.accept()
            except OSError:
                return
            with peer:
                while len(length := peer.recv(2, socket.MSG_WAITALL)) == 2:
                    query = peer.recv(struct.unpack(">H", length)[0], socket.MSG_WAITALL)
                    for answer in self.answers(query, True):
                        peer.sendall(struct.pack(">H", len(answer)) + answer)

    def stop(self):
        for listener in (self.udp, self.tcp):
            try:
                listener.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # wakes the one that is not connected, too
        for thread in self.threads:
            thread.join()
        for listener in (self.udp, self.tcp):
            listener.close()


# ---- the tests ---------------------------------------------------------------------------------

class Names(harness.Case):
    @classmethod
    def setUpClass(cls):
        raise_loopback()
        cls.folder = tempfile.mkdtemp(prefix="names-")
        cls.files = {name: bind_file(name, cls.folder)
                     for name in ("resolv.conf", "hosts", "nsswitch.conf")}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        for name in cls.files:
            subprocess.run(["umount", f"/etc/{name}"], check=True)
        shutil.rmtree(cls.folder)

    def setUp(self):
        super().setUp()
        self.servers = []
        self.addCleanup(self.stop_servers)
        # A module that is not there: who would load it finds no name.
        self.system(nsswitch_conf="hosts: absent\n")
        # A plan has to ask the service for it; a customer's subscription it plans without.
        self.workspace.write(f'data "azurestack_registration" "hub" {{\n'
                             f'  id = "{harness.HUB.format("berlin")}"\n}}\n')
        self.point_at(NAME)

    def point_at(self, name):
        url = self.emulator.url.replace("localhost", name)
        for variable in ("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "ARM_RESOURCE_MANAGER_ENDPOINT"):
            self.workspace.environment[variable] = url

    def system(self, **contents):
        for name, text in contents.items():
            harness.write(self.files[name.replace("_", ".")], text)

    def serve(self, configuration, *behaviours, hosts=""):
        """Servers at 127.0.0.8 and on, in place of earlier ones; None: no server listens there."""
        self.stop_servers()
        self.system(resolv_conf=configuration, hosts=hosts)
        self.servers = [Server(8 + i, behave) for i, behave in enumerate(behaviours) if behave]
        return self.servers

    def stop_servers(self):
        while self.servers:
            self.servers.pop().stop()

    def test_a_name_is_found(self):
        """Each situation is one that a plan does not outlive when it is not coped with."""
        both = FIRST + SECOND
        longest = "options timeout:30 attempts:5\n"
        situations = (
            ("SERVFAIL", both, (fails(SERVFAIL), good)),
            ("REFUSED", both, (fails(REFUSED), good)),
            ("not implemented", both, (fails(NOTIMP), good)),
            ("truncated", FIRST, (only_tcp,)),
            ("use-vc", FIRST + "options use-vc\n",
             (lambda name, kind, is_tcp: good(name, kind, is_tcp) if is_tcp else None,)),
            ("another's answer first", FIRST, (wrong_id_first,)),
            ("no IPv6 address", FIRST, (by_kind(good, fails(NXDOMAIN)),)),
            ("no IPv4 address", FIRST, (by_kind(fails(NXDOMAIN), found("::1", (AAAA,))),)),
            ("IPv6 fails", FIRST, (by_kind(good, fails(SERVFAIL)),)),
            ("IPv6 never answered", FIRST + longest, (by_kind(good, silent),)),
            ("IPv4 never answered", FIRST + longest, (by_kind(silent, found("::1", (AAAA,))),)),
            ("no server listens", both + longest, (None, good)),
            ("a short timeout", both + "options timeout:1 attempts:2\n", (silent, good)),
        )
        for title, configuration, behaviours in situations:
            with self.subTest(title):
                servers = self.serve(configuration, *behaviours)
                self.workspace.plan()
                self.assertTrue({name for name, _, _ in servers[-1].asked} == {NAME})

    def test_a_search_list(self):
        for name, configuration in (("emulator", "search other.test test\n"),
                                    (NAME, "search a.test b.test\noptions ndots:5\n")):
            with self.subTest(name):
                server, = self.serve(FIRST + configuration, good)
                # The certificate has the whole name, and so the short one gets as far as that.
                self.point_at(name)
                result = self.workspace.plan(expect=0 if name == NAME else 1)
                self.assertEqual("certificate" in result.text, name != NAME)
                self.assertEqual(server.asked[-1][0], NAME)

    def test_the_hosts_file_comes_first(self):
        server, = self.serve(FIRST, found("127.0.0.66"), hosts=f"127.0.0.1 other {NAME.upper()}\n")
        self.workspace.plan()
        self.assertEqual(server.asked, [])

    def test_a_server_costs_the_timeout_or_nothing_where_it_refuses(self):
        """Twice, by the two processes of an apply; c-ares takes 5 s for each server."""
        self.workspace.write(self.tenant())
        self.serve("", hosts=f"127.0.0.1 {NAME}\n")
        start = time.monotonic()
        self.workspace.apply()
        alone = time.monotonic() - start
        self.workspace.destroy()
        self.serve(FIRST + SECOND + THIRD + "options timeout:1\n", silent, None, good)
        start = time.monotonic()
        self.workspace.apply()
        self.assertLess(time.monotonic() - start, alone + 8)

    def test_a_stop_does_not_wait_for_a_server(self):
        server, = self.serve(FIRST + "options timeout:30 attempts:5\n", silent)
        process = self.workspace.start("plan", "-no-color")
        wait_for("a question", lambda: server.asked or process.poll() is not None)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        result = self.workspace.finish(process)
        self.assertNotEqual(result.status, 0)
        self.assertLess(time.monotonic() - start, 15)
        self.assertEqual(self.emulator.calls(tokens=True), [])
