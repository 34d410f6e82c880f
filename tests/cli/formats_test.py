"""Answers as a table, as JSON and as CSV; help; pipes that close."""
import csv
import io
import json
import os
import re
import subprocess
import unittest

from program import ARREARS, ProgramTest

QUESTIONS = [
    ["entity", "list"], ["calendar", "list"], ["calendar", "show", "US", "--year", "2026"],
    ["book", "list"], ["strategy", "show"], ["reason", "list"],
    ["customer", "list"], ["customer", "show", "C1"], ["contact", "list"], ["hold", "list"],
    ["group", "list"], ["document", "show", "INV-10452"], ["payment", "list"],
    ["allocation", "list"], ["dispute", "list"], ["aging"], ["aging", "--by", "customer"],
    ["aging", "--by", "group"], ["aging", "--by", "collector"], ["aging", "--by", "entity"],
    ["aging", "--by", "party"], ["items"], ["worklist"], ["run", "list"], ["call", "list"],
    ["call", "stats"], ["call", "missing"], ["promise", "list"], ["follow-up", "list"],
    ["metrics"], ["import", "list"], ["import", "profiles"], ["import", "fields", "invoices"],
    ["journal", "verify"], ["journal", "tail"], ["version"],
]


class Formats(ProgramTest):
    def fill(self):
        self.rehearse()
        self.arrears("book", "set", "all", "--collector", "anna", "--from", "2026-01-01")
        self.arrears("contact", "set", "C1", "--name", 'Jo "the" Clerk, CPA', "--phone", "+1212")
        self.arrears("payment", "record", "PAY-1", "--customer", "C1", "--value-on", "2026-05-20",
                     "--amount", "500.00")
        self.arrears("allocation", "apply", "--payment", "PAY-1", "--to", "INV-10452=200.00")
        self.arrears("dispute", "raise", "INV-10452", "--amount", "100.00", "--reason", "price")
        self.arrears("hold", "place", "C1", "--from", "2026-07-01", "--until", "2026-07-05",
                     "--reason", "audit")
        self.arrears("promise", "record", "C1", "--amount", "1000.00", "--by", "2026-06-10",
                     "--on", "INV-10452")
        self.arrears("call", "log", "--customer", "C1", "--line-outcome", "busy", "--notes",
                     "line one\nline two", "--next", "call", "--next-on", "2026-06-03")
        self.arrears("run")

    def test_every_question_answers_in_every_format(self):
        self.fill()
        for words in QUESTIONS:
            with self.subTest(words=words):
                answer = json.loads(self.arrears(*words, "--format", "json"))
                table = self.arrears(*words)
                self.assertTrue(table.strip())
                self.assertNotIn("  \n", table)
                rows = list(csv.reader(io.StringIO(self.arrears(*words, "--format", "csv"))))
                self.assertTrue(rows)
                self.assertEqual({len(row) for row in rows}, {len(rows[0])})
                if isinstance(answer, list):
                    self.assertEqual(len(rows), len(answer) + 1)

    def test_amounts_are_texts_in_json_and_plain_in_csv_and_grouped_in_tables(self):
        self.fill()
        (item,) = [row for row in self.ask("items")]
        self.assertEqual(item["open"], "12300.00")
        (row,) = csv.DictReader(io.StringIO(self.arrears("items", "--format", "csv")))
        self.assertEqual(row["open"], "12300.00")
        self.assertIn("12,300.00", self.arrears("items"))
        (currency,) = self.ask("aging")["currencies"]
        self.assertEqual((currency["total"], currency["unapplied_cash"], currency["balance"]),
                         ("12300.00", "300.00", "12000.00"))
        (payment,) = self.ask("payment", "list", "C1")
        self.assertEqual((payment["amount"], payment["unapplied"]), ("500.00", "300.00"))

    def test_numbers_stand_to_the_right_and_text_stays_on_its_line(self):
        self.fill()
        head, rule, *lines = self.arrears("items").splitlines()
        self.assertEqual(len(lines), 1)
        end = head.index("open") + len("open")
        self.assertTrue(lines[0][:end].endswith("12,300.00"))
        self.assertEqual(set(rule), {"-", " "})
        (shown,) = re.findall(r"(?m)^notes: +(.*)$", self.arrears("call", "show", self.call_id()))
        self.assertEqual(shown, "line one line two")

    def call_id(self):
        return self.ask("call", "list")[0]["call_id"]

    def test_global_options_may_stand_before_or_after(self):
        self.rehearse()
        before = self.arrears("--format", "json", "--entity", "E", "items")
        self.assertEqual(before, self.arrears("items", "--entity", "E", "--format", "json"))

    def test_every_sub_command_has_help_with_an_example(self):
        pending = [[]]
        seen = 0
        while pending:
            words = pending.pop()
            text = self.arrears(*words, "--help", now=False)
            names = re.findall(r"(?m)^  ([a-z][a-z-]*) {2,}", text.partition("Subcommands:")[2])
            pending += [words + [name] for name in names]
            if words and (not names or words == ["run"]):
                self.assertIn("Example:\n  arrears " + " ".join(words), text)
                seen += 1
        self.assertGreater(seen, 50)

    def test_a_reader_that_goes_away_is_no_failure(self):
        self.fill()
        read_end, write_end = os.pipe()
        os.close(read_end)
        done = subprocess.run([ARREARS, "items"], cwd=self.folder, stdout=write_end,
                              stderr=subprocess.PIPE, text=True, check=False, timeout=60)
        os.close(write_end)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(os.path.exists("/dev/full"), "skipped: /dev/full absent")
    def test_a_full_disk_behind_stdout_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([ARREARS, "reason", "list", "--help"], stdout=full, text=True,
                                  stderr=subprocess.PIPE, cwd=self.folder, check=False, timeout=60)
        self.assertEqual(done.returncode, 3)


if __name__ == "__main__":
    unittest.main()
