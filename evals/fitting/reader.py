"""Learn to read questions (`assistant/data/reader.safetensors`): `guichet eval fit reader`.

The first layers of the packaged encoder stay as they are (the search shares them); its last layers are trained whole,
and every head is one linear layer over them. A low-rank adaptation of them learned less in the same time: after one
epoch its loss is 3.7 where theirs is 3.2. Fitted on the labelled questions and turns of "train"
(`evals.sets.queries`), reported on those of "validation". Some twenty minutes on two cores; deterministic.
"""

import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn
from tqdm import trange
from transformers import BertModel

from assistant.settings.settings import read_settings
from assistant.understanding.model import (
    HEAD_OF,
    MARKS,
    MEMORY,
    WEIGHTS_FILE,
    packed,
)
from evals.fitting.prepare import Prepared, Preparer
from evals.sets.align import WHOLE
from evals.sets.queries import read_labelled
from index.encoder.base import Floats
from index.encoder.load import prepare_float
from index.encoder.onnx import TRUNK

EPOCHS, BATCH, RATE, LAYERS_RATE = 4, 16, 1e-3, 2e-4
"""`LAYERS_RATE`: of the layers of the encoder, which know something already; the heads begin from nothing."""
_CUT_WEIGHT, _SMALL = 2.0, 0.5
_SMALL_HEADS = ("by", "place")


class Reader(nn.Module):  # type: ignore[misc]
    """`classes`: head -> classes, of the question ("whole") and of its spans ("span")."""

    def __init__(self, classes: dict[str, dict[str, list[str]]]) -> None:
        super().__init__()
        self.classes = classes
        source = prepare_float(read_settings().home / "models")
        bert = BertModel.from_pretrained(str(source), attn_implementation="eager")
        size = bert.config.hidden_size
        self.layers = bert.encoder.layer[TRUNK:]
        self.began = {name: parameter.detach().clone() for name, parameter in self.layers.named_parameters()}
        self.norm, self.drop = nn.LayerNorm(size), nn.Dropout(0.1)
        self.mark = nn.Parameter(torch.randn(len(MARKS), size) * 0.02)
        self.memory = nn.Parameter(torch.randn(MEMORY, size) * 0.02)
        self.attention = nn.ModuleDict({head: nn.Linear(size, 1, bias=False) for head in classes["whole"]})
        self.whole = nn.ModuleDict({head: nn.Linear(size, len(each)) for head, each in classes["whole"].items()})
        self.span = nn.ModuleDict({head: nn.Linear(size, len(each)) for head, each in classes["span"].items()})
        self.cut = nn.Linear(size, 1)

    def forward(self, batch: Sequence[Prepared]) -> tuple[dict[str, Tensor], dict[str, Tensor], Tensor]:
        """Scores of each head on the questions, of each head on the spans in their order, and of each token."""
        longest = max(len(each.states) for each in batch)
        states = torch.zeros(len(batch), longest, self.norm.normalized_shape[0])
        mask = torch.zeros(len(batch), longest)
        for row, each in enumerate(batch):
            length = len(each.states)
            states[row, :length] = torch.from_numpy(each.states)
            mask[row, :length] = 1
        marks = torch.zeros(len(batch), longest, len(MARKS))
        for row, each in enumerate(batch):
            for rank, start, end in each.marks:
                marks[row, start:end, rank] += 1
        memory = torch.from_numpy(np.stack([each.memory for each in batch]))
        states = states + marks @ self.mark + (memory @ self.memory)[:, None]
        hidden = (1.0 - mask[:, None, None]) * -1e4
        for layer in self.layers:
            output = layer(states, hidden)
            states = output[0] if isinstance(output, tuple) else output
        states = self.drop(self.norm(states))
        whole = {}
        for head, layer in self.whole.items():
            weights = self.attention[head](states).squeeze(-1).masked_fill(mask == 0, -1e4).softmax(-1)
            whole[head] = layer((weights.unsqueeze(-1) * states).sum(1))
        pooled: dict[str, list[Tensor]] = {}
        for row, each in enumerate(batch):
            for head, start, end, _ in each.spans:
                pooled.setdefault(head, []).append(states[row, start:end].mean(0))
        spans = {head: self.span[head](torch.stack(found)) for head, found in pooled.items()}
        return whole, spans, self.cut(states).squeeze(-1)

    def loss(self, batch: Sequence[Prepared]) -> Tensor:
        whole, spans, cuts = self(batch)
        total = torch.zeros(())
        for head, scores in whole.items():
            weight = _SMALL if head in _SMALL_HEADS else 1.0
            for row, each in enumerate(batch):
                if head not in each.labels.whole:
                    continue
                wanted = _target(self.classes["whole"][head], each.labels.whole[head])
                if head == "show":
                    total = total + nn.functional.binary_cross_entropy_with_logits(scores[row], wanted, reduction="sum")
                else:
                    total = total + weight * nn.functional.cross_entropy(scores[row], wanted)
        for head, scores in spans.items():
            labels = [label for each in batch for name, _, _, label in each.spans if name == head]
            targets = torch.stack([_target(self.classes["span"][head], label) for label in labels])
            total = total + nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="sum")
        for row, each in enumerate(batch):
            if each.cut is not None or len(each.example.queries) < 2:
                target = torch.zeros(len(each.states))
                if each.cut is not None:
                    target[each.cut] = 1
                loss = nn.functional.binary_cross_entropy_with_logits(cuts[row, : len(target)], target, reduction="sum")
                total = total + _CUT_WEIGHT * loss
        return total / len(batch)

    def tensors(self) -> dict[str, Floats]:
        """As `assistant.understanding.model.Weights` reads them."""
        found: dict[str, Tensor] = {"mark": self.mark, "memory": self.memory, "cut.bias": self.cut.bias}
        found["cut.weight"] = self.cut.weight[0]
        for head, module in self.whole.items():
            attention, layer = self.attention[head].get_parameter("weight"), module.get_parameter
            found |= {
                f"{head}.attention": attention[0],
                f"{head}.weight": layer("weight"),
                f"{head}.bias": layer("bias"),
            }
        for head, module in self.span.items():
            layer = module.get_parameter
            found |= {f"span.{head}.weight": layer("weight"), f"span.{head}.bias": layer("bias")}
        found |= {f"model.{name}": parameter for name, parameter in self.norm.named_parameters(prefix="norm")}
        kept = {name: tensor.detach().numpy().astype(np.float16) for name, tensor in found.items()}
        for name, parameter in self.layers.named_parameters():
            kept |= packed(f"model.layers.{name}", (parameter - self.began[name]).detach().numpy())
        return kept


