"""Latency of hone's ONNX files against the Python tools' in ONNX Runtime, as a table of Markdown.

Usage: python scripts/onnx-latency.py FOLDER [SECONDS [SHAPE ...]]
The folder is one that onnx-peer-files.py filled; a shape is BATCHxTOKENS. Both files of a kind are open in one process and
run by turns, the order changing at each turn; a turn begins with a run that is not timed. They are opened anew several
times, in either order, because where their memory lies changes times by several percent. A ratio is the median of the
turns' ratios, with the 95 % interval of that median from 2000 resamples of the turns. SECONDS is what each cell may take.
"""

import os
import statistics
import sys
import time

import numpy
import onnxruntime

THREADS = 2
OPENINGS = 4
SHAPES = ["1x8", "1x32", "1x128", "8x128"]
LEAST_RUNS_OF_A_TURN = 3
LEAST_SECONDS_OF_A_TURN = 0.02


def session(file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def feed(model, shape):
    rows, columns = map(int, shape.split("x"))
    drawn = numpy.random.default_rng(1)
    values = {
        "input_ids": drawn.integers(5, 400, (rows, columns)),
        "attention_mask": numpy.ones((rows, columns), numpy.int64),
        "token_type_ids": numpy.zeros((rows, columns), numpy.int64),
    }
    return {taken.name: values[taken.name] for taken in model.get_inputs()}


def turn(model, values):
    model.run(None, values)
    times = []
    while len(times) < LEAST_RUNS_OF_A_TURN or sum(times) < LEAST_SECONDS_OF_A_TURN:
        start = time.perf_counter()
        model.run(None, values)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def timed(ours, peers, shape, seconds):
    values = feed(ours, shape)
    pairs = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(pairs) < 2:
        if len(pairs) % 2 == 0:
            pairs.append((turn(ours, values), turn(peers, values)))
        else:
            theirs = turn(peers, values)
            pairs.append((turn(ours, values), theirs))
    return pairs


def opened(files, opening):
    """Both sessions, that of Hone's file first, whichever is opened first."""
    if opening % 2 == 0:
        return [session(file) for file in files]
    return [session(file) for file in reversed(files)][::-1]


def summary(pairs):
    times = numpy.array(pairs)
    ratios = times[:, 0] / times[:, 1]
    drawn = numpy.random.default_rng(2).choice(ratios, (2000, len(ratios)))
    low, high = numpy.quantile(numpy.median(drawn, axis=1), (0.025, 0.975))
    milliseconds = numpy.median(times, axis=0) * 1e3
    return milliseconds[0], milliseconds[1], numpy.median(ratios), low, high


def main():
    folder = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    shapes = sys.argv[3:] or SHAPES
    files = sorted(os.listdir(folder))
    kinds = [name.removeprefix("hone-") for name in files if name.startswith("hone-") and name.endswith(".onnx")]
    print("| file | shape | Hone's | Python tool's | ratio [95 %] |")
    print("|---|---|---|---|---|")
    for kind in kinds:
        files = [os.path.join(folder, f"{maker}-{kind}") for maker in ("hone", "python")]
        pairs = {shape: [] for shape in shapes}
        for opening in range(OPENINGS):
            sessions = opened(files, opening)
            for shape in shapes:
                pairs[shape] += timed(*sessions, shape, seconds / OPENINGS)
        for shape in shapes:
            hone, python, ratio, low, high = summary(pairs[shape])
            row = f"{hone:.3f} ms | {python:.3f} ms | {ratio:.3f} [{low:.3f} - {high:.3f}]"
            print(f"| {kind.removesuffix('.onnx')} | {shape} | {row} |", flush=True)


main()
