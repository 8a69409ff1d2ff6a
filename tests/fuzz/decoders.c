/* Targets without a service: bytes in, a value or an error out.
 * SPDX-License-Identifier: MPL-2.0 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "auth/base64.h"
#include "auth/certificate.h"
#include "auth/cli_message.h"
#include "auth/inputs.h"
#include "auth/json_objects.h"
#include "auth/token_response.h"
#include "base/clock.h"
#include "base/json_repair.h"
#include "base/log.h"
#include "base/text.h"
#include "fuzz/fuzz.h"
#include "http/date.h"
#include "http/internal.h"
#include "http/redact.h"
#include "http/url.h"
#include "id/id.h"
#include "id/scheme.h"
#include "plugin/internal.h"
#include "session/service.h"
#include "value/codec.h"

/* ---- values ------------------------------------------------------------------------------------ */

/* The first line is the type. */
static const struct type *read_type(struct arena *arena, struct bytes *in)
{
    const char *text = fuzz_line(arena, in);
    const struct type *type = NULL;
    struct error err = NO_ERROR;
    fuzz_check_error(type_parse_json(arena, BYTES(text, strlen(text)), &type, &err),
                     &err);
    return type;
}

/* It survives being written and read, in both codecs. */
static void check_value(struct arena *arena, const struct value *value)
{
    const struct value *again;
    struct error err = NO_ERROR;
    int result = value_decode_msgpack(arena, value_encode_msgpack(arena, value),
                                      value->type, &again, &err);
    fuzz_require(result == 0 && value_equal(value, again), "msgpack gives a value back",
                 err.text);
    if (!value_is_wholly_known(value))
        return;
    result = value_decode_json(arena, value_encode_json(arena, value), value->type, false,
                               &again, &err);
    fuzz_require(result == 0 && value_equal(value, again), "JSON gives a value back",
                 err.text);
}

void fuzz_msgpack(struct arena *arena, struct bytes in)
{
    const struct type *type = read_type(arena, &in);
    const struct value *value;
    struct error err = NO_ERROR;
    if (type == NULL)
        return;
    int result = value_decode_msgpack(arena, in, type, &value, &err);
    fuzz_check_error(result, &err);
    if (result == 0)
        check_value(arena, value);
}

void fuzz_json(struct arena *arena, struct bytes in)
{
    const struct type *type = read_type(arena, &in);
    for (int is_lenient = 0; type != NULL && is_lenient < 2; is_lenient++) {
        const struct value *value;
        struct error err = NO_ERROR;
        int result = value_decode_json(arena, in, type, is_lenient == 1, &value, &err);
        fuzz_check_error(result, &err);
        if (result == 0)
            check_value(arena, value);
    }
}

void fuzz_type(struct arena *arena, struct bytes in)
{
    const struct type *type, *again;
    struct error err = NO_ERROR;
    int result = type_parse_json(arena, in, &type, &err);
    fuzz_check_error(result, &err);
    if (result < 0)
        return;
    result = type_parse_json(arena, type_format_json(arena, type), &again, &err);
    fuzz_require(result == 0 && type_equal(type, again), "JSON gives a type back",
                 err.text);
    fuzz_check_text(type_name(arena, type));
}

/* ---- IDs --------------------------------------------------------------------------------------- */

static void check_scheme(struct arena *arena, const struct id_scheme *scheme,
                         const char *text, const char *type)
{
    struct error err = NO_ERROR;
    const char *id = scheme->parse(arena, text, type, &err);
    fuzz_check_error(id == NULL ? -1 : 0, &err);
    scheme->is_equal(arena, text, type != NULL ? type : "");
    if (type != NULL)
        scheme->form(arena, type);
    if (id == NULL)
        return;
    const char *again = scheme->parse(arena, id, type, &err);
    fuzz_require(again != NULL && strcmp(id, again) == 0, "a canonical ID is its own",
                 id);
    fuzz_require(scheme->is_equal(arena, text, id), "an ID equals its canonical form",
                 text);
    static const char *const parts[] = { "subscription", "resource_group", "name",
                                         "scope" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        scheme->part(arena, id, parts[i]);
    for (const char *const *other = scheme->case_variants(arena, id); *other != NULL;
         other++)
        fuzz_require(strcmp(*other, id) != 0, "another spelling is another text", id);
}

void fuzz_ids(struct arena *arena, struct bytes in)
{
    static const struct id_scheme *const schemes[] = { &id_scheme_arm, &id_scheme_path,
                                                       &id_scheme_path_any_case };
    const char *type = fuzz_line(arena, &in), *text = fuzz_line(arena, &in);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) /* types are our own */
        check_scheme(arena, schemes[i], text,
                     *type != '\0' && (i == 0 || *type == '/') ? type : NULL);
    struct id_template_part parts[ID_PLACEHOLDERS_MAX];
    size_t count = 2;
    if (id_template_match(arena, "{parent_id}/customerSubscriptions/{name}", text, parts,
                          &count))
        fuzz_require(count == 2 && strchr(parts[1].text, '/') == NULL, "a name is one",
                     text);
    struct id id;
    struct error err = NO_ERROR;
    int result = id_parse(arena, text, &id, &err);
    fuzz_check_error(result, &err);
    if (result == 0) {
        struct id again;
        const char *canonical = id_format(arena, &id, NULL);
        id_describe(arena, &id);
        fuzz_require(id_parse(arena, canonical, &again, &err) == 0 &&
                         id_equal(&id, &again),
                     "a written ID is read again", canonical);
    }
}

