"""Latency of hone's ONNX files against the Python tools' in ONNX Runtime, as a table of Markdown.

Usage: python scripts/onnx-latency.py FOLDER [SECONDS [SHAPE ...]]
The folder is one that onnx-peer-files.py filled; a shape is BATCHxTOKENS; SECONDS is what each cell may take. KINDS names
some of the folder's kinds, separated by commas; OPENINGS says how often all is opened, by default 6
times; it should be a multiple of 3, for who is opened first has other memory.

Of each kind three sessions are open in one process: Hone's file, the Python tool's, and the Python tool's once more. They
run by turns; each order of the three comes as often as any other. A turn begins with a rest, until the threads of the
session before sleep (they look for work for some 30 ms after a run, on the processor that the next session needs), and with
a run that is not timed; its time is the median of its runs. A round in which other processes took more than a twentieth of
a processor is not counted. All are opened anew several times, in changing order, because where their memory lies changes
times by several percent.

The ratio is Hone's time by the Python tool's: the median of an opening's rounds, and of the openings their geometric mean.
Its 95 % interval is from 2000 resamples of the openings and, within each, of the rounds. "The same file" is the ratio of
the two sessions of one file, in the same rounds: what differs from 1 there is the error of the measurement. Threads are two,
and wait for work as ONNX Runtime lets them by default.
"""

import itertools
import os
import statistics
import sys
import time

import numpy
import onnxruntime

THREADS = 2
OPENINGS = int(os.environ.get("OPENINGS", "6"))
SHAPES = ["1x8", "1x32", "1x128", "8x128"]
QUIET_SECONDS = 0.005
QUIET_SHARE = 0.1
FOREIGN_SHARE = 0.05
CLOCK_SECONDS = 0.02
MOST_UNCOUNTED = 3
LEAST_ROUNDS = 2
LEAST_SECONDS_OF_A_TURN = 0.02
RESAMPLES = 2000


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


def rest():
    """Waits until no thread of this process runs."""
    busy = True
    while busy:
        before = time.process_time()
        time.sleep(QUIET_SECONDS)
        busy = time.process_time() - before > QUIET_SHARE * QUIET_SECONDS


def others():
    """Seconds of all processors that other processes have taken since some time; 0 where the system does not tell."""
    if not os.path.exists("/proc/stat"):
        return 0.0
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, interrupts, soft, stolen = map(int, file.readline().split()[1:9])
    ticks = user + nice + system + interrupts + soft + stolen
    return ticks / os.sysconf("SC_CLK_TCK") - time.process_time()


def turn(model, values):
    rest()
    model.run(None, values)
    times = []
    while sum(times) < LEAST_SECONDS_OF_A_TURN:
        start = time.perf_counter()
        model.run(None, values)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def opened(files, opening):
    """Sessions in the order of the files, opened in an order in which each file is as often the first as any other."""
    places = [(opening + place) % len(files) for place in range(len(files))]
    sessions = [None] * len(files)
    for place in places if opening // len(files) % 2 == 0 else reversed(places):
        sessions[place] = session(files[place])
    return sessions


def timed_round(sessions, values, order):
    """Times of the sessions in seconds, and whether the processors were theirs."""
    start, foreign = time.monotonic(), others()
    row = [0.0] * len(sessions)
    for place in order:
        row[place] = turn(sessions[place], values)
    # The system counts in hundredths of a second.
    allowed = FOREIGN_SHARE * (time.monotonic() - start) + CLOCK_SECONDS
    return row, others() - foreign <= allowed


def rounds(sessions, shape, seconds):
    """Times of the sessions, a row for each round; on a processor that is never free, as many rounds as there were."""
    values = feed(sessions[0], shape)
    orders = list(itertools.permutations(range(len(sessions))))
    free, disturbed = [], []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(free) < LEAST_ROUNDS:
        row, alone = timed_round(sessions, values, orders[(len(free) + len(disturbed)) % len(orders)])
        (free if alone else disturbed).append(row)
        if not alone and len(disturbed) > MOST_UNCOUNTED * (len(free) + len(orders)):
            free.append(row)
    return numpy.array(free)


def ratio(openings, over, under):
    """The ratio of two sessions' times, and its 95 % interval."""
    logarithms = [numpy.log(times[:, over] / times[:, under]) for times in openings]
    drawn = numpy.random.default_rng(2)
    medians = []
    for each in logarithms:
        medians.append(numpy.median(drawn.choice(each, (RESAMPLES, len(openings), len(each))), axis=2))
    chosen = drawn.integers(0, len(openings), (RESAMPLES, len(openings)))
    resampled = numpy.zeros(RESAMPLES)
    for place in range(len(openings)):
        resampled += numpy.stack(medians)[chosen[:, place], numpy.arange(RESAMPLES), place]
    low, high = numpy.quantile(numpy.exp(resampled / len(openings)), (0.025, 0.975))
    return f"{numpy.exp(numpy.mean([numpy.median(each) for each in logarithms])):.3f} [{low:.3f} - {high:.3f}]"


def measured(files, shapes, seconds):
    """For each shape the rounds of each opening."""
    openings = {shape: [] for shape in shapes}
    for opening in range(OPENINGS):
        sessions = opened(files, opening)
        for shape in shapes:
            openings[shape].append(rounds(sessions, shape, seconds / OPENINGS))
    return openings


def kinds_in(folder):
    names = sorted(os.listdir(folder))
    kinds = [name[len("hone-") : -len(".onnx")] for name in names if name.startswith("hone-") and name.endswith(".onnx")]
    wanted = os.environ.get("KINDS")
    return [kind for kind in kinds if kind in wanted.split(",")] if wanted else kinds


def main():
    folder = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    shapes = sys.argv[3:] or SHAPES
    print("| file | shape | Hone's | Python tool's | ratio [95 %] | the same file [95 %] |")
    print("|---|---|---|---|---|---|")
    for kind in kinds_in(folder):
        hone, python = (os.path.join(folder, f"{maker}-{kind}.onnx") for maker in ("hone", "python"))
        for shape, openings in measured([hone, python, python], shapes, seconds).items():
            ours, theirs, _ = numpy.median(numpy.concatenate(openings), axis=0) * 1e3
            ratios = f"{ratio(openings, 0, 1)} | {ratio(openings, 2, 1)}"
            print(f"| {kind} | {shape} | {ours:.3f} ms | {theirs:.3f} ms | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
