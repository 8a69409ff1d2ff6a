/* Checks one service: the connection, its clock, the credential and the token.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "auth/cache.h"
#include "base/clock.h"
#include "base/text.h"
#include "doctor/internal.h"
#include "http/date.h"
#include "http/url.h"
#include "session/report.h"

enum {
    CONNECT_TIME_MS = 30 * 1000,
    METADATA_TIME_MS = 60 * 1000, /* includes retries; the connection was checked */
    SIGN_IN_TIME_MS = 90 * 1000,  /* the Azure CLI may take a minute */
    SKEW_MS_MAX = 5 * 60 * 1000,  /* what the service that checks a token accepts */
};

static const char *advise(enum error_kind kind)
{
    switch (kind) {
    case ERR_NAME:
        return "Check the address, and this machine's DNS. If you use a proxy, set "
               "HTTPS_PROXY";
    case ERR_TLS:
        return "Check whether a proxy or a firewall intercepts TLS connections, and "
               "whether this machine's clock is right";
    case ERR_SHAPE:
        return "Check whether a proxy responds instead of the service";
    default:
        return "Check that this machine can connect to the address: the firewall, the "
               "HTTPS_PROXY and NO_PROXY variables, and whether the service is running";
    }
}

static const char *check_of(enum error_kind kind, bool is_login)
{
    const char *const names[] = {
        kind == ERR_NAME  ? "DNS"
        : kind == ERR_TLS ? "certificate"
                          : "connection",
        kind == ERR_NAME  ? "login service DNS"
        : kind == ERR_TLS ? "login service certificate"
                          : "login service connection",
    };
    return names[is_login];
}

static void report_error(struct doctor *doctor, struct subject subject,
                         const struct error *err)
{
    /* An error about a setting or a credential already says what to set. */
    bool has_advice = strstr(err->text, "\n\nWhat to do: ") != NULL ||
                      err->kind == ERR_CREDENTIAL || err->kind == ERR_INVALID;
    const char *advice = has_advice ? "" : advise(err->kind);
    const char *last = has_advice ? err->text : advice;
    doctor_report(doctor, subject, DOCTOR_FAILED, "%s%s%s%s", err->text,
                  has_advice ? "" : ".\n\nWhat to do: ", advice,
                  last[strlen(last) - 1] == '.' ? "" : ".");
}

static void check_clock(struct doctor *doctor, const char *service, const char *host,
                        const struct http_reply *reply)
{
    int64_t theirs_ms = http_parse_date_ms(http_reply_header(reply, "Date"));
    struct subject subject = { .service = service, .check = "clock" };
    if (theirs_ms < 0)
        return;
    int64_t skew_s = (theirs_ms - clock_wall_ms()) / 1000;
    bool is_wrong = llabs(skew_s) * 1000 >= SKEW_MS_MAX;
    doctor_report(doctor, subject, is_wrong ? DOCTOR_WARNING : DOCTOR_OK,
                  "The clock of %s is %lld s %s this machine's clock.%s", host,
                  (long long)llabs(skew_s), skew_s < 0 ? "behind" : "ahead of",
                  is_wrong ? " A token may be rejected as expired or not valid yet.\n\n"
                             "What to do: Correct the clock that is wrong."
                           : "");
}

/* Any answer proves the connection. */
static bool check_way(struct doctor *doctor, struct service *service, const char *name,
                      const char *address, bool is_login)
{
    char host[HTTP_HOST_BYTES];
    auto_http_reply reply = NULL;
    struct error err = NO_ERROR;
    http_host(address, host);
    doctor->call->deadline_ms = clock_monotonic_ms() + CONNECT_TIME_MS;
    if (service_ask_openly(service, doctor->call, address, is_login, &reply, &err) < 0) {
        report_error(
            doctor,
            (struct subject){ .service = name, .check = check_of(err.kind, is_login) },
            &err);
        return false;
    }
    doctor_report(
        doctor,
        (struct subject){ .service = name, .check = check_of(ERR_NONE, is_login) },
        DOCTOR_OK, "%s responds %s.", address,
        service_route(service, doctor->call->arena, address, is_login));
    if (!is_login)
        check_clock(doctor, name, host, reply);
    return true;
}