/* ---- addresses, dates -------------------------------------------------------------------------- */

/* What curl makes of it: who connects is curl, whatever else reads the address. */
static char *curl_origin(struct arena *arena, const char *url)
{
    char *scheme = NULL, *host = NULL, *port = NULL, *origin = NULL;
    CURLU *parsed = curl_url();
    if (curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
        origin = text_lower(arena, arena_print(arena, "%s://%s:%s", scheme, host, port));
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parsed);
    return origin;
}

void fuzz_urls(struct arena *arena, struct bytes in)
{
    const char *a = fuzz_line(arena, &in), *b = fuzz_line(arena, &in);
    char host[HTTP_HOST_BYTES];
    http_host(a, host);
    fuzz_require(http_origin_length(a) <= strlen(a), "an origin is a part", a);
    bool is_same = http_is_same_origin(a, b);
    fuzz_require(is_same == http_is_same_origin(b, a), "origins are equal both ways", a);
    const char *first = curl_origin(arena, a), *second = curl_origin(arena, b);
    fuzz_require(!is_same || first == NULL || second == NULL ||
                     strcmp(first, second) == 0,
                 "who has our origin is connected to by curl at ours", b);
    struct error err = NO_ERROR;
    fuzz_check_error(addresses_check_one("endpoint", a, &err), &err);
    err = NO_ERROR;
    fuzz_check_error(input_check_tenant(a, &err), &err);
    long long ms = 1;
    fuzz_require(text_parse_duration_ms(a, &ms) < 0 || ms > 0, "a duration takes time",
                 a);
    int64_t wall_ms = http_parse_date_ms(a);
    fuzz_require(wall_ms >= -1, "a date is after 1970", a);
    if (clock_parse_rfc3339(a, &wall_ms)) {
        char text[CLOCK_RFC3339_BYTES];
        clock_format_rfc3339(wall_ms, text);
        fuzz_require(strcmp(text, a) == 0, "a time is written as it was read", a);
    }
    const char *sum = value_add_decimals(arena, a, b),
               *other = value_add_decimals(arena, b, a);
    fuzz_require(text_equal(sum, other), "a sum is the same both ways", a);
    fuzz_require(sum == NULL || value_is_number_text(sum, strlen(sum)),
                 "a sum is a number", a);
    size_t length;
    base64_decode(a, strlen(a), arena_take(arena, strlen(a) * 3 / 4), &length);
}

void fuzz_proxies(struct arena *arena, struct bytes in)
{
    static const char *const starts[] = { "HTTP",     "http",           "NO_PROXY",
                                          "no_proxy", "REQUEST_METHOD", NULL };
    const char *url = fuzz_line(arena, &in), *user = fuzz_line(arena, &in);
    const char *target = fuzz_line(arena, &in), *host = fuzz_line(arena, &in);
    fuzz_set_environment(arena, &in, starts);
    const struct http_proxy_options options = { .url = *url != '\0' ? url : NULL,
                                                .username = *user != '\0' ? user : NULL,
                                                .password =
                                                    *user != '\0' ? FUZZ_SECRET : NULL };
    struct proxies proxies = { .is_cgi = false };
    struct error err = NO_ERROR;
    int result = proxies_find(&proxies, &options, &err);
    fuzz_check_error(result, &err);
    const struct proxy *chosen = NULL;
    if (result == 0) {
        result = proxies_choose(&proxies, target, &chosen, &err);
        fuzz_check_error(result, &err);
        if (result == 0 && chosen != NULL)
            fuzz_require(strchr(chosen->address, '@') == NULL,
                         "a proxy is shown without its user", chosen->address);
        proxies_clear(&proxies);
    }
    no_proxy_has(url, host, "443");
    fuzz_forget_environment();
}

/* ---- texts ------------------------------------------------------------------------------------- */

