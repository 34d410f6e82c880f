"""The promise for INV-10452 breaks, and the late news of a payment in time mends it."""
import unittest

from program import ProgramTest


class Example(ProgramTest):
    def promise(self, *words):
        (promise,) = self.ask("promise", "list", *words)
        return promise["state"]

    def follow_ups(self, *words):
        rows = self.ask("follow-up", "list", *words)
        return [(row["kind"], row["due_on"], row["closing"]) for row in rows]

    def kinds_on_worklist(self):
        return [reason["kind"] for line in self.ask("worklist") for reason in line["reasons"]]

    def log_the_call(self):
        return self.ask(
            "call", "log", "--customer", "C1", "--at", "2026-06-01T09:54:00-04:00",
            "--until", "2026-06-01T10:00:00-04:00", "--contact", "Jo Clerk",
            "--disposition", "right_party_reached", "--item", "INV-10452",
            "--reason", "internal_approval_delay",
            "--promise", "12500.00 by 2026-06-10 on INV-10452",
            "--next", "none", "--next-reason", "The promise says when")

    def test_a_broken_promise_is_mended_by_the_late_news_of_a_payment_in_time(self):
        self.rehearse()
        self.log_the_call()
        (call,) = self.ask("call", "list", "--customer", "C1")
        self.assertEqual(call["items"], [{"document": "INV-10452", "instalment": 1,
                                          "open": "12500.00", "currency": "USD",
                                          "days_overdue": 17}])
        self.assertEqual(call["author"], "anna")
        self.assertFalse(call["logged_late"])

        self.now = "2026-06-10T14:00:00Z"
        self.ask("run")
        self.assertEqual(self.promise(), "open")
        self.assertEqual(self.follow_ups(), [])

        self.now = "2026-06-11T14:00:00Z"
        self.assertEqual(self.ask("run")["follow_ups_opened"], 1)
        self.assertEqual(self.promise(), "broken")
        self.assertEqual(self.follow_ups(), [("broken_promise", "2026-06-11", "")])
        self.assertIn("broken_promise", self.kinds_on_worklist())

        self.now = "2026-06-12T14:00:00Z"
        self.write("payments.csv", "customer,number,value_on,amount,currency\n"
                                   "C1,PAY-7,2026-06-10,12500.00,USD\n")
        self.assertEqual(self.ask("import", "payments", "payments.csv")["added"], 1)
        applied = self.ask("allocation", "apply", "--payment", "PAY-7", "--to", "INV-10452")
        self.assertEqual(applied["allocations"][0]["amount"], "12500.00")
        self.assertEqual(self.promise(), "kept")
        self.assertEqual(self.follow_ups("--closed"),
                         [("broken_promise", "2026-06-11", "promise_kept")])
        past = ["--known-at", "2026-06-11T23:59:59Z", "--as-of", "2026-06-12"]
        self.assertEqual(self.promise(*past), "broken")
        self.assertEqual(self.promise("--known-at", "now"), "kept")
        self.assertEqual(self.ask("items", "--customer", "C1"), [])
        self.assertEqual(self.ask("items", "--customer", "C1", *past)[0]["open"], "12500.00")
        self.assertEqual(self.ask("journal", "verify")["problems"], [])

    def test_a_promise_may_take_its_day_and_items_from_their_own_options(self):
        self.rehearse()
        self.ask("call", "log", "--customer", "C1", "--disposition", "right_party_reached",
                 "--contact", "Jo", "--reason", "cash_flow", "--promise", "all",
                 "--by", "2026-06-05", "--on", "INV-10452", "--next", "call",
                 "--next-on", "2026-06-08")
        (promise,) = self.ask("promise", "list")
        self.assertEqual((promise["amount"], promise["by"]), ("12500.00", "2026-06-05"))

    def test_a_follow_up_is_done_once(self):
        self.rehearse()
        self.ask("call", "log", "--customer", "C1", "--line-outcome", "no_answer",
                 "--next", "call", "--next-on", "2026-06-03")
        (follow_up,) = self.ask("follow-up", "list")
        done = self.ask("follow-up", "done", "C1", follow_up["follow_up_id"])
        self.assertEqual(done["closing"], "done")
        self.assertEqual(self.ask("follow-up", "list"), [])
        again = self.fails(1, "follow-up", "done", "C1", follow_up["follow_up_id"])
        self.assertIn("refused (call/already_closed): ", again)
        self.assertIn("(call/follow_up_unknown)", self.fails(1, "follow-up", "done", "C1", "17"))

    def test_the_same_key_happens_once(self):
        self.rehearse()
        words = ["payment", "record", "PAY-1", "--customer", "C1", "--value-on", "2026-06-01",
                 "--amount", "10.00", "--key", "k1"]
        self.assertEqual(self.ask(*words), self.ask(*words))
        self.assertEqual(len(self.ask("payment", "list")), 1)
        other = self.fails(1, *words[:-3], "11.00", "--key", "k1")
        self.assertIn("(command/idempotency_key_reused)", other)


if __name__ == "__main__":
    unittest.main()
