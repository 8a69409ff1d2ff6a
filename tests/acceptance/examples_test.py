# Every file under examples/ is used as it is written, so that none of it can rot.
# SPDX-License-Identifier: MPL-2.0
import glob
import json
import os
import re
import shutil
import subprocess
import sys

import harness
from harness import SUBSCRIPTION, TOP

EXAMPLES = os.path.join(TOP, "examples")


def files(pattern):
    return sorted(glob.glob(os.path.join(EXAMPLES, pattern)))


class Examples(harness.Case):
    emulator_config = {
        "registrations": [
            {"subscription_id": SUBSCRIPTION, "resource_group": "azurestack", "name": name}
            for name in ("berlin", "munich", "example-hub")
        ],
    }

    def use(self, paths, **texts):
        """A configuration of these files, and of these texts."""
        for name in os.listdir(self.workspace.dir):
            if name.endswith((".tf", ".tfvars", ".hcl")):
                os.remove(os.path.join(self.workspace.dir, name))
        for path in paths:
            shutil.copy(path, self.workspace.dir)
        for name, text in texts.items():
            self.workspace.write(text, name=name + ".tf")
        self.workspace.init()

    def run_through(self):
        self.workspace.apply()
        self.workspace.expect_settled()
        self.assertEqual({r["id"] for r in self.workspace.resources().values()},
                         set(self.emulator.mappings()))
        self.workspace.destroy()
        self.assertEqual(self.emulator.mappings(), {})

    def test_every_resource_with_the_provider_block(self):
        provider = files("provider/*.tf")
        resources = files("resources/*/resource.tf")
        self.assertTrue(provider and resources)
        for path in resources:
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                self.use(provider + [path])
                self.run_through()

    def test_every_import_command(self):
        commands = files("resources/*/import.sh")
        self.assertEqual([os.path.dirname(path) for path in commands],
                         [os.path.dirname(path) for path in files("resources/*/resource.tf")])
        tools = os.path.join(self.workspace.root, "tools")
        os.mkdir(tools)
        os.symlink(self.host, os.path.join(tools, "terraform"))
        environment = {**self.workspace.environment,
                       "PATH": tools + os.pathsep + self.workspace.environment["PATH"]}
        for path in commands:
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                self.use(files("provider/*.tf") + [path.replace("import.sh", "resource.tf")])
                with open(path, encoding="utf-8") as stream:
                    self.emulator.map(re.search(r" (/subscriptions/\S+)", stream.read())[1])
                run = subprocess.run(["sh", path], cwd=self.workspace.dir, env=environment,
                                     capture_output=True, text=True, timeout=harness.RUN_S)
                self.workspace.outputs += [run.stdout, run.stderr]
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
                self.workspace.expect_settled()

    def map_the_example(self):
        """What the examples name is mapped; its id."""
        customer = "11111111-2222-4333-8444-555555555555"
        identity = f"{harness.HUB.format('example-hub')}/customerSubscriptions/{customer}"
        self.emulator.map(identity, self.emulator.tenant_of(customer))
        return identity

    def test_every_import_block(self):
        blocks = files("resources/*/import-by-*.tf")
        self.assertTrue(blocks)
        for path in blocks:
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                if path.endswith("-identity.tf"):
                    self.need("resource identity", terraform=(1, 12), tofu=(1, 12))
                self.emulator.reset()
                self.map_the_example()
                self.use(files("provider/*.tf") + [path] + [
                    os.path.join(os.path.dirname(path), "resource.tf")])
                self.assertIn("1 imported, 0 added, 0 changed", self.workspace.apply().text)
                self.workspace.expect_settled()
                self.workspace.destroy()

    def outputs(self):
        shown = self.workspace.run("output", "-json").output
        return {name: output["value"] for name, output in json.loads(shown).items()}

    def test_every_data_source(self):
        identity = self.map_the_example()
        hub, customer = identity.split("/customerSubscriptions/")
        expected = {
            "azurestack_registration": {"registration_id": hub, "billing_model": "PayAsYouUse"},
            "azurestack_registrations": {"hubs": {
                name: harness.HUB.format(name) for name in ("berlin", "munich", "example-hub")}},
            "azurestack_customer_subscription": {"tenant_id": self.emulator.tenant_of(customer)},
            "azurestack_customer_subscriptions": {
                "missing": {"berlin": [customer], "munich": [customer], "example-hub": []},
                "unmanaged": {"berlin": [], "munich": [], "example-hub": []}},
        }
        for path in files("data-sources/*/data-source.tf"):
            name = os.path.basename(os.path.dirname(path))
            with self.subTest(example=name):
                self.use(files("provider/*.tf") + [path])
                self.workspace.apply()
                self.assertEqual(self.outputs(), expected.pop(name))
                # Not -refresh-only: Terraform 1.15 ends with 2 there, whichever provider's
                # data source an output names.
                self.workspace.plan()
                self.workspace.destroy()
        self.assertEqual(expected, {}, "a data source without an example")

    def test_every_function(self):
        self.need("functions of providers", terraform=(1, 8), tofu=(1, 7))
        paths = files("functions/*/function.tf")
        self.assertEqual(len(paths), 5)
        for path in paths:
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                self.use([path], main="")
                self.workspace.apply()
                with open(path, encoding="utf-8") as stream:
                    said = re.match(r'# "(\S+)"', stream.read())[1]
                self.assertEqual(list(self.outputs().values()), [said])
                self.workspace.destroy()
        self.assertEqual(self.emulator.calls(), [], "functions ask nobody")

    def test_every_list_resource(self):
        self.need("terraform query", terraform=(1, 14))
        paths = files("list-resources/*/list-resource.tfquery.hcl")
        self.assertTrue(paths)
        for path in paths:
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                identity = self.map_the_example()
                self.use(files("provider/*.tf") + [path])
                found = self.workspace.run("query", "-no-color",
                                           "-generate-config-out=generated.tf").text
                self.assertIn(identity.split("/")[-1], found)
                self.assertIn("1 imported, 0 added, 0 changed", self.workspace.apply().text)
                self.workspace.expect_settled()

    def test_the_configuration_of_the_quickstart(self):
        self.use(files("quickstart/main.tf") + files("quickstart/terraform.tfvars"))
        self.run_through()

    def test_the_configuration_of_the_readme(self):
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as stream:
            blocks = re.findall(r"^```hcl\n(.*?)^```", stream.read(), re.M | re.S)
        blocks = [block for block in blocks if "azurestack_customer_subscription" in block]
        self.assertEqual(len(blocks), 1)
        text = blocks[0].replace("/subscriptions/…/", f"/subscriptions/{SUBSCRIPTION}/")
        self.use([], readme=text)
        self.run_through()

    def test_nothing_else_is_left_untried(self):
        tried = ("provider/provider.tf", "quickstart/main.tf", "quickstart/terraform.tfvars")
        used = (r"resources/\w+/(resource|import-by-(string-id|identity))\.tf",
                r"data-sources/\w+/data-source\.tf", r"functions/\w+/function\.tf",
                r"list-resources/\w+/list-resource\.tfquery\.hcl")
        found = [os.path.relpath(path, EXAMPLES) for path in
                 glob.glob(os.path.join(EXAMPLES, "**", "*.tf*"), recursive=True)
                 if ".terraform" not in path and "tfstate" not in path]
        rest = [path for path in found if path not in tried
                and not any(re.fullmatch(pattern, path) for pattern in used)]
        self.assertEqual(rest, [], "an example that no test uses")


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
