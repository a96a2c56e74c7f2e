"""The heads that read a question: what is asked, what each recognised span is for, where another question begins.

The packaged encoder is shared up to a middle layer with the search; from there on its last layers as `guichet eval fit
reader` trained them, and one linear head for each thing decided. A question is one pass.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.query import Has, Query, Scope, Show
from assistant.understanding.question_words import CONCEPTS
from assistant.understanding.spans import Marked, SpanKind
from corpus.errors import CorpusError
from index.encoder.base import Floats
from index.encoder.load import PACKAGED, load_encoder, prepare_float
from index.encoder.onnx import MODEL, TRUNK, OnnxEncoder, export_module, write_whole

WEIGHTS_FILE = Path(__file__).parent.parent / "data" / "reader.safetensors"
KINDS: tuple[SpanKind, ...] = get_args(SpanKind)
HEAD_OF: Mapping[SpanKind, str] = {
    **{"fiche": "fiche", "enjeu": "scope", "pilier": "scope", "domain": "scope", "actor": "actor"},
    **{"named": "named", "place": "named", "number": "number", "ordinal": "number"},
}
"""The head that says what a span of each kind is for."""
MARKS: tuple[str, ...] = (*KINDS, *CONCEPTS)
"""What may be marked on a token: the kind of a span, a concept of `question_words.toml`."""
_LAYERS = "model.layers."
"""How the names of the tensors of the encoder's layers begin."""
SAME = "same"
"""As in the question before: of a follow-up."""
_SHOWS = tuple(show for show in get_args(Show) if show != "introduction")
_FOLDS = ("list", "count", "exists", "all", "top", "group", "compare")
MEMORY = 1 + len(_SHOWS) + len(_FOLDS) + 9
"""Features of what was asked before (`memory_features`)."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities. `whole`: head -> class -> probability, of the question; `spans`: class -> probability, of each
    span; `cuts`: for each token, that another question begins there."""

    whole: Mapping[str, Mapping[str, float]]
    spans: tuple[Mapping[str, float], ...]
    cuts: tuple[float, ...]


def memory_features(last: Query | None, current: Sequence[str], listed: Sequence[str]) -> Floats:
    """(MEMORY,) what the turn before asked and gave: zeros for a question that nothing precedes."""
    if last is None:
        return np.zeros(MEMORY, np.float32)
    has = [each for each in last.where if isinstance(each, Has)]
    flags = [
        bool(last.topic),
        bool(last.fiches),
        any(isinstance(each, Scope) for each in last.where),
        bool(has),
        any(each.role for each in has),
        any(each.kind in ("mentions", "size", "place", "among") for each in last.where),
        bool(current),
        bool(listed),
        len(listed) > 1,
    ]
    shows, kind = [show in last.show for show in _SHOWS], [last.fold.kind == fold for fold in _FOLDS]
    return np.asarray([1, *shows, *kind, *flags], np.float32)


class ReaderModel:
    """Scores of a question; safe for several threads."""

    def __init__(self, encoder: OnnxEncoder, folder: Path, weights: "Weights") -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._encoder, self._weights = encoder, weights
        self._session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])

    def scores(self, marked: Marked, memory: Floats) -> Scores:
        """`memory`: (MEMORY,), of `memory_features`."""
        token = self._encoder.token_states(marked.question)
        places = span_places(marked, token.places)
        inputs = self._weights.inputs(token.states, marks_of(marked, token.places), memory)
        states = self._session.run(None, {"states": inputs[None]})[0][0]
        cuts = [0.0] * len(marked.tokens)
        chances = self._weights.token(states)
        for position, (start, end) in enumerate(marked.places):
            inside = [chances[i] for i, (left, right) in enumerate(token.places) if left < end and right > start]
            cuts[position] = max(inside, default=0.0)
        return Scores(
            self._weights.whole(states),
            tuple(
                self._weights.span(HEAD_OF[span.kind], states[start:end])
                for span, (start, end) in zip(marked.spans, places, strict=True)
            ),
            tuple(cuts),
        )


def span_places(marked: Marked, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The encoder's tokens of each span, `end` exclusive; the first token of the prompt for a span that was cut off."""
    found = []
    for span in marked.spans:
        start, end = marked.places[span.start][0], marked.places[span.end - 1][1]
        inside = [i for i, (left, right) in enumerate(places) if right > left and left < end and right > start]
        found.append((inside[0], inside[-1] + 1) if inside else (0, 1))
    return found


def marks_of(marked: Marked, places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int, int], ...]:
    """(rank in MARKS, start, end) of the encoder's tokens, for each span and each concept of the question."""
    found = [
        (MARKS.index(span.kind), *place) for span, place in zip(marked.spans, span_places(marked, places), strict=True)
    ]
    for (start, end), concepts in zip(marked.places, marked.concepts, strict=True):
        inside = [i for i, (left, right) in enumerate(places) if right > left and left < end and right > start]
        found += [(MARKS.index(each), inside[0], inside[-1] + 1) for each in concepts if inside and each in MARKS]
    return tuple(found)


