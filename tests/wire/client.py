# A host as the provider meets it: it starts the process, reads the handshake, and speaks gRPC
# over mutual TLS. Messages come from proto/*.proto, values from the schema that the provider
# declares: a new argument there is no edit here.
# SPDX-License-Identifier: MPL-2.0
import base64
import datetime
import faulthandler
import ipaddress
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.parse

os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # half the tests are about refusals
import grpc  # noqa: E402  (reads that variable)
import msgpack  # noqa: E402
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # noqa: E402

PROVIDER = os.environ["PROVIDER_BINARY"]
# Under wine, as tests/windows/run prepares it; then the place is a port of this machine.
IS_WINDOWS = PROVIDER.endswith(".exe")
# Sanitizers report fatal signals themselves, and need much address space.
IS_SANITIZED = os.environ.get("SANITIZED", "") != ""
WAIT_S = 60  # nothing here takes so long; a sanitizer on a loaded machine takes some of it

# What every host sets. It is public; it keeps people from starting a plugin by hand.
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
INHERITED = ("PATH", "HOME", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
             "TSAN_OPTIONS", "WINEPREFIX", "WINEDEBUG")
SHUTDOWN, HEALTH = "/plugin.GRPCController/Shutdown", "/grpc.health.v1.Health/Check"
STDIO, BROKER = "/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream"

RESOURCE = "azurestack_customer_subscription"
SUBSCRIPTION_ID = "aaaaaaaa-0000-4000-8000-000000000001"
REGISTRATION_ID = (f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/azurestack"
                   "/providers/Microsoft.AzureStack/registrations/berlin")
CUSTOMER_ID = "aaaaaaaa-0000-4000-8000-000000000002"
MAPPING_ID = f"{REGISTRATION_ID}/customerSubscriptions/{CUSTOMER_ID}"
TENANT_ID = "bbbbbbbb-0000-4000-8000-000000000002"  # of CUSTOMER_ID

OK, UNAVAILABLE = grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE
INVALID, CANCELLED = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.CANCELLED
UNIMPLEMENTED, DEADLINE = grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.DEADLINE_EXCEEDED
EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED

# gRPC ends with its last channel, which takes up to ten seconds: there is always one.
_kept = grpc.insecure_channel("unix:/nowhere")


# --- messages and values -----------------------------------------------------------------------

_pool = descriptor_pool.DescriptorPool()
with open(os.environ["PROTO_DESCRIPTORS"], "rb") as _stream:
    for _file in descriptor_pb2.FileDescriptorSet.FromString(_stream.read()).file:
        _pool.AddSerializedFile(_file.SerializeToString())
_factory = message_factory.MessageFactory(_pool)

UNKNOWN = msgpack.ExtType(0, b"\0")


def message(name):
    """The class of a message, "package.Name"."""
    return _factory.GetPrototype(_pool.FindMessageTypeByName(name))


def pack(rpc, **fields):
    """A request of this rpc as bytes."""
    return message(f"tfplugin6.{rpc}.Request")(**fields).SerializeToString()


def dynamic(value):
    return {"msgpack": msgpack.packb(value)}


def value_of(dynamic_value):
    return msgpack.unpackb(dynamic_value.msgpack)


def fill(block, **fields):
    """An object of a block or a nested attribute: null where no field says otherwise."""
    names = [row.name for row in block.attributes]
    names += [row.type_name for row in getattr(block, "block_types", ())]
    assert set(fields) <= set(names), (fields, names)
    return {name: fields.get(name) for name in names}


def identity_of(customer_id):
    return {"registration_subscription_id": SUBSCRIPTION_ID, "resource_group_name": "azurestack",
            "registration_name": "berlin", "customer_subscription_id": customer_id}


def steps_of(diagnostic):
    """The path of the attribute at fault, as names."""
    return [step.attribute_name for step in diagnostic.attribute.steps]


# --- who connects ------------------------------------------------------------------------------

