#!/bin/sh
# test.sh - install what the tests need, build everything in the dev preset, and run all tests.
#
#   usage: test.sh
#
# The exit code is that of the first step that failed, else that of ctest.  The integration tests
# run a real llama-server; without one they skip and say why.
set -eu
step() { printf 'test: %s\n' "$*" >&2; }
[ $# -eq 0 ] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
cd -- "$(dirname -- "$0")/.."

step '1/4 packages'
sh scripts/install-deps.sh --test

step '2/4 llama-server'
if server=$(sh scripts/get-llama-server.sh .llama); then
    LLAMA_SERVER=$server
    export LLAMA_SERVER
else
    unset LLAMA_SERVER
    step 'no llama-server: the tests that need one will be skipped'
fi

step '3/4 build into build/dev'
cmake --preset dev
cmake --build --preset dev

step '4/4 tests'
exec ctest --preset dev
