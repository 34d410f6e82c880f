"""Starts `arrears serve` on a database of its own and talks to it."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import uuid
from urllib.parse import quote, urlencode

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))
from program import ARREARS  # noqa: E402  pylint: disable=wrong-import-position

PASSWORD = "a desk of one's own"
DESCRIPTION = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "reference",
                           "openapi.json")


class Answer:
    """What the server answered."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Somebody at a browser: keeps cookies and sends the CSRF token with changes."""

    def __init__(self, port, token=None):
        self.port, self.token, self.cookies, self.csrf = port, token, {}, None

    def ask(self, method, path, body=None, headers=None, query=None):
        if query:
            path += "?" + urlencode(query)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} \
            if self.cookies else {}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if method != "GET":
            if self.csrf:
                sent["X-CSRF-Token"] = self.csrf
            sent["Idempotency-Key"] = str(uuid.uuid4())
        if body is not None:
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, "/api/v1" + path if path.startswith("/") else path, body, sent)
        response = connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        answer = Answer(response.status, response.headers, response.read().decode("utf-8"))
        connection.close()
        return answer

    def get(self, path, **query):
        return self.ask("GET", path, query=query)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, {} if body is None else body,
                        {name.replace("_", "-"): value for name, value in headers.items()})

    def put(self, path, body):
        return self.ask("PUT", path, body)

    def delete(self, path):
        return self.ask("DELETE", path)

    def sign_in(self, login, password=PASSWORD):
        answer = self.post("/session", {"login": login, "password": password})
        if answer.status == 201:
            self.csrf = answer.json["csrf_token"]
        return answer


class ServedTest(unittest.TestCase):
    """A server for all tests of a class, on the database that `make_site` fills."""

    db = "sqlite:site.db"
    started_with = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="arrears-api-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.environment = {"PATH": os.environ["PATH"], "HOME": cls.folder}
        cls.make_site()
        cls.start()

    @classmethod
    def start(cls):
        cls.process = subprocess.Popen(
            [ARREARS, "serve", "--db", cls.db, "--port", "0", *cls.started_with],
            cwd=cls.folder, env=cls.environment, text=True, stdout=subprocess.PIPE,
            stderr=open(os.path.join(cls.folder, "log"), "a", encoding="utf-8"))
        line = cls.process.stdout.readline()
        cls.port = int(re.search(r":(\d+)$", line.strip()).group(1))
        cls.addClassCleanup(cls.stop)

    @classmethod
    def stop(cls):
        if cls.process.poll() is None:
            cls.process.send_signal(signal.SIGTERM)
        code = cls.process.wait(timeout=60)
        cls.process.stdout.close()
        return code

    @classmethod
    def make_site(cls):
        """Commands that fill the database, each at its instant."""

    @classmethod
    def arrears(cls, *words, now="2026-06-01T14:00:00Z", stdin=None):
        environment = dict(cls.environment, ARREARS_ACTOR="test")
        if now:
            environment["ARREARS_NOW"] = now
        done = subprocess.run([ARREARS, *words, "--db", cls.db], cwd=cls.folder, env=environment,
                              text=True, capture_output=True, check=False, input=stdin,
                              timeout=300)
        if done.returncode != 0:
            raise AssertionError(f"arrears {' '.join(words)}: {done.stderr}")
        return done.stdout

    @classmethod
    def cli(cls, *words, **options):
        return json.loads(cls.arrears(*words, "--format", "json", **options))

    def client(self, login=None):
        client = Client(self.port)
        if login:
            answer = client.sign_in(login)
            self.assertEqual(answer.status, 201, answer.body)
        return client

    def same(self, api, cli):
        """Byte by byte, after sorting keys."""
        self.assertEqual(json.dumps(api, sort_keys=True), json.dumps(cli, sort_keys=True))


def path(*parts):
    """A path of parts that may need escapes."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


class Schemas:
    """Checks values against openapi.json, as far as its schemas go."""

    def __init__(self):
        with open(DESCRIPTION, encoding="utf-8") as file:
            self.api = json.load(file)

    def answer_schema(self, method, pattern, status=200):
        operation = self.api["paths"]["/api/v1" + pattern][method]
        return operation["responses"][str(status)]["content"]["application/json"]["schema"]

    def errors(self, value, schema, where=""):
        """What is wrong with `value`, one text each."""
        if "$ref" in schema:
            target = self.api
            for step in schema["$ref"].split("/")[1:]:
                target = target[step]
            return self.errors(value, target, where)
        if "anyOf" in schema:
            tried = [self.errors(value, one, where) for one in schema["anyOf"]]
            return [] if any(not errors for errors in tried) else tried[0]
        errors = []
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        kind = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer",
                float: "number", type(None): "null"}[type(value)]
        if types and kind not in types:
            return [f"{where}: {kind} {value!r} is not {types}"]
        if "enum" in schema and value not in schema["enum"]:
            errors.append(f"{where}: {value!r} is not in {schema['enum']}")
        if isinstance(value, str) and "pattern" in schema and \
                not re.search(schema["pattern"], value):
            errors.append(f"{where}: {value!r} does not match {schema['pattern']}")
        if isinstance(value, str) and schema.get("format") == "date" and \
                not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            errors.append(f"{where}: {value!r} is no day")
        if isinstance(value, list) and "items" in schema:
            for index, element in enumerate(value):
                errors += self.errors(element, schema["items"], f"{where}/{index}")
        if isinstance(value, dict):
            known = schema.get("properties", {})
            errors += [f"{where}: {name} is missing" for name in schema.get("required", [])
                       if name not in value]
            for name, inner in value.items():
                if name in known:
                    errors += self.errors(inner, known[name], f"{where}/{name}")
                elif schema.get("additionalProperties") is False:
                    errors.append(f"{where}: {name} is not described")
                elif isinstance(schema.get("additionalProperties"), dict):
                    errors += self.errors(inner, schema["additionalProperties"],
                                          f"{where}/{name}")
        return errors