class Identity:
    """A key and a certificate as go-plugin makes them (mtls.go): P-521, signed by itself, for
    localhost. `begin`, `end`: seconds from now."""

    def __init__(self, name="localhost", begin=-30, end=30 * 365 * 86400, key=None, address=None):
        own = key or ec.generate_private_key(ec.SECP521R1())
        now = datetime.datetime.utcnow()
        subject = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "HashiCorp"),
                             x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        usages = dict.fromkeys(("content_commitment", "data_encipherment", "crl_sign",
                                "encipher_only", "decipher_only"), False)
        usages.update(dict.fromkeys(("digital_signature", "key_encipherment", "key_agreement",
                                     "key_cert_sign"), True))
        names = [x509.DNSName("localhost")]
        names += [x509.IPAddress(ipaddress.ip_address(address))] if address else []
        certificate = x509.CertificateBuilder(
            subject, subject, own.public_key(), x509.random_serial_number(),
            now + datetime.timedelta(seconds=begin), now + datetime.timedelta(seconds=end)
        ).add_extension(x509.BasicConstraints(True, None), True).add_extension(
            x509.KeyUsage(**usages), True).add_extension(
            x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH,
                                   x509.ExtendedKeyUsageOID.SERVER_AUTH]), False).add_extension(
            x509.SubjectAlternativeName(names), False).sign(own, hashes.SHA512())
        self.private = own
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM)
        self.key = own.private_bytes(serialization.Encoding.PEM,
                                     serialization.PrivateFormat.PKCS8,
                                     serialization.NoEncryption())

    def forge(self):
        """What a liar presents: this certificate, which is no secret, and a key that has its
        public half and another private one."""
        def number(key):
            return key.private_numbers().private_value.to_bytes(66, "big")
        der = self.private.private_bytes(serialization.Encoding.DER,
                                         serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption())
        other = ec.generate_private_key(ec.SECP521R1())
        assert der.count(number(self.private)) == 1
        liar = Identity()
        liar.certificate = self.certificate
        liar.key = (b"-----BEGIN PRIVATE KEY-----\n"
                    + base64.encodebytes(der.replace(number(self.private), number(other)))
                    + b"-----END PRIVATE KEY-----\n")
        return liar


# --- the process -------------------------------------------------------------------------------

class Provider:
    """The provider as a process. `line` is the first on its standard output, `fields` its parts.
    `under`: a process in between starts it, `host`, which can be killed."""

    def __init__(self, identity=None, option=None, cookie=True, temporary=None, umask=-1,
                 under=False, certificate=None, **variables):
        self.folder = tempfile.mkdtemp(prefix="wire-")
        self.temporary = temporary or os.path.join(self.folder, "tmp")
        os.makedirs(self.temporary, exist_ok=True)
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment.update({"PLUGIN_PROTOCOL_VERSIONS": "6,5", "PLUGIN_MIN_PORT": "10000",
                            "PLUGIN_MAX_PORT": "25000", "TMPDIR": self.temporary})
        if cookie:
            environment["TF_PLUGIN_MAGIC_COOKIE"] = COOKIE
        certificate = identity.certificate.decode() if identity else certificate
        if certificate:
            environment["PLUGIN_CLIENT_CERT"] = certificate
        environment.update(variables)
        command = ["wine"] * IS_WINDOWS + [PROVIDER] + ([option] if option else [])
        if under:
            note = os.path.join(self.folder, "pid")
            command = ["sh", "-c", 'trap "" HUP; "$@" & echo $! >"$0"; wait', note] + command
        with open(os.path.join(self.folder, "errors"), "ab") as errors:
            self.child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=errors, umask=umask)
        self.pid, self.end = self.child.pid, None
        self.line = self.child.stdout.readline().decode().rstrip("\n")
        self.fields = self.line.split("|")
        self.socket = self.fields[3] if len(self.fields) > 3 else None
        if under:
            wait_for("its number", lambda: os.path.getsize(note) > 0)
            with open(note, encoding="ascii") as stream:
                self.pid = int(stream.read())

    def wait(self, limit_s=WAIT_S):
        """How it ended: (os.CLD_EXITED, status) or (os.CLD_KILLED, signal). None: it runs."""
        if self.end is None:
            handle = os.pidfd_open(self.pid)
            if select.select([handle], [], [], limit_s)[0]:
                found = os.waitid(os.P_PID, self.pid, os.WEXITED)
                self.end = found.si_code, found.si_status
                if self.pid == self.child.pid:
                    self.child.returncode = found.si_status
            os.close(handle)
        return self.end

    def output(self):
        """What it writes on standard output after its first line, to the end."""
        return self.child.stdout.read().decode()

    def errors(self):
        with open(os.path.join(self.folder, "errors"), encoding="utf-8") as stream:
            return stream.read()

    def holds(self, text):
        """Its memory has these bytes."""
        with open(f"/proc/{self.pid}/maps", encoding="utf-8") as places, \
                open(f"/proc/{self.pid}/mem", "rb", 0) as memory:
            for place in places:
                start, end = (int(part, 16) for part in place.split()[0].split("-"))
                if " rw" in place and end - start < 1 << 32:
                    memory.seek(start)
                    if text in memory.read(end - start):
                        return True
        return False

    def knock(self):
        """A raw connection."""
        if IS_WINDOWS:
            return socket.create_connection(self.socket.split(":"))
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.socket)
        return connection

    def leftovers(self):
        """What is in its folder for temporary files, but for wine's own."""
        return [name for name in os.listdir(self.temporary) if not name.startswith("wine-")]

    def kill(self):
        if self.end is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        self.child.poll()
        self.child.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def certificate_of(provider):
    """The one of the handshake, DER. The host reads it without padding, and so it has to be."""
    field = provider.fields[5]
    assert "=" not in field, field
    return base64.b64decode(field + "=" * (-len(field) % 4), validate=True)


