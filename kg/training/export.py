"""The trained network as a file for the runtime, small and quick on a CPU.

Matrices are multiplied in whole numbers of 8 bits (dynamic quantisation: one scale for each output of a matrix, one for
each input when it comes). The weights keep 7 of the 8 bits, so that the result is the same on processors that add up
products in 16 bits. Word vectors are 8 bits with a scale for each word.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from kg.training.network import Network

SMALL = 4096
"""Smaller tables of vectors stay as they are."""


def export(network: Network, out: Path) -> None:
    """Write the network to `out` in ONNX form."""
    out.parent.mkdir(parents=True, exist_ok=True)
    ids, pairs = torch.tensor([[2, 3, 4, 5, 3]] * 2), torch.tensor([[[1, 4, 2]]] * 2)
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "network.onnx"
        torch.onnx.export(
            network,
            (ids, pairs),
            str(plain),
            input_names=["ids", "pairs"],
            output_names=["labels", "statuses", "kinds"],
            dynamic_axes={
                "ids": {0: "batch", 1: "words"},
                "pairs": {0: "batch", 1: "pairs"},
                "labels": {0: "batch", 1: "pairs"},
                "statuses": {0: "batch", 1: "pairs"},
                "kinds": {0: "batch", 1: "words"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            plain,
            out,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    model = onnx.load(str(out))
    _squeeze(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(out))


def _squeeze(model: onnx.ModelProto) -> None:
    """Store the large tables of vectors in 8 bits; what is looked up in them is turned back."""
    graph = model.graph
    tables = {tensor.name: tensor for tensor in graph.initializer}
    for node in list(graph.node):
        tensor = tables.get(node.input[0]) if node.op_type == "Gather" else None
        weight = numpy_helper.to_array(tensor) if tensor is not None else np.empty(0)
        if weight.dtype != np.float32 or weight.size < SMALL or weight.ndim != 2:
            continue
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-12) / 127
        name, number, found = node.input[0], node.input[1], node.output[0]
        graph.initializer.remove(tensor)
        graph.initializer.extend([
            numpy_helper.from_array(np.round(weight / scale).astype(np.int8), f"{name}_whole"),
            numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"),
        ])  # fmt: skip
        turned = [
            helper.make_node("Gather", [f"{name}_whole", number], [f"{found}_whole"]),
            helper.make_node("Gather", [f"{name}_scale", number], [f"{found}_scale"]),
            helper.make_node("Cast", [f"{found}_whole"], [f"{found}_float"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [f"{found}_float", f"{found}_scale"], [found]),
        ]
        place = list(graph.node).index(node)
        graph.node.remove(node)
        for new in reversed(turned):
            graph.node.insert(place, new)
