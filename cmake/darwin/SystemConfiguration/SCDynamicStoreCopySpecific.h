/* What libcurl takes from Apple's framework SystemConfiguration, for a build without it. libcurl asks
 * for the system's proxies only because the system then begins to make IPv6 addresses of IPv4
 * addresses: in a network without IPv4, an address in place of a host name does not work.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SC_DYNAMIC_STORE_COPY_SPECIFIC_H
#define SC_DYNAMIC_STORE_COPY_SPECIFIC_H

#include <stddef.h>

typedef const void *CFDictionaryRef;

static inline CFDictionaryRef SCDynamicStoreCopyProxies(const void *store)
{
    (void)store;
    return NULL;
}

static inline void CFRelease(CFDictionaryRef dictionary)
{
    (void)dictionary;
}

#endif
