#!/bin/sh
# The skip census: how many tests ran and were skipped in each module, and why. Fails when no test ran, or when a test was
# skipped for a reason that does not begin with "optional: ".
set -eu
cd "$(dirname "$0")/.."
set -- */target/surefire-reports/TEST-*.xml
[ -e "$1" ] || { echo "skip census: no test report found" >&2; exit 1; }
awk '
    function attribute(name,    found) {
        found = $0
        if (!sub(".*[ \t]" name "=\"", "", found)) return ""
        sub("\".*", "", found)
        return found
    }
    FNR == 1 { split(FILENAME, parts, "/"); module = parts[1]; testcase = "" }
    /<testsuite / { in_suite = 1 }
    in_suite && / tests="/ { run[module] += attribute("tests") }
    in_suite && / skipped="/ { skipped[module] += attribute("skipped") }
    in_suite && />/ { in_suite = 0 }
    /<testcase / { testcase = attribute("classname") "." attribute("name") }
    /<skipped/ {
        # Disabled tests have a message; for a failed assumption it stands at the head of the stack trace.
        reason = attribute("message")
        if (reason == "" && sub(/^.*<!\[CDATA\[/, "")) {
            reason = $0
            sub(/^[A-Za-z0-9_.$]*Exception: /, "", reason)
            sub(/\]\]>.*$/, "", reason)
        }
        sub(/^Assumption failed: /, "", reason)
        if (reason ~ /^optional: /) optional[reason]++
        else { bad++; print "  NOT PERMITTED: " testcase ": " (reason == "" ? "no reason given" : reason) }
    }
    END {
        print "skip census"
        for (module in run) { printf "  %-8s %6d run %6d skipped\n", module, run[module] - skipped[module], skipped[module]; total += run[module] - skipped[module] }
        for (reason in optional) print "  " optional[reason] " x " reason
        if (bad) print "skip census: " bad " tests were skipped that must run"
        if (!total) print "skip census: no test ran"
        exit (bad || !total) ? 1 : 0
    }
' "$@"