def _target(classes: Sequence[str], labels: frozenset[str]) -> Tensor:
    return torch.tensor([1.0 if name in labels else 0.0 for name in classes])


def _classes(prepared: Sequence[Prepared]) -> dict[str, dict[str, list[str]]]:
    whole: dict[str, set[str]] = {head: set() for head in WHOLE}
    span: dict[str, set[str]] = {head: {"none"} for head in HEAD_OF.values()}
    for each in prepared:
        for head, labels in each.labels.whole.items():
            whole[head] |= labels
        for head, _, _, labels in each.spans:
            span[head] |= labels
    return {
        "whole": {head: sorted(names) for head, names in whole.items()},
        "span": {head: sorted(names) for head, names in span.items()},
    }


def fit_reader(*, write: bool, epochs: int = EPOCHS) -> dict[str, Any]:
    """Train, report on "validation", and write the weights; what it returns is printed."""
    torch.manual_seed(0)
    chance = random.Random(0)  # noqa: S311 - a repeatable order, nothing secret
    prepared = list(Preparer().prepare(read_labelled()))
    train = [each for each in prepared if each.example.split == "train"]
    held = [each for each in prepared if each.example.split == "validation"]
    reader = Reader(_classes(prepared))
    layers = list(reader.layers.parameters())
    heads = [each for name, each in reader.named_parameters() if not name.startswith("layers.")]
    parameters = [*layers, *heads]
    groups = [{"params": layers, "lr": LAYERS_RATE}, {"params": heads, "lr": RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * math.ceil(len(train) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [LAYERS_RATE, RATE], total_steps=steps, pct_start=0.1)
    progress = trange(steps, desc="Lecture des questions", unit=" pas", mininterval=30)
    recent: list[float] = []
    for _ in range(epochs):
        reader.train()
        for batch in _batches(train, chance):
            loss = reader.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            recent.append(loss.item())
            progress.set_postfix({"perte": f"{np.mean(recent[-100:]):.2f}"}, refresh=False)
            progress.update()
    if write:
        classes = json.dumps(reader.classes)
        save_file(reader.tensors(), str(WEIGHTS_FILE), {"classes": classes, "made_by": "guichet eval fit reader"})
    report: dict[str, Any] = _report(reader, train, held)
    return report


def _batches(train: Sequence[Prepared], chance: random.Random) -> list[list[Prepared]]:
    """Questions of about one length together, in another order each time."""
    order = list(train)
    chance.shuffle(order)
    order.sort(key=lambda each: len(each.states) // 4)
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(batches)
    return batches


@torch.no_grad()  # type: ignore[untyped-decorator]
def _report(reader: Reader, train: Sequence[Prepared], held: Sequence[Prepared]) -> dict[str, Any]:
    reader.train(False)
    wrong: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    exact = 0
    for each in held:
        whole, spans, _ = reader([each])
        faults = []
        for head, labels in each.labels.whole.items():
            scores = whole[head][0]
            names = reader.classes["whole"][head]
            found = _several(names, scores) if head == "show" else frozenset((names[int(scores.argmax())],))
            seen[head] += 1
            faults += [head] if found != labels else []
        rows = {head: iter(scores) for head, scores in spans.items()}
        for head, _, _, labels in each.spans:
            seen[head] += 1
            faults += [head] if _several(reader.classes["span"][head], next(rows[head])) != labels else []
        wrong.update(faults)
        exact += not faults
    return {
        "questions": {"train": len(train), "validation": len(held)},
        "read without a fault": round(exact / max(len(held), 1), 4),
        "right by head": {head: round(1 - wrong[head] / count, 4) for head, count in seen.items()},
    }


def _several(names: Sequence[str], scores: Tensor) -> frozenset[str]:
    """The classes that are likelier than not; the likeliest when none is."""
    return frozenset(name for name, score in zip(names, scores, strict=True) if score > 0) or frozenset(
        (names[int(scores.argmax())],)
    )
