"""Several processes on one SQLite file at the same time: each waits for the others, every command
succeeds, everything is there once, and a question does not wait for a writer."""
import sqlite3
import sys
import tempfile
import threading
import unittest

from desk import Desk, import_words

PROGRAM = sys.argv.pop(1)

CALLERS = 2
CALLS = 12  # of each caller
IMPORTERS = 2
FILES = 6  # of each importer
ROWS = 40  # of each file


class TwoProcessesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.desk = Desk(PROGRAM, folder.name)
        self.desk.init()
        path = self.desk.write_invoices("first.csv", [
            (f"F{n}", f"C{n}", "2024-01-05", "2024-02-04", "100.00") for n in range(CALLERS)])
        self.desk.do(*import_words(path))

    def at_once(self, *works):
        """Starts all works together; the first failure of any is raised."""
        failures = []
        gate = threading.Barrier(len(works))

        def guarded(work):
            gate.wait()
            try:
                work()
            except AssertionError as failure:
                failures.append(failure)

        threads = [threading.Thread(target=guarded, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def log_calls(self, caller):
        for number in range(CALLS):
            self.desk.do("call", "log", "--customer", f"C{caller}", "--at",
                         f"2024-02-20T10:{number:02d}:00-05:00", "--contact", "Jo Clerk",
                         "--disposition", "right_party_reached", "--reason", "cash_flow",
                         "--notes", f"{caller}/{number}", "--next", "call", "--next-on",
                         "2024-02-27")

    def import_files(self, importer):
        for number in range(FILES):
            path = self.desk.write_invoices(f"{importer}-{number}.csv", [
                (f"I{importer}-{number}-{row}", f"D{row % 7}", "2024-01-05", "2024-02-04", "10.00")
                for row in range(ROWS)])
            self.desk.do(*import_words(path))

    def test_callers_and_importers_do_not_disturb_each_other(self):
        self.at_once(*[lambda n=n: self.log_calls(n) for n in range(CALLERS)],
                     *[lambda n=n: self.import_files(n) for n in range(IMPORTERS)])
        self.desk.verify()
        notes = [call["notes"] for call in self.desk.do("call", "list")]
        self.assertEqual(sorted(notes), sorted(
            f"{caller}/{number}" for caller in range(CALLERS) for number in range(CALLS)))
        aging = self.desk.do("aging", "--as-of", "2024-03-01")["currencies"][0]
        self.assertEqual(aging["open_items"], CALLERS + IMPORTERS * FILES * ROWS)
        self.assertEqual(aging["customers"], CALLERS + 7)
        self.assertEqual(aging["total"], f"{CALLERS * 100 + IMPORTERS * FILES * ROWS * 10}.00")

    def test_the_same_command_in_four_processes_happens_once(self):
        answers = []

        def add():
            answers.append(self.desk.do(
                "payment", "record", "P1", "--customer", "C0", "--value-on", "2024-02-10",
                "--amount", "60.00", key="the same"))

        self.at_once(add, add, add, add)
        self.assertEqual(len({answer["payment_id"] for answer in answers}), 1, answers)
        self.assertEqual(len(self.desk.do("payment", "list")), 1)
        self.desk.verify()

    def test_a_question_does_not_wait_for_a_writer(self):
        writer = sqlite3.connect(self.desk.database, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM instalment")
        # Below the busy time-out of the program: it would fail by then.
        answer = self.desk.run("aging", "--as-of", "2024-03-01", timeout=9)
        self.assertEqual(answer.code, 0, answer)
        self.assertIn('"total": "200.00"', answer.out)
        writer.execute("ROLLBACK")
        writer.close()
        self.desk.verify()


if __name__ == "__main__":
    unittest.main()
