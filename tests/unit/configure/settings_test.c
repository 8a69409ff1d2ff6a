/* Which variables are used beside what the provider block says about signing in.
 * SPDX-License-Identifier: MPL-2.0 */
#include "configure/settings.h"
#include "unit/configure/run.h"

/* What is not nothing and not the default, in the order of the table. */
static const char *describe(struct arena *arena, const struct settings *settings)
{
    const char *text = "";
    for (size_t i = 0; i < settings->count; i++) {
        const struct attribute *row = settings->items[i].row;
        if (row->type != &type_string && row->type != &type_bool)
            continue;
        const char *value = settings_text(settings, row->name);
        if (row->type == &type_bool)
            value = settings_is_on(settings, row->name) ? "true" : "false";
        if (value == NULL || *value == '\0' ||
            (row->default_value != NULL && strcmp(value, row->default_value) == 0))
            continue;
        text = arena_print(arena, "%s%s%s=%s", text, *text != '\0' ? " " : "", row->name, value);
    }
    return text;
}

#define PRINCIPAL "ARM_TENANT_ID=t ARM_CLIENT_ID=a"
#define SECRET PRINCIPAL " ARM_CLIENT_SECRET=s"
#define GITHUB "ACTIONS_ID_TOKEN_REQUEST_URL=https://github ACTIONS_ID_TOKEN_REQUEST_TOKEN=r"

