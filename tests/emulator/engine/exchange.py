# One request on its way to its answer: reading the one, composing the other.
# SPDX-License-Identifier: MPL-2.0
from . import log
from .text import parse_form, show, write_json

BODY_SHOWN = 65536


class Answered(Exception):
    """The answer is complete: no further check runs."""


class Exchange:
    def __init__(self, connection, method, target, headers, body):
        self.connection, self.method, self.target, self.body = connection, method, target, body
        self.headers = headers         # [(name, value)] as received
        self._found = {name.lower(): value for name, value in headers}
        self.path, _, query = target.partition("?")
        self.query, self.query_fault = None, None
        try:
            self.query = parse_form(query, ignore_case=True)
        except ValueError as error:
            self.query_fault = str(error)
        self.number = 0                # n of its REQUEST line
        self.service = self.route = self.place = self.fault = None
        self.kind = ""
        self.names = {}                # what the path's {names} are
        self.is_exact = True           # the path's fixed words are spelled as in the template
        self.busy_key = None           # what it keeps busy until it is answered
        # The answer.
        self.status = 0
        self.body_out = None           # as JSON; None: see text_out
        self.text_out = self.text_type = None
        self.shown = None              # what the log shows instead: no token's text
        self.answer_headers = {}
        self.has_bom = False

    def header(self, name):
        """The value of a request header, its name in lower case; None: there is none."""
        return self._found.get(name)

    def q(self, name):
        """The value of a query parameter, its name in lower case; None: there is none."""
        return self.query.get(name) if self.query else None

    @property
    def origin(self):
        """https://host:port as the client called it."""
        return f"https://{self.header('host') or 'localhost'}"

    # --- the answer; each returns what to raise, for those who look no further ----------------

    def json(self, status, body=None):
        self.status, self.body_out = status, body
        return Answered

    def text(self, status, text, kind):
        self.status, self.text_out, self.text_type = status, text, kind
        self.body_out = self.shown = None
        return Answered

    def error(self, status, code, message):
        """ARM's error envelope."""
        return self.json(status, {"error": {"code": code, "message": message}})

    def rejected(self, reason):
        """The request is itself wrong: a REJECTED line."""
        log.requests.event("REJECTED", request=self.number, method=self.method,
                           path=self.target, reason=reason)

    def reject(self, status, code, message):
        self.rejected(f"{code}: {message}")
        return self.error(status, code, message)

    @property
    def body_text(self):
        return show(self.body)

    @property
    def content_type(self):
        """None: the answer has no body."""
        return "application/json; charset=utf-8" if self.body_out is not None else self.text_type

    def bytes_out(self):
        """The body of the answer; None: there is none."""
        text = write_json(self.body_out) if self.body_out is not None else self.text_out
        if text is None:
            return None
        return (b"\xef\xbb\xbf" if self.has_bom else b"") + text.encode(errors="replace")

    def log_answer(self):
        body = self.bytes_out() if self.shown is None else write_json(self.shown).encode()
        log.requests.event("ANSWER", request=self.number, status=self.status,
                           headers=self.answer_headers or None,
                           body=None if body is None else body[:BODY_SHOWN].decode(
                               errors="replace"))
