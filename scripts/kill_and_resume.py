#!/usr/bin/env python3
"""Kills runs with SIGKILL at random moments, resumes them, and proves that nothing was lost or paid for twice.

usage: kill_and_resume.py [FACEOFF] [--kills N] [--cases N] [--seed N] [--concurrency N] [--keep]

FACEOFF defaults to build/release/bin/faceoff. A suite of generated cases goes to two stand-in endpoints
(`faceoff simulate`) whose answers are decided by the prompt alone and whose faults make many requests
fail at first. One run is left alone. Others are killed again and again until they come to their end, as
many as it takes for N kills (200). Then

* every trial of a killed run has the outcome, value, text and error of the run that was left alone,
* no trial has two records with an answer,
* and the stand-ins' own log of requests shows none for a trial whose answer had been recorded before.

Exits 0 when all of that holds, 1 when not (the folder is kept then), 2 for a wrong call.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

LIMIT_S = 300  # only keeps a program that hangs from hanging us

SCRIPT = """
model: {name}
answers: suite.yaml
accuracy: {accuracy}
seed: {seed}
latency: {{first_token: 4ms, per_token: 1ms, jitter: 3ms}}
faults:
  - {{kind: status, status: 400, match: "item 13 "}}
  - {{kind: status, status: 429, retry_after: "0", share: 0.04, attempts: 2}}
  - {{kind: status, status: 500, share: 0.04, attempts: 2}}
  - {{kind: reset, after_tokens: 1, share: 0.04, attempts: 2}}
  - {{kind: close, after_tokens: 1, share: 0.04, attempts: 2}}
  - {{kind: no_finish, share: 0.04, attempts: 2}}
  - {{kind: stream_error, after_tokens: 1, share: 0.04, attempts: 2}}
  - {{kind: reset_before, share: 0.04, attempts: 2}}
