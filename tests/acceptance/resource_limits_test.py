# Where the system gives too little of something, the error names it: never silence, never a
# "crash".
# SPDX-License-Identifier: MPL-2.0
import os
import resource
import select
import shutil
import subprocess
import tempfile

import harness

NOBODY = 65534
COOKIE = {"TF_PLUGIN_MAGIC_COOKIE":
          "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
CANNOT = "terraform-provider-azurestack cannot start: "


class Scarcity(harness.Case):
    def setUp(self):
        super().setUp()
        # A user without rights has to reach it.
        self.place = tempfile.mkdtemp(dir="/tmp")
        self.addCleanup(shutil.rmtree, self.place)
        os.chmod(self.place, 0o755)
        self.program = os.path.join(self.place, "provider")
        shutil.copy(harness.PROVIDER, self.program)
        os.chmod(self.program, 0o755)

    def first_line(self, what, number, as_nobody=False):
        """What the provider writes where the host reads the handshake; and standard error."""
        def limit():
            resource.setrlimit(what, (number, number))
            if as_nobody:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
        process = subprocess.Popen([self.program], env={**os.environ, **COOKIE}, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, preexec_fn=limit)
        ready, _, _ = select.select([process.stdout], [], [], harness.WAIT_S)
        line = process.stdout.readline() if ready else ""
        process.terminate()
        return line, process.communicate(timeout=harness.WAIT_S)[1]

    def check(self, name, says, found):
        """A handshake, or what is missing. True for the latter."""
        line, errors = found
        self.assertTrue(line.startswith("1|6|unix|") or line.startswith(CANNOT),
                        f"{name}: {line!r}\n{errors}")
        self.assertNotIn("panic", errors, name)
        if line.startswith(CANNOT):
            self.assertIn(says, line, name)
        return line.startswith(CANNOT)

    def test_few_files(self):
        refused = [number for number in (3, 4, 5, 6, 7, 8, 10, 16, 32, 63, 64, 256)
                   if self.check(f"{number} files", "ulimit -n",
                                 self.first_line(resource.RLIMIT_NOFILE, number))]
        self.assertEqual(refused, [3, 4, 5, 6, 7, 8, 10, 16, 32, 63])

    def test_few_threads(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become a user who has no other processes")
        refused = [number for number in (1, 2, 3, 4, 5, 6, 8, 10, 12, 64)
                   if self.check(f"{number} threads", "ulimit -u",
                                 self.first_line(resource.RLIMIT_NPROC, number, True))]
        self.assertIn(1, refused)
        self.assertIn(6, refused)
        self.assertNotIn(64, refused)

    def test_little_memory(self):
        refused = [number for number in (20, 40, 60, 80, 1000)
                   if self.check(f"{number} MB", "ulimit",
                                 self.first_line(resource.RLIMIT_AS, number << 20))]
        self.assertIn(40, refused)
        self.assertNotIn(1000, refused)
