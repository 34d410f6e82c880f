#!/usr/bin/env python3
"""Runs the examples of README.md and docs/guides: each ```console block, line by line.

A line that begins with `$ ` is a command; the lines below it are what it prints, where `...` alone
stands for any lines and `...` within a line for any text. A guide is one session in one empty
folder, with the files of docs/guides/examples in it.

Usage: docs_test.py ARREARS_BINARY REPOSITORY
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def blocks(text):
    return re.findall(r"^```console\n(.*?)^```", text, re.S | re.M)


def steps(block):
    """(command, expected lines) in order."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0] += "\n" + line[2:]
        elif found:
            found[-1][1].append(line)
    return found


def matches(expected, printed):
    pattern = ""
    for line in expected:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ ]*\n"
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed)) is not None


def run_guide(guide, binary, examples):
    failures = 0
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(examples, folder, dirs_exist_ok=True)
        os.symlink(binary, Path(folder) / "arrears")
        env = {**os.environ, "PATH": folder + ":" + os.environ["PATH"], "ARREARS_ACTOR": "anna",
               "COLUMNS": "200"}
        for name in ("ARREARS_DB", "ARREARS_KEYS", "ARREARS_NOW"):
            env.pop(name, None)
        for block in blocks(guide.read_text()):
            for command, expected in steps(block):
                count += 1
                export = re.fullmatch(r"export (\w+)=(.*)", command)
                if export:
                    env[export.group(1)] = export.group(2)
                    continue
                done = subprocess.run(["sh", "-c", command], cwd=folder, env=env, text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
                if not matches(expected, done.stdout.splitlines()):
                    failures += 1
                    print(f"{guide}: $ {command}\n--- expected\n" + "\n".join(expected) +
                          f"\n--- printed (exit {done.returncode})\n{done.stdout}")
    return count, failures


def main():
    binary, repository = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    guides = [repository / "README.md", *sorted((repository / "docs").rglob("*.md"))]
    total = failed = 0
    for guide in guides:
        count, failures = run_guide(guide, binary, repository / "docs/guides/examples")
        total += count
        failed += failures
    print(f"{total} examples of {len(guides)} documents run, {failed} differ")
    return 1 if failed or total < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
