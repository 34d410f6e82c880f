#!/usr/bin/env python3
"""./dev bench: measures Arrears beside PostgreSQL, SQLite and DuckDB on the same data.

Prints one line per figure and writes bench/results/DATE-MACHINE.json and .md.
"""
import argparse
import datetime
import fcntl
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

import peers
import program
import reading
import report
from lines import Figures

ROOT = pathlib.Path(__file__).resolve().parent.parent


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("--invoices", type=int, nargs="+", metavar="N",
                        help="sizes (default: 1000000 10000000)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="only these figures; may be repeated: worklist, worklist_past, "
                             "worklist_known, series, aging, scan, payment, memory, import, run, "
                             "restart, load, commands")
    parser.add_argument("--runs", type=int, default=5, metavar="K",
                        help="runs of a question in each of the three rounds (default: 5)")
    parser.add_argument("--without", action="append", default=[], metavar="ENGINE",
                        choices=("postgresql", "duckdb"), help="postgresql or duckdb")
    parser.add_argument("--into", type=pathlib.Path, metavar="RESULT.json",
                        help="add the figures to this result of the same commit and machine, which "
                             "is made where it is absent: a whole run in several sittings")
    parser.add_argument("--make-site", metavar="FOLDER",
                        help="only write files of N invoices (default: 10000000) that "
                             "`arrears import` takes")
    parser.add_argument("--compare", nargs=2, metavar=("FIRST.json", "SECOND.json"),
                        help="only say whether a second run agrees with a first one")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build",
                        help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not options.invoices:
        options.invoices = [10_000_000] if options.make_site else [1_000_000, 10_000_000]
    options.wants = lambda *names: not options.only or any(n in options.only for n in names)
    return options


def memory_gib():
    with open("/proc/meminfo", encoding="ascii") as file:
        return int(file.readline().split()[1]) / 2**20


def settings():
    """Of the PostgreSQL that is measured: sized by the machine, durable."""
    gib = memory_gib()
    shared = max(128, int(min(5, gib / 4) * 1024))
    work = max(64, int(min(1, gib / 16) * 1024))
    return {
        "shared_buffers": f"{shared}MB", "work_mem": f"{work}MB",
        "maintenance_work_mem": f"{work}MB", "effective_cache_size": f"{int(gib / 2 * 1024)}MB",
        "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": 0,
        "random_page_cost": 1.1, "jit": "off", "max_parallel_workers_per_gather": 0,
        "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
    }


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    name = re.sub(r"\(R\)|\(TM\)|CPU|Processor", "", model[1] if model else platform.machine())
    return {
        "processor": " ".join(name.split()), "cores": os.cpu_count(),
        "memory_gib": round(memory_gib()), "kernel": platform.release(),
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
    }


def output_of(*words):
    done = subprocess.run(words, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return done.stdout.strip()


def head(server, engines):
    commit = output_of("git", "rev-parse", "--short", "HEAD")
    if output_of("git", "status", "--porcelain", "--untracked-files=no"):
        commit += " and changes"
    return {
        "date": datetime.date.today().isoformat(), "machine": machine(), "commit": commit,
        "compiler": output_of("c++", "--version").splitlines()[0], "versions": engines,
        "postgresql": settings() if server else None,
        "load_average_at_start": os.getloadavg()[0],
    }


def versions(server):
    found = {"SQLite": output_of("sqlite3", "--version").split()[0]}
    if server:
        found["PostgreSQL"] = server.psql("postgres", "SHOW server_version").split()[0]
    package = peers.HERE / "node_modules" / "@duckdb" / "node-api" / "package.json"
    if package.exists():
        found["DuckDB"] = json.loads(package.read_text())["version"]
        found["Node"] = output_of("node", "--version")
    return found


def start_server(data, figures):
    if not peers.Server.installed():
        figures.skip("PostgreSQL", "it is not installed")
        return None
    return peers.Server(data / "postgresql", settings())


def measure_all(build, data, options, figures, server):
    """One part after the other; what fails is told, and the others go on."""
    parts = []
    for invoices in options.invoices:
        parts += [(f"questions to {invoices:,} invoices",
                   reading.Reading(build, data, invoices, options, figures)),
                  (f"the program with {invoices:,} invoices",
                   program.Program(build, data, invoices, options, figures))]
    if options.wants("commands"):
        parts.append(("commands", program.Commands(build, figures)))
    for name, part in parts:
        try:
            part.run(server)
        except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
            figures.skip(name, str(error))


def main():
    options = options_of(sys.argv[1:])
    build = options.build.resolve()
    if options.compare:
        return report.compare(*options.compare)
    if options.make_site:
        program.make_site(build, pathlib.Path(options.make_site).resolve(), options.invoices[0])
        return 0
    data = build / "bench-data"
    data.mkdir(parents=True, exist_ok=True)
    lock = open(data / "lock", "w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("another ./dev bench is running")
    figures = Figures()
    server = None if "postgresql" in options.without else start_server(data, figures)
    partial = options.only or options.without or 10_000_000 not in options.invoices
    try:
        result = head(server, versions(server))
        measure_all(build, data, options, figures, server)
    except KeyboardInterrupt:
        partial = True
    finally:
        if server:
            server.close()
    result["figures"] = figures.rows
    result["skipped"] = figures.skipped
    if options.into:
        report.add_to(options.into, result)
    else:
        # Only a whole run is kept in the repository.
        report.write(result, data if partial else report.RESULTS)
    return 1 if any(row.get("equal") is False for row in figures.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
