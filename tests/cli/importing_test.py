"""Files by the command line: mapping, reject file, profiles, dry run."""
import os
import unittest

from program import INIT, ProgramTest

LEDGER = "../shared/data/ar-ledger/pthiagu2+DataMining/WA_Fn-UseC_-Accounts-Receivable.csv"
MAP = ("customer=customerID,number=invoiceNumber,issued=InvoiceDate,due=DueDate,"
       "amount=InvoiceAmount,settled_on=SettledDate")


class Importing(ProgramTest):
    def setUp(self):
        super().setUp()
        self.arrears(*INIT, "--rehearsal")

    def test_refused_rows_make_a_reject_file_that_can_be_imported_again(self):
        self.write("invoices.csv", "customer,number,issued,due,amount\n"
                                   "C1,I1,2026-05-01,2026-05-31,100.00\n"
                                   "C1,I2,2026-05-01,2026-05-31,abc\n")
        words = ["import", "invoices", "invoices.csv", "--currency", "USD"]
        done = self.run_program(*words, "--dry-run")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Nothing was imported (dry run).", done.stderr)
        self.assertEqual(self.ask("items"), [])
        done = self.run_program(*words)
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 of 2 records were refused. The good ones are in.", done.stderr)
        self.assertEqual([row["number"] for row in self.ask("items")], ["I1"])
        rejects = os.path.join(self.folder, "invoices.csv.rejects.csv")
        with open(rejects, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("I2", text)
        self.write("invoices.csv.rejects.csv", text.replace("abc", "50.00"))
        report = self.ask("import", "invoices", "invoices.csv.rejects.csv", "--currency", "USD")
        self.assertEqual((report["added"], report["rejected"]), (1, 0))
        self.assertEqual(len(self.ask("items")), 2)
        again = self.ask("import", "invoices", "invoices.csv.rejects.csv", "--currency", "USD")
        self.assertEqual((again["added"], again["unchanged"]), (0, 1))

    def test_a_profile_keeps_the_options(self):
        self.write("a.csv", "Konto;Beleg;Datum;Zahlbar;Betrag\n"
                            "C1;R1;01.05.2026;31.05.2026;1.250,50\n")
        self.write("b.csv", "Konto;Beleg;Datum;Zahlbar;Betrag\nC1;R2;02.05.2026;01.06.2026;2,50\n")
        mapping = "customer=Konto,number=Beleg,issued=Datum,due=Zahlbar,amount=Betrag"
        self.ask("import", "invoices", "a.csv", "--map", mapping, "--dates", "D/M/Y",
                 "--decimal", "comma", "--currency", "EUR", "--save-profile", "sap")
        self.assertEqual([row["profile"] for row in self.ask("import", "profiles")], ["sap"])
        self.ask("import", "invoices", "b.csv", "--profile", "sap")
        self.assertEqual([row["amount"] for row in self.ask("items")], ["1250.50", "2.50"])
        said = self.fails(1, "import", "invoices", "b.csv", "--profile", "absent")
        self.assertIn("(import/profile_unknown)", said)

    def test_a_file_is_described_before_it_is_imported(self):
        self.write("a.csv", "Beleg;Datum;Betrag\nRE-1;13.05.2026;1.250,50\n")
        found = self.ask("import", "describe", "a.csv")
        self.assertEqual(found["delimiter"], ";")
        self.assertEqual([(row["column"], row["looks_like"]) for row in found["columns"]],
                         [("Beleg", "text"), ("Datum", "date"), ("Betrag", "amount")])

    def test_a_missed_control_total_imports_nothing(self):
        self.write("a.csv", "customer,number,issued,due,amount\nC1,I1,2026-05-01,2026-05-31,9.00\n")
        said = self.fails(1, "import", "invoices", "a.csv", "--currency", "USD",
                          "--control-total", "10.00")
        self.assertIn("(import/control_total_differs)", said)
        self.assertEqual(self.ask("items"), [])

    def test_a_progress_bar_needs_a_terminal(self):
        self.write("a.csv", "number,name\nC1,Acme\n")
        done = self.run_program("import", "customers", "a.csv")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(os.path.exists(LEDGER), "skipped: ../shared/data absent")
    def test_the_ledger_of_the_issue_ages_as_calculated_by_hand(self):
        self.now = "2026-06-01T14:00:00Z"
        report = self.ask("import", "invoices", os.path.abspath(LEDGER), "--entity", "E",
                          "--currency", "USD", "--dates", "M/D/Y", "--map", MAP,
                          "--rejects", os.path.join(self.folder, "rejects.csv"))
        self.assertEqual(report["rejected"], 0)
        aging = self.ask("aging", "--entity", "E", "--as-of", "2013-06-30")
        self.assertEqual(aging["as_of"], "2013-06-30")
        self.assertEqual(aging["currencies"], [{
            "currency": "USD", "open_items": 84, "customers": 52, "total": "5119.85",
            "buckets": {"not_due": "4284.29", "1_30": "835.56", "31_60": "0.00",
                        "61_90": "0.00", "91_120": "0.00", "over_120": "0.00"},
            "credits": "0.00", "unapplied_cash": "0.00", "balance": "5119.85"}])
        rows = self.ask("aging", "--as-of", "2013-06-30", "--by", "customer")["rows"]
        self.assertEqual(len(rows), 52)


if __name__ == "__main__":
    unittest.main()
