"""The lines that drive the program from outside: imports, the daily run, restarts, on a site of its
own per engine. What the program cannot do yet is skipped with the reason.
"""
import json
import os
import pathlib
import re
import resource
import shutil
import sqlite3
import subprocess
import time

import lines

KINDS = ("customers", "invoices", "payments", "allocations")
DAY = "2026-06-30"
# Tables that an import touches in a few rows only say nothing about its speed.
FEW_ROWS = 1000


class SQLiteSite:
    engine = "SQLite"

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "site.db"
        self.url = f"sqlite:{self.file}"
        self.keys = folder / "site.db.keys"
        self.before = folder / "before.db"

    def clear(self):
        for file in self.folder.glob("*.db*"):
            file.unlink()

    def remember(self):
        """What the database is before something that changes it."""
        shutil.copyfile(self.file, self.before)

    def restore(self):
        shutil.copyfile(self.before, self.file)

    def forget(self):
        self.before.unlink()

    def bulk_load(self):
        """The rows that the import added, by INSERT ... SELECT from an attached database in order
        of the key, into a copy of the database before it: one transaction, the program's
        settings. Seconds."""
        rows = self.folder / "rows.db"
        target = self.folder / "target.db"
        for file in (rows, target):
            file.unlink(missing_ok=True)
        shutil.copyfile(self.before, target)
        tables = self.dump(rows)
        db = sqlite3.connect(target, isolation_level=None)
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                         "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384")
        db.execute("ATTACH ? AS added", (str(rows),))
        start = time.monotonic()
        db.execute("BEGIN")
        count = 0
        for table in tables:
            count += db.execute(f"INSERT INTO main.{table} SELECT * FROM added.{table}").rowcount
        db.execute("COMMIT")
        seconds = time.monotonic() - start
        db.close()
        for file in (rows, target):
            for end in ("", "-wal", "-shm"):
                pathlib.Path(str(file) + end).unlink(missing_ok=True)
        return seconds, count

    def dump(self, rows):
        db = sqlite3.connect(self.file)
        db.execute("ATTACH ? AS old", (str(self.before),))
        db.execute("ATTACH ? AS added", (str(rows),))
        db.execute("PRAGMA added.journal_mode = off")
        tables = []
        names = [row[0] for row in db.execute(
            "SELECT name FROM old.sqlite_master WHERE type = 'table'")]
        for table in names:
            new, old = (db.execute(f"SELECT count(*) FROM {schema}.{table}").fetchone()[0]
                        for schema in ("main", "old"))
            if new - old < FEW_ROWS:
                continue
            query = f"SELECT * FROM main.{table}"
            if old:
                query += f" EXCEPT SELECT * FROM old.{table}"
            db.execute(f"CREATE TABLE added.{table} AS {query}")
            tables.append(table)
        db.commit()
        db.close()
        return tables


class PostgresSite:
    engine = "PostgreSQL"

    def __init__(self, folder, server, invoices):
        self.folder = folder
        self.server = server
        self.database = f"site_{invoices}"
        self.url = server.url(self.database)
        self.keys = folder / "postgresql.keys"
        self.started = 0

    def clear(self):
        for name in (self.database, self.database + "_before", self.database + "_target"):
            if name in self.server.databases():
                self.server.psql("postgres", f"DROP DATABASE {name}")
        self.server.psql("postgres", f"CREATE DATABASE {self.database} TEMPLATE template0")
        self.keys.unlink(missing_ok=True)

    def count(self, database, table):
        return int(self.server.psql(database, f"SELECT count(*) FROM {table}"))

    def copy(self, target, source):
        if target in self.server.databases():
            self.server.psql("postgres", f"DROP DATABASE {target}")
        self.server.psql("postgres", f"CREATE DATABASE {target} TEMPLATE {source}")

    def remember(self):
        self.copy(self.database + "_before", self.database)

    def restore(self):
        self.copy(self.database, self.database + "_before")
        self.started = int(self.server.psql(
            self.database, "SELECT pg_snapshot_xmax(pg_current_snapshot())"))

    def forget(self):
        self.server.psql("postgres", f"DROP DATABASE {self.database}_before")

    def bulk_load(self):
        """The rows that the import added, by COPY into a copy of the database before it, in
        one transaction. Seconds."""
        target = self.database + "_target"
        self.copy(target, self.database + "_before")
        files = self.folder / "rows"
        files.mkdir(exist_ok=True)
        tables = []
        count = 0
        for table in self.server.psql(
                self.database, "SELECT relname FROM pg_class WHERE relkind = 'r' "
                "AND relnamespace = current_schema()::regnamespace").split():
            # Rows that the import changed are few, and not the loader's.
            rows = self.count(self.database, table) - self.count(
                self.database + "_before", table)
            if rows < FEW_ROWS:
                continue
            added = f"FROM {table} WHERE xmin::text::bigint >= {self.started}"
            self.server.psql(self.database, f"\\copy (SELECT * {added}) TO "
                             f"'{files}/{table}'")
            tables.append(table)
            count += rows
        start = time.monotonic()
        self.server.psql(target, "BEGIN", *(
            f"\\copy {table} FROM '{files}/{table}'" for table in tables), "COMMIT")
        seconds = time.monotonic() - start
        self.server.psql("postgres", f"DROP DATABASE {target}")
        shutil.rmtree(files)
        return seconds, count


