# Which cloud is spoken to: metadata_host alone, what it may not be, and a hub in its place.
# SPDX-License-Identifier: MPL-2.0
import harness

METADATA = "GET /metadata/endpoints"


class Clouds(harness.Case):
    def setUp(self):
        super().setUp()
        for name in list(self.workspace.environment):
            if name.startswith(("ARM_RESOURCE_MANAGER", "ARM_ACTIVE_DIRECTORY", "ARM_ENVIRONMENT")):
                del self.workspace.environment[name]
        self.host = self.emulator.url.removeprefix("https://")
        self.workspace.write(self.tenant())

    def asked(self):
        return self.emulator.calls().count(METADATA)


class MetadataHost(Clouds):
    def test_it_alone_says_where_to_go(self):
        self.workspace.environment["ARM_METADATA_HOSTNAME"] = self.host
        self.workspace.run("validate", "-no-color")
        self.workspace.apply()
        self.assertEqual(self.emulator.kinds(), ["GET", "PUT", "GET"])
        self.assertEqual(self.asked(), 2)  # one process plans, one applies
        self.assertEqual(self.emulator.calls(tokens=True)[:2], [METADATA, "TOKEN"])
        self.workspace.expect_settled()
        self.workspace.destroy()
        self.assertEqual(self.emulator.mappings(), {})

    def test_endpoint_overrides_it(self):
        self.workspace.environment.update(
            ARM_METADATA_HOSTNAME="metadata.invalid", ARM_ENVIRONMENT="custom",
            ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=self.emulator.url,
            ARM_RESOURCE_MANAGER_ENDPOINT=self.emulator.url)
        self.workspace.apply()
        self.assertEqual(self.asked(), 0)

    def test_missing_metadata_are_reported_in_full_once(self):
        self.workspace.write(self.tenant() + self.tenant("other", customer=2))
        result = self.workspace.apply(expect=1, ARM_METADATA_HOSTNAME="metadata.invalid")
        # The plan could not be checked, which is one warning; the apply fails.
        warning, errors = result.text.split("Error:", 1)
        for reported in (warning, errors):
            self.assertEqual(reported.count("the name metadata.invalid does not resolve"), 1)
            self.assertEqual(reported.count("cloud from metadata_host (ARM_METADATA_HOSTNAME)"), 1)
            self.assertEqual(reported.count("What to do:"), 1)
        self.assertEqual(warning.count("Plan was not checked with Azure"), 1)
        self.assertEqual(errors.count("Another error of this run has the same cause"), 1)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_a_host_without_metadata_is_recognised_by_its_answer(self):
        self.expects_rejections = True
        self.emulator.fault("ANY#*", "status=403")
        self.workspace.apply(expect=1, ARM_METADATA_HOSTNAME=self.host).says(
            f'metadata_host (ARM_METADATA_HOSTNAME) "{self.host}" returned status 403')
        self.assertEqual(self.emulator.calls(tokens=True), [METADATA])  # by the plan


class AHub(Clouds):
    def test_a_hub_in_metadata_host_is_reported(self):
        self.emulator.switch(metadata="hub")
        self.workspace.apply(expect=1, ARM_METADATA_HOSTNAME=self.host).says(
            "is an Azure Stack Hub's own Resource Manager",
            "are in public Azure, not on the hub")
        self.assertEqual(set(self.emulator.calls(tokens=True)), {METADATA})

    def test_a_hub_in_endpoint_is_reported_when_it_refuses(self):
        self.emulator.switch(metadata="hub")
        self.workspace.environment.update(
            ARM_ENVIRONMENT="custom", ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=self.emulator.url,
            ARM_RESOURCE_MANAGER_ENDPOINT=self.emulator.url)
        reported = ("resource_manager_endpoint (ARM_RESOURCE_MANAGER_ENDPOINT) "
                f'"{self.emulator.url}" is an Azure Stack Hub\'s own')
        self.expects_rejections = True
        # Entra does not know the audience, which is by default the endpoint itself.
        result = self.workspace.apply(
            expect=1, ARM_RESOURCE_MANAGER_AUDIENCE="https://management.berlin.hub.example")
        self.assertIn(reported, result.text)
        # Or the hub itself does not know the token.
        self.emulator.fault("GET#*", "status=401")
        self.emulator.mark()
        self.workspace.apply(expect=1).says(reported, "are in public Azure, not on the hub")
        self.assertNotIn("PUT", self.emulator.kinds())

    def test_a_cloud_that_refuses_is_not_taken_for_one(self):
        self.workspace.environment.update(
            ARM_ENVIRONMENT="custom", ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=self.emulator.url,
            ARM_RESOURCE_MANAGER_ENDPOINT=self.emulator.url)
        self.emulator.fault("GET#*", "status=401")
        result = self.workspace.apply(expect=1)
        self.assertNotIn("Hub's own", result.text)
        result.says("401")
