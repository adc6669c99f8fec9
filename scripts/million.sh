#!/bin/sh
# A million cases on two backends with retries, in virtual time; prints how long it took and the
# greatest memory that the process had. The number can be given: scripts/million.sh 5000000
set -eu
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
cmake --build --preset release --target run_tests
FACEOFF_SCENARIO_CASES="${1:-1000000}" python3 - build/release/bin/run_tests <<'PYTHON'
import resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.call([sys.argv[1], "--gtest_filter=Scenario.*", "--gtest_brief=1"])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.monotonic() - began:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} s of CPU, "
      f"{usage.ru_maxrss / 1024:.1f} MiB at most")
sys.exit(code)
PYTHON
