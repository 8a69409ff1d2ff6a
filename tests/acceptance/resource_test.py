# The life cycle that every resource has: create, update, import, drift, destroy. A new resource is
# a row of RESOURCES; what only one resource does has a test file of its own.
# SPDX-License-Identifier: MPL-2.0
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import harness
from harness import CUSTOMER, HUB, TENANT


@dataclass
class Resource:
    """One row. The functions take the harness's Emulator and act as another user who changes the
    service: `make` creates what `minimal` describes, `remove` deletes it, `change` changes what
    `complete` describes."""
    minimal: str           # the arguments, as HCL: only those that are required
    complete: str          # … with every other one
    updated: str           # … with another value of one that can be changed
    id: str                # of the object that `minimal` and `complete` make
    make: Callable
    remove: Callable
    change: Callable
    held: Callable         # the IDs that the service holds, in its own case
    drift: dict            # attributes as `change` leaves them
    creates: int = field(default=1, kw_only=True)  # requests that a create sends
    identity: dict         # the resource identity of `id`
    updated_id: str = ""   # "": `updated` changes the object in place; else it makes another one
    imports: str = "1 imported, 0 added, 0 changed, 0 destroyed"
    listed: str = None     # the arguments of its list; None: query_test.py, or no list
    part: str = ""         # of `id`, by which alone it can be imported
    unreadable: tuple = ()  # attributes that an import cannot know
    secrets: tuple = ()    # what must not be shown, stored or logged
    tokens_each: int = 1   # how many tokens one process needs
    stays: bool = False    # a destroy removes it from the state only
    needs: tuple = ()      # arguments of Case.need(): hosts that have what the arguments use
    world: dict = field(default_factory=dict)  # the emulator's configuration
    provider: Callable = lambda emulator: 'provider "azurestack" {}\n'
    environment: Callable = lambda emulator: {}  # of the CLI


MAPPING = f'  registration_id          = "{HUB.format("berlin")}"\n'
MAPPING_ID = HUB.format("berlin") + "/customerSubscriptions/"
NEW_HUB = '  name = "hamburg"\n  resource_group_name = "azurestack"\n'
NEW_HUB_ID = HUB.format("hamburg")
NEW_HUB_TOKEN, OTHER_TOKEN = (harness.registration_token("abababab-1212-4343-8565-cdcdcdcdcdcd", model)
                              for model in ("PayAsYouUse", "Capacity"))
OTHER_TENANT = "99999999-9999-4999-8999-999999999999"

ACCOUNT = ("/providers/Microsoft.Billing/billingAccounts/99a13315-6f87-5b46-9dbd-606071106352:"
           "1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31")
CUSTOMER_TENANT = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
SCOPE = f'  billing_scope_id = "{ACCOUNT}/customers/{CUSTOMER_TENANT}"\n'
ALIAS_ID = "/providers/Microsoft.Subscription/aliases/contoso"


def make_alias(emulator, alias, name):
    emulator.control.ask("alias", {"alias": alias, "display_name": name,
                                   "billing_scope": f"{ACCOUNT}/customers/{CUSTOMER_TENANT}"})


# --- a hub ------------------------------------------------------------------------------------

ADMINISTRATOR = "00000000-1111-4000-8000-0000000000aa"
ADMIN = f"/subscriptions/{ADMINISTRATOR}/{{}}providers/Microsoft.Subscriptions.Admin"
CONTOSO, CONTOSO_ID = "contoso.onmicrosoft.com", "55555555-5555-4555-8555-555555555555"
DIRECTORY = ADMIN.format("resourceGroups/system.berlin/") + "/directoryTenants/" + CONTOSO
OFFERS = ADMIN.format("resourceGroups/offers/") + "/offers/"
OWN = "77777777-7777-4777-8777-777777777777"
USER = ADMIN.format("") + "/subscriptions/" + OWN
HUB_WORLD = {
    "hubs": [{"name": "berlin", "subscription_id": ADMINISTRATOR},
             {"name": "munich", "identity": "adfs"}],
    "directories": [{"tenant_id": CONTOSO_ID, "domain": CONTOSO},
                    {"tenant_id": OTHER_TENANT, "domain": "other.example"}]}


def hub_provider(emulator, hub="berlin", more=""):
    port = emulator.url.rsplit(":", 1)[1]
    return ('provider "azurestack" {\n  hub {\n    admin_endpoint = '
            f'"https://adminmanagement.{hub}.localhost:{port}"\n{more}  }}\n}}\n')


