"""`kill -9` at random moments of init, imports, runs, calls, payments and allocations.

Two databases get the same history: in one each command is killed after a random part of the time
that it took in the other. The moment is drawn from the seed, so the history is the same each time;
where in the command the signal falls is up to the machine, which is the point. After each kill the
database must show the state of before or of after, never between; the command repeated under the
same idempotency key must then have exactly one effect, and the aging must be the one calculated
here. Files above 10,000 rows are staged: an interrupted import must be listed, and is resumed or
dropped.
"""
import argparse
import collections
import json
import random
import subprocess
import tempfile
import time

from desk import FAILURE, Desk, environment, without_identity
from history import History
from ledger_model import check_aging

ACTS = ["import"] * 7 + ["run"] * 4 + ["call"] * 5 + ["allocation"] * 4 + ["payment"] * 3 + [
    "bounce"]


def differences(found, expected):
    """What differs, question by question, for the message of a failure."""
    lines = []
    for question, answer in expected.items():
        if found.get(question) == answer:
            continue
        there, here = ([json.dumps(row, sort_keys=True) for row in rows] if
                       isinstance(rows, list) else [json.dumps(rows, sort_keys=True)]
                       for rows in (found.get(question, []), answer))
        lines += [f"{question}: {row} is too many" for row in there if row not in here]
        lines += [f"{question}: {row} is missing" for row in here if row not in there]
    return "\n".join(lines)


def kill_after(line, seconds):
    """Starts the command and kills it if it still runs after that time. Its exit code, or None
    where it was killed."""
    with subprocess.Popen(line, env=environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as child:
        try:
            out, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
    assert child.returncode in (0, -9), f"exit {child.returncode}: {out}"
    return None if child.returncode == -9 else 0


def kill_inits(program, folder, rng, count):
    """Kills `init`, which makes database and key file; the same again must succeed."""
    words = ["--entity", "E", "--name", "Example", "--currency", "USD", "--timezone",
             "America/New_York", "--calendar", "US"]
    began = time.monotonic()
    Desk(program, folder, "first").init()
    took = time.monotonic() - began
    for number in range(count):
        desk = Desk(program, folder, f"init-{number}")
        line = desk.line("init", *words, key="init")
        code = kill_after(line, rng.uniform(0, took))
        # A question meets a database or none, but nothing that it cannot make out.
        assert desk.run("aging").code in (0, 2, FAILURE)
        assert code is None or desk.run("aging").code == 0
        desk.do("init", *words, key="init")
        assert desk.verify()["entries"] == 1


class Rounds:
    def __init__(self, program, folder, seed, first_invoices):
        self.random = random.Random(seed)
        self.history = History(self.random, first_invoices)
        self.calm = Desk(program, folder, "calm")
        self.killed = Desk(program, folder, "killed")
        self.counts = collections.Counter()
        for desk in (self.calm, self.killed):
            desk.init()
        self.state = self.look(self.calm)

    def look(self, desk):
        """All that a killed command could have changed, without ids and instants."""
        day = str(self.history.today)
        questions = [["aging", "--by", "customer", "--as-of", "2024-12-31"], ["payment", "list"],
                     ["allocation", "list"], ["call", "list"], ["promise", "list", "--as-of", day],
                     ["follow-up", "list"], ["run", "list"]]
        if self.history.runs:
            questions.append(["worklist", "--as-of", self.history.runs[-1]])
        return {" ".join(words): without_identity(desk.do(*words)) for words in questions}

    def act(self, kind):
        make = getattr(self.history, kind + "_act")
        return make(self.calm) if kind == "import" else make()

    def settle_imports(self, key):
        """What is staged is resumed or dropped, whichever the seed says."""
        for staged in self.killed.do("import", "list"):
            self.counts["staged"] += 1
            number = staged["import_id"]
            if self.random.random() < 0.5:
                self.killed.do("import", "resume", number, key=key)
                self.counts["resumed"] += 1
            else:
                self.killed.do("import", "drop", number)
                self.counts["dropped"] += 1
        assert self.killed.do("import", "list") == []

    def round(self, number, kind):
        words, change = self.act(kind)
        key = f"{kind}-{number}"
        began = time.monotonic()
        expected = self.calm.do(*words, key=key)
        took = time.monotonic() - began
        before = self.state
        change()
        if kind == "run":  # it moved the day that is looked at
            before = self.look(self.killed)
        self.state = after = self.look(self.calm)

        code = kill_after(self.killed.line(*words, key=key), self.random.uniform(0, took))
        found = self.look(self.killed)  # the next commands work
        self.killed.verify()
        has_happened = found == after
        if code == 0:
            self.counts["acknowledged"] += 1
            assert has_happened, (f"{key} was acknowledged and is lost:\n" +
                                  differences(found, after))
        elif has_happened:
            self.counts["killed after its commit"] += 1
        else:
            self.counts["killed before its commit"] += 1
            assert found == before, f"{key} was done by half:\n{differences(found, before)}"
        self.settle_imports(key)
        again = self.killed.do(*words, key=key)
        assert without_identity(again) == without_identity(expected) or kind == "import", again
        found = self.look(self.killed)
        assert found == after, f"{key} was not done exactly once:\n{differences(found, after)}"
        check_aging(self.killed, self.history.model, self.history.today)

    def finish(self, rounds):
        """Counts what there is at the end, and says what happened."""
        history = self.history
        assert len(self.killed.do("call", "list")) == history.calls
        assert len(self.killed.do("promise", "list")) == history.promises
        recorded = [payment["number"] for payment in self.killed.do("payment", "list")]
        expected = [*history.model.payments, *[f"{number}/returned" for number, payment in
                                               history.model.payments.items()
                                               if payment.bounced_on]]
        assert sorted(recorded) == sorted(expected), recorded
        days = [run["business_date"] for run in self.killed.do("run", "list")]
        assert sorted(days) == history.runs, days
        check_aging(self.killed, history.model, history.today)
        found = self.killed.verify()
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        print(f"{rounds} rounds: {told}; {history.calls} calls, {history.promises} promises, "
              f"{len(history.runs)} runs, {found['entries']} journal entries verified")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--invoices", type=int, default=10_050, help="of the first import")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kill_inits(given.program, folder, random.Random(given.seed), 1 + given.rounds // 5)
        rounds = Rounds(given.program, folder, given.seed, given.invoices)
        # The first two are set: there must be something to call about.
        kinds = ["import", "run"] + rounds.random.choices(ACTS, k=given.rounds - 2)
        for number, kind in enumerate(kinds, 1):
            rounds.round(number, kind)
        rounds.finish(given.rounds)


if __name__ == "__main__":
    main()
