/* Finds the ID of a directory by one of its domains, which its login service returns without a
 * token.
 * Source: OpenID Connect Discovery 1.0, 4; AzureStack-Tools, AzureStack.Identity.psm1: the tenant is
 * the first part of the path of token_endpoint
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"
#include "rest/json.h"
#include "session/service.h"

enum { DOCUMENT_BYTES_MAX = 256 * 1024 };

/* In lower case; NULL: the document has none. */
static const char *read_tenant(struct arena *arena, const json_t *document)
{
    const char *endpoint = json_string_value(json_object_get(document, "token_endpoint"));
    size_t origin = endpoint != NULL ? http_origin_length(endpoint) : 0;
    if (origin == 0 || endpoint[origin] != '/')
        return NULL;
    const char *path = endpoint + origin + 1;
    const char *tenant = arena_copy_bytes_as_text(arena, path, strcspn(path, "/"));
    return text_is_guid(tenant) ? text_lower(arena, tenant) : NULL;
}

static int explain_unknown(const struct service *service, const char *domain,
                           struct error *err)
{
    return error_set(err, ERR_REFUSED, "%s has no directory with the domain \"%s\"",
                     service->authority, domain);
}

static int explain(const struct service *service, const struct http_reply *reply,
                   const char *domain, struct error *err)
{
    if (reply->status == 400 || reply->status == 404)
        return explain_unknown(service, domain, err);
    bool may_pass = http_may_pass(reply->status);
    return error_set(err, may_pass ? ERR_TIMEOUT : ERR_SHAPE,
                     "%s returned no OpenID configuration for the directory of \"%s\" "
                     "(status %d)",
                     service->authority, domain, reply->status);
}

static int ask(struct service *service, struct call *call, const char *domain,
               const char **out, struct error *err)
{
    const char *url =
        arena_print(call->arena, "%s/%s/.well-known/openid-configuration",
                    service->authority, text_encode_percent(call->arena, domain));
    auto_http_reply reply = NULL;
    if (http_get_json(service->login_transport, call, url, DOCUMENT_BYTES_MAX, &reply,
                      err) < 0)
        return error_context(err, "getting from %s the directory of \"%s\"",
                             service->authority, domain);
    if (reply->status != 200)
        return explain(service, reply, domain, err);
    json_t *document = rest_json_parse_object(reply->body);
    *out = read_tenant(call->arena, document);
    json_decref(document);
    return *out != NULL ? 0 : explain(service, reply, domain, err);
}

int service_find_directory(struct service *service, struct call *call, const char *domain,
                           const char **out, struct error *err)
{
    const char *key = text_lower(call->arena, domain);
    pthread_mutex_lock(&service->lock);
    const json_t *found = json_object_get(service->directories, key);
    bool is_nobodys = json_is_null(found);
    const char *known = json_string_value(found);
    known = known != NULL ? arena_copy_text(call->arena, known) : NULL;
    pthread_mutex_unlock(&service->lock);
    if (is_nobodys)
        return explain_unknown(service, domain, err);
    int result = known == NULL ? ask(service, call, key, &known, err) : 0;
    if (result < 0 && err->kind != ERR_REFUSED)
        return -1;
    pthread_mutex_lock(&service->lock);
    if (service->directories == NULL)
        service->directories = json_object();
    json_object_set_new(service->directories, key,
                        result == 0 ? json_string(known) : json_null());
    pthread_mutex_unlock(&service->lock);
    if (result < 0)
        return -1;
    *out = known;
    return 0;
}

int service_find_own_directory(struct service *service, struct call *call,
                               const char **out, struct error *err)
{
    pthread_mutex_lock(&service->lock);
    const char *own = service->own_directory; /* which never changes */
    bool is_domain = own != NULL && !service->auth.is_adfs && !text_is_guid(own);
    pthread_mutex_unlock(&service->lock);
    *out = own != NULL ? text_lower(call->arena, own) : NULL;
    return is_domain ? service_find_directory(service, call, own, out, err) : 0;
}
