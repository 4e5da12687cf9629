#!/usr/bin/env bash
# One command for each wish of a developer; ./do help lists them.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
cd "$root"
. scripts/jdk.sh

usage() {
    cat <<'USAGE'
usage: ./do COMMAND [ARGUMENT...]
  setup                fetch Maven and every dependency, so that the rest works offline
  format               bring all sources into the one format
  check                format, compiler checks, and every test that needs no compiled kernels
  test [MODULE]        everything: format, compiler checks, all tests, skip census
  bench [MODEL] [--shapes BxS,...] [--precisions P,...] [--rounds N] [--seconds S] [--out FILE]
                       latency of Hone beside ONNX Runtime and, with a Python that HONE_PEERS_PYTHON names, OpenVINO
  figures              make the tables of the README from the records in docs/measurements
  fuzz [--seed SEED] [--test CLASS] [--factor N]
                       the random tests, ten times as long and from a new start; or one round again
  help                 this list
HONE_MAVEN_ARGS is passed on to Maven (for example "-o").
USAGE
}

maven() {
    # shellcheck disable=SC2086 # the arguments are meant to be split at spaces
    ./mvnw -B -ntp --fail-at-end ${HONE_MAVEN_ARGS:-} "$@" < /dev/null
}

# Old reports would be counted by the census.
forget_reports() { rm -rf ./*/target/surefire-reports; }

# One small test makes Maven fetch what running tests needs, too.
command_setup() {
    maven -q spotless:check test -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false
    ./hone --version
    say "ready"
}

command_format() { maven -q spotless:apply; }

command_check() {
    forget_reports
    maven spotless:check test -DexcludedGroups=native,slow
    scripts/census.sh
}

command_test() {
    forget_reports
    if [ $# -gt 0 ]; then
        maven spotless:check test -pl "$1" -am
    else
        maven spotless:check test
    fi
    scripts/census.sh
}

command_bench() { scripts/bench.sh "$@"; }

command_figures() { python3 scripts/figures.py; }

command_fuzz() {
    local factor=10 seed='' test='*Fuzz*' start
    start=$(od -An -N7 -tx1 /dev/urandom | tr -d ' \n')
    while [ $# -gt 0 ]; do
        case $1 in
            --seed) seed=${2:?--seed needs a value} && shift 2 ;;
            --test) test=${2:?--test needs a value} && shift 2 ;;
            --factor) factor=${2:?--factor needs a value} && shift 2 ;;
            *) say "fuzz does not know '$1'" && usage >&2 && exit 2 ;;
        esac
    done
    local options="-Dhone.fuzz.start=$start -Dhone.fuzz.factor=$factor"
    if [ -n "$seed" ]; then
        options="-Dhone.fuzz.seed=$seed"
    fi
    say "fuzz: $options"
    forget_reports
    maven test -Dtest="$test" -Dsurefire.failIfNoSpecifiedTests=false -Dfuzz.arguments="$options"
    scripts/census.sh
}

wish=${1:-help}
[ $# -eq 0 ] || shift
case $wish in
    help | -h | --help) usage && exit 0 ;;
    setup | format | check | test | bench | figures | fuzz) ;;
    *) say "unknown command '$wish'" && usage >&2 && exit 2 ;;
esac
require_jdk
"command_$wish" "$@"