CUSTOMERS = "88888888-8888-4888-8888-888888888888"  # a subscription of Contoso's directory
PLACE = "/subscriptions/" + CUSTOMERS
GROUP = PLACE + "/resourceGroups/proof"
USER_WORLD = {**HUB_WORLD, "directories": [
    {"tenant_id": CONTOSO_ID, "domain": CONTOSO, "consent": "current"},
    {"tenant_id": OTHER_TENANT, "domain": "other.example"}], "applications": [
        {"tenant_id": tenant, "client_id": harness.CLIENT, "client_secret": harness.SECRET,
         "role": "owner"} for tenant in (harness.TENANT, CONTOSO_ID, "adfs")]}


def user_provider(emulator, hub="berlin", more=f'      tenant_id = "{CONTOSO_ID}"\n', block=""):
    return hub_provider(emulator, hub, f"{block}    user {{\n{more}    }}\n")


def let_in(emulator, hub="berlin", tenant=CONTOSO_ID):
    """A customer's directory, and its subscription on the hub."""
    if hub == "berlin":
        hub_put(emulator, id=DIRECTORY, name=CONTOSO, location="berlin",
                type="Microsoft.Subscriptions.Admin/directoryTenants",
                properties={"tenantId": tenant})
    hub_put(emulator, hub, id=USER.replace(OWN, CUSTOMERS), subscriptionId=CUSTOMERS,
            displayName="Contoso", delegatedProviderSubscriptionId=ADMINISTRATOR,
            offerId=OFFERS + "standard", owner=f"admin@{CONTOSO}", tenantId=tenant,
            state="Enabled", routingResourceManagerType="Default")
    return {}


def group_arguments(more=""):
    return (f'  name            = "proof"\n  location = "berlin"\n'
            f'  subscription_id = "{CUSTOMERS}"\n{more}')


OWNER, READER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "acdd72a7-3385-48ef-bd42-f606fba81ae7"
ROLE = PLACE + "/providers/Microsoft.Authorization/roleDefinitions/{}"
ASSIGNED, PRINCIPAL = "12121212-3434-4565-8787-909090909090", "0b1ec700-0000-4000-8000-000000000001"
ASSIGNMENT = PLACE + "/providers/Microsoft.Authorization/roleAssignments/" + ASSIGNED


def assignment_arguments(role="Owner", name=f'  name = "{ASSIGNED}"\n', more=""):
    return (f'  subscription_id      = "{CUSTOMERS}"\n  principal_id = "{PRINCIPAL}"\n'
            f'  role_definition_name = "{role}"\n{name}{more}')


def put_assignment(emulator, role, identity=ASSIGNMENT):
    hub_put(emulator, id=identity, name=identity[-36:],
            type="Microsoft.Authorization/roleAssignments", properties={
                "roleDefinitionId": ROLE.format(role), "principalId": PRINCIPAL, "scope": PLACE})


def hub_held(emulator, kind):
    """The IDs of what the hub holds of a type, without what it had from the beginning."""
    return [one["id"] for one in emulator.control.ask("hub-objects")["berlin"]
            if one["id"].split("/")[-2] == kind and one["id"].split("/")[-1] != ADMINISTRATOR]


def hub_put(emulator, hub="berlin", **members):
    emulator.control.ask("hub-object", {"hub": hub, **members})


def subscription_arguments(offer="standard", name="Contoso", more=""):
    return (f'  display_name          = "{name}"\n  offer_id = "{OFFERS}{offer}"\n'
            f'  owner                 = "admin@{CONTOSO}"\n  subscription_id = "{OWN}"\n'
            f'  delete_with_resources = true\n{more}')


# --- Partner Center -----------------------------------------------------------------------------

PARTNER_TENANT = "20454abb-f99e-4671-b816-4cb9439a0680"    # as the emulator derives it from the domain
PARTNER_CUSTOMER = f"/v1/customers/{PARTNER_TENANT}"
ADDRESS = ('  default_address = {\n    country = "DE"\n    city = "Berlin"\n'
           '    address_line_1 = "Example 1"\n    postal_code = "10115"\n'
           '    first_name = "Example"\n    last_name = "Person"\n%s  }\n')


def customer_arguments(company="Contoso", destroy="delete", more=""):
    return (f'  domain_name = "contoso.onmicrosoft.com"\n  company_name = "{company}"\n'
            '  email = "billing@contoso.example"\n  culture = "en-US"\n  language = "en"\n'
            f'  destroy_behavior = "{destroy}"\n' + ADDRESS % more)


