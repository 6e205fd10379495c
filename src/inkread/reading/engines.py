"""The engines that run a bundle's graph on the processor: ONNX Runtime (base install) and OpenVINO (extra ``fast``)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BundleError, MissingExtra

Outputs = tuple[NDArray[np.float32], NDArray[np.float32]]
Run = Callable[[NDArray[np.uint8]], Outputs]

OUTPUTS = ("logits", "features")


@dataclass(frozen=True)
class Engine:
    """A graph ready to run: the kinds of its ``inputs`` and ``outputs`` by name, and ``run``, safe to share between threads."""

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    run: Run


def onnxruntime(model: bytes, threads: int, callers: int) -> Engine:
    """ONNX Runtime: each call computes with ``threads`` threads; any number of ``callers`` may call at once."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common class but this one
        raise _refused("ONNX Runtime", error) from None

    def run(pictures: NDArray[np.uint8]) -> Outputs:
        logits, features = session.run(list(OUTPUTS), {"pictures": pictures})
        return logits, features

    return Engine({each.name: each.type for each in session.get_inputs()}, {each.name: each.type for each in session.get_outputs()}, run)


def openvino(model: bytes, threads: int, callers: int) -> Engine:
    """OpenVINO in single precision: up to ``callers`` calls at once, each with ``threads`` threads.

    Its own choice of precision, bfloat16 where the processor can, would change the answers.
    """
    core = _openvino().Core()
    settings = {
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": threads * callers,
        "NUM_STREAMS": callers,
        "LOG_LEVEL": "LOG_NONE",
    }
    try:
        graph = core.read_model(BytesIO(model))
        compiled = core.compile_model(graph, "CPU", settings)
    except Exception as error:  # its errors have no common class but this one
        raise _refused("OpenVINO", error) from None
    mine = local()

    def run(pictures: NDArray[np.uint8]) -> Outputs:
        if not hasattr(mine, "request"):
            mine.request = compiled.create_infer_request()
        # Copies: the request's own memory is overwritten by this thread's next call.
        found = mine.request.infer({"pictures": pictures}, share_inputs=True)
        return np.array(found["logits"]), np.array(found["features"])

    return Engine(_kinds(graph.inputs), _kinds(graph.outputs), run)


ENGINES: dict[str, Callable[[bytes, int, int], Engine]] = {"onnxruntime": onnxruntime, "openvino": openvino}


def has_openvino() -> bool:
    """Whether OpenVINO is installed, without importing it."""
    from importlib.util import find_spec

    return find_spec("openvino") is not None


def _openvino() -> Any:
    """The module, imported without its telemetry: by itself ``import openvino`` sends an event to its makers.

    Hidden for the time of the import, openvino_telemetry is replaced by OpenVINO's own stub, which sends nothing.
    """
    absent = "openvino_telemetry" not in sys.modules
    if absent:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    try:
        import openvino
    except ImportError:
        raise MissingExtra("OpenVINO", "fast") from None
    finally:
        if absent:
            del sys.modules["openvino_telemetry"]
    return openvino


def _kinds(ports: Any) -> dict[str, str]:
    names = {"u8": "tensor(uint8)", "f32": "tensor(float)"}
    kinds = [(port, port.element_type.get_type_name()) for port in ports]
    return {name: names.get(kind, kind) for port, kind in kinds for name in port.names}


def _refused(engine: str, error: Exception) -> BundleError:
    return BundleError(f"{engine} cannot run the network of this bundle: {str(error).strip().splitlines()[-1][:200]}")
