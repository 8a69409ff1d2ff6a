/* Cleanup variables: a scope frees what it owns, however it is left.
 *
 *     void thing_free(struct thing *thing);             NULL is fine
 *     DEFINE_CLEANUP(struct thing, thing_free)
 *     #define auto_thing CLEANUP(thing_freep) struct thing *
 *
 * Always initialize such a variable. take() moves its value out.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

#define DEFINE_CLEANUP(type, function)                                                   \
    static inline __attribute__((unused)) void function##p(type **place)                 \
    {                                                                                    \
        function(*place);                                                                \
    }

/* The value of a pointer variable, which is then set to NULL. */
#define take(pointer)                                                                    \
    __extension__({                                                                      \
        __typeof__(pointer) taken_ = (pointer);                                          \
        (pointer) = NULL;                                                                \
        taken_;                                                                          \
    })

#define auto_char CLEANUP(auto_char_free) char *
static inline __attribute__((unused)) void auto_char_free(char **place)
{
    free(*place);
}

#endif