static const struct {
    const char *block, *variables, *want;
    const char *unused; /* the reason that is given for one of them; NULL: all are used */
} cases[] = {
    /* Nothing about signing in, or nothing that contradicts: everything is used. */
    { "", SECRET, "tenant_id=t client_id=a client_secret=s" },
    { "'tenant_id':'u'", SECRET, "tenant_id=u client_id=a client_secret=s" },
    { "'client_secret':'x'", PRINCIPAL, "tenant_id=t client_id=a client_secret=x" },
    { "'client_id':'b'", "ARM_TENANT_ID=t ARM_CLIENT_SECRET=s",
      "tenant_id=t client_id=b client_secret=s" },
    { "'use_oidc':false", SECRET " ARM_USE_OIDC=true", "tenant_id=t client_id=a client_secret=s" },
    { "'use_oidc':true", PRINCIPAL " " GITHUB,
      "tenant_id=t client_id=a use_oidc=true oidc_request_token=r "
      "oidc_request_url=https://github" },
    { "'use_msi':true", PRINCIPAL " ARM_MSI_ENDPOINT=m",
      "tenant_id=t client_id=a use_msi=true msi_endpoint=m" },
    { "", SECRET " ARM_USE_OIDC=true ARM_OIDC_TOKEN=o ARM_USE_MSI=1 ARM_USE_CLI=0",
      "tenant_id=t client_id=a client_secret=s use_oidc=true oidc_token=o use_msi=true "
      "use_cli=false" },

    /* The reported one: azurerm issue 33202. */
    { "'use_oidc':true,'client_id':'b','oidc_token_file_path':'f'", SECRET,
      "tenant_id=t client_id=b use_oidc=true oidc_token_file_path=f",
      "ARM_CLIENT_SECRET is not used: the provider block selects another sign-in method "
      "with use_oidc" },
    /* The block chooses a way: nothing of another one. */
    { "'use_oidc':true", SECRET, "tenant_id=t client_id=a use_oidc=true", "use_oidc" },
    { "'use_oidc':true", PRINCIPAL " ARM_CLIENT_SECRET_FILE_PATH=p",
      "tenant_id=t client_id=a use_oidc=true", "ARM_CLIENT_SECRET_FILE_PATH" },
    { "'use_oidc':true",
      PRINCIPAL " ARM_CLIENT_CERTIFICATE=c ARM_CLIENT_CERTIFICATE_PATH=p "
                "ARM_CLIENT_CERTIFICATE_PASSWORD=w ARM_USE_MSI=true",
      "tenant_id=t client_id=a use_oidc=true", "ARM_USE_MSI is not used" },
    { "'use_msi':true", SECRET " ARM_USE_OIDC=true ARM_OIDC_TOKEN=o",
      "tenant_id=t client_id=a use_msi=true", "with use_msi" },
    { "'use_cli':true", SECRET, "tenant_id=t client_id=a", "with use_cli" },
    { "'use_aks_workload_identity':true", SECRET " ARM_USE_MSI=true",
      "tenant_id=t client_id=a use_aks_workload_identity=true", "with use_aks_workload_identity" },
    { "'client_secret':'x'", PRINCIPAL " ARM_CLIENT_CERTIFICATE_PATH=p ARM_USE_OIDC=true",
      "tenant_id=t client_id=a client_secret=x", "with client_secret" },
    { "'client_certificate_path':'p'", SECRET " ARM_CLIENT_CERTIFICATE_PASSWORD=w",
      "tenant_id=t client_id=a client_certificate_path=p client_certificate_password=w",
      "with client_certificate_path" },
    { "'oidc_token':'o'", SECRET " ARM_USE_OIDC=true",
      "tenant_id=t client_id=a use_oidc=true oidc_token=o", "with oidc_token" },
    /* A variable may still turn another way off. */
    { "'use_oidc':true", PRINCIPAL " ARM_USE_CLI=false",
      "tenant_id=t client_id=a use_oidc=true use_cli=false" },
    { "'use_oidc':true", PRINCIPAL " ARM_USE_CLI=true ARM_USE_MSI=false",
      "tenant_id=t client_id=a use_oidc=true" },
    /* What is switched off or is only a detail chooses nothing. */
    { "'oidc_token_file_path':'f'", SECRET,
      "tenant_id=t client_id=a client_secret=s oidc_token_file_path=f" },
    { "'use_oidc':false,'oidc_token':'o'", SECRET " ARM_USE_OIDC=true",
      "tenant_id=t client_id=a client_secret=s oidc_token=o" },
    { "'msi_endpoint':'m','client_certificate_password':'w'", SECRET " ARM_USE_MSI=true",
      "tenant_id=t client_id=a client_secret=s client_certificate_password=w "
      "use_msi=true msi_endpoint=m" },
    /* Two ways in the block: both. */
    { "'use_oidc':true,'client_secret':'x'", SECRET " ARM_OIDC_TOKEN=o ARM_USE_MSI=true",
      "tenant_id=t client_id=a client_secret=x use_oidc=true oidc_token=o", "ARM_USE_MSI" },

    /* A secret goes with the client ID that was set beside it. */
    { "'client_id':'b'", SECRET, "tenant_id=t client_id=b",
      "ARM_CLIENT_SECRET is not used: it belongs to ARM_CLIENT_ID, and the "
      "provider block has a different client_id" },
    { "'client_id':'A'", SECRET, "tenant_id=t client_id=A client_secret=s" },
    { "'client_id':'b'", PRINCIPAL " ARM_CLIENT_SECRET_FILE_PATH=p", "tenant_id=t client_id=b",
      "ARM_CLIENT_SECRET_FILE_PATH" },
    { "'client_id':'b'", PRINCIPAL " ARM_CLIENT_CERTIFICATE_PATH=p ARM_CLIENT_CERTIFICATE=c",
      "tenant_id=t client_id=b", "ARM_CLIENT_CERTIFICATE_PATH" },
    { "'client_id_file_path':'f'", SECRET, "tenant_id=t client_id_file_path=f",
      "different client_id_file_path" },
    { "'client_id':'b'", "ARM_CLIENT_ID_FILE_PATH=f ARM_CLIENT_SECRET=s", "client_id=b",
      "belongs to ARM_CLIENT_ID_FILE_PATH" },
    { "'client_id_file_path':'f'", "ARM_CLIENT_ID_FILE_PATH=f ARM_CLIENT_SECRET=s",
      "client_id_file_path=f client_secret=s" },
    { "'client_id':'b'", "AZURE_CLIENT_ID=a ARM_CLIENT_SECRET=s", "client_id=b",
      "belongs to AZURE_CLIENT_ID" },
    { "'client_id':'b','client_secret':'x'", SECRET, "tenant_id=t client_id=b client_secret=x" },
    /* A job's token is not bound to a client ID: any application that trusts the job accepts it. */
    { "'client_id':'b'", PRINCIPAL " ARM_USE_OIDC=true ARM_OIDC_TOKEN=o",
      "tenant_id=t client_id=b use_oidc=true oidc_token=o" },
    { "'client_id':'b'", SECRET " ARM_USE_OIDC=true " GITHUB,
      "tenant_id=t client_id=b use_oidc=true oidc_request_token=r "
      "oidc_request_url=https://github",
      "ARM_CLIENT_SECRET" },
    /* But the request for it goes to the address that came with its secret. */
    { "'use_oidc':true,'oidc_request_url':'https://other'", GITHUB,
      "use_oidc=true oidc_request_url=https://other",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN is not used: it belongs to "
      "ACTIONS_ID_TOKEN_REQUEST_URL, and the provider block has a different "
      "oidc_request_url" },
    { "'use_oidc':true,'oidc_request_url':'https://other'", "SYSTEM_ACCESSTOKEN=r",
      "use_oidc=true oidc_request_token=r oidc_request_url=https://other" },
    /* As the password of a certificate is for that one. */
    { "'client_certificate_path':'p'",
      "ARM_CLIENT_CERTIFICATE_PATH=q ARM_CLIENT_CERTIFICATE_PASSWORD=w",
      "client_certificate_path=p", "ARM_CLIENT_CERTIFICATE_PASSWORD" },

    /* Another form of the same thing. */
    { "'client_secret':'x'", PRINCIPAL " ARM_CLIENT_SECRET_FILE_PATH=p",
      "tenant_id=t client_id=a client_secret=x",
      "ARM_CLIENT_SECRET_FILE_PATH is not used: the provider block sets client_secret" },
    { "'client_secret_file_path':'p'", SECRET, "tenant_id=t client_id=a client_secret_file_path=p",
      "ARM_CLIENT_SECRET" },
    { "'client_certificate':'c'", "ARM_CLIENT_CERTIFICATE_PATH=p", "client_certificate=c",
      "ARM_CLIENT_CERTIFICATE_PATH" },
    { "'client_id_file_path':'f'", PRINCIPAL, "tenant_id=t client_id_file_path=f",
      "ARM_CLIENT_ID is not used: the provider block sets client_id_file_path" },
    { "'use_oidc':true,'oidc_token_file_path':'f'", "ARM_OIDC_TOKEN=o " GITHUB,
      "use_oidc=true oidc_token_file_path=f", "ARM_OIDC_TOKEN" },
    { "'use_oidc':true,'oidc_request_url':'https://github'",
      "ARM_OIDC_TOKEN=o AZURE_FEDERATED_TOKEN_FILE=f " GITHUB,
      "use_oidc=true oidc_request_token=r oidc_request_url=https://github",
      "AZURE_FEDERATED_TOKEN_FILE" },
    { "'use_oidc':true,'ado_pipeline_service_connection_id':'c'",
      "ARM_OIDC_TOKEN=o SYSTEM_ACCESSTOKEN=r SYSTEM_OIDCREQUESTURI=https://ado",
      "use_oidc=true oidc_request_token=r oidc_request_url=https://ado "
      "ado_pipeline_service_connection_id=c",
      "ARM_OIDC_TOKEN" },

    /* An empty text switches the variable off, and chooses nothing. */
    { "'client_secret':''", SECRET " ARM_USE_OIDC=true ARM_OIDC_TOKEN=o",
      "tenant_id=t client_id=a use_oidc=true oidc_token=o" },
    { "'client_secret':''", SECRET " ARM_CLIENT_SECRET_FILE_PATH=p",
      "tenant_id=t client_id=a client_secret_file_path=p" },
    { "'client_id':''", SECRET, "tenant_id=t client_secret=s" },
    { "'client_id':''", SECRET " ARM_CLIENT_ID_FILE_PATH=f",
      "tenant_id=t client_id_file_path=f client_secret=s" },
    { "'tenant_id':'','oidc_token':'','msi_endpoint':''",
      SECRET " ARM_OIDC_TOKEN=o ARM_MSI_ENDPOINT=m", "client_id=a client_secret=s" },
};

