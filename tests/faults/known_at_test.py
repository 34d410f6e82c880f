"""What was known at an instant stays the answer for ever.

A random history of imports with corrections, payments, allocations, allocations taken back,
bounces, calls and runs. After each command the clock is read and the aging as of several dates is
calculated here, by ledger_model.py. Later every instant is asked again, in random order and twice
with other commands in between: the figures must be those of that time, and the answers the same
byte for byte. The history comes from the seed; the instants are real, as a user's are.
"""
import argparse
import datetime
import json
import os
import random
import tempfile

from desk import Desk
from history import History
from ledger_model import aging_of, check_aging

ACTS = (["import"] * 3 + ["payment"] * 4 + ["allocation"] * 5 + ["take_back"] * 3 +
        ["bounce"] * 2 + ["call"] + ["run"] * 2)


def now():
    """The present instant as the program reads it, in microseconds."""
    text = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


def microsecond_before(instant):
    moved = (datetime.datetime.fromisoformat(instant.replace("Z", "+00:00")) -
             datetime.timedelta(microseconds=1))
    return moved.isoformat(timespec="microseconds").replace("+00:00", "Z")


class Past:
    """An instant, and what was known then as of some dates."""

    def __init__(self, instant, model, dates):
        self.instant = instant
        self.expected = {day: model.aging(day) for day in dates}
        self.answers = {}

    def ask(self, desk, day):
        words = ["aging", "--by", "customer", "--as-of", str(day), "--known-at", self.instant]
        answer = desk.run(*words)
        assert answer.code == 0, answer
        return answer.out

    def check(self, desk):
        """Asks; the same figures as calculated then, and the same bytes as the last time."""
        for day, expected in self.expected.items():
            out = self.ask(desk, day)
            if day in self.answers:
                assert out == self.answers[day], f"as of {day}, known at {self.instant}: {out}"
                continue
            self.answers[day] = out
            got = aging_of(json.loads(out))
            assert got == expected, (f"as of {day}, known at {self.instant}: program {got}, "
                                     f"model {expected}")


def record(desk, history, rng, steps):
    """Plays the history; the instants between its commands."""
    pasts = []
    for number in range(steps):
        kind = "import" if number == 0 else rng.choice(ACTS)
        make = getattr(history, kind + "_act")
        words, change = make(desk) if kind == "import" else make()
        dates = [history.today, history.today + datetime.timedelta(days=45),
                 datetime.date(2024, 2, 15)]
        before = Past("", history.model, dates)
        answer = desk.do(*words, key=f"step-{number}")
        change()
        if words[:2] == ["allocation", "apply"]:
            history.model.allocations[-1].identity = answer["allocations"][0]["allocation_id"]
        check_edges(desk, before, Past("", history.model, dates), number)
        pasts.append(Past(now(), history.model, dates))
        if rng.random() < 0.3:
            pasts[-1].check(desk)
    return pasts


def check_edges(desk, before, after, number):
    """The command is known from the instant of its checkpoint on, and not a microsecond sooner."""
    path = os.path.join(desk.folder, "checkpoint.json")
    desk.do("journal", "checkpoint", "--out", path)
    with open(path, encoding="utf-8") as file:
        after.instant = json.loads(file.read())["at"]
    after.check(desk)
    if number > 0:
        before.instant = microsecond_before(after.instant)
        before.check(desk)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(given.program, folder)
        desk.init()
        history = History(rng, first_invoices=60)
        pasts = record(desk, history, rng, given.steps)
        for asked in range(2):
            for number, past in enumerate(rng.sample(pasts, len(pasts))):
                past.check(desk)
                if number % 5 == 0:
                    words, change = history.payment_act()
                    desk.do(*words)
                    change()
            check_aging(desk, history.model, history.today, "--known-at", "now")
            assert asked or all(len(past.answers) == len(past.expected) for past in pasts)
        desk.verify()
        answers = sum(len(past.expected) for past in pasts)
    print(f"{given.steps} commands; {answers} past agings as calculated, the same when asked again")


if __name__ == "__main__":
    main()
