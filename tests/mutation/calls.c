/* Preloaded into a test whose code was compiled with -finstrument-functions: notes which functions
 * were called, as offsets into the program, in a new file of the folder that MUTATION_CALLS names.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SLOTS = 1 << 16 };
static _Atomic(void *) seen[SLOTS];
static char folder[4096];

/* Before a test clears its environment. */
__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("MUTATION_CALLS");
    snprintf(folder, sizeof folder, "%s", text != NULL ? text : "");
}

void __cyg_profile_func_enter(void *function, void *caller)
{
    (void)caller;
    for (size_t i = ((uintptr_t)function >> 4) % SLOTS;; i = (i + 1) % SLOTS) {
        void *there = NULL;
        if (atomic_load_explicit(&seen[i], memory_order_relaxed) == function ||
            atomic_compare_exchange_strong(&seen[i], &there, function) ||
            there == function)
            return;
    }
}

__attribute__((destructor)) static void write_all(void)
{
    char path[4200], program[4096] = "";
    Dl_info info;
    snprintf(path, sizeof path, "%s/%d", folder, getpid());
    FILE *out =
        folder[0] != '\0' && readlink("/proc/self/exe", program, sizeof program - 1) > 0
            ? fopen(path, "w")
            : NULL;
    if (out == NULL)
        return;
    fprintf(out, "%s\n", program);
    for (size_t i = 0; i < SLOTS; i++) {
        if (seen[i] != NULL && dladdr(seen[i], &info) != 0)
            fprintf(out, "%zx\n", (size_t)((char *)seen[i] - (char *)info.dli_fbase));
    }
    fclose(out);
}
