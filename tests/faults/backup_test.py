"""`arrears backup` while a writer works, and `arrears restore`, on each engine.

A restored site answers aging, worklist and lists as the first did at the manifest's checkpoint, its
journal is verified, and it is a site of its own: an image of the portfolio that the first wrote is
not used for it. A backup that was killed or ran out of room leaves nothing that a restore accepts,
and a backup of which anything is missing or changed is refused, with nothing left at the target.
"""
import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from desk import FAILURE, REFUSED, Desk, environment, import_words
from postgres import PostgresServer

LAST_DAY = "2026-06-30"  # of the demonstration
ITEMS_OF_AN_IMAGE = 50_000
REFUSALS = {  # as people read them
    "folder_exists": "Name a folder that is not there yet.",
    "backup_incomplete": "Use another backup: an unfinished one cannot be completed.",
    "backup_damaged": "Use another backup, or another copy of this one.",
    "backup_newer": "Install the version of Arrears that made it, or a later one.",
    "other_engine": "Restore to the same engine, then move the site with `arrears copy`.",
    "target_not_empty": "Name a file that is not there yet, or a database of `createdb`.",
    "restored_not_verified": "Nothing of it was kept. Use another backup."}


class Engine:
    """Where sites of one engine lie."""

    def __init__(self, program, folder, server=None):
        self.program, self.folder, self.server = program, folder, server
        self.count = 0

    def desk(self, keys=None):
        """A site that is not there yet, under its own key file or another site's."""
        self.count += 1
        url = self.server.url(self.server.make_database()) if self.server else None
        desk = Desk(self.program, self.folder, f"site{self.count}", url)
        desk.keys = keys or desk.keys
        return desk

    def backup(self):
        self.count += 1
        return os.path.join(self.folder, f"backup{self.count}")

    def is_blank(self, desk):
        """Whether nothing is at the desk's target, nor beside it."""
        if not self.server:
            name = os.path.basename(desk.database)
            return not [file for file in os.listdir(self.folder)
                        if file.startswith(name) and not file.endswith(".keys")]
        name = desk.url.split("/")[3].split("?")[0]
        return self.server.ask("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON "
                               "n.oid = relnamespace WHERE nspname = 'public'", name) == ["0"]


def refused(answer, code):
    assert answer.code == REFUSED and f"/{code})" in answer.err, answer
    assert answer.err.count("\n") == 1 and REFUSALS[code] in answer.err, answer.err
    return answer.err


def failed(answer, *texts):
    assert answer.code == FAILURE and all(text in answer.err for text in texts), answer


def manifest_of(backup):
    with open(os.path.join(backup, "manifest.json"), encoding="utf-8") as file:
        return json.load(file)


def look(desk, at=None):
    """What the site answers, as known at an instant. Lists have no such instant."""
    known = ["--known-at", at] if at else []
    asked = [["aging", "--by", "customer", "--as-of", LAST_DAY, *known],
             ["worklist", "--live", "--as-of", LAST_DAY, *known],
             ["metrics", "--as-of", LAST_DAY, *known],
             ["promise", "list", "--as-of", LAST_DAY]]
    answers = [desk.run(*words) for words in (asked if not at else asked[:3])]
    assert all(answer.code == 0 for answer in answers), answers
    return [answer.out for answer in answers]


class Writer(threading.Thread):
    """Records invoices at one customer, one after the other, until it is told to stop."""

    def __init__(self, desk, name):
        super().__init__()
        self.desk, self.name_of_mine = desk, name
        self.done, self.problem = 0, None
        self.started, self.ending = threading.Event(), threading.Event()

    def run(self):
        try:
            self.desk.do("customer", "add", self.name_of_mine)
            while not self.ending.is_set():
                self.desk.do("document", "record", f"{self.name_of_mine}-{self.done}",
                             "--customer", self.name_of_mine, "--issued", "2026-05-01", "--due",
                             "2026-05-31", "--amount", "10.00")
                self.done += 1
                if self.done == 2:
                    self.started.set()
        except AssertionError as problem:
            self.problem = problem
            self.started.set()

    def __enter__(self):
        self.start()
        self.started.wait()
        return self

    def __exit__(self, *what):
        self.ending.set()
        self.join()
        if self.problem:
            raise self.problem


