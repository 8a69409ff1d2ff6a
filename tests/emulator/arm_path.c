/* The paths that this service has: a template each, a * for a name.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm_path.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arm.h"
#include "text.h"

#define SUBSCRIPTION "/subscriptions/{s}"
#define PROVIDER "/providers/Microsoft.AzureStack"
#define REGISTRATIONS SUBSCRIPTION "/resourceGroups/{g}" PROVIDER "/registrations"
#define LOCATION SUBSCRIPTION PROVIDER "/locations/global"

static const struct {
    const char *pattern;
    enum arm_kind_of_path kind;
} routes[] = {
    { SUBSCRIPTION, ARM_SUBSCRIPTION },
    { SUBSCRIPTION PROVIDER "/registrations", ARM_REGISTRATIONS },
    { REGISTRATIONS, ARM_REGISTRATIONS },
    { REGISTRATIONS "/{r}", ARM_REGISTRATION },
    { REGISTRATIONS "/{r}/customerSubscriptions", ARM_CUSTOMERS },
    { REGISTRATIONS "/{r}/customerSubscriptions/{c}", ARM_CUSTOMER },
    { REGISTRATIONS "/{r}/providers/Microsoft.Authorization/locks", ARM_LOCKS },
    { LOCATION "/operationStatuses/{o}", ARM_OPERATION },
    { LOCATION "/operationResults/{o}", ARM_OPERATION },
};

static char **slot(struct arm_path *out, char letter)
{
    switch (letter) {
    case 's':
        return &out->subscription;
    case 'g':
        return &out->group;
    case 'r':
        return &out->registration;
    case 'c':
        return &out->customer;
    default:
        return &out->operation;
    }
}

static bool match(const char *pattern, const char *path, struct arm_path *out)
{
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t wanted = strcspn(pattern, "/"), given = strcspn(path, "/");
        if (pattern[0] == '{') {
            char *name = percent_decode(path, given, false);
            if (name == NULL || !*name || strchr(name, '/') != NULL) {
                free(name);
                return false;
            }
            *slot(out, pattern[1]) = name;
        } else if (wanted != given || strncasecmp(pattern, path, wanted) != 0) {
            return false;
        } else if (strncmp(pattern, path, wanted) != 0) {
            out->is_exact = false;
        }
        pattern += wanted;
        path += given;
    }
    return !*pattern && !*path;
}

bool arm_path_parse(const char *path, struct arm_path *out)
{
    *out = (struct arm_path){ .is_exact = true };
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (match(routes[i].pattern, path, out)) {
            out->kind = routes[i].kind;
            return true;
        }
        arm_path_clear(out);
    }
    return false;
}

void arm_path_clear(struct arm_path *path)
{
    free(path->subscription);
    free(path->group);
    free(path->registration);
    free(path->customer);
    free(path->operation);
    *path = (struct arm_path){ .is_exact = true };
}

const char *arm_kind(const char *method, const char *path)
{
    static const char *const reads[] = { "REGISTRATIONS", "REGISTRATION", "LIST",
                                         "GET",           "STATUS",       "LOCKS",
                                         "SUBSCRIPTION" };
    struct arm_path parsed;
    const char *kind = "OTHER";
    if (arm_path_parse(path, &parsed)) {
        if (strcmp(method, "GET") == 0)
            kind = reads[parsed.kind];
        else if (parsed.kind == ARM_CUSTOMER && strcmp(method, "PUT") == 0)
            kind = "PUT";
        else if (parsed.kind == ARM_CUSTOMER && strcmp(method, "DELETE") == 0)
            kind = "DELETE";
    } else if (text_starts(path, "/metadata/", false)) {
        kind = "METADATA";
    }
    arm_path_clear(&parsed);
    return kind;
}

char *arm_registration_key(const char *path)
{
    struct arm_path parsed;
    char *key = NULL;
    if (arm_path_parse(path, &parsed) && parsed.registration) {
        char *name = text_format("%s/%s/%s", parsed.subscription, parsed.group,
                                 parsed.registration);
        key = text_lower(name);
        free(name);
    }
    arm_path_clear(&parsed);
    return key;
}
