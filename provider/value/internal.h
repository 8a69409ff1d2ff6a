/* What the operations on values share among themselves.
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

/* Reports on standard error and ends the process: this program is wrong. */
void value_bug(const char *format, ...) PRINTF_FORMAT(1, 2) __attribute__((noreturn));

/* --- number.c: decimal numbers without rounding ----------------------------------------- */

/* A double's exact expansion has up to 767 significant digits. */
enum { NUMBER_DIGITS_MAX = 800, NUMBER_EXPONENT_DIGITS_MAX = 9 };

/* 0.DIGITS * 10^exponent, without zeros at either end; zero has no digits and no sign. */
struct number {
    bool is_negative;
    int64_t exponent;
    size_t count;
    char digits[NUMBER_DIGITS_MAX];
};

/* The length of the number that JSON's grammar finds at the beginning; 0 if none. */
size_t number_span(const char *text, size_t length);
/* 0, or -1: not a number, or over one of the limits above. */
int number_parse(const char *text, size_t length, struct number *out);
/* Below, at or above 0, as strcmp. */
int number_compare(const struct number *a, const struct number *b);
/* The shortest text that reads back as the same double, which is finite. */
enum { NUMBER_DOUBLE_BYTES = 32 };
void number_format_double(double real, char text[NUMBER_DOUBLE_BYTES]);

/* --- token.c: msgpack, one header at a time --------------------------------------------- */

enum token_kind {
    TOKEN_NULL,
    TOKEN_BOOL,
    TOKEN_UNSIGNED,
    TOKEN_SIGNED, /* only negative ones */
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
    uint32_t count; /* of elements, or of pairs */
    uint64_t number;
    int64_t negative;
    double real;
    struct bytes bytes; /* text and extension; borrowed */
};

/* Takes one header, with the payload of texts and extensions, off the front of `in`.
 * ERR_SHAPE: the end, or no such header; ERR_TOO_BIG: a payload longer than what is left. */
int token_read(struct bytes *in, struct token *out, struct error *err);
/* Looks over the first whole value: afterwards its counts and depth can be trusted.
 * Allocates nothing. Errors as token_read(), and ERR_TOO_BIG for counts and depth. */
int token_check(struct bytes in, struct error *err);
const char *token_with_article(const struct token *token); /* "a map" */

/* --- JSON -------------------------------------------------------------------------------- */

/* For the two bytes of an empty object jansson takes two hundred. */
enum { JSON_OBJECTS_MAX = 10000 };

/*
 * Parse JSON without losing digits: every number outside of a string becomes a string. It
 * does not matter later which ones were, as go-cty takes both for both.
 *
 *   out   the caller's, json_decref()
 *
 * Errors: ERR_SHAPE    not JSON, a key twice, invalid UTF-8; err->text names the line but
 *                      quotes nothing (a state file holds secrets)
 *         ERR_TOO_BIG  more than VALUE_DEPTH_MAX levels or JSON_OBJECTS_MAX objects, a number
 *                      too long
 */
int json_parse_exactly(struct bytes json, json_t **out, struct error *err);
/* A type in a document that is parsed already. `depth_left` bounds the recursion. */
int type_from_json(struct arena *arena, const json_t *json, int depth_left,
                   const struct type **out, struct error *err);
/* A string with its quotes. */
void json_add_text(struct buf *buf, const char *text, size_t length);
void type_add_json(struct buf *buf, const struct type *type);
/* What is in the buffer, moved to the arena; the buffer is empty then. */
struct bytes buf_to_arena(struct buf *buf, struct arena *arena);

/* --- more --------------------------------------------------------------------------------- */

/* Sets the error with the path in front of the text. Returns -1. */
int codec_fail(struct arena *arena, struct error *err, enum error_kind kind,
               const struct path *path, const char *format, ...) PRINTF_FORMAT(5, 6);
/* A value of primitive type with room for `bytes` of text behind it, in one piece. */
struct value *value_with_room(struct arena *arena, const struct type *type, size_t bytes,
                              char **room);
/* A set that takes over the array of its items, and sorts it. */
const struct value *value_set_of_own(struct arena *arena, const struct type *type,
                                     const struct value **items, size_t count);
/* A total order of values of the same type; 0 exactly when they are equal. */
int value_compare(const struct value *a, const struct value *b);

#endif
