#!/bin/sh
# calibrate.sh - how often verdicts are wrong, intervals miss and drops are found, by simulation.
#
#   usage: calibrate.sh [RUNS]        default: 2000 runs of each scenario, some minutes
#
# Prints the tables of docs/statistics.md; exits with 1 when a share is beyond what chance explains.
# The seeds are fixed, so that the same RUNS give the same tables on every machine.
set -eu
cd -- "$(dirname -- "$0")/.."
cmake --preset release -DBUILD_TESTING=ON >&2
cmake --build --preset release --target compare_calibrate >&2
exec build/release/bin/compare_calibrate "${1:-2000}"
