/* Functions of GNU's C library, for Windows.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/libc_windows.h"

#include <bcrypt.h>
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/net.h"

/* ---- memory and text --------------------------------------------------------------------- */

char *stpcpy(char *to, const char *from)
{
    size_t length = strlen(from);
    return (char *)memcpy(to, from, length + 1) + length;
}

void *mempcpy(void *to, const void *from, size_t length)
{
    return (char *)memcpy(to, from, length) + length;
}

void *memmem(const void *data, size_t length, const void *wanted, size_t wanted_length)
{
    const char *at = data, *end = at + length;
    for (; wanted_length <= (size_t)(end - at); at++) {
        if (memcmp(at, wanted, wanted_length) == 0)
            return (void *)at;
    }
    return NULL;
}

void *memrchr(const void *data, int byte, size_t length)
{
    const unsigned char *bytes = data;
    while (length-- > 0) {
        if (bytes[length] == (unsigned char)byte)
            return (void *)(bytes + length);
    }
    return NULL;
}

char *strcasestr(const char *text, const char *wanted)
{
    size_t length = strlen(wanted);
    for (;; text++) {
        if (strncasecmp(text, wanted, length) == 0)
            return (char *)text;
        if (*text == '\0')
            return NULL;
    }
}

char *strsep(char **rest, const char *delimiters)
{
    char *part = *rest;
    if (part == NULL)
        return NULL;
    char *end = part + strcspn(part, delimiters);
    *rest = *end != '\0' ? end + 1 : NULL;
    *end = '\0';
    return part;
}

void explicit_bzero(void *data, size_t length)
{
    SecureZeroMemory(data, length);
}

const char *libc_system_error(unsigned long number)
{
    static _Thread_local char text[768];
    /* Windows in another language may have no English texts. */
    static const DWORD languages[] = { MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), 0 };
    wchar_t wide[256];
    DWORD length = 0;
    for (size_t i = 0; i < sizeof languages / sizeof *languages && length == 0; i++)
        length =
            FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                           NULL, number, languages[i], wide, 256, NULL);
    while (length > 0 && wcschr(L"\r\n. ", wide[length - 1]) != NULL)
        wide[--length] = L'\0';
    if (length == 0 ||
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof text, NULL, NULL) <= 0)
        snprintf(text, sizeof text, "Windows error %lu", number);
    return text;
}

const char *strerrordesc_np(int number)
{
    return number < WSABASEERR ? strerror(number)
                               : libc_system_error((unsigned long)number);
}

/* ---- time -------------------------------------------------------------------------------- */

/* Windows's own times: 100 ns since 1601. Its C library knows only the years 1970 to 3000, but
 * services and certificates write 9999 for what does not end. */
enum { TICKS_PER_SECOND = 10000000 };
static const int64_t first_second = INT64_C(-11644473600); /* the year 1601 */
static const int64_t last_second = INT64_C(253402300799);  /* the year 9999 */

struct tm *gmtime_r(const time_t *seconds, struct tm *out)
{
    if (*seconds < first_second || *seconds > last_second)
        return NULL;
    uint64_t ticks = (uint64_t)(*seconds - first_second) * TICKS_PER_SECOND;
    FILETIME time = { (DWORD)ticks, (DWORD)(ticks >> 32) };
    SYSTEMTIME at;
    if (!FileTimeToSystemTime(&time, &at))
        return NULL;
    *out = (struct tm){ .tm_year = at.wYear - 1900,
                        .tm_mon = at.wMonth - 1,
                        .tm_mday = at.wDay,
                        .tm_hour = at.wHour,
                        .tm_min = at.wMinute,
                        .tm_sec = at.wSecond,
                        .tm_wday = at.wDayOfWeek };
    return out;
}

