/* Plays tests/cases/json against the JSON decoder.
 * SPDX-License-Identifier: MPL-2.0 */
#include "cases/runner.h"
#include "value/codec.h"

int main(int argc, char **argv)
{
    const struct codec codec = { .decode = value_decode_json,
                                 .encode = value_encode_json,
                                 .least = 44 };
    return run_cases(&codec, argc, argv);
}
