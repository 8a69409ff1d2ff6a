# The control interface and the configuration. Operations are those below, those of the services, and one
# for each list of the configuration.
# SPDX-License-Identifier: MPL-2.0
import copy
import json

from . import faults, log, server, state, switches
from .service import Operation
from .text import Invalid, is_number, read_json, show

PREFIX = "/_emulator/"
SECRETS = ("client_secret", "request_token", "header")

operations = {}      # (method, name) -> Operation
entries = []         # the lists of the configuration
_initial = {}        # the configuration as given


def configure(config):
    """Takes over a configuration; Invalid."""
    global _initial
    if not isinstance(config, dict):
        raise Invalid("it is not an object")
    _initial = copy.deepcopy(config)
    known = {"switches", "faults", *switches.rows, *(listed.name for listed in entries)}
    for name in config:
        if name not in known:
            raise Invalid(f"the configuration has no member {name}")
    state.reset()
    switches.reset()
    if not isinstance(config.get("switches", {}), dict):
        raise Invalid("switches is an object")
    for name, value in [*config.items(), *config.get("switches", {}).items()]:
        if name in switches.rows or name not in known:
            switches.put(name, value)
    faults.put(config.get("faults", []))
    for listed in entries:
        listed.reset(config.get(listed.name))


def reset(body):
    was_spoiled = not switches.is_("tls", "ok")
    configure(_initial)
    if was_spoiled:
        server.disconnect()


def refuse(body):
    if not is_number(body.get("ms")):
        raise Invalid("refuse needs ms")
    server.refuse(body["ms"])


OPERATIONS = [
    Operation("GET", "switches", lambda body: switches.describe(),
              "the switches, their values and what they mean"),
    Operation("GET", "faults", lambda body: faults.dump(),
              "the fault script, and how many requests of each kind came"),
    Operation("GET", "log", lambda body: {"n": log.requests.number},
              "the number of the log's last line"),
    Operation("POST", "switches", switches.put_all, "{name: value, …}"),
    Operation("POST", "faults", faults.put, "[rule, …]: the whole script, counting from the start"),
    Operation("POST", "reset", reset, "back to the configuration; tokens are forgotten"),
    Operation("POST", "disconnect", lambda body: server.disconnect(), "resets all connections"),
    Operation("POST", "refuse", refuse, "{ms}: for so long no listener"),
]


def declare(services):
    rows = list(OPERATIONS)
    for service in services:
        rows += service.operations
        for listed in service.entries:
            entries.append(listed)
            if listed.operation:
                rows.append(Operation("POST", listed.operation, listed.set,
                                      f"{{{', '.join(listed.members)}}}: {listed.doc}"))
    operations.update(((row.method, row.name), row) for row in rows)


def need(body, *names):
    """These members, which have to be texts; Invalid."""
    for name in names:
        if not isinstance(body, dict) or not isinstance(body.get(name), str):
            raise Invalid(f"{name} is missing, or no string")
    return [body[name] for name in names]


def receive(connection, method, target, headers, data):
    try:
        try:
            body = read_json(data) if data else {}
        except ValueError as error:
            raise Invalid(f"the body is not JSON: {error}") from None
        if method == "POST":
            # Before its effects, as with REQUEST. Looking on is nothing to be logged.
            shown = {**body, **{name: "<secret>" for name in SECRETS if name in body}} if (
                isinstance(body, dict)) else body
            log.requests.event("CONTROL", what=target, body=shown if data else None)
        row = operations.get((method, target.removeprefix(PREFIX)))
        if row is None or not target.startswith(PREFIX):
            raise Invalid(f"there is no operation {show(target.encode())} with this method")
        status, result = 200, row.run(body)
    except Invalid as error:
        status, result = 400, {"error": str(error)}
    text = json.dumps({} if result is None else result, indent=2) + "\n"
    connection.send(status, {}, text.encode(), "application/json")


def manual():
    for row in operations.values():
        yield f"  {row.method} {PREFIX}{row.name}"
        yield f"    {row.doc}"
