#!/bin/sh
# quickstart.sh - build faceoff and run its first comparison: GPT-4o against a local Llama.
#
#   usage: quickstart.sh [GGUF | URL]
#
#   GGUF   a model file of yours for the local side     (default: models/tiny.gguf)
#   URL    a server that is running already, e.g. http://127.0.0.1:8080
#
# Four steps: install the build's packages, build, get a llama-server, run prompts/quickstart.yaml.
# Every step is safe to repeat and does only what is still missing.
#
# Environment: OPENAI_API_KEY   the real GPT-4o answers; without it a stand-in does, marked as simulated
#              FACEOFF_LLAMA    GGUF or URL, when no argument is given
#              LLAMA_SERVER     a llama-server of yours
set -eu
step() { printf 'quickstart: %s\n' "$*" >&2; }
die() { step "error: $*"; exit 1; }

[ $# -le 1 ] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
case ${1:-} in
    -h | --help) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) sed -n '4s/^# *//p' "$0" >&2; exit 2 ;;
esac

given=${1:-${FACEOFF_LLAMA:-}}
case $given in
    '') llama='llama-server:models/tiny.gguf' ;;
    http://* | https://*) llama=llama-server@$given ;;
    *)
        case $given in *.gguf) ;; *) die "'$given' is neither a .gguf file nor a URL" ;; esac
        [ -r "$given" ] || die "cannot read '$given'; give a GGUF file or the URL of a running server"
        llama=llama-server:$(CDPATH='' cd -- "$(dirname -- "$given")" && pwd)/$(basename -- "$given")
        ;;
esac
cd -- "$(dirname -- "$0")/.."

step '1/4 packages'
sh scripts/install-deps.sh --build

step '2/4 build into build/release'
cmake --preset release -DBUILD_TESTING=OFF >&2
cmake --build --preset release --target faceoff >&2

case $llama in
    llama-server@*) step "3/4 llama-server: yours, at $given" ;;
    *)
        step '3/4 llama-server'
        LLAMA_SERVER=$(sh scripts/get-llama-server.sh .llama) ||
            die 'no llama-server, so no local Llama; install one, set LLAMA_SERVER, or give the URL of one'
        export LLAMA_SERVER
        ;;
esac

if [ -n "${OPENAI_API_KEY:-}" ]; then
    step '4/4 run: gpt-4o over its API against the local Llama'
    gpt=openai:gpt-4o-2024-11-20
else
    step '4/4 run: gpt-4o is simulated (OPENAI_API_KEY is not set) against the local Llama'
    gpt=simulate:prompts/quickstart.gpt-4o.simulate.yaml
fi
exec build/release/bin/faceoff run prompts/quickstart.yaml -b "gpt-4o=$gpt" -b "llama=$llama"
