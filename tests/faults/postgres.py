"""A PostgreSQL server of a test's own: in a folder of its own, on a Unix socket only, with fsync.
It ends with the test, however that ends."""
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import tempfile

PROGRAMS = "/usr/lib/postgresql/15/bin/"
SKIPPED = 77  # what ctest takes for "skipped"
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def end_with_the_test():
    """In the server's process: at once, as by a crash, when the test is gone."""
    ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGQUIT)


class PostgresServer:
    """Use it as a context; `url(name)` names a database of it."""

    def __init__(self):
        if not os.access(PROGRAMS + "postgres", os.X_OK):
            print("skipped: package postgresql-15 absent")
            sys.exit(SKIPPED)
        # The server refuses to run as root.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.folder = tempfile.TemporaryDirectory(prefix="arrears-pg-")
        self.data = os.path.join(self.folder.name, "data")
        self.process = None
        self.databases = 0
        if self.user:
            os.chown(self.folder.name, self.user.pw_uid, self.user.pw_gid)

    def __enter__(self):
        self.program("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                     "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync")
        self.start()
        return self

    def __exit__(self, *what):
        self.stop()
        self.folder.cleanup()

    def as_user(self):
        if not self.user:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def program(self, name, *words):
        """The output of one of the server's programs, which must succeed."""
        done = subprocess.run([PROGRAMS + name, *words], cwd="/", text=True, check=False,
                              capture_output=True, **self.as_user())
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self):
        """Answers when the server does."""
        with open(os.path.join(self.folder.name, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAMS + "postgres", "-D", self.data, "-k", self.folder.name,
                 "-c", "listen_addresses=", "-c", "shared_buffers=32MB", "-c",
                 "max_connections=300"],
                cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=end_with_the_test, **self.as_user())
        self.wait_until_ready()

    def wait_until_ready(self):
        ready = [PROGRAMS + "pg_isready", "-q", "-h", self.folder.name]
        while subprocess.run(ready, cwd="/", check=False).returncode != 0:
            assert self.process.poll() is None, "the server did not start"

    def stop(self):
        """At once, as by a crash."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.folder.name}"

    def ask(self, sql, database="postgres"):
        """The rows of an answer, one a line."""
        return self.program("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d",
                            self.url(database), "-c", sql).split()

    def make_database(self, more=""):
        """A new blank database; answers its name."""
        self.databases += 1
        name = f"site{self.databases}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE template0 {more}")
        return name

    def wait_until_alone(self, database):
        """Until the server has noticed the end of every process that was connected."""
        while self.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = '" + database +
                       "'") != ["0"]:
            pass
