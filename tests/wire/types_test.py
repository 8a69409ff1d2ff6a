# Values that are not of the type that the schema declares: each attribute in turn.
# SPDX-License-Identifier: MPL-2.0
from client import INVALID, OK, RESOURCE, Case, Scene, dynamic, fill, pack

WRONG = (([[None]], b"a list of lists"), ({"a": None}, b"an object of another shape"),
         (42, b'"number"'), (True, b'"bool"'), ("a", b'"string"'))


class Types(Case):
    def check(self, scene, rpc, value, code, detail=""):
        more = {"type_name": RESOURCE} if rpc == "ValidateResourceConfig" else {}
        call = scene.channel.begin(rpc, pack(rpc, config=dynamic(value), **more))
        self.assertEqual(call.code(), code, (value, call.details()))
        self.assertIn(detail, call.details())

    def test_a_value_of_a_wrong_type_is_refused_with_the_name_of_its_attribute(self):
        with Scene() as scene:
            schema = scene.channel.schema()
            count = 0
            for rpc, block in (("ValidateProviderConfig", schema.provider.block),
                               ("ValidateResourceConfig",
                                schema.resource_schemas[RESOURCE].block)):
                types = {row.name: row.type for row in block.attributes}
                types.update({row.type_name: b"" for row in block.block_types})
                for name, type_ in types.items():
                    wrong = [value for value, its in WRONG if its != type_]
                    self.assertIn(len(wrong), (4, 5))  # all but the one that would be right
                    for value in wrong:
                        self.check(scene, rpc, fill(block, **{name: value}), INVALID, name)
                    count += 1
                # Nothing but the type was wrong: null is of every type.
                self.check(scene, rpc, fill(block), OK)
            self.assertGreaterEqual(count, 10)
