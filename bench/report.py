"""What ./dev bench leaves behind, and what the docs say from it.

report.py docs   writes the figures of the newest whole run into README.md and docs/performance.md
report.py check  fails where they say something else
"""
import json
import pathlib
import re
import sys

import lines

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
DOCUMENTS = {"README.md": "short", "docs/performance.md": "long"}
BEGIN = "<!-- figures of bench/results, written by `python3 bench/report.py docs` -->\n"
END = "<!-- end of the figures -->\n"
READING = (
    "Medians by the clock, in brackets the least and the most of all runs, and the processor's "
    "time (of Arrears that of the busiest thread). A ratio is the peer's time over ours, or where "
    "the floor is a `≤` ours over the peer's; in brackets what it could be between the extremes. "
    "Where one thread works on each side the ratio is of the processor's time, so that other work "
    "on the machine counts on no side.")


def slug(machine):
    words = re.findall(r"[a-z0-9]+", machine["processor"].lower())
    return "-".join(words[:4] + [str(machine["cores"]), "cores"])


def side_text(side):
    return f"{lines.number(side['median'])} {side['unit']}"


def ratio_text(row):
    if not row.get("theirs"):
        return ""
    return (f"{lines.number(row['ratio'])} ({lines.number(row['ratio_low'])} to "
            f"{lines.number(row['ratio_high'])})")


def floor_text(row):
    floor = row.get("floor")
    if floor is None:
        return ""
    if row.get("theirs"):
        limit = f"{'≤' if row.get('at_most') else '≥'} {floor}"
    else:
        unit = row["ours"]["unit"]
        limit = f"{'≥' if row.get('limit') == 'at least' else '≤'} {lines.number(floor)} {unit}"
    return f"{limit}: {'met' if row['met'] else '**missed**'}"


def cpu_text(side):
    text = lines.number(lines.cpu_of(side)) if side.get("cpu_ms") else ""
    if side.get("instructions"):
        text += f", {side['instructions'] / 1e6:,.0f} M instructions"
    return text


def table(rows):
    text = ["| figure | Arrears | CPU ms | peer | peer's | CPU ms | ratio | floor |",
            "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        theirs = row.get("theirs")
        title = row["title"] + (f" ({row['note']})" if row.get("note") else "")
        text.append("| " + " | ".join((
            title, f"{side_text(row['ours'])} {lines.spread(row['ours'])}", cpu_text(row["ours"]),
            row.get("peer", ""), f"{side_text(theirs)} {lines.spread(theirs)}" if theirs else "",
            cpu_text(theirs) if theirs else "", ratio_text(row), floor_text(row))) + " |")
    return "\n".join(text) + "\n"


def sizes_of(result):
    return sorted({row["invoices"] for row in result["figures"]})


def size_text(size):
    return f"{size:,} invoices" if size else "Of any size"


def markdown(result):
    machine = result["machine"]
    text = [f"# Benchmark of {result['date']}\n",
            f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
            f"{machine['system']}, {result['compiler']}. Commit {result['commit']}. "
            + ", ".join(f"{name} {version}" for name, version in result["versions"].items())
            + f". Load average at the start {result['load_average_at_start']:.2f}.\n"]
    if result["postgresql"]:
        text.append("PostgreSQL: " + ", ".join(
            f"{name} {value}" for name, value in result["postgresql"].items())
            + "; the questions read unlogged, vacuumed tables.\n")
    counted = any(row["ours"].get("instructions") for row in result["figures"])
    text.append(READING + ("" if counted else " Instructions: this machine does not count them "
                           "(a virtual machine without performance counters).") + "\n")
    for size in sizes_of(result):
        text.append(f"## {size_text(size)}\n")
        text.append(table([row for row in result["figures"] if row["invoices"] == size]))
    text.append("## What bounds each figure\n")
    bounds = {}
    for row in result["figures"]:
        bounds.setdefault(row["line"], (row.get("aim"), row.get("bound")))
    text += [f"- {name}: {bound}." + (f" Aim: {aim}." if aim else "")
             for name, (aim, bound) in bounds.items() if bound]
    if result["skipped"]:
        text.append("\n## Skipped\n")
        text += [f"- {row['title']}: {row['reason']}" for row in result["skipped"]]
    return "\n".join(text) + "\n"


def write(result, folder):
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{result['date']}-{slug(result['machine'])}"
    file = folder / f"{name}.json"
    run = 1
    while file.exists():
        run += 1
        file = folder / f"{name}-run{run}.json"
    file.write_text(json.dumps(result, indent=1) + "\n")
    file.with_suffix(".md").write_text(markdown(result))
    print(f"\nwritten: {file} and .md")


def add_to(file, result):
    """Into the result of an earlier sitting; of a figure that both have the later one counts."""
    if file.exists():
        earlier = json.loads(file.read_text())
        for what in ("commit", "machine"):
            if earlier[what] != result[what]:
                raise SystemExit(f"{file} is of another {what}: {earlier[what]}")

        def key(row):
            return row.get("invoices"), row["title"], row.get("peer", "")

        for kind in ("figures", "skipped"):
            again = {key(row) for row in result[kind] + result["figures"]}
            result[kind] = [row for row in earlier[kind] if key(row) not in again] + result[kind]
        result["postgresql"] = result["postgresql"] or earlier["postgresql"]
        result["versions"] = {**earlier["versions"], **result["versions"]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1) + "\n")
    file.with_suffix(".md").write_text(markdown(result))
    print(f"\nadded to {file} and .md")


