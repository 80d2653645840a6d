"""The trained network as a file for the runtime.

Large weights are stored as whole numbers of 8 bits with a scale for each row; the runtime turns them back once, when
it loads the file, so the arithmetic is in 32 bits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from kg.training.network import Network

SMALL = 4096
"""Smaller weights stay as they are."""


def export(network: Network, out: Path) -> None:
    """Write the network to `out` in ONNX form."""
    out.parent.mkdir(parents=True, exist_ok=True)
    ids, pairs = torch.tensor([[2, 3, 4, 5, 3]] * 2), torch.tensor([[[1, 4, 2]]] * 2)
    torch.onnx.export(
        network,
        (ids, pairs),
        str(out),
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
    model = onnx.load(str(out))
    _squeeze(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(out))


def _squeeze(model: onnx.ModelProto) -> None:
    """Store the large weights in 8 bits."""
    graph = model.graph
    for tensor in list(graph.initializer):
        weight = numpy_helper.to_array(tensor)
        if weight.dtype != np.float32 or weight.size < SMALL or weight.ndim != 2:
            continue
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-12) / 127
        whole = np.round(weight / scale).astype(np.int8)
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.extend(
            [
                numpy_helper.from_array(whole, f"{name}_whole"),
                numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"),
            ]
        )
        graph.node.insert(0, helper.make_node("Mul", [f"{name}_float", f"{name}_scale"], [name]))
        graph.node.insert(0, helper.make_node("Cast", [f"{name}_whole"], [f"{name}_float"], to=onnx.TensorProto.FLOAT))
