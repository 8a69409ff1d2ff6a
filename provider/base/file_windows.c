/* Files of Windows.
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file_system.h"
#include "base/memory.h"
#include "base/text.h"

const char file_list_separator[] = ";", file_separator[] = "\\";
/* A colon begins the name of another stream of the same file. */
const char file_separators[] = "\\/", file_name_ends[] = "\\/:";

static const char *last_reason(void)
{
    return libc_system_error(GetLastError());
}

/* The form of the path that has no limit of 260 characters; on the heap. NULL: the text is not
 * UTF-8, or not a path. */
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

/* A program at the other end of a pipe does not get the provider's rights. These bits are set only
 * for a path that may name a pipe, because SECURITY_SQOS_PRESENT equals FILE_FLAG_OPEN_NO_RECALL,
 * with which a file that is stored in a cloud may be unreadable. */
static DWORD pipe_flags(const char *path)
{
    return strspn(path, file_separators) >= 2
               ? SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION
               : 0;
}

/* Others may write to the file, replace it and delete it meanwhile, as on other systems. Opens
 * folders too, and a link itself if links are not followed: so the checks are about what was
 * opened, not about what has the name a moment later. */
static HANDLE open_path(const char *path, enum file_links links, const char **reason)
{
    wchar_t *wide = system_path(path);
    *reason = "the path is not valid";
    SetLastError(ERROR_INVALID_NAME);
    if (wide == NULL)
        return INVALID_HANDLE_VALUE;
    HANDLE file = CreateFileW(
        wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING,
        FILE_FLAG_BACKUP_SEMANTICS | pipe_flags(path) |
            (links == FILE_IS_NO_LINK ? FILE_FLAG_OPEN_REPARSE_POINT : 0),
        NULL);
    DWORD number = GetLastError();
    if (file == INVALID_HANDLE_VALUE)
        *reason = last_reason();
    free(wide);
    SetLastError(number);
    return file;
}

static enum file_outcome look_at(HANDLE file, enum file_links links, uint64_t *bytes,
                                 const char **reason)
{
    BY_HANDLE_FILE_INFORMATION about;
    if (GetFileType(file) != FILE_TYPE_DISK)
        return FILE_NOT_REGULAR;
    if (!GetFileInformationByHandle(file, &about)) {
        *reason = last_reason();
        return FILE_UNREADABLE;
    }
    /* A file that was reached through a link may have this attribute too: one that is stored in a
     * cloud, or deduplicated. */
    if (links == FILE_IS_NO_LINK &&
        (about.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        *reason = "it is a link";
        return FILE_UNREADABLE;
    }
    if ((about.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
        return FILE_NOT_REGULAR;
    *bytes = (uint64_t)about.nFileSizeHigh << 32 | about.nFileSizeLow;
    return FILE_READ;
}

enum file_outcome file_open(const char *path, enum file_links links,
                            struct file_opened *out, const char **reason)
{
    HANDLE file = open_path(path, links, reason);
    if (file == INVALID_HANDLE_VALUE)
        return FILE_UNREADABLE;
    *out = (struct file_opened){ .handle = (intptr_t)file };
    enum file_outcome outcome = look_at(file, links, &out->bytes, reason);
    if (outcome != FILE_READ)
        CloseHandle(file);
    return outcome;
}

ptrdiff_t file_read_some(const struct file_opened *file, uint8_t *data, size_t room,
                         const char **reason)
{
    DWORD count, wanted = room > 1 << 20 ? 1 << 20 : (DWORD)room;
    if (ReadFile((HANDLE)file->handle, data, wanted, &count, NULL))
        return (ptrdiff_t)count;
    *reason = last_reason();
    return -1;
}

void file_close(const struct file_opened *file)
{
    CloseHandle((HANDLE)file->handle);
}

/* The system ignores the case of all letters, this function only that of ASCII letters. So it may
 * refuse a right path, but never accepts a wrong one. */
bool file_begins_with(const char *path, const char *folder)
{
    return text_starts_ignoring_case(path, folder);
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
    const char *reason;
    HANDLE file = open_path(path, FILE_FOLLOWS_LINKS, &reason);
    if (file == INVALID_HANDLE_VALUE)
        return GetLastError() == ERROR_ACCESS_DENIED;
    CloseHandle(file);
    return false;
}

size_t file_write_all(int descriptor, const char *text, size_t length, int patience_ms)
{
    (void)patience_ms; /* a pipe of Windows waits for its reader, or breaks */
    size_t done = 0;
    while (done < length) {
        size_t part = length - done < 1 << 15 ? length - done : 1 << 15;
        int written = _write(descriptor, text + done, (unsigned)part);
        if (written <= 0)
            break;
        done += (size_t)written;
    }
    return done;
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
