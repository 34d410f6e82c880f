"""The disk is full in the middle of a command: exit 3 with a message that says so, the state of
before, and the same command succeeds once there is room.

A full disk is made in two ways: a small file system in memory (needs root and the right to mount;
skipped with its reason elsewhere), for an SQLite file or for a server's tablespace, and a limit on
the size of files, which works for anybody. The room that is left grows from nothing in small steps,
so that the command stops in all its places.
"""
import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile

from desk import FAILURE, Desk, import_words
from postgres import PostgresServer

KB = 1024
ABOUT_THE_DISK = ("full", "disk I/O error", "No space left", "File too large")
SKIPPED = 77  # what ctest takes for "skipped"


def state_of(desk):
    """All that must be as before: figures, lists, and what the journal holds."""
    found = desk.verify()
    return [desk.do("aging", "--by", "customer", "--as-of", "2024-03-01"), desk.do("call", "list"),
            desk.do("run", "list"), desk.do("customer", "list"), found["entries"], found["rows"]]


class Commands:
    """Fresh commands of each kind, each with its idempotency key."""

    def __init__(self, desk, folder):
        self.desk = desk
        self.files = Desk(desk.program, folder)  # only for its CSV files, on another disk
        self.count = 0
        self.tally = {"done": 0, "stopped": 0}

    def next(self, kind):
        self.count += 1
        number = self.count
        words = {
            "import": lambda: import_words(self.files.write_invoices(f"{number}.csv", [
                (f"I{number}-{row}", f"C{row % 20}", "2024-01-05", "2024-02-04", "10.00")
                for row in range(300)])),
            "run": lambda: ["run", "--as-of", f"2024-{3 + number // 28:02d}-{number % 28 + 1:02d}"],
            "call": lambda: ["call", "log", "--customer", "C1", "--at", "2024-02-20T10:00:00-05:00",
                             "--contact", "Jo Clerk", "--disposition", "right_party_reached",
                             "--reason", "cash_flow", "--notes", f"call {number}", "--next", "call",
                             "--next-on", "2024-02-27"],
            "customer": lambda: ["customer", "add", f"N{number}"],
        }[kind]()
        return words, f"key-{number}"

    def check(self, kind, make_full, make_room):
        """One command with little room. Whether it was stopped."""
        words, key = self.next(kind)
        before = state_of(self.desk)
        options = make_full()
        answer = self.desk.run(*words, key=key, **options)
        make_room()
        if answer.code == 0:
            self.tally["done"] += 1
            assert state_of(self.desk) != before, f"{words} was acknowledged and is lost"
            return False
        assert answer.code == FAILURE, (words, answer)
        assert any(text in answer.err for text in ABOUT_THE_DISK), answer.err
        assert state_of(self.desk) == before, f"{words} failed and left something: {answer.err}"
        self.desk.do(*words, key=key)
        assert state_of(self.desk) != before
        self.tally["stopped"] += 1
        return True


def first_day(desk):
    desk.init()
    path = desk.write_invoices("first.csv", [
        (f"I0-{row}", f"C{row % 20}", "2024-01-05", "2024-02-04", "10.00") for row in range(100)])
    desk.do(*import_words(path))
    return desk


def check_limited_files(program, steps):
    """The size of a file is limited: the log cannot grow beyond it."""
    with tempfile.TemporaryDirectory() as folder:
        commands = Commands(first_day(Desk(program, folder)), tempfile.mkdtemp(dir=folder))
        for kind, step in steps.items():
            room = 0
            stopped = True
            while stopped or room < 10 * step:
                def limit(size=room):
                    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

                # Python ignores SIGXFSZ, and the child with it: a write then fails, as on a disk.
                stopped = commands.check(
                    kind, lambda: {"preexec_fn": limit, "restore_signals": False}, lambda: None)
                room += step
        print(f"limited files: {commands.tally['stopped']} commands stopped, "
              f"{commands.tally['done']} done")


def check_small_disk(desk, folder, files, kinds):
    """On a file system of a few MB that something else fills up."""
    commands = Commands(first_day(desk), files)
    filler = os.path.join(folder, "filler")

    def fill(left):
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4 * KB))
            except OSError:
                file.truncate(max(file.tell() - left, 0))
        return {}

    for kind in kinds:
        room = 0
        stopped = True
        while stopped or room < 200 * KB:
            stopped = commands.check(kind, lambda left=room: fill(left),
                                     lambda: os.remove(filler))
            room += 24 * KB if kind != "import" else 96 * KB
    assert commands.tally["stopped"] >= 4, commands.tally
    print(f"small disk: {commands.tally['stopped']} commands stopped, "
          f"{commands.tally['done']} done")


def check_full_server(program, folder, files):
    """The server's tablespace is on the small disk; its log of writes is not."""
    with PostgresServer() as server:
        tables = os.path.join(folder, "tables")
        os.mkdir(tables)
        if server.user:
            os.chown(tables, server.user.pw_uid, server.user.pw_gid)
        server.ask(f"CREATE TABLESPACE small LOCATION '{tables}'")
        desk = Desk(program, files, url=server.url(server.make_database("TABLESPACE small")))
        # A single row finds room in its table's last page, as a rule: only imports are stopped.
        check_small_disk(desk, folder, files, ["customer"] + ["import"] * 3)


def why_no_mount():
    """Why a small file system cannot be mounted here; nothing where it can."""
    if os.geteuid() != 0:
        return "not root"
    if not shutil.which("unshare"):
        return "no unshare"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", folder],
                              capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--disk", choices=["limited", "small", "server"], required=True)
    parser.add_argument("--mounted", help="where the small disk is; else it is made")
    parser.add_argument("--step", type=int, default=8, help="KB of room more each time")
    given = parser.parse_args()
    if given.disk == "limited":
        step = given.step * KB
        return check_limited_files(given.program, {"customer": step, "call": step, "run": step,
                                                   "import": 4 * step})
    if given.mounted:
        with tempfile.TemporaryDirectory() as files:
            if given.disk == "server":
                return check_full_server(given.program, given.mounted, files)
            return check_small_disk(Desk(given.program, given.mounted), given.mounted, files,
                                    ["customer", "call", "run", "import"])
    reason = why_no_mount()
    if reason:
        print(f"skipped: cannot mount a small file system here ({reason})")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        # The mount is in a name space of its own and ends with it.
        subprocess.run(["unshare", "-m", "sh", "-c",
                        'mount -t tmpfs -o mode=755,size=$1 none "$0" && shift && exec "$@"',
                        folder, "6m" if given.disk == "small" else "40m", sys.executable, "-B",
                        __file__, given.program, "--disk", given.disk, "--mounted", folder],
                       check=True)


if __name__ == "__main__":
    main()