def check_while_writing(engine, site):
    """Two backups and restores in the middle of somebody's work."""
    for number in range(2):
        backup, target = engine.backup(), engine.desk(site.keys)
        with Writer(site, f"W{number}") as writer:
            before = writer.done
            told = site.do("backup", "--to", backup)
        manifest = manifest_of(backup)
        assert told["checkpoint"] == manifest["checkpoint"], (told, manifest)
        assert "not in the backup" in told["keys"], told
        assert manifest["engine"] == ("postgresql" if engine.server else "sqlite")
        assert "arrears.keys" not in os.listdir(backup)
        assert os.stat(backup).st_mode & 0o777 == 0o700
        for name in os.listdir(backup):
            assert os.stat(os.path.join(backup, name)).st_mode & 0o777 == 0o600, name
        for file in manifest["files"]:
            with open(os.path.join(backup, file["name"]), "rb") as content:
                assert hashlib.sha256(content.read()).hexdigest() == file["sha256"], file
        found = target.do("restore", "--from", backup)
        assert found["verified"] and found["checkpoint"] == manifest["checkpoint"], found
        assert found["keys"] == "as they were"
        known_then = look(site, manifest["checkpoint_at"])
        assert look(target, manifest["checkpoint_at"]) == known_then
        assert look(target)[:3] == known_then, "the restored site knows what was known then"
        listed = target.do("items", "--customer", f"W{number}", "--as-of", LAST_DAY)
        assert before <= len(listed) <= writer.done + 1, (before, len(listed), writer.done)
        target.do("journal", "verify", "--against", os.path.join(backup, "checkpoint.json"))
        target.do("customer", "add", "AFTER")
        target.verify()
        refused(target.run("restore", "--from", backup), "target_not_empty")
        refused(site.run("backup", "--to", backup), "folder_exists")
    return backup


def check_keys(engine, site, backup):
    """Without the site's own key file nothing is restored, unless the backup holds it."""
    target = engine.desk()
    failed(target.run("restore", "--from", backup), "key file", "is not there", "kept apart")
    other = engine.desk()
    other.init()
    target.keys = other.keys
    failed(target.run("restore", "--from", backup), "is not the one of this backup")
    assert engine.is_blank(target)
    with_keys = engine.backup()
    told = site.do("backup", "--to", with_keys, "--with-keys")
    assert "who has the backup reads all personal data" in told["keys"], told
    assert os.stat(os.path.join(with_keys, "arrears.keys")).st_mode & 0o777 == 0o600
    target = engine.desk()
    target.keys = target.database + ".restored.keys"
    found = target.do("restore", "--from", with_keys)
    assert found["keys"] == "made from the backup", found
    assert os.stat(target.keys).st_mode & 0o777 == 0o600
    assert look(target) == look(site)


def big_site(engine):
    """One of a size at which an image of the portfolio is worth it, and a backup takes a while."""
    site = engine.desk()
    site.init()
    path = site.write_invoices("many.csv", [
        (f"I{row}", f"C{row % 1000}", "2026-01-05", "2026-02-04", "10.00")
        for row in range(ITEMS_OF_AN_IMAGE)])
    site.do(*import_words(path))
    return site


def stopped_backup(engine, site, backup):
    """A backup that stands still in the middle; nothing where it was faster."""
    name = "arrears.dump" if engine.server else "arrears.db"
    growing = os.path.join(backup + ".unfinished", name)
    child = subprocess.Popen(site.line("backup", "--to", backup), env=environment(),
                             stdout=subprocess.DEVNULL, start_new_session=True)
    while child.poll() is None:
        try:
            begun = os.path.getsize(growing) > 0
        except FileNotFoundError:
            continue
        if begun:
            os.killpg(child.pid, signal.SIGSTOP)
            break
    if os.path.exists(growing):
        return child
    os.killpg(child.pid, signal.SIGCONT)
    assert child.wait() == 0
    return None


