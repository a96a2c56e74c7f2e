"""A low-rank adapter over the packaged encoder's weights, learned from residents' words and shipped beside this.

LoRA (Hu et al. 2021): each adapted linear layer becomes W + B·A, with A (rank, in) and B (out, rank). The sum is
written once, when the weights are unpacked, so that an adapted encoder costs no time at all. Does not train anything.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from index.encoder.base import Floats
from index.errors import EncoderError

ADAPTER_FILE = Path(__file__).parent.parent / "data" / "adapter.safetensors"


def apply_adapter(state: Mapping[str, Floats], path: Path = ADAPTER_FILE) -> dict[str, Floats]:
    """The weights with the adapter's products added; raises EncoderError when the file does not fit them."""
    from safetensors.numpy import load_file

    try:
        adapter = load_file(str(path))
        adapted = dict(state)
        for name in (key.removesuffix(".a") for key in adapter if key.endswith(".a")):
            product = adapter[f"{name}.b"].astype(np.float32) @ adapter[f"{name}.a"].astype(np.float32)
            adapted[f"{name}.weight"] = (state[f"{name}.weight"] + product).astype(np.float32)
    except Exception as error:  # the library raises its own error on a damaged file, numpy and dict theirs
        raise EncoderError(
            f"L’adaptation de l’encodeur est illisible : {path}. Restaurez-la : git checkout -- {path}"
        ) from error
    return adapted


@cache
def adapter_digest(path: Path = ADAPTER_FILE) -> str:
    """Eight hexadecimal digits that change with the adapter: models and indexes made with another are made anew."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    except OSError as error:
        raise EncoderError(
            f"L’adaptation de l’encodeur manque : {path}. Restaurez-la : git checkout -- {path}"
        ) from error
