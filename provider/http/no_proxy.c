/* Which hosts are reached without a proxy: NO_PROXY as Terraform reads it. libcurl has other rules:
 * it splits at blanks, ignores ports, and drops a final dot.
 * Source: golang.org/x/net/http/httpproxy, Config.NoProxy
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/net.h"
#include "base/text.h"
#include "http/internal.h"

/* IPv4 in its IPv6 form, ::ffff:a.b.c.d, so that both can be compared. */
struct address {
    uint8_t bytes[16];
};

static const uint8_t ipv4_prefix[12] = { [10] = 0xff, [11] = 0xff };

static bool is_ipv4(const struct address *address)
{
    return memcmp(address->bytes, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

static bool parse_address(const char *text, struct address *out)
{
    memcpy(out->bytes, ipv4_prefix, sizeof ipv4_prefix);
    return inet_pton(AF_INET, text, out->bytes + sizeof ipv4_prefix) == 1 ||
           inet_pton(AF_INET6, text, out->bytes) == 1;
}

static bool is_loopback(const struct address *address)
{
    static const struct address ipv6 = { { [15] = 1 } };
    return (is_ipv4(address) && address->bytes[12] == 127) ||
           memcmp(address, &ipv6, sizeof ipv6) == 0;
}

/* The first `bits` of `address`. */
static struct address network(struct address address, unsigned bits)
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned kept = bits <= i * 8 ? 0 : bits - i * 8;
        if (kept < 8)
            address.bytes[i] &= (uint8_t)(0xff00 >> kept);
    }
    return address;
}

/* True if `entry` is a network, "10.0.0.0/8". Then *contains says whether `host`, which may be
 * NULL, is in it. */
static bool read_network(char *entry, const struct address *host, bool *contains)
{
    char *slash = strchr(entry, '/');
    if (slash == NULL || slash[1] == '\0' ||
        strspn(slash + 1, "0123456789") < strlen(slash + 1))
        return false;
    struct address address;
    *slash = '\0';
    bool is_address = parse_address(entry, &address);
    unsigned long bits = strtoul(slash + 1, NULL, 10),
                  most = strchr(entry, ':') ? 128 : 32;
    *slash = '/';
    if (!is_address || bits > most)
        return false;
    unsigned kept = (unsigned)(bits + (128 - most));
    struct address wanted = network(address, kept);
    if (host != NULL && is_ipv4(&wanted) == is_ipv4(host)) {
        struct address found = network(*host, kept);
        *contains = memcmp(&found, &wanted, sizeof found) == 0;
    }
    return true;
}

/* Splits "host:port" and "[host]:port". Other texts stay as they are, also "[::1]". */
static char *split_port(char *entry, const char **port)
{
    *port = "";
    char *colon = strrchr(entry, ':'), *host = entry;
    if (colon == NULL)
        return entry;
    if (*entry == '[') {
        char *end = strchr(entry, ']');
        if (end == NULL || end + 1 != colon)
            return entry;
        host = entry + 1;
        if (strchr(host, '[') != NULL || strchr(colon, ']') != NULL)
            return entry;
        *end = '\0';
    } else if (strchr(entry, ':') != colon || strpbrk(entry, "[]") != NULL) {
        return entry;
    }
    *colon = '\0';
    *port = colon + 1;
    return host;
}

/* "a.test" matches that name and all names below it; ".a.test" and "*.a.test" only those below. */
static bool is_in_domain(const char *host, const char *domain)
{
    if (domain[0] == '*' && domain[1] == '.')
        domain++;
    size_t host_length = strlen(host), length = strlen(domain);
    if (domain[0] != '.' && strcmp(host, domain) == 0)
        return true;
    if (host_length < length || strcmp(host + host_length - length, domain) != 0)
        return false;
    return domain[0] == '.' ||
           (host_length > length && host[host_length - length - 1] == '.');
}

/* ---- letters beyond ASCII ------------------------------------------------------------- */

enum { LABEL_MAX = 63 }; /* of a name, by RFC 1035 */

static unsigned adapt(unsigned delta, unsigned points, bool is_first)
{
    unsigned steps = 0;
    delta /= is_first ? 700 : 2;
    for (delta += delta / points; delta > 455; delta /= 35)
        steps += 36;
    return steps + 36 * delta / (delta + 38);
}

