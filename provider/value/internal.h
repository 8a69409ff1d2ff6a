/* What the .c files of this folder share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_INTERNAL_H
#define VALUE_INTERNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/format.h"
#include "value/path.h"
#include "value/value.h"

/* For a bug in the provider: reports it on standard error and ends the process. */
void value_bug(const char *format, ...) PRINTF_FORMAT(1, 2) __attribute__((noreturn));

/* --- number.c: decimal numbers without rounding ----------------------------------------- */

/* A double's exact expansion has up to 767 significant digits. */
enum { NUMBER_DIGITS_MAX = 800, NUMBER_EXPONENT_DIGITS_MAX = 9 };

/* 0.DIGITS * 10^exponent, without zeros at either end. Zero has no digits and no sign. */
struct number {
    bool is_negative;
    int64_t exponent;
    size_t count;
    char digits[NUMBER_DIGITS_MAX];
};

/* The length of the JSON number at the beginning of the text; 0: there is none. */
size_t number_span(const char *text, size_t length);
/* 0; -1: not a number, or above one of the limits above. */
int number_parse(const char *text, size_t length, struct number *out);
/* Negative, 0 or positive, as strcmp(). */
int number_compare(const struct number *a, const struct number *b);
/* The shortest text that reads back as the same double. `real` is finite. */
enum { NUMBER_DOUBLE_BYTES = 32 };
void number_format_double(double real, char text[NUMBER_DOUBLE_BYTES]);

/* --- token.c: msgpack, one header at a time --------------------------------------------- */

enum token_kind {
    TOKEN_NULL,
    TOKEN_BOOL,
    TOKEN_UNSIGNED,
    TOKEN_SIGNED, /* negative numbers only */
    TOKEN_REAL,
    TOKEN_TEXT, /* str or bin */
    TOKEN_LIST,
    TOKEN_MAP,
    TOKEN_EXTENSION,
};

struct token {
    enum token_kind kind;
    bool boolean;
    int8_t extension;
    uint32_t count; /* elements of a list, pairs of a map */
    uint64_t number;
    int64_t negative;
    double real;
    struct bytes bytes; /* of a text or an extension; borrowed */
};

/* Reads one header, with the payload of a text or an extension, and advances `in`.
 * Errors: ERR_SHAPE    `in` is empty or ends within the token, or there is no such header
 *         ERR_TOO_BIG  a payload that is longer than the rest of `in` */
int token_read(struct bytes *in, struct token *out, struct error *err);
/* Checks the counts and the depth of the first value in `in`. Allocates nothing.
 * Errors: as token_read(), and ERR_TOO_BIG for a count or the depth. */
int token_check(struct bytes in, struct error *err);
const char *token_with_article(const struct token *token); /* "a map" */

/* --- JSON -------------------------------------------------------------------------------- */

/* Jansson allocates 200 bytes for an empty object, which takes two bytes of JSON. */
enum { JSON_OBJECTS_MAX = 10000 };

/*
 * Parses JSON without losing digits: every number outside of strings becomes a string. It need not
 * be known later which strings were numbers: go-cty accepts either for either.
 *
 *   out   the caller's; release with json_decref()
 *
 * Errors: ERR_SHAPE    not JSON, a key that occurs twice, invalid UTF-8. err->text has the line,
 *                      and quotes nothing: a state file has secrets
 *         ERR_TOO_BIG  more than VALUE_DEPTH_MAX levels or JSON_OBJECTS_MAX objects, or a number
 *                      that is too long
 */
int json_parse_exactly(struct bytes json, json_t **out, struct error *err);
/* A type from parsed JSON. `depth_left` limits the recursion. */
int type_from_json(struct arena *arena, const json_t *json, int depth_left,
                   const struct type **out, struct error *err);
/* Adds a JSON string, with its quotes. */
void json_add_text(struct buf *buf, const char *text, size_t length);
void type_add_json(struct buf *buf, const struct type *type);
/* Moves the content of the buffer to the arena, and empties the buffer. */
struct bytes buf_to_arena(struct buf *buf, struct arena *arena);

/* --- more --------------------------------------------------------------------------------- */

/* Sets the error, with the path before the text. Returns -1. */
int codec_fail(struct arena *arena, struct error *err, enum error_kind kind,
               const struct path *path, const char *format, ...) PRINTF_FORMAT(5, 6);
/* A value of primitive type that is allocated together with `bytes` of room for its text. */
struct value *value_with_room(struct arena *arena, const struct type *type, size_t bytes,
                              char **room);
/* A set that takes ownership of the array of its items, and sorts it. */
const struct value *value_set_of_own(struct arena *arena, const struct type *type,
                                     const struct value **items, size_t count);
/* A total order of the values of a type; 0 exactly if they are equal. */
int value_compare(const struct value *a, const struct value *b);

#endif
