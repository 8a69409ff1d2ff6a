/* Files of Windows.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/file.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"

const char file_list_separator[] = ";", file_separator[] = "\\";

static const char *last_reason(void)
{
    static _Thread_local char text[256];
    wchar_t wide[256];
    DWORD number = GetLastError();
    DWORD length = FormatMessageW(
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, number,
        MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), wide, 256, NULL);
    while (length > 0 && wcschr(L"\r\n. ", wide[length - 1]) != NULL)
        wide[--length] = L'\0';
    if (length == 0 ||
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof text, NULL, NULL) <= 0)
        snprintf(text, sizeof text, "Windows error %lu", number);
    return text;
}

/* The form that has no limit of 260 characters; heap. NULL: the text is not UTF-8, or no path. */
static wchar_t *system_path(const char *path)
{
    static const wchar_t mark[] = L"\\\\?\\", share[] = L"\\\\?\\UNC\\";
    wchar_t *wide = libc_to_wide(path);
    DWORD length = wide != NULL ? GetFullPathNameW(wide, 0, NULL, NULL) : 0;
    if (length < MAX_PATH)
        return wide;
    wchar_t *full = memory_new((length + 16) * sizeof *full);
    GetFullPathNameW(wide, length, full, NULL);
    bool is_share = wcsncmp(full, L"\\\\", 2) == 0;
    if (wcsncmp(full, mark, 4) != 0 && wcsncmp(full, L"\\\\.\\", 4) != 0) {
        const wchar_t *start = is_share ? share : mark;
        size_t skipped = is_share ? 2 : 0, added = wcslen(start);
        memmove(full + added, full + skipped,
                (wcslen(full + skipped) + 1) * sizeof *full);
        memcpy(full, start, added * sizeof *full);
    }
    free(wide);
    return full;
}

/* ---- reading ----------------------------------------------------------------------------- */

static bool read_all(HANDLE file, uint8_t *data, size_t room, size_t *length)
{
    while (*length < room) {
        DWORD count,
            wanted = room - *length > 1 << 20 ? 1 << 20 : (DWORD)(room - *length);
        if (!ReadFile(file, data + *length, wanted, &count, NULL))
            return false;
        if (count == 0)
            return true;
        *length += count;
    }
    return true;
}

static enum file_outcome read_open(HANDLE file, size_t bytes_max, uint8_t **data,
                                   size_t *length, const char **reason)
{
    LARGE_INTEGER size;
    if (GetFileType(file) != FILE_TYPE_DISK)
        return FILE_NOT_REGULAR;
    if (!GetFileSizeEx(file, &size)) {
        *reason = last_reason();
        return FILE_UNREADABLE;
    }
    if ((uint64_t)size.QuadPart > bytes_max)
        return FILE_TOO_BIG;
    size_t taken = 0, room = (size_t)size.QuadPart;
    uint8_t *read = memory_new(room + 1);
    bool is_read = read_all(file, read, room + 1, &taken);
    if (is_read && taken <= bytes_max) {
        *data = read;
        *length = taken;
        return FILE_READ;
    }
    if (!is_read)
        *reason = last_reason();
    secret_wipe(read, taken);
    free(read);
    return is_read ? FILE_TOO_BIG : FILE_UNREADABLE;
}

enum file_outcome file_read(const char *path, enum file_links links, size_t bytes_max,
                            uint8_t **data, size_t *length, const char **reason)
{
    wchar_t *wide = system_path(path);
    *reason = "the path is not valid";
    if (wide == NULL)
        return FILE_UNREADABLE;
    DWORD about = GetFileAttributesW(wide);
    bool is_there = about != INVALID_FILE_ATTRIBUTES,
         is_link = is_there && (about & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    enum file_outcome outcome = FILE_UNREADABLE;
    if (is_there && (about & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        outcome = FILE_NOT_REGULAR;
    } else if (is_link && links == FILE_IS_NO_LINK) {
        *reason = "it is a link";
    } else {
        /* Others may write to it, replace it and delete it meanwhile, as on other systems. */
        HANDLE file = CreateFileW(wide, GENERIC_READ,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                  NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
        if (file == INVALID_HANDLE_VALUE) {
            *reason = last_reason();
        } else {
            outcome = read_open(file, bytes_max, data, length, reason);
            CloseHandle(file);
        }
    }
    free(wide);
    return outcome;
}

bool file_exists(const char *path)
{
    wchar_t *wide = system_path(path);
    bool is_there = wide != NULL && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
    free(wide);
    return is_there;
}

bool file_is_forbidden(const char *path)
{
    wchar_t *wide = system_path(path);
    HANDLE file =
        wide == NULL ? INVALID_HANDLE_VALUE
                     : CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                   NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    bool is_forbidden = wide != NULL && file == INVALID_HANDLE_VALUE &&
                        GetLastError() == ERROR_ACCESS_DENIED;
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    free(wide);
    return is_forbidden;
}

bool file_write_all(int descriptor, const char *text, size_t length, int patience_ms)
{
    (void)patience_ms; /* a pipe of Windows takes what its reader reads, or breaks */
    while (length > 0) {
        int written =
            _write(descriptor, text, length > 1 << 15 ? 1 << 15 : (unsigned)length);
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

/* ---- folders ----------------------------------------------------------------------------- */

struct folder {
    HANDLE search;
    WIN32_FIND_DATAW entry;
    bool has_entry;
    char *name;
};

struct folder *folder_open(const char *path, const char **reason)
{
    auto_char pattern = memory_print("%s\\*", path);
    wchar_t *wide = system_path(pattern);
    struct folder *folder = memory_new(sizeof *folder);
    *reason = "the path is not valid";
    folder->search =
        wide != NULL ? FindFirstFileW(wide, &folder->entry) : INVALID_HANDLE_VALUE;
    if (wide != NULL && folder->search == INVALID_HANDLE_VALUE)
        *reason = last_reason();
    free(wide);
    folder->has_entry = folder->search != INVALID_HANDLE_VALUE;
    if (folder->has_entry)
        return folder;
    free(folder);
    return NULL;
}

const char *folder_next(struct folder *folder)
{
    free(folder->name);
    folder->name = NULL;
    while (folder->has_entry && folder->name == NULL) {
        folder->name = libc_from_wide(folder->entry.cFileName);
        folder->has_entry = FindNextFileW(folder->search, &folder->entry);
    }
    return folder->name;
}

void folder_close(struct folder *folder)
{
    FindClose(folder->search);
    free(folder->name);
    free(folder);
}

const char *file_place(struct arena *arena, const char *posix, const char *windows)
{
    (void)posix;
    const char *end = *windows == '%' ? strchr(windows + 1, '%') : NULL;
    if (end == NULL)
        return windows;
    const char *name = arena_print(arena, "%.*s", (int)(end - windows - 1), windows + 1);
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? arena_print(arena, "%s%s", value, end + 1)
                                           : NULL;
}
