# A release directory as those see it who install from it: its archives, their hashes, and the
# kinds of mirrors that are made of it. Shares nothing with the scripts that made it.
# SPDX-License-Identifier: MPL-2.0
import base64
import hashlib
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import zipfile

NAME = "terraform-provider-azurestack"
DIR = os.environ["RELEASE_DIR"]
HOSTS = ("registry.terraform.io", "registry.opentofu.org")
VERSION = next(re.fullmatch(NAME + r"_(.*)_SHA256SUMS", name)[1]
               for name in os.listdir(DIR) if name.endswith("_SHA256SUMS"))
EXECUTABLE = f"{NAME}_v{VERSION}"
PLATFORMS = sorted(re.fullmatch(rf"{NAME}_{VERSION}_(\w+)[.]zip", name)[1]
                   for name in os.listdir(DIR) if name.endswith(".zip"))


def executable(platform):
    return EXECUTABLE + (".exe" if platform.startswith("windows_") else "")


def path(tail):
    return os.path.join(DIR, f"{NAME}_{VERSION}_{tail}")


def archive(platform):
    return path(platform + ".zip")


def read(name):
    with open(name, "rb") as stream:
        return stream.read()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def zh(platform):
    """The hash of an archive's bytes."""
    return "zh:" + sha256(read(archive(platform)))


def h1(platform):
    """The hash of what is in it. Source: Go, golang.org/x/mod/sumdb/dirhash, Hash1"""
    with zipfile.ZipFile(archive(platform)) as files:
        lines = "".join(f"{sha256(files.read(name))}  {name}\n"
                        for name in sorted(files.namelist()))
    return "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()


def packed(directory):
    """A filesystem mirror of zips, for both public registries."""
    for host in HOSTS:
        place = os.path.join(directory, host, "azurestack-csp", "azurestack")
        os.makedirs(place)
        for platform in PLATFORMS:
            shutil.copy(archive(platform), place)
    return directory


def unpack(platform, place):
    """As unzip does it, modes included."""
    os.makedirs(place, exist_ok=True)
    subprocess.run(["unzip", "-q", archive(platform), "-d", place], check=True)
    return place


def unpacked(directory):
    for host in HOSTS:
        for platform in PLATFORMS:
            unpack(platform, os.path.join(directory, host, "azurestack-csp", "azurestack", VERSION,
                                          platform))
    return directory


def network(directory):
    """What a network mirror serves: the zips and the two kinds of JSON."""
    packed(directory)
    for host in HOSTS:
        place = os.path.join(directory, host, "azurestack-csp", "azurestack")
        archives = {platform: {"url": os.path.basename(archive(platform)),
                               "hashes": [h1(platform), zh(platform)]} for platform in PLATFORMS}
        for name, content in (("index", {"versions": {VERSION: {}}}),
                              (VERSION, {"archives": archives})):
            with open(os.path.join(place, name + ".json"), "w", encoding="utf-8") as stream:
                json.dump(content, stream)
    return directory


def registry(directory, key):
    """A registry of its own: discovery, versions, packages; the archives signed by the key."""
    base = os.path.join(directory, "v1", "providers", "azurestack-csp", "azurestack")
    files = {
        os.path.join(directory, ".well-known", "terraform.json"): {"providers.v1": "/v1/providers/"},
        os.path.join(base, "versions"): {"versions": [{
            "version": VERSION, "protocols": json.loads(read(path("manifest.json")))["metadata"][
                "protocol_versions"],
            "platforms": [dict(zip(("os", "arch"), p.split("_"))) for p in PLATFORMS]}]},
    }
    sums = dict(reversed(line.split()) for line in read(path("SHA256SUMS")).decode().splitlines())
    for platform in PLATFORMS:
        system, architecture = platform.split("_")
        name = os.path.basename(archive(platform))
        files[os.path.join(base, VERSION, "download", system, architecture)] = {
            "protocols": ["6.0"], "os": system, "arch": architecture, "filename": name,
            "download_url": f"/files/{name}", "shasum": sums[name],
            "shasums_url": f"/files/{os.path.basename(path('SHA256SUMS'))}",
            "shasums_signature_url": f"/files/{os.path.basename(path('SHA256SUMS.sig'))}",
            "signing_keys": {"gpg_public_keys": [{"key_id": "0", "ascii_armor":
                                                  read(key).decode(), "source": "us"}]}}
    for name, content in files.items():
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "w", encoding="utf-8") as stream:
            json.dump(content, stream)
    shutil.copytree(DIR, os.path.join(directory, "files"))
    return directory


class Server:
    """A directory over HTTPS, with a certificate of an authority of its own (ca, a PEM file)."""

    def __init__(self, directory, scratch):
        self.ca, key = os.path.join(scratch, "mirror-ca.pem"), os.path.join(scratch, "mirror.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=mirror",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                        self.ca], check=True, capture_output=True)
        self.asked = asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=directory)

            def guess_type(self, path):
                return "application/json" if "/files/" not in path and "." not in os.path.basename(
                    path) else super().guess_type(path)

            def log_request(self, code="-", size="-"):
                asked.append((self.path, int(code)))

            def log_message(self, *arguments):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, key)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
