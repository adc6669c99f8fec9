#!/bin/sh
# bench.sh - measure the whole program: start-up, checking a large suite, a run against the stand-in.
#
#   usage: bench.sh [FACEOFF] [--million [CASES]]        default: build/release/bin/faceoff
#
# --million instead sends a million cases (or CASES) to one and to two stand-ins; this takes minutes and
# gigabytes of disk below TMPDIR, and shows that memory does not grow with the suite.
# Prints medians of several runs. These are figures of one machine at one moment: compare two programs
# in the same session, never with numbers from elsewhere. Needs python3.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
program=${1:-$root/build/release/bin/faceoff}
[ -x "$program" ] || { echo "bench: $program is not built; run scripts/quickstart.sh first" >&2; exit 1; }
[ $# -eq 0 ] || shift
exec python3 - "$program" "$@" <<'PYTHON'
import json, os, pathlib, shutil, statistics, subprocess, sys, tempfile, time

program = str(pathlib.Path(sys.argv[1]).resolve())
folder = pathlib.Path(tempfile.mkdtemp(prefix="faceoff-bench-"))
environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}


def measure(words, runs):
    """Wall seconds and peak resident MiB of each run."""
    rows = []
    for _ in range(runs):
        began = time.monotonic()
        process = subprocess.Popen([program, *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"bench: faceoff {' '.join(words)} failed: {error.decode()[-500:]}")
        rows.append((time.monotonic() - began, usage.ru_maxrss / 1024))
    return rows


def report(name, rows, per=None, unit=""):
    seconds = statistics.median(r[0] for r in rows)
    text = f"{name:<44} {seconds * 1000:10.1f} ms   {max(r[1] for r in rows):7.1f} MiB"
    print(text + (f"   {per / seconds:12.0f} {unit}" if per else ""), flush=True)


def cases(count):
    with open(folder / "cases.jsonl", "w") as file:
        for i in range(count):
            file.write(json.dumps({"id": f"c{i}", "prompt": f"What is {i} + 1?", "target": str(i + 1)}) + "\n")
    (folder / "suite.yaml").write_text("suite: bench\ndefaults: {score: number}\nfiles: [cases.jsonl]\n")


def run(count, concurrency, runs):
    cases(count)
    rows = []
    for i in range(runs):
        rows += measure(["run", "suite.yaml", "-q", "-b", "a=simulate:script.yaml", "-j", str(concurrency),
                         "-o", f"r{count}-{concurrency}-{i}", "--format", "json:out.json"], 1)
    report(f"run: {count:,} cases, {concurrency} in flight", rows, count, "cases/s")


def million(count):
    cases(count)
    for backends in (1, 2):
        words = ["run", "suite.yaml", "-q", "-j", "64", "-o", "million", "--format", "json:out.json"]
        for name in ("a", "b")[:backends]:
            words += ["-b", f"{name}=simulate:script.yaml"]
        report(f"run: {count:,} cases on {backends} backend{'s'[:backends - 1]}", measure(words, 1), count * backends, "trials/s")
        size = (folder / "million" / "records.jsonl").stat().st_size
        print(f"    records.jsonl: {size / 1e6:.0f} MB, {size / count / backends:.0f} bytes a trial", flush=True)
        shutil.rmtree(folder / "million")


(folder / "script.yaml").write_text('default: "42"\n')
if sys.argv[2:3] == ["--million"]:
    million(int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000)
    shutil.rmtree(folder)
    sys.exit()
report("version", measure(["--version"], 21))
cases(100_000)
report("check: 100,000 cases in JSONL", measure(["check", "suite.yaml"], 3), 100_000, "cases/s")
run(1_000, 4, 5)
run(1_000, 64, 5)
run(20_000, 64, 3)
run(100_000, 64, 1)
PYTHON
