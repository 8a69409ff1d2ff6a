/* /metadata/endpoints: where sign-in and ARM of this cloud are. Needs no token. Newer versions
 * answer one object, older ones an array of clouds.
 * SPDX-License-Identifier: MPL-2.0 */
#include "metadata.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "switches.h"
#include "text.h"

bool metadata_owns(const char *path)
{
    return strcasecmp(path, "/metadata/endpoints") == 0;
}

/* A hub knows one version of its own; to ask for another one is no mistake of the client's. */
static void answer_as_hub(struct exchange *x, const char *version)
{
    if (!text_is_one_of(version, "1.0|2015-01-01")) {
        answer_error(x, 400, "InvalidApiVersionParameter",
                     "The api-version '%s' is invalid.", version);
        return;
    }
    answer_json(x, 200,
                json_pack("{s:s, s:s, s:s, s:{s:s, s:[s]}}", "galleryEndpoint",
                          "https://gallery.berlin.hub.invalid/", "graphEndpoint",
                          "https://graph.windows.net/", "portalEndpoint",
                          "https://portal.berlin.hub.invalid/", "authentication",
                          "loginEndpoint", "https://login.windows.net/", "audiences",
                          "https://management.hub.onmicrosoft.invalid/"
                          "4de154de-f8a8-4017-af41-df619da68155"));
}

void metadata_answer(struct exchange *x)
{
    const char *version = exchange_query(x, "api-version");
    if (switch_is("metadata", "hub") && version != NULL) {
        answer_as_hub(x, version);
        return;
    }
    if (version == NULL) {
        answer_reject(x, 400, "MissingApiVersionParameter",
                      "The api-version query parameter (?api-version=) is required.");
        return;
    }
    if (strcmp(x->method, "GET") != 0 ||
        !text_is_one_of(version, "2019-05-01|2020-06-01|2022-09-01")) {
        answer_reject(x, 400, "InvalidApiVersionParameter",
                      "The api-version '%s' is invalid.", version);
        return;
    }
    char *origin = exchange_origin(x);
    json_t *cloud = json_pack(
        "{s:s, s:s, s:{s:s, s:[s,s], s:s, s:s}, s:s, s:s}", "name", "AzureCloud",
        "resourceManager", origin, "authentication", "loginEndpoint", origin, "audiences",
        "https://management.core.windows.net/", "https://management.azure.com/", "tenant",
        "common", "identityProvider", "AAD", "graphAudience",
        "https://graph.windows.net/", "microsoftGraphResourceId",
        "https://graph.microsoft.com/");
    answer_json(x, 200,
                strcmp(version, "2022-09-01") == 0 ? cloud : json_pack("[o]", cloud));
    free(origin);
}