static struct settings read_settings(struct arena *arena, const char *block)
{
    const struct attribute *rows = provider_table.attributes;
    const struct value *value =
        value_of(arena, schema_rows_type(arena, rows), arena_print(arena, "{%s}", block));
    return settings_read(arena, rows, value, SETTINGS_OF_ALL);
}

TEST(what_the_block_says_is_not_mixed_with_what_the_environment_says)
{
    EACH (row, cases) {
        auto_arena arena = arena_new();
        set_variables(row->variables);
        const struct settings settings = read_settings(arena, row->block);
        const char *have = describe(arena, &settings);
        if (strcmp(have, row->want) != 0)
            fail_msg("{%s} with %s:\n  %s\nand not\n  %s", row->block, row->variables, have,
                     row->want);
        const char *unused = settings_unused(arena, &settings);
        if (row->unused == NULL ? *unused != '\0' : strstr(unused, row->unused) == NULL)
            fail_msg("{%s} with %s: \"%s\" and not \"%s\"", row->block, row->variables, unused,
                     row->unused != NULL ? row->unused : "");
    }
}

/* Whatever else is set: a secret of the environment beside another client ID of the block
 * is read in no case. */
TEST(a_secret_is_never_read_beside_another_client_id)
{
    static const char *const bound[] = { "client_secret", "client_secret_file_path",
                                         "client_certificate", "client_certificate_path" };
    static const char *const clients[] = { "client_id", "client_id_file_path" };
    for (unsigned mask = 0; mask < 1U << 6; mask++) {
        for (size_t c = 0; c < 2; c++) {
            auto_arena arena = arena_new();
            set_variables("");
            for (size_t i = 0; i < 6; i++) {
                const char *name = i < 4 ? bound[i] : clients[i - 4];
                if ((mask & 1U << i) != 0)
                    setenv(schema_find(provider_table.attributes, name)->env[0], "e", 1);
            }
            const struct settings settings =
                read_settings(arena, arena_print(arena, "'%s':'b'", clients[c]));
            for (size_t i = 0; i < 4; i++) {
                bool is_alone = (mask >> 4) == 0;
                bool is_read = settings_text(&settings, bound[i]) != NULL;
                assert_int_equal(is_read, (mask & 1U << i) != 0 && is_alone);
            }
        }
    }
}

