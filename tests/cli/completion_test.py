"""Shell completion is made from the sub-commands there are."""
import shutil
import subprocess
import unittest

from program import ProgramTest

ASK = """
source /dev/stdin <<'END_OF_SCRIPT'
{script}
END_OF_SCRIPT
COMP_WORDS=({words} '{start}')
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_arrears
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


class Completion(ProgramTest):
    def complete(self, words, start):
        script = self.arrears("completion", "bash", now=False)
        done = subprocess.run(["bash", "-c", ASK.format(script=script, words=words, start=start)],
                              capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.split()

    def test_bash_completes_sub_commands_and_options(self):
        self.assertIn("worklist", self.complete("arrears", ""))
        self.assertEqual(self.complete("arrears", "work"), ["worklist"])
        self.assertIn("log", self.complete("arrears call", ""))
        self.assertEqual(self.complete("arrears call log --customer C1", "--dir"), ["--direction"])
        self.assertEqual(self.complete("arrears --format json aging", "--known"), ["--known-at"])

    @unittest.skipUnless(shutil.which("zsh"), "skipped: zsh absent")
    def test_zsh_reads_its_script(self):
        script = self.arrears("completion", "zsh", now=False)
        subprocess.run(["zsh", "-n"], input=script, text=True, check=True, timeout=60)

    def test_fish_has_every_sub_command(self):
        script = self.arrears("completion", "fish", now=False)
        self.assertIn("-n '__arrears_at call' -f -a log", script)


if __name__ == "__main__":
    unittest.main()
