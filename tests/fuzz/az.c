/* What the Azure CLI prints: what reads it is local to its file, so this file includes that one.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/credential_azure_cli.c"
#include "fuzz/fuzz.h"

/* Standard output, a line "---", standard error. */
void fuzz_az(struct arena *arena, struct bytes in)
{
    const struct bytes output = fuzz_take(&in, "\n---\n");
    struct child_result result = {
        .output = arena_copy_bytes_as_text(arena, output.data, output.length),
        .output_bytes = output.length,
        .stderr_text = arena_copy_bytes_as_text(arena, in.data, in.length),
        .stderr_bytes = in.length,
        .status = (int)(in.length % 3),
    };
    const struct bytes printed =
        BYTES(result.output, cli_message_strip(result.output, result.output_bytes));
    /* The fuzzer wrote the secret itself, with what is taken out of it in between. */
    char *text = arena_copy_bytes_as_text(arena, in.data, in.length);
    size_t length = cli_message_strip(text, in.length);
    if (memmem(text, length, FUZZ_SECRET, strlen(FUZZ_SECRET)) != NULL ||
        memmem(printed.data, printed.length, FUZZ_SECRET, strlen(FUZZ_SECRET)) != NULL)
        return;
    struct auth_token token = { .text = NULL };
    struct call call;
    call_init(&call, NULL);
    if (read_output(arena, printed, in.length % 2 == 0 ? NULL : "t", &token))
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