void fuzz_text(struct arena *arena, struct bytes in)
{
    const char *before = arena_copy_bytes_as_text(arena, in.data, in.length);
    const char *first = fuzz_line(arena, &in), *rest = fuzz_line(arena, &in);
    const char *whole = arena_print(arena,
                                    "%s\n\"access_token\": \"" FUZZ_SECRET
                                    "\", {'password': '" FUZZ_SECRET
                                    "'}, client_secret=" FUZZ_SECRET "&%s",
                                    first, rest);
    fuzz_require(strstr(http_redact(arena, whole, strlen(whole)), FUZZ_SECRET) == NULL,
                 "a secret is redacted, whatever stands around it", whole);
    size_t most = 8 + strlen(first);
    fuzz_require(
        strstr(http_redact_start(arena, whole, strlen(whole), most), FUZZ_SECRET) == NULL,
        "a secret is redacted at the start of a text", whole);
    const char *clean = text_clean(arena, before, strlen(before), most);
    const char *line = text_clean_line(arena, before, strlen(before), most);
    const char *quote = text_clean_quote(arena, before, strlen(before), most);
    fuzz_check_text(clean);
    fuzz_check_text(line);
    fuzz_check_text(quote);
    fuzz_require(strlen(clean) <= most && strlen(line) <= most, "a text is cut", clean);
    fuzz_require(strpbrk(line, "\n\t") == NULL, "a line is one", line);
    json_t *strict = json_loadb((const char *)before, strlen(before), 0, NULL);
    struct bytes repaired = json_repair(arena, BYTES(before, strlen(before)));
    struct bytes quoted = json_quote_numbers(arena, BYTES(before, strlen(before)));
    json_t *lenient = json_loadb((const char *)repaired.data, repaired.length, 0, NULL);
    json_t *digits = json_loadb((const char *)quoted.data, quoted.length, 0, NULL);
    fuzz_require(strict == NULL || (lenient != NULL && digits != NULL), "JSON stays JSON",
                 before);
    json_decref(strict);
    json_decref(lenient);
    json_decref(digits);
}

/* ---- certificates ------------------------------------------------------------------------------ */

static const char *write_file(struct arena *arena, struct bytes bytes, int *file)
{
    *file = memfd_create("fuzz", 0);
    fuzz_require(write(*file, bytes.data, bytes.length) == (ssize_t)bytes.length,
                 "a file", "");
    return arena_print(arena, "/proc/self/fd/%d", *file);
}

void fuzz_certificates(struct arena *arena, struct bytes in)
{
    const char *password = fuzz_line(arena, &in);
    const char *text = arena_copy_bytes_as_text(arena, in.data, in.length);
    int file;
    const char *path = write_file(arena, in, &file);
    const struct auth_config inputs[] = {
        { .client_certificate = text,
          .client_certificate_path = path,
          .client_certificate_password = password },
        { .client_certificate_path = path, .client_certificate_password = password },
        { .client_certificate_path = path },
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct certificate *certificate = NULL;
        struct error err = NO_ERROR;
        fuzz_check_error(certificate_load(&inputs[i], &certificate, &err), &err);
        certificate_free(certificate);
    }
    struct ca_bundle bundle;
    struct error err = NO_ERROR;
    int result = ca_bundle_init(&bundle, path, &err);
    fuzz_check_error(result, &err);
    if (result == 0) {
        ca_bundle_store(&bundle);
        ca_bundle_clear(&bundle);
    }
    err = NO_ERROR;
    fuzz_check_error(plugin_tls_check_certificate(text, &err), &err);
    close(file);
}

/* ---- the host ---------------------------------------------------------------------------------- */

void fuzz_handshake(struct arena *arena, struct bytes in)
{
    static const char *const starts[] = { "PLUGIN_", "TF_PLUGIN", "TF_LOG",
                                          "TMPDIR",  "XDG_",      NULL };
    fuzz_set_environment(arena, &in, starts);
    const char *text = fuzz_line(arena, &in);
    struct error err = NO_ERROR;
    struct plugin_place place = { .directory = "" };
    int lock = dup(
        STDERR_FILENO); /* the number that the folder's lock gets; held for a process */
    close(lock);
    fuzz_check_error(plugin_tls_check_certificate(text, &err), &err);
    err = NO_ERROR;
    int result = plugin_place_find(&place, &err);
    fuzz_check_error(result, &err);
    if (result == 0) {
        char *line = plugin_handshake_line(&place, text, true);
        fuzz_require(strchr(line, '\n') == line + strlen(line) - 1 ||
                         strchr(text, '\n') != NULL,
                     "a handshake is one line", line);
        free(line);
        err = NO_ERROR;
        plugin_place_restrict(&place, &err);
        plugin_place_remove(&place);
        close(lock);
    }
    snprintf(place.address, sizeof place.address, "%s", text);
    free(plugin_handshake_reattach_line(text, &place, 1));
    log_init();
    fuzz_forget_environment();
    log_init();
}