def put_customer(emulator, **members):
    emulator.control.ask("partner-customer", {
        "tenant_id": PARTNER_TENANT, "domain": "contoso.onmicrosoft.com",
        "address": {"country": "DE", "city": "Berlin", "addressLine1": "Example 1",
                    "postalCode": "10115", "firstName": "Example", "lastName": "Person"},
        **members})


PLAN_CUSTOMER = CUSTOMER_TENANT
PLAN_GUID = "5375cab7-e50e-4dbb-b4ed-41ec80f561d2"    # as the emulator derives it from the customer
PLAN = f"/v1/customers/{PLAN_CUSTOMER}/subscriptions/{PLAN_GUID}"


def plan_arguments(more="", destroy="suspend"):
    return (f'  customer_tenant_id = "{PLAN_CUSTOMER}"\n  destroy_behavior = "{destroy}"\n'
            f'  suspend_with_azure_subscriptions = true\n{more}')


def put_plan(emulator, **members):
    emulator.control.ask("partner-plan", {"tenant_id": PLAN_CUSTOMER, "id": PLAN_GUID, **members})


def let_order(emulator):
    """A customer that has accepted the agreement."""
    put_customer(emulator, tenant_id=PLAN_CUSTOMER)
    emulator.control.ask("partner-agreement", {"tenant_id": PLAN_CUSTOMER})
    return emulator.partner_center()


OTHER_CUSTOMER = "7f2d1c6e-90ab-4cde-8f01-23456789abce"
PERSON = "1.emulator-refresh-token"
TEMPLATE = "d05bfee3-35d7-469a-bbd2-b7fa7f5197cb"    # of the agreement, as the emulator derives it


def agreement_arguments(customer=PARTNER_TENANT, contact="", more=""):
    return (f'  customer_tenant_id = "{customer}"\n  date_agreed = "2026-01-02T03:04:05Z"\n'
            '  primary_contact = {\n    first_name = "Example"\n    last_name = "Person"\n'
            f'    email = "person@contoso.example"\n{contact}  }}\n{more}')


def held_agreements(emulator):
    return [f"/v1/customers/{one['tenant_id']}/agreements/{agreement['type']}"
            for one in emulator.control.ask("partner-customers") for agreement in one["agreements"]]


def agreement_environment(emulator):
    put_customer(emulator)
    put_customer(emulator, tenant_id=OTHER_CUSTOMER, domain="other.onmicrosoft.com")
    return {**emulator.partner_center(), "AZURESTACK_PARTNER_REFRESH_TOKEN": PERSON}


