# Microsoft.AzureStack/registrations: made with a token that the hub issues, which says which hub it
# is and how it is billed. No answer shows the token.
# Source: Microsoft.AzureStack/stable/2017-06-01/Registration.json; Azure/AzureStack-Tools issue 442
# SPDX-License-Identifier: MPL-2.0
import base64

from engine import log, switches
from engine.service import Route
from engine.switches import Switch
from engine.text import Invalid, derive_guid, read_json

from . import arm, mappings
from .arm import REGISTRATIONS, read_body, refuse_content, registration_id, show_registration

MODELS = ("PayAsYouUse", "Capacity", "Development", "Custom", "Ruggedized")

arm.CODES.update({
    # AzureStack-Tools issue 597 has the code; which other faults of a token get it is not known.
    "InvalidRegistrationToken": (400, "The registration token {why}."),
    "CloudIdUpdateNotAllowed": (409, "The cloud ID of registration '{name}' is '{cloud}' and "
                                     "cannot be updated.")})


def read_token(x, token):
    """{cloudId, billingModel, expiresOn: seconds of the epoch} in base64url, as a hub of this
    emulator issues it."""
    try:
        facts = read_json(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        cloud, model, expires = (facts[name] for name in ("cloudId", "billingModel", "expiresOn"))
        is_good = isinstance(cloud, str) and model in MODELS
    except (ValueError, KeyError, TypeError):
        is_good = False
    if not is_good:
        raise arm.answer_code(x, "InvalidRegistrationToken", why="is malformed")
    if log.wall_ms() >= expires * 1000:
        raise arm.answer_code(x, "InvalidRegistrationToken", why="has expired")
    return {"cloud_id": cloud, "billing_model": model,
            "object_id": derive_guid(f"object of {token}")}


def read_change(x):
    """(members of the entry, the token or None)"""
    body = read_body(x, {"location": str, "tags": dict, "properties": {"registrationToken": str}})
    if (body.get("location") or "").lower() != "global":
        raise refuse_content(x, "'location' is required, and only 'global' is supported.")
    change = {"tags": body["tags"]} if "tags" in body else {}
    return change, (body.get("properties") or {}).get("registrationToken")


def merge_tags(known, change):
    """RFC 7396: null takes a tag away, or all."""
    if "tags" in change:
        tags = {} if change["tags"] is None else {**known.get("tags", {}), **change["tags"]}
        change["tags"] = {name: value for name, value in tags.items() if value is not None}


def keep(x, known, change, token):
    """Stores it, and answers with it."""
    if token is not None:
        facts = read_token(x, token)
        if known and known["cloud_id"].lower() != facts["cloud_id"].lower():
            raise arm.answer_code(x, "CloudIdUpdateNotAllowed", name=known["name"],
                                  cloud=known["cloud_id"])
        change.update(facts)
    place = known or {"subscription_id": x.names["subscription"],
                      "resource_group": x.names["group"], "name": x.names["registration"]}
    try:
        REGISTRATIONS.set({**{key: place[key] for key in REGISTRATIONS.keys}, **change})
    except Invalid as invalid:
        raise refuse_content(x, str(invalid)) from None
    found = REGISTRATIONS.find(*(place[key] for key in REGISTRATIONS.keys))
    log.requests.event("EFFECT", what=f"{x.method} registration {registration_id(found)}",
                       registration=registration_id(found))
    x.json(200 if known else 201, show_registration(found))


def put(x):
    known = REGISTRATIONS.find(*(x.names[name] for name in ("subscription", "group",
                                                            "registration")))
    if known:
        arm.check_lock(x, known, ("ReadOnly",), "write")
    else:
        arm.check_group(x, x.names["subscription"], x.names["group"])
    change, token = read_change(x)
    if token is None:
        raise refuse_content(x, "The property 'properties.registrationToken' is required.")
    change["tags"] = change.get("tags") or {}
    keep(x, known, change, token)


def patch(x):
    known = arm.find_registration(x)[0]
    arm.check_lock(x, known, ("ReadOnly",), "write")
    change, token = read_change(x)
    if token is None and switches.is_("registration_patch", "needs_token"):
        raise arm.answer_code(x, "InvalidRegistrationToken", why="is missing")
    merge_tags(known, change)
    keep(x, known, change, token)


def delete(x):
    known = REGISTRATIONS.find(*(x.names[name] for name in ("subscription", "group",
                                                            "registration")))
    if known is None:
        arm.check_group(x, x.names["subscription"], x.names["group"])
        raise x.json(204)
    arm.check_lock(x, known, ("CanNotDelete", "ReadOnly"), "delete")
    log.requests.event("EFFECT", what=f"DELETE registration {registration_id(known)}",
                       registration=registration_id(known))
    arm.note_emptied(known)
    mappings.forget_registration(known)
    x.json(200)


def show_group(x):
    arm.check_group(x, x.names["subscription"], x.names["group"])
    x.json(200, {"id": x.path, "name": x.names["group"], "location": "westcentralus",
                 "type": "Microsoft.Resources/resourceGroups",
                 "properties": {"provisioningState": "Succeeded"}})


ROUTES = [
    Route("PUT", arm.REGISTRATION, "PUT_REGISTRATION", put, arm.VERSIONS),
    Route("PATCH", arm.REGISTRATION, "PATCH_REGISTRATION", patch, arm.VERSIONS),
    Route("DELETE", arm.REGISTRATION, "DELETE_REGISTRATION", delete, arm.VERSIONS),
    Route("GET", arm.SUBSCRIPTION + "/resourceGroups/{group}", "GROUP", show_group,
          ("2021-04-01",))]
SWITCHES = [
    Switch("registration_patch", "tags_alone|needs_token", "tags_alone",
           "whether a PATCH of a registration is taken without its token",
           "does Azure take a change of the tags alone?")]
