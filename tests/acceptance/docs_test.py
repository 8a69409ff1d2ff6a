# Every block of HCL in the manual and the README is what its host takes: in the form of `fmt`, and
# valid. What a block takes for granted (var.x, local.x) is put beside it.
# SPDX-License-Identifier: MPL-2.0
import glob
import json
import os
import re

import harness
from harness import TOP

FENCE = r"^```%s\n(.*?)^```"
OURS = 'azurestack = {\n      source = "azurestack-csp/azurestack"\n    }'
HEAD = f"terraform {{\n  required_providers {{\n    {OURS}\n  }}\n}}\n"
# Only in files of another kind (a query, a test, the CLI's own), or for another provider as well.
ELSEWHERE = re.compile(r'^(list "|mock_provider |run "|provider_installation )|"hashicorp/', re.M)
OF_THE_CLI = re.compile(r"^provider_installation ", re.M)
# Not in a module that another one calls.
AT_THE_TOP = re.compile(r"^import \{", re.M)


# The blocks of these pages make one configuration.
ONE = {"docs/guides/guest_directory.md", "docs/guides/partner_center.md"}
# What goes with a block of azuread's, and not into its arguments.
META = re.compile(r"^  (?:for_each = [^\n]*|depends_on = \[[^\]]*\])\n", re.M)


def with_stand_ins(text):
    """The objects of azuread as terraform_data, which every host has without a download: the
    references to them and from them have to be valid."""
    def stand_in(match):
        kind, name, body = match[1] + match[2], match[3], re.sub(r"^  provider = .*\n", "", match[4],
                                                                  flags=re.M)
        meta = "".join(META.findall(body))
        return (f'resource "terraform_data" "{kind}_{name}" {{\n{meta}  input = {{\n'
                + META.sub("", body) + "  }\n}\n")
    if "azuread" not in text:
        return text
    text = re.sub(r'^provider "azuread" \{\n.*?^\}\n', "", text, flags=re.M | re.S)
    text = re.sub(r"^    azuread = \{\n.*?^    \}\n", "", text, flags=re.M | re.S)
    text = re.sub(r'^(resource|data) "azuread(\w+)" "(\w+)" \{\n(.*?)^\}\n', stand_in, text,
                  flags=re.M | re.S)
    text = re.sub(r"\bdata\.azuread(\w+)\.(\w+)", r"terraform_data.data\1_\2", text)
    text = re.sub(r"\bazuread(_\w+)\.(\w+)", r"terraform_data.resource\1_\2", text)
    return re.sub(r"\.object_id\b", ".id", text)


def blocks(language="hcl"):
    """[(page:line, text)] of all pages."""
    found = []
    pages = glob.glob(os.path.join(TOP, "docs", "**", "*.md"), recursive=True)
    for page in sorted(pages) + [os.path.join(TOP, "README.md")]:
        text = harness.read(page)
        for match in re.finditer(FENCE % language, text, re.M | re.S):
            line = text.count("\n", 0, match.start()) + 2
            name = os.path.relpath(page, TOP)
            if name in ONE and found and found[-1][0].startswith(name):
                found[-1] = (found[-1][0], found[-1][1] + "\n" + match[1])
            else:
                found.append((f"{name}:{line}", match[1]))
    return found


def names(text, kind, declaration):
    """What a block uses of a kind and does not declare, and what it declares."""
    declared = set(re.findall(declaration, text, re.M))
    return sorted(set(re.findall(rf"\b{kind}\.(\w+)", text)) - declared), sorted(declared)


def whole(text):
    """A configuration of a block, and its variables."""
    used, declared = names(text, "var", r'^variable "(\w+)"')
    locals_used, _ = names(text, "local", r"^  (\w+) += ")
    text = text if "required_providers" in text else HEAD + text
    # A provider block that nothing uses is not looked at.
    for i, block in enumerate(re.findall(r'^provider "azurestack" \{(.*?)\}\n', text, re.M | re.S)):
        alias = re.search(r'^  alias += "(\w+)"', block, re.M)
        text += (f'data "azurestack_registrations" "uses_{i}" {{\n'
                 + (f"  provider = azurestack.{alias[1]}\n" if alias else "") + "}\n")
    variables = used + [f"local_{name}" for name in locals_used]
    text += "".join(f'variable "{name}" {{}}\n' for name in variables)
    if locals_used:
        text += "locals {\n" + "".join(f"  {n} = var.local_{n}\n" for n in locals_used) + "}\n"
    return text, variables + declared


class Manual(harness.Case):
    def put(self, folder, text):
        os.makedirs(os.path.join(self.workspace.dir, folder), exist_ok=True)
        self.workspace.put(os.path.join(folder, "main.tf"), text)

    def validate(self, folder):
        return self.workspace.run(f"-chdir={folder}", "validate", "-no-color", expect=None)

    def test_every_block_is_in_the_form_of_fmt(self):
        count = 0
        for place, text in blocks():
            if not OF_THE_CLI.search(text):
                self.put(re.sub(r"\W", "-", place), text)
                count += 1
        self.assertGreater(count, 20)
        self.workspace.run("fmt", "-no-color", "-check", "-diff", "-recursive")
        self.put("README", "a=1\n")
        self.workspace.run("fmt", "-no-color", "-check", "-recursive", expect=3)

    def test_every_block_of_json_is_read(self):
        found = blocks("json")
        self.assertTrue(found)
        for place, text in found:
            with self.subTest(block=place):
                json.loads(text)

    def test_every_block_is_valid(self):
        """As modules of one configuration, so that one run looks at all of them."""
        top, count = [HEAD + 'variable "any" {}\n'], 0
        alone = []
        for place, text in blocks():
            text = with_stand_ins(text)
            if ELSEWHERE.search(text):
                continue
            if AT_THE_TOP.search(text):
                alone.append((place, text))
                continue
            count += 1
            text, variables = whole(text)
            folder = re.sub(r"\W", "-", place)
            self.put(os.path.join("all", folder), text)
            top.append(f'module "{folder}" {{\n  source = "./{folder}"\n'
                       + "".join(f"  {name} = var.any\n" for name in variables) + "}\n")
        self.assertGreater(count, 15)
        self.put("all", "".join(top))
        self.workspace.run("-chdir=all", "init", "-no-color")
        result = self.validate("all")
        self.assertEqual(result.status, 0, result.output)
        for place, text in alone:
            if "identity =" in text and harness.product_of(self.host)[1] < (1, 12):
                continue
            with self.subTest(block=place):
                self.put("alone", self.with_target(whole(text)[0]))
                self.workspace.run("-chdir=alone", "init", "-no-color")
                result = self.validate("alone")
                self.assertEqual(result.status, 0, result.output)

    def with_target(self, text):
        """What an import block leads to, where the page shows that elsewhere."""
        target = re.search(r"^ +to += azurestack_customer_subscription\.(\w+)$", text, re.M)
        if target and f'"azurestack_customer_subscription" "{target[1]}"' not in text:
            text += self.tenant(target[1])
        return text

    def test_a_block_that_is_wrong_is_found(self):
        self.put("all", whole('provider "azurestack" {\n  nonsense = 1\n}\n')[0])
        self.workspace.run("-chdir=all", "init", "-no-color")
        self.validate("all").says("nonsense")
        self.put("all", whole('resource "azurestack_customer_subscription" "x" {\n'
                              "  registration_id = var.x\n  customer_subscription = local.y\n}\n")[0])
        self.workspace.run("-chdir=all", "init", "-no-color")
        self.validate("all").says("customer_subscription")
        self.assertEqual(self.validate("all").status, 1)
