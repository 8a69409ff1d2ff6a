/* Plays tests/cases/msgpack against the msgpack decoder.
 * SPDX-License-Identifier: MPL-2.0 */
#include "cases/runner.h"
#include "value/codec.h"

static int decode(struct arena *arena, struct bytes bytes, const struct type *type,
                  bool is_lenient, const struct value **out, struct error *err)
{
    (void)is_lenient;
    return value_decode_msgpack(arena, bytes, type, out, err);
}

int main(int argc, char **argv)
{
    const struct codec codec = { .decode = decode,
                                 .encode = value_encode_msgpack,
                                 .least = 72 };
    return run_cases(&codec, argc, argv);
}