"""
NAMES = ("left", "right")


def prompt(i):
    return f"What is item {i} plus one? Say it in words: {'please ' * (i % 5)}{i} + 1 ="


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Violation(Exception):
    pass


class Endpoint:
    """A stand-in with a log of its own."""

    def __init__(self, bench, name, log):
        self.log = log
        self.process = subprocess.Popen(
            [bench.program, "simulate", "--script", f"{name}.simulate.yaml", "--log", str(log)], cwd=bench.folder,
            env=bench.environment, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1] + "/v1"

    def requests(self, begin):
        """Prompts asked for since `begin` bytes of the log, and those answered in full."""
        with open(self.log, "rb") as file:
            file.seek(begin)
            events = [json.loads(line) for line in file.read().splitlines()]
        return [e for e in events if e["event"] == "request"], [e for e in events if e["event"] == "end" and e["answered"]]

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Bench:
    def __init__(self, arguments, folder):
        self.program = str(arguments.faceoff)
        self.folder = folder
        self.concurrency = arguments.concurrency
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self.case_of = {digest(prompt(i)): f"c{i}" for i in range(arguments.cases)}
        (folder / "cases.jsonl").write_text("".join(
            json.dumps({"id": f"c{i}", "prompt": prompt(i), "target": f"{i + 1} apples"}) + "\n"
            for i in range(arguments.cases)))
        (folder / "suite.yaml").write_text("suite: kills\ndefaults: {score: exact}\nfiles: [cases.jsonl]\n")
        for seed, name in enumerate(NAMES):
            (folder / f"{name}.simulate.yaml").write_text(
                SCRIPT.format(name=name, accuracy=0.6 + 0.2 * seed, seed=arguments.seed + seed))

    def start(self, endpoints, run, resume):
        words = [self.program, "run", "suite.yaml", "-q", "--progress", "none", "-j", str(self.concurrency),
                 "--max-retries", "20", "--max-error-rate", "5%", "-o", run]
        for name, endpoint in zip(NAMES, endpoints):
            words += ["-b", f"{name}=openai-compatible:{name}@{endpoint.url}"]
        if resume:
            words.append("--resume")
        return subprocess.Popen(words, cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def records(self, run):
        """Whole lines of the log, in order; half a line at the end is what a kill may leave."""
        path = self.folder / run / "records.jsonl"
        if not path.exists():
            return []
        lines = path.read_bytes().split(b"\n")
        return [json.loads(line) for line in lines[:-1]]


def is_answer(record):
    return record["outcome"] != "failed"


def key(record):
    return record["backend"], record["case"]


def essence(record):
    completion = record.get("completion", {})
    return {"outcome": record["outcome"], "value": record.get("value"), "text": completion.get("text"),
            "error": record.get("error", {}).get("kind") if isinstance(record.get("error"), dict) else record.get("error")}


def finals(bench, run):
    table = {}
    answers = set()
    for record in bench.records(run):
        if is_answer(record):
            if key(record) in answers:
                raise Violation(f"{run}: {key(record)} has two records with an answer")
            answers.add(key(record))
        table[key(record)] = essence(record)
    return table


def finish(process, what):
    try:
        _, error = process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Violation(f"{what} did not end within {LIMIT_S} s") from None
    if process.returncode != 0:
        raise Violation(f"{what} ended with exit code {process.returncode}:\n{error[-2000:]}")


def undisturbed(bench):
    endpoints = [Endpoint(bench, name, bench.folder / f"alone-{name}.log") for name in NAMES]
    try:
        began = time.monotonic()
        finish(bench.start(endpoints, "alone", False), "the run that is left alone")
        took = time.monotonic() - began
    finally:
        for endpoint in endpoints:
            endpoint.close()
    table = finals(bench, "alone")
    if len(table) != len(NAMES) * len(bench.case_of):
        raise Violation(f"the run that is left alone has {len(table)} trials")
    return table, took, sum(len(e.requests(0)[0]) for e in endpoints)


def check_requests(bench, run, endpoints, offsets, recorded):
    """No request since `offsets` was for a trial in `recorded`. Returns how many there were and how many brought an answer."""
    asked = answered = 0
    for name, endpoint, offset in zip(NAMES, endpoints, offsets):
        requests, ends = endpoint.requests(offset)
        asked += len(requests)
        answered += len(ends)
        for request in requests:
            if (name, bench.case_of[request["prompt"]]) in recorded:
                raise Violation(f"{run}: {name} was asked again for {bench.case_of[request['prompt']]}, "
                                "whose answer had been recorded")
    return asked, answered


def killed_run(bench, run, draw, took, kills_left, totals):
    """One run, killed until it comes to its end. Returns how often it was killed."""
    endpoints = [Endpoint(bench, name, bench.folder / f"{run}-{name}.log") for name in NAMES]
    kills = 0
    try:
        while True:
            recorded = {key(r) for r in bench.records(run) if is_answer(r)}
            offsets = [e.log.stat().st_size if e.log.exists() else 0 for e in endpoints]
            process = bench.start(endpoints, run, (bench.folder / run / "run.json").exists())
            killed = False
            if kills < kills_left:
                # Also the moments before the first request and after the last one.
                try:
                    process.wait(draw.uniform(0.0, took))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.communicate()
                    killed = process.returncode == -signal.SIGKILL
            if not killed:
                finish(process, f"{run} after {kills} kills")
            kills += killed
            asked, answered = check_requests(bench, run, endpoints, offsets, recorded)
            totals["requests"] += asked
            totals["answers"] += answered
            if not killed:
                return kills
    finally:
        for endpoint in endpoints:
            endpoint.close()


def compare(run, expected, actual):
    for trial in sorted(expected):
        if actual.get(trial) != expected[trial]:
            raise Violation(f"{run}: {trial} is {actual.get(trial)}, undisturbed {expected[trial]}")
    if len(actual) != len(expected):
        raise Violation(f"{run}: {len(actual)} trials instead of {len(expected)}")


def campaign(bench, arguments):
    expected, took, asked = undisturbed(bench)
    failed = sum(r["outcome"] == "failed" for r in expected.values())
    print(f"undisturbed: {len(expected)} trials ({failed} failed for good) in {took:.1f} s, {asked} requests", flush=True)
    draw = random.Random(arguments.seed)
    totals = {"requests": 0, "answers": 0}
    kills = runs = 0
    while kills < arguments.kills:
        run = f"run-{runs}"
        kills += killed_run(bench, run, draw, took, arguments.kills - kills, totals)
        runs += 1
        compare(run, expected, finals(bench, run))
        shutil.rmtree(bench.folder / run)
    answers = runs * (len(expected) - failed)
    print(f"{kills} kills in {runs} runs: all {runs * len(expected)} final records equal those of the undisturbed run;\n"
          f"{totals['requests']} requests, none for an answer that had been recorded; "
          f"{totals['answers'] - answers} answers were on their way at a kill and had to be asked for again")


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faceoff", nargs="?", type=pathlib.Path, default=root / "build/release/bin/faceoff")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--keep", action="store_true", help="keep the folder with runs and logs")
    arguments = parser.parse_args()
    arguments.faceoff = arguments.faceoff.resolve()
    if not arguments.faceoff.exists():
        parser.error(f"{arguments.faceoff} is not built; run scripts/quickstart.sh first")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="faceoff-kills-"))
    try:
        campaign(Bench(arguments, folder), arguments)
    except Violation as violation:
        print(f"kill_and_resume: {violation}\nkept: {folder}", file=sys.stderr)
        return 1
    if arguments.keep:
        print(f"kept: {folder}")
    else:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
