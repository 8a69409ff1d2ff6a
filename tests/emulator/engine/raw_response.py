# Answers that are not sent as HTTP servers send them: in part, slowly, never, with a lie.
# SPDX-License-Identifier: MPL-2.0
import zlib

ENDLESS = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
ENDLESS_INTERVAL_S, ENDLESS_WAITING_MOST = 0.005, 4 * len(ENDLESS)
BOMB_BLOCKS = 102    # of 1 MiB


def head(x, *more):
    fields = dict(x.answer_headers)
    if x.body_out is not None or x.text_out is not None:
        fields["Content-Type"] = x.content_type
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"HTTP/1.1 {x.status} Fault", *lines, *more, "", ""]).encode()


def bomb():
    """About 120 kB of gzip that become blanks. The checksum at the end is wrong: no reader should get
    that far."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, 31), b" " * (1 << 20)
    begin, again = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return (begin + again * BOMB_BLOCKS + packer.flush())[:-8] + bytes(8)


def send_bomb(x, rule):
    body = bomb()
    x.connection.write(head(x, "Content-Encoding: gzip", f"Content-Length: {len(body)}") + body)


def send_endless(x, rule):
    connection = x.connection

    def more():
        # Only as fast as it is read.
        if len(connection.output) <= ENDLESS_WAITING_MOST:
            connection.write(ENDLESS)
        connection.later(ENDLESS_INTERVAL_S, more)
    connection.write(head(x, "Transfer-Encoding: chunked"))
    more()


def send_slow(x, rule):
    connection, body = x.connection, x.bytes_out() or b""
    rest = iter(head(x, f"Content-Length: {len(body)}") + body)

    def more():
        byte = next(rest, None)
        if byte is None:
            connection.settle("end")
            return
        connection.write(bytes((byte,)))
        connection.later(rule.get("interval_ms", 1000) / 1000, more)
    more()


def send_part(announced, sent, ending):
    """`announced` and `sent` compute from a body's length how much of it is; without a body there is
    one that never comes."""
    def send(x, rule):
        body = x.bytes_out() or b""
        length = announced(len(body)) if body else 100
        x.connection.write(head(x, f"Content-Length: {length}") + body[:sent(len(body))])
        x.connection.settle(ending)
    return send


def send_half(x, rule):
    """Of the whole answer, or of its head when there is no body."""
    body = x.bytes_out() or b""
    start = head(x, f"Content-Length: {len(body) or 100}")
    x.connection.write(start + body[:len(body) // 2] if body else start[:len(start) // 2])
    x.connection.settle(rule.get("then", "rst"))


def send_nothing(ending):
    return lambda x, rule: x.connection.finish(ending)


# What has no row here is sent properly.
WAYS = {
    "half": send_half,
    "truncated": send_part(lambda length: length, lambda length: length // 2, "end"),
    "wrong_length": send_part(lambda length: length // 2, lambda length: length, "hang"),
    "slow": send_slow, "endless": send_endless, "gzip_bomb": send_bomb,
    **{ending: send_nothing(ending) for ending in ("rst", "fin", "end", "hang")},
}
