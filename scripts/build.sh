#!/bin/sh
# Builds what ./hone runs. Progress goes to standard error, all of Maven's words to cli/target/hone-build.log.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/jdk.sh"
require_jdk

target=$root/cli/target
log=$target/hone-build.log
lock=$target/hone.lock
mkdir -p "$target"

# A second build started meanwhile waits for the first one and then builds on what that left.
until mkdir "$lock" 2> /dev/null; do
    owner=$(cat "$lock/pid" 2> /dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2> /dev/null; then
        rm -rf "$lock"
    else
        [ -n "${waiting:-}" ] || say "waiting for the build of process ${owner:-unknown} (lock: $lock)"
        waiting=yes
        sleep 1
    fi
done
echo $$ > "$lock/pid"
trap 'rm -rf "$lock"' EXIT
trap 'exit 130' INT TERM

# Shows the modules as they are built, and what is fetched: big files by name, the rest as a count.
show_progress() {
    awk '
        { print > log_file; fflush(log_file) }
        /Building Hone.*\[[0-9]+\/[0-9]+\]/ { sub(/^.*Building /, ""); print "[hone] building " $0; fflush(); next }
        /Downloading from .*(llvm|onnxruntime|tokenizers|minilm).*\.jar$/ {
            sub(/^.*\//, ""); print "[hone] fetching " $0; fflush(); next }
        /Downloaded from / { fetched++; if (fetched % 50 == 0) { print "[hone] fetched " fetched " files"; fflush() } next }
        /^\[ERROR\]/ { if (errors++ < 25) { print; fflush() } }
    ' log_file="$log" >&2
}

say "building (JDK at $JAVA_HOME; log: $log)"
touch "$target/hone.started"
rm -f "$target/hone.built"
cd "$root"
{
    # shellcheck disable=SC2086 # the arguments are meant to be split at spaces
    if ./mvnw -B -Dstyle.color=never -Dmaven.test.skip=true ${HONE_MAVEN_ARGS:-} package 2>&1 < /dev/null; then
        touch "$target/hone.succeeded"
    fi
} | show_progress
if [ ! -f "$target/hone.succeeded" ]; then
    say "the build failed; everything it said is in $log"
    exit 1
fi
rm "$target/hone.succeeded"
mv "$target/hone.started" "$target/hone.built"
say "built"
