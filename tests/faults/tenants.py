# Scenarios with more than one tenant, or with something that happens in mid-run.
# SPDX-License-Identifier: MPL-2.0
from rows import ROWS
from workspace import CUSTOMER, HUB, PAYER, Scene, finish, world

MANY = 50


def many(count, pattern):
    return ('resource "azurestack_customer_subscription" "many" {\n'
            f'  count = {count}\n  registration_id = "{HUB.format("berlin")}"\n'
            f'  customer_subscription_id = format("{pattern}", count.index + 1)\n'
            '  timeouts {\n    create = "120s"\n  }\n}\n')


def mapping(customer, name):
    return (f'resource "azurestack_customer_subscription" "{name}" {{\n'
            f'  registration_id = "{HUB.format("berlin")}"\n'
            f'  customer_subscription_id = "{CUSTOMER.format(customer)}"\n}}\n')


def tokens_issued(scene, command):
    return sum(event.get("what") == "token issued" for event in scene.events()
               if command.first <= event["n"] <= command.last)


class Scenario:
    """One with the interface of matrix.Run."""

    mark, is_long, is_quick = "without help", True, False

    def __init__(self, name, act, config=None):
        self.name, self.act, self.config = name, act, config

    def play(self, keep=False):
        scene = Scene(ROWS["customer_subscription"], self.config)
        is_kept = True
        try:
            complaints = self.act(scene)
            is_kept = keep or bool(complaints)
            return complaints, True, scene
        finally:
            scene.close(keep=is_kept)


def create_many(scene, count, *options, meanwhile=None,
                pattern="11111111-2222-4333-8444-5555555555%02d"):
    """(complaints, the apply); it has to go through by itself."""
    addresses = {f"azurestack_customer_subscription.many[{index}]":
                 [f"{HUB.format('berlin')}/customerSubscriptions/{pattern % (index + 1)}"]
                 for index in range(count)}
    scene.write(many(count, pattern))
    before, start = scene.objects(), scene.position()
    command = scene.host("apply", "-auto-approve", *options, limit_s=150, meanwhile=meanwhile)
    complaints = [] if command.status == 0 else [
        (4, f"the apply ended with {command.status}: {command.diagnostics()[:600]}")]
    complaints += finish(scene, addresses, dict.fromkeys(addresses, {}), before, {}, start)
    return complaints, command


def expired_mid_run(scene):
    """Fifty mappings, 50 ms latency, tokens that live three seconds."""
    scene.control.ask("switches", {"token_lifetime_s": 3, "latency_ms": 50})
    complaints, command = create_many(scene, MANY, "-parallelism=2")
    issued = tokens_issued(scene, command)
    if issued < 2:
        complaints.append((10, f"{issued} tokens: none expired in mid-run"))
    return complaints


def revoked_token(scene):
    """A token is revoked in mid-run, with ten requests under way: one new token for all."""
    scene.control.ask("switches", {"latency_ms": 100})

    def revoke(_process):
        if sum(event.get("method") == "PUT" for event in scene.events()) < 5:
            return None
        scene.control.ask("revoke-tokens", {})
        return "revoked"

    complaints, command = create_many(scene, 30, meanwhile=revoke)
    events = [event for event in scene.events() if event["n"] <= command.last]
    revoked = next((event["n"] for event in events if event["event"] == "CONTROL"
                    and event["what"].endswith("/revoke-tokens")), None)
    later = [event for event in events if revoked and event["n"] > revoked]
    if not any(event.get("status") == 401 for event in later):
        complaints.append((10, "nothing was refused"))
    issued = sum(event.get("what") == "token issued" for event in later)
    if issued != 1:
        complaints.append((3, f"{issued} new tokens where one was needed"))
    return complaints


def throttled_400(scene):
    """Four hundred writes into a bucket that is soon empty and gets ten a second."""
    # A slow machine writes ten a second by itself: the bucket of two hundred that ARM has
    # would never be empty there.
    scene.control.ask("switches", {"write_bucket": True, "write_bucket_size": 20,
                                   "write_bucket_per_s": 10})
    complaints, _ = create_many(scene, 400, pattern="22222222-2222-4333-8444-555555555%03d")
    if not any(event["event"] == "ANSWER" and event["status"] == 429 for event in scene.events()):
        complaints.append((10, "nothing was throttled"))
    return complaints


def same_tenant_twice(scene):
    """Two subscriptions of one tenant on one registration: the service keeps only the last.
    Where it does not say whose they are either, no output may say that all is well, and state
    may not name what is not there."""
    scene.control.ask("switches", {"tenant_challenge": "none"})
    scene.write(mapping(1, "one") + mapping(2, "two"))
    applied = scene.host("apply", "-auto-approve", "-parallelism=1")
    planned = scene.host("plan", "-detailed-exitcode")
    complaints = []
    if applied.status == 0 and planned.status == 0:
        complaints.append((9, "two mappings of one tenant are called settled, and the service "
                              f"holds {sorted(scene.objects())}"))
    if "was overwritten" not in applied.output:
        complaints.append((9, "no output says that a mapping was overwritten"))
    if len(scene.objects()) != 2:
        complaints.append((10, f"the service holds {sorted(scene.objects())}, so that the "
                               "scenario is another"))
    return complaints


def same_tenant_refused(scene):
    """The same where the service says whose they are: the plan names both, and nothing is made."""
    before = scene.objects()
    scene.write(mapping(1, "one") + mapping(2, "two"))
    applied = scene.host("apply", "-auto-approve")
    complaints = []
    if applied.status == 0:
        complaints.append((9, "two mappings of one tenant were applied"))
    for customer in (1, 2):
        if CUSTOMER.format(customer) not in applied.output:
            complaints.append((9, f"no output names {CUSTOMER.format(customer)}"))
    if scene.objects() != before:
        complaints.append((4, f"the service holds {sorted(scene.objects())}"))
    return complaints


def twice_world():
    config = world()
    for entry in config["subscriptions"]:
        if entry["subscription_id"] in (CUSTOMER.format(1), CUSTOMER.format(2)):
            entry["tenant_id"] = PAYER.format(1)
    return config


RUNS = [
    Scenario("same_tenant_twice", same_tenant_twice, twice_world()),
    Scenario("same_tenant_refused", same_tenant_refused, twice_world()),
    Scenario("expired_mid_run", expired_mid_run),
    Scenario("revoked_token", revoked_token),
    Scenario("throttled_400", throttled_400),
]
