# The services, one row each.
# SPDX-License-Identifier: MPL-2.0
from . import (customers, entra, hub_hosts, managed_identity, metadata, oidc, subscriptions,
               tokens)

SERVICES = [*(module.SERVICE for module in (tokens, entra, oidc, managed_identity, metadata,
                                            subscriptions, customers)), *hub_hosts.SERVICES]
