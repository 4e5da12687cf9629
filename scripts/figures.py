"""Makes the tables of the README from the records in docs/measurements.

A table stands between "<!-- figures FILE -->" and "<!-- end of figures -->"; FILE is what ./do bench --out has written. For
each precision there are the medians in milliseconds of the peers and of Hone, and Hone's part of the quickest peer's.
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


def table(records):
    medians = {(f"{each['batch']}x{each['sequence']}", each["precision"], each["engine"]): each["median_ms"] for each in records}
    shapes = list(dict.fromkeys(shape for shape, _, _ in medians))
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


def with_figures(text):
    parts = text.split(BEGIN)
    made = [parts[0]]
    for part in parts[1:]:
        name, rest = part.split(" -->\n", 1)
        lines = [json.loads(line) for line in (ROOT / name).read_text().splitlines()]
        records = [line for line in lines if "median_ms" in line]
        made.append(name + " -->\n\n" + table(records) + "\n" + END + rest.split(END, 1)[1])
    return BEGIN.join(made)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    part = readme.with_name("README.md.part")
    part.write_text(with_figures(readme.read_text()))
    part.rename(readme)
