# What stands between the provider and the service in some tests: a proxy (tinyproxy) and an
# HTTP/2 front (nghttpx), both Debian's. Each has its log, and goes when the test is over.
# SPDX-License-Identifier: MPL-2.0
import os
import re
import shutil
import socket
import subprocess
import tempfile

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
