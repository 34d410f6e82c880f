"""The lines of ./dev bench: what each must reach, what it aims at, and what bounds it."""

# name: title, floors by peer (how many times as fast as it), aim at 10,000,000 invoices, bound.
QUESTIONS = {
    "worklist": (
        "today's whole worklist, in order",
        {"PostgreSQL": 16, "SQLite": 16, "DuckDB": 14}, "60 ms on two threads",
        "processor: one pass over the rows of each customer, then a radix sort of those that owe"),
    "worklist_past": (
        "the worklist as of a past date",
        {"PostgreSQL": 60, "DuckDB": 20}, "100 ms on two threads",
        "processor; the past costs us nothing more, and the SQL engines a join and a grouping"),
    "worklist_known": (
        "the worklist as of a past date, as known at an instant",
        {"PostgreSQL": 30, "DuckDB": 10}, "200 ms on two threads",
        "processor and bytes: two columns of ordinals more"),
    "series": (
        "24 months of DSO and CEI",
        {"PostgreSQL": 300, "DuckDB": 40}, "20 ms on two threads",
        "bytes: days and amounts of all items are read once"),
    "aging": (
        "aging totals",
        {}, "", "bytes: days and amounts of all items are read once"),
}
SCAN = ("aging totals against a plain scan of the same bytes", "at most", 2, "1.2 times",
        "bytes, and the sorting of open items into buckets")
PAYMENT = ("after one payment: totals and ranked list right again", 1.0, "50 us",
           "memory: the rows of one customer, and its old and new place in the list")
MEMORY = ("memory of an invoice with its history", 100, "72 bytes", "bytes")
RUN = ("daily run, durable: decisions a second", 100_000, "1,000,000",
       "text and b-tree: each party is read, each decision is a row, hashed and journaled")
IMPORT = ("import of invoices, durable, against the engine's bulk loader", 3, "1.5 times",
          "b-tree and hashing: rows of three tables, each hashed into the journal")
RESTART = ("restart, a process from start to end", None, "under 1 s at 10,000,000",
           "bytes of the image that the question touches")
LOAD = ("load of the portfolio from the store", 3, "", "b-tree: every row of the ledger is read")
COMMANDS = ("commands of many clients, durable", 1.5, "1.1 times", "flush: one for a group")


def number(value):
    """Three digits or so, as people read them."""
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def spread(side):
    if side.get("runs") == 1:
        return "[once]"
    return f"[{number(side['low'])} to {number(side['high'])}]"


def summary(runs, unit="ms"):
    """The middle, least and most of some runs; each {"wall_ms", "cpu_ms", ...} or a number."""
    values = sorted(run["wall_ms"] if isinstance(run, dict) else run for run in runs)
    side = {"unit": unit, "median": values[len(values) // 2], "low": values[0],
            "high": values[-1], "runs": len(values)}
    for name in ("cpu_ms", "busiest_ms", "instructions"):
        counts = sorted(run[name] for run in runs if isinstance(run, dict) and run.get(name))
        if counts:
            side[name] = counts[len(counts) // 2]
            side[name + "_range"] = [counts[0], counts[-1]]
    return side


def cpu_of(side):
    """The processor's time, of the busiest thread where that is known."""
    return side.get("busiest_ms") or side.get("cpu_ms")


def bounds_of(side, by_cpu):
    """Median, least and most, of the processor's time or of the clock's."""
    if by_cpu:
        return side["cpu_ms"], *side["cpu_ms_range"]
    return side["median"], side["low"], side["high"]


class Figures:
    """The figures as they come; each is printed as one line."""

    def __init__(self):
        self.rows = []
        self.skipped = []

    def heading(self, text):
        print(f"\n{text}", flush=True)

    def add(self, line, title, invoices, ours, **more):
        """`peer` with `theirs`: the ratio is theirs / ours, `at_most` turns it around; a `floor`
        alone is a limit of our own figure ('limit' says of which kind: at most, at least)."""
        row = {"line": line, "title": title, "invoices": invoices, "ours": ours, **more}
        theirs = row.get("theirs")
        floor = row.get("floor")
        if theirs:
            # One thread: the processor's time, so that other work on the machine counts on no side.
            by_cpu = bool(row.get("threads") == 1 and ours.get("cpu_ms") and theirs.get("cpu_ms"))
            sides = [bounds_of(side, by_cpu) for side in (theirs, ours)]
            above, below = reversed(sides) if row.get("at_most") else sides
            row["ratio_by"] = "cpu" if by_cpu else "clock"
            row["ratio"] = above[0] / below[0]
            row["ratio_low"] = above[1] / below[2]
            row["ratio_high"] = above[2] / below[1]
        if floor is not None:
            if theirs:
                met = row["ratio"] <= floor if row.get("at_most") else row["ratio"] >= floor
            else:
                met = (ours["median"] <= floor if row.get("limit") != "at least"
                       else ours["median"] >= floor)
            row["met"] = met
        self.rows.append(row)
        print(text_of(row), flush=True)

    def skip(self, title, reason):
        self.skipped.append({"title": title, "reason": reason})
        print(f"{title}: skipped, {reason}", flush=True)


def text_of(row):
    """A figure in one line."""
    ours = row["ours"]

    def side_text(side):
        cpu = f" (cpu {number(cpu_of(side))})" if side.get("cpu_ms") else ""
        return f"{number(side['median'])} {side['unit']} {spread(side)}{cpu}"

    text = f"{row['title']}: {side_text(ours)}"
    theirs = row.get("theirs")
    if theirs:
        times = "x" if row.get("at_most") else "x as fast"
        text += (f" | {row['peer']} {side_text(theirs)} | {number(row['ratio'])}{times}"
                 f" [{number(row['ratio_low'])} to {number(row['ratio_high'])}]")
    if row.get("floor") is not None:
        if theirs:
            kind = "at most" if row.get("at_most") else "at least"
            limit = f"{kind} {row['floor']}x"
        else:
            limit = f"{row.get('limit', 'at most')} {number(row['floor'])} {ours['unit']}"
        text += f" | floor {limit}: {'met' if row['met'] else 'MISSED'}"
    if row.get("equal") is not None:
        text += " | answers equal" if row["equal"] else " | ANSWERS DIFFER"
    if row.get("note"):
        text += f" | {row['note']}"
    return text
