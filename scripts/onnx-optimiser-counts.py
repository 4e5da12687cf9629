"""What hone onnx-optimize makes of models, beside onnxruntime.transformers.optimizer, as tables of Markdown.

Usage: python scripts/onnx-optimiser-counts.py NAME=MODEL.onnx ...
Prints, for each level and switch, the two tools' node counts, and then by how much the answers of Hone's file differ from
those of the original in ONNX Runtime: the largest difference, relative to the largest answer where that exceeds 1.
Needs the Python packages onnx and onnxruntime; torch, which that optimiser imports and does not use here, is stood in for.
HONE names the command, by default ./hone.
"""

import json
import logging
import os
import shlex
import subprocess
import sys
import tempfile
import types

LEVELS = ["0", "1", "2", "99", "O1", "O2", "O3", "O4"]
DISABLING = [
    "attention",
    "embed-layer-norm",
    "skip-layer-norm",
    "bias-skip-layer-norm",
    "layer-norm",
    "gelu",
    "bias-gelu",
]
OTHERS = ["use-mask-index", "no-attention-mask", "enable-gelu-approximation", "use-multi-head-attention", "fp16"]
SETTINGS = (
    [f"level {level}" for level in LEVELS]
    + [f"disable-{fusion}" for fusion in DISABLING]
    + OTHERS
    + ["optimize-for-gpu", "optimize-with-onnxruntime-only"]
)


def stand_in_for_torch():
    torch = types.ModuleType("torch")
    torch.__version__ = "0"
    torch.version = types.ModuleType("torch.version")
    torch.version.cuda = None
    torch.version.hip = None
    sys.modules["torch"] = torch
    sys.modules["torch.version"] = torch.version


def fusion_options(setting):
    from onnxruntime.transformers.fusion_options import AttentionMaskFormat, FusionOptions

    options = FusionOptions("bert")
    options.use_raw_attention_mask(setting != "use-mask-index")
    if setting == "no-attention-mask":
        options.attention_mask_format = AttentionMaskFormat.NoMask
    elif setting == "use-multi-head-attention":
        options.use_multi_head_attention = True
    elif setting in ("enable-gelu-approximation", "level O3", "level O4"):
        options.enable_gelu_approximation = True
    elif setting.startswith("disable-"):
        setattr(options, "enable_" + setting.removeprefix("disable-").replace("-", "_"), False)
    return options


def python_count(model, setting):
    """The fewest nodes that the tool leaves, with and without ONNX Runtime's general optimisations before its fusions."""
    from onnxruntime.transformers.optimizer import optimize_model

    general = {"level 0": [0], "level 1": [1], "level O1": [1], "optimize-with-onnxruntime-only": [2]}.get(setting)
    counts = []
    for level in general or [0, 1]:
        optimised = optimize_model(
            model,
            "bert",
            optimization_options=fusion_options(setting),
            opt_level=level,
            only_onnxruntime=general is not None,
        )
        if setting in ("fp16", "level O4"):
            optimised.convert_float_to_float16(keep_io_types=True)
        counts.append(len(optimised.model.graph.node))
    return min(counts)


def hone_file(model, setting, target):
    switches = ["--level", setting.removeprefix("level ")] if setting.startswith("level ") else ["--" + setting]
    if setting == "level O4":
        switches.append("--optimize-for-gpu")
    hone = shlex.split(os.environ.get("HONE", "./hone"))
    command = hone + ["onnx-optimize", model, "--out", target, "--format", "json", "--no-check"]
    answer = subprocess.run(command + switches, check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)["nodes_after"]


def session(file):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def feeds(model, padded):
    """Two batches of seeded tokens; in the second, where it is allowed, shorter sequences are padded behind."""
    import numpy

    drawn = numpy.random.default_rng(7)
    for rows, columns in ((1, 9), (3, 17)):
        mask = numpy.ones((rows, columns), numpy.int64)
        if padded and rows > 1:
            mask[0, 5:] = 0
            mask[1, columns - 1 :] = 0
        values = {
            "input_ids": drawn.integers(5, 200, (rows, columns)),
            "attention_mask": mask,
            "token_type_ids": drawn.integers(0, 2, (rows, columns)),
        }
        yield {taken.name: values[taken.name] for taken in model.get_inputs()}, mask


def difference(original, file, padded):
    import numpy

    changed = session(file)
    largest = 0.0
    for feed, mask in feeds(original, padded):
        for before, after in zip(original.run(None, feed), changed.run(None, feed)):
            assert before.shape == after.shape and numpy.isfinite(after).all()
            if before.shape[:2] == mask.shape:
                before, after = before[mask == 1], after[mask == 1]
            largest = max(largest, float(numpy.abs(before - after).max() / max(1.0, numpy.abs(before).max())))
    return largest


def print_table(title, models, cells):
    print(f"\n{title}\n")
    print("| setting | " + " | ".join(models) + " |")
    print("|---" * (len(models) + 1) + "|")
    for setting in SETTINGS:
        print(f"| {setting} | " + " | ".join(cells[setting, name] for name in models) + " |")


def main():
    logging.disable(logging.WARNING)
    stand_in_for_torch()
    models = dict(argument.split("=", 1) for argument in sys.argv[1:])
    counts, differences = {}, {}
    for name, model in models.items():
        original = session(model)
        for setting in SETTINGS:
            with tempfile.TemporaryDirectory() as folder:
                file = os.path.join(folder, "out.onnx")
                nodes = hone_file(model, setting, file)
                counts[setting, name] = f"{nodes} / {python_count(model, setting)}"
                differences[setting, name] = f"{difference(original, file, setting != 'no-attention-mask'):.0e}"
            print(name, setting, counts[setting, name], differences[setting, name], file=sys.stderr, flush=True)
    print_table("Hone's node count / that of the Python tool", models, counts)
    print_table("Largest difference from the original's answers", models, differences)


main()
