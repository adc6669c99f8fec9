#!/usr/bin/env python3
"""Runs the shell examples of README.md and docs/*.md as a reader would, in a scratch folder.

usage: docs_examples.py FACEOFF SOURCE_DIR

Every line of a ```sh block is run, but for those that call scripts/ (continuous integration runs
them); a line that ends in & goes on in the background. Before its lines, a file's ```yaml blocks that begin with `backends:` become faceoff.yaml.
The OpenAI endpoint is the stand-in. Exits 77 (skipped) without a llama-server.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile

LIMIT_S = 180


def find_llama_server(source):
    named = os.environ.get("LLAMA_SERVER")
    local = source / ".llama" / "bin" / "llama-server"
    return named or shutil.which("llama-server") or (str(local) if local.exists() else None)


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def commands(text):
    for block in blocks(text, "sh"):
        for line in block.splitlines():
            line = re.sub(r"^build/release/bin/", "", line.strip())
            if line and not line.startswith(("#", "scripts/")):
                yield line


def prepare(folder, source):
    for name in ("prompts", "models"):
        (folder / name).symlink_to(source / name)
    (folder / "bin").mkdir()


def leave_an_unfinished_run(folder):
    """The newest run loses its last records, as if the machine had died."""
    run = (folder / "results" / "latest").resolve()
    records = run / "records.jsonl"
    records.write_text("".join(records.read_text().splitlines(True)[:-20]))
    manifest = json.loads((run / "run.json").read_text())
    manifest["state"] = "running"
    (run / "run.json").write_text(json.dumps(manifest))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def run_document(path, folder, environment, program, servers):
    text = path.read_text()
    # The port that an example chose may be in use here.
    for port in re.findall(r"--port (\d+)", text):
        text = re.sub(rf"\b{port}\b", free_port(), text)
    for block in blocks(text, "yaml"):
        if block.startswith("backends:"):
            (folder / "faceoff.yaml").write_text(block)
    count = 0
    for line in commands(text):
        words = shlex.split(line)
        if words[0] != "faceoff":
            print(f"{path.name}: a command other than faceoff: {line}")
            return -1
        if "--resume" in words:
            subprocess.run([program, "run", "prompts/quickstart.yaml", "-b", "gpt-4o", "-b", "llama", "-q"],
                           cwd=folder, env=environment, check=True, capture_output=True, timeout=LIMIT_S)
            leave_an_unfinished_run(folder)
        if words[-1] == "&":
            servers.append(subprocess.Popen([program, *words[1:-1]], cwd=folder, env=environment,
                                            stdout=subprocess.PIPE, text=True))
            print(f"{path.name}: {servers[-1].stdout.readline().strip()}: {line}", flush=True)
            count += 1
            continue
        done = subprocess.run([program, *words[1:]], cwd=folder, env=environment, capture_output=True, text=True,
                              timeout=LIMIT_S)
        print(f"{path.name}: exit {done.returncode}: {line}", flush=True)
        if done.returncode != 0:
            print(done.stdout + done.stderr)
            return -1
        count += 1
    return count


def main():
    program, source = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    llama = find_llama_server(source)
    if not llama:
        print("skipped: no llama-server; run scripts/get-llama-server.sh .llama")
        return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="faceoff-docs-"))
    prepare(folder, source)
    servers = []
    server = subprocess.Popen([program, "simulate", "--script", "prompts/quickstart.gpt-4o.simulate.yaml"], cwd=source,
                              stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().split()[-1]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LLAMA_SERVER": llama,
                       "OPENAI_API_KEY": "a-key-for-the-stand-in", "OPENAI_BASE_URL": url + "/v1"}
        total = 0
        for path in [source / "README.md", *sorted((source / "docs").glob("*.md"))]:
            count = run_document(path, folder, environment, program, servers)
            if count < 0:
                return 1
            total += count
        print(f"{total} examples ran")
        return 0 if total >= 5 else 1
    finally:
        for process in [server, *servers]:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