def compare(first, second):
    """Whether the spreads of two runs overlap; what was measured once has none."""
    def rows(name):
        found = json.loads(pathlib.Path(name).read_text())["figures"]
        return {(row["invoices"], row["title"], row.get("peer", "")): row for row in found}

    before, after = rows(first), rows(second)
    common = [key for key in before if key in after]
    outside = 0
    for key in common:
        for who in ("ours", "theirs"):
            one, other = before[key].get(who), after[key].get(who)
            if not one or not other or 1 in (one.get("runs"), other.get("runs")):
                continue
            if one["low"] <= other["high"] and other["low"] <= one["high"]:
                continue
            outside += 1
            print(f"{key[0]:,} {key[1]} {key[2]} {who}: {side_text(one)} {lines.spread(one)}, "
                  f"then {side_text(other)} {lines.spread(other)}")
    print(f"{len(common)} figures in both runs, {outside} sides do not overlap")
    return 1 if outside or not common else 0


def newest():
    def place(file):
        run = re.search(r"-run(\d+)$", file.stem)
        return file.stem[:len("2026-01-01")], int(run[1]) if run else 1

    files = list(RESULTS.glob("*.json"))
    return json.loads(max(files, key=place).read_text()) if files else None


def short_table(result):
    """One line per question at the largest size: two threads beside the engines on one."""
    size = sizes_of(result)[-1]
    rows = [row for row in result["figures"] if row["invoices"] == size]
    peers = ("PostgreSQL", "SQLite", "DuckDB")
    text = [f"{size:,} invoices, one thread each, milliseconds:\n",
            "| question | Arrears | " + " | ".join(peers) + " |", "|---|---|---|---|---|"]
    titles = list(dict.fromkeys(row["title"] for row in rows if row.get("peer") in peers
                                and row.get("threads") == 1))
    for title in titles:
        found = {row["peer"]: row for row in rows if row["title"] == title}
        ours = next(iter(found.values()))["ours"]
        cells = [f"{lines.number(found[peer]['theirs']['median'])} "
                 f"({lines.number(found[peer]['ratio'])}x)" if peer in found else ""
                 for peer in peers]
        text.append("| " + " | ".join([title.removesuffix(", 1 thread"),
                                       lines.number(ours["median"]), *cells]) + " |")
    return "\n".join(text) + "\n"


def figures_for(kind, result):
    machine = result["machine"]
    origin = (f"\nMeasured {result['date']} on {machine['cores']} cores of {machine['processor']}, "
              f"{machine['memory_gib']} GiB.\n")
    if kind == "short":
        return short_table(result) + origin
    parts = [f"### {size_text(size)}\n\n"
             + table([row for row in result["figures"] if row["invoices"] == size])
             for size in sizes_of(result)]
    return "\n".join(parts) + origin


def with_figures(text, kind, result):
    before, found, rest = text.partition(BEGIN)
    if not found:
        return None
    _, end, after = rest.partition(END)
    return before + BEGIN + "\n" + figures_for(kind, result) + "\n" + END + after if end else None


def main():
    result = newest()
    if result is None:
        print("0 documents checked: there is no result of a whole run in bench/results")
        return 0
    wrong = 0
    for name, kind in DOCUMENTS.items():
        file = ROOT / name
        text = file.read_text()
        wanted = with_figures(text, kind, result)
        if wanted is None:
            print(f"{name} has no place for the figures: {BEGIN.strip()} ... {END.strip()}")
            wrong += 1
        elif sys.argv[1:] == ["docs"]:
            file.write_text(wanted)
        elif wanted != text:
            print(f"{name}: its figures are not those of bench/results; run "
                  "`python3 bench/report.py docs`")
            wrong += 1
    print(f"{len(DOCUMENTS)} documents checked, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