static char *put_number(char *out, unsigned number, unsigned bias)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (unsigned base = 36;; base += 36) {
        unsigned least = base <= bias ? 1 : base >= bias + 26 ? 26 : base - bias;
        if (number < least)
            break;
        *out++ = digits[least + (number - least) % (36 - least)];
        number = (number - least) / (36 - least);
    }
    *out++ = digits[number];
    return out;
}

/* RFC 3492, 6.3. */
static char *put_punycode(char *out, const uint32_t *points, unsigned count)
{
    unsigned done = 0, delta = 0, bias = 72;
    for (unsigned i = 0; i < count; i++) {
        if (points[i] < 128) {
            *out++ = (char)points[i];
            done++;
        }
    }
    unsigned basic = done;
    if (basic > 0)
        *out++ = '-';
    for (uint32_t next = 128; done < count; next++, delta++) {
        uint32_t least = UINT32_MAX;
        for (unsigned i = 0; i < count; i++) {
            if (points[i] >= next && points[i] < least)
                least = points[i];
        }
        delta += (least - next) * (done + 1);
        next = least;
        for (unsigned i = 0; i < count; i++) {
            if (points[i] < next)
                delta++;
            if (points[i] != next)
                continue;
            out = put_number(out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
    }
    return out;
}

/* The name as it is in an address: "xn--bcher-kva.test" for "bücher.test". A text that is not a
 * name stays as it is. */
static const char *to_ascii(struct arena *arena, const char *name)
{
    /* A label grows by "xn--", "-" and at most 8 digits per letter. */
    char *ascii = arena_take(arena, strlen(name) * 14 + 8), *out = ascii;
    while (*name != '\0') {
        size_t length = strcspn(name, "."), at = 0;
        uint32_t points[LABEL_MAX];
        unsigned count = 0;
        bool has_letters = false;
        while (at < length && count < LABEL_MAX) {
            size_t bytes = text_utf8_next(name + at, length - at);
            if (bytes == 0)
                break;
            has_letters |= bytes > 1;
            points[count++] = text_utf8_point(name + at, bytes);
            at += bytes;
        }
        if (has_letters && at == length)
            out = put_punycode(stpcpy(out, "xn--"), points, count);
        else
            out = mempcpy(out, name, length);
        name += length;
        if (*name == '.')
            *out++ = *name++;
    }
    *out = '\0';
    return ascii;
}

/* ---- the list ------------------------------------------------------------------------- */

static bool entry_matches(struct arena *arena, char *entry, const char *host,
                          const char *port, const struct address *address)
{
    bool contains = false;
    if (read_network(entry, address, &contains))
        return contains;
    const char *only_port;
    const char *name = split_port(entry, &only_port);
    struct address wanted;
    bool is_same;
    if (*name == '\0')
        return false;
    if (parse_address(name, &wanted))
        is_same = address != NULL && memcmp(&wanted, address, sizeof wanted) == 0;
    else
        is_same = address == NULL && is_in_domain(host, to_ascii(arena, name));
    return is_same && (*only_port == '\0' || strcmp(only_port, port) == 0);
}

/* Source: Unicode 15, PropList.txt (White_Space), as Go's strings.TrimSpace has it */
static bool is_blank(unsigned point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 ||
           point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
           point == 0x2028 || point == 0x2029 || point == 0x202F || point == 0x205F ||
           point == 0x3000;
}

static char *trim(char *text)
{
    char *start = text, *end = text; /* of the text without blanks at its ends */
    size_t left = strlen(text);
    for (char *at = text; left > 0;) {
        size_t bytes = text_utf8_next(at, left), taken = bytes != 0 ? bytes : 1;
        bool is_text = bytes == 0 || !is_blank(text_utf8_point(at, bytes));
        if (is_text && end == start)
            start = at;
        at += taken;
        left -= taken;
        if (is_text)
            end = at;
    }
    *end = '\0';
    return start;
}

bool no_proxy_has(const char *list, const char *host, const char *port)
{
    struct address parsed, *address = parse_address(host, &parsed) ? &parsed : NULL;
    if (strcmp(host, "localhost") == 0 || (address != NULL && is_loopback(address)))
        return true;
    if (list == NULL)
        return false;
    auto_arena arena = arena_new();
    const char *name = to_ascii(arena, text_lower(arena, host));
    char *rest = text_lower(arena, list), *entry;
    bool is_found = false;
    while ((entry = strsep(&rest, ",")) != NULL) {
        entry = trim(entry);
        is_found |=
            strcmp(entry, "*") == 0 || entry_matches(arena, entry, name, port, address);
    }
    return is_found;
}