def wait_for(what, condition):
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, f"waited {WAIT_S} s for {what}"
        time.sleep(0.005)


# --- the connection ----------------------------------------------------------------------------

class Channel:
    """gRPC on a connection of its own. Without an identity no certificate is shown; where the
    handshake has none either, there is no TLS."""

    def __init__(self, provider, identity=None, plain=False):
        options = [("grpc.ssl_target_name_override", "localhost"),
                   ("grpc.max_receive_message_length", -1),
                   # Or what is not read is held by the megabyte.
                   ("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 16 * 1024),
                   # Or a later channel shares the connection, and the identity, of an earlier.
                   ("grpc.use_local_subchannel_pool", 1)]
        target = provider.socket if IS_WINDOWS else "unix:" + urllib.parse.quote(provider.socket)
        if plain or len(provider.fields) < 6 or not provider.fields[5]:
            self.grpc = grpc.insecure_channel(target, options)
            return
        root = ssl.DER_cert_to_PEM_cert(certificate_of(provider)).encode()
        pair = (identity.key, identity.certificate) if identity else (None, None)
        self.grpc = grpc.secure_channel(target, grpc.ssl_channel_credentials(root, *pair), options)

    @staticmethod
    def _path(rpc):
        return rpc if rpc.startswith("/") else f"/tfplugin6.Provider/{rpc}"

    def begin(self, rpc, request=b"", timeout=None, **options):
        return self.grpc.unary_unary(self._path(rpc)).future(request, timeout=timeout, **options)

    def begin_empty(self, rpc):
        """Closed by the client before any message."""
        return self.grpc.stream_unary(self._path(rpc)).future(iter(()))

    def stream(self, rpc, request=b""):
        return self.grpc.unary_stream(self._path(rpc))(request)

    def code(self, rpc, request=b""):
        return self.begin(rpc, request).code()

    def ask(self, rpc, **fields):
        """The answer to a request that has to end well."""
        call = self.begin(rpc, pack(rpc, **fields))
        assert call.code() == OK, (rpc, call.code(), call.details())
        return message(f"tfplugin6.{rpc}.Response").FromString(call.result())

    def schema(self):
        return self.ask("GetProviderSchema")

    def resource_block(self):
        return self.schema().resource_schemas[RESOURCE].block

    def configure(self, url, **fields):
        """The environment `custom` with Entra and Azure at this URL, and credentials."""
        block = self.schema().provider.block
        nested = next(row for row in block.attributes if row.name == "endpoint").nested_type
        endpoint = fill(nested, active_directory_authority_host=url, resource_manager_endpoint=url)
        config = fill(block, **{"tenant_id": "aaaaaaaa-0000-4000-8000-000000000003",
                                "client_id": "aaaaaaaa-0000-4000-8000-000000000004",
                                "client_secret": "not-a-secret", "environment": "custom",
                                "endpoint": [endpoint], **fields})
        return self.ask("ConfigureProvider", terraform_version="1.11.4", config=dynamic(config))

    def plan_create(self):
        """The request that applies a create, which the provider itself planned. To be done
        before Configure: later a plan asks the service what it can."""
        block, asked = self.resource_block(), {"registration_id": REGISTRATION_ID,
                                               "customer_subscription_id": CUSTOMER_ID}
        same = {"type_name": RESOURCE, "prior_state": dynamic(None),
                "config": dynamic(fill(block, **asked))}
        plan = self.ask("PlanResourceChange", **same, proposed_new_state=dynamic(
            fill(block, **asked, tenant_id=UNKNOWN, id=UNKNOWN)))
        assert not plan.diagnostics, plan.diagnostics
        return pack("ApplyResourceChange", **same, planned_state=plan.planned_state,
                    planned_private=plan.planned_private)

    def close(self):
        self.grpc.close()


def check_served(provider, identity=None):
    """The rightful peer asks for the schema and gets it."""
    channel = Channel(provider, identity)
    code = channel.code("GetProviderSchema")
    channel.close()
    assert code == OK, f"the rightful peer is refused: {code}"


def shut_down(provider, identity=None):
    """Shutdown, and status 0; in a sanitizer build that says: no leak either."""
    channel = Channel(provider, identity)
    # A host says it on a connection in use. On a new one gRPC's client has its acknowledgement
    # of the settings still to write; if the process is gone by then, the answer is dropped.
    channel.code(HEALTH)
    code = channel.code(SHUTDOWN)
    channel.close()
    assert code == OK, f"Shutdown: {code}"
    assert provider.wait() == (os.CLD_EXITED, 0), (provider.end, provider.errors())


# --- what most tests begin with ----------------------------------------------------------------

class Silence:
    """An Azure on loopback that accepts connections and says nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        self.variables = {}

    def accept(self, limit_s=WAIT_S):
        """A connection; None: no client came."""
        self.listener.settimeout(limit_s)
        try:
            return self.listener.accept()[0]
        except (TimeoutError, BlockingIOError):
            return None

    def close(self):
        self.listener.close()


def is_closed_by_peer(connection, limit_s):
    """Whatever it sent before."""
    connection.settimeout(limit_s)
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        pass
    return True


class Scene:
    """A provider with its rightful host connected, and an Azure: a silent one if none is given.
    With an Azure that answers it is configured too. It has to end well, with nothing left."""

    def __init__(self, azure=None, **start):
        self.azure = azure or Silence()
        self.identity = Identity()
        self.provider = Provider(self.identity, **{**self.azure.variables, **start})
        self.channel = Channel(self.provider, self.identity)
        self.apply, self.connections = None, []
        if azure:
            answer = self.channel.configure(azure.url)
            assert not answer.diagnostics, answer.diagnostics

    def reconnect(self):
        self.channel.close()
        self.channel = Channel(self.provider, self.identity)

    def configure(self, **fields):
        """With a create planned before."""
        self.apply = self.channel.plan_create()
        answer = self.channel.configure(self.azure.url, **fields)
        assert not answer.diagnostics, answer.diagnostics

    def begin_applies(self, count):
        """As many creates, and the first of them is seen to ask Azure."""
        calls = [self.channel.begin("ApplyResourceChange", self.apply) for _ in range(count)]
        connection = self.azure.accept()
        assert connection and not calls[0].done()
        self.connections.append(connection)
        return calls

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.channel.close()
        try:
            if kind is None:
                if self.provider.end is None:
                    shut_down(self.provider, self.identity)
                assert self.provider.leftovers() == []
        finally:
            self.provider.kill()
            for connection in self.connections:
                connection.close()
            if isinstance(self.azure, Silence):
                self.azure.close()


# For what is not so on Windows: sockets in folders, their permissions, signals.
posix_only = unittest.skipIf(IS_WINDOWS, "not so on Windows")


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        faulthandler.dump_traceback_later(2 * WAIT_S, exit=True)
        self.addCleanup(faulthandler.cancel_dump_traceback_later)

    def start(self, *arguments, **options):
        provider = Provider(*arguments, **options)
        self.addCleanup(provider.kill)
        return provider

    def folder(self):
        path = tempfile.mkdtemp(prefix="wire-")
        self.addCleanup(shutil.rmtree, path, ignore_errors=True)
        return path

    def check_error(self, diagnostics, text="", summary=None, path=None):
        """The only diagnostic: an error."""
        self.assertEqual([one.severity for one in diagnostics], [1], diagnostics)
        self.assertIn(text, diagnostics[0].detail)
        if summary is not None:
            self.assertEqual(diagnostics[0].summary, summary)
        if path is not None:
            self.assertEqual(steps_of(diagnostics[0]), path)

    def check_alive(self, scene):
        self.assertEqual(scene.channel.code("GetProviderSchema"), OK)

    def check_stopped(self, call):
        """An apply's good answer with an error. Nothing was sent, so nothing exists."""
        self.assertEqual(call.code(), OK)
        answer = message("tfplugin6.ApplyResourceChange.Response").FromString(call.result())
        self.check_error(answer.diagnostics)
        if answer.HasField("new_state"):
            self.assertIsNone(value_of(answer.new_state))
        return answer
