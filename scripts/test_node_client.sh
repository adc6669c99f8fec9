#!/bin/sh
# Runs the official OpenAI Node client against the stand-in endpoint.
#
# usage: test_node_client.sh SERVER [WORD...]
#
# SERVER with its WORDs is a command that takes --port and --script and prints the line "listening on
# http://127.0.0.1:PORT": build/dev/bin/faceoff simulate. The client comes from the package registry,
# once: (cd tests/node && npm install --package-lock=false). Exits 77 with the reason when something
# is missing, so that ctest reports the test as skipped.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)

skip() {
  echo "skipped: $1"
  exit 77
}

[ $# -ge 1 ] || { echo "usage: $0 SERVER [WORD...]" >&2; exit 2; }
[ -x "$1" ] || skip "$1 is not built"
command -v node >/dev/null 2>&1 || skip "node is not installed"
[ -d "$root/tests/node/node_modules/openai" ] ||
  skip "the client is not installed; run: (cd tests/node && npm install --package-lock=false)"

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
FACEOFF_SERVE=$(node -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- \
  "$program" "$@" --port 0 --script "$root/tests/data/simulate/node.yaml")
export FACEOFF_SERVE
cd "$root/tests/node"
exec node --test openai_client.test.mjs
