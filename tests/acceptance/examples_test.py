# Every file under examples/ is used as it is written, so that none of it can rot.
# SPDX-License-Identifier: MPL-2.0
import glob
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
            if name.endswith((".tf", ".tfvars")):
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
        found = [os.path.relpath(path, EXAMPLES) for path in
                 glob.glob(os.path.join(EXAMPLES, "**", "*.tf*"), recursive=True)
                 if ".terraform" not in path and "tfstate" not in path]
        rest = [path for path in found if path not in tried
                and not re.fullmatch(r"resources/\w+/resource\.tf", path)]
        self.assertEqual(rest, [], "an example that no test uses")


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
