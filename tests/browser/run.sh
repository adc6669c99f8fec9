#!/bin/sh
# run.sh FACEOFF BROWSER_RUNS - drives the HTML report in chromium; exit 77 with the reason where that
# cannot be done.  Once before: (cd tests/browser && npm ci --ignore-scripts)
set -eu
skip() { echo "skipped: $*" >&2; exit 77; }
[ $# -eq 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
here=$(cd -- "$(dirname -- "$0")" && pwd)
command -v node >/dev/null || skip 'there is no node'
chromium=$(command -v chromium || command -v chromium-browser) || skip 'there is no chromium'
[ -d "$here/node_modules/playwright-core" ] ||
    skip 'the packages are not installed; run: (cd tests/browser && npm ci --ignore-scripts)'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$2" "$folder"
for run in good many hostile one three failed; do
    "$1" report "$folder/$run" --format "html:$folder/$run.html" >/dev/null
done
newest=$(ls -d "$folder"/runs/support-* | tail -n 1)
"$1" report "$newest" --format "html:$folder/history.html" >/dev/null
"$1" trend --results "$folder/runs" --format "html:$folder/trend.html" >/dev/null
CHROMIUM=$chromium REPORTS=$folder node --test --test-concurrency=1 "$here/report.test.mjs"
