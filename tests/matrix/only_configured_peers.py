#!/usr/bin/env python3
"""RES-02: a run connects to the servers that were configured, and to nothing else.

usage: only_configured_peers.py FACEOFF

Traces a run, with all its children, by strace. Exits 77 where processes cannot be traced.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SUITE = "suite: s\ndefaults: {score: number}\ncases: [{prompt: '1 + 1 =', target: 2}, {prompt: '1 + 2 =', target: 3}]\n"
# What reaches another host, or asks one for a name: connect(), and datagrams that name their destination.
CALL = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(")
INET = re.compile(r'sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)')


def traceable():
    return shutil.which("strace") and subprocess.run(
        ["strace", "-f", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def main():
    if not traceable():
        print("skipped: strace is missing or processes cannot be traced here")
        return 77
    program = str(pathlib.Path(sys.argv[1]).resolve())
    folder = pathlib.Path(tempfile.mkdtemp(prefix="faceoff-peers-"))
    (folder / "s.yaml").write_text(SUITE)
    (folder / "a.yaml").write_text("answers: s.yaml\n")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    servers, words, allowed = [], [], set()
    try:
        for name in ("one", "two"):
            servers.append(subprocess.Popen([program, "simulate", "--script", "a.yaml"], cwd=folder, env=environment,
                                            stdout=subprocess.PIPE, text=True))
            url = servers[-1].stdout.readline().split()[-1]
            words += ["-b", f"{name}=openai-compatible:m@{url}/v1"]
            allowed.add(("127.0.0.1", int(url.rsplit(":", 1)[1])))
        done = subprocess.run(["strace", "-f", "-qq", "-e", "trace=%network", "-o", "trace", program, "run", "s.yaml", "-o",
                               "r", *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=280)
        if done.returncode != 0:
            print(f"the run failed with exit code {done.returncode}:\n{done.stderr}")
            return 1
    finally:
        for server in servers:
            server.kill()
            server.wait()
    reached, foreign = set(), []
    for line in (folder / "trace").read_text(errors="replace").splitlines():
        if not CALL.search(line) or "AF_" not in line:
            continue  # sent on a connection that was judged when it was made
        if "/var/run/nscd/socket" in line:
            continue  # libc looks for a cache of user names on this machine
        peer = INET.search(line)
        address = (peer.group(2), int(peer.group(1))) if peer else None
        if address in allowed:
            reached.add(address)
        else:
            foreign.append(line)
    shutil.rmtree(folder)
    if foreign or reached != allowed:
        print("reached beside the configured servers:", *foreign, sep="\n")
        print(f"configured: {sorted(allowed)}; reached of them: {sorted(reached)}")
        return 1
    print(f"only {sorted(reached)} were reached")
    return 0


if __name__ == "__main__":
    sys.exit(main())
