#!/bin/sh
# get-llama-server.sh - put a ready-built llama-server (Debian's own package) into a folder.
#
#   usage: get-llama-server.sh [--force-private] DEST     (DEST is .llama in this project)
#
# Prints ONE line on stdout: the llama-server command to run.  Progress goes to stderr.
# Looks, in this order, for
#   1. $LLAMA_SERVER, then `llama-server` on PATH      (unless --force-private)
#   2. DEST/bin/llama-server from an earlier run
#   3. Debian's package llama.cpp-tools and the libraries that it needs, downloaded with
#      apt from the archive that this system's own apt is configured for, signature-checked
#      with Debian's archive keyring, and unpacked into DEST.
#
# Needs: apt, dpkg-deb, awk, sed (any Debian 12 or newer; root is not needed).  Nothing is installed:
# the system's apt configuration, package lists and dpkg database are left untouched.
# The packages come from a newer Debian, with their own libc; a start script runs the
# program with that libc's loader, so the system's libraries do not matter.  DEST may be moved.
# About 46 MB on disk.  Safe to run again: what is there and works is used as it is.
#
# Environment: LLAMA_SUITES   suites to try, best first     (default "testing sid")
#              LLAMA_MIRROR   archive URI to use instead of the configured one
#              LLAMA_KEEP     non-empty: keep the .deb files and lists in DEST/.work.*
#              LLAMA_APT_OPTS further options for apt-get and apt-cache, e.g. for a frozen mirror
#                             "-o Acquire::Check-Valid-Until=false"
set -eu
LC_ALL=C; export LC_ALL
umask 022
say() { printf 'get-llama-server: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

force=
[ "${1:-}" = --force-private ] && { force=1; shift; }
if [ $# -ne 1 ] || [ -z "$1" ]; then sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; fi
case $1 in -*) die "unknown option '$1'" ;; esac
works() { "$1" --version >/dev/null 2>&1; }

# 1. one that is already here
if [ -z "$force" ]; then
    for c in "${LLAMA_SERVER:-}" "$(command -v llama-server || :)"; do
        [ -n "$c" ] && works "$c" && { say "found $c"; printf '%s\n' "$c"; exit 0; }
    done
fi

# 2. an earlier run's
mkdir -p -- "$1" || die "cannot make the folder '$1'"
DEST=$(CDPATH='' cd -- "$1" && pwd -P)
# Quotes end a word in apt's configuration; colons and semicolons separate the loader's folders.
case $DEST in *[\'\"\;:\\]*) die "DEST must not hold quotes, colons or semicolons: '$DEST'" ;; esac
[ -x "$DEST/bin/llama-server" ] && works "$DEST/bin/llama-server" &&
    { say "already there: $(head -n 1 "$DEST/VERSION" 2>/dev/null)"; printf '%s\n' "$DEST/bin/llama-server"; exit 0; }

# 3. Debian's package
[ -e /proc/self/exe ] || die "/proc is not mounted (llama-server finds its CPU code through it)"
for t in apt-get apt-cache dpkg dpkg-deb awk; do command -v "$t" >/dev/null || die "$t is needed"; done
ARCH=$(dpkg --print-architecture)
KEY=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$KEY" ] || die "$KEY is missing (package debian-archive-keyring)"

W=$(mktemp -d "$DEST/.work.XXXXXX")
trap '[ -n "${LLAMA_KEEP:-}" ] || rm -rf "$W"' EXIT
mkdir -p "$W/lists/partial" "$W/cache/archives/partial" "$W/root"
trap 'exit 130' INT TERM HUP
: >"$W/status"

# Where does this system's apt fetch its own release from?  (Works with empty package lists too.)
# shellcheck source=/dev/null
release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
mirrors=${LLAMA_MIRROR:-$(apt-get --print-uris update 2>/dev/null | awk -v want="$release" '
    /^'\''/ && /\/InRelease'\''/ {
        u = $1; gsub(/'\''/, "", u); n = split(u, p, "/dists/"); s = p[n]; sub(/\/InRelease$/, "", s)
        if (n == 2 && !seen[p[1]]++ && (s == want || s ~ /^(stable|testing|unstable|sid)$/)) print p[1] }')}
[ -n "$mirrors" ] || die "no Debian archive in apt's configuration; set LLAMA_MIRROR"

# A private apt: own sources, lists, cache and an empty "installed" database.  Proxy, credentials
# and so on still come from the system's configuration (this file is read after it, by -c).
for o in "Etc::SourceList $W/s.list" "Etc::SourceParts /dev/null" "Etc::Preferences /dev/null" \
         "Etc::PreferencesParts /dev/null" "State::Lists $W/lists" "State::status $W/status" \
         "Cache $W/cache" "Cache::archives archives/" "Cache::pkgcache pkgcache.bin" "Cache::srcpkgcache srcpkgcache.bin"
do  printf 'Dir::%s "%s";\n' "${o%% *}" "${o#* }"
done >"$W/apt.conf"
cat >>"$W/apt.conf" <<X
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::DEP-11-icons-small;
#clear Acquire::IndexTargets::deb::DEP-11-icons;
#clear Acquire::IndexTargets::deb::DEP-11-icons-hidpi;
#clear Acquire::IndexTargets::deb::DEP-11-icons-large;
#clear Acquire::IndexTargets::deb::CNF;
X
# shellcheck disable=SC2086
apt_() { c=$1; shift; "$c" -q -c "$W/apt.conf" ${LLAMA_APT_OPTS:-} "$@"; }

# The package and, transitively, the shared libraries that it depends on.
closure() {
    todo=llama.cpp-tools; all=
    while [ -n "$todo" ]; do
        new=
        # shellcheck disable=SC2086
        for p in $(apt_ apt-cache depends --important --no-recommends $todo 2>/dev/null |
                   awk '/^ *\|?(Pre)?Depends:/ { print $2 }' | sort -u); do
            case $p in
                libc-gconv*|libdebconf*) continue ;;
                lib*|zlib1g) ;;
                *) continue ;;
            esac
            case " $all $todo $new " in *" $p "*) ;; *) new="$new $p" ;; esac
        done
        all="$all $todo"; todo=$new
    done
    printf '%s\n' "$all"
}

