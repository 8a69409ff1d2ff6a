/* Replaces getaddrinfo() in the released binary (with the linker's --wrap): the C library's
 * resolver, which reads /etc/hosts and asks the servers of /etc/resolv.conf, but does not load the
 * modules of /etc/nsswitch.conf, which are shared objects.
 * SPDX-License-Identifier: MPL-2.0 */
#include <nss.h>
#include <pthread.h>

#include "base/names.h"

names_resolve_fn __real_getaddrinfo, __wrap_getaddrinfo;

static void load_no_module(void)
{
    __nss_configure_lookup("hosts", "files dns");
}

int __wrap_getaddrinfo(const char *host, const char *service,
                       const struct addrinfo *hints, struct addrinfo **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_no_module);
    return names_resolve(__real_getaddrinfo, host, service, hints, out);
}