RESOURCES = {
    "partner_azure_plan": Resource(
        minimal=plan_arguments(),
        complete=plan_arguments('  friendly_name = "Contoso"\n  sku_id = "0001"\n'
                                '  country = "DE"\n  billing_cycle = "one_time"\n'
                                '  order_beside_suspended_plan = false\n'),
        updated=plan_arguments('  friendly_name = "Contoso Ltd"\n  country = "DE"\n'),
        id=PLAN, make=put_plan, creates=2,
        remove=lambda emulator: emulator.control.ask("partner-forget-plan", {
            "tenant_id": PLAN_CUSTOMER, "id": PLAN_GUID}),
        change=lambda emulator: put_plan(emulator, name="Drifted"),
        held=lambda emulator: [f"/v1/customers/{PLAN_CUSTOMER}/subscriptions/{one['id']}"
                               for customer in emulator.control.ask("partner-customers")
                               for one in customer["plans"]],
        drift={"friendly_name": "Drifted"},
        identity={"customer_tenant_id": PLAN_CUSTOMER, "plan_id": PLAN_GUID},
        imports="1 imported, 0 added, 1 changed, 0 destroyed",
        unreadable=("catalog_item_id", "billing_cycle", "destroy_behavior",
                    "suspend_with_azure_subscriptions", "order_beside_suspended_plan"),
        world={"partner_suspends_active_plan": True, "partner_suspended_plan_stays": False},
        environment=let_order),
    "partner_customer_agreement": Resource(
        minimal=agreement_arguments(),
        complete=agreement_arguments(
            contact='    phone_number = "+4930"\n',
            more=f'  template_id = "{TEMPLATE}"\n'),
        updated=agreement_arguments(OTHER_CUSTOMER),
        id=PARTNER_CUSTOMER + "/agreements/MicrosoftCustomerAgreement",
        updated_id=f"/v1/customers/{OTHER_CUSTOMER}/agreements/MicrosoftCustomerAgreement",
        make=lambda emulator: emulator.control.ask("partner-agreement",
                                                   {"tenant_id": PARTNER_TENANT}),
        remove=lambda emulator: emulator.control.ask("partner-forget-agreements",
                                                     {"tenant_id": PARTNER_TENANT}),
        change=lambda emulator: None, held=held_agreements, drift={}, stays=True,
        identity={"customer_tenant_id": PARTNER_TENANT},
        secrets=(PERSON, "1.rotated"), environment=agreement_environment),
    "partner_customer": Resource(
        minimal=customer_arguments(),
        complete=customer_arguments(
            more='    address_line_2 = "c/o"\n    state = "BE"\n    phone_number = "+4930"\n'),
        updated=customer_arguments("Contoso Ltd"),
        id=PARTNER_CUSTOMER, make=put_customer,
        remove=lambda emulator: emulator.control.ask("partner-forget",
                                                     {"tenant_id": PARTNER_TENANT}),
        change=lambda emulator: put_customer(emulator, company_name="Drifted"),
        held=lambda emulator: [f"/v1/customers/{one['tenant_id']}"
                               for one in emulator.control.ask("partner-customers")],
        drift={"company_name": "Drifted"}, identity={"tenant_id": PARTNER_TENANT},
        imports="1 imported, 0 added, 1 changed, 0 destroyed",
        unreadable=("destroy_behavior",), secrets=("=;;n.=s9Z-canary",),
        world={"partner_sandbox": True},
        environment=harness.Emulator.partner_center),
    "customer_subscription": Resource(
        minimal=MAPPING + f'  customer_subscription_id = "{CUSTOMER.format(1)}"\n',
        complete=(MAPPING + f'  customer_subscription_id = "{CUSTOMER.format(1)}"\n'
                  f'  tenant_id = "{TENANT}"\n  replace_existing_mapping = true\n'),
        updated=MAPPING + f'  customer_subscription_id = "{CUSTOMER.format(2)}"\n',
        id=MAPPING_ID + CUSTOMER.format(1), updated_id=MAPPING_ID + CUSTOMER.format(2),
        make=lambda emulator: emulator.map(MAPPING_ID + CUSTOMER.format(1), TENANT),
        remove=lambda emulator: emulator.unmap(MAPPING_ID + CUSTOMER.format(1)),
        change=lambda emulator: emulator.map(MAPPING_ID + CUSTOMER.format(1), OTHER_TENANT),
        held=lambda emulator: list(emulator.mappings()), drift={"tenant_id": OTHER_TENANT},
        identity={"registration_subscription_id": harness.SUBSCRIPTION,
                  "resource_group_name": "azurestack", "registration_name": "berlin",
                  "customer_subscription_id": CUSTOMER.format(1)},
        unreadable=("replace_existing_mapping",)),
    "partner_azure_subscription": Resource(
        minimal=SCOPE + '  display_name     = "Contoso"\n  alias            = "contoso"\n',
        complete=(SCOPE + '  display_name     = "Contoso II"\n  alias            = "contoso"\n'
                  '  workload = "Production"\n  allow_duplicate_display_name = false\n'
                  '  cancel_on_destroy = true\n'),
        updated=SCOPE + '  display_name     = "Contoso Ltd"\n  alias            = "contoso"\n',
        id=ALIAS_ID, make=lambda emulator: make_alias(emulator, "contoso", "Contoso"),
        remove=lambda emulator: emulator.control.ask("forget-alias", {
            "alias": "contoso", "subscription": True}),
        change=lambda emulator: None, held=lambda emulator: [
            one["id"] for one in emulator.control.ask("aliases")],
        drift={}, identity={"alias": "contoso"},
        unreadable=("allow_duplicate_display_name", "cancel_on_destroy", "subscription_id"),
        tokens_each=2, world={"applications": [
            {"tenant_id": tenant, "client_id": harness.CLIENT, "client_secret": harness.SECRET,
             "role": "owner"} for tenant in (harness.TENANT, CUSTOMER_TENANT)]}),
    "registration": Resource(
        minimal=NEW_HUB + '  registration_token = var.token\n',
        complete=(NEW_HUB + '  registration_token = var.token\n'
                  f'  subscription_id = "{harness.SUBSCRIPTION}"\n'
                  '  registration_token_version = 1\n  tags = { site = "hamburg" }\n'
                  '  delete_with_customer_subscriptions = true\n'),
        updated=(NEW_HUB + '  registration_token = var.other_token\n'
                 f'  subscription_id = "{harness.SUBSCRIPTION}"\n'
                 '  registration_token_version = 2\n  tags = { site = "altona", old = "x" }\n'),
        id=NEW_HUB_ID,
        make=lambda emulator: emulator.registration(
            "hamburg", subscription_id=harness.SUBSCRIPTION, resource_group="azurestack"),
        remove=lambda emulator: emulator.forget_registration("hamburg"),
        change=lambda emulator: emulator.registration("hamburg", tags={"site": "elsewhere"}),
        held=lambda emulator: [HUB.format(one["name"]) for one in emulator.registrations()
                               if one["name"] not in ("berlin", "munich")],
        drift={"tags": {"site": "elsewhere"}},
        identity={"subscription_id": harness.SUBSCRIPTION, "resource_group_name": "azurestack",
                  "name": "hamburg"},
        unreadable=("registration_token_version", "delete_with_customer_subscriptions"),
        secrets=(NEW_HUB_TOKEN, OTHER_TOKEN),
        provider=lambda emulator: (
            harness.provider_block(subscription_id=harness.SUBSCRIPTION) + "".join(
                f'variable "{name}" {{\n  type      = string\n  ephemeral = true\n}}\n'
                for name in ("token", "other_token"))),
        environment=lambda emulator: {"TF_VAR_token": NEW_HUB_TOKEN,
                                      "TF_VAR_other_token": OTHER_TOKEN},
        needs=("a write-only argument", (1, 11), (1, 11))),
    "directory_tenant": Resource(
        minimal=f'  domain_name = "{CONTOSO}"\n',
        complete=(f'  domain_name = "{CONTOSO}"\n  tenant_id = "{CONTOSO_ID}"\n'
                  f'  location = "berlin"\n  resource_group_name = "system.berlin"\n'
                  f'  administrator_subscription_id = "{ADMINISTRATOR}"\n'),
        updated='  domain_name = "other.example"\n',
        id=DIRECTORY, part=CONTOSO, listed="", updated_id=DIRECTORY.replace(CONTOSO, "other.example"),
        make=lambda emulator: hub_put(
            emulator, id=DIRECTORY, name=CONTOSO, location="berlin",
            type="Microsoft.Subscriptions.Admin/directoryTenants",
            properties={"tenantId": CONTOSO_ID}),
        remove=lambda emulator: emulator.control.ask("hub-forget",
                                                     {"hub": "berlin", "id": DIRECTORY}),
        change=lambda emulator: hub_put(emulator, id=DIRECTORY,
                                        properties={"tenantId": OTHER_TENANT}),
        held=lambda emulator: hub_held(emulator, "directoryTenants"),
        drift={"tenant_id": OTHER_TENANT}, world=HUB_WORLD, provider=hub_provider,
        identity={"administrator_subscription_id": ADMINISTRATOR,
                  "resource_group_name": "system.berlin", "domain_name": CONTOSO}),
    "user_resource_group": Resource(
        minimal=group_arguments(),
        complete=group_arguments(f'  tenant_id = "{CONTOSO_ID}"\n  tags = {{ team = "a" }}\n'
                                 '  delete_with_resources = true\n'),
        updated=group_arguments('  tags = { team = "b", site = "x" }\n'),
        id=GROUP, listed=f'    subscription_id = "{CUSTOMERS}"\n',
        make=lambda emulator: hub_put(emulator, id=GROUP, name="proof", location="berlin"),
        remove=lambda emulator: emulator.control.ask("hub-forget",
                                                     {"hub": "berlin", "id": GROUP}),
        change=lambda emulator: hub_put(emulator, id=GROUP, tags={"team": "elsewhere"}),
        held=lambda emulator: [one["id"] for one in emulator.control.ask("hub-objects")["berlin"]
                               if one["id"].startswith(PLACE + "/")],
        drift={"tags": {"team": "elsewhere"}},
        identity={"subscription_id": CUSTOMERS, "name": "proof"},
        unreadable=("tenant_id", "delete_with_resources"), world=USER_WORLD,
        provider=user_provider, environment=let_in),
    "user_role_assignment": Resource(
        minimal=assignment_arguments(),
        complete=assignment_arguments(
            more=f'  tenant_id = "{CONTOSO_ID}"\n  role_definition_id = "{ROLE.format(OWNER)}"\n'),
        updated=assignment_arguments("Reader"),
        id=ASSIGNMENT, updated_id=ASSIGNMENT, listed=f'    subscription_id = "{CUSTOMERS}"\n',
        make=lambda emulator: put_assignment(emulator, OWNER),
        remove=lambda emulator: emulator.control.ask("hub-forget",
                                                     {"hub": "berlin", "id": ASSIGNMENT}),
        change=lambda emulator: put_assignment(emulator, READER),
        held=lambda emulator: [one["id"] for one in emulator.control.ask("hub-objects")["berlin"]
                               if one["id"].startswith(PLACE + "/")],
        drift={"role_definition_id": ROLE.format(READER), "role_definition_name": "Reader"},
        identity={"subscription_id": CUSTOMERS, "name": ASSIGNED},
        unreadable=("tenant_id",), tokens_each=2, world=USER_WORLD,
        provider=user_provider, environment=let_in),
    "user_subscription": Resource(
        minimal=subscription_arguments(),
        complete=subscription_arguments(
            more=f'  tenant_id = "{TENANT}"\n  enabled = true\n  external_reference_id = "1"\n'
            f'  administrator_subscription_id = "{ADMINISTRATOR}"\n'
            f'  delegated_provider_subscription_id = "{ADMINISTRATOR}"\n'
            '  routing_resource_manager_type = "Default"\n'),
        updated=subscription_arguments("trial", "Another name", "  enabled = false\n").replace("admin@", "other@"),
        id=USER, part=OWN.upper(), listed="",
        make=lambda emulator: hub_put(
            emulator, id=USER, subscriptionId=OWN, displayName="Contoso",
            delegatedProviderSubscriptionId=ADMINISTRATOR, offerId=OFFERS + "standard",
            owner=f"admin@{CONTOSO}", tenantId=TENANT, state="Enabled",
            routingResourceManagerType="Default"),
        remove=lambda emulator: emulator.control.ask("hub-forget",
                                                     {"hub": "berlin", "id": USER}),
        change=lambda emulator: hub_put(emulator, id=USER, displayName="Drifted",
                                        state="Disabled"),
        held=lambda emulator: hub_held(emulator, "subscriptions"),
        drift={"display_name": "Drifted", "enabled": False, "state": "Disabled"},
        identity={"administrator_subscription_id": ADMINISTRATOR, "subscription_id": OWN},
        imports="1 imported, 0 added, 1 changed, 0 destroyed",
        unreadable=("delete_with_resources",), world=HUB_WORLD, provider=hub_provider),
}


