"""Who may see and do what: sign-in, CSRF, scopes, and that what is out of scope is not there."""
import json
import unittest

from server import PASSWORD, ServedTest

NOW = "2026-06-01T14:00:00Z"
INIT = ["--currency", "USD", "--timezone", "America/New_York", "--calendar", "US"]


class Access(ServedTest):
    """Two entities. North has two collectors, each with a book; south has one."""

    @classmethod
    def make_site(cls):
        cls.arrears("init", "--entity", "NORTH", "--rehearsal", *INIT)
        cls.arrears("init", "--entity", "SOUTH", *INIT)
        for entity, customer, name in (("NORTH", "N1", "Acme Corp"), ("NORTH", "N2", "Bolt Ltd"),
                                       ("SOUTH", "S1", "Corda SA")):
            at = ["--entity", entity]
            cls.arrears("customer", "add", customer, "--name", name, *at)
            cls.arrears("document", "record", "INV-" + customer, "--customer", customer,
                        "--issued", "2026-04-01", "--due", "2026-05-01", "--amount", "100.00", *at)
            cls.arrears("call", "log", "--customer", customer, "--disposition",
                        "right_party_reached", "--contact", "Jo", "--notes",
                        "spoke about " + name, "--promise",
                        "100.00 by 2026-06-20", "--next", "call", "--next-on", "2026-06-22", *at)
            cls.arrears("payment", "record", "PAY-" + customer, "--customer", customer,
                        "--value-on",
                        "2026-05-20", "--amount", "1.00", *at)
        for name, customers, entity in (("anna", "N1", "NORTH"), ("bert", "N2", "NORTH"),
                                        ("sara", "S*", "SOUTH")):
            cls.arrears("book", "set", name, "--collector", name, "--customers", customers,
                        "--from", "2026-01-01", "--entity", entity)
        for login, role, entities in (
                ("anna", "collector", "NORTH"), ("bert", "collector", "NORTH"),
                ("sara", "collector", "SOUTH"), ("mark", "manager", "NORTH"),
                ("otto", "auditor", "all"), ("ada", "admin", "all"), ("cash", "cash_clerk", "all"),
                ("acct", "accountant", "all")):
            cls.arrears("person", "add", login, "--roles", role, "--entities", entities,
                        stdin=PASSWORD + "\n")
        for entity in ("NORTH", "SOUTH"):
            cls.arrears("run", "--entity", entity)

    def test_nothing_is_answered_before_the_sign_in(self):
        stranger = self.client()
        for path in ("/session", "/entities", "/entities/NORTH/worklist", "/people", "/events",
                     "/search?q=acme"):
            self.assertEqual(stranger.get(path).status, 401, path)
        self.assertEqual(stranger.post("/entities/NORTH/runs").status, 401)

    def test_a_wrong_password_and_an_unknown_login_are_refused_alike(self):
        stranger = self.client()
        answers = [stranger.sign_in("mark", "not the password"),
                   stranger.sign_in("nobody", "not the password")]
        self.assertEqual([answer.status for answer in answers], [401, 401])
        bodies = [{k: v for k, v in answer.json.items() if k not in ("instance", "request_id")}
                  for answer in answers]
        self.assertEqual(*bodies)

    def test_the_cookie_is_for_this_site_and_not_for_scripts(self):
        answer = self.client().post("/session", {"login": "anna", "password": PASSWORD})
        cookie = answer.headers.get_all("Set-Cookie")[0]
        for word in ("arrears_session=", "HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(word, cookie)
        self.assertNotIn("Secure", cookie)  # plain HTTP on this host

    def test_a_session_ends_with_the_sign_out(self):
        bert = self.client("bert")
        kept = dict(bert.cookies)
        self.assertEqual(bert.get("/session").status, 200)
        self.assertEqual(bert.delete("/session").status, 204)
        bert.cookies = kept
        self.assertEqual(bert.get("/session").status, 401)

    def test_a_change_by_cookie_needs_its_csrf_token(self):
        mark = self.client("mark")
        for token in (None, "", "0" * 64, self.client("bert").csrf):
            answer = mark.ask("POST", "/entities/NORTH/runs", {}, {"X-CSRF-Token": token})
            self.assertEqual((answer.status, answer.json["code"]),
                             (403, "session.csrf_token_wrong"))

    def test_a_request_from_another_site_is_refused(self):
        mark = self.client("mark")
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"},
                        {"Sec-Fetch-Site": "cross-site"}):
            answer = mark.ask("POST", "/entities/NORTH/runs", {}, headers)
            self.assertEqual((answer.status, answer.json["code"]),
                             (403, "request.foreign_origin"), headers)
        answer = mark.ask("POST", "/entities/NORTH/runs", {},
                          {"Origin": f"http://127.0.0.1:{self.port}"})
        self.assertNotEqual(answer.json.get("code"), "request.foreign_origin")

    def test_each_role_may_do_its_own(self):
        changes = {
            "hold": ("/entities/NORTH/customers/N1/holds", {"reason": "fire"}),
            "run": ("/entities/NORTH/runs", {"recompute": True}),
            "pay": ("/entities/NORTH/payments", {"customer": "N1", "value_on": "2026-05-20",
                                                 "amount": "1.00", "number": "X"}),
            "person": ("/people", {"login": "zoe", "roles": ["collector"], "entities": ["NORTH"]}),
            "customer": ("/entities/NORTH/customers", {"customer": "N9"}),
        }
        allowed = {"anna": set(), "mark": {"hold", "run"}, "otto": set(), "ada": {"person"},
                   "cash": {"pay"}, "acct": {"run", "customer"}}
        for login, its in allowed.items():
            client = self.client(login)
            for change, (path, body) in changes.items():
                status = client.post(path, body).status
                with self.subTest(login=login, change=change):
                    if change in its:
                        self.assertIn(status, (200, 201))
                    else:
                        self.assertEqual(status, 403)

    def test_an_entity_out_of_scope_answers_as_one_that_is_not_there(self):
        sara = self.client("sara")
        self.assertEqual([row["entity"] for row in sara.get("/entities").json["items"]], ["SOUTH"])
        paths = ["", "/worklist", "/progress", "/customers", "/customers/N1", "/calls", "/promises",
                 "/follow-ups", "/aging", "/items", "/metrics", "/team", "/books", "/runs",
                 "/payments", "/strategy", "/calls/statistics", "/calls/completeness",
                 "/documents/INV-N1", "/customers/N1/timeline", "/holds"]
        for path in paths:
            hidden = sara.get("/entities/NORTH" + path)
            absent = sara.get("/entities/WEST" + path)
            with self.subTest(path=path):
                self.assertEqual(hidden.status, 404, hidden.body)
                self.assertEqual(self.told(hidden), self.told(absent).replace("WEST", "NORTH"))
        for path, body in (("/customers/N1/calls", {"notes": "x"}),
                           ("/customers/N1/promises", {"by": "2026-06-20"})):
            hidden = sara.post("/entities/NORTH" + path, body)
            absent = sara.post("/entities/WEST" + path, body)
            self.assertEqual(hidden.status, 404)
            self.assertEqual(self.told(hidden), self.told(absent).replace("WEST", "NORTH"))

    @staticmethod
    def told(answer):
        """What an answer says, without what is new in each."""
        return json.dumps({k: v for k, v in answer.json.items()
                           if k not in ("instance", "request_id")}, sort_keys=True)

    def test_a_customer_of_another_book_answers_as_one_that_is_not_there(self):
        anna = self.client("anna")
        here = "/entities/NORTH"
        self.assertEqual(anna.get(here + "/customers/N1").status, 200)
        for path in ("", "/timeline", "/behaviour", "/contacts"):
            hidden = anna.get(f"{here}/customers/N2{path}")
            absent = anna.get(f"{here}/customers/N7{path}")
            self.assertEqual(hidden.status, 404, hidden.body)
            self.assertEqual(self.told(hidden), self.told(absent).replace("N7", "N2"))
        hidden = anna.post(here + "/customers/N2/calls", {"notes": "x"})
        self.assertEqual((hidden.status, hidden.json["code"]), (404, "command.customer_unknown"))
        for path in ("/documents/INV-N2", "/items?customer=N2", "/calls?customer=N2",
                     "/promises?customer=N2", "/payments?customer=N2", "/aging?customer=N2"):
            self.assertEqual(anna.get(here + path).status, 404, path)

    def test_lists_totals_search_and_export_have_only_what_is_in_scope(self):
        for login, entity, own in (("anna", "NORTH", "N1"), ("bert", "NORTH", "N2"),
                                   ("sara", "SOUTH", "S1")):
            here = "/entities/" + entity
            client = self.client(login)
            others = {"N1", "N2", "S1"} - {own}
            names = {"N1": "Acme", "N2": "Bolt", "S1": "Corda"}
            for path in ("/customers", "/items", "/calls", "/promises", "/follow-ups", "/payments",
                         "/worklist", "/aging?by=customer", "/holds"):
                for accept in ("application/json", "text/csv"):
                    answer = client.ask("GET", here + path, headers={"Accept": accept})
                    with self.subTest(login=login, path=path, accept=accept):
                        self.assertEqual(answer.status, 200, answer.body)
                        for other in others:
                            self.assertNotIn(names[other], answer.body)
                            self.assertNotIn(f"{other}\"", answer.body)
            aging = client.get(here + "/aging").json["currencies"][0]
            self.assertEqual((aging["total"], aging["customers"]), ("100.00", 1))
            self.assertEqual(client.get("/aging").json["currencies"][0]["total"], "100.00")
            self.assertEqual(client.get(here + "/calls/statistics").json["calls"], 1)
            self.assertEqual(client.get(here + "/progress").json["calls"], 1)
            for other in others:
                for text in (other, names[other], "INV-" + other, "PAY-" + other):
                    self.assertEqual(client.get("/search", q=text).json["items"], [], text)
            self.assertEqual(len(client.get("/search", q=names[own]).json["items"]), 1)

    def test_the_feed_tells_only_what_is_in_scope(self):
        for login, own in (("anna", ("NORTH", "N1")), ("bert", ("NORTH", "N2")),
                           ("sara", ("SOUTH", "S1"))):
            items = self.client(login).get("/feed", limit="500").json["items"]
            told = {(row["entity"], row["customer"]) for item in items
                    for row in item["customers"]}
            self.assertEqual(told, {own})
            self.assertIn("call_logged", {item["kind"] for item in items})
            self.assertFalse({"entity_added", "person_added", "book_changed", "day_run"}
                             & {item["kind"] for item in items})
        kinds = {item["kind"]
                 for item in self.client("otto").get("/feed", limit="500").json["items"]}
        self.assertIn("day_run", kinds)

    def test_a_note_of_a_class_that_the_caller_may_not_read_is_nowhere(self):
        """Management's note on anna's customer: not for anna, the clerk or another book."""
        here, note = "/entities/NORTH/customers/N1", "Sell the debt to Narwhal"
        mark, anna, cash = self.client("mark"), self.client("anna"), self.client("cash")
        made = mark.post(here + "/notes", {"text": note, "visible_to": "management",
                                           "pinned": True})
        self.assertEqual(made.status, 201, made.body)
        own = cash.post(here + "/notes", {"text": "Pays late in August",
                                          "visible_to": "management"})
        self.assertEqual(own.status, 201, own.body)
        id_, own_id = made.json["interaction_id"], own.json["interaction_id"]
        paths = [here, here + "/notes", here + "/notes?pinned=true", here + "/timeline",
                 "/feed?limit=500", "/search?q=Narwhal"]
        for login, client in (("anna", anna), ("cash", cash)):
            for path in paths:
                for accept in ("application/json", "text/csv"):
                    answer = client.ask("GET", path, headers={"Accept": accept})
                    with self.subTest(login=login, path=path, accept=accept):
                        self.assertEqual(answer.status, 200, answer.body)
                        self.assertNotIn("Narwhal", answer.body)
                        self.assertNotIn(id_, answer.body)
            hidden = client.put(f"{here}/notes/{id_}/pin", {"pinned": False})
            absent = client.put(f"{here}/notes/{int(id_) + 1024}/pin", {"pinned": False})
            self.assertEqual((hidden.status, hidden.json["code"]),
                             (404, "interaction.interaction_unknown"))
            self.assertEqual(absent.status, 404)
        for login in ("mark", "otto", "ada"):
            texts = [row["text"] for row in
                     self.client(login).get(here + "/notes").json["items"]]
            self.assertIn(note, texts, login)
            self.assertIn("Pays late in August", texts, login)
        self.assertIn(own_id, cash.get(here + "/notes").body)
        self.assertNotIn(own_id, anna.get(here + "/notes").body)
        self.assertIn(id_, mark.get("/feed", limit="500").body)
        self.assertEqual(self.client("bert").get(here + "/notes").status, 404)
        self.assertEqual(self.client("sara").get(here + "/notes").status, 404)

    def test_an_interaction_of_another_scope_is_refused_as_of_nothing(self):
        body = {"channel": "note", "text": "x"}
        bert = self.client("bert")
        for entity, customer in (("NORTH", "N1"), ("SOUTH", "S1"), ("NORTH", "N9"),
                                 ("WEST", "S1")):
            answer = bert.post("/interactions", {**body, "entity": entity, "customer": customer})
            self.assertEqual(answer.status, 404, (entity, customer, answer.body))
        self.assertEqual(self.client("otto").post("/interactions", {
            **body, "entity": "NORTH", "customer": "N1"}).status, 403)

    def test_only_a_manager_of_the_entity_reviews_its_calls(self):
        call = self.cli("call", "list", "--entity", "NORTH", now=NOW)[0]["call_id"]
        south = self.cli("call", "list", "--entity", "SOUTH", now=NOW)[0]["call_id"]
        path = "/entities/NORTH/calls/{}/reviews"
        self.assertEqual(self.client("anna").post(path.format(call), {"mark": "read"}).status, 403)
        self.assertEqual(self.client("otto").post(path.format(call), {"mark": "read"}).status, 403)
        mark = self.client("mark")
        self.assertEqual(mark.post(path.format(south), {"mark": "read"}).status, 404)
        self.assertEqual(mark.post(path.format(call), {"mark": "read"}).status, 201)

    def test_a_guessed_id_finds_nothing(self):
        call = self.cli("call", "list", "--entity", "SOUTH", now=NOW)[0]["call_id"]
        follow_up = self.cli("follow-up", "list", "--entity", "SOUTH", now=NOW)[0]["follow_up_id"]
        promise = self.cli("promise", "list", "--entity", "SOUTH", now=NOW)[0]["promise"]
        anna = self.client("anna")
        here = "/entities/NORTH"
        self.assertEqual(anna.get(f"{here}/calls/{call}").status, 404)
        self.assertEqual(anna.post(f"{here}/calls/{call}/amendments",
                                   {"notes": "x", "amendment_reason": "y"}).status, 404)
        self.assertEqual(anna.post(f"{here}/promises/{promise}/withdrawal",
                                   {"reason": "x"}).status, 404)
        self.assertEqual(anna.post(f"{here}/follow-ups/{follow_up}/closing",
                                   {"customer": "S1"}).status, 404)

    def test_figures_of_the_whole_entity_are_for_who_sees_all_of_it(self):
        self.assertEqual(self.client("anna").get("/entities/NORTH/metrics").status, 403)
        self.assertEqual(self.client("mark").get("/entities/NORTH/metrics").status, 200)

    def test_a_substitute_sees_the_book_for_the_time_of_the_absence(self):
        mark, anna = self.client("mark"), self.client("anna")
        self.assertEqual(anna.get("/entities/NORTH/customers/N2").status, 404)
        answer = mark.post("/entities/NORTH/substitutions",
                           {"collector": "bert", "substitute": "anna", "until": "2026-06-15"})
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(anna.get("/entities/NORTH/customers/N2").status, 200)
        ended = mark.post("/entities/NORTH/substitutions/" + answer.json["substitution_id"]
                          + "/ending", {})
        self.assertEqual(ended.status, 200, ended.body)
        self.assertEqual(anna.get("/entities/NORTH/customers/N2").status, 404)

    def test_a_token_has_only_the_rights_that_it_names(self):
        mark = self.client("mark")
        answer = mark.post("/tokens", {"label": "reports", "rights": ["read"]})
        self.assertEqual(answer.status, 201, answer.body)
        program = self.client()
        program.token = answer.json["token"]
        self.assertEqual(program.get("/entities/NORTH/aging").status, 200)
        self.assertEqual(program.post("/entities/NORTH/runs", {}).status, 403)
        self.assertEqual(program.post("/tokens", {"label": "more", "rights": ["read"]}).status, 403)
        self.assertEqual(mark.delete("/tokens/" + answer.json["token_id"]).status, 200)
        self.assertEqual(program.get("/entities/NORTH/aging").status, 401)


if __name__ == "__main__":
    unittest.main()