time_t timegm(struct tm *utc)
{
    SYSTEMTIME at = { .wYear = (WORD)(utc->tm_year + 1900),
                      .wMonth = (WORD)(utc->tm_mon + 1),
                      .wDay = (WORD)utc->tm_mday,
                      .wHour = (WORD)utc->tm_hour,
                      .wMinute = (WORD)utc->tm_min,
                      .wSecond = (WORD)utc->tm_sec };
    FILETIME time;
    if (!SystemTimeToFileTime(&at, &time))
        return -1;
    uint64_t ticks = (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
    return (time_t)(ticks / TICKS_PER_SECOND) + first_second;
}

static const char *scan_number(const char *text, int digits, int least, int most,
                               int *out)
{
    int number = 0;
    if (!isdigit((unsigned char)*text))
        return NULL;
    for (; digits > 0 && isdigit((unsigned char)*text); digits--)
        number = number * 10 + *text++ - '0';
    *out = number;
    return number >= least && number <= most ? text : NULL;
}

static const char *scan_field(const char *text, char field, struct tm *out, int *half)
{
    const char *end;
    switch (field) {
    case 'Y':
        end = scan_number(text, 4, 0, 9999, &out->tm_year);
        out->tm_year -= 1900;
        return end;
    case 'm':
        end = scan_number(text, 2, 1, 12, &out->tm_mon);
        out->tm_mon--;
        return end;
    case 'd':
        return scan_number(text, 2, 1, 31, &out->tm_mday);
    case 'H':
        return scan_number(text, 2, 0, 23, &out->tm_hour);
    case 'I':
        return scan_number(text, 2, 1, 12, &out->tm_hour);
    case 'M':
        return scan_number(text, 2, 0, 59, &out->tm_min);
    case 'S':
        return scan_number(text, 2, 0, 60, &out->tm_sec);
    case 'p':
        if (strncasecmp(text, "AM", 2) != 0 && strncasecmp(text, "PM", 2) != 0)
            return NULL;
        *half = tolower((unsigned char)*text) == 'p' ? 12 : 0;
        return text + 2;
    default:
        return NULL;
    }
}

char *strptime(const char *text, const char *format, struct tm *out)
{
    int half = -1;
    for (; text != NULL && *format != '\0'; format++) {
        if (*format == '%')
            text = scan_field(text, *++format, out, &half);
        else
            text = *text == *format ? text + 1 : NULL;
    }
    if (text != NULL && half >= 0)
        out->tm_hour = out->tm_hour % 12 + half;
    return (char *)text;
}

/* ---- chance ------------------------------------------------------------------------------ */

void arc4random_buf(void *data, size_t length)
{
    if (BCryptGenRandom(NULL, data, (ULONG)length, BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
        abort(); /* the system's generator never fails */
}

uint32_t arc4random_uniform(uint32_t bound)
{
    uint32_t number, least = bound < 2 ? 0 : -bound % bound;
    if (bound < 2)
        return 0;
    do
        arc4random_buf(&number, sizeof number);
    while (number < least);
    return number % bound;
}

/* ---- the environment --------------------------------------------------------------------- */

wchar_t *libc_to_wide(const char *text)
{
    int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    if (length <= 0)
        return NULL;
    wchar_t *wide = memory_new((size_t)length * sizeof *wide);
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, length);
    return wide;
}

char *libc_from_wide(const wchar_t *wide)
{
    int length = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    if (length <= 0)
        return NULL;
    char *text = memory_new((size_t)length);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, length, NULL, NULL);
    return text;
}

/* Values that were returned; they are kept, because callers keep pointers to them. */
struct given {
    struct given *next;
    char *name, *value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct given *all_given;

static char *read_variable(const char *name)
{
    wchar_t *wide_name = libc_to_wide(name), *wide = NULL;
    char *value = NULL;
    DWORD room = wide_name != NULL ? GetEnvironmentVariableW(wide_name, NULL, 0) : 0;
    if (room > 0) {
        wide = memory_new(room * sizeof *wide);
        if (GetEnvironmentVariableW(wide_name, wide, room) < room)
            value = libc_from_wide(wide);
    }
    free(wide_name);
    free(wide);
    return value;
}

char *libc_getenv(const char *name)
{
    char *value = read_variable(name);
    if (value == NULL)
        return NULL;
    pthread_mutex_lock(&lock);
    struct given *given = all_given;
    while (given != NULL &&
           (strcmp(given->name, name) != 0 || strcmp(given->value, value) != 0))
        given = given->next;
    if (given == NULL) {
        given = memory_new(sizeof *given);
        *given = (struct given){ all_given, memory_copy_text(name), value };
        all_given = given;
        value = NULL;
    }
    pthread_mutex_unlock(&lock);
    free(value);
    return given->value;
}

int unsetenv(const char *name)
{
    wchar_t *wide = libc_to_wide(name);
    bool is_unset = wide != NULL && SetEnvironmentVariableW(wide, NULL);
    if (is_unset)
        _wputenv_s(wide,
                   L""); /* also the C library's own copy, which other libraries read */
    free(wide);
    return is_unset ? 0 : -1;
}

/* On the heap; ends with NULL. */
static char **copy_environment(const wchar_t *block)
{
    size_t count = 0, room = 1;
    char **list = memory_new(sizeof *list);
    for (const wchar_t *at = block; at != NULL && *at != L'\0'; at += wcslen(at) + 1) {
        if (count + 2 > room) {
            room = room < 64 ? 64 : room * 2;
            list = memory_resize(list, room, sizeof *list);
        }
        list[count] = libc_from_wide(at);
        count += list[count] != NULL;
    }
    list[count] = NULL;
    return list;
}

static bool is_same(char *const *a, char *const *b)
{
    while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0)
        a++, b++;
    return *a == NULL && *b == NULL;
}

/* A list that was returned is kept, because callers keep pointers to it. */
char **libc_environ(void)
{
    static char **last;
    wchar_t *block = GetEnvironmentStringsW();
    char **list = copy_environment(block), **unused = NULL;
    FreeEnvironmentStringsW(block);
    pthread_mutex_lock(&lock);
    if (last != NULL && is_same(last, list))
        unused = list;
    else
        last = list;
    list = last;
    pthread_mutex_unlock(&lock);
    for (char **one = unused; one != NULL && *one != NULL; one++)
        free(*one);
    free(unused);
    return list;
}