def check_writers_go_on(engine, site):
    """Commands succeed while a backup stands still, and are not in it."""
    child = None
    while child is None:
        backup = engine.backup()
        child = stopped_backup(engine, site, backup)
    site.do("customer", "add", "LATE")
    site.do("document", "record", "LATE-1", "--customer", "LATE", "--issued", "2026-05-01",
            "--due", "2026-05-31", "--amount", "10.00")
    busy = site.run("backup", "--to", backup)
    failed(busy, "Another backup to", "is under way")
    assert not os.path.exists(backup)
    os.killpg(child.pid, signal.SIGCONT)
    assert child.wait() == 0
    target = engine.desk(site.keys)
    target.do("restore", "--from", backup)
    assert len(target.do("items", "--as-of", LAST_DAY)) == ITEMS_OF_AN_IMAGE
    assert target.run("items", "--customer", "LATE", "--as-of", LAST_DAY).code == REFUSED


def check_image(engine, site):
    """The image that the first site wrote is not used for a restored one."""
    backup, target = engine.backup(), engine.desk(site.keys)
    site.do("backup", "--to", backup)
    target.do("restore", "--from", backup)
    site.do("aging", "--as-of", LAST_DAY)
    assert "not used" not in site.run("aging", "--as-of", LAST_DAY).err
    if not engine.server:  # there, both find the same file in the user's cache
        shutil.copy(site.database + ".portfolio", target.database + ".portfolio")
    first = target.run("aging", "--as-of", LAST_DAY)
    assert first.code == 0 and "it is of another database" in first.err, first
    assert first.out == target.run("aging", "--as-of", LAST_DAY, "--engine", "sql").out


def change(path, act):
    with open(path, "rb") as file:
        content = bytearray(file.read())
    content = act(content)
    with open(path, "wb") as file:
        file.write(content)


