/* Keys and certificates of peers, as go-plugin makes them and as it does not.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef WIRE_IDENTITY_H
#define WIRE_IDENTITY_H

struct wire_identity {
    char *certificate_pem, *key_pem;
};

struct wire_identity_options {
    const char *name;                     /* common name; NULL: localhost, as go-plugin */
    long begin_seconds, end_seconds;      /* from now; both 0: 30 s ago, for 30 years */
    const struct wire_identity *same_key; /* its key is taken instead of a new one */
};

/* P-521, CA:TRUE, SAN localhost, signed by itself: go-plugin mtls.go. */
struct wire_identity *wire_identity_new(const struct wire_identity_options *options);
/* The certificate of another, which is no secret, and a key that has the other's public half
 * and a private half of its own: what a liar would present. */
struct wire_identity *wire_identity_forge(const struct wire_identity *of);
void wire_identity_free(struct wire_identity *identity);

#endif
