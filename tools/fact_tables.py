#!/usr/bin/env python3
"""Writes the fact tables' descriptions (fact_tables.cpp, facts.h) anew from the migrations' SQL.

Run it after a change to a table that has an entry_id; a test compares the result with the schema.
"""
import re
import subprocess
from pathlib import Path

STORAGE = Path(__file__).resolve().parent.parent / "src/adapters/storage"
TYPES = {"{i64}": "i64", "TEXT": "text", "{blob}": "blob"}


def read_tables():
    """(name, [(column, type, may be null)], number of key columns) of each fact table, by name."""
    sql = "".join(path.read_text() for path in sorted(STORAGE.glob("migrations/*/up.sql")))
    tables = []
    added = re.findall(r"^ALTER TABLE (\w+) ADD COLUMN (\w+) (\S+);", sql, re.M)
    for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\) \{clustered\};", sql, re.S):
        columns, key = [], None
        for line in (text.strip().rstrip(",") for text in body.strip().split("\n")):
            if line.startswith("CONSTRAINT"):
                found = re.search(r"PRIMARY KEY \((.*)\)", line)
                key = [column.strip() for column in found.group(1).split(",")] if found else key
            elif line and not line.startswith("--"):
                words = line.split()
                columns.append((words[0], TYPES[words[1]], "NOT NULL" not in line))
        columns += [(column, TYPES[kind], True) for table, column, kind in added if table == name]
        names = [column[0] for column in columns]
        if "entry_id" not in names or name.startswith("journal"):
            continue
        keys = names.index("entry_id")
        assert names[:keys] == key, f"{name}: entry_id must follow the key columns"
        tables.append((name, columns, keys))
    return sorted(tables)


def columns_text(name, columns):
    made = [f'{kind}("{column}")' if not null else f'maybe({kind}("{column}"))'
            for column, kind, null in columns]
    return f"constexpr FactColumn {name}_columns[] = {{" + ", ".join(made) + "};"


def main():
    tables = read_tables()
    path = STORAGE / "fact_tables.cpp"
    text = path.read_text()
    begin = text.index("\n", text.index("constexpr FactColumn maybe")) + 2
    head = text[:begin] + "\n".join(columns_text(name, columns) for name, columns, _ in tables)
    made = [f'const FactTable {name}{{"{name}", {name}_columns, {keys}}};'
            for name, _, keys in tables]
    every = ", ".join("&" + name for name, _, _ in tables)
    path.write_text(
        head + "\n\n}  // namespace\n\n" + "\n".join(made) +
        "\n\nstd::span<const FactTable* const> all() {\n"
        "  static const FactTable* const tables[] = {" + every + "};\n"
        "  return tables;\n}\n\n}  // namespace arrears::storage::facts\n")
    subprocess.run(["clang-format-19", "-i", path], check=True)
    header = STORAGE / "facts.h"
    declared = "".join(f"extern const FactTable {name};\n" for name, _, _ in tables)
    header.write_text(re.sub(r"(extern const FactTable \w+;\n)+", declared, header.read_text()))


if __name__ == "__main__":
    main()
