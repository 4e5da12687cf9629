"""Times peers of Hone that live in Python when asked, one turn a request: OpenVINO and ONNX Runtime.

usage: peers.py MODEL.onnx THREADS CACHE_FOLDER
Prints one JSON object a line: first what can be asked for, then an answer to each line "ENGINE PRECISION BxS SECONDS" of
standard input. Quantised models are made once and kept in the cache folder. scripts/bench.py is the one that asks.
"""

import hashlib
import importlib.util
import json
import sys
import time
from pathlib import Path

SETTLING_SECONDS = 0.025
CALIBRATION_LENGTHS = (16, 32, 64, 128)
SEED = 20240607


def token_arrays(batch, sequence, seed=SEED):
    import numpy

    ids = numpy.random.default_rng(seed).integers(1000, 30000, (batch, sequence), dtype=numpy.int64)
    return {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}


class OnnxRuntime:
    """All graph optimisations and as many threads as Hone has, as its own guides advise for latency."""

    NAME = "onnxruntime-python"
    PRECISIONS = ("f32", "int8")

    def __init__(self, model, precision, threads, cache):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = model if precision == "f32" else dynamic_int8(model, cache)
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.types = {each.name: each.type for each in self.session.get_inputs()}

    def prepare(self, arrays):
        wanted = {"tensor(int64)": "int64", "tensor(int32)": "int32"}
        feed = {name: arrays[name].astype(wanted[kind]) for name, kind in self.types.items()}
        return lambda: self.session.run(None, feed)


class OpenVino:
    """Latency mode on the CPU; int8 is static, calibrated by NNCF for transformers."""

    NAME = "openvino"
    PRECISIONS = ("f32", "bf16", "int8")

    def __init__(self, model, precision, threads, cache):
        import openvino

        core = openvino.Core()
        if precision == "bf16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            raise RuntimeError("this processor has no bf16 products")
        path = static_int8(model, cache) if precision == "int8" else model
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        }
        self.request = core.compile_model(core.read_model(path), "CPU", settings).create_infer_request()
        self.names = [each.any_name for each in self.request.model_inputs]

    def prepare(self, arrays):
        feed = {name: arrays[name] for name in self.names}
        return lambda: self.request.infer(feed)


def dynamic_int8(model, cache):
    """Weights as bytes, activations quantised as they come, after the optimiser for transformers has fused the graph."""
    quantised = cache / "onnxruntime-int8.onnx"
    if not quantised.exists():
        from onnxruntime.quantization import QuantType, quantize_dynamic
        from onnxruntime.transformers.optimizer import optimize_model

        fused = cache / "onnxruntime-fused.onnx"
        optimize_model(str(model), model_type="bert", num_heads=0, hidden_size=0, opt_level=1).save_model_to_file(str(fused))
        part = cache / "part.onnx"
        only_weights = {"MatMulConstBOnly": True, "DefaultTensorType": 1}
        quantize_dynamic(str(fused), str(part), weight_type=QuantType.QInt8, extra_options=only_weights)
        part.rename(quantised)
    return quantised


def static_int8(model, cache):
    quantised = cache / "openvino-int8.xml"
    if not quantised.exists():
        import nncf
        import openvino

        calibration = [token_arrays(1, length, seed) for length in CALIBRATION_LENGTHS for seed in range(6)]
        made = nncf.quantize(
            openvino.Core().read_model(model),
            nncf.Dataset(calibration),
            model_type=nncf.ModelType.TRANSFORMER,
            subset_size=len(calibration),
        )
        openvino.save_model(made, cache / "part.xml", compress_to_fp16=False)
        (cache / "part.bin").rename(cache / "openvino-int8.bin")
        (cache / "part.xml").rename(quantised)
    return quantised


def millis(call, seconds):
    """Milliseconds of each call of a turn, those of its first moments left out."""
    settled = time.perf_counter() + SETTLING_SECONDS
    call()
    while time.perf_counter() < settled:
        call()
    times = []
    now = time.perf_counter()
    end = now + seconds
    while not times or now < end:
        call()
        after = time.perf_counter()
        times.append((after - now) * 1e3)
        now = after
    return times


def open_all(model, threads, cache):
    opened, left_out = {}, []
    for module, peer in (("onnxruntime", OnnxRuntime), ("openvino", OpenVino)):
        if importlib.util.find_spec(module) is None:
            left_out.append(f"{peer.NAME}: the module {module} is not installed in {sys.executable}")
            continue
        for precision in peer.PRECISIONS:
            try:
                opened[(peer.NAME, precision)] = peer(model, precision, threads, cache)
            except Exception as refused:  # A peer that cannot be had is told of, and the others are measured.
                left_out.append(f"{peer.NAME} {precision}: {type(refused).__name__}: {refused}")
    return opened, left_out


def versions():
    import importlib.metadata

    found = {}
    for module in ("onnxruntime", "openvino", "nncf"):
        if importlib.util.find_spec(module) is not None:
            found[module] = importlib.metadata.version(module)
    return found


def serve(model, threads, cache_root, out):
    fingerprint = hashlib.sha256(f"{model.resolve()} {model.stat().st_size} {model.stat().st_mtime_ns}".encode())
    cache = cache_root / fingerprint.hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    opened, left_out = open_all(model, threads, cache)
    contestants = [{"engine": engine, "precision": precision} for engine, precision in opened]
    print(json.dumps({"contestants": contestants, "left_out": left_out, "versions": versions()}), file=out, flush=True)
    for line in sys.stdin:
        engine, precision, shape, seconds = line.split()
        batch, sequence = map(int, shape.split("x"))
        call = opened[(engine, precision)].prepare(token_arrays(batch, sequence))
        print(json.dumps({"millis": millis(call, float(seconds))}), file=out, flush=True)


if __name__ == "__main__":
    answers = sys.stdout
    sys.stdout = sys.stderr  # Libraries print what they like; the answers have their stream for themselves.
    serve(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), answers)
