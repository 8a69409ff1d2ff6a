# The services, one row each.
# SPDX-License-Identifier: MPL-2.0
from . import (customers, entra, hub_hosts, managed_identity, metadata, oidc, partner_orders,
               subscriptions, tokens)

SERVICES = [*(module.SERVICE for module in (tokens, entra, oidc, managed_identity, metadata,
                                            subscriptions, customers, partner_orders)),
            managed_identity.FABRIC, *hub_hosts.SERVICES]
