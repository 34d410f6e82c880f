"""Changes through the API: the first run, idempotency, field errors, the example, live events."""
import http.client
import json
import threading
import unittest

from server import PASSWORD, ServedTest


class FirstRun(ServedTest):
    """A database that is not there yet."""

    def test_the_first_person_sets_up_and_nobody_after_that(self):
        first = self.client()
        self.assertEqual(first.get("/setup").json["needed"], True)
        weak = first.post("/setup", {"login": "ada", "password": "ada"})
        self.assertEqual((weak.status, weak.json["code"]), (422, "people.password_too_short"))
        made = first.post("/setup", {"login": "ada", "name": "Ada", "password": PASSWORD})
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(first.get("/setup").json["needed"], False)
        again = first.post("/setup", {"login": "eve", "password": PASSWORD})
        self.assertEqual((again.status, again.json["code"]), (409, "people.set_up_done"))
        ada = self.client("ada")
        entity = {"entity": "E", "currency": "USD", "time_zone": "America/New_York",
                  "calendar": "US"}
        self.assertEqual(ada.post("/entities", entity).status, 201)
        self.assertEqual(ada.post("/entities", entity).json["code"], "site.entity_exists")
        self.assertEqual(ada.put("/clock", {"now": "2030-01-01T00:00:00Z"}).status, 403)


class Desk(ServedTest):
    """A rehearsal with four customers and an invoice each on 1 June 2026."""

    @classmethod
    def make_site(cls):
        cls.arrears("init", "--entity", "E", "--currency", "USD", "--timezone", "America/New_York",
                    "--calendar", "US", "--rehearsal")
        cls.arrears("book", "set", "all", "--collector", "anna", "--from", "2026-01-01")
        for customer in ("C1", "C2", "C3", "C4"):
            cls.arrears("customer", "add", customer, "--name", f"<b>{customer}</b> & Sons")
            cls.arrears("document", "record", "INV-" + customer, "--customer", customer,
                        "--issued", "2026-04-15", "--due", "2026-05-15", "--amount", "12500.00")
        for login, role in (("anna", "collector"), ("mark", "manager"), ("cash", "cash_clerk")):
            cls.arrears("person", "add", login, "--roles", role, "--entities", "E",
                        stdin=PASSWORD + "\n")

    def call(self, **changes):
        body = {"disposition": "right_party_reached", "contact": "Jo",
                "reason_for_delay": "internal_approval_delay", "next_action": "call",
                "next_on": "2026-06-11",
                "promises": [{"amount": "12500.00", "by": "2026-06-10"}]}
        body.update(changes)
        return {name: value for name, value in body.items() if value is not None}


class Example(Desk):
    """The example of the first release, by API."""

    def test_the_example_by_api(self):
        """INV-10452: a promise of 10 June is broken on the 11th and back on the list."""
        anna, mark = self.client("anna"), self.client("mark")
        logged = anna.post("/entities/E/customers/C1/calls", self.call())
        self.assertEqual(logged.status, 201, logged.body)
        self.assertEqual(anna.put("/clock", {"now": "2026-06-11T13:00:00Z"}).status, 403)
        self.assertEqual(mark.put("/clock", {"now": "2020-01-01T00:00:00Z"}).status, 409)
        moved = mark.put("/clock", {"now": "2026-06-11T13:00:00Z"})
        self.assertEqual(moved.status, 200, moved.body)
        self.assertEqual(mark.get("/entities/E").json["today"], "2026-06-11")
        run = mark.post("/entities/E/runs", {})
        self.assertEqual(run.status, 201, run.body)
        line = next(line for line in anna.get("/entities/E/worklist").json["items"]
                    if line["customers"] == ["C1"])
        self.assertIn("broken_promise", [reason["kind"] for reason in line["reasons"]])
        states = [promise["state"] for promise in
                  anna.get("/entities/E/promises", customer="C1").json["items"]]
        self.assertEqual(states, ["broken"])


