# What is hurt, killed and audited: a row for each resource. The worlds and most of the HCL are those
# of the acceptance tests; here is what the audit looks at, and how the service is filled.
# SPDX-License-Identifier: MPL-2.0
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from workspace import CUSTOMER, HUB, PAYER, SECRET, Scene, id_of, world  # it says where the next is
import resource_test as acceptance

LONG_S = 20     # the timeouts of the state to start from


@dataclass
class Form:
    """An object as the configuration describes it."""
    arguments: str    # HCL
    id: str           # "": a GUID that the plan makes, and learn() finds
    facts: dict       # what the service has to hold of it


@dataclass
class Row:
    type: str
    forms: dict        # resource's name -> Form: what is there, of which an operation on many takes
                       # all, any other the first
    changed: dict      # "update", "replace" -> Form: what becomes of the first
    held: Callable     # control -> {id: entry}: what the service holds
    put: Callable      # (control, entry): as if it had always been there
    facts: dict        # attribute -> (entry): its value, as the state has it
    version: str       # of the API
    create: str = "PUT"   # the verbs of a create, an update and a delete, as HTTP or as the path's end
    update: str = ""
    destroy: str = "DELETE"    # "": it only leaves the state
    effects: dict = field(default_factory=dict)   # what the log says -> (verb, ID); {}: "VERB ID"
    drafts: tuple = ()     # of the verbs of a create: harmless if sent twice
    shown_at: tuple = ("", "")     # (expression, replacement) that make a write's path that of a GET
    shown_by: tuple = ()   # kinds of requests that show the object, besides a GET of its ID
    parts: tuple = ()      # ends of a path after the ID that are written as well
    makes_id: bool = False     # the service does: after a lost answer the next plan may name the object
    bodies: Callable = None    # [facts] -> bodies of a PUT; None: the emulator refuses wrong ones
    switches: dict = field(default_factory=dict)   # of the emulator
    report_s: int = 0          # what the plan of a destroy waits for a report at most
    update_is_checked: bool = False   # the plan of an update asks the service too
    costs_money: bool = False  # each create of what is not there
    is_whole: bool = False     # every operation and variation of a fault, or the choice of matrix.py
    template: str = ""         # the state to start from, and the entries of what is in it
    entries: list = field(default_factory=list)

    def __post_init__(self):
        self.base = acceptance.RESOURCES[self.type]
        self.prefix = "" if self.is_whole else f"{self.type}_"
        self.names = tuple(self.forms)
        self.writes = {"create": self.create, "update": self.update, "destroy": self.destroy}
        self.world = {**world(), **self.base.world}
        self.world["applications"] = [{**one, "client_secret": SECRET}
                                      for one in self.world["applications"]]

    def address(self, name):
        return f"azurestack_{self.type}.{name}"

    def wanted(self, operation):
        """name -> Form of the configuration."""
        if operation in self.changed:
            return {self.names[0]: self.changed[operation]}
        count = len(self.names) if operation == "learn" or "many" in operation else 1
        return {name: self.forms[name] for name in self.names[:count]}

    def text(self, operation, timeout_s):
        """The configuration. One after the other, or the steps come in another order each time."""
        text, before = "", ""
        for name, form in self.wanted(operation).items():
            times = "".join(f'    {one} = "{timeout_s}s"\n' for one in (
                "create", "read", "delete", *["update"] * bool(self.update)))
            text += (f'resource "azurestack_{self.type}" "{name}" {{\n{form.arguments}{before}'
                     f"  timeouts {{\n{times}  }}\n}}\n")
            before = f"  depends_on = [{self.address(name)}]\n"
        return text

    def state(self, names, timeout_s):
        """That in which only these are, with this timeout."""
        content = json.loads(self.template.replace(f'"{LONG_S}s"', f'"{timeout_s}s"'))
        content["resources"] = [one for one in content["resources"] if one["name"] in names]
        return json.dumps(content)

    def objects(self, control):
        return {one: {name: read(entry) for name, read in self.facts.items()}
                for one, entry in self.held(control).items()}

    def effect(self, event):
        """(verb, ID) of what the log says; a create is PUT, and what ends the object is DELETE."""
        if not self.effects:
            return event["what"].split()[0], event["what"].split()[-1]
        verb, one = self.effects.get(event["what"] + event.get("status", ""), ("", ""))
        return verb, one.format(**event)

    def look_up(self, method, path):
        """Where to ask what became of a write; the same for two that do the same."""
        place = re.split(r"\?|/providers/[^/]*/\w+\?" if method == "POST" else r"\?", path)[0]
        return re.sub(*self.shown_at, place) if self.shown_at[0] else place

    def is_proper_body(self, method, body, wanted):
        if method == "DELETE" or not self.bodies:
            return method != "DELETE" or body == ""
        try:
            return json.loads(body) in self.bodies(wanted)
        except ValueError:
            return False

    def learn(self):
        """The state to start from, made by the host itself."""
        scene = Scene(self)
        try:
            before = self.held(scene.control)
            scene.put("main.tf", self.text("learn", LONG_S))
            made = scene.perform("apply", "-auto-approve")
            if made.status != 0:
                raise AssertionError(f"nothing works, without any fault:\n{made.output}")
            self.template = scene.read("terraform.tfstate")
            held = self.held(scene.control)
            for name, form in self.forms.items():
                form.id = form.id or scene.managed()[self.address(name)]["id"]
            self.entries = [held[form.id] for form in self.forms.values()]
            if len(held) != len(before) + len(self.forms):
                raise AssertionError(f"there are {held}")
        finally:
            scene.close()
        return self


