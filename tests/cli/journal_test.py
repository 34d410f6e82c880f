"""The journal: what it shows, and that a change behind its back is named."""
import os
import sqlite3
import unittest

from program import ProgramTest


class Journal(ProgramTest):
    def setUp(self):
        super().setUp()
        self.rehearse()

    def test_the_tail_shows_who_did_what(self):
        (entry,) = self.ask("journal", "tail", "-n", "1")
        self.assertEqual((entry["kind"], entry["actor"]), ("document_recorded", "anna"))
        self.assertEqual(entry["payload"]["number"], "INV-10452")
        (added,) = self.ask("journal", "tail", "--kind", "entity_added")
        self.assertEqual(added["payload"]["code"], "E")

    def test_an_exported_checkpoint_holds_until_something_is_taken_away(self):
        self.arrears("journal", "checkpoint", "--out", "kept.json")
        self.arrears("customer", "add", "C2")
        self.assertTrue(self.ask("journal", "verify", "--against", "kept.json")["verified"])
        self.write("broken.json", "{}")
        self.fails(2, "journal", "verify", "--against", "broken.json")

    def test_a_changed_amount_is_named(self):
        with sqlite3.connect(os.path.join(self.folder, "arrears.db")) as database:
            database.execute("UPDATE document SET amount_minor = amount_minor + 1")
        database.close()
        done = self.run_program("journal", "verify")
        self.assertEqual(done.returncode, 1)
        self.assertIn("INV-10452", done.stdout)
        self.assertIn("NOT VERIFIED: 1 problems", done.stdout)


if __name__ == "__main__":
    unittest.main()