class Notes(Desk):
    """Notes, what other systems send, and what managers say about calls."""

    def test_a_note_is_pinned_read_and_unpinned(self):
        anna, cash = self.client("anna"), self.client("cash")
        here = "/entities/E/customers/C1"
        made = cash.post(here + "/notes", {"text": "<i>Pays</i> from two accounts",
                                           "pinned": True})
        self.assertEqual(made.status, 201, made.body)
        pinned = anna.get(here).json["pinned_notes"]
        self.assertEqual([(row["text"], row["author"]) for row in pinned],
                         [("<i>Pays</i> from two accounts", "cash")])
        event = anna.get(here + "/timeline").json["items"][0]
        self.assertEqual((event["kind"], event["person"]), ("note", "cash"))
        path = f"{here}/notes/{made.json['interaction_id']}/pin"
        unpinned = anna.put(path, {"pinned": False})
        self.assertEqual((unpinned.status, unpinned.json["version"]), (200, 2), unpinned.body)
        self.assertEqual(anna.put(path, {"pinned": False}).json["version"], 2)
        self.assertEqual(anna.get(here).json["pinned_notes"], [])
        self.assertEqual(len(anna.get(here + "/notes").json["items"]), 1)
        empty = anna.post(here + "/notes", {"text": " "})
        self.assertEqual((empty.status, empty.json["code"]),
                         (422, "record_interaction.text_required"))
        self.assertEqual(anna.post(here + "/notes", {}).json["errors"][0]["pointer"], "/text")

    def test_another_system_sends_each_message_once(self):
        anna = self.client("anna")
        message = {"entity": "E", "customer": "C4", "channel": "sms", "direction": "inbound",
                   "at": "2026-05-30T09:00:00Z", "participants": ["+13125550100"],
                   "text": "Paid yesterday", "external_id": "sms-1"}
        answers = [anna.post("/interactions", message) for _ in range(2)]
        self.assertEqual([answer.status for answer in answers], [201, 201], answers[0].body)
        self.assertEqual(answers[0].json, answers[1].json)
        other = anna.post("/interactions", {**message, "text": "Not paid"})
        self.assertEqual((other.status, other.json["code"]),
                         (409, "interaction.external_id_reused"))
        rows = anna.get("/entities/E/customers/C4/notes", channel="sms").json["items"]
        self.assertEqual([row["text"] for row in rows], ["Paid yesterday"])
        wrong = anna.post("/interactions", {**message, "channel": "telepathy"})
        self.assertEqual((wrong.status, wrong.json["code"]), (422, "interaction.word_unknown"))

    def test_a_reviewed_call_leaves_the_queue_until_it_is_amended(self):
        anna, mark = self.client("anna"), self.client("mark")
        logged = anna.post("/entities/E/customers/C2/calls",
                           self.call(promises=[], next_action="none", next_on=None,
                                     next_reason="Pays today"))
        self.assertEqual(logged.status, 201, logged.body)
        call = logged.json["call_id"]
        here = "/entities/E/calls"

        def queue():
            return [row["call_id"] for row in mark.get(here + "/sample").json["items"]]

        self.assertIn(call, queue())
        said = mark.post(f"{here}/{call}/reviews", {"mark": "asked_back", "text": "Who is Jo?",
                                                    "version": 1})
        self.assertEqual((said.status, said.json["by"]), (201, "mark"), said.body)
        self.assertNotIn(call, queue())
        row = next(row for row in anna.get(here).json["items"] if row["call_id"] == call)
        self.assertEqual((row["review"], row["reviews"][0]["text"]), ("asked_back", "Who is Jo?"))
        self.assertEqual(len(mark.get(here, review="asked_back").json["items"]), 1)
        self.assertEqual(mark.get(here, review="coach").json["items"], [])
        amended = anna.post(f"{here}/{call}/amendments",
                            {"contact": "Jo Clerk", "amendment_reason": "Asked back"})
        self.assertEqual(amended.status, 201, amended.body)
        self.assertIn(call, queue())
        late = mark.post(f"{here}/{call}/reviews", {"mark": "read", "version": 1})
        self.assertEqual((late.status, late.json["code"]), (409, "call.newer_version"))
        versions = mark.get(f"{here}/{call}").json["items"]
        self.assertEqual([version["review"] for version in versions], ["asked_back", ""])
        wrong = mark.post(f"{here}/{call}/reviews", {"mark": "liked"})
        self.assertEqual((wrong.status, wrong.json["code"]), (422, "call.mark_unknown"))


