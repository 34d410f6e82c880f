"""The engines that are measured beside the portfolio: how each is started, filled and asked.

Each class answers load(tables, key), run(sql) -> {"wall_ms", "cpu_ms", ...}, write(sql, file) and
close(); name and version say what it is.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import peer_sql

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


def key_of():
    """Tells the data of other generators and tables apart."""
    digest = hashlib.sha256()
    for name in ("portfolio_book.cpp", "book_files.cpp"):
        digest.update((HERE / name).read_bytes())
    digest.update(repr(peer_sql.TABLES).encode())
    digest.update(repr([peer_sql.indices(name) for name in ("postgresql", "sqlite")]).encode())
    return digest.hexdigest()[:8]


class Process:
    """A program that answers lines."""

    def __init__(self, *words, **options):
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, **options)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args[0]} ended with {self.process.wait()}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Server:
    """A PostgreSQL of our own, which ends with the measurement; started also by root."""

    def __init__(self, folder, settings):
        self.folder = pathlib.Path(folder)
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            shutil.chown(self.folder, "postgres")
        self.data = self.folder / "data"
        # The path of a socket is short.
        self.sockets = tempfile.mkdtemp(prefix="arrears-bench-")
        if self.user:
            shutil.chown(self.sockets, "postgres")
        if not (self.data / "PG_VERSION").exists():
            self.command("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                         "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
        self.command("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self.command("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-t", "300",
                     "-o", f"-k {self.sockets} -c listen_addresses= {options}", "start")

    @staticmethod
    def installed():
        return (PROGRAMS / "postgres").exists()

    def command(self, program, *words, check=True):
        subprocess.run(self.user + [str(PROGRAMS / program)] + [str(word) for word in words],
                       check=check, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=None if check else subprocess.DEVNULL)

    def psql(self, database, *statements):
        words = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.sockets,
                 "-U", "postgres", "-d", database]
        for statement in statements:
            words += ["-c", statement]
        return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.sockets}"

    def databases(self):
        return self.psql("postgres", "SELECT datname FROM pg_database").split()

    def close(self):
        self.command("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False)
        shutil.rmtree(self.sockets, ignore_errors=True)


class PostgreSQL:
    """Unlogged tables, vacuumed; the rows go to /dev/null in the server's binary format: nothing is
    sent, and no text is made."""
    name = "PostgreSQL"

    def __init__(self, server, size, key):
        self.server = server
        self.size = size
        self.database = f"read_{size}_{key}"
        self.session = None
        self.version = server.psql("postgres", "SHOW server_version").split()[0]

    def load(self, tables):
        if self.database in self.server.databases():
            return None
        start = time.monotonic()
        for old in self.server.databases():
            if old.startswith(f"read_{self.size}_"):
                self.server.psql("postgres", f"DROP DATABASE {old}")
        making = self.database + "_new"
        if making in self.server.databases():
            self.server.psql("postgres", f"DROP DATABASE {making}")
        self.server.psql("postgres", f"CREATE DATABASE {making}")
        for table, columns in peer_sql.TABLES.items():
            self.server.psql(making, f"CREATE UNLOGGED TABLE {table}({columns})",
                             f"\\copy {table} FROM '{tables}/{table}.csv' (FORMAT csv)")
        self.server.psql(making, *peer_sql.indices("postgresql"))
        self.server.psql(making, *(f"VACUUM ANALYZE {table}" for table in peer_sql.TABLES))
        self.server.psql("postgres", f"ALTER DATABASE {making} RENAME TO {self.database}")
        return time.monotonic() - start

    def open(self):
        self.session = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.server.sockets,
             "-U", "postgres", "-d", self.database], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.backend = int(self.say("SELECT pg_backend_pid();")[0])
        self.say("\\timing on")

    def say(self, text):
        self.session.stdin.write(text + "\n\\echo @@end\n")
        self.session.stdin.flush()
        lines = []
        for line in self.session.stdout:
            if line == "@@end\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise RuntimeError("psql ended")

    def cpu_ms(self):
        with open(f"/proc/{self.backend}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e6

    def run(self, sql, hints=()):
        for hint in hints:
            self.say(f"SET {hint};")
        before = self.cpu_ms()
        lines = self.say(f"COPY ({sql}) TO '/dev/null' (FORMAT binary);")
        spent = self.cpu_ms() - before
        for hint in hints:
            self.say(f"RESET {hint.split()[0]};")
        time_line = next(line for line in lines if line.startswith("Time: "))
        return {"wall_ms": float(re.match(r"Time: ([0-9.]+) ms", time_line)[1]), "cpu_ms": spent}

    def write(self, sql, file):
        one_line = " ".join(sql.split())
        self.say(f"\\copy ({one_line}) TO '{file}' (FORMAT csv)")

    def close(self):
        if self.session:
            self.session.stdin.close()
            self.session.wait()


class SQLite:
    """Steps through all rows by the C API."""
    name = "SQLite"

    def __init__(self, program, folder, size, key):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.size = size
        self.file = self.folder / f"read_{size}_{key}.sqlite"
        self.process = None
        self.version = subprocess.run(["sqlite3", "--version"], check=True, text=True,
                                      stdout=subprocess.PIPE).stdout.split()[0]

    def load(self, tables):
        if self.file.exists():
            return None
        start = time.monotonic()
        for old in self.folder.glob(f"read_{self.size}_*.sqlite"):
            old.unlink()
        making = self.file.with_suffix(".new")
        making.unlink(missing_ok=True)
        process = Process(self.program, making)
        process.ask("do\tPRAGMA journal_mode = off; PRAGMA synchronous = off")
        for table, columns in peer_sql.TABLES.items():
            process.ask(f"do\tCREATE TABLE {table}({columns})")
            process.ask(f"load\t{table}\t{columns.count(',') + 1}\t{tables}/{table}.csv")
        for statement in peer_sql.indices("sqlite"):
            process.ask(f"do\t{statement}")
        process.ask("do\tANALYZE")
        process.close()
        making.rename(self.file)
        return time.monotonic() - start

    def open(self):
        self.process = Process(self.program, self.file)

    def run(self, sql, hints=()):
        return self.process.ask("run\t" + " ".join(sql.split()))

    def write(self, sql, file):
        self.process.ask(f"write\t{file}\t" + " ".join(sql.split()))

    def close(self):
        if self.process:
            self.process.close()


class DuckDB:
    """The answer becomes a table inside the engine."""
    name = "DuckDB"

    def __init__(self, folder, size, key):
        self.folder = pathlib.Path(folder)
        self.size = size
        self.file = self.folder / f"read_{size}_{key}.duckdb"
        self.process = None
        self.version = None

    @staticmethod
    def installed():
        return (HERE / "node_modules" / "@duckdb" / "node-api").exists() and shutil.which("node")

    def start(self, file):
        process = Process("node", HERE / "duckdb_bench.mjs", file, cwd=HERE)
        self.version = process.answer()["version"].lstrip("v")
        return process

    def load(self, tables):
        if self.file.exists():
            return None
        start = time.monotonic()
        for old in self.folder.glob(f"read_{self.size}_*.duckdb*"):
            old.unlink()
        making = self.file.with_suffix(".new")
        making.unlink(missing_ok=True)
        process = self.start(making)
        for table, columns in peer_sql.TABLES.items():
            process.ask(json.dumps({"do": f"CREATE TABLE {table}({columns})"}))
            process.ask(json.dumps({"do": f"COPY {table} FROM '{tables}/{table}.csv' "
                                          "(FORMAT csv, HEADER false)"}))
        process.ask(json.dumps({"do": "CHECKPOINT"}))
        process.close()
        making.rename(self.file)
        return time.monotonic() - start

    def open(self):
        self.process = self.start(self.file)

    def run(self, sql, hints=(), threads=1):
        return self.process.ask(json.dumps({"run": sql, "threads": threads}))

    def write(self, sql, file):
        self.process.ask(json.dumps({"write": str(file), "sql": sql}))

    def close(self):
        if self.process:
            self.process.close()