class Program:
    def __init__(self, build, data, invoices, options, figures):
        self.build = build
        self.data = data
        self.invoices = invoices
        self.options = options
        self.figures = figures
        self.files = data / f"site_{invoices}"
        self.cpu_seconds = 0  # of the last call of the program

    def arrears(self, site, *words):
        """What the program prints, and the seconds that it took."""
        environment = {**os.environ, "ARREARS_DB": site.url, "ARREARS_KEYS": str(site.keys)}
        start, cpu = time.monotonic(), cpu_of_children()
        done = subprocess.run([self.build / "arrears", *words], env=environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        seconds, self.cpu_seconds = time.monotonic() - start, cpu_of_children() - cpu
        if done.returncode != 0:
            raise RuntimeError(f"arrears {' '.join(words)}: {done.stderr.strip()[-300:]}")
        return done.stdout, seconds

    def load_file(self, site, kind):
        return self.arrears(site, "import", kind, str(self.files / f"{kind}.csv"), "--entity", "E",
                            "--currency", "USD", "--dates", "Y-M-D", "--rejects", "/dev/null")[1]

    def run(self, server):
        names = ("import", "run", "restart", "load")
        if not self.options.wants(*names):
            return
        self.figures.heading(f"{self.invoices:,} invoices: the program")
        if not (self.files / "done").exists():
            subprocess.run([self.build / "bench_files", "site", self.files, str(self.invoices)],
                           check=True)
            (self.files / "done").touch()
        sites = [SQLiteSite(self.files)]
        if server:
            sites.append(PostgresSite(self.files, server, self.invoices))
        for site in sites:
            try:
                self.measure(site)
            except (RuntimeError, subprocess.CalledProcessError, sqlite3.Error) as error:
                self.figures.skip(f"the program on {site.engine}", str(error))

    def measure(self, site):
        site.clear()
        self.arrears(site, "init", "--entity", "E", "--name", "Example", "--currency", "USD",
                     "--timezone", "America/New_York", "--calendar", "US")
        print(f"customers imported in {self.load_file(site, 'customers'):.1f} s", flush=True)
        if self.options.wants("import"):
            self.measure_import(site)
        else:
            self.load_file(site, "invoices")
        for kind in ("payments", "allocations"):
            print(f"{kind} imported in {self.load_file(site, kind):.1f} s", flush=True)
        if self.options.wants("restart"):
            self.measure_restart(site)
        if self.options.wants("load"):
            self.measure_load(site)
        if self.options.wants("run"):
            self.measure_run(site)

    def repeat(self, site, act):
        """The answers of `act` on the same database again and again; once where it is large."""
        site.remember()
        answers = []
        for _ in range(3 if self.invoices <= 1_000_000 else 1):
            site.restore()
            answers.append(act())
        site.forget()
        return answers

    def measure_import(self, site):
        times = self.repeat(site, lambda: (self.load_file(site, "invoices"), *site.bulk_load(),
                                           self.cpu_seconds))
        title, floor, aim, bound = lines.IMPORT
        ours = lines.summary([time[0] for time in times], "s")
        theirs = lines.summary([time[1] for time in times], "s")
        rate = lines.number(self.invoices / ours["median"])
        self.figures.add("import", f"{title}, {site.engine}", self.invoices, ours,
                         peer=f"{site.engine} bulk load", theirs=theirs, at_most=True, floor=floor,
                         aim=aim, bound=bound,
                         note=f"{rate} invoices/s, {times[0][2]:,} rows in all tables, "
                              f"processor of the import {min(time[3] for time in times):.1f} s")

    def measure_run(self, site):
        answers = self.repeat(site, lambda: self.arrears(
            site, "run", "--as-of", DAY, "--entity", "E", "--format", "json"))
        counts = json.loads(answers[0][0])
        decisions = (counts["steps"] + counts["skipped"] + counts["follow_ups_opened"]
                     + counts["follow_ups_closed"])
        title, floor, aim, bound = lines.RUN
        self.figures.add("run", f"{title}, {site.engine}", self.invoices,
                         lines.summary([decisions / seconds for _, seconds in answers], "/s"),
                         floor=floor, limit="at least", aim=aim, bound=bound,
                         note=f"{decisions:,} steps and follow-ups recorded for "
                              f"{counts['parties']:,} parties; Tryton 6.0 created 276 dunnings a "
                              "second on such a machine (recorded earlier)")

    def has_portfolio(self):
        done = subprocess.run([self.build / "arrears", "--help"], check=False,
                              stdout=subprocess.PIPE, text=True)
        return "--engine" in done.stdout

    def measure_restart(self, site):
        """A process each: it opens the image, reads what changed since, answers and ends."""
        title, _, aim, bound = lines.RESTART
        if not self.has_portfolio():
            self.figures.skip(f"{title}, {site.engine}",
                              "the program does not answer from the portfolio yet")
            return
        where = ("--entity", "E", "--as-of", DAY)
        _, first = self.arrears(site, "aging", *where)
        for words in (("aging",), ("aging", "--by", "customer"), ("worklist",),
                      ("metrics", "--to", DAY)):
            answers = [self.arrears(site, *words, *where) for _ in range(5)]
            plain, by_sql = self.arrears(site, *words, *where, "--engine", "sql")
            self.figures.add(
                "restart", f"{title}: {' '.join(words)}, {site.engine}", self.invoices,
                lines.summary([row[1] for row in answers], "s"), peer="--engine sql",
                theirs=lines.summary([by_sql], "s"), aim=aim, bound=bound,
                equal=all(answer == plain for answer, _ in answers),
                note=f"the first of all, from the store, took {first:.2f} s")

    def measure_load(self, site):
        title, floor, aim, bound = lines.LOAD
        title = f"{title}, {site.engine}"
        program = self.build / "bench_load"
        if not program.exists():
            self.figures.skip(title, "there is no bench_load")
            return
        done = subprocess.run([program, site.url], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        times = re.search(r"ours ([0-9.]+) s .* peer ([0-9.]+) s .* rows (\d+)", done.stdout)
        if done.returncode != 0 or not times:
            self.figures.skip(title, f"bench_load: {(done.stderr or done.stdout).strip()[-300:]}")
            return
        ours, theirs = (lines.summary([float(times[n])], "s") for n in (1, 2))
        self.figures.add("load", title, self.invoices, ours, peer=f"{site.engine} C API",
                         theirs=theirs, at_most=True, floor=floor, aim=aim, bound=bound,
                         note=f"{int(times[3]):,} rows, one thread, best of three")


class Commands:
    """Payments recorded by 1, 8 and 32 clients at once; see bench/commands_bench.cpp."""

    def __init__(self, build, figures):
        self.program = build / "bench_commands"
        self.figures = figures

    def run(self, server):
        title, floor, aim, bound = lines.COMMANDS
        words = [self.program]
        if not self.program.exists():
            self.figures.skip(title, "there is no bench_commands")
            return
        if server:
            words += ["--server", server.url("postgres")]
        self.figures.heading("Commands of many clients")
        done = subprocess.run(words, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True)
        if done.returncode != 0:
            self.figures.skip(title, f"bench_commands: {done.stderr.strip()[-300:]}")
            return

        def side(rates):
            times = sorted(1000 / float(rate) for rate in rates)
            return {"unit": "ms a command", "median": 1000 / float(rates[0]), "low": times[0],
                    "high": times[-1]}

        alone = {}
        for found in re.finditer(r"commands (\w+) clients=(\d+) batch=([0-9.]+) ours=(\d+)/s "
                                 r"plain=(\d+)/s .* spread=(\d+)-(\d+)", done.stdout):
            engine, clients, batch, rate, plain, low, high = found.groups()
            engine = "PostgreSQL" if engine == "postgresql" else "SQLite"
            ours = side([rate, low, high])
            alone.setdefault(engine, ours)
            name = f"{title}, {clients} client{'s' * (clients != '1')}, {engine}"
            self.figures.add("commands", name, 0, ours, theirs=side([plain]), at_most=True,
                             peer="plain program, same rows and batches", floor=floor, aim=aim,
                             bound=bound, note=f"{rate} a second, {batch} in a commit")
            if clients == "32":
                self.figures.add("commands", f"{name}, against one client", 0, ours,
                                 peer="1 client", theirs=alone[engine], floor=3, bound=bound)


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make_site(build, folder, invoices):
    """Files for `arrears import`, and what to type."""
    subprocess.run([build / "bench_files", "site", folder, str(invoices)], check=True)
    print(f"{invoices:,} invoices with their payments and allocations are in {folder}:")
    print("  arrears init --entity E --name Example --currency USD --timezone America/New_York "
          "--calendar US")
    for kind in KINDS:
        print(f"  arrears import {kind} {folder}/{kind}.csv --entity E --currency USD "
              "--dates Y-M-D")
    print(f"and ask as of {DAY}, for example:\n  arrears aging --entity E --as-of {DAY}")