class Commands(Desk):
    """What every change is held to."""

    def test_the_same_key_and_body_happen_once(self):
        anna = self.client("anna")
        path = "/entities/E/customers/C2/calls"
        answers = [anna.post(path, self.call(), Idempotency_Key="k1") for _ in range(2)]
        self.assertEqual([answer.status for answer in answers], [201, 201], answers[0].body)
        self.assertEqual(answers[0].json, answers[1].json)
        self.assertEqual(len(anna.get("/entities/E/calls", customer="C2").json["items"]), 1)
        other = anna.post(path, self.call(notes="another"), Idempotency_Key="k1")
        self.assertEqual((other.status, other.json["code"]),
                         (409, "command.idempotency_key_reused"))
        none = anna.ask("POST", path, self.call(), {"Idempotency-Key": None})
        self.assertEqual((none.status, none.json["code"]),
                         (428, "request.idempotency_key_missing"))

    def test_wrong_fields_are_all_named(self):
        anna = self.client("anna")
        answer = anna.post("/entities/E/customers/C1/calls",
                           {"notes": 7, "colour": "red", "items": "INV-1",
                            "promises": [{"amount": "1.00"}, 3]})
        self.assertEqual((answer.status, answer.json["code"]), (422, "request.fields_invalid"))
        self.assertEqual({error["pointer"]: error["code"] for error in answer.json["errors"]},
                         {"/notes": "wrong_type", "/colour": "unknown_field",
                          "/items": "wrong_type", "/promises/0/by": "missing",
                          "/promises/1": "wrong_type"})
        refused = anna.post("/entities/E/customers/C1/calls", self.call(next_action=None))
        self.assertEqual(refused.status, 422)
        self.assertTrue(refused.json["code"].startswith("log_call."), refused.json)

    def test_what_is_no_json_is_refused(self):
        anna = self.client("anna")
        for body, kind, status in (("{", "application/json", 400), ("[]", "application/json", 400),
                                   ("{}", "text/plain", 415),
                                   ("[" * 100 + "]" * 100, "application/json", 400)):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("POST", "/api/v1/entities/E/customers/C1/calls", body, {
                "Content-Type": kind, "Idempotency-Key": "x", "X-CSRF-Token": anna.csrf,
                "Cookie": "; ".join(f"{k}={v}" for k, v in anna.cookies.items())})
            self.assertEqual(connection.getresponse().status, status, body[:10])
            connection.close()

    def test_two_savings_of_the_same_promise_keep_one(self):
        anna, mark = self.client("anna"), self.client("mark")
        path = "/entities/E/customers/C3/promises"
        answers = []

        def save(client):
            answers.append(client.post(path, {"amount": "12500.00", "by": "2026-06-10"}))

        threads = [threading.Thread(target=save, args=(client,)) for client in (anna, mark)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answer.status for answer in answers), [201, 422],
                         [answer.body for answer in answers])
        kept = anna.get("/entities/E/promises", customer="C3").json["items"]
        self.assertEqual(len(kept), 1)

    def test_a_command_beside_the_server_does_not_take_its_log_away(self):
        """Who closes the file last folds the log into it: the server's locks must have held."""
        mark = self.client("mark")
        threads = [threading.Thread(target=mark.get, args=("/entities/E/items",))
                   for _ in range(8)]
        for thread in threads:
            thread.start()  # the server opens more connections
        for thread in threads:
            thread.join()
        for number in range(3):
            self.cli("hold", "list")
            placed = mark.post("/entities/E/customers/C4/holds",
                               {"reason": f"hold {number}", "until": "2026-06-02"})
            self.assertEqual(placed.status, 201, placed.body)
            self.assertEqual(len(self.cli("hold", "list")), number + 1)

    def test_a_change_reaches_who_listens_and_only_its_scope(self):
        anna = self.client("anna")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/api/v1/events", headers={
            "Cookie": "; ".join(f"{k}={v}" for k, v in anna.cookies.items())})
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        self.assertEqual(self.next_event(stream), ("hello", {}))
        paid = self.client("cash").post("/entities/E/payments", {
            "customer": "C4", "value_on": "2026-06-01", "amount": "10.00", "number": "PAY-4"})
        self.assertEqual(paid.status, 201, paid.body)
        name, change = self.next_event(stream)
        self.assertEqual(name, "change")
        self.assertEqual((change["entity"], change["customers"]), ("E", ["C4"]))
        self.assertIn("payment_recorded", change["kinds"])
        connection.close()

    @staticmethod
    def next_event(stream):
        name, data = "message", ""
        while True:
            line = stream.fp.readline().decode("utf-8").rstrip("\r\n")
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                data += line[5:].strip()
            elif not line and data:
                return name, json.loads(data)


