#!/usr/bin/env bash
# Hone beside its peers, by turns in one run: see ./do help. With a Python that has OpenVINO or ONNX Runtime these take
# part (scripts/bench.py); without one Hone and ONNX Runtime in the JVM do. Says what is left out.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/jdk.sh"

python_runs() { "$1" -c "$2" > /dev/null 2>&1; }

python=''
for candidate in "${HONE_PEERS_PYTHON:-}" python3; do
    if [ -n "$candidate" ] && python_runs "$candidate" 'import onnxruntime, openvino'; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    if [ -n "${HONE_PEERS_PYTHON:-}" ]; then
        say "HONE_PEERS_PYTHON ($HONE_PEERS_PYTHON) cannot import onnxruntime and openvino"
        exit 1
    fi
    say "left out: OpenVINO and ONNX Runtime in Python; set HONE_PEERS_PYTHON to a Python with onnxruntime, openvino and nncf"
fi
if [ -z "$python" ] && ! python_runs python3 'import sys; assert sys.version_info >= (3, 9)'; then
    say "taking turns needs a Python from 3.9 on, and there is none: Hone and ONNX Runtime alone are measured by" \
        "./hone benchmark MODEL --engine hone,onnxruntime"
    exit 1
fi
exec "${python:-python3}" "$root/scripts/bench.py" ${python:+--with-python-peers} "$@"
