"""Whether ONNX Runtime makes the same graph of two ONNX files, up to names and the order of nodes.

Usage: python scripts/onnx-same-graph.py FIRST.onnx SECOND.onnx
Both are loaded with all of ONNX Runtime's optimisations, and what it runs is compared: operators, attributes, wiring and the
bytes of all constants. Prints the numbers of nodes and "the same", or the operators that the other graph lacks.
"""

import collections
import hashlib
import os
import sys
import tempfile

import onnx
import onnxruntime


def optimised(file, folder):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.optimized_model_filepath = os.path.join(folder, "optimised.onnx")
    onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return onnx.load(options.optimized_model_filepath).graph


def digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def identified(graph):
    """What each output computes, and each node with its operator, as digests of all that goes into them."""
    values = {"": ""}
    for taken in graph.input:
        values[taken.name] = taken.name
    for constant in graph.initializer:
        numbers = onnx.numpy_helper.to_array(constant)
        values[constant.name] = digest(str(numbers.dtype), numbers.shape, hashlib.sha256(numbers.tobytes()).hexdigest())
    nodes = {}
    for node in graph.node:
        attributes = sorted((each.name, onnx.helper.get_attribute_value(each)) for each in node.attribute)
        made = digest(node.domain, node.op_type, attributes, [values[name] for name in node.input])
        nodes[made] = node.op_type
        for place, name in enumerate(node.output):
            values[name] = digest(made, place)
    return [values[output.name] for output in graph.output], nodes


def main():
    with tempfile.TemporaryDirectory() as folder:
        graphs = [optimised(file, folder) for file in sys.argv[1:3]]
    (outputs, nodes), (other_outputs, other_nodes) = map(identified, graphs)
    print(f"{len(graphs[0].node)} and {len(graphs[1].node)} nodes:", end=" ")
    if outputs == other_outputs:
        print("the same")
        return
    print("they differ")
    for own, other in ((nodes, other_nodes), (other_nodes, nodes)):
        print(dict(collections.Counter(operator for made, operator in own.items() if made not in other)))


if __name__ == "__main__":
    main()
