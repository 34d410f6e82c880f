"""The API answers what the command line answers, in the shape that openapi.json says."""
import csv
import io
import unittest

from server import PASSWORD, Schemas, ServedTest

DAY = "2026-06-30"
NOW = "2026-06-30T14:00:00Z"
HERE = "/entities/DEMO"


class Answers(ServedTest):
    """A small demonstration company, seen by its manager."""

    @classmethod
    def make_site(cls):
        cls.arrears("demo", "--percent", "5", now=None)
        for login, role in (("mara", "manager"), ("otto", "auditor")):
            cls.arrears("person", "add", login, "--name", login.title(), "--roles", role,
                        "--entities", "all", now=NOW, stdin=PASSWORD + "\n")
        cls.schemas = Schemas()

    def setUp(self):
        if not hasattr(type(self), "mara"):
            type(self).mara = self.client("mara")

    def fits(self, pattern, answer):
        """The answer to GET of the pattern has the described shape."""
        self.assertEqual(answer.status, 200, answer.body)
        schema = self.schemas.answer_schema("get", pattern)
        self.assertEqual(self.schemas.errors(answer.json, schema), [])
        return answer.json

    def all_pages(self, path, **query):
        """Every row of a list, page by page."""
        rows, cursor = [], None
        while True:
            asked = dict(query, limit="7", **({"cursor": cursor} if cursor else {}))
            page = self.mara.get(path, **asked).json
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows
            self.assertEqual(len(page["items"]), 7)

    def test_aging_is_the_command_lines(self):
        for by in (None, "customer", "party", "group", "collector", "entity"):
            with self.subTest(by=by):
                words = ["--by", by] if by else []
                answer = self.mara.get(HERE + "/aging", as_of=DAY, **({"by": by} if by else {}))
                self.same(self.fits("/entities/{entity}/aging", answer),
                          self.cli("aging", "--entity", "DEMO", "--as-of", DAY, *words, now=NOW))

    def test_aging_as_known_at_an_instant_is_the_command_lines(self):
        at = "2026-03-31T12:00:00Z"
        answer = self.mara.get(HERE + "/aging", as_of="2026-03-31", known_at=at)
        self.same(answer.json, self.cli("aging", "--entity", "DEMO", "--as-of", "2026-03-31",
                                        "--known-at", at, now=NOW))

    def test_the_frozen_worklist_is_the_command_lines_page_by_page(self):
        for collector in (None, "anna", "ben", "unassigned"):
            with self.subTest(collector=collector):
                words = ["--collector", collector] if collector else []
                query = {"collector": collector} if collector else {}
                lines = self.cli("worklist", "--as-of", DAY, *words, now=NOW)
                self.same(self.all_pages(HERE + "/worklist", as_of=DAY, **query), lines)
        answer = self.mara.get(HERE + "/worklist", as_of=DAY)
        page = self.fits("/entities/{entity}/worklist", answer)
        self.assertIsNotNone(page["frozen_at"])

    def test_the_live_worklist_is_the_command_lines_page_by_page(self):
        lines = self.cli("worklist", "--as-of", DAY, "--live", now=NOW)
        self.same(self.all_pages(HERE + "/worklist", as_of=DAY, live="true"), lines)
        answer = self.mara.get(HERE + "/worklist", as_of="2026-07-01")
        self.assertIsNone(self.fits("/entities/{entity}/worklist", answer)["frozen_at"])

    def test_metrics_are_the_command_lines(self):
        answer = self.mara.get(HERE + "/metrics", **{"from": "2026-04-01", "to": DAY,
                                                     "as_of": DAY})
        self.same(self.fits("/entities/{entity}/metrics", answer),
                  self.cli("metrics", "--from", "2026-04-01", "--to", DAY, "--as-of", DAY,
                           now=NOW))

    def test_a_customers_page_is_the_command_lines(self):
        for line in self.cli("worklist", "--as-of", DAY, "--limit", "12", now=NOW):
            number = line["customers"][0]
            with self.subTest(customer=number):
                answer = self.mara.get(f"{HERE}/customers/{number}", as_of=DAY)
                self.same(self.fits("/entities/{entity}/customers/{customer}", answer),
                          self.cli("customer", "show", number, "--as-of", DAY, now=NOW))

    def test_lists_are_the_command_lines(self):
        lists = {
            "/items": ["items"], "/calls": ["call", "list"], "/promises": ["promise", "list"],
            "/follow-ups": ["follow-up", "list"], "/books": ["book", "list"],
            "/runs": ["run", "list"], "/payments": ["payment", "list"],
            "/customers": ["customer", "list"], "/holds": ["hold", "list"],
            "/allocations": ["allocation", "list"], "/groups": ["group", "list"]}
        for path, words in lists.items():
            with self.subTest(path=path):
                answer = self.mara.get(HERE + path, limit="500")
                page = self.fits("/entities/{entity}" + path, answer)
                rows = self.cli(*words, "--as-of", DAY, now=NOW)
                self.same(page["items"], rows[:500])
                self.assertEqual(page["next"], "500" if len(rows) > 500 else None)
        self.same(self.fits("/reasons", self.mara.get("/reasons"))["items"],
                  self.cli("reason", "list", now=NOW))
        self.same(self.fits("/entities/{entity}/strategy", self.mara.get(HERE + "/strategy")),
                  self.cli("strategy", "show", now=NOW))
        self.same(self.fits("/entities/{entity}/calls/statistics",
                            self.mara.get(HERE + "/calls/statistics")),
                  self.cli("call", "stats", now=NOW))

    def test_answers_without_a_counterpart_have_the_described_shape(self):
        number = self.cli("worklist", "--as-of", DAY, "--limit", "1", now=NOW)[0]["customers"][0]
        customer = f"{HERE}/customers/{number}"
        call = self.mara.get(HERE + "/calls", limit="1").json["items"][0]["call_id"]
        note = self.mara.post(customer + "/notes", {"text": "Prefers mornings", "pinned": True})
        review = self.mara.post(f"{HERE}/calls/{call}/reviews", {"mark": "read"})
        for answer, pattern in ((note, "/entities/{entity}/customers/{customer}/notes"),
                                (review, "/entities/{entity}/calls/{call}/reviews")):
            self.assertEqual(answer.status, 201, answer.body)
            schema = self.schemas.answer_schema("post", pattern, 201)
            self.assertEqual(self.schemas.errors(answer.json, schema), [])
        for pattern, path in (
                ("/session", "/session"), ("/setup", "/setup"), ("/clock", "/clock"),
                ("/entities", "/entities"), ("/entities/{entity}", HERE),
                ("/entities/{entity}/progress", HERE + "/progress"),
                ("/entities/{entity}/team", HERE + "/team"),
                ("/entities/{entity}/due-actions", HERE + "/due-actions"),
                ("/entities/{entity}/calls/completeness", HERE + "/calls/completeness"),
                ("/entities/{entity}/calls/{call}", HERE + "/calls/" + call),
                ("/entities/{entity}/customers/{customer}", customer),
                ("/entities/{entity}/customers/{customer}/notes", customer + "/notes"),
                ("/entities/{entity}/promises/by-collector",
                 HERE + "/promises/by-collector?from=2026-01-01&to=2026-06-30"),
                ("/entities/{entity}/customers/{customer}/timeline", customer + "/timeline"),
                ("/entities/{entity}/customers/{customer}/behaviour", customer + "/behaviour"),
                ("/entities/{entity}/customers/{customer}/contacts", customer + "/contacts"),
                ("/search", "/search?q=" + number), ("/aging", "/aging?by=entity")):
            with self.subTest(path=path):
                self.fits(pattern, self.mara.get(path))
        behaviour = self.mara.get(customer + "/behaviour").json["items"]
        self.assertEqual([row["month"] for row in behaviour][:1], ["2024-07"])
        self.assertEqual(len(behaviour) % 24, 0)
        hits = self.mara.get("/search", q=number).json["items"]
        self.assertEqual((hits[0]["kind"], hits[0]["number"]), ("customer", number))

    def test_a_list_comes_as_csv_with_all_its_rows(self):
        answer = self.mara.ask("GET", HERE + "/customers", headers={"Accept": "text/csv"})
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
        rows = list(csv.DictReader(io.StringIO(answer.body)))
        listed = self.cli("customer", "list", now=NOW)
        self.assertEqual([row["customer"] for row in rows], [row["customer"] for row in listed])
        self.assertEqual([row["name"] for row in rows], [row["name"] for row in listed])

    def test_an_unchanged_answer_is_not_sent_again(self):
        first = self.mara.get(HERE + "/aging", as_of=DAY)
        again = self.mara.ask("GET", HERE + "/aging?as_of=" + DAY,
                              headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, ""))
        other = self.mara.ask("GET", HERE + "/aging?as_of=2026-06-29",
                              headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual(other.status, 200)

    def test_a_wrong_question_is_told_what_is_wrong(self):
        for query, name in (("limit=0", "limit"), ("limit=501", "limit"), ("as_of=today", "as_of"),
                            ("colour=red", "colour"), ("live=yes", "live"),
                            ("known_at=yesterday", "known_at")):
            with self.subTest(query=query):
                answer = self.mara.get(f"{HERE}/worklist?{query}")
                self.assertEqual(answer.status, 400, answer.body)
                self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
                self.assertEqual(answer.json["errors"][0]["pointer"], name)
        for path, status, code in (
                ("/worklist?cursor=1.x", 422, "page.cursor_invalid"),
                ("/worklist?collector=nobody", 404, "run.collector_unknown"),
                ("/items?bucket=old", 422, "aging.bucket_unknown"),
                ("/aging?known_at=2030-01-01T00:00:00Z", 422, "command.known_at_in_future"),
                ("/customers/NONE", 404, "command.customer_unknown"),
                ("/calls/1", 404, "call.call_unknown")):
            with self.subTest(path=path):
                answer = self.mara.get(HERE + path)
                self.assertEqual((answer.status, answer.json["code"]), (status, code))

    def test_a_page_that_is_not_there_is_refused(self):
        answer = self.mara.get(HERE + "/worklist?cursor=1.x")
        code = "cursor_invalid"
        self.assertEqual(answer.json["code"], "page." + code)
        self.assertEqual(answer.json["detail"], 'There is no page behind "1.x". '
                         "Ask for the first page again, without a cursor.")
        code = "position_invalid"
        for position in ("x", "1.2", "1.1024.1", "-1.0.0"):
            answer = self.mara.get("/feed", after=position)
            self.assertEqual(answer.json["code"], "feed." + code)
            self.assertEqual(answer.json["detail"], f'There is no position "{position}" in the '
                             "journal. Send back `next` of the page before, or begin without it.")

    def test_the_feed_has_every_entry_of_the_journal_once_and_in_order(self):
        otto = self.client("otto")
        entries, after = [], ""
        while True:
            page = self.fits("/feed", otto.get("/feed", limit="500", after=after))
            if page["next"] == after:
                break
            entries += page["items"]
            after = page["next"]
        places = [(entry["checkpoint"], entry["part"], entry["sequence"]) for entry in entries]
        self.assertEqual(places, sorted(set(places)))
        told = self.cli("journal", "tail", "-n", "1000000", now=NOW)
        self.assertEqual({entry["entry_id"] for entry in entries},
                         {entry["entry_id"] for entry in told})

    def test_the_description_and_its_page_need_no_sign_in_and_no_internet(self):
        stranger = self.client()
        for path, kind in (("/api/v1/openapi.json", "application/json"),
                           ("/api/docs", "text/html; charset=utf-8"),
                           ("/api/docs/docs.js", "text/javascript; charset=utf-8")):
            answer = stranger.ask("GET", "http://x" + path)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, kind), path)
            if path != "/api/v1/openapi.json":
                self.assertNotIn("http", answer.body.replace("https://json-schema.org", ""))

    def test_health_and_metrics_tell_no_secret(self):
        stranger = self.client()
        self.assertEqual(stranger.ask("GET", "http://x/health/live").status, 200)
        self.assertEqual(stranger.ask("GET", "http://x/health/ready").status, 200)
        metrics = stranger.ask("GET", "http://x/metrics").body
        self.assertIn('route="/api/v1/entities/{entity}/aging"', metrics)
        self.assertNotIn("DEMO", metrics)


if __name__ == "__main__":
    unittest.main()
