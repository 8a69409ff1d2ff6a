"""First inputs of the fuzz targets, from what the tree has already: cases, exchanges, examples and
the texts of unit tests. The dictionary is the product's own texts."""
import glob
import hashlib
import json
import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HUB = ("/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack"
       "/providers/Microsoft.AzureStack/registrations/hub1")
# Of managed identities: each kind of service.
VARIABLES = ("", "MSI_ENDPOINT=http://localhost:1/x\nMSI_SECRET=x\n",
             "IDENTITY_ENDPOINT=https://msi.test/x\nIDENTITY_HEADER=x\n"
             "IDENTITY_SERVER_THUMBPRINT=%s\n" % ("0a" * 20),
             "IDENTITY_ENDPOINT=http://127.0.0.1:40342/x\nIMDS_ENDPOINT=http://127.0.0.1:40342\n")


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()


def encode(text):
    return text.encode("utf-8", "surrogateescape")


def files(pattern):
    return sorted(glob.glob(os.path.join(TOP, pattern), recursive=True))


def texts(pattern):
    """The C strings of files; those that follow one another are one."""
    def unescape(match):
        if match[1]:
            return bytes([int(match[1], 16)]).decode("utf-8", "surrogateescape")
        return {"n": "\n", "t": "\t", "0": "\0", "r": "\r"}.get(match[2], match[2])
    for path in files(pattern):
        source = re.sub(r"(?m)^\s*#include[^\n]*|/\*(?s:.*?)\*/", "", read(path))
        for run in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', source):
            whole = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', run[0]))
            yield re.sub(r"\\x([0-9A-Fa-f]{2})|\\(.)", unescape, whole)


def bodies(pattern):
    """JSON, where ' may stand for "."""
    return sorted({text if '"' in text else text.replace("'", '"') for text in texts(pattern)
                   if text[:1] in "{[" and len(text) > 2})


def of_cases(codec):
    kind = ""
    for line in read(os.path.join(TOP, "tests/cases", codec + ".cases")).split("\n"):
        if line.startswith("type "):
            kind = line[5:]
            yield "type", kind
        elif line and not line.startswith("#"):
            for text in line.split(" -> ")[0].split("  "):
                raw = encode(text)
                if codec == "msgpack":
                    parts = re.findall(r"(?:(\d+)\*)?(?:'([^']*)'|([0-9A-Fa-f]{2}))", text)
                    raw = b"".join(min(int(times or 1), 2000) * (
                        bytes.fromhex(byte) if byte else encode(quoted))
                        for times, quoted, byte in parts)
                yield codec, encode(kind) + b"\n" + raw


def exchange_lines(path):
    """Its lines as (word, rest), joined and with names replaced."""
    names, lines = {}, []
    for file in (os.path.join(os.path.dirname(path), "names"), path):
        for line in read(file).split("\n"):
            if re.match(r"[\s\[{\"]", line) and lines:
                lines[-1] += " " + line.strip()
            elif line and not line.startswith("#"):
                lines.append(line)
    for line in lines:
        line = re.sub(r"\$([a-z_]+)", lambda match: names.get(match[1], match[0]), line)
        word, _, rest = line.partition(" ")
        if word == "let":
            name, _, names[rest.partition(" ")[0]] = rest.partition(" ")
        yield word, rest


def answer(rest):
    if rest.startswith("fault"):
        return "< 0 %d" % (3 + len(rest) % 6)
    status, headers, body = re.match(r"(\d+)\s*((?!raw )[^{\[\"]*)(.*)$", rest, re.S).groups()
    if re.fullmatch(r'"(\\.|[^"\\])*"', body):
        body = json.JSONDecoder().raw_decode(body)[0]
    elif body.startswith("raw "):
        body = body[4:].encode().decode("unicode_escape")
    return "< %s %s\n%s" % (status, headers, body)


def answered(pattern):
    """The bodies in the answers of exchanges."""
    return sorted({answer(rest).partition("\n")[2] for path in files(pattern)
                   for word, rest in exchange_lines(path) if word == "<"})


