/* A form-encoded body, which is wiped after use.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/form.h"

#include <assert.h>
#include <stdint.h>

#include "base/text.h"

void form_clear(struct form *form)
{
    buf_clear(&form->body);
    for (size_t i = 0; i < FORM_SECRETS_MAX; i++)
        secret_free(form->hidden[i]);
    *form = (struct form){ 0 };
    buf_init(&form->body, SIZE_MAX / 2);
}

void form_add(struct form *form, const char *name, const char *value)
{
    auto_arena arena = arena_new(); /* wiped when it is freed */
    if (form->body.length != 0)
        buf_add_char(&form->body, '&');
    buf_add_text(&form->body, name);
    buf_add_char(&form->body, '=');
    buf_add_text(&form->body, text_encode_percent(arena, value));
}

void form_add_secret(struct form *form, const char *name, const struct secret *value)
{
    form_add(form, name, secret_reveal(value));
    size_t i = 0;
    while (i < FORM_SECRETS_MAX && form->hidden[i] != NULL)
        i++;
    assert(i < FORM_SECRETS_MAX);
    form->hidden[i] = secret_new(secret_reveal(value), secret_length(value));
}
