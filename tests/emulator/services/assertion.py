# Client assertions: signature with the registered certificate, thumbprint, audience, issuer and
# subject, times, and that none is used twice.
# Source: entra-docs certificate-credentials.md; RFC 7523, 3; RFC 7515, 2 and 3.1
# SPDX-License-Identifier: MPL-2.0
import base64
import datetime
import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from engine.state import State
from engine.text import is_guid, is_number, read_json

LIFE_MOST_S = 600
CLAIMS = {"aud", "iss", "sub", "jti", "nbf", "iat", "exp"}

_used = State(ids=set)


class Bad(Exception):
    """`number` is AADSTS's, `facts` are what its message needs."""

    def __init__(self, number, **facts):
        super().__init__(number)
        self.number, self.facts = number, facts


@dataclass(frozen=True)
class Form:
    """What of a signature differs: AD FS knows what Entra no longer wants."""
    algorithm: str
    thumbprint: str      # the member of the header that names the certificate
    digest: type         # of the thumbprint
    make_padding: object


ENTRA = Form("PS256", "x5t#S256", hashes.SHA256,
             lambda: padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size))
ADFS = Form("RS256", "x5t", hashes.SHA1, padding.PKCS1v15)


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text):
    """ValueError: it is not base64url without padding."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text) or len(text) % 4 == 1:
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_object(text):
    value = read_json(decode(text))
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def is_certificate(pem):
    try:
        return bool(x509.load_pem_x509_certificate(pem.encode()))
    except ValueError:
        return False


def is_over(certificate):
    # Newer versions of the library have the time with its zone, and only that.
    end = getattr(certificate, "not_valid_after_utc", None) or (
        certificate.not_valid_after.replace(tzinfo=datetime.timezone.utc))
    return end < datetime.datetime.now(datetime.timezone.utc)


class Jwt:
    def __init__(self, text, form=ENTRA):
        """ValueError: it is none."""
        self.form = form
        first, second, signature = text.split(".")
        self.signed = f"{first}.{second}".encode()
        self.header, self.claims = read_object(first), read_object(second)
        self.signature = decode(signature)

    def claim(self, name):
        value = self.claims.get(name)
        return value if isinstance(value, str) else ""

    def is_own(self, application):
        """Did the application sign it itself? Else it is another issuer's token."""
        return self.form.thumbprint in self.header or (
            self.claim("iss").lower() == application["client_id"].lower())

    def check(self, application, endpoint, now_s):
        self.check_form()
        self.check_signature(application)
        client = application["client_id"].lower()
        if not self.claim("iss").lower() == self.claim("sub").lower() == client:
            raise Bad(700021)
        if self.claim("aud") != endpoint:
            raise Bad(700023)
        self.check_times(now_s)
        # Which number Entra has for a repetition is not known; this one says that the JWT is at
        # fault.
        if not is_guid(self.claim("jti")) or self.claim("jti") in _used.ids:
            raise Bad(50027, why="its 'jti' is no GUID, or was used before")
        _used.ids.add(self.claim("jti"))

    def check_form(self):
        form = self.form
        if self.header.get("alg") != form.algorithm:
            raise Bad(50027, why=f"'alg' is not {form.algorithm}")
        if self.header.get("typ") != "JWT":
            raise Bad(50027, why="'typ' is not JWT")
        if not set(self.header) <= {"alg", "typ", form.thumbprint}:
            raise Bad(50027, why=f"its header holds more than alg, typ and {form.thumbprint}")
        if not set(self.claims) <= CLAIMS:
            raise Bad(50027, why="it claims more than aud, iss, sub, jti, nbf, iat and exp")

    def check_signature(self, application):
        thumbprint = self.header.get(self.form.thumbprint)
        known = (x509.load_pem_x509_certificate(pem.encode())
                 for pem in application.get("certificates", []))
        certificate = next((one for one in known
                            if encode(one.fingerprint(self.form.digest())) == thumbprint), None)
        reason = "The key was not found." if certificate is None else (
            "The key used is expired." if is_over(certificate) else None)
        if reason:
            raise Bad(700027, why="The certificate with identifier used to sign the client "
                      f"assertion is not registered on application. [Reason - {reason}, "
                      f"Thumbprint of key used by client: '{thumbprint}']")
        try:
            certificate.public_key().verify(
                self.signature, self.signed, self.form.make_padding(), hashes.SHA256())
        except InvalidSignature:
            raise Bad(700027, why="Client assertion failed signature validation.") from None

    def check_times(self, now_s):
        begin, issued, end = (self.claims.get(name) for name in ("nbf", "iat", "exp"))
        if not (all(is_number(time) for time in (begin, issued, end)) and begin <= now_s
                and issued <= now_s < end and end - begin <= LIFE_MOST_S):
            raise Bad(700024, times=f"Current time: {now_s}, assertion valid from {begin}, expiry "
                      f"time of assertion {end}.")
