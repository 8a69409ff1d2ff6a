# What a service is: one object, declared at the end of its module. A new service is a module and
# a row in services/__init__.py.
# SPDX-License-Identifier: MPL-2.0
import re
from dataclasses import dataclass, field

from .text import percent_decode


@dataclass(frozen=True)
class Listener:
    """Where services are found. Two services with the same listener share its port."""
    name: str
    port_file: str           # in --dir, with the port
    is_tls: bool = True
    option: str = ""         # of the command line: the listener is there only with it
    option_doc: str = ""


MAIN = Listener("main", "port")


@dataclass
class Route:
    method: str              # "*": all of them
    template: str            # /a/{name}/b; a name is one segment, percent-decoded
    kind: str                # of request, for faults and latency
    handler: object          # (exchange)
    versions: tuple = ()     # the api-versions that are known


@dataclass
class Operation:
    """Of the control interface."""
    method: str
    name: str
    run: object              # (body): what is answered; Invalid
    doc: str                 # for POST beginning with what the body holds


class Place:
    """A template with its routes."""

    def __init__(self, template, ignores_case):
        self.template, self.routes = template, {}
        parts = re.split(r"\{(\w+)\}", template)
        self.names, self.words = parts[1::2], "".join(parts[::2])
        pattern = "([^/]+)".join(re.escape(part) for part in parts[::2])
        self.match = re.compile(pattern, re.I if ignores_case else 0).fullmatch

    def read(self, path):
        """({name: value}, are the fixed words as in the template?), or None: another place."""
        found = self.match(path)
        if not found:
            return None
        try:
            values = [percent_decode(value) for value in found.groups()]
        except ValueError:
            return None
        if any("/" in value for value in values):
            return None
        at, words = 0, ""
        for index in range(1, len(values) + 1):
            words += path[at:found.start(index)]
            at = found.end(index)
        return dict(zip(self.names, values)), words + path[at:] == self.words


@dataclass
class Service:
    name: str
    routes: list = field(default_factory=list)
    answer: object = None         # (exchange): all of the way to the answer; None: the handler
    listener: Listener = MAIN
    host: str = ""                # the first label of its host's name; "": any other name
    other_kind: str = ""          # it answers what no route of its host matches, as this kind
    ignores_case: bool = False    # its paths' fixed words match in any case: see is_exact
    headers: object = None        # (exchange): adds what every answer of it has
    show_body: object = None      # (exchange): the request's body for the log, secrets out
    secret_headers: dict = field(default_factory=dict)   # name in lower case -> (value): as shown
    switches: list = field(default_factory=list)
    faults: list = field(default_factory=list)           # that only this service can make
    entries: list = field(default_factory=list)          # lists of the configuration: entries.py
    operations: list = field(default_factory=list)

    def __post_init__(self):
        places = {}
        for route in self.routes:
            if route.template not in places:
                places[route.template] = Place(route.template, self.ignores_case)
            places[route.template].routes[route.method] = route
        self.places = list(places.values())

    def kinds(self):
        found = [route.kind for route in self.routes] + [self.other_kind]
        return [kind for kind in dict.fromkeys(found) if kind]

    def claim(self, x):
        """Is it this service's request? Then the exchange knows its route."""
        for place in self.places:
            found = place.read(x.path)
            if found:
                x.names, x.is_exact = found
                x.service, x.place = self, place
                x.route = place.routes.get(x.method) or place.routes.get("*")
                x.kind = x.route.kind if x.route else self.other_kind
                return True
        return False


def find(services, listener, x):
    """Whose request it is; one service of each listener and host answers what no other does."""
    own = [service for service in services if service.listener is listener]
    label = (x.header("host") or "").split(".")[0].lower()
    host = label if any(service.host == label for service in own) else ""
    own = [service for service in own if service.host == host]
    if not any(service.claim(x) for service in own):
        x.service = next(service for service in own if service.other_kind)
        x.kind = x.service.other_kind