TEST(only_variables_that_are_used_are_checked)
{
    auto_call call;
    call_init(&call, NULL);
    struct diags diags;
    diags_init(&diags, call.arena);
    set_variables("ARM_USE_MSI=perhaps");
    struct settings settings = read_settings(call.arena, "");
    assert_int_equal(settings_check(call.arena, &settings, &diags), -1);
    assert_string_equal(diags.first->summary, "Invalid environment variable ARM_USE_MSI");
    diags_init(&diags, call.arena);
    settings = read_settings(call.arena, "'use_msi':false");
    assert_int_equal(settings_check(call.arena, &settings, &diags), 0);
}

TEST(the_columns_name_rows)
{
    for (const struct attribute *row = provider_table.attributes; row->name != NULL; row++) {
        const char *const *const lists[] = { row->other_forms, row->given_with };
        for (size_t i = 0; i < 2; i++) {
            for (const char *const *name = lists[i]; name != NULL && *name != NULL; name++) {
                const struct attribute *other = schema_find(provider_table.attributes, *name);
                assert_non_null(other);
                assert_ptr_equal(other->type, &type_string);
                assert_string_not_equal(*name, row->name);
            }
        }
        /* A way that cannot be chosen in the block would always lose. */
        assert_true((row->flags & CHOOSES) == 0 || row->sign_in != SIGN_IN_ANY);
        assert_true((row->flags & CHOOSES) == 0 || row->type == &type_bool ||
                    row->type == &type_string);
    }
}
