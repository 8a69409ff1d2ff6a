/* A form-encoded body, which is wiped after use.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/form.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

static void drop_text(struct form *form)
{
    memory_wipe_and_free(form->text);
    form->text = NULL;
}

void form_clear(struct form *form)
{
    drop_text(form);
    for (size_t i = 0; i < FORM_SECRETS_MAX; i++)
        secret_free(form->hidden[i]);
    *form = (struct form){ 0 };
}

/* Not realloc(), which would leave the secrets in the old memory. */
static void make_room(struct form *form, size_t room)
{
    if (room <= form->room)
        return;
    char *grown = memory_new(room * 2);
    if (form->length != 0)
        memcpy(grown, form->text, form->length);
    drop_text(form);
    form->text = grown;
    form->room = room * 2;
}

void form_add(struct form *form, const char *name, const char *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~";
    make_room(form, form->length + strlen(name) + 3 * strlen(value) + 3);
    char *at = form->text + form->length;
    if (form->length != 0)
        *at++ = '&';
    at = stpcpy(at, name);
    *at++ = '=';
    for (; *value != '\0'; value++) {
        unsigned char one = (unsigned char)*value;
        if (strchr(plain, one) != NULL) {
            *at++ = *value;
            continue;
        }
        *at++ = '%';
        *at++ = "0123456789ABCDEF"[one >> 4];
        *at++ = "0123456789ABCDEF"[one & 0x0F];
    }
    *at = '\0';
    form->length = (size_t)(at - form->text);
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
