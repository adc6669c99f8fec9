#!/bin/sh
# install-deps.sh - install with apt what building (and testing) faceoff needs on Debian 12 or newer.
#
#   usage: install-deps.sh [--build | --test]
#
#   --build   what the build needs (default)
#   --test    that, and what only the tests need
#
# Packages that are installed already are left alone; when none is missing, apt is not touched and
# neither root nor sudo is needed.  FACEOFF_SKIP_DEPS=1 skips the whole step (for systems without apt).
set -eu
LC_ALL=C; export LC_ALL
say() { printf 'install-deps: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

build='g++ cmake ninja-build ccache pkg-config git ca-certificates
    libfmt-dev libspdlog-dev libcli11-dev nlohmann-json3-dev libsimdjson-dev libmimalloc-dev libcurl4-openssl-dev libexpected-dev
    libyaml-dev libpcre2-dev libutf8proc-dev libboost-math-dev libssl-dev libsqlite3-dev zlib1g-dev'
test='libgtest-dev libgmock-dev python3 strace bubblewrap libxml2-utils groff-base'

case ${1:---build} in
    --build) wanted=$build ;;
    --test) wanted="$build $test" ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) sed -n '4s/^# *//p' "$0" >&2; exit 2 ;;
esac
[ $# -le 1 ] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
[ -z "${FACEOFF_SKIP_DEPS:-}" ] || { say 'skipped: FACEOFF_SKIP_DEPS is set'; exit 0; }
# shellcheck disable=SC2086
set -- $wanted

for t in apt-get dpkg-query; do
    command -v "$t" >/dev/null ||
        die "no $t on this system; install what these Debian packages hold and set FACEOFF_SKIP_DEPS=1: $*"
done

missing=
for p in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
done
[ -n "$missing" ] || { say "nothing to do: all $# packages are installed"; exit 0; }

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "neither root nor sudo here; as root run: apt-get install -y$missing"
    as_root=sudo
fi
apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" >&2
}

say "installing:$missing"
# A broken third-party source must not stop us while Debian's own lists are good.
apt_get update || say 'apt-get update failed; going on with the package lists that are there'
# shellcheck disable=SC2086
apt_get install -y --no-install-recommends $missing || die "apt-get could not install:$missing"
say 'done'
