# /metadata/endpoints: where sign-in and ARM of this cloud are. Needs no token. Newer versions
# answer one object, older ones an array of clouds.
# SPDX-License-Identifier: MPL-2.0
from engine import switches
from engine.service import Route, Service
from engine.switches import Switch

VERSIONS = ("2019-05-01", "2020-06-01", "2022-09-01")
HUB_VERSIONS = ("1.0", "2015-01-01")


def refuse_version(x, answer):
    return answer(400, "InvalidApiVersionParameter",
                  f"The api-version '{x.q('api-version')}' is invalid.")


def answer(x):
    version = x.q("api-version")
    if version is None:
        raise x.reject(400, "MissingApiVersionParameter",
                       "The api-version query parameter (?api-version=) is required.")
    if switches.is_("metadata", "hub"):
        # A hub knows one version of its own; to ask for another one is no mistake of the client's.
        if version not in HUB_VERSIONS:
            raise refuse_version(x, x.error)
        raise x.json(200, {
            "galleryEndpoint": "https://gallery.berlin.hub.invalid/",
            "graphEndpoint": "https://graph.windows.net/",
            "portalEndpoint": "https://portal.berlin.hub.invalid/",
            "authentication": {
                "loginEndpoint": "https://login.windows.net/",
                "audiences": ["https://management.hub.onmicrosoft.invalid/"
                              "4de154de-f8a8-4017-af41-df619da68155"]}})
    if x.method != "GET" or version not in VERSIONS:
        raise refuse_version(x, x.reject)
    cloud = {
        "name": "AzureCloud", "resourceManager": x.origin,
        "authentication": {
            "loginEndpoint": x.origin, "tenant": "common", "identityProvider": "AAD",
            "audiences": ["https://management.core.windows.net/",
                          "https://management.azure.com/"]},
        "graphAudience": "https://graph.windows.net/",
        "microsoftGraphResourceId": "https://graph.microsoft.com/"}
    x.json(200, cloud if version == "2022-09-01" else [cloud])


SERVICE = Service(
    "cloud metadata", routes=[Route("*", "/metadata/endpoints", "METADATA", answer)],
    ignores_case=True,
    switches=[Switch("metadata", "cloud|hub", "cloud",
                     "whose endpoints /metadata/endpoints returns: a cloud's, or an Azure Stack "
                     "Hub's own", "– (a mistake that people make)")])