def flipped(content):
    content[len(content) // 2] ^= 1
    return content


def with_manifest(backup, act):
    manifest = manifest_of(backup)
    act(manifest)
    with open(os.path.join(backup, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump(manifest, file)


def check_damage(engine, site, backup):
    """Each file of a backup changed, cut or gone; nothing appears at the target."""
    target = engine.desk(site.keys)

    def tried(code, act):
        damaged = engine.backup()
        shutil.copytree(backup, damaged)
        act(damaged)
        text = refused(target.run("restore", "--from", damaged), code)
        assert damaged in text or code == "restored_not_verified", text
        assert engine.is_blank(target), text
        shutil.rmtree(damaged, ignore_errors=True)

    names = os.listdir(backup)
    assert len(names) == 3, names
    for name in names:
        tried("backup_incomplete", lambda path, name=name: os.remove(os.path.join(path, name)))
        tried("backup_damaged", lambda path, name=name: change(
            os.path.join(path, name), lambda content: content[:len(content) // 2]))
    for name in set(names) - {"manifest.json"}:
        tried("backup_damaged",
              lambda path, name=name: change(os.path.join(path, name), flipped))
    tried("backup_damaged", lambda path: with_manifest(
        path, lambda manifest: manifest.update(checkpoint=manifest["checkpoint"] + 1)))
    tried("backup_damaged", lambda path: with_manifest(
        path, lambda manifest: manifest["files"][0].update(name="../manifest.json")))
    tried("backup_newer", lambda path: with_manifest(
        path, lambda manifest: manifest.update(migration=9_999, program="9.0")))
    tried("other_engine", lambda path: with_manifest(
        path, lambda manifest: manifest.update(
            engine="sqlite" if engine.server else "postgresql")))
    tried("backup_incomplete", shutil.rmtree)
    unfinished = backup + ".unfinished"
    shutil.copytree(backup, unfinished)
    refused(target.run("restore", "--from", unfinished), "backup_incomplete")
    shutil.rmtree(unfinished)
    assert engine.is_blank(target)


def check_forged(engine, site):
    """Somebody changed an amount before the backup: its hashes fit, its journal does not."""
    forged = engine.desk(site.keys)
    kept = engine.backup()
    site.do("backup", "--to", kept)
    forged.do("restore", "--from", kept)
    sql = "UPDATE document SET amount_minor = amount_minor + 1"
    if engine.server:
        engine.server.ask(sql, forged.url.split("/")[3].split("?")[0])
    else:
        import sqlite3
        with sqlite3.connect(forged.database) as database:
            database.execute(sql)
        database.close()
    backup, target = engine.backup(), engine.desk(site.keys)
    forged.do("backup", "--to", backup)
    refused(target.run("restore", "--from", backup), "restored_not_verified")
    assert engine.is_blank(target)


def check_kills(engine, site, kills, rng):
    """Killed at any moment: either there is a whole backup, or none."""
    counts = {"whole": 0, "none": 0}
    began = time.monotonic()
    site.do("backup", "--to", engine.backup())
    took = time.monotonic() - began
    backup, target = engine.backup(), engine.desk(site.keys)
    for _ in range(kills):
        with subprocess.Popen(site.line("backup", "--to", backup), env=environment(),
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            try:
                child.wait(timeout=rng.uniform(0, took))
            except subprocess.TimeoutExpired:
                child.kill()
        if os.path.exists(backup):
            counts["whole"] += 1
            break
        counts["none"] += 1
        for left in (backup, backup + ".unfinished"):
            refused(target.run("restore", "--from", left), "backup_incomplete")
        assert engine.is_blank(target)
    else:
        site.do("backup", "--to", backup)
    assert not os.path.exists(backup + ".unfinished")
    target.do("restore", "--from", backup)
    return counts


def check_killed_restores(engine, site, backup, kills, rng):
    """A restore killed at any moment leaves no site, or one that verifies."""
    began = time.monotonic()
    engine.desk(site.keys).do("restore", "--from", backup)
    took = time.monotonic() - began
    for _ in range(kills):
        target = engine.desk(site.keys)
        with subprocess.Popen(target.line("restore", "--from", backup), env=environment(),
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            try:
                child.wait(timeout=rng.uniform(0, took))
            except subprocess.TimeoutExpired:
                child.kill()
        if engine.server:
            engine.server.wait_until_alone(target.url.split("/")[3].split("?")[0])
        is_there = not engine.is_blank(target) if engine.server else os.path.exists(target.database)
        if is_there:
            target.verify()
        else:
            target.do("restore", "--from", backup)


def check_full(engine, site, backup):
    """A limit on the size of files stands for a full disk."""
    size = max(file["bytes"] for file in manifest_of(backup)["files"])
    whole, target = engine.backup(), engine.desk(site.keys)
    for share in (1, 4, 8):
        def limit(most=size * share // 10):
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        answer = site.run("backup", "--to", whole, preexec_fn=limit, restore_signals=False)
        failed(answer, "Nothing of it was kept", "run the same line again")
        assert not os.path.exists(whole) and not os.path.exists(whole + ".unfinished")
        if not engine.server:  # there, it is the server's disk
            answer = target.run("restore", "--from", backup, preexec_fn=limit,
                                restore_signals=False)
            failed(answer, "Nothing of it was kept", "run the same line again")
            assert engine.is_blank(target)
    site.do("backup", "--to", whole)
    target.do("restore", "--from", whole)


def check_without_tools(site, engine):
    """PostgreSQL's own programs are not on the PATH."""
    answer = subprocess.run(site.line("backup", "--to", engine.backup()), text=True, check=False,
                            capture_output=True, env={**environment(), "PATH": "/nowhere"})
    assert answer.returncode == FAILURE, answer
    assert "pg_dump is not on the PATH. Install PostgreSQL's client programs" in answer.stderr


def check_engine(engine, percent, kills, rng):
    site = engine.desk()
    site.do("demo", "--percent", str(percent))
    backup = check_while_writing(engine, site)
    check_keys(engine, site, backup)
    check_damage(engine, site, backup)
    check_forged(engine, site)
    counts = check_kills(engine, site, kills, rng)
    check_killed_restores(engine, site, backup, kills, rng)
    check_full(engine, site, backup)
    if engine.server:
        check_without_tools(site, engine)
    site.verify()
    big = big_site(engine)
    check_writers_go_on(engine, big)
    check_image(engine, big)
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], required=True)
    parser.add_argument("--percent", type=int, default=20, help="of the demonstration's size")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    program, rng = os.path.abspath(given.program), random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        if given.engine == "sqlite":
            counts = check_engine(Engine(program, folder), given.percent, given.kills, rng)
        else:
            with PostgresServer() as server:
                counts = check_engine(Engine(program, folder, server), given.percent, given.kills,
                                      rng)
    print(f"{given.engine}: restored sites are the same; killed backups: {counts}")


if __name__ == "__main__":
    main()