# --- customer subscriptions ---------------------------------------------------------------


def mapping(customer):
    return Form(f'  registration_id = "{HUB.format("berlin")}"\n'
                f'  customer_subscription_id = "{CUSTOMER.format(customer)}"\n'
                f'  tenant_id = "{PAYER.format(customer)}"\n',
                id_of(customer), {"tenant_id": PAYER.format(customer)})


def mapping_bodies(wanted):
    return [{}, {"properties": {}}, *({"properties": {"tenantId": facts["tenant_id"]}}
                                      for facts in wanted if facts)]


# --- the others, as the acceptance tests have them ----------------------------------------


def form(arguments, one, facts, *changes):
    """Each change is a text and what takes its place."""
    for old, new in changes:
        arguments, one = arguments.replace(old, new), one.replace(old, new)
    return Form(arguments, one, facts)


def alias_entries(control):
    """The aliases, and the subscriptions that go on without one."""
    aliases = {one["subscription_id"]: one for one in control.ask("aliases")}
    return {aliases[one["id"]]["id"] if one["id"] in aliases else f"/subscriptions/{one['id']}":
            {**one, "alias": aliases.get(one["id"], {}).get("name")}
            for one in control.ask("bought") if one["id"] in aliases or one["state"] == "Enabled"}


def hub_entries(kind):
    return lambda control: {
        one["id"]: one for one in control.ask("hub-objects")["berlin"]
        if one["id"].split("/")[-2] == kind and not one["id"].endswith(acceptance.ADMINISTRATOR)}


def put_in_hub(control, entry):
    control.ask("hub-object", {"hub": "berlin", **entry})


def hub_row(name, kind, forms, changed, facts, **more):
    return Row(name, {"it": forms}, changed, hub_entries(kind), put_in_hub, facts, **more)


FABRIKAM = "/v1/customers/26d2cda9-7eac-4f73-b8b2-b81a45ea7abb"   # as the emulator derives it
PARTNER_EFFECTS = {
    "customer created": ("PUT", "/v1/customers/{tenant_id}"),
    "customer deleted": ("DELETE", "/v1/customers/{tenant_id}"),
    "agreement confirmed": ("PUT", "/v1/customers/{tenant_id}/agreements/MicrosoftCustomerAgreement"),
    "order placed": ("PUT", "/v1/customers/{tenant_id}/subscriptions/{plan}"),
    "plan changedsuspended": ("DELETE", "/v1/customers/{tenant_id}/subscriptions/{plan}")}


def put_customer(control, entry):
    profile = entry["profile"]
    control.ask("partner-customer", {
        "tenant_id": entry["tenant_id"], "domain": entry["domain"], "email": profile["email"],
        "culture": profile["culture"], "language": profile["language"],
        "company_name": profile["companyName"], "address": profile["defaultAddress"]})


