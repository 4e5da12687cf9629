"""Measures what each precision changes in the answers of models on their tasks, and keeps it as JSON lines.

usage: scripts/accuracy.py MODELS DATA [--precisions f32,bf16,int8,int4] [--out FILE]

MODELS holds the folders minilm-sst2, minilm-mrpc, minilm-wnut17 and minilm-squad2, DATA the data sets; those that are not
there are named and left out. STS-B is asked of the bundled model. Each line is one precision on one data set, as
hone evaluate --format json gives it, without times, because accuracy is measured while other work runs.
"""

import argparse
import json
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# model (None: the bundled one), task, data set
RUNS = (
    ("minilm-sst2", "sst2", "sst2/test.jsonl"),
    ("minilm-sst2", "sst2", "sst2/dev.jsonl"),
    ("minilm-mrpc", "mrpc", "mrpc/test.jsonl"),
    ("minilm-wnut17", "ner", "wnut17/test.conll"),
    ("minilm-squad2", "squad2", "squad-v2/dev-public-v2.0.json.gz"),
    (None, "stsb", "stsb/test.jsonl"),
)
KEPT = ("task", "rows", "engine", "precision", "metrics", "intervals", "against")


def command(model, task, data, precisions):
    named = [] if model is None else [str(model)]
    return [str(ROOT / "hone"), "evaluate", *named, "--task", task, "--data", str(data), "--precision", precisions, "--format", "json"]


def lines(arguments):
    """The records of all runs, one after the other."""
    for model, task, data in RUNS:
        folder = None if model is None else arguments.models / model
        file = arguments.data / data
        missing = [str(path) for path in (folder, file) if path is not None and not path.exists()]
        if missing:
            print(f"left out {task} on {data}: no {' and no '.join(missing)}", file=sys.stderr)
            continue
        print(f"{model or 'bundled model'}: {task} on {data}", file=sys.stderr)
        answer = subprocess.run(command(folder, task, file, arguments.precisions), check=True, stdout=subprocess.PIPE, text=True)
        for line in answer.stdout.splitlines():
            record = json.loads(line)
            yield {"model": model or "all-MiniLM-L6-v2", "data": data, **{key: record[key] for key in KEPT if key in record}}


def processor():
    """The processor's name, which decides the bits of bf16 products."""
    facts = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in facts.read_text().splitlines() if line.startswith("model name")] if facts.exists() else []
    return names[0] if names else platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--precisions", default="f32,bf16,int8,int4")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/measurements/precision-metrics.jsonl")
    arguments = parser.parse_args()
    version = subprocess.run([str(ROOT / "hone"), "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    head = {
        "command": "scripts/accuracy.py MODELS DATA --precisions " + arguments.precisions,
        "hone": version,
        "processor": processor(),
        "note": "Percent for squad2, shares for all others.",
    }
    part = arguments.out.with_name(arguments.out.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as out:
            for record in (head, *lines(arguments)):
                print(json.dumps(record, ensure_ascii=False, separators=(",", ":")), file=out)
        part.replace(arguments.out)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
