/* Preloaded into a test whose code was compiled with -finstrument-functions: notes which functions
 * were called, as offsets into the program, in a new file of the folder that MUTATION_CALLS names.
 * Each is written at its first call: a test's child may end by a signal.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SLOTS = 1 << 16, OWN_FILE = 900 /* above those that a test counts */ };
static _Atomic(void *) seen[SLOTS];
static atomic_int file = -1;

/* Before a test clears its environment. */
__attribute__((constructor)) static void begin(void)
{
    char path[4200], program[4096] = "";
    const char *folder = getenv("MUTATION_CALLS");
    if (folder == NULL || readlink("/proc/self/exe", program, sizeof program - 1) <= 0)
        return;
    snprintf(path, sizeof path, "%s/%d", folder, getpid());
    int opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    atomic_store(&file, fcntl(opened, F_DUPFD_CLOEXEC, OWN_FILE));
    close(opened);
    dprintf(atomic_load(&file), "%s\n", program);
}

void __cyg_profile_func_enter(void *function, void *caller)
{
    (void)caller;
    size_t i = ((uintptr_t)function >> 4) % SLOTS;
    for (void *there; (there = atomic_load(&seen[i])) != function; i = (i + 1) % SLOTS) {
        if (there != NULL || !atomic_compare_exchange_strong(&seen[i], &there, function))
            continue;
        Dl_info info;
        if (atomic_load(&file) >= 0 && dladdr(function, &info) != 0)
            dprintf(atomic_load(&file), "%zx\n",
                    (size_t)((char *)function - (char *)info.dli_fbase));
        return;
    }
}
