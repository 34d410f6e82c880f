#!/bin/sh
# run.sh SUITE.mjs: runs a browser suite, or says what it needs and answers 77 (skipped).
# run.sh --ready: only says what is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

skip() {
  printf '%s\n' "skipped: $*"
  exit 77
}
command -v node >/dev/null 2>&1 || skip "no node; install nodejs and npm"
[ -x "${CHROMIUM:=/usr/bin/chromium}" ] || skip "no $CHROMIUM; install chromium"
[ -d "$here/node_modules/playwright-core" ] ||
  skip "tests/web has no node_modules; run npm ci there"
[ -n "${ARREARS_WEB_FOLDER:-}" ] || [ -f "$here/../../build/web/index.html" ] ||
  skip "the web app was not built; ./dev build does it where npm is"
[ "$1" != --ready ] || exit 0
export CHROMIUM
exec node --test "$here/$1"
