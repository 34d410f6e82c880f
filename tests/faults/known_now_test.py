"""Eight writers on one PostgreSQL database, and every second the question "as known at now".

Each writer sends commands without a pause (imports, payments, allocations, taken back, bounces,
calls) on customers and numbers of its own. Meanwhile the aging is asked every second as known at
the instant at which it is asked, and the answer kept. Asked again, between the writers and after
the last of them, each answer must be the same byte for byte, from whatever engine; and at the end
the aging must be the one calculated here.
"""
import argparse
import json
import os
import random
import tempfile
import threading
import time

from desk import Desk
from history import History
from known_at_test import now
from ledger_model import LedgerModel, check_aging
from postgres import PostgresServer

WRITERS = 8
ACTS = ["payment"] * 4 + ["allocation"] * 4 + ["take_back"] * 2 + ["bounce", "call", "import"]


class Writer(threading.Thread):
    def __init__(self, desk, index, seed, until):
        super().__init__()
        self.desk = desk
        self.random = random.Random(seed * 100 + index)
        self.history = History(self.random, first_invoices=30, prefix="ABCDEFGH"[index])
        self.until = until
        self.commands = 0
        self.failure = None

    def run(self):
        try:
            self.act("import")
            while time.monotonic() < self.until:
                self.act(self.random.choice(ACTS))
        except Exception as failure:  # told by the main thread
            self.failure = failure

    def act(self, kind):
        make = getattr(self.history, kind + "_act")
        words, change = make(self.desk) if kind == "import" else make()
        answer = self.desk.do(*words)
        change()
        if words[:2] == ["allocation", "apply"]:
            self.history.model.allocations[-1].identity = answer["allocations"][0]["allocation_id"]
        self.commands += 1


class Asked:
    """An aging as known at an instant, kept with the words that ask for it again."""

    def __init__(self, desk, day):
        self.instant = now()
        self.words = ["aging", "--by", "customer", "--as-of", day, "--known-at", self.instant]
        self.answer = self.ask(desk)

    def ask(self, desk, *engine):
        found = desk.run(*self.words, *engine)
        assert found.code == 0, found
        return found.out

    def check(self, desk, *engine):
        again = self.ask(desk, *engine)
        assert again == self.answer, (f"known at {self.instant} {engine}: first\n{self.answer}\n"
                                      f"asked again\n{again}")


def engines(desk):
    """The options that choose an engine; none where the program has but one."""
    help_text = desk.run("aging", "--help").out + desk.run("--help").out
    return [[], ["--engine", "sql"]] if "--engine" in help_text else [[]]


def watch(desk, day, writers, rng):
    """Asks every second while they write, whether or not the one before is answered; and one of the
    earlier questions again where it is."""
    began = time.monotonic()
    asked = []
    failures = []

    def ask():
        try:
            asked.append(Asked(desk, day))
            if sum(asker.is_alive() for asker in askers) == 1:
                rng.choice(asked).check(desk)
        except AssertionError as failure:
            failures.append(failure)

    askers = []
    while writers[0].is_alive():
        askers.append(threading.Thread(target=ask))
        askers[-1].start()
        writers[0].join(max(0, began + len(askers) - time.monotonic()))
    for asker in askers:
        asker.join()
    if failures:
        raise failures[0]
    return sorted(asked, key=lambda question: question.instant)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=6)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server:
        desk = Desk(os.path.abspath(given.program), folder, url=server.url(server.make_database()))
        desk.init()
        rng = random.Random(given.seed)
        until = time.monotonic() + given.seconds
        writers = [Writer(desk, index, given.seed, until) for index in range(WRITERS)]
        day = str(writers[0].history.today)
        for writer in writers:
            writer.start()
        asked = watch(desk, day, writers, rng)
        for writer in writers:
            writer.join()
        for writer in writers:
            if writer.failure:
                raise writer.failure
        for engine in engines(desk):
            for question in rng.sample(asked, len(asked)):
                question.check(desk, *engine)
        whole = LedgerModel()
        for writer in writers:
            whole.invoices.update(writer.history.model.invoices)
            whole.payments.update(writer.history.model.payments)
            whole.allocations += writer.history.model.allocations
        check_aging(desk, whole, writers[0].history.today)
        desk.verify()
        different = len({question.answer for question in asked})
        assert different > len(asked) // 3, "the writers did next to nothing meanwhile"
        assert json.loads(asked[0].answer) != json.loads(asked[-1].answer)
        print(f"{len(asked)} agings known at their instants, {different} of them different, the "
              f"same when asked again; {sum(writer.commands for writer in writers)} commands of "
              f"{WRITERS} writers in {given.seconds} s")


if __name__ == "__main__":
    main()