class Imports(ServedTest):
    """Files in the browser: looked at, tried, published."""

    @classmethod
    def make_site(cls):
        cls.arrears("init", "--entity", "E", "--currency", "USD", "--timezone", "America/New_York",
                    "--calendar", "US", "--rehearsal")
        for login in ("cash", "other"):
            cls.arrears("person", "add", login, "--roles", "cash_clerk", "--entities", "E",
                        stdin=PASSWORD + "\n")

    FILE = ("customer,number,issued,due,amount,currency\n"
            "C1,INV-1,2026-04-01,2026-05-01,100.00,USD\n"
            "C1,INV-2,2026-04-01,2026-05-01,oops,USD\n")

    def send(self, client, text=FILE):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(
            "POST", "/api/v1/entities/E/imports?kind=invoices&file_name=march.csv", text, {
                "Content-Type": "text/csv", "X-CSRF-Token": client.csrf,
                "Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items())})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        connection.close()
        return answer.status, told

    @staticmethod
    def finished(client, upload):
        while True:
            state = client.get("/entities/E/imports/" + upload["import_id"]).json
            if state["state"] not in ("checking", "publishing"):
                return state
            threading.Event().wait(0.05)  # as a page asks; more often is refused

    def test_a_file_is_looked_at_tried_and_published(self):
        cash = self.client("cash")
        status, upload = self.send(cash)
        self.assertEqual((status, upload["state"]), (201, "uploaded"), upload)
        self.assertEqual([column["column"] for column in upload["analysis"]["columns"]][:2],
                         ["customer", "number"])
        here = "/entities/E/imports/" + upload["import_id"]
        self.assertEqual(cash.post(here + "/dry-run").status, 202)
        tried = self.finished(cash, upload)
        self.assertEqual((tried["state"], tried["report"]["rejected"]), ("checked", 1), tried)
        self.assertEqual(self.cli("items")[:1], [])
        self.assertEqual(cash.post(here + "/publication").status, 202)
        done = self.finished(cash, upload)
        self.assertEqual((done["state"], done["report"]["added"]), ("published", 1), done)
        self.assertEqual([row["number"] for row in self.cli("items")], ["INV-1"])
        again, code = cash.post(here + "/publication"), "upload_published"
        self.assertEqual((again.status, again.json["code"]), (409, "upload." + code))
        self.assertEqual(again.json["detail"], "The file was published. "
                         "It is in already; send a corrected file instead.")

    def test_an_upload_is_for_who_sent_it(self):
        _, upload = self.send(self.client("cash"))
        here = "/entities/E/imports/" + upload["import_id"]
        other, code = self.client("other").get(here), "upload_unknown"
        self.assertEqual((other.status, other.json["code"]), (404, "upload." + code))
        self.assertEqual(other.json["detail"], f"There is no upload {upload['import_id']}. "
                         "Send the file again; uploads end with the server.")

    def test_a_person_keeps_five_uploads_at_most(self):
        other, code = self.client("other"), "too_many_uploads"
        for _ in range(5):
            self.assertEqual(self.send(other)[0], 201)
        status, told = self.send(other)
        self.assertEqual((status, told["code"]), (422, "upload." + code))
        self.assertEqual(told["detail"], "You have sent several files already. "
                         "Publish or drop an earlier file first.")

    def test_a_busy_upload_waits(self):
        cash = self.client("cash")
        rows = "".join(f"C{n},INV-B{n},2026-04-01,2026-05-01,1.00,USD\n" for n in range(30000))
        _, upload = self.send(cash, self.FILE.split("\n", maxsplit=1)[0] + "\n" + rows)
        here = "/entities/E/imports/" + upload["import_id"]
        self.assertEqual(cash.post(here + "/dry-run").status, 202)
        busy, code = cash.post(here + "/dry-run"), "upload_busy"
        if busy.status == 202:
            self.skipTest("skipped: the machine was quicker than the test")
        self.assertEqual((busy.status, busy.json["code"]), (409, "upload." + code))
        self.assertEqual(busy.json["detail"], "The file is being read. Wait until it is done.")
        self.assertEqual(self.finished(cash, upload)["state"], "checked")


class Stopping(ServedTest):
    """A server that is told to stop."""

    def test_it_ends_by_itself_with_code_0(self):
        self.assertEqual(type(self).stop(), 0)


if __name__ == "__main__":
    unittest.main()
