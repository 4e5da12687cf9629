"""Node counts of hone onnx-optimize beside those of onnxruntime.transformers.optimizer, as a table of Markdown.

Usage: python scripts/onnx-optimiser-counts.py NAME=MODEL.onnx ...
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

SETTINGS = {
    "(none)": [],
    "use-mask-index": ["--use-mask-index"],
    "no-attention-mask": ["--no-attention-mask"],
    "disable-attention": ["--disable-attention"],
    "disable-embed-layer-norm": ["--disable-embed-layer-norm"],
    "disable-skip-layer-norm": ["--disable-skip-layer-norm"],
    "disable-bias-skip-layer-norm": ["--disable-bias-skip-layer-norm"],
    "disable-layer-norm": ["--disable-layer-norm"],
    "disable-gelu": ["--disable-gelu"],
    "disable-bias-gelu": ["--disable-bias-gelu"],
    "enable-gelu-approximation": ["--enable-gelu-approximation"],
}


def stand_in_for_torch():
    torch = types.ModuleType("torch")
    torch.__version__ = "0"
    torch.version = types.ModuleType("torch.version")
    torch.version.cuda = None
    torch.version.hip = None
    sys.modules["torch"] = torch
    sys.modules["torch.version"] = torch.version


def python_count(model, setting):
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    options.use_raw_attention_mask(setting != "use-mask-index")
    if setting == "no-attention-mask":
        options.disable_attention_mask()
    elif setting == "enable-gelu-approximation":
        options.enable_gelu_approximation = True
    elif setting.startswith("disable-"):
        setattr(options, "enable_" + setting.removeprefix("disable-").replace("-", "_"), False)
    return len(optimize_model(model, "bert", optimization_options=options, opt_level=0).model.graph.node)


def hone_count(model, switches):
    hone = shlex.split(os.environ.get("HONE", "./hone"))
    with tempfile.TemporaryDirectory() as folder:
        command = hone + ["onnx-optimize", model, "--out", os.path.join(folder, "out.onnx"), "--format", "json"]
        answer = subprocess.run(command + switches, check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)["nodes_after"]


def main():
    logging.disable(logging.WARNING)
    stand_in_for_torch()
    models = dict(argument.split("=", 1) for argument in sys.argv[1:])
    print("| switch | " + " | ".join(models) + " |")
    print("|---" * (len(models) + 1) + "|")
    for setting, switches in SETTINGS.items():
        cells = [f"{hone_count(model, switches)} / {python_count(model, setting)}" for model in models.values()]
        print(f"| {setting} | " + " | ".join(cells) + " |", flush=True)


main()
