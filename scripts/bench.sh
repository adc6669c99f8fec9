#!/bin/sh
# bench.sh - measure the whole program: start-up, checking a large suite, runs against the stand-in, and
# runs against a server that answers always the same, as ratios to what wrk (and h2load, where there is
# one) reaches on that server in the same minutes.
#
#   usage: bench.sh [FACEOFF] [--wrk | --million [CASES]]        default: build/release/bin/faceoff
#
# --wrk does only the last part. It compiles benchmarks/static_server.cpp with ${CXX:-c++}.
# --million instead sends a million cases (or CASES) to one and to two stand-ins; this takes minutes and
# gigabytes of disk below TMPDIR, and shows that memory does not grow with the suite.
# Prints medians of several runs. These are figures of one machine at one moment: compare two programs
# in the same session, never with numbers from elsewhere. Needs python3.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
program=${1:-$root/build/release/bin/faceoff}
[ -x "$program" ] || { echo "bench: $program is not built; run scripts/quickstart.sh first" >&2; exit 1; }
[ $# -eq 0 ] || shift
exec python3 - "$program" "$root" "$@" <<'PYTHON'
import json, os, pathlib, re, shutil, statistics, subprocess, sys, tempfile, time

program = str(pathlib.Path(sys.argv[1]).resolve())
root = pathlib.Path(sys.argv[2])
flags = sys.argv[3:]
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


class StaticServer:
    def __init__(self, kind):
        binary = folder / "static_server"
        if not binary.exists():
            subprocess.run([os.environ.get("CXX", "c++"), "-O2", "-std=c++20",
                            root / "benchmarks" / "static_server.cpp", "-o", binary], check=True)
        self.process = subprocess.Popen([binary, kind], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def wrk(url, connections):
    """Requests a second, of POSTs as large as ours."""
    script = folder / "post.lua"
    body = {"model": "m", "messages": [{"role": "user", "content": "What is 1 + 1?"}], "stream": True,
            "stream_options": {"include_usage": True, "include_obfuscation": False}}
    script.write_text('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                      f"wrk.body = [[{json.dumps(body)}]]\n")
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", "-d3s", "-s", script, url + "/v1/chat/completions"],
                         capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests/sec:\s*([0-9.]+)", out)[1])


def h2load(url, connections):
    out = subprocess.run(["h2load", "--h1", "-t1", f"-c{connections}", "-D3", url + "/v1/models"],
                         capture_output=True, text=True, check=True).stdout
    return float(re.search(r"finished in .*?, ([0-9.]+) req/s", out)[1])


def our_rate(url, connections, count):
    """Cases a second of the whole program, and of the run alone (first request sent to last answer)."""
    shutil.rmtree(folder / "static", ignore_errors=True)
    cases(count)
    (seconds, _), = measure(["run", "suite.yaml", "-q", "-b", f"a=openai-compatible:m@{url}/v1", "-j", str(connections),
                             "-o", "static", "--format", "json:out.json"], 1)
    manifest = json.loads((folder / "static" / "run.json").read_text())
    stamp = lambda name: __import__("datetime").datetime.fromisoformat(manifest[name].replace("Z", "+00:00")).timestamp()
    return count / seconds, count / max(0.001, stamp("finished") - stamp("started")), manifest["client_busy"]


def against_wrk():
    if shutil.which("wrk") is None:
        print("wrk is not installed: no ratios")
        return
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for kind in ("json", "sse"):
        server = StaticServer(kind)
        try:
            for connections in (1, 64, 256):
                # In turns: what else the machine does is shared out evenly.
                pairs = [(wrk(server.url, connections), our_rate(server.url, connections, 40_000 if connections > 1 else 4_000))
                         for _ in range(3)]
                theirs = statistics.median(p[0] for p in pairs)
                whole = statistics.median(p[1][0] for p in pairs)
                alone = statistics.median(p[1][1] for p in pairs)
                other = f"   h2load {h2load(server.url, connections):9.0f}/s" if shutil.which("h2load") else ""
                print(f"static {kind:<4} c={connections:<4} wrk {theirs:9.0f}/s{other}   run {alone:8.0f} cases/s = "
                      f"{alone / theirs:.2f} of wrk   whole program {whole:8.0f} cases/s = {whole / theirs:.2f}", flush=True)
        finally:
            server.stop()


(folder / "script.yaml").write_text('default: "42"\n')
if flags[:1] == ["--million"]:
    million(int(flags[1]) if len(flags) > 1 else 1_000_000)
    shutil.rmtree(folder)
    sys.exit()
if flags[:1] == ["--wrk"]:
    against_wrk()
    shutil.rmtree(folder)
    sys.exit()
report("version", measure(["--version"], 21))
cases(100_000)
report("check: 100,000 cases in JSONL", measure(["check", "suite.yaml"], 3), 100_000, "cases/s")
run(1_000, 4, 5)
run(1_000, 64, 5)
run(20_000, 64, 3)
run(100_000, 64, 1)
against_wrk()
shutil.rmtree(folder)
PYTHON