# Of those that a hub with AD FS has: the ID of its own directory.
ON_AD_FS = {"user_subscription": TENANT, "user_resource_group": CONTOSO_ID,
            "user_role_assignment": CONTOSO_ID}


def on_ad_fs(row, tenant):
    """The same on a hub with AD FS, which has credentials of its own and one directory."""
    hub = {**row.world["hubs"][0], "identity": "adfs", "tenant_id": tenant}
    own = {"tenant_id": "adfs", "client_id": harness.CLIENT, "client_secret": harness.SECRET,
           "role": "owner"}
    return replace(
        row, complete=row.complete.replace(f'  tenant_id = "{CONTOSO_ID}"\n', ""),
        world={**row.world, "hubs": [hub], "applications": [own]},
        provider=lambda emulator: row.provider(emulator).replace(
            f'      tenant_id = "{CONTOSO_ID}"\n', ""),
        environment=lambda emulator: {**row.environment(emulator),
                                      "AZURESTACK_HUB_CLIENT_ID": harness.CLIENT,
                                      "AZURESTACK_HUB_CLIENT_SECRET": harness.SECRET})


class LifeCycle:
    """The tests; for each row a class below is made of it."""

    name, row = None, None

    def setUp(self):
        super().setUp()
        if self.row.needs:
            self.need(*self.row.needs)
        self.environment, self.provider = (make(self.emulator) for make in (
            self.row.environment, self.row.provider))
        self.workspace.environment.update(self.environment)
        self.workspace.secrets += self.row.secrets
        self.workspace.tokens_each = self.row.tokens_each
        self.address = f"azurestack_{self.name}.it"

    def write(self, arguments, more="", workspace=None):
        (workspace or self.workspace).write(
            f'resource "azurestack_{self.name}" "it" {{\n{arguments}}}\n{more}',
            provider=self.provider)
        (workspace or self.workspace).init()

    def import_block(self, by=None):
        return f'import {{\n  to = {self.address}\n  {by or self.by_id()}}}\n'

    def by_id(self):
        return f'id = "{self.row.id}"\n'

    def by_identity(self):
        inner = "".join(f'    {name} = "{text}"\n' for name, text in self.row.identity.items())
        return f"identity = {{\n{inner}  }}\n"

    def apply(self, reported, *arguments):
        self.emulator.mark()
        self.workspace.apply(*arguments).says(reported)
        self.workspace.expect_settled()

    def expect_held(self, *ids):
        """The service and the state hold exactly these."""
        self.assertEqual(self.row.held(self.emulator), list(ids))
        self.assertEqual([one["id"] for one in self.workspace.resources().values()], list(ids))

    def state(self, workspace=None):
        found = (workspace or self.workspace).resources()[self.address]
        return {name: value for name, value in found.items() if name not in self.row.unreadable}

    def test_basic(self):
        self.write(self.row.minimal)
        self.workspace.run("validate", "-no-color")
        self.apply("1 added, 0 changed, 0 destroyed")
        self.expect_held(self.row.id)
        self.workspace.plan("-refresh=false")
        self.workspace.plan("-refresh-only")
        self.assertEqual(len(self.emulator.writes()), self.row.creates)
        self.assertIsNone(self.state()["mark"])
        self.emulator.mark()
        self.workspace.destroy()
        self.assertEqual(len(self.emulator.writes()), 0 if self.row.stays else 1)
        self.assertEqual(self.row.held(self.emulator), [self.row.id] if self.row.stays else [])
        self.assertEqual(self.workspace.resources(), {})

    def test_import_gives_what_the_create_gave(self):
        for arguments, identity in ((self.row.minimal, self.row.part or self.row.id),
                                    (self.row.complete, self.row.id)):
            with self.subTest(arguments=arguments):
                self.write(arguments)
                self.apply("1 added")
                other = harness.Workspace(self.host, self.emulator, self.environment)
                self.addCleanup(other.remove)
                other.tokens_each = self.row.tokens_each
                self.write(arguments, workspace=other)
                other.run("import", "-no-color", self.address, identity)
                self.assertEqual(self.state(other), self.state())
                self.workspace.destroy()
                if self.row.stays:
                    self.row.remove(self.emulator)

    def test_update(self):
        self.write(self.row.complete)
        self.apply("1 added")
        self.write(self.row.updated)
        self.apply("1 added, 0 changed, 1 destroyed" if self.row.updated_id
                   else "0 added, 1 changed, 0 destroyed")
        if not self.row.updated_id:
            self.write(self.row.minimal)    # what it omits is removed
            self.apply("0 destroyed")
        if self.row.stays:
            self.row.remove(self.emulator)
        self.expect_held(self.row.updated_id or self.row.id)

    def test_requires_import(self):
        """The plan refuses what exists and prints the block that imports it."""
        self.row.make(self.emulator)
        self.write(self.row.minimal)
        reported = self.workspace.apply(expect=1)
        reported.says("already exists")
        self.assertEqual(self.workspace.resources(), {})
        reported.says(f'import {{ to = azurestack_{self.name}.NAME id = "{self.row.id}" }}')
        self.write(self.row.minimal, self.import_block())
        self.apply(self.row.imports)
        self.expect_held(self.row.id)
        self.emulator.position = self.emulator.test_position
        self.assertEqual(self.emulator.writes(), [])

    def test_import_with_generated_configuration(self):
        self.row.make(self.emulator)
        self.workspace.write(self.import_block(), provider=self.provider)
        self.workspace.plan("-generate-config-out=generated.tf", expect=2)
        self.apply("1 imported, 0 added, 0 changed, 0 destroyed")
        self.assertEqual(self.emulator.writes(), [])

    def test_import_by_identity(self):
        self.need("resource identity", terraform=(1, 12), tofu=(1, 12))
        self.write(self.row.minimal)
        self.apply("1 added")
        self.assertEqual(self.workspace.instance()["identity"], self.row.identity)
        self.workspace.forget(self.address)
        self.write(self.row.minimal, self.import_block(self.by_identity()))
        self.apply(self.row.imports)
        self.expect_held(self.row.id)
        self.assertEqual(self.workspace.instance()["identity"], self.row.identity)
        self.workspace.forget(self.address)
        self.workspace.write(self.import_block(self.by_identity()), provider=self.provider)
        self.workspace.plan("-generate-config-out=generated.tf", expect=2)
        self.apply("1 imported, 0 added, 0 changed, 0 destroyed")

    def test_query(self):
        self.need("terraform query", terraform=(1, 14))
        if self.row.listed is None:
            self.skipTest("it has no list of its own, or a test of its own")
        self.row.make(self.emulator)
        self.write("")
        self.workspace.put("main.tf", self.workspace.read("main.tf").split("resource ")[0])
        self.workspace.put("all.tfquery.hcl", f'list "azurestack_{self.name}" "all" {{\n'
                           f"  provider = azurestack\n  config {{\n{self.row.listed}  }}\n}}\n")
        lines = self.workspace.run("query", "-json").output.splitlines()
        found = [line["list_resource_found"]["identity"] for line in map(json.loads, lines)
                 if "list_resource_found" in line]
        self.assertIn(self.row.identity, found)

    def test_disappears(self):
        """Deleted by another client: planned again; after the plan of a destroy: a success."""
        self.write(self.row.minimal)
        self.apply("1 added")
        self.row.remove(self.emulator)
        self.workspace.plan(expect=2).says("1 to add")
        self.workspace.plan("-refresh-only", expect=2)
        self.apply("1 added, 0 changed, 0 destroyed")
        self.expect_held(self.row.id)
        self.workspace.plan("-destroy", "-out=saved", expect=2)
        self.row.remove(self.emulator)
        self.workspace.run("apply", "-no-color", "saved")
        self.expect_held()

    def test_a_wrong_credential_and_a_service_that_is_not_reached(self):
        """Nothing can be done, and nothing is lost: not what is in the state, not what is not."""
        if "hubs" not in self.row.world:
            self.skipTest("sign_in_test.py and network_test.py have it of public Azure")
        wrong = {name: "wrong" for name in self.workspace.environment
                 if name.endswith("CLIENT_SECRET")}
        times = "  timeouts {\n" + "".join(f'    {operation} = "61s"\n' for operation in (
            "create", "read", "delete")) + "  }\n"
        self.write(self.row.minimal + times)
        self.apply("1 added")
        made = json.dumps(self.workspace.state())
        # A service that cannot be reached is retried until the timeout.
        for words, time, environment in ((["client secret"], "61s", wrong), (
                ["127.0.0.1:9", "What to do"], "2s", {"HTTPS_PROXY": "http://127.0.0.1:9"})):
            self.write(self.row.minimal + times.replace("61s", time))
            with self.subTest(environment=environment):
                self.workspace.put_state(json.loads(made.replace('"61s"', f'"{time}"')))
                self.emulator.mark()
                for arguments in ("plan", "-refresh-only"), ("destroy", "-auto-approve"):
                    self.workspace.run(*arguments, "-no-color", expect=1, **environment).says(*words)
                self.expect_held(self.row.id)
                self.workspace.forget(self.address)
                self.workspace.apply(expect=1, **environment).says(*words)
                self.assertEqual(self.workspace.resources(), {})
                self.assertEqual(self.emulator.writes(), [])
        self.expects_rejections = True

    def test_a_service_that_is_not_configured(self):
        provider, self.provider = self.provider, 'provider "azurestack" {}\n'
        names = {name for name in self.environment if name.startswith("AZURESTACK_")}
        if not names and "hub {" not in provider and "partner {" not in provider:
            self.skipTest("it is public Azure")
        for name in names:
            del self.workspace.environment[name]
        self.write(self.row.minimal)
        self.workspace.plan(expect=1).says("The provider block is incomplete", "What to do")
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_drift(self):
        """Changed by another client: shown, and changed back."""
        if not self.row.drift:
            self.skipTest("nothing that the service says of it can change")
        self.write(self.row.complete)
        self.apply("1 added")
        before = self.state()
        self.row.change(self.emulator)
        self.workspace.plan("-refresh-only", "-out=saved", expect=2)
        shown = json.loads(self.workspace.run("show", "-json", "saved").output)
        drift, = shown["resource_drift"]
        self.assertEqual({name: drift["change"]["after"][name] for name in self.row.drift},
                         self.row.drift)
        self.apply("0 destroyed" if not self.row.updated_id else "1 destroyed")
        self.assertEqual(self.state(), before)
        self.expect_held(self.row.id)


class EveryType(harness.Case):
    def test_every_resource_has_a_row(self):
        self.workspace.write("")
        self.workspace.init()
        schemas = json.loads(self.workspace.run("providers", "schema", "-json").output)
        provider, = schemas["provider_schemas"].values()
        self.assertEqual(set(provider["resource_schemas"]),
                         {f"azurestack_{name}" for name in RESOURCES})


for name_of_row, a_row in RESOURCES.items():
    globals()[name_of_row] = type(name_of_row, (LifeCycle, harness.Case), {
        "name": name_of_row, "row": a_row, "emulator_config": a_row.world})
for name_of_row, its_directory in ON_AD_FS.items():
    a_row = on_ad_fs(RESOURCES[name_of_row], its_directory)
    globals()[name_of_row + "_on_ad_fs"] = type(
        name_of_row + "_on_ad_fs", (LifeCycle, harness.Case), {
            "name": name_of_row, "row": a_row, "emulator_config": a_row.world})
