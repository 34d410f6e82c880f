"""A file that the program cannot or must not use is refused with exit 3 and left as it was, byte
for byte: a database of a newer version, a text file, an empty file, a database of another program,
half a database; and a database whose key file is another's, absent, readable by others or damaged.
"""
import os
import shutil
import sqlite3
import sys
import tempfile
import unittest

from desk import FAILURE, Desk

PROGRAM = sys.argv.pop(1)

QUESTIONS = [["aging"], ["journal", "verify"], ["journal", "checkpoint"], ["run", "list"]]
COMMANDS = [["customer", "add", "C9"], ["run", "--as-of", "2024-03-01"]]
INIT = ["init", "--entity", "F", "--name", "X", "--currency", "USD", "--timezone", "UTC",
        "--calendar", "US"]


def files_of(folder):
    """{name: content} of everything in the folder."""
    contents = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            contents[name] = file.read()
    return contents


class FileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.desk = Desk(PROGRAM, folder.name)
        self.desk.init()
        self.desk.do("customer", "add", "C1")

    def sql(self, text):
        database = sqlite3.connect(self.desk.database)
        with database:
            database.execute(text)
        database.close()

    def write(self, content):
        with open(self.desk.database, "wb") as file:
            file.write(content)

    def check_refused(self, words, advice):
        before = files_of(self.desk.folder)
        answer = self.desk.run(*words)
        self.assertEqual(answer.code, FAILURE, answer)
        self.assertEqual(answer.out, "")
        self.assertIn(advice, answer.err)
        self.assertEqual(files_of(self.desk.folder), before, f"{words} changed a file")

    def check_all_refused(self, advice, init=True):
        for words in QUESTIONS + COMMANDS + ([INIT] if init else []):
            with self.subTest(words=words):
                self.check_refused(words, advice)

    def test_a_database_of_a_newer_version_is_left_untouched(self):
        self.sql("INSERT INTO schema_migration (version, name) VALUES (9999, 'later')")
        self.check_all_refused("newer version")

    def test_a_newer_database_with_a_log_beside_it_keeps_its_content(self):
        # Somebody has it open: its latest changes are only in the log.
        database = sqlite3.connect(self.desk.database, isolation_level=None)
        database.execute("INSERT INTO schema_migration (version, name) VALUES (9999, 'later')")
        before = files_of(self.desk.folder)
        self.assertGreater(len(before["ledger.db-wal"]), 0)
        for words in QUESTIONS + COMMANDS + [INIT]:
            answer = self.desk.run(*words)
            self.assertEqual(answer.code, FAILURE, answer)
            self.assertIn("newer version", answer.err)
        after = files_of(self.desk.folder)
        for name in ["ledger.db", "ledger.db-wal", "ledger.db.keys"]:
            self.assertEqual(after[name], before[name], name)
        database.close()

    def test_a_text_file_is_no_database(self):
        self.write(b"customer;number;amount\nC1;INV-1;100.00\n")
        self.check_all_refused("is not a database")

    def test_an_empty_file_is_no_database_for_a_question(self):
        self.write(b"")
        self.check_all_refused("arrears init", init=False)

    def test_init_makes_a_database_of_an_empty_file(self):
        self.write(b"")
        self.desk.init()
        self.desk.verify()

    def test_a_database_of_another_program_is_left_untouched(self):
        self.write(b"")
        self.sql("CREATE TABLE recipe (name TEXT)")
        self.check_all_refused("not one of Arrears")

    def test_half_a_database_is_left_untouched(self):
        with open(self.desk.database, "rb") as file:
            content = file.read()
        self.write(content[:5000])
        self.check_all_refused("backup")

    def test_a_folder_is_no_database(self):
        os.remove(self.desk.database)
        os.mkdir(self.desk.database)
        for words in QUESTIONS + COMMANDS + [INIT]:
            answer = self.desk.run(*words)
            self.assertEqual(answer.code, FAILURE, answer)
            self.assertIn("is not a file", answer.err)
        self.assertEqual(os.listdir(self.desk.database), [])

    def test_no_question_makes_a_database(self):
        os.remove(self.desk.database)
        os.remove(self.desk.keys)
        self.check_all_refused("arrears init", init=False)

    def test_without_its_key_file_nothing_is_done(self):
        os.remove(self.desk.keys)
        self.check_all_refused("No such file")

    def test_the_key_file_of_another_database_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            other = Desk(PROGRAM, folder)
            other.init()
            shutil.copy(other.keys, self.desk.keys)
        self.check_all_refused("not the one of this database")

    def test_a_key_file_that_others_can_read_is_refused(self):
        for mode in (0o640, 0o604, 0o644):
            os.chmod(self.desk.keys, mode)
            self.check_refused(["aging"], "chmod 600")
        self.check_all_refused("chmod 600")

    def test_a_damaged_key_file_is_refused(self):
        for content in ("", "version 1\n", "version 2\nsigning-seed 00\n"):
            with open(self.desk.keys, "w", encoding="ascii") as file:
                file.write(content)
            self.check_refused(["aging"], "is not a key file")
            self.check_refused(INIT, "is not a key file")


if __name__ == "__main__":
    unittest.main()
