"""Hone beside its peers in one run: for each shape all contestants take turns, in every other round the other way round.

Run by ./do bench, with a Python that has the peers or any other from 3.9 on. Contestants live in two processes, one
for Hone and ONNX Runtime in the JVM and one for the peers in Python; only the one whose turn it is works, the threads of the
others sleep. Writes JSON lines: first the machine, then each contestant at each shape.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHAPES = "1x8,1x16,1x32,1x64,1x128,1x256,1x384,1x512,8x128,32x64"
PRECISIONS = "f32,bf16,f16,int8"
# Long enough for the threads of the contestant before to stop spinning.
PAUSE_SECONDS = 0.1


def say(text):
    print(f"[hone] {text}", file=sys.stderr, flush=True)


class Contestants:
    """A process that times a turn of one of its contestants when asked."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.greeting = self.answer()
        for sentence in self.greeting["left_out"]:
            say(f"left out: {sentence}")

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"[hone] {self.process.args[0]} ended with status {self.process.wait()}; see above")
        return json.loads(line)

    def names(self):
        return [(each["engine"], each["precision"]) for each in self.greeting["contestants"]]

    def turn(self, name, shape, seconds):
        self.process.stdin.write(f"{name[0]} {name[1]} {shape} {seconds}\n")
        self.process.stdin.flush()
        return self.answer()["millis"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def record(name, shape, threads, rounds):
    """The interval goes from the lowest to the highest median of a round: of six rounds it holds the median with 97 %."""
    medians = [statistics.median(each) for each in rounds]
    times = sorted(each for turn in rounds for each in turn)
    median = statistics.median(medians)
    batch, sequence = map(int, shape.split("x"))
    return {
        "engine": name[0],
        "precision": name[1],
        "batch": batch,
        "sequence": sequence,
        "threads": threads,
        "rounds": len(rounds),
        "samples": len(times),
        "median_ms": round(median, 6),
        "low95_ms": round(min(medians), 6),
        "high95_ms": round(max(medians), 6),
        "p90_ms": round(times[int(0.90 * (len(times) - 1))], 6),
        "p99_ms": round(times[int(0.99 * (len(times) - 1))], 6),
        "sequences_per_second": round(batch / median * 1e3, 3),
    }


def measure(contestants, shape, options):
    rounds = {name: [] for name in contestants}
    for name, process in contestants.items():
        process.turn(name, shape, options.seconds / 2)
    for number in range(options.rounds):
        order = list(contestants.items())
        for name, process in order if number % 2 == 0 else reversed(order):
            time.sleep(PAUSE_SECONDS)
            rounds[name].append(process.turn(name, shape, options.seconds))
    return [record(name, shape, options.threads, turns) for name, turns in rounds.items()]


def print_table(shapes, names, records):
    found = {(each["engine"], each["precision"], f"{each['batch']}x{each['sequence']}"): each for each in records}
    print(f"{'median ms':24}" + "".join(f"{shape:>10}" for shape in shapes))
    for engine, precision in sorted(names, key=lambda name: (PRECISIONS.find(name[1]), name[0] == "hone", name[0])):
        cells = "".join(f"{found[(engine, precision, shape)]['median_ms']:10.3f}" for shape in shapes)
        print(f"{engine + ' ' + precision:24}{cells}")


def python_peers(onnx, options):
    if onnx is None:
        say("left out: OpenVINO and ONNX Runtime in Python need an ONNX file, and this model has none")
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hone" / "peers"
    command = [sys.executable, str(ROOT / "scripts" / "peers.py"), onnx, str(options.threads), str(cache)]
    return Contestants(command)


def processors():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def parsed():
    parser = argparse.ArgumentParser(prog="./do bench", description="Hone beside its peers, by turns in one run.")
    parser.add_argument("model", nargs="?", help="a directory or an ONNX file; default: the bundled model")
    parser.add_argument("--shapes", default=SHAPES, help="batch x tokens, with commas; default: %(default)s")
    parser.add_argument("--precisions", default=PRECISIONS, help="of Hone; default: %(default)s")
    parser.add_argument("--threads", type=int, default=processors(), help="of each contestant; default: %(default)s")
    parser.add_argument("--rounds", type=int, default=6, help="turns of each contestant at each shape; default: %(default)s")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn; default: %(default)s")
    parser.add_argument("--out", type=Path, help="a file for the records, for example docs/measurements/minilm.jsonl")
    parser.add_argument("--with-python-peers", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = parsed()
    command = [str(ROOT / "hone"), "benchmark", *([options.model] if options.model else []), "--turns"]
    command += ["--engine", "onnxruntime,hone", "--precision", options.precisions, "--threads", str(options.threads)]
    in_java = Contestants(command)
    in_python = python_peers(in_java.greeting["onnx"], options) if options.with_python_peers else None
    contestants = {name: process for process in (in_java, in_python) if process for name in process.names()}
    machine = in_java.greeting["machine"]
    if in_python:
        machine["python"] = in_python.greeting["versions"]
    shapes, records = options.shapes.split(","), []
    for shape in shapes:
        say(f"{shape}: {len(contestants)} contestants, {options.rounds} rounds of {options.seconds} s each")
        records += measure(contestants, shape, options)
    for process in (in_java, in_python):
        if process:
            process.close()
    print_table(shapes, contestants, records)
    if options.out:
        part = options.out.with_name(options.out.name + ".part")
        part.write_text("".join(json.dumps(line) + "\n" for line in [{"machine": machine}, *records]))
        part.rename(options.out)
        say(f"wrote {options.out}")


if __name__ == "__main__":
    main()
