"""The questions to the whole book: the portfolio in memory beside the engines' tables."""
import datetime
import subprocess
import sys

import lines
import peer_sql
import peers

EPOCH = datetime.date(1970, 1, 1)
LAST_DAY = (datetime.date(2026, 6, 30) - EPOCH).days
FIRST_DAY = (datetime.date(2024, 7, 1) - EPOCH).days


def known_at(day):
    """The last ordinal of a day; see bench/portfolio_book.h."""
    return (day - FIRST_DAY + 2) * 1000 - 1


PAST = LAST_DAY - 200
# line, day, known at, whether the engines may read what is kept up to date
QUESTIONS = (
    ("worklist", "worklist", LAST_DAY, 0),
    ("worklist_past", "worklist", PAST, 0),
    ("worklist_known", "worklist", PAST, known_at(PAST + 5)),
    ("worklist_known", "worklist", LAST_DAY - 60, known_at(LAST_DAY - 90)),
    ("worklist_known", "worklist", LAST_DAY - 400, known_at(LAST_DAY - 399)),
    ("series", "series", LAST_DAY, 0),
    ("aging", "aging", LAST_DAY, 0),
)
ROUNDS = 3


def day_text(day):
    return (EPOCH + datetime.timedelta(days=day)).isoformat()


def write_tables(program, folder, invoices):
    """The rows of the book as CSV, and months; made once."""
    done = folder / "done"
    if done.exists():
        return
    subprocess.run([program, "tables", folder, str(invoices)], check=True)
    months, days = [], []
    for number in range(60):
        year, month = divmod(2024 * 12 + 6 + number, 12)
        first = (datetime.date(year, month + 1, 1) - EPOCH).days
        year, month = divmod(2024 * 12 + 7 + number, 12)
        last = (datetime.date(year, month + 1, 1) - EPOCH).days - 1
        months.append(f"{number},{first},{last}\n")
        days += [f"{day},{number}\n" for day in range(first, last + 1)]
    (folder / "month.csv").write_text("".join(months))
    (folder / "calendar.csv").write_text("".join(days))
    done.touch()


def is_equal(ours, theirs):
    """The same rows in the same order; averages to four decimals."""
    mine, other = ours.read_text().splitlines(), theirs.read_text().splitlines()
    if mine == other:
        return True
    if len(mine) != len(other):
        return False
    for a, b in zip(mine, other):
        first, second = a.split(","), b.split(",")
        if len(first) != len(second):
            return False
        for x, y in zip(first, second):
            if x != y and not ("." in x and abs(float(x) - float(y)) < 0.0001):
                return False
    return True


