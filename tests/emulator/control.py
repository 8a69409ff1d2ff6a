#!/usr/bin/env python3
# The emulator's control interface, for tests and from a shell:
#
#   control.py DIR mappings                         what is asked for is printed as JSON
#   control.py DIR unmap id=/subscriptions/…        arguments are name=value, read as JSON …
#   control.py DIR switches page_size=2 bom=true    … where they are JSON, else as text
#   control.py DIR faults '[{"match": "PUT#1", "what": "rst"}]'     or the whole body
#
# DIR is the emulator's --dir. README.md beside this file lists the operations.
# SPDX-License-Identifier: MPL-2.0
import http.client
import json
import os
import sys

# Without a body these show; everything else changes something.
SHOWS = ("mappings", "registrations", "switches", "faults", "tokens", "oidc-tokens",
         "assertions", "log", "hubs", "hub-objects")
PATIENCE_S = 60


class Refused(Exception):
    """The emulator did not do what it was asked; the text is its own."""


class Control:
    def __init__(self, directory):
        with open(os.path.join(directory, "control-port"), encoding="utf-8") as stream:
            self.port = int(stream.read())

    def ask(self, operation, body=None):
        """The answer as JSON. Without a body what is there, with one a change."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            method = "GET" if body is None else "POST"
            connection.request(method, f"/_emulator/{operation}",
                               None if body is None else json.dumps(body))
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise Refused(answer["error"])
        return answer


def read_body(operation, arguments):
    """The body that a command line means; None: none."""
    if not arguments:
        return None if operation in SHOWS else {}
    if len(arguments) == 1 and arguments[0][:1] in ("{", "["):
        return json.loads(arguments[0])
    body = {}
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals:
            raise ValueError(f"{argument} is not name=value")
        try:
            body[name] = json.loads(text)
        except ValueError:
            body[name] = text
    return body


def main(arguments):
    if len(arguments) < 2 or arguments[0] in ("-h", "--help"):
        sys.exit("usage: control.py DIR OPERATION [NAME=VALUE … | JSON]")
    directory, operation = arguments[:2]
    try:
        answer = Control(directory).ask(operation, read_body(operation, arguments[2:]))
    except (OSError, ValueError, Refused) as error:
        sys.exit(f"control.py: {operation}: {error}")
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
