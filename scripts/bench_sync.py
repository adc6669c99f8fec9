#!/usr/bin/env python3
"""What syncing the log of a run costs on the file system of FOLDER.

usage: bench_sync.py [FOLDER]

Appends records of 2 KB as a run does. First syncs behind every record, as a log would have to that
loses nothing to a power cut; then behind every so many as a fast run writes in a second, as
faceoff does. Prints the time of a sync, and which share of a second a run spends on it.
"""
import os
import statistics
import sys
import tempfile
import time

RECORD = b"x" * 2047 + b"\n"
RECORDS_A_SECOND = 5000
SYNCS = 40


def syncs(fd, records):
    times = []
    for _ in range(SYNCS):
        for _ in range(records):
            os.write(fd, RECORD)
        before = time.perf_counter()
        os.fdatasync(fd)
        times.append((time.perf_counter() - before) * 1000)
    return times


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        each = syncs(file.fileno(), 1)
        second = syncs(file.fileno(), RECORDS_A_SECOND)
    for name, times in (("behind every record", each), ("once a second, 5,000 records", second)):
        print(f"sync {name:30}  median {statistics.median(times):7.2f} ms   "
              f"greatest {max(times):7.2f} ms")
    print(f"most records a second, synced one by one: {1000 / statistics.median(each):.0f}")
    print(f"share of a run's time, synced once a second: {statistics.median(second) / 10:.1f}%")


main()
