"""Exit codes: 1 refused, 2 usage, 3 failure; and what is said then."""
import os
import sqlite3
import unittest

from program import INIT, ProgramTest


class Refusals(ProgramTest):
    def test_a_refusal_says_operation_code_and_what_to_do(self):
        self.rehearse()
        said = self.fails(1, "payment", "cancel", "PAY-9", "--reason", "twice")
        self.assertRegex(said, r"^arrears: refused \(command/payment_unknown\): Entity E has no "
                               r"payment PAY-9\. Check the number")
        self.arrears("payment", "record", "PAY-1", "--customer", "C1", "--value-on", "2026-06-01",
                     "--amount", "99.00")
        said = self.fails(1, "allocation", "apply", "--payment", "PAY-1", "--to",
                          "INV-10452=20000.00")
        self.assertIn("refused (allocate/", said)

    def test_an_unknown_entity_is_refused(self):
        self.rehearse()
        for words in (["items"], ["run"], ["aging"], ["customer", "list"]):
            with self.subTest(words=words):
                said = self.fails(1, *words, "--entity", "X")
                self.assertIn("(command/entity_unknown): There is no entity X.", said)

    def test_two_entities_need_to_be_told_apart(self):
        self.rehearse()
        self.arrears("init", "--entity", "F", "--currency", "EUR", "--timezone", "Europe/Berlin",
                     "--calendar", "DE")
        self.assertIn("there are E, F", self.fails(2, "items"))
        self.assertEqual(self.ask("items", "--entity", "F"), [])
        self.assertEqual(self.ask("aging")["currencies"][0]["total"], "12500.00")

    def test_an_instant_to_come_is_refused(self):
        self.rehearse()
        said = self.fails(1, "items", "--known-at", "2026-06-01T14:00:01Z")
        self.assertIn("(command/known_at_in_future)", said)
        self.assertEqual(len(self.ask("items", "--known-at", "2026-06-01T14:00:00Z")), 1)
        self.assertEqual(self.ask("items", "--known-at", "now"), self.ask("items"))

    def test_nothing_was_known_before_the_database(self):
        self.rehearse()
        said = self.fails(1, "items", "--known-at", "2026-01-01T00:00:00Z", "--entity", "E")
        self.assertIn("(command/entity_unknown)", said)

    def test_a_change_is_made_now(self):
        self.rehearse()
        said = self.fails(2, "run", "--known-at", "now")
        self.assertIn("--known-at is for questions", said)

    def test_now_is_for_rehearsals_only(self):
        said = self.fails(2, *INIT)
        self.assertIn("--now (or ARREARS_NOW) is only for rehearsals", said)
        self.assertEqual(os.listdir(self.folder), [])
        self.arrears(*INIT, now=False)
        for words in (["items"], ["run"], ["items", "--now", "2026-06-01T14:00:00Z"]):
            with self.subTest(words=words):
                self.assertIn("only for rehearsals",
                              self.fails(2, *words, now="--now" not in words))
        self.arrears("items", now=False)

    def test_a_database_of_real_time_does_not_become_a_rehearsal(self):
        self.arrears(*INIT, now=False)
        said = self.fails(2, "init", "--entity", "F", "--currency", "USD", "--timezone", "UTC",
                          "--calendar", "US", "--rehearsal", now=False)
        self.assertIn("keeps real time already", said)

    def test_a_line_that_cannot_be_read_is_a_usage_error(self):
        self.rehearse()
        for words in (["nonsense"], ["customer"], [], ["items", "--as-of", "2026-02-30"],
                      ["items", "--format", "xml"], ["items", "--nonsense"],
                      ["payment", "record", "PAY-1"], ["items", "--db", "mysql:x"],
                      ["items", "--known-at", "yesterday"], ["import", "invoices", "absent.csv"],
                      ["completion", "tcsh"],
                      ["call", "log", "--customer", "C1", "--promise", "10.00 until Friday"]):
            with self.subTest(words=words):
                self.assertTrue(self.fails(2, *words).startswith("arrears: usage: "))

    def test_an_absent_database_is_a_failure_that_says_what_to_do(self):
        said = self.fails(3, "items", now=False)
        self.assertIn("arrears init", said)
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_lost_key_file_is_a_failure(self):
        self.rehearse()
        os.rename(os.path.join(self.folder, "arrears.db.keys"),
                  os.path.join(self.folder, "elsewhere.keys"))
        self.assertIn("--keys", self.fails(3, "items"))
        self.arrears("items", "--keys", "elsewhere.keys")
        self.arrears("items", env={"ARREARS_KEYS": "elsewhere.keys"})

    def test_another_program_s_database_is_not_touched(self):
        path = os.path.join(self.folder, "other.db")
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE theirs (id INTEGER)")
        other.close()
        with open(path, "rb") as file:
            before = file.read()
        self.fails(3, "items", "--db", "sqlite:other.db", now=False)
        self.fails(3, *INIT, "--db", "sqlite:other.db", now=False)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_no_database_at_all_is_a_failure(self):
        self.write("text.db", "this is no database, but long enough to look at " * 20)
        self.fails(3, "items", "--db", "sqlite:text.db", now=False)


if __name__ == "__main__":
    unittest.main()
