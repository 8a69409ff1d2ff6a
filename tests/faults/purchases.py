# What costs money: the alias that buys a subscription, its rename and its cancellation. Each write is
# hurt in each way; whatever happens, one subscription is bought, and the next runs bring state and
# service to what was wanted, as the messages say.
# SPDX-License-Identifier: MPL-2.0
import matrix
from workspace import CLIENT, SECRET, TENANT, Scene, harness, world

CUSTOMER = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
SCOPE = ("/providers/Microsoft.Billing/billingAccounts/99a13315-6f87-5b46-9dbd-606071106352:"
         f"1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31/customers/{CUSTOMER}")
ADDRESS = "azurestack_partner_azure_subscription.it"
# operation -> its writes
WRITES = {"buy": ("PUT_ALIAS#1",), "rename": ("RENAME#1",), "cancel": ("CANCEL#1",
                                                                        "DELETE_ALIAS#1")}
LOST, STRAY, OTHER = 1, 3, 4    # checks of the audit


def resource(name, timeout_s):
    times = "".join(f'    {one} = "{timeout_s}s"\n' for one in ("create", "read", "update",
                                                               "delete"))
    return (f'resource "azurestack_partner_azure_subscription" "it" {{\n'
            f'  billing_scope_id = "{SCOPE}"\n  display_name = "{name}"\n'
            f"  cancel_on_destroy = true\n  timeouts {{\n{times}  }}\n}}\n")


def configuration():
    return {**world(), "applications": [
        {"tenant_id": tenant, "client_id": CLIENT, "client_secret": SECRET, "role": "owner"}
        for tenant in (TENANT, CUSTOMER)]}


class Purchase:
    """One with the interface of matrix.Run."""

    mark, is_long = "without help", False

    def __init__(self, operation, step, fault, script):
        self.operation, self.script = operation, script
        self.is_quick = not matrix.is_slow(fault)
        self.timeout_s = matrix.LONG_S if self.is_quick else matrix.SHORT_S
        # The service says that it did what it did not, or that it never had it.
        self.tells_lies = fault in ("body_duplicate_keys_before", "full_before") or (
            step.startswith("DELETE") and (fault.startswith("status_404") or
                                           (fault.startswith("body_") and fault.endswith("before"))))
        self.name = f"{operation}_{step.lower().replace('#', '').replace('_', '')}_{fault}"

    def expect_bought(self, scene):
        bought = scene.control.ask("bought")
        return [] if len(bought) <= 1 else [(STRAY, f"{len(bought)} subscriptions were bought")]

    def is_as_wanted(self, scene):
        bought, aliases = (scene.control.ask(what) for what in ("bought", "aliases"))
        held = harness.resources_of(scene.dir).get(ADDRESS)
        if self.operation == "cancel":
            return held is None and aliases == [] and bought[0]["state"] == "Disabled"
        name = "Contoso Ltd" if self.operation == "rename" else "Contoso"
        return (held is not None and len(bought) == 1 and held["subscription_id"] == bought[0]["id"]
                and bought[0]["name"] == held["display_name"] == name)

    def repair(self, scene):
        """As the messages say; complaints."""
        complaints, command = [], None
        for _ in range(4):
            command = scene.host("apply", "-auto-approve", phase="recovery", limit_s=200)
            complaints += self.expect_bought(scene)
            if command.status == 0 or complaints:
                break
            held = harness.resources_of(scene.dir).get(ADDRESS)
            if "exists already" in command.output:
                alias = scene.control.ask("aliases")[0]["id"]
                scene.write(f'import {{\n  to = {ADDRESS}\n  id = "{alias}"\n}}\n', "import.tf")
            elif held and held["status"] == "tainted" and "untaint" in command.output:
                scene.host("untaint", ADDRESS, phase="recovery")
        if command.status != 0:
            complaints.append((OTHER, f"no run repairs it: {command.diagnostics()[:600]}"))
        elif not self.tells_lies and not self.is_as_wanted(scene):
            complaints.append((LOST, f"it ends with {scene.control.ask('bought')} and "
                                     f"{harness.resources_of(scene.dir)}"))
        return complaints

    def prepare(self, scene):
        scene.write(resource("Contoso", self.timeout_s))
        if self.operation == "buy":
            return
        made = scene.host("apply", "-auto-approve", limit_s=200)
        if made.status != 0:
            raise AssertionError(f"nothing works, without any fault:\n{made.output}")
        scene.write(resource("Contoso Ltd", self.timeout_s) if self.operation == "rename" else "")

    def play(self, _template, keep=False):
        scene = Scene(configuration())
        is_kept = True
        try:
            self.prepare(scene)
            scene.control.ask("faults", self.script)
            command = scene.host("apply", "-auto-approve", limit_s=200)
            complaints = self.expect_bought(scene)
            if not any(event["event"] == "FAULT" for event in scene.events()):
                complaints.append((OTHER, "the fault never came"))
            if command.status == 0 and not self.tells_lies and not self.is_as_wanted(scene):
                complaints.append((LOST, "it says that all is well, and nothing is as wanted"))
            scene.make_well()
            complaints += self.repair(scene)
            seen = [(what, where) for where, text in scene.texts().items()
                    for what, canary in scene.canaries().items() if canary.encode() in text]
            complaints += [(OTHER, f"{what} is in {where}") for what, where in seen]
            is_kept = keep or bool(complaints)
            return complaints, command.status == 0, scene
        finally:
            scene.close(keep=is_kept)


RUNS = [Purchase(operation, step, name, [{"match": step, **rule}])
        for operation, steps in WRITES.items() for step in steps
        for name, rule in matrix.faults_for("PUT").items()
        if rule["what"] not in ("other_tenant", "other_id", "empty_id")]
