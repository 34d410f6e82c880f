#!/usr/bin/env python3
"""A hundred collectors log calls against one another for a minute, over HTTP, while the server is
killed twice with -9. Afterwards every acknowledged entry must be there once, no entry twice, and
the journal must verify.

    python3 bench/hundred_collectors.py build/arrears [--seconds 60] [--collectors 100] [--url URL]

A collector whose answer was lost sends the same call again under its key, as the web app does.
"""
import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "faults"))
from desk import Desk, environment  # noqa: E402  (the path is set above)

DISPOSITIONS = ("right_party_reached", "message_left", "not_reached", "wrong_party")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`arrears serve` on a port of its own, which can be killed and started again."""

    def __init__(self, program, desk):
        self.words = [program, "serve", "--db", desk.url, "--keys", desk.keys, "--port"]
        self.port = free_port()
        self.process = None
        self.log = open(os.path.join(desk.folder, "serve.log"), "ab")

    def start(self):
        self.process = subprocess.Popen([*self.words, str(self.port)], env=environment(),
                                        stdout=self.log, stderr=self.log)
        began = time.monotonic()
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}, see its log")
            time.sleep(0.02)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0, self.process.returncode


class Collector(threading.Thread):
    """Works down the customers in an order of its own until the end."""

    def __init__(self, server, token, name, customers, end, seed):
        super().__init__(name=name)
        self.server = server
        self.token = token
        self.customers = customers
        self.end = end
        self.random = random.Random(seed)
        self.acknowledged = {}  # note -> id of the entry
        self.given_up = set()  # notes whose last answer never came: there once or not at all
        self.again = 0
        self.refused = collections.Counter()
        self.times = []
        self.failure = None
        self.connection = None

    def run(self):
        try:
            while time.monotonic() < self.end:
                self.log_call()
        except Exception as failure:  # told by the main thread
            self.failure = failure

    def log_call(self):
        key = str(uuid.UUID(int=self.random.getrandbits(128)))
        customer = self.random.choice(self.customers)
        reached = self.random.choice(DISPOSITIONS)
        call = {"contact": "the clerk", "disposition": reached, "notes": key,
                "next_action": "none", "next_reason": "rehearsed",
                "broken_promise_reason": "rehearsed"}
        began = time.monotonic()
        while True:
            answer = self.post(f"/api/v1/entities/DEMO/customers/{customer}/calls", call, key)
            if answer is not None:
                break
            self.again += 1
            if time.monotonic() > self.end + 30:
                self.given_up.add(key)
                return
            time.sleep(0.05)
        status, body = answer
        if status in (200, 201):
            self.times.append(time.monotonic() - began)
            self.acknowledged[key] = body["call_id"]
        elif status == 503:
            self.given_up.add(key)
        else:
            self.refused[f"{status} {body.get('code')}"] += 1

    def post(self, path, body, key):
        """Status and JSON; nothing where no answer came."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port,
                                                             timeout=30)
            self.connection.request("POST", path, json.dumps(body), {
                "Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
                "Idempotency-Key": key})
            response = self.connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return None


def check(desk, collectors):
    """Each acknowledged entry is there once, none twice; the number of entries."""
    entries = collections.defaultdict(list)
    for call in desk.do("call", "list"):
        entries[call["notes"]].append(call["call_id"])
    for one in collectors:
        for note, call in one.acknowledged.items():
            assert entries[note] == [call], (one.name, note, call, entries[note])
        for note in one.given_up:
            assert len(entries[note]) <= 1, (one.name, note, entries[note])
    return sum(len(one.acknowledged) for one in collectors)


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--collectors", type=int, default=100)
    parser.add_argument("--percent", type=int, default=10, help="of the demo company")
    parser.add_argument("--url", help="a PostgreSQL database without tables; else an SQLite file")
    given = parser.parse_args()
    program = os.path.abspath(given.program)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(program, folder, url=given.url)
        desk.do("demo", "--percent", str(given.percent))
        tokens = {}
        for number in range(given.collectors):
            login = f"collector{number:03d}"
            desk.do("person", "add", login, "--name", login, "--roles", "manager",
                    "--entities", "all", "--no-password")
            tokens[login] = desk.do("token", "issue", login, "--label", "rehearsal", "--rights",
                                    "read,log_contact,promise")["token"]
        customers = [row["customers"][0] for row in desk.do("worklist", "--limit", "200")]
        server = Server(program, desk)
        server.start()
        end = time.monotonic() + given.seconds
        collectors = [Collector(server, token, login, customers, end, number)
                      for number, (login, token) in enumerate(tokens.items())]
        for one in collectors:
            one.start()
        restarts = []
        for moment in (1 / 3, 2 / 3):
            time.sleep(max(0.0, end - given.seconds * (1 - moment) - time.monotonic()))
            server.kill()
            restarts.append(server.start())
        for one in collectors:
            one.join()
        server.stop()
        failures = [one.failure for one in collectors if one.failure]
        if failures:
            raise failures[0]
        count = check(desk, collectors)
        verified = desk.verify()
        times = [time_ for one in collectors for time_ in one.times]
        refused = sum((one.refused for one in collectors), collections.Counter())
        print(f"{count} calls acknowledged in {given.seconds} s by {given.collectors} collectors, "
              f"{count / given.seconds:.0f} a second; median {percentile(times, .5):.1f} ms, "
              f"p99 {percentile(times, .99):.0f} ms with the restarts")
        print(f"killed twice, ready again after {', '.join(f'{s:.2f} s' for s in restarts)}; "
              f"{sum(one.again for one in collectors)} sent again, "
              f"{sum(len(one.given_up) for one in collectors)} without an answer, "
              f"refused: {dict(refused) or 'none'}")
        print(f"every acknowledged entry is there once; {verified['entries']} journal entries "
              "verified")


if __name__ == "__main__":
    main()
