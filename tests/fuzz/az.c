/* What the Azure CLI prints: what reads it is local to its file, so this file includes that one.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/credential_azure_cli.c"
#include "fuzz/fuzz.h"

/* Standard output, a line "---", standard error. */
void fuzz_az(struct arena *arena, struct bytes in)
{
    static const char mark[] = "\n---\n";
    const uint8_t *cut =
        in.length > 0 ? memmem(in.data, in.length, mark, strlen(mark)) : NULL;
    size_t length = cut != NULL ? (size_t)(cut - in.data) : in.length;
    size_t other = cut != NULL ? in.length - length - strlen(mark) : 0;
    struct child_result result = {
        .output = arena_copy_bytes_as_text(arena, in.data, length),
        .output_bytes = length,
        .stderr_text =
            arena_copy_bytes_as_text(arena, in.data + in.length - other, other),
        .stderr_bytes = other,
        .status = (int)(in.length % 3),
    };
    const struct bytes printed =
        BYTES(result.output, cli_message_strip(result.output, result.output_bytes));
    struct auth_token token = { .text = NULL };
    struct call call;
    call_init(&call, NULL);
    if (read_output(arena, printed, &token))
        fuzz_require(
            token_is_header_text(secret_reveal(token.text), secret_length(token.text)),
            "a token can stand in a header", "");
    secret_free(token.text);
    struct azure_cli self = { .path = (char *)(uintptr_t) "/usr/bin/az" };
    struct error err = NO_ERROR;
    report_failure(&call, &self, &result, printed, &err);
    fuzz_check_error(-1, &err);
    fuzz_check_text(err.text);
    call_clear(&call);
}