def field(number, data):
    """A protobuf field with bytes in it."""
    data = data if isinstance(data, bytes) else encode(data)
    length, size = len(data), b""
    while length > 127:
        size += bytes([length & 127 | 128])
        length >>= 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + data


def request(rpc, name, *values):
    """An RPC with a type_name and DynamicValues at the fields from 2 on; None: absent."""
    return encode(rpc) + b"\n" + field(1, "azurestack_" + name) + b"".join(
        field(number, field(2, value)) for number, value in enumerate(values, 2)
        if value is not None)


def of_act(table, act, config, state, answers):
    verb, _, argument = act.partition(" ")
    replies = encode("\n" + "\n".join(answers))
    if verb == "import":
        yield "requests", encode("ImportResourceState\n") + field(1, "azurestack_" + table) + field(
            2, argument) + replies
    elif verb == "list":
        yield "requests", request("ListResource", table, argument) + replies
    elif verb == "look":
        name, _, arguments = argument.partition(" ")
        for rpc in ("ReadDataSource", "OpenEphemeralResource"):
            yield "requests", request(rpc, name, arguments) + replies
    elif verb == "read":
        yield "requests", request("ReadResource", table, state) + replies
    elif verb in ("create", "update", "delete", "plan", "check", "check_destroy", "validate"):
        prior = None if verb == "create" else state
        planned = None if verb in ("delete", "check_destroy") else config
        for rpc in ("PlanResourceChange", "ApplyResourceChange"):
            yield "requests", request(rpc, table, prior, planned, planned) + replies
        yield "requests", request("ValidateResourceConfig", table, config)
    for number, text in enumerate(answers):
        yield "replies", "%d %s\n%s" % (number % 4, HUB, text)
    for number in range(8):
        if verb in ("list", "operation", "pages") or any("Operation" in text for text in answers):
            yield "exchanges", "%d %s\n%s" % (number, HUB, re.sub(
                r"https://[a-z.]*", "https://arm.test", "\n".join(answers)))


def of_exchanges():
    for path in files("tests/exchanges/*/*.exchange"):
        table, config, state, verb, answers = "", None, None, None, []
        for word, rest in [*exchange_lines(path), ("do", "end")]:
            if word == "table":
                table = rest
            elif word == "config":
                config = rest
            elif word == "<":
                answers.append(answer(rest))
            elif word == "state" and (verb is None or not answers):
                state = rest
            elif word == "do":
                if verb is not None and table:
                    yield from of_act(table, verb, config, state, answers)
                verb, answers = rest, []


def of_data():
    pages = answered("tests/exchanges/rest/*.exchange") + answered("tests/exchanges/sample/look*")
    for path in files("examples/*/azurestack_*/*.tf"):
        name = os.path.basename(os.path.dirname(path)).removeprefix("azurestack_")
        pairs = re.findall(r"(?m)^  (\w+)\s*=\s*(.+)$", read(path))
        config = "{%s}" % ",".join('"%s":%s' % (
            key, value if re.match(r'"|\d|true|false|\[', value) else json.dumps(HUB))
            for key, value in pairs if "for " not in value and "{" not in value)
        for body in pages[len(name) % 3::3]:
            for rpc in ("ReadDataSource", "OpenEphemeralResource"):
                yield "requests", request(rpc, name, config) + encode("\n< 200\n" + body)
    for path in files("examples/functions/*"):
        yield "requests", encode("CallFunction\n") + field(1, os.path.basename(path)) + field(
            2, field(2, json.dumps(HUB)))


def of_blocks():
    for path in files("tests/exchanges/configure/*.exchange") + files(
            "tests/exchanges/sign_in/*.exchange"):
        block, variables = "{}", {}
        for word, rest in exchange_lines(path):
            if word == "provider" and rest.startswith("{"):
                block = rest
            elif word == "variables":
                variables = json.loads(rest)
            elif word == "do" and rest.startswith(("configure", "sign_in")):
                yield "configure", "%s\n\n%s" % ("\n".join(
                    "%s=%s" % (name, re.sub(r"[\0\n]", "", text))
                    for name, text in variables.items()), block)