class Weights:
    """What `guichet eval fit reader` learned. `classes`: head -> classes, of the question and of its spans."""

    def __init__(self, tensors: Mapping[str, Floats], classes: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self.tensors = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
        self.classes = classes

    def inputs(self, states: Floats, marks: Sequence[tuple[int, int, int]], memory: Floats) -> Floats:
        """(tokens, dimensions) what goes into the adapted layers: states with what is marked and what was asked."""
        marked = states + memory @ self.tensors["memory"]
        for rank, start, end in marks:
            marked[start:end] += self.tensors["mark"][rank]
        return marked.astype(np.float32)

    def whole(self, states: Floats) -> dict[str, dict[str, float]]:
        found = {}
        for head, classes in self.classes["whole"].items():
            weights = states @ self.tensors[f"{head}.attention"]
            weights = np.exp(weights - weights.max())
            pooled = (weights / weights.sum()) @ states
            scores = self.tensors[f"{head}.weight"] @ pooled + self.tensors[f"{head}.bias"]
            shares: Floats = _sigmoid(scores) if head == "show" else _softmax(scores)
            found[head] = dict(zip(classes, map(float, shares), strict=True))
        return found

    def span(self, head: str, states: Floats) -> dict[str, float]:
        scores = self.tensors[f"span.{head}.weight"] @ states.mean(0) + self.tensors[f"span.{head}.bias"]
        return dict(zip(self.classes["span"][head], map(float, _sigmoid(scores)), strict=True))

    def token(self, states: Floats) -> list[float]:
        return [float(each) for each in _sigmoid(states @ self.tensors["cut.weight"] + self.tensors["cut.bias"])]


def packed(name: str, change: Floats) -> dict[str, NDArray[Any]]:
    """What was added to a matrix or a bias, each of its rows in 255 steps: a quarter of its size, and a difference in
    no reading (measured)."""
    rows = change.reshape(len(change), -1)
    scale = np.abs(rows).max(1, keepdims=True) / 127 + 1e-12
    return {
        f"{name}.steps": np.rint(change / scale.reshape(-1, *[1] * (change.ndim - 1))).astype(np.int8),
        f"{name}.scale": scale.astype(np.float32),
    }


def unpacked(tensors: Mapping[str, Floats], name: str) -> Floats:
    """What `packed` kept, as it was added."""
    steps, scale = tensors[f"{name}.steps"], tensors[f"{name}.scale"]
    change: Floats = (steps * scale.reshape(-1, *[1] * (steps.ndim - 1))).astype(np.float32)
    return change


def _sigmoid(values: Floats) -> Floats:
    shares: Floats = (1.0 / (1.0 + np.exp(-values))).astype(np.float32)
    return shares


def _softmax(values: Floats) -> Floats:
    exponentials = np.exp(values - values.max())
    shares: Floats = (exponentials / exponentials.sum()).astype(np.float32)
    return shares


def load_weights(path: Path = WEIGHTS_FILE, *, layers: bool = False) -> Weights:
    """`layers`: what was added to those of the encoder too, which only the export needs. Raises CorpusError with one
    French line when the file is missing or damaged."""
    from safetensors import safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            classes = json.loads(file.metadata()["classes"])
            names = [name for name in file.keys() if layers or not name.startswith(_LAYERS)]  # noqa: SIM118
            return Weights({name: file.get_tensor(name) for name in names}, classes)
    except Exception as error:  # the library raises its own error on a damaged file
        raise CorpusError(
            f"Ce qui lit les questions est illisible : {path}. Restaurez-le : git checkout -- {path}"
        ) from error


@lru_cache(maxsize=1)
def load_model(models: Path) -> ReaderModel:
    """The model, exported into `models` the first time (half a minute). Raises EncoderError or CorpusError."""
    weights = load_weights()
    encoder = load_encoder(PACKAGED, models=models)
    if not isinstance(encoder, OnnxEncoder):
        raise TypeError("the packaged encoder is an OnnxEncoder")
    digest = hashlib.sha256(WEIGHTS_FILE.read_bytes()).hexdigest()[:8]
    folder = models / f"guichet-reader-{digest}"
    if not (folder / MODEL).exists():
        _export(prepare_float(models), load_weights(layers=True), folder)
    return ReaderModel(encoder, folder, weights)


def _export(source: Path, weights: Weights, folder: Path) -> None:
    """The last layers of the encoder in `source`, with what was learned, written to `folder`; whole or not at all."""
    import torch
    from transformers import BertModel

    class Layers(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            bert = BertModel.from_pretrained(str(source), attn_implementation="eager")
            self.layers = bert.encoder.layer[TRUNK:]
            self.norm = torch.nn.LayerNorm(bert.config.hidden_size)
            with torch.no_grad():
                for name, parameter in self.norm.named_parameters(prefix="model.norm"):
                    parameter.copy_(torch.from_numpy(weights.tensors[name]))
                for name, parameter in self.layers.named_parameters(prefix=_LAYERS.rstrip(".")):
                    parameter.add_(torch.from_numpy(unpacked(weights.tensors, name)))
            self.train(False)

        def forward(self, states: torch.Tensor) -> torch.Tensor:
            for layer in self.layers:
                output = layer(states)
                states = output[0] if isinstance(output, tuple) else output
            normed: torch.Tensor = self.norm(states)
            return normed

    axes = {1: "tokens"}
    with write_whole(folder) as partial:
        export_module(Layers(), (torch.zeros((1, 8, 384)),), partial, inputs={"states": axes}, outputs={"read": axes})