static bool check_tokens(struct doctor *doctor, struct service *service, const char *name)
{
    const struct rest_client *client = service_client(service);
    struct subject subject = { .service = name, .check = "token" };
    /* The service's own, then those of auxiliary tenants: every request has all of them. */
    for (size_t i = 0; i <= client->auxiliary_count; i++) {
        auto_secret token = NULL;
        struct error err = NO_ERROR;
        struct auth_cache *tokens =
            i == 0 ? client->tokens : client->auxiliary_tokens[i - 1];
        doctor->call->deadline_ms = clock_monotonic_ms() + SIGN_IN_TIME_MS;
        if (tokens != NULL && auth_cache_get(tokens, doctor->call, &token, &err) < 0) {
            if (i > 0)
                error_context(&err, "for auxiliary_tenant_ids, element %zu", i);
            report_error(doctor, subject, &err);
            return false;
        }
        if (i == 0)
            doctor_report(doctor, subject, DOCTOR_OK, "A token was issued for %s.",
                          service_audience(service));
    }
    return true;
}

/* A variable that would configure the service. */
static const char *find_variable(struct doctor *doctor, const struct service_table *table)
{
    const struct attribute *block =
        schema_find(doctor->options->provider->attributes, table->block);
    const char *name = table->needed != NULL ? table->needed[0] : table->endpoint;
    const struct attribute *row = schema_find(block->rows, name);
    return row->env != NULL ? row->env[0] : name;
}

static bool check_credential(struct doctor *doctor, struct service *service,
                             const char *name)
{
    struct error err = NO_ERROR;
    doctor->call->deadline_ms = clock_monotonic_ms() + METADATA_TIME_MS;
    if (session_service(doctor->session, doctor->call, name, &service, &err) < 0) {
        bool is_credential = err.kind == ERR_CREDENTIAL;
        report_error(
            doctor,
            (struct subject){ .service = name,
                              .check = is_credential ? "credential" : "metadata" },
            &err);
        return false;
    }
    doctor_report(doctor, (struct subject){ .service = name, .check = "credential" },
                  DOCTOR_OK, "The provider signs in with: %s.",
                  service_credential(service)->name);
    return true;
}

/* The managed identity and the Azure CLI do not use the login service. */
static bool check_login(struct doctor *doctor, struct service *service, const char *name)
{
    const struct credential_source *source = service_credential(service);
    return source->has_one_tenant || source->is_slow ||
           check_way(doctor, service, name, service_authority(service), true);
}

/* A block that has everything it needs, in a cloud without an address for it, is an error. */
static void report_not_configured(struct doctor *doctor,
                                  const struct service_table *table)
{
    const struct subject subject = { .service = table->name, .check = "configuration" };
    struct service *service;
    struct error why = NO_ERROR;
    session_service(doctor->session, doctor->call, table->name, &service, &why);
    if (text_equal(why.text, table->missing))
        doctor_report(doctor, subject, DOCTOR_SKIPPED, "%s%s is not configured (%s).",
                      table->inner_block != NULL ? "The tenant endpoint of " : "",
                      table->label, find_variable(doctor, table));
    else
        report_error(doctor, subject, &why);
}

bool doctor_check_service(struct doctor *doctor, const struct service_table *table)
{
    struct service *service = session_find_service(doctor->session, table->name);
    const char *name = table->name;
    bool has_credential = false;
    if (!service_is_configured(service)) {
        report_not_configured(doctor, table);
        return false;
    }
    const char *base = service_base(service);
    bool has_way = base == NULL || check_way(doctor, service, name, base, false);
    /* Without a connection, checks only what needs no request. */
    if (has_way || service_authority(service) != NULL)
        has_credential = check_credential(doctor, service, name);
    if (has_credential && base == NULL)
        has_way = check_way(doctor, service, name, service_base(service), false);
    return has_credential && has_way && check_login(doctor, service, name) &&
           check_tokens(doctor, service, name);
}
