"""The files that hone and the Python tools of ONNX Runtime make of a model, for comparison.

Usage: python scripts/onnx-peer-files.py MODEL.onnx FOLDER [TOKENIZER.json TEXTS.txt]
Writes hone-KIND.onnx and python-KIND.onnx into the folder: optimised, dynamic (one scale for each weight), columns (a scale
for each column), optimised-dynamic, and with texts to calibrate on, a line each, static and static-columns (from operator
set 13 on).
Needs the Python packages onnx, onnxruntime and, for texts, tokenizers; torch, which the optimiser imports and does not use
here, is stood in for. HONE names the command, by default ./hone.
"""

import logging
import os
import shlex
import subprocess
import sys
import types

CALIBRATION_TEXTS = 100
LONGEST = 128
COLUMN_SCALES = 13
OPTIONS = {"MatMulConstBOnly": True, "DefaultTensorType": 1}


def stand_in_for_torch():
    torch = types.ModuleType("torch")
    torch.__version__ = "0"
    torch.version = types.ModuleType("torch.version")
    torch.version.cuda = None
    torch.version.hip = None
    sys.modules["torch"] = torch
    sys.modules["torch.version"] = torch.version


def hone(*arguments):
    command = shlex.split(os.environ.get("HONE", "./hone"))
    subprocess.run(command + list(arguments), check=True, stdout=subprocess.DEVNULL)


def python_optimised(model, target):
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    options.use_raw_attention_mask(True)
    optimize_model(model, "bert", optimization_options=options, opt_level=0).save_model_to_file(target)


def python_dynamic(model, target, columns):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        model,
        target,
        weight_type=QuantType.QInt8,
        per_channel=columns,
        extra_options=OPTIONS,
    )


class Texts:
    """Token ids of texts, one text at a time, as the Python quantiser reads them."""

    def __init__(self, model, tokenizer, texts):
        import onnxruntime
        from tokenizers import Tokenizer

        self.names = [taken.name for taken in onnxruntime.InferenceSession(model).get_inputs()]
        loaded = Tokenizer.from_file(tokenizer)
        loaded.no_padding()
        loaded.enable_truncation(LONGEST)
        with open(texts, encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip()]
        # The hone command keeps every fifth text for the comparison of answers.
        chosen = [line for index, line in enumerate(lines) if index % 5 != 4]
        self.encodings = iter([loaded.encode(line) for line in chosen[:CALIBRATION_TEXTS]])

    def get_next(self):
        import numpy

        encoding = next(self.encodings, None)
        if encoding is None:
            return None
        values = {
            "input_ids": encoding.ids,
            "token_type_ids": encoding.type_ids,
            "attention_mask": encoding.attention_mask,
        }
        return {name: numpy.array([values[name]], numpy.int64) for name in self.names}


def operator_set(model):
    import onnx

    imports = onnx.load(model, load_external_data=False).opset_import
    return max(each.version for each in imports if each.domain in ("", "ai.onnx"))


def python_static(model, target, texts, columns):
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static

    quantize_static(
        model,
        target,
        texts,
        quant_format=QuantFormat.QDQ,
        per_channel=columns,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        extra_options=OPTIONS,
    )


def main():
    logging.disable(logging.WARNING)
    stand_in_for_torch()
    model, folder, *calibration = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)

    def file(maker, kind):
        return os.path.join(folder, f"{maker}-{kind}.onnx")

    hone("onnx-optimize", model, "--out", file("hone", "optimised"))
    python_optimised(model, file("python", "optimised"))
    for kind, columns in (("dynamic", False), ("columns", True)):
        switch = [] if columns else ["--no-per-channel"]
        hone("quantize", model, "--out", file("hone", kind), *switch)
        python_dynamic(model, file("python", kind), columns)
    hone("quantize", file("hone", "optimised"), "--out", file("hone", "optimised-dynamic"), "--no-per-channel")
    python_dynamic(file("python", "optimised"), file("python", "optimised-dynamic"), False)
    if calibration:
        tokenizer, texts = calibration
        kinds = [("static", False)] + ([("static-columns", True)] if operator_set(model) >= COLUMN_SCALES else [])
        for kind, columns in kinds:
            switch = [] if columns else ["--no-per-channel"]
            hone("quantize", model, "--out", file("hone", kind), "--static", "--calibrate", texts, *switch)
            python_static(model, file("python", kind), Texts(model, tokenizer, texts), columns)


main()
