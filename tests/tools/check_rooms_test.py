"""tools/check_rooms must find each way in which includes and the graph can disagree."""
import os
import subprocess
import sys
import tempfile
import unittest

CHECK = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "check_rooms")

GRAPH = "# comment\nbase:\ndomain/money: base\napp: base domain/money\ndomain/later: base\n"
RIGHT = {
    "tools/rooms.txt": GRAPH,
    "src/base/text.h": "#pragma once\n#include <string>\nnamespace arrears::base {}\n",
    "src/domain/money/money.h": '#include "base/text.h"\nnamespace arrears::money {}\n',
    "src/domain/money/money.cpp": '#include "domain/money/money.h"\n',
    "src/app/use.cpp": '#include "base/text.h"\n#include "domain/money/money.h"\n',
    "src/app/use_test.cpp": '#include "tests/support/company.h"\n',
    "src/programs/arrears/main.cpp": '#include "app/use.h"\n',
    "src/app/use.h": "#pragma once\n",
    "tests/support/company.h": "#pragma once\n",
}


def run(changes):
    """Exit status and output over the right tree with these files changed."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in {**RIGHT, **changes}.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run([sys.executable, "-B", CHECK, root], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout


class CheckRoomsTest(unittest.TestCase):
    def assert_found(self, changes, *parts):
        status, output = run(changes)
        self.assertEqual(status, 1, output)
        for part in parts:
            self.assertIn(part, output)
        self.assertIn("rooms: 1 findings", output)

    def test_includes_that_agree_with_the_graph_pass(self):
        self.assertEqual(run({}), (0, ""))

    def test_an_unlisted_include_is_found(self):
        self.assert_found({"src/base/text.cpp": '\n#include "domain/money/money.h"\n'},
                          "src/base/text.cpp:2: base may not include domain/money")

    def test_a_listed_edge_that_is_not_used_is_found(self):
        self.assert_found({"src/app/use.cpp": '#include "base/text.h"\n'},
                          "tools/rooms.txt:4: app no longer includes domain/money; delete it")

    def test_a_folder_that_is_no_room_is_found(self):
        self.assert_found({"src/domain/new/new.h": "#pragma once\n"},
                          "src/domain/new/new.h:1: the folder is no room")

    def test_an_include_that_does_not_begin_at_src_is_found(self):
        self.assert_found({"src/domain/money/money.cpp": '#include "money.h"\n'},
                          'money.cpp:1: "money.h" is not below src/', '("domain/money/..."')

    def test_test_support_is_for_tests_only(self):
        self.assert_found({"src/app/use.cpp": RIGHT["src/app/use.cpp"] +
                           '#include "tests/support/company.h"\n'}, "src/app/use.cpp:3")

    def test_a_foreign_namespace_is_found(self):
        self.assert_found({"src/base/ids.h": "namespace arrears::money {\n}\n"},
                          "src/base/ids.h:1: namespace arrears::money in room base")

    def test_an_unknown_room_in_the_graph_is_found(self):
        self.assert_found({"tools/rooms.txt": GRAPH.replace("app: base", "app: base bass")},
                          "tools/rooms.txt:4: app may include bass, which is no room")

    def test_a_circle_is_found(self):
        self.assert_found({"tools/rooms.txt": GRAPH.replace("base:", "base: domain/money", 1),
                           "src/base/text.cpp": '#include "domain/money/money.h"\n'},
                          "in a circle: ", "cut one edge")


if __name__ == "__main__":
    unittest.main()