def partner_row(name, arguments, changed, parts_of, put, facts, **more):
    """`parts_of` takes a customer: the end of the ID -> entry; `facts` have the wanted value beside
    the reader."""
    return Row(name, {"it": Form(arguments, "", {fact: value for fact, (value, _) in facts.items()})},
               changed, lambda control: {
                   f"/v1/customers/{one['tenant_id']}{end}": entry
                   for one in control.ask("partner-customers")
                   for end, entry in parts_of(one).items()},
               put, {fact: read for fact, (_, read) in facts.items()}, version="",
               effects=PARTNER_EFFECTS, makes_id=True, costs_money=True,
               switches={"partner_idempotent": False}, **more)


def role(name):
    return {"role_definition_id": acceptance.ROLE.format(getattr(acceptance, name)),
            "principal_id": acceptance.PRINCIPAL}


A_REGISTRATION, A_DIRECTORY, A_USER, A_GROUP, A_ROLE = (acceptance.RESOURCES[name] for name in (
    "registration", "directory_tenant", "user_subscription", "user_resource_group",
    "user_role_assignment"))
A_CUSTOMER, AN_AGREEMENT, A_PLAN = (acceptance.RESOURCES[f"partner_{name}"] for name in (
    "customer", "customer_agreement", "azure_plan"))
ALIAS = acceptance.SCOPE + "  cancel_on_destroy = true\n"
HAMBURG = {"billing_model": "PayAsYouUse", "tags": {"site": "hamburg"}}
USER = {"display_name": "Contoso", "offer_id": acceptance.OFFERS + "standard", "state": "Enabled"}

