"""tools/tidy must find each kind of wrong sample, and nothing in a right one."""
import os
import subprocess
import sys
import tempfile
import unittest

TIDY = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "tidy")


def run(files):
    """Exit status and output of tidy over a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        done = subprocess.run([sys.executable, "-B", TIDY, root], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout


def body(lines):
    return "int long_one(int a) {\n" + "  a += 1;\n" * (lines - 2) + "}\n"


# path, text, rule that must be found on line, part of the advice
WRONG = [
    ("src/base/a.cpp", "int a;\t\n", "no-tabs", 1, "blanks"),
    ("src/base/a.cpp", "int a; \n", "trailing-blanks", 1, "remove"),
    ("src/base/a.cpp", "int a;\r\n", "trailing-blanks", 1, "CR"),
    ("src/base/a.cpp", "int a;", "last-line", 1, "add one"),
    ("src/base/a.cpp", "\n// " + "x" * 98 + "\n", "line-length", 2, "100"),
    ("tools/some.py", "# " + "x" * 99 + "\n", "line-length", 1, "100"),
    ("src/base/a.cpp", "\n" * 501, "file-length", 501, "split"),
    ("src/base/a.cpp", "\n" + body(71), "function-length", 2, "long_one has 71 lines"),
    ("src/base/a.cpp", "namespace n {\nclass C {\n" + body(71) + "};\n}\n",
     "function-length", 3, "take out a step"),
    ("src/base/a.cpp", "C::C(int a)\n    : a_{a}, b_(2) {\n" + "  f({1});\n" * 69 + "}\n",
     "function-length", 1, "72 lines"),
    ("src/base/a.h", "int a;\n", "pragma-once", 1, "#pragma once"),
    ("src/base/a.cpp", "// TODO later\n", "open-end", 1, "issue"),
    ("src/base/a.cpp", "// FIXME: later\n", "open-end", 1, "TODO(#number)"),
    ("src/domain/money/a.cpp", "double rate = 1;\n", "no-floats", 1, "minor units"),
    ("src/app/a.cpp", "float rate = 1;\n", "no-floats", 1, "scaled integer"),
    ("src/domain/money/a.cpp", "#include <thread>\n", "pure-domain", 1, "app layer"),
    ("src/domain/money/a.cpp", "#include <mutex>\n", "pure-domain", 1, "threads"),
    ("src/domain/money/a.cpp", "std::mutex m;\n", "pure-domain", 1, "threads"),
    ("src/domain/money/a.cpp", "#include <sqlite3.h>\n", "pure-domain", 1, "plain values"),
    ("src/domain/money/a.h", "#pragma once\nstd::string to_json();\n", "pure-domain", 2, "json"),
    ("src/domain/money/a.cpp", "#include <boost/json.hpp>\n", "pure-domain", 1, "adapters"),
    ("src/domain/money/a.cpp", "auto t = std::chrono::system_clock::time_point{};\n",
     "pure-domain", 1, "as_of"),
    ("src/domain/money/a.cpp", "void f() { std::cout << 1; }\n", "pure-domain", 1, "prints"),
    ("src/domain/money/a.cpp", "#include <fstream>\n", "pure-domain", 1, "return the text"),
    ("src/domain/money/a.cpp", "auto p = std::getenv(\"TZ\");\n", "pure-domain", 1, "parameters"),
    ("src/app/a.cpp", "std::chrono::system_clock::now();\n", "one-clock", 1, "base::Clock"),
    ("tests/cli/a.cpp", "auto t = time(nullptr);\n", "one-clock", 1, "clock.cpp"),
    ("src/base/a_test.cpp", "std::this_thread::sleep_for(s);\n", "no-sleep", 1, "FixedClock"),
    ("tests/cli/a.py", "time.sleep(1)\n", "no-sleep", 1, "wait for the event"),
    ("tests/cli/a.sh", "  sleep 1\n", "no-sleep", 1, "wait for the event"),
    ("src/base/a.cpp", "int a = rand();\n", "no-rand", 1, "mt19937_64"),
    ("src/base/a.cpp", "using namespace std;\n", "no-using-namespace", 1, "std::"),
    ("src/base/a.h", "#pragma once\nusing namespace n;\n", "no-using-namespace", 2, "name what"),
    ("tools/tidy_exceptions.txt", "no-floats src/app/a.cpp\n", "exception", 1, "reason"),
    ("tools/tidy_exceptions.txt", "no-floats src/app/a.cpp: forecast\n", "exception", 1, "delete"),
]

RIGHT = {
    "src/base/clock.cpp": "auto t = std::chrono::system_clock::now();\n",
    "src/base/long.cpp": "// " + "x" * 97 + "\n" + body(70),
    "src/base/table.cpp": "const std::vector<int> table = {\n" + "    f(1),\n" * 100 + "};\n",
    "src/base/scope.cpp": "namespace n {\nstruct S {\n" + "  int a;\n" * 100 + "};\n}\n",
    "src/base/names.cpp": "int operand(); int x = generator.rand(); // TODO(#12) reads\n",
    "src/domain/money/a.cpp": "// no double counting, no json, no std::cout\n"
                              "const char* text = \"double {{{ json\";\n"
                              "char quote = '\"'; int n = 1'000'000; char brace = '{';\n"
                              "const char* raw = R\"(float \" {)\";\n",
    "src/domain/money/a_test.cpp": "#include <fstream>\n",
    "tests/corpus/csv/one.csv": "a\tb \n",
    "tests/scenarios/money/one.scn": "x" * 200 + "\n",
}


class TidyTest(unittest.TestCase):
    def test_each_wrong_sample_is_found_with_its_replacement(self):
        for path, text, rule, line, advice in WRONG:
            with self.subTest(rule=rule, text=text[:60]):
                status, output = run({path: text})
                self.assertEqual(status, 1, output)
                self.assertIn(f"{path}:{line}: {rule}: ", output)
                self.assertIn(advice, output)
                self.assertIn("tidy: 1 findings" if "\t" not in text else "findings", output)

    def test_right_samples_pass(self):
        status, output = run(RIGHT)
        self.assertEqual((status, output), (0, ""))

    def test_an_exception_with_its_reason_is_granted(self):
        status, output = run({
            "src/app/forecast.cpp": "double weight = 1;\n",
            "tools/tidy_exceptions.txt": "# why\n\nno-floats src/app/forecast.cpp: never books\n"})
        self.assertEqual((status, output), (0, ""))

    def test_an_exception_holds_for_its_file_only(self):
        status, output = run({
            "src/app/forecast.cpp": "double weight = 1;\n",
            "src/app/other.cpp": "double weight = 1;\n",
            "tools/tidy_exceptions.txt": "no-floats src/app/forecast.cpp: never books\n"})
        self.assertEqual(status, 1)
        self.assertIn("src/app/other.cpp:1: no-floats", output)
        self.assertNotIn("src/app/forecast.cpp:1", output)


if __name__ == "__main__":
    unittest.main()