class Reading:
    def __init__(self, build, data, invoices, options, figures):
        self.build = build
        self.data = data
        self.invoices = invoices
        self.options = options
        self.figures = figures
        self.engines = []
        self.times = {}  # (question, who, threads) -> runs
        self.equal = {}  # (question, who) -> bool

    def wanted(self):
        return [q for q in QUESTIONS if self.options.wants(q[0])]

    def sql(self, engine, question):
        _, kind, day, known = question
        dialect = engine.name.lower()
        if kind == "worklist":
            return peer_sql.worklist(dialect, day, known, kept=day == LAST_DAY)
        return peer_sql.aging(dialect, day) if kind == "aging" else peer_sql.series(dialect)

    def start(self, server):
        key = peers.key_of()
        folder = self.data / f"tables_{self.invoices}_{key}"
        write_tables(self.build / "bench_files", folder, self.invoices)
        if server:
            self.engines.append(peers.PostgreSQL(server, self.invoices, key))
        self.engines.append(
            peers.SQLite(self.build / "bench_sqlite", self.data, self.invoices, key))
        if "duckdb" in self.options.without:
            pass
        elif peers.DuckDB.installed():
            self.engines.append(peers.DuckDB(self.data, self.invoices, key))
        else:
            self.figures.skip("DuckDB", "npm has not installed it: cd bench && npm install")
        for engine in self.engines:
            seconds = engine.load(folder)
            if seconds is not None:
                print(f"{engine.name}: tables loaded and indexed in {seconds:.0f} s", flush=True)
            engine.open()

    def ours(self):
        process = peers.Process(self.build / "bench_answers", self.invoices)
        return process, process.answer()

    def take(self, question, who, threads, ask):
        """Runs until there are enough of them or two seconds are over."""
        runs = self.times.setdefault((question, who, threads), [])
        spent = 0
        for number in range(self.options.runs):
            if number and spent > 2000:
                break
            run = ask()
            spent += run["wall_ms"]
            runs.append(run)

    def compare(self, process, question):
        """Every answer is written once and compared, which also warms up both sides."""
        _, kind, day, known = question
        mine = self.data / "ours.csv"
        process.ask(f"{kind} 1 {day} {known} {mine}")
        for engine in self.engines:
            theirs = self.data / "theirs.csv"
            theirs.unlink(missing_ok=True)
            engine.write(self.sql(engine, question), theirs)
            self.equal[question, engine.name] = is_equal(mine, theirs)
            if not self.equal[question, engine.name]:
                print(f"{engine.name}: another answer to {question}", flush=True)
                theirs.rename(self.data / f"{engine.name}_{question[0]}.csv")

    def measure(self, process, question):
        _, kind, day, known = question
        for threads in (1, 2):
            line = f"{kind} {threads} {day} {known}"
            process.ask(line)
            self.take(question, "ours", threads, lambda: process.ask(line))
        # Grouping by way of the index costs less than the hash that PostgreSQL would choose.
        hints = ["enable_hashagg = off"] if kind == "worklist" else []
        for engine in self.engines:
            sql = self.sql(engine, question)
            self.take(question, engine.name, 1, lambda: engine.run(sql, hints))
            if engine.name == "DuckDB":
                self.take(question, engine.name, 2, lambda: engine.run(sql, threads=2))

    def measure_rest(self, process):
        for threads in (1, 2):
            for kind in ("scan", "aging"):
                line = f"{kind} {threads} {LAST_DAY} 0"
                process.ask(line)
                self.take(kind, "ours", threads, lambda: process.ask(line))
        self.times.setdefault(("payment", "ours", 1), []).append(process.ask("payments"))

    def run(self, server):
        wanted = self.wanted()
        rest = self.options.wants("scan", "payment", "memory")
        if not wanted and not rest:
            return
        self.figures.heading(f"{self.invoices:,} invoices: questions to the whole book")
        memory = []
        try:
            if wanted:
                self.start(server)
            for number in range(ROUNDS):
                print(f"round {number + 1} of {ROUNDS}", file=sys.stderr, flush=True)
                process, book = self.ours()
                memory.append(book)
                for question in wanted:
                    if number == 0:
                        self.compare(process, question)
                    self.measure(process, question)
                if rest:
                    self.measure_rest(process)
                process.close()
        finally:
            for engine in self.engines:
                engine.close()
        for question in wanted:
            self.report(question)
        if rest:
            self.report_rest(memory)

    def report(self, question):
        line, _, day, known = question
        title, floors, aim, bound = lines.QUESTIONS[line]
        when = f" ({day_text(day)}" + (f", known {day_text(FIRST_DAY + known // 1000 - 1)})"
                                        if known else ")")
        for threads in (1, 2):
            ours = lines.summary(self.times[question, "ours", threads])
            for engine in self.engines:
                runs = self.times.get((question, engine.name, threads))
                if not runs:
                    continue
                self.figures.add(
                    line, f"{title}{when}, {threads} thread{'s' * (threads > 1)}", self.invoices,
                    ours, threads=threads, peer=engine.name, theirs=lines.summary(runs),
                    floor=floors.get(engine.name) if threads == 1 else None,
                    equal=self.equal[question, engine.name], aim=aim, bound=bound)

    def report_rest(self, memory):
        def side(kind, threads=1):
            return lines.summary(self.times[kind, "ours", threads])

        title, _, floor, aim, bound = lines.SCAN
        for threads in (1, 2):
            self.figures.add("scan", f"{title}, {threads} thread{'s' * (threads > 1)}",
                             self.invoices, side("aging", threads), threads=threads,
                             peer="plain scan", theirs=side("scan", threads), at_most=True,
                             floor=floor, aim=aim, bound=bound)
        title, floor, aim, bound = lines.PAYMENT
        ours = side("payment")
        runs = self.times["payment", "ours", 1]
        worst = lines.number(max(run["p99_ms"] for run in runs))
        self.figures.add("payment", title, self.invoices, ours, floor=floor, aim=aim, bound=bound,
                         equal=all(run["equal"] for run in runs), note=f"p99 {worst} ms")
        title, floor, aim, bound = lines.MEMORY
        used = [book["resident_bytes"] / book["invoices"] for book in memory]
        self.figures.add("memory", title, self.invoices, lines.summary(used, "bytes"),
                         floor=floor, aim=aim, bound=bound,
                         note=f"columns {memory[0]['bytes'] / self.invoices:.1f} bytes")

