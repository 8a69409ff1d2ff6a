# What stands between the provider and the service in some tests: a proxy (tinyproxy) and an
# HTTP/2 front (nghttpx), both Debian's, and the kinds of proxy that tinyproxy is not. Each has
# its log, and goes when the test is over.
# SPDX-License-Identifier: MPL-2.0
import os
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading

from harness import WAIT_S, wait_for


def free_port():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        return nobody.getsockname()[1]


def is_open(port):
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


class Program:
    """One that listens on a port of 127.0.0.1, in a directory of its own."""

    def __init__(self, name):
        self.path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
        if self.path is None:
            raise AssertionError(f"{name} is not installed; .ci/packages lists what tests need")
        self.dir = tempfile.mkdtemp(prefix=f"{name}-")
        self.port = free_port()
        self.process = None

    def file(self, name, text=None):
        path = os.path.join(self.dir, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        return path

    def start(self, *arguments):
        with open(self.file("output"), "wb") as output:
            self.process = subprocess.Popen([self.path, *arguments], stdin=subprocess.DEVNULL,
                                            stdout=output, stderr=subprocess.STDOUT)
        wait_for(self.path, lambda: is_open(self.port) or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise AssertionError(f"{self.path} ended: {self.read('output')}")

    def read(self, name):
        with open(self.file(name), encoding="utf-8") as stream:
            return stream.read()

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(WAIT_S)
        shutil.rmtree(self.dir)


class Proxy(Program):
    """tinyproxy. `allows`: the only hosts it lets through, as regular expressions."""

    def __init__(self, user=None, password=None, allows=None):
        super().__init__("tinyproxy")
        lines = [f"Port {self.port}", "Listen 127.0.0.1", "Timeout 60", "MaxClients 50",
                 "LogLevel Connect", f'LogFile "{self.file("log")}"']
        if user is not None:
            lines.append(f"BasicAuth {user} {password}")
        if allows is not None:
            lines += [f'Filter "{self.file("filter", "".join(f"{one}{chr(10)}" for one in allows))}"',
                      "FilterDefaultDeny Yes", "FilterExtended Yes"]
        self.start("-d", "-c", self.file("configuration", "\n".join(lines) + "\n"))
        self.url = f"http://127.0.0.1:{self.port}"

    def asked_for(self):
        """The hosts, with ports, to which a tunnel was asked for, in order."""
        return re.findall(r"Request \(file descriptor \d+\): CONNECT (\S+) HTTP", self.read("log"))


class _Tunnel(socketserver.StreamRequestHandler):
    """One connection through a Relay."""

    def handle(self):
        target = self._read_socks() if self.server.scheme == "socks5" else self._read_connect()
        if target is None:
            return
        self.server.asked.append(target)
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port)), WAIT_S) as service:
            self.wfile.write(b"\5\0\0\1\0\0\0\0\0\0" if self.server.scheme == "socks5"
                             else b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self._copy, args=(service, self.connection))
            back.start()
            self._copy(self.connection, service)
            back.join()

    def _read_connect(self):
        line = self.rfile.readline().decode().split()
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        return line[1] if line[:1] == ["CONNECT"] else None

    def _read_socks(self):
        """RFC 1928, and RFC 1929 for the user and the password."""
        methods = self.rfile.read(self.rfile.read(2)[1])
        method = 2 if self.server.pair else 0
        self.wfile.write(bytes([5, method if method in methods else 0xff]))
        if method == 2:
            self.rfile.read(1)
            pair = tuple(self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
            self.wfile.write(bytes([1, pair != self.server.pair]))
            if pair != self.server.pair:
                return None
        kind = self.rfile.read(4)[3]
        if kind == 3:
            host = self.rfile.read(self.rfile.read(1)[0]).decode()
        else:
            host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6,
                                    self.rfile.read(4 if kind == 1 else 16))
        return f"{host}:{int.from_bytes(self.rfile.read(2), 'big')}"

    @staticmethod
    def _copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side has gone


class Relay(socketserver.ThreadingTCPServer):
    """A proxy behind TLS ("https", with the files of a certificate and its key), or one that
    speaks SOCKS ("socks5"). `asked` has the hosts and ports that it was asked for."""
    daemon_threads = True

    def __init__(self, scheme, certificate=None, key=None, pair=None):
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.scheme, self.pair, self.asked, self.context = scheme, pair, [], None
        if scheme == "https":
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        self.port = self.server_address[1]
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def finish_request(self, request, client_address):
        if self.context is not None:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        pass  # the client gave up: what it said is what a test looks at

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Front(Program):
    """nghttpx: HTTP/2 over TLS towards clients, HTTP/1.1 over TLS towards the emulator."""

    def __init__(self, emulator):
        super().__init__("nghttpx")
        self.make_certificate()
        port = emulator.url.rpartition(":")[2]
        self.start("--conf=/dev/null", f"--frontend=127.0.0.1,{self.port}",
                   f"--backend=127.0.0.1,{port};;tls;sni=localhost",
                   f"--cacert={emulator.file('ca.pem')}", "--no-ocsp", "--workers=1",
                   "--no-location-rewrite",
                   f"--accesslog-file={self.file('log')}",
                   "--accesslog-format=$alpn $status $request",
                   f"--errorlog-file={self.file('errors')}",
                   self.file("key.pem"), self.file("certificate.pem"))
        self.url = f"https://localhost:{self.port}"

    def make_certificate(self):
        """Its own authority, ca.pem, and what that signed."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", self.file("key.pem"), "-out", self.file("certificate.pem")],
                       check=True, capture_output=True)

    def requests(self):
        """[protocol, status, "METHOD path HTTP/x"] of each."""
        return [line.split(" ", 2) for line in self.read("log").splitlines()]