got=
for m in $mirrors; do
    for s in ${LLAMA_SUITES:-testing sid}; do
        say "trying $m $s"
        printf 'deb [signed-by=%s arch=%s] %s %s main\n' "$KEY" "$ARCH" "$m" "$s" >"$W/s.list"
        apt_ apt-get update >"$W/update.log" 2>&1 || { tail -n 2 "$W/update.log" >&2; continue; }
        grep -q '^Err:' "$W/update.log" && { grep '^Err:' "$W/update.log" >&2; continue; }
        ver=$(apt_ apt-cache policy llama.cpp-tools | sed -n 's/^ *Candidate: //p')
        case ${ver:-none} in *none*) say "no llama.cpp-tools for $ARCH in $s"; continue ;; esac
        pkgs=$(closure)
        say "downloading llama.cpp-tools $ver:$pkgs"
        # shellcheck disable=SC2086
        (cd "$W/cache/archives" && apt_ apt-get download $pkgs) >"$W/download.log" 2>&1 ||
            { tail -n 3 "$W/download.log" >&2; continue; }
        got=$s; break 2
    done
done
[ -n "$got" ] || ! grep -qs 'is expired' "$W/update.log" ||
    say 'a frozen mirror?  Try LLAMA_APT_OPTS="-o Acquire::Check-Valid-Until=false"'
[ -n "$got" ] || die "could not get llama.cpp-tools from any of: $mirrors"

for d in "$W"/cache/archives/*.deb; do dpkg-deb -x "$d" "$W/root"; done

# One flat folder: program, libraries, ggml's CPU variants and the loader.  The loader is
# called "llama-server" so that ps shows that name and so that ggml, which looks for its CPU
# variants beside the running executable (the loader, here), finds them.
N=$W/new; mkdir -p "$N/bin" "$N/lib" "$N/copyright"
find "$W/root" -path '*/lib*' \( -type f -o -type l \) \( -name 'lib*.so' -o -name 'lib*.so.[0-9]*' \) \
    ! -path '*/engines-*' ! -path '*/ossl-modules/*' ! -name 'libc_malloc_debug*' ! -name 'libmemusage*' \
    ! -name 'libpcprofile*' ! -name 'libBroken*' ! -name 'libnss_*' ! -name 'libthread_db*' \
    ! -name '*.py' -exec cp -a {} "$N/lib/" \;
cp "$W/root/usr/bin/llama-server" "$N/lib/llama-server.bin"
ld=$(find "$W/root" -type f -name 'ld-linux*.so.*' -o -type f -name 'ld64.so.*' | head -n 1)
[ -n "$ld" ] || die "no loader in libc6"
cp "$ld" "$N/lib/llama-server"; chmod 755 "$N/lib/llama-server"
for f in "$W"/root/usr/share/doc/*/copyright; do
    [ -f "$f" ] && { p=${f%/copyright}; cp "$f" "$N/copyright/${p##*/}"; }
done
cat >"$N/bin/llama-server" <<'X'
#!/bin/sh
# Debian's llama-server, run with the libc that came with it.
d=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/../lib" && pwd) || exit 1
exec "$d/llama-server" --argv0 llama-server --inhibit-cache --library-path "$d" "$d/llama-server.bin" "$@"
X
chmod 755 "$N/bin/llama-server"
(cd "$W/cache/archives" && printf 'llama.cpp-tools %s (%s %s)\n' "$ver" "$got" "$ARCH" && sha256sum ./*.deb) >"$N/VERSION"
works "$N/bin/llama-server" || { "$N/bin/llama-server" --version >&2 || :; die "the unpacked llama-server does not run"; }
for f in bin lib copyright VERSION; do rm -rf "${DEST:?}/$f"; mv "$N/$f" "$DEST/$f"; done
say "ready: $(head -n 1 "$DEST/VERSION")"
printf '%s\n' "$DEST/bin/llama-server"
