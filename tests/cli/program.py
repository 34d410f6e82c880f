"""Runs the program in a folder of its own, at an instant of its own."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

ARREARS = os.path.abspath(os.environ.get("ARREARS", "build/arrears"))
INIT = ["init", "--entity", "E", "--name", "Example", "--currency", "USD",
        "--timezone", "America/New_York", "--calendar", "US"]


class ProgramTest(unittest.TestCase):
    """Each test has a folder; `self.now` is the program's present in rehearsal databases."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="arrears-cli-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.now = "2026-06-01T14:00:00Z"

    def run_program(self, *words, now=True, env=None):
        """The finished process of `arrears words`."""
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "ARREARS_ACTOR": "anna"}
        if now:
            environment["ARREARS_NOW"] = self.now
        environment.update(env or {})
        return subprocess.run([ARREARS, *words], cwd=self.folder, env=environment, text=True,
                              capture_output=True, check=False, timeout=120)

    def arrears(self, *words, **options):
        """What the program says; it must succeed and be silent on stderr."""
        done = self.run_program(*words, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"arrears {' '.join(words)}")
        return done.stdout

    def ask(self, *words, **options):
        """The answer as JSON."""
        return json.loads(self.arrears(*words, "--format", "json", **options))

    def fails(self, code, *words, **options):
        """What the program says on stderr; it must end with `code` and keep stdout empty."""
        done = self.run_program(*words, **options)
        self.assertEqual((done.returncode, done.stdout), (code, ""),
                         f"arrears {' '.join(words)}: {done.stderr}")
        self.assertTrue(done.stderr.startswith("arrears: "), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return name

    def rehearse(self):
        """A rehearsal database with one customer and one invoice."""
        self.arrears(*INIT, "--rehearsal")
        self.arrears("customer", "add", "C1", "--name", "Acme Corp")
        self.arrears("document", "record", "INV-10452", "--customer", "C1",
                     "--issued", "2026-04-15", "--due", "2026-05-15", "--amount", "12500.00")
