/* Entra and Azure as far as the provider's rpcs ask them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "azure.h"

#include <ctype.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ssl.h>

#include <cmocka.h>

#include "base/buf.h"
#include "support/http_server.h"
#include "support/http_server_tls.h"

#include "values.h"

struct wire_azure {
    struct wire_azure_options options;
    struct test_authority *authority;
    SSL_CTX *context;
    struct http_server *server;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_open, has_mapping;
    size_t pages_asked;
    char trust[512]; /* SSL_CERT_FILE=… */
};

enum { ANSWER_BYTES_MAX = 4 * 1024 * 1024 };

const char *wire_azure_customer(size_t place)
{
    static char text[40];
    snprintf(text, sizeof text, "cccccccc-0000-4000-8000-%012zu", place);
    return text;
}

const char *wire_azure_tenant(size_t place)
{
    static char text[40];
    snprintf(text, sizeof text, "dddddddd-0000-4000-8000-%012zu", place);
    return text;
}

/* ---- answers ------------------------------------------------------------------------------- */

static void print_mapping(struct wire_azure *azure, struct buf *buf, const char *customer,
                          const char *tenant, bool is_upper)
{
    char shown[40] = "";
    for (size_t i = 0; tenant[i] != '\0'; i++)
        shown[i] = (char)(is_upper ? toupper((unsigned char)tenant[i]) : tenant[i]);
    if (!azure->options.has_no_ids)
        buf_print(buf, "{\"id\":\"" REGISTRATION_ID "/customerSubscriptions/%s\",",
                  customer);
    buf_print(buf,
              "%s\"name\":\"berlin/%s\","
              "\"type\":\"Microsoft.AzureStack/registrations/customerSubscriptions\","
              "\"properties\":{\"tenantId\":\"%s\"}}",
              azure->options.has_no_ids ? "{" : "", customer, shown);
}

static bool answer_buf(struct http_peer *peer, int status, struct buf *buf)
{
    return http_peer_answer(peer, status, buf_text(buf));
}

static bool answer_mapping(struct wire_azure *azure, struct http_peer *peer,
                           const char *method)
{
    pthread_mutex_lock(&azure->lock);
    if (strcmp(method, "PUT") == 0)
        azure->has_mapping = true;
    bool is_there = azure->has_mapping;
    if (strcmp(method, "DELETE") == 0)
        azure->has_mapping = false;
    pthread_mutex_unlock(&azure->lock);
    if (!is_there)
        return http_peer_answer(peer, 404,
                                "{\"error\":{\"code\":\"CustomerSubscriptionNotFound\","
                                "\"message\":\"it is not there\"}}");
    auto_buf buf = { 0 };
    buf_init(&buf, ANSWER_BYTES_MAX);
    print_mapping(azure, &buf, CUSTOMER_ID, WIRE_TENANT, false);
    return answer_buf(peer, 200, &buf);
}

/* `page` from 1. */
static void wait_for_turn(struct wire_azure *azure, size_t page)
{
    pthread_mutex_lock(&azure->lock);
    azure->pages_asked++;
    pthread_cond_broadcast(&azure->changed);
    while (page == azure->options.closed_page && !azure->is_open)
        pthread_cond_wait(&azure->changed, &azure->lock);
    pthread_mutex_unlock(&azure->lock);
}

static bool answer_list(struct wire_azure *azure, struct http_peer *peer,
                        const char *path)
{
    const struct wire_azure_options *options = &azure->options;
    const char *token = strstr(path, "page=");
    size_t page = token != NULL ? strtoul(token + strlen("page="), NULL, 10) : 1;
    wait_for_turn(azure, page);
    if (page == options->refused_page)
        return http_peer_answer(peer, 403,
                                "{\"error\":{\"code\":\"AuthorizationFailed\","
                                "\"message\":\"no role\"}}");
    auto_buf buf = { 0 };
    buf_init(&buf, ANSWER_BYTES_MAX);
    buf_print(&buf, "{\"value\":[");
    for (size_t i = 0; page <= options->pages && i < options->per_page; i++) {
        size_t place = (page - 1) * options->per_page + i;
        buf_print(&buf, "%s", i > 0 ? "," : "");
        print_mapping(azure, &buf, wire_azure_customer(place), wire_azure_tenant(place),
                      place % 2 == 1);
    }
    buf_print(&buf, "]");
    if (page < options->pages)
        buf_print(&buf, ",\"nextLink\":\"https://127.0.0.1:%d%.*s?page=%zu\"",
                  http_server_port(azure->server), (int)strcspn(path, "? "), path,
                  page + 1);
    buf_print(&buf, "}");
    return answer_buf(peer, 200, &buf);
}

