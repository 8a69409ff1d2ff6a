/* Stand-ins for what abseil calls in Apple's framework CoreFoundation. They report that the local
 * time zone has no name, and abseil then reads /etc/localtime, as on Linux. Only gRPC's log messages
 * contain local times.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CF_TIME_ZONE_H
#define CF_TIME_ZONE_H

#include <stddef.h>

typedef const void *CFTimeZoneRef;
typedef const void *CFStringRef;
typedef long CFIndex;
typedef unsigned CFStringEncoding;
enum { kCFStringEncodingUTF8 = 0x08000100 };

static inline CFTimeZoneRef CFTimeZoneCopyDefault(void)
{
    return NULL;
}

static inline CFStringRef CFTimeZoneGetName(CFTimeZoneRef zone)
{
    (void)zone;
    return NULL;
}

static inline CFIndex CFStringGetLength(CFStringRef text)
{
    (void)text;
    return 0;
}

static inline CFIndex CFStringGetMaximumSizeForEncoding(CFIndex length, CFStringEncoding encoding)
{
    (void)length, (void)encoding;
    return 0;
}

static inline bool CFStringGetCString(CFStringRef text, char *buffer, CFIndex size,
                                      CFStringEncoding encoding)
{
    (void)text, (void)buffer, (void)size, (void)encoding;
    return false;
}

static inline void CFRelease(CFTimeZoneRef zone)
{
    (void)zone;
}

#endif
