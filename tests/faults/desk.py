"""The program as a person uses it: one database in a folder, one process per command."""
import csv
import json
import os
import subprocess
from typing import NamedTuple

REFUSED = 1
FAILURE = 3


class Answer(NamedTuple):
    code: int
    out: str
    err: str


class Desk:
    """Runs `arrears` on one database, an SQLite file of that name or what `url` says. Every answer
    is read as JSON."""

    def __init__(self, program, folder, name="ledger", url=None):
        self.program = program
        self.folder = folder
        self.database = os.path.join(folder, name + ".db")
        self.keys = self.database + ".keys"
        self.url = url or "sqlite:" + self.database

    def line(self, *words, key=None):
        words = [self.program, *words, "--db", self.url, "--keys", self.keys, "--format", "json",
                 "--progress", "never", "--actor", "clerk"]
        return words + (["--key", key] if key else [])

    def run(self, *words, key=None, **options):
        """Whatever comes of it."""
        done = subprocess.run(self.line(*words, key=key), env=environment(), text=True,
                              capture_output=True, check=False, **options)
        return Answer(done.returncode, done.stdout, done.stderr)

    def do(self, *words, key=None):
        """A command or question that must succeed; its JSON."""
        answer = self.run(*words, key=key)
        if answer.code != 0:
            raise AssertionError(f"{' '.join(words)}: exit {answer.code}\n{answer.out}{answer.err}")
        return json.loads(answer.out)

    def init(self):
        return self.do("init", "--entity", "E", "--name", "Example", "--currency", "USD",
                       "--timezone", "America/New_York", "--calendar", "US")

    def verify(self):
        """The journal must be whole."""
        found = self.do("journal", "verify")
        assert found["verified"] and found["problem_count"] == 0, found
        return found

    def write_invoices(self, name, rows):
        """A CSV file of (number, customer, issued, due, amount); its path."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["number", "customer", "issued", "due", "amount"])
            lines.writerows(rows)
        return path


def environment():
    """The caller's, without settings of the program."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ARREARS_")}


def import_words(path):
    return ["import", "invoices", path, "--currency", "USD", "--dates", "Y-M-D"]


def text_of(minor):
    """12.50 of 1250."""
    return f"{minor // 100}.{minor % 100:02d}"


def without_identity(answer):
    """An answer without ids and instants, lists in an order of their own: the same history
    recorded twice gives the same."""
    if isinstance(answer, dict):
        return {name: without_identity(value) for name, value in answer.items()
                if not name.endswith(("_id", "_at")) and name not in ("at", "reverses")}
    if isinstance(answer, list):
        return sorted((without_identity(value) for value in answer),
                      key=lambda value: json.dumps(value, sort_keys=True))
    return answer
