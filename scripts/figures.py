"""Makes the tables of README.md and docs/speed.md from the records in docs/measurements.

A table stands between "<!-- figures FILE -->" and "<!-- end of figures -->". FILE is what ./do bench --out has written: for
each precision there are the medians in milliseconds of the peers and of Hone, and Hone's part of the quickest peer's. With
"parts of FILE" there is Hone's time as a part of each peer's. With "accuracy of FILE", FILE is what scripts/accuracy.py has
written: for each data set there are the metrics of the original and what each precision adds.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- figures ", "<!-- end of figures -->"
ENGINES = {
    "onnxruntime": "ONNX Runtime",
    "onnxruntime-python": "ONNX Runtime (Python)",
    "openvino": "OpenVINO",
    "hone": "Hone",
}
RIVALS = {  # title: precision and the engines of which the quicker one counts
    "f32 / ONNX Runtime": ("f32", ("onnxruntime", "onnxruntime-python")),
    "f32 / OpenVINO": ("f32", ("openvino",)),
    "bf16 / OpenVINO": ("bf16", ("openvino",)),
    "int8 / ONNX Runtime": ("int8", ("onnxruntime-python",)),
    "int8 / OpenVINO": ("int8", ("openvino",)),
}
METRICS = {"accuracy": "accuracy", "f1": "F1", "exact": "exact", "cosine_spearman": "Spearman's correlation"}
PRECISIONS = ("f32", "bf16", "f16", "int8", "int4")


def number(millis):
    """Three digits that matter."""
    return f"{millis:.0f}" if millis >= 99.5 else f"{millis:.1f}" if millis >= 9.95 else f"{millis:.2f}"


def columns(records):
    """Pairs of precision and engine; the engine None stands for Hone's part of the quickest peer."""
    found = {(each["precision"], each["engine"]) for each in records}
    for precision in PRECISIONS:
        engines = [engine for engine in ENGINES if (precision, engine) in found]
        yield from ((precision, engine) for engine in engines)
        if "hone" in engines and len(engines) > 1:
            yield precision, None


def medians_of(records):
    """Milliseconds by shape, precision and engine."""
    return {(f"{each['batch']}x{each['sequence']}", each["precision"], each["engine"]): each["median_ms"] for each in records}


def shapes_of(medians):
    return list(dict.fromkeys(shape for shape, _, _ in medians))


def parts_table(records):
    medians = medians_of(records)
    lines = ["| tokens | " + " | ".join(RIVALS) + " |", "|---" * (len(RIVALS) + 1) + "|"]
    for shape in shapes_of(medians):
        cells = [shape]
        for precision, engines in RIVALS.values():
            peers = [medians[(shape, precision, engine)] for engine in engines if (shape, precision, engine) in medians]
            cells.append(f"{medians[(shape, precision, 'hone')] / min(peers):.2f}" if peers else "")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def table(records):
    medians = medians_of(records)
    shapes = shapes_of(medians)
    wanted = list(columns(records))
    titles = ["part" if engine is None else f"{ENGINES[engine]} {precision}" for precision, engine in wanted]
    lines = ["| tokens | " + " | ".join(titles) + " |", "|---" * (len(titles) + 1) + "|"]
    for shape in shapes:
        cells = [shape]
        for precision, engine in wanted:
            if engine is None:
                quickest = min(v for (s, p, e), v in medians.items() if s == shape and p == precision and e != "hone")
                cells.append(f"{medians[(shape, precision, 'hone')] / quickest:.2f}")
            else:
                cells.append(number(medians[(shape, precision, engine)]))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def points(record, metric):
    """A difference in points of a hundred with its interval, marked where a paired test calls it one."""
    found = record["against"]["differences"][metric]
    scale = 1 if record["task"].startswith("squad") else 100
    values = [scale * found["difference"], scale * found["interval"]["low"], scale * found["interval"]["high"]]
    mark = "\\*" if found["probability"] < 0.05 else ""
    return "{:+.2f}{} [{:+.2f}, {:+.2f}]".format(values[0] + 0.0, mark, values[1], values[2])


def accuracy_table(records):
    precisions = [each for each in PRECISIONS[1:] if any(record["precision"] == each for record in records)]
    lines = ["| model, data (rows) | metric | f32 | " + " | ".join(precisions) + " |", "|---" * (len(precisions) + 3) + "|"]
    for original in (record for record in records if "against" not in record):
        beside = {record["precision"]: record for record in records if record["data"] == original["data"] and "against" in record}
        for metric in (each for each in original["metrics"] if each in METRICS):
            value = original["metrics"][metric] * (1 if original["task"].startswith("squad") else 100)
            cells = [f"{original['model']}, {original['data'].split('.')[0]} ({original['rows']})", METRICS[metric], f"{value:.2f}"]
            cells += [points(beside[each], metric) for each in precisions]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


TABLES = {"": table, "parts of ": parts_table, "accuracy of ": accuracy_table}


def with_figures(text):
    parts = text.split(BEGIN)
    made = [parts[0]]
    for part in parts[1:]:
        title, rest = part.split(" -->\n", 1)
        kind, name = title[: title.rfind(" ") + 1], title[title.rfind(" ") + 1 :]
        lines = [json.loads(line) for line in (ROOT / name).read_text().splitlines()]
        records = [line for line in lines if "median_ms" in line or "metrics" in line]
        made.append(title + " -->\n\n" + TABLES[kind](records) + "\n" + END + rest.split(END, 1)[1])
    return BEGIN.join(made)


if __name__ == "__main__":
    for page in (ROOT / "README.md", ROOT / "docs" / "speed.md"):
        part = page.with_name(page.name + ".part")
        part.write_text(with_figures(page.read_text()))
        part.rename(page)