def of_sign_ins():
    lines = [line for path in files("tests/exchanges/sign_in/*.exchange")
             for line in exchange_lines(path)]
    for number in range(8):
        for text in sorted({answer(rest) for word, rest in lines if word == "<"}):
            for variables in VARIABLES if number == 7 else ("",):
                yield "credentials", "%d\n%s\n%s" % (number, variables, text)
    for word, rest in lines:
        if word == "file" and rest.startswith("az program "):
            text = json.loads(rest[11:])
            yield "az", text + "\n---\n" + text


def of_texts():
    yield "credentials", "7\n%s\n< 401 WWW-Authenticate: Basic realm=./a.key\n\n< 200\n%s" % (
        VARIABLES[3], '{"access_token":"t","expires_in":"3599"}')
    for text in texts("tests/unit/auth/json_objects_test.c"):
        yield "az", text + "\n---\n" + text
    for number in range(6):
        for body in answered("tests/exchanges/session/*.exchange"):
            yield "metadata", "%d\n< 200\n%s" % (number, body)
    refused = [json.loads(rest)["registration_id"] for path in files(
        "tests/exchanges/customer_subscription/validate_registration*.exchange")
               for word, rest in exchange_lines(path) if word == "config" and rest[0] == "{"]
    for text in [*texts("tests/unit/id/*_test.c"), *refused]:
        for kind in ("Microsoft.AzureStack/registrations", "/v1/customers/{}", ""):
            yield "ids", kind + "\n" + text
    for text in texts("tests/unit/*/*_test.c"):
        yield "urls", text + "\n" + text
        yield "text", text
    proxies = {rest for path in files("tests/exchanges/configure/*prox*.exchange")
               for word, rest in exchange_lines(path) if word == "variables"}
    for text in [*texts("tests/unit/http/*_test.c"), *(
            value for line in sorted(proxies) for value in json.loads(line).values())]:
        yield "proxies", "%s\n\nhttps://a.test/x\na.test\nHTTPS_PROXY=%s\n" % (text, text)
        yield "proxies", "http://p.test:1\nuser\n%s\n\nNO_PROXY=%s\n" % (text, text)
    for name in ("PLUGIN_UNIX_SOCKET_DIR", "PLUGIN_UNIX_SOCKET_GROUP", "TMPDIR", "TF_LOG"):
        yield "handshake", "%s=/tmp\n\n-----BEGIN CERTIFICATE-----\nMII=" % name


def of_certificates(folder):
    """By openssl; a key and a certificate as PEM, encrypted, and as PKCS#12."""
    key, pem = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    pfx = os.path.join(folder, "certificate.pfx")
    if not os.path.exists(pfx):
        os.system("cd '%s' && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=a -keyout key.pem "
                  "-out certificate.pem 2>/dev/null && openssl pkcs12 -export -inkey key.pem -in "
                  "certificate.pem -passout pass:p -iter 1 -out certificate.pfx" % folder)
    both = encode(read(pem) + read(key))
    with open(pfx, "rb") as stream:
        packed = stream.read()
    for data in (both, packed, encode(read(pem)) * 2):
        yield "certificates", b"p\n" + data
    yield "handshake", b"\n" + both


def write(folder):
    """folder/TARGET/* and folder/words."""
    os.makedirs(folder, exist_ok=True)
    for source in (of_cases("msgpack"), of_cases("json"), of_exchanges(), of_data(),
                   of_blocks(), of_sign_ins(), of_texts(), of_certificates(folder)):
        for target, data in source:
            data = encode(data) if isinstance(data, str) else data
            path = os.path.join(folder, target, "seed-" + hashlib.sha1(data).hexdigest()[:16])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if not os.path.exists(path):
                with open(path, "wb") as stream:
                    stream.write(data)
    words = {text for pattern in ("provider/**/*.c", "schema/**/*.c") for text in texts(pattern)
             if re.fullmatch(r"[!-~]{2,40}", text) and "%" not in text}
    with open(os.path.join(folder, "words"), "w", encoding="ascii") as stream:
        for word in sorted(words):
            stream.write('"%s"\n' % re.sub(r'([\\"])', r"\\\1", word))
