# The hosts of a hub, put together from its parts.
# SPDX-License-Identifier: MPL-2.0
from . import (adfs, hub, hub_identity, hub_objects, hub_subscriptions, hub_switches, hub_usage,
               hub_user)

SERVICES = [
    hub_identity.OPENID,
    hub.make_service(hub.ADMIN, [*hub_identity.ROUTES, *hub_subscriptions.ROUTES,
                                 *hub_usage.ROUTES],
                     switches=hub_switches.SWITCHES, entries=[hub.HUBS],
                     operations=hub_objects.OPERATIONS + hub_usage.OPERATIONS),
    hub.make_service(hub.USER, hub_user.ROUTES), adfs.SERVICE]
