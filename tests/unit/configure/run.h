/* Configure over a session that only keeps what it is given.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_CONFIGURE_RUN_H
#define UNIT_CONFIGURE_RUN_H

#include "configure/configure.h"
#include "schema/tables.h"
#include "support/session_fake.h"
#include "support/value_of.h"

/* No variable of the machine that runs the test may count. */
static inline void clear_variables(const struct attribute *rows)
{
    unsetenv("TF_APPEND_USER_AGENT");
    for (; rows->name != NULL; rows++) {
        for (const char *const *name = rows->env; name != NULL && *name != NULL; name++)
            unsetenv(*name);
        if (rows->rows != NULL)
            clear_variables(rows->rows);
    }
}

/* These and no others: "NAME=value NAME=value". */
static inline void set_variables(const char *text)
{
    char *copy = strdup(text), *rest = copy;
    clear_variables(provider_table.attributes);
    for (char *one; (one = strsep(&rest, " ")) != NULL && *one != '\0';) {
        char *value = strchr(one, '=');
        *value = '\0';
        setenv(one, value + 1, 1);
    }
    free(copy);
}

struct configured {
    struct call call;
    struct diags diags;
    struct session *session;
    int result;
};

/* `block`: the members of the provider block, as value_of() reads them. */
static inline void configure(struct configured *out, const char *block)
{
    const struct attribute *rows = provider_table.attributes;
    *out = (struct configured){ 0 };
    call_init(&out->call, NULL);
    struct arena *arena = out->call.arena;
    diags_init(&out->diags, arena);
    const struct value *config =
        value_of(arena, schema_rows_type(arena, rows), arena_print(arena, "{%s}", block));
    const struct configure_host host = { .provider_version = "0.1.0",
                                         .terraform_version = "1.11.4" };
    out->result =
        configure_session(&out->call, &provider_table, &host, config, &out->session, &out->diags);
    assert_int_equal(out->result, diags_have_error(&out->diags) ? -1 : 0);
    if (out->result < 0)
        return;
    /* A session borrows nothing of the call that made it. */
    call_clear(&out->call);
    call_init(&out->call, NULL);
}

/* Fails the test where there is an error. */
static inline const struct session_config *configure_well(struct configured *out, const char *block)
{
    configure(out, block);
    if (out->result < 0)
        fail_msg("%s: %s: %s", block, out->diags.first->summary, out->diags.first->detail);
    return &out->session->config;
}

static inline void clear(struct configured *out)
{
    if (out->result == 0)
        session_free(out->session);
    call_clear(&out->call);
    assert_int_equal(session_fakes_alive, 0);
}

#endif
