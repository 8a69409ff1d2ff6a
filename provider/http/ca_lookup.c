/* Authorities that are decoded only when a chain names them. OpenSSL needs 0.1 ms or more to decode
 * a certificate, most of it for the key. A system's list has 140 certificates, and a run needs one
 * or two.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base/memory.h"
#include "http/internal.h"

struct ca_waiting {
    X509_NAME *subject; /* NULL: decoded, or damaged */
    uint8_t *data;
    size_t length;
};

X509 *ca_decode(const uint8_t *data, size_t length)
{
    const uint8_t *at = data;
    X509 *certificate = length > 0 ? d2i_X509(NULL, &at, (long)length) : NULL;
    if (certificate != NULL && at != data + length) {
        X509_free(certificate);
        certificate = NULL;
    }
    ERR_clear_error();
    return certificate;
}

/* Enters the element at *at, if it has this tag and ends before `end`. Returns the end of the
 * element; NULL: it is another one. */
static const uint8_t *enter(const uint8_t **at, const uint8_t *end, int wanted)
{
    long length;
    int tag, class;
    if (ASN1_get_object(at, &length, &tag, &class, end - *at) != V_ASN1_CONSTRUCTED ||
        tag != wanted || class != V_ASN1_UNIVERSAL)
        return NULL;
    return *at + length;
}

/* Skips the element at *at. False: there is none. */
static bool skip(const uint8_t **at, const uint8_t *end, int *class)
{
    long length;
    int tag;
    if ((ASN1_get_object(at, &length, &tag, class, end - *at) & ~V_ASN1_CONSTRUCTED) != 0)
        return false;
    *at += length;
    return true;
}

/* RFC 5280, 4.1: [version,] serial number, algorithm, issuer, validity, subject. */
static X509_NAME *read_subject(const uint8_t *data, size_t size)
{
    enum { BEFORE_SUBJECT = 4 };
    const uint8_t *at = data, *whole = enter(&at, data + size, V_ASN1_SEQUENCE);
    if (whole != data + size)
        return NULL;
    const uint8_t *end = enter(&at, whole, V_ASN1_SEQUENCE);
    if (end == NULL)
        return NULL;
    for (int i = 0, class; i < BEFORE_SUBJECT; i++) {
        if (!skip(&at, end, &class) || (i != 0 && class != V_ASN1_UNIVERSAL))
            return NULL;
        if (class != V_ASN1_UNIVERSAL)
            i--; /* the version */
    }
    return d2i_X509_NAME(NULL, &at, end - at);
}

bool ca_lookup_add(struct ca_lookup *lookup, const uint8_t *data, size_t length)
{
    X509_NAME *subject = read_subject(data, length);
    ERR_clear_error();
    if (subject == NULL)
        return false;
    if ((lookup->count & (lookup->count - 1)) == 0) /* 0, 1, 2, 4, …: the array is full */
        lookup->list =
            memory_resize(lookup->list, lookup->count == 0 ? 1 : lookup->count * 2,
                          sizeof *lookup->list);
    uint8_t *copy = memory_new(length);
    memcpy(copy, data, length);
    lookup->list[lookup->count++] = (struct ca_waiting){ subject, copy, length };
    return true;
}

static void forget(struct ca_waiting *waiting)
{
    X509_NAME_free(take(waiting->subject));
    free(take(waiting->data));
}

/* Adds all certificates with this subject to the store, which searches them for the right one.
 * Returns one of them, borrowed from the store; NULL: there is none. */
static X509 *decode_all(struct ca_lookup *lookup, const X509_NAME *subject)
{
    X509 *found = NULL;
    for (size_t i = 0; i < lookup->count; i++) {
        struct ca_waiting *waiting = &lookup->list[i];
        if (waiting->subject == NULL || X509_NAME_cmp(waiting->subject, subject) != 0)
            continue;
        X509 *certificate = ca_decode(waiting->data, waiting->length);
        forget(waiting);
        if (certificate == NULL)
            continue;
        if (X509_STORE_add_cert(lookup->store, certificate) != 1)
            memory_exhausted(0); /* the only possible error */
        X509_free(certificate);
        found = certificate;
    }
    return found;
}

static int find(X509_LOOKUP *asked, X509_LOOKUP_TYPE type, const X509_NAME *subject,
                X509_OBJECT *out)
{
    struct ca_lookup *lookup = X509_LOOKUP_get_method_data(asked);
    if (type != X509_LU_X509)
        return 0;
    pthread_mutex_lock(&lookup->lock);
    X509 *found = decode_all(lookup, subject);
    pthread_mutex_unlock(&lookup->lock);
    if (found == NULL || X509_OBJECT_set1_X509(out, found) != 1)
        return 0;
    /* As in OpenSSL's own methods, `out` borrows the certificate from the store. */
    X509_free(found);
    return 1;
}

static X509_LOOKUP_METHOD *method;

static void make_method(void)
{
    method = X509_LOOKUP_meth_new("certificates that are not decoded yet");
    if (method == NULL || X509_LOOKUP_meth_set_get_by_subject(method, find) != 1)
        memory_exhausted(0);
}

void ca_lookup_init(struct ca_lookup *lookup, X509_STORE *store)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_method);
    *lookup = (struct ca_lookup){ .store = store };
    pthread_mutex_init(&lookup->lock, NULL);
    X509_LOOKUP *added = X509_STORE_add_lookup(store, method);
    if (added == NULL || X509_LOOKUP_set_method_data(added, lookup) != 1)
        memory_exhausted(0);
}

void ca_lookup_clear(struct ca_lookup *lookup)
{
    if (lookup->store == NULL)
        return;
    for (size_t i = 0; i < lookup->count; i++)
        forget(&lookup->list[i]);
    free(lookup->list);
    pthread_mutex_destroy(&lookup->lock);
    *lookup = (struct ca_lookup){ .store = NULL };
}
