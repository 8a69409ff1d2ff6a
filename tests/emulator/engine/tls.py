# TLS: a certificate authority of our own, made at start, and the ways in which a server's
# certificate or handshake can be wrong.
# SPDX-License-Identifier: MPL-2.0
import datetime
import ipaddress
import os
import ssl
import tempfile
import warnings

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from . import switches

NAMES = ("localhost", "emulator.test", "127.0.0.1", "::1")
HOUR, DAY = 3600, 86400
# One row per value of the switch: who signs, from when, until when (seconds from now), for which name.
OURS, STRANGER, ITSELF = "our CA", "a stranger's CA", "itself"
# Names below it are hubs': each gets a certificate of its own.
HUBS = ".localhost"
ENTERPRISE = "an enterprise's CA"
MODES = {
    "ok": (OURS, -HOUR, DAY, NAMES),
    "expired": (OURS, -DAY, -HOUR, NAMES),
    "not_yet_valid": (OURS, HOUR, DAY, NAMES),
    "wrong_name": (OURS, -HOUR, DAY, ("elsewhere.invalid", "192.0.2.1")),
    "self_signed": (ITSELF, -HOUR, DAY, NAMES),
    "unknown_ca": (STRANGER, -HOUR, DAY, NAMES),
    "tls11": (OURS, -HOUR, DAY, NAMES),
}

_authorities, _contexts = {}, {}


def alternative(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def certify(common_name, issuer, begin_s, end_s, names=()):
    """(certificate, key). `issuer` is the same of who signs, None: itself; no names: a CA."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    signer, signing_key = issuer or (None, key)
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
        .issuer_name(signer.subject if signer else subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(seconds=begin_s))
        .not_valid_after(now + datetime.timedelta(seconds=end_s))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
            signing_key.public_key()), False)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), True)
        .add_extension(x509.KeyUsage(
            digital_signature=bool(names), key_cert_sign=not names, crl_sign=not names,
            content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, encipher_only=False, decipher_only=False), True))
    if names:
        builder = (
            builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(x509.SubjectAlternativeName([alternative(n) for n in names]), False))
    return builder.sign(signing_key, hashes.SHA256()), key


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def authority(name):
    if name not in _authorities:
        _authorities[name] = certify(f"azurestack-emulator: {name}", None, -2 * DAY, 30 * DAY)
    return _authorities[name]


def start(directory):
    for name, signer in (("ca.pem", OURS), ("hub-ca.pem", ENTERPRISE)):
        with open(os.path.join(directory, name), "wb") as stream:
            stream.write(pem(authority(signer)[0]))


def issuing():
    """The enterprise's own issuer, between its root and a hub: the hub sends it along."""
    if "issuing" not in _authorities:
        _authorities["issuing"] = certify("azurestack-emulator: an enterprise's issuing CA",
                                          authority(ENTERPRISE), -2 * DAY, 30 * DAY)
    return _authorities["issuing"]


def context(mode, hub="", is_enterprise=False):
    """For a mode that speaks TLS, and a hub's name; made once."""
    key = (mode, hub, is_enterprise)
    if key not in _contexts:
        _contexts[key] = make_context(*key)
    return _contexts[key]


def choose_by_name(mode):
    def choose(sock, name, _):
        if name and name.lower().endswith(HUBS):
            sock.context = context(mode, name.lower(), switches.is_("hub_ca", "enterprise"))
    return choose


def make_context(mode, hub, is_enterprise):
    signer, begin_s, end_s, names = MODES[mode]
    issuer = None if signer is ITSELF else authority(signer)
    if hub and names is NAMES:
        names = (hub,)
    if is_enterprise and signer is OURS:
        issuer = issuing()
    certificate, key = certify("localhost", issuer, begin_s, end_s, names)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if mode == "tls11":
        # OpenSSL 3 signs with SHA-1, which TLS 1.1 needs, on level 0 only.
        made.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_1
    if not hub:
        made.sni_callback = choose_by_name(mode)
    # Python's ssl takes a key from a file only.
    with tempfile.NamedTemporaryFile() as stream:
        chain = pem(certificate) + (pem(issuing()[0]) if is_enterprise else b"")
        stream.write(chain + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        stream.flush()
        made.load_cert_chain(stream.name)
    return made
