/* The arguments of a credential, which several blocks of the provider have.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_SIGN_IN_H
#define SCHEMA_SIGN_IN_H

#include "schema/attribute.h"

#define SIGN_IN_ROW(row_name, row_type, row_flags, variable, text, other, ...)           \
    {                                                                                    \
        row_name, row_type, OPTIONAL | (row_flags),                                      \
            .env = ENV(variable), __VA_ARGS__,                                           \
            .doc = text " This can also be sourced from the `" variable                  \
                        "` Environment Variable. Defaults to " other "."                 \
    }

/* The rows of a block that inherits what it does not set.
 *   prefix  of the environment variables: "AZURESTACK_HUB_"
 *   place   what the service principal signs in to: "the hub"
 *   limit   a sentence about methods that only Entra has, after a space; or ""
 *   other   from where it inherits: "the provider's value" */
#define SIGN_IN_ROWS(prefix, place, limit, other)                                        \
    SIGN_IN_ROW("client_id", &type_string, 0, prefix "CLIENT_ID",                        \
                "The client ID of the service principal that signs in to " place ".",    \
                other, .other_forms = NAMES("client_id_file_path")),                     \
        SIGN_IN_ROW("client_id_file_path", &type_string, 0,                              \
                    prefix "CLIENT_ID_FILE_PATH",                                        \
                    "The path of a file that contains the client ID.", other,            \
                    .other_forms = NAMES("client_id")),                                  \
        SIGN_IN_ROW(                                                                     \
            "client_secret", &type_string, SENSITIVE | CHOOSES, prefix "CLIENT_SECRET",  \
            "The client secret of the service principal.", other,                        \
            .sign_in = SIGN_IN_SECRET, .other_forms = NAMES("client_secret_file_path"),  \
            .given_with = NAMES("client_id", "client_id_file_path")),                    \
        SIGN_IN_ROW("client_secret_file_path", &type_string, CHOOSES,                    \
                    prefix "CLIENT_SECRET_FILE_PATH",                                    \
                    "The path of a file that contains the client secret.", other,        \
                    .sign_in = SIGN_IN_SECRET, .other_forms = NAMES("client_secret"),    \
                    .given_with = NAMES("client_id", "client_id_file_path")),            \
        SIGN_IN_ROW("client_certificate", &type_string, SENSITIVE | CHOOSES,             \
                    prefix "CLIENT_CERTIFICATE",                                         \
                    "The certificate of the service principal with its private key, "    \
                    "encoded in base64.",                                                \
                    other, .sign_in = SIGN_IN_CERTIFICATE,                               \
                    .other_forms = NAMES("client_certificate_path"),                     \
                    .given_with = NAMES("client_id", "client_id_file_path")),            \
        SIGN_IN_ROW(                                                                     \
            "client_certificate_path", &type_string, CHOOSES,                            \
            prefix "CLIENT_CERTIFICATE_PATH",                                            \
            "The path of the PKCS#12 (`.pfx`) or PEM file with the certificate of "      \
            "the service principal and its private key.",                                \
            other, .sign_in = SIGN_IN_CERTIFICATE,                                       \
            .other_forms = NAMES("client_certificate"),                                  \
            .given_with = NAMES("client_id", "client_id_file_path")),                    \
        SIGN_IN_ROW("client_certificate_password", &type_string, SENSITIVE,              \
                    prefix "CLIENT_CERTIFICATE_PASSWORD",                                \
                    "The password of the certificate file.", other,                      \
                    .sign_in = SIGN_IN_CERTIFICATE,                                      \
                    .given_with =                                                        \
                        NAMES("client_certificate", "client_certificate_path")),         \
        SIGN_IN_ROW("use_oidc", &type_bool, CHOOSES, prefix "USE_OIDC",                  \
                    "Whether to sign in with OpenID Connect." limit, other,              \
                    .sign_in = SIGN_IN_OIDC),                                            \
        SIGN_IN_ROW("oidc_token", &type_string, SENSITIVE | CHOOSES,                     \
                    prefix "OIDC_TOKEN", "The OpenID Connect token.", other,             \
                    .sign_in = SIGN_IN_OIDC,                                             \
                    .other_forms = NAMES("oidc_token_file_path")),                       \
        SIGN_IN_ROW("oidc_token_file_path", &type_string, CHOOSES,                       \
                    prefix "OIDC_TOKEN_FILE_PATH",                                       \
                    "The path of a file that contains the OpenID Connect token.", other, \
                    .sign_in = SIGN_IN_OIDC, .other_forms = NAMES("oidc_token")),        \
        SIGN_IN_ROW(                                                                     \
            "use_msi", &type_bool, CHOOSES, prefix "USE_MSI",                            \
            "Whether to sign in with the managed identity of the machine." limit, other, \
            .sign_in = SIGN_IN_MSI),                                                     \
        SIGN_IN_ROW("use_cli", &type_bool, CHOOSES, prefix "USE_CLI",                    \
                    "Whether to sign in as the user of the Azure CLI." limit, other,     \
                    .sign_in = SIGN_IN_CLI)

#endif
