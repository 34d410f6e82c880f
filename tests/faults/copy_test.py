"""`arrears copy` moves the demonstration company from SQLite to PostgreSQL and back.

At each stop aging, worklist, metrics and the exported checkpoint are the same byte for byte, and
the journal is verified against the checkpoint of the first. A copy killed with SIGKILL at random
moments, or stopped by a limit on the size of files, leaves something that every command refuses and
that the same line completes.
"""
import argparse
import filecmp
import os
import random
import resource
import subprocess
import tempfile
import time

from desk import FAILURE, REFUSED, Desk, environment
from postgres import PostgresServer

LAST_DAY = "2026-06-30"  # of the demonstration
QUESTIONS = [["aging", "--by", "customer", "--as-of", LAST_DAY],
             ["aging", "--by", "customer", "--as-of", "2026-03-31", "--known-at",
              "2026-04-15T00:00:00Z"],
             ["worklist", "--as-of", LAST_DAY],
             ["worklist", "--live", "--as-of", LAST_DAY],
             ["metrics", "--as-of", LAST_DAY],
             ["promise", "list", "--as-of", LAST_DAY],
             ["call", "list"],
             ["journal", "tail", "-n", "50"]]


class Mover:
    def __init__(self, program, folder, server, percent):
        self.program, self.folder, self.server = program, folder, server
        self.site = Desk(program, folder, "site")
        self.site.do("demo", "--percent", str(percent))
        self.answers = self.look(self.site)
        self.checkpoint = os.path.join(folder, "checkpoint.json")
        self.site.do("journal", "checkpoint", "--out", self.checkpoint)

    def desk(self, name, url=None):
        """Another database under the site's key file."""
        desk = Desk(self.program, self.folder, name, url)
        desk.keys = self.site.keys
        return desk

    def blank(self, name):
        """One on the server."""
        return self.desk(name, self.server.url(self.server.make_database()))

    @staticmethod
    def look(desk):
        answers = [desk.run(*words) for words in QUESTIONS]
        assert all(answer.code == 0 for answer in answers), answers
        return [answer.out for answer in answers]

    def line(self, source, target):
        return [self.program, "copy", "--from", source.url, "--to", target.url, "--keys",
                self.site.keys, "--format", "json"]

    def copy(self, source, target, **options):
        return subprocess.run(self.line(source, target), env=environment(), text=True,
                              capture_output=True, check=False, **options)

    def must_copy(self, source, target):
        done = self.copy(source, target)
        assert done.returncode == 0, done

    def check(self, desk):
        """The very same site."""
        for words, found, expected in zip(QUESTIONS, self.look(desk), self.answers):
            assert found == expected, f"{desk.url}: {words}: {found}"
        found = desk.do("journal", "verify", "--against", self.checkpoint)
        assert found["verified"], found
        exported = os.path.join(self.folder, "exported.json")
        desk.do("journal", "checkpoint", "--out", exported)
        assert filecmp.cmp(exported, self.checkpoint, shallow=False)
        return found

    def check_unfinished(self, desk):
        for words in (["aging"], ["journal", "verify"], ["init", "--entity", "F", "--currency",
                      "USD", "--timezone", "UTC", "--calendar", "US"]):
            answer = desk.run(*words)
            assert answer.code == FAILURE and "unfinished copy" in answer.err, answer


def check_there_and_back(mover):
    server, back = mover.blank("server"), mover.desk("back")
    mover.must_copy(mover.site, server)
    mover.check(server)
    mover.must_copy(server, back)
    found = mover.check(back)
    for source, target in [(mover.site, server), (server, mover.site), (mover.site, mover.site)]:
        done = mover.copy(source, target)
        assert done.returncode == REFUSED and "copy/target_not_empty" in done.stderr, done
    mover.check(mover.site)
    return found


def check_kills(mover, kills, rng):
    """Kills the copy until it was killed so many times; then it must complete."""
    counts = {"unfinished": 0, "finished": 0, "not begun": 0}
    for target in [mover.blank("killed"), mover.desk("killed")]:
        began = time.monotonic()
        mover.must_copy(mover.site, target_like(mover, target))
        took = time.monotonic() - began
        for _ in range(kills):
            with subprocess.Popen(mover.line(mover.site, target), env=environment(),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
                try:
                    child.wait(timeout=rng.uniform(0, took))
                except subprocess.TimeoutExpired:
                    child.kill()
            state = state_of(mover, target)
            counts[state] += 1
            if state == "finished":
                mover.check(target)
                break
        else:
            mover.must_copy(mover.site, target)
            mover.check(target)
        mover.check(mover.site)
    return counts


def target_like(mover, target):
    """Another blank target of the same engine, to measure with."""
    return mover.blank("measured") if "postgresql" in target.url else mover.desk("measured")


def state_of(mover, target):
    if target.url.startswith("postgresql"):
        mover.server.wait_until_alone(target.url.split("/")[3].split("?")[0])
    answer = target.run("aging", "--as-of", LAST_DAY)
    if answer.code == 0:
        return "finished"
    if "unfinished copy" in answer.err:
        mover.check_unfinished(target)
        return "unfinished"
    assert answer.code in (2, FAILURE), answer  # absent, or without an entity
    return "not begun"


def check_full(mover):
    """A limit on the size of files stands for a full disk; it grows until the copy has room."""
    target = mover.desk("full")
    states = []
    most = step = os.path.getsize(mover.site.database) // 3
    while True:
        def limit(size=most):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        done = mover.copy(mover.site, target, preexec_fn=limit, restore_signals=False)
        states.append(state_of(mover, target))
        if done.returncode == 0:
            break
        assert done.returncode == FAILURE, done
        assert f"[{target.url}]" in done.stderr and "run the same line again" in done.stderr, done
        most += step
    assert "unfinished" in states and states[-1] == "finished", states
    mover.check(target)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--percent", type=int, default=20, help="of the demonstration's size")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server:
        mover = Mover(os.path.abspath(given.program), folder, server, given.percent)
        found = check_there_and_back(mover)
        check_full(mover)
        counts = check_kills(mover, given.kills, random.Random(given.seed))
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        print(f"{found['entries']} entries and {found['rows']} facts there and back, the same; "
              f"killed copies: {told}")


if __name__ == "__main__":
    main()
