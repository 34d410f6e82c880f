"""Three processes on one PostgreSQL database; in each round one of them is killed with SIGKILL.

Three desks work side by side, each on customers and numbers of its own, so that the figures can be
calculated here. In a round all three start a command at once (imports, payments, allocations,
calls, bounces; the daily run of the same day by one, two or all of them), and one of them,
whichever the seed says, is killed after a random part of the time that such a command takes. The
other two must succeed, or be told that a run is under way. All three repeated under their
idempotency keys must then succeed at once and have had exactly one effect: aging, payments, calls,
promises and runs must be those of the model, and the journal whole. Who comes after the dead waits
for nothing but the server's notice of its end.
"""
import argparse
import collections
import json
import os
import random
import subprocess
import tempfile
import time

from desk import Desk, environment
from history import History
from ledger_model import LedgerModel, check_aging
from postgres import PostgresServer

DESKS = 3
ACTS = ["import"] * 3 + ["call"] * 4 + ["allocation"] * 4 + ["payment"] * 3 + ["bounce"]
RUN_SHARE = 0.4  # of the rounds have a daily run


class Command:
    """A process at work, and whether it ends by itself."""

    def __init__(self, desk, kind, words, key):
        self.kind, self.words, self.key = kind, words, key
        self.began = time.monotonic()
        self.process = subprocess.Popen(desk.line(*words, key=key), env=environment(), text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def kill_after(self, seconds):
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def end(self):
        """Its exit code and what it said."""
        out, _ = self.process.communicate()
        return self.process.returncode, out


class Rounds:
    def __init__(self, program, folder, server, given):
        self.random = random.Random(given.seed)
        self.server = server
        self.database = server.make_database()
        self.desk = Desk(program, folder, url=server.url(self.database))
        self.histories = [History(self.random, given.invoices if index == 0 else 200, prefix)
                          for index, prefix in enumerate("XYZ"[:DESKS])]
        self.took = collections.defaultdict(lambda: 0.2)  # seconds, by kind of command
        self.runs = {}  # run id: business date, as the commands answered
        self.counts = collections.Counter()
        self.desk.init()

    def model(self):
        whole = LedgerModel()
        for history in self.histories:
            whole.invoices.update(history.model.invoices)
            whole.payments.update(history.model.payments)
            whole.allocations += history.model.allocations
        return whole

    def act(self, history, kind):
        """The words of the command; the model has its effect at once."""
        if kind == "run":
            return ["run", "--as-of", str(history.today)]
        make = getattr(history, kind + "_act")
        words, change = make(self.desk) if kind == "import" else make()
        change()
        return words

    def kinds(self, number):
        if number == 1:
            return ["import"] * DESKS
        kinds = self.random.choices(ACTS, k=DESKS)
        if self.random.random() < RUN_SHARE:
            today = self.histories[0].day(self.random.randrange(1, 5))
            for history in self.histories:
                history.today = today
            runners = self.random.randrange(1, DESKS + 1)
            kinds[:runners] = ["run"] * runners
        return kinds

    def round(self, number):
        commands = []
        for index, (history, kind) in enumerate(zip(self.histories, self.kinds(number))):
            words = self.act(history, kind)
            commands.append(Command(self.desk, kind, words, f"round-{number}-{index}"))
        victim = self.random.randrange(DESKS)
        commands[victim].kill_after(self.random.uniform(0, self.took[commands[victim].kind]))
        for index, command in enumerate(commands):
            code, said = command.end()
            if code == 0:
                self.took[command.kind] = time.monotonic() - command.began
                self.note_run(command, json.loads(said))
            refused = command.kind == "run" and "run_under_way" in said
            assert code == 0 or refused or (index == victim and code == -9), \
                f"{command.key}: {' '.join(command.words)}: exit {code}: {said}"
            self.counts["killed" if code < 0 else "refused" if code else "done"] += 1
        self.server.wait_until_alone(self.database)
        self.settle_imports(commands[victim].key)
        # Nobody holds anything any more: all of them succeed, with the effect of one time.
        for command in commands:
            again = self.desk.do(*command.words, key=command.key)
            self.note_run(command, again)
        self.check()

    def note_run(self, command, answer):
        if command.kind == "run" and not answer.get("unchanged"):
            self.runs[answer["run_id"]] = answer["business_date"]

    def settle_imports(self, key):
        """What the killed one had staged is resumed or dropped, whichever the seed says."""
        for staged in self.desk.do("import", "list"):
            action = self.random.choice(["resume", "drop"])
            self.desk.do("import", action, staged["import_id"],
                         key=key if action == "resume" else None)
            self.counts["staged import to " + action] += 1

    def check(self):
        """Nothing is lost, nothing is there twice, and the journal is whole."""
        model = self.model()
        check_aging(self.desk, model, self.histories[0].today)
        payments = [payment["number"] for payment in self.desk.do("payment", "list")]
        assert sorted(payments) == sorted(
            [*model.payments, *[f"{number}/returned" for number, payment in model.payments.items()
                                if payment.bounced_on]]), payments
        notes = [call["notes"] for call in self.desk.do("call", "list")]
        assert sorted(notes) == sorted(f"{history.prefix}call {number}"
                                       for history in self.histories
                                       for number in range(history.calls)), notes
        promises = self.desk.do("promise", "list")
        assert len(promises) == sum(history.promises for history in self.histories), promises
        runs = {run["run_id"]: run["business_date"] for run in self.desk.do("run", "list")}
        assert runs == self.runs, (runs, self.runs)
        self.desk.verify()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--invoices", type=int, default=10_050, help="of one desk's first import")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server:
        rounds = Rounds(os.path.abspath(given.program), folder, server, given)
        for number in range(1, given.rounds + 1):
            rounds.round(number)
        told = ", ".join(f"{count} {what}" for what, count in sorted(rounds.counts.items()))
        print(f"{given.rounds} rounds of {DESKS} processes: {told}; {len(rounds.runs)} runs, "
              f"{rounds.desk.verify()['entries']} journal entries verified")


if __name__ == "__main__":
    main()