ROWS = {row.type: row for row in (
    Row("customer_subscription",
        {name: mapping(number + 1) for number, name in enumerate(("tenant", "second", "third"))},
        {}, lambda control: {one["id"]: one for one in control.ask("mappings")},
        lambda control, entry: control.ask("map", {name: entry[name] for name in (
            "id", "tenant_id")}),
        {"tenant_id": lambda entry: entry["tenant_id"]}, "2017-06-01", bodies=mapping_bodies,
        is_whole=True),
    Row("registration", {"it": form(A_REGISTRATION.complete, A_REGISTRATION.id, HAMBURG)},
        {"update": form(A_REGISTRATION.updated, A_REGISTRATION.id, {
            "billing_model": "Capacity", "tags": {"site": "altona", "old": "x"}}),
         "replace": form(A_REGISTRATION.complete, A_REGISTRATION.id, {
             **HAMBURG, "tags": {"site": "bremen"}}, ("hamburg", "bremen"))},
        lambda control: {HUB.format(one["name"]): one for one in control.ask("registrations")},
        lambda control, entry: control.ask("registration", entry),
        {"billing_model": lambda entry: entry["billing_model"],
         "tags": lambda entry: entry.get("tags")}, "2017-06-01", update="PATCH"),
    Row("partner_azure_subscription",
        {"it": Form(ALIAS + '  display_name = "Contoso"\n', "", {"display_name": "Contoso"})},
        {"update": Form(ALIAS + '  display_name = "Contoso Ltd"\n', "",
                        {"display_name": "Contoso Ltd"}),
         "replace": Form(ALIAS + '  display_name = "Fabrikam"\n  alias = "fabrikam"\n',
                         acceptance.ALIAS_ID.replace("contoso", "fabrikam"),
                         {"display_name": "Fabrikam"})},
        alias_entries, lambda control, entry: control.ask("alias", {
            "alias": entry["alias"], "display_name": entry["name"],
            "billing_scope": f"{acceptance.ACCOUNT}/customers/{entry['customer']}"}),
        {"display_name": lambda entry: entry["name"], "subscription_id": lambda entry: entry["id"]},
        "2021-10-01", update="rename", destroy="cancel DELETE", costs_money=True),
    hub_row("directory_tenant", "directoryTenants",
            form(A_DIRECTORY.minimal, A_DIRECTORY.id, {"tenant_id": acceptance.CONTOSO_ID}),
            {"replace": form(A_DIRECTORY.updated, A_DIRECTORY.updated_id,
                             {"tenant_id": acceptance.OTHER_TENANT})},
            {"tenant_id": lambda entry: entry["properties"]["tenantId"]}, version="2015-11-01",
            report_s=60, switches={"hub_async": "all"}),   # its writes answer 202, those of the next one at once
    hub_row("user_subscription", "subscriptions", form(A_USER.minimal, A_USER.id, USER),
            {"update": form(A_USER.updated, A_USER.id, {
                "display_name": "Another name", "offer_id": acceptance.OFFERS + "trial",
                "state": "Disabled"}),
             "replace": form(A_USER.minimal, A_USER.id, USER,
                             (acceptance.OWN, acceptance.OWN.replace("7", "8")))},
            {"display_name": lambda entry: entry["displayName"],
             "offer_id": lambda entry: entry["offerId"], "state": lambda entry: entry["state"]},
            version="2015-11-01", update="PUT", update_is_checked=True),
    hub_row("user_resource_group", "resourceGroups",
            form(A_GROUP.complete, A_GROUP.id, {"tags": {"team": "a"}}),
            {"update": form(A_GROUP.updated, A_GROUP.id, {"tags": {"team": "b", "site": "x"}}),
             "replace": form(A_GROUP.complete, A_GROUP.id, {"tags": {"team": "a"}},
                             ("proof", "other"))},
            {"tags": lambda entry: entry.get("tags")}, version="2018-05-01", update="PUT"),
    hub_row("user_role_assignment", "roleAssignments",
            form(A_ROLE.complete, A_ROLE.id, role("OWNER")),
            {"replace": form(A_ROLE.updated, A_ROLE.id, role("READER"), (
                acceptance.ASSIGNED, acceptance.ASSIGNED.replace("12", "21")))},
            {"role_definition_id": lambda entry: entry["properties"]["roleDefinitionId"],
             "principal_id": lambda entry: entry["properties"]["principalId"]},
            version="2015-07-01"),
    partner_row("partner_customer", A_CUSTOMER.minimal,
                {"update": Form(A_CUSTOMER.updated, "", {"company_name": "Contoso Ltd"}),
                 "replace": form(A_CUSTOMER.minimal, FABRIKAM, {"company_name": "Contoso"},
                                 ("contoso.onm", "fabrikam.onm"))},
                lambda one: {"": one}, put_customer,
                {"company_name": ("Contoso", lambda entry: entry["profile"]["companyName"])},
                create="customers", update="PUT", parts=("/profiles/billing",),
                shown_at=("/profiles/billing$", ""), shown_by=("PARTNER_CUSTOMERS",)),
    partner_row("partner_customer_agreement", AN_AGREEMENT.minimal, {},
                lambda one: {"/agreements/MicrosoftCustomerAgreement": {
                    **agreement, "tenant_id": one["tenant_id"]} for agreement in one["agreements"]},
                lambda control, entry: control.ask("partner-agreement", {
                    "tenant_id": entry["tenant_id"], "contact": entry["primaryContact"]}),
                {"template_id": (acceptance.TEMPLATE, lambda entry: entry["templateId"])},
                create="agreements", destroy="", shown_by=("PARTNER_AGREEMENTS",)),
    partner_row("partner_azure_plan", A_PLAN.minimal,
                {"update": Form(A_PLAN.updated, "", {"friendly_name": "Contoso Ltd"})},
                lambda one: {f"/subscriptions/{plan['id']}": {**plan, "tenant_id": one["tenant_id"]}
                             for plan in one["plans"]},
                lambda control, entry: control.ask("partner-plan", {name: entry[name] for name in (
                    "tenant_id", "id", "sku", "name")}),
                {"friendly_name": ("Microsoft Azure plan", lambda entry: entry["name"])},
                create="carts checkout", update="PATCH", destroy="PATCH", drafts=("carts",),
                shown_at=(r"/carts/[^/]*/checkout$", "/subscriptions"),
                shown_by=("PARTNER_PLANS",)))}
if set(ROWS) != set(acceptance.RESOURCES):
    raise SystemExit(f"no row for {sorted(set(acceptance.RESOURCES) - set(ROWS))}")
