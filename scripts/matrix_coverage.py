#!/usr/bin/env python3
"""Checks that every row of the fault matrix (tests/matrix/rows.txt) is covered by a test of its name.

usage: matrix_coverage.py [SOURCE_DIR] [--list]

A row is covered when its id stands in the name of a test: TEST(Suite, Net05...), a row of a parameter table
that begins with {"Net05...", or add_test(NAME ... NET-05). Case and the sign between letters and digits do
not matter. --list prints the tests of each row. Exits 1 when a row has neither a test nor a reason.
"""
import collections
import pathlib
import re
import sys

NAMES = (re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+\s*,\s*\w+)\s*\)"), re.compile(r'\{\s*"([A-Za-z]+[-_]?\d\d\w*)"\s*,'),
         re.compile(r"add_test\(\s*NAME\s+(\S+)"))
AREAS = "key|tls|prx|net|crs|bud|res|cache|out|tty"


def read_rows(path):
    rows = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        excuse = len(parts) == 3 and parts[2].removeprefix("not built:").strip()
        if len(parts) not in (2, 3) or not parts[1] or (len(parts) == 3 and
                                                        (not parts[2].startswith("not built:") or not excuse)):
            sys.exit(f"{path}:{number}: expected 'ID | text' or 'ID | text | not built: reason'")
        rows[parts[0]] = excuse or None
    return rows


def read_tests(folder):
    tests = collections.defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".cpp", ".h") and path.name != "CMakeLists.txt":
            continue
        text = path.read_text()
        for pattern in NAMES:
            for name in pattern.findall(text):
                name = re.sub(r"\s*,\s*", ".", name)
                for area, digits in re.findall(rf"(?<![a-zA-Z])((?i:{AREAS}))[-_]?(\d\d)(?!\d)", name):
                    tests[f"{area.upper()}-{digits}"].append(f"{path.relative_to(folder)}: {name}")
    return tests


def main():
    words = [word for word in sys.argv[1:] if word != "--list"]
    source = pathlib.Path(words[0]) if words else pathlib.Path(__file__).resolve().parent.parent
    rows, tests = read_rows(source / "tests/matrix/rows.txt"), read_tests(source / "tests")
    if "--list" in sys.argv:
        for row in rows:
            print(row, *(tests[row] or ["none"]), sep="\n    ")
    missing = [row for row, reason in rows.items() if not reason and not tests[row]]
    idle = [row for row, reason in rows.items() if reason and tests[row]]
    covered = sum(bool(tests[row]) for row in rows)
    print(f"{covered} of {len(rows)} rows have tests, {sum(1 for r in rows.values() if r)} a reason")
    if missing:
        print("no test and no reason:", *missing)
    if idle:
        print("'not built', but there are tests:", *idle)
    return 1 if missing or idle else 0


if __name__ == "__main__":
    sys.exit(main())
