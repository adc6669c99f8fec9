#!/usr/bin/env python3
"""Fails when a module includes a header of a module above it, or a heavy header outside its room.

usage: check_layers.py [ROOT]     ROOT defaults to the project this script lies in
"""
import pathlib
import re
import sys

# Lowest first; the same order as in CMakeLists.txt.
ORDER = ["base", "doc", "stats", "chat", "suite", "net", "backend", "score", "store", "run",
         "compare", "load", "report", "simulate", "cli"]
# Headers that cost seconds to compile, or whose library has one owner: allowed in the .cpp files
# (and private headers) of these modules only.
HEAVY = {
    "CLI/": {"cli"},
    "boost/": {"stats"},
    "curl/": {"net"},
    "nlohmann/json.hpp": {"doc", "backend", "score", "store", "report", "simulate", "cli"},
    "openssl/": {"base"},
    "pcre2.h": {"score", "base"},
    "simdjson.h": {"store"},
    "spdlog/": {"base"},
    "sqlite3.h": {"cli"},
    "utf8proc.h": {"base"},
    "yaml.h": {"doc"},
    "zlib.h": {"base", "simulate"},
}


def violations(root):
    for path in sorted([*root.glob("include/faceoff/*/**/*.h"), *root.glob("src/*/**/*.cpp"),
                        *root.glob("src/*/**/*.h")]):
        parts = path.relative_to(root).parts
        public = parts[0] == "include"
        module = parts[2] if public else parts[1]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            place = f"{path.relative_to(root)}:{number}"
            match = re.match(r'#include [<"]faceoff/(\w+)/', line)
            if match and ORDER.index(match[1]) > ORDER.index(module):
                yield f"{place}: {module} must not include {match[1]}"
            for heavy, owners in HEAVY.items():
                if re.match(rf'#include [<"]{re.escape(heavy)}', line) and (public or module not in owners):
                    yield f"{place}: {heavy} is not allowed here"


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    found = list(violations(root))
    print("\n".join(found) or "layers: every include points downwards")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