static const char registration[] =
    "{\"id\":\"" REGISTRATION_ID "\",\"name\":\"berlin\",\"location\":\"global\","
    "\"properties\":{\"objectId\":\"eeeeeeee-0000-4000-8000-000000000001\","
    "\"cloudId\":\"eeeeeeee-0000-4000-8000-000000000002\",\"billingModel\":"
    "\"PayAsYouUse\"}}";

static bool answer(struct wire_azure *azure, struct http_peer *peer)
{
    char method[16] = "", path[2048] = "";
    if (sscanf(http_peer_request(peer), "%15s %2047s", method, path) != 2)
        return false;
    if (strstr(path, "/oauth2/") != NULL)
        return http_peer_answer(peer, 200,
                                "{\"access_token\":\"not-a-token\",\"expires_in\":3599,"
                                "\"token_type\":\"Bearer\"}");
    if (strstr(path, "/customerSubscriptions/") != NULL)
        return answer_mapping(azure, peer, method);
    if (strstr(path, "/customerSubscriptions") != NULL)
        return answer_list(azure, peer, path);
    if (strstr(path, "/registrations/") != NULL)
        return http_peer_answer(peer, 200, registration);
    auto_buf buf = { 0 };
    buf_init(&buf, ANSWER_BYTES_MAX);
    buf_print(&buf, "{\"value\":[%s]}", registration);
    return answer_buf(peer, 200, &buf);
}

static void serve(struct http_peer *peer, void *state)
{
    while (http_peer_read(peer) && answer(state, peer)) {
    }
}

/* ---- life ----------------------------------------------------------------------------------- */

struct wire_azure *wire_azure_new(const struct wire_azure_options *options)
{
    struct wire_azure *azure = calloc(1, sizeof *azure);
    azure->options = *options;
    azure->has_mapping = options->has_mapping;
    pthread_mutex_init(&azure->lock, NULL);
    pthread_cond_init(&azure->changed, NULL);
    azure->authority = test_authority_new("wire");
    azure->context = test_server_context(
        azure->authority, &(struct test_certificate){ .common_name = "127.0.0.1" });
    azure->server = http_server_new(azure->context, serve, azure);
    snprintf(azure->trust, sizeof azure->trust, "SSL_CERT_FILE=%s",
             test_authority_file(azure->authority));
    return azure;
}

void wire_azure_free(struct wire_azure *azure)
{
    wire_azure_open_page(azure);
    http_server_free(azure->server);
    SSL_CTX_free(azure->context);
    test_authority_free(azure->authority);
    pthread_cond_destroy(&azure->changed);
    pthread_mutex_destroy(&azure->lock);
    free(azure);
}

int wire_azure_port(const struct wire_azure *azure)
{
    return http_server_port(azure->server);
}

void wire_azure_open_page(struct wire_azure *azure)
{
    pthread_mutex_lock(&azure->lock);
    azure->is_open = true;
    pthread_cond_broadcast(&azure->changed);
    pthread_mutex_unlock(&azure->lock);
}

size_t wire_azure_pages_asked(struct wire_azure *azure)
{
    pthread_mutex_lock(&azure->lock);
    size_t count = azure->pages_asked;
    pthread_mutex_unlock(&azure->lock);
    return count;
}

void wire_azure_wait_for_page(struct wire_azure *azure, size_t pages)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WIRE_LIMIT_MS / 1000;
    int result = 0;
    pthread_mutex_lock(&azure->lock);
    while (azure->pages_asked < pages && result == 0)
        result = pthread_cond_timedwait(&azure->changed, &azure->lock, &end);
    pthread_mutex_unlock(&azure->lock);
    assert_int_equal(result, 0);
}

size_t wire_azure_count(struct wire_azure *azure, const char *method)
{
    size_t count = 0;
    for (size_t i = 0; i < http_server_requests(azure->server); i++) {
        char *request = http_server_request(azure->server, i);
        char *line_end = strstr(request, "\r\n");
        *line_end = '\0';
        count += strncmp(request, method, strlen(method)) == 0 &&
                 strstr(request, "/customerSubscriptions/") != NULL;
        free(request);
    }
    return count;
}

void wire_azure_scene(struct wire_azure *azure, struct wire_scene *scene)
{
    wire_azure_scene_with(azure, scene, NULL);
}

void wire_azure_scene_with(struct wire_azure *azure, struct wire_scene *scene,
                           const char *variable)
{
    const char *const variables[] = { azure->trust, variable, NULL };
    wire_scene_open(scene, &(struct wire_start){ .variables = variables });
    wire_configure(scene->channel, wire_azure_port(azure), "not-a-secret");
}
