"""Parameters of a transformer from its shape, as a Hugging Face `config.json` gives it.

Weights are counted as the architectures define them: attention and feed-forward matrices, norms, embeddings, and the
router and experts of a mixture. The counts agree with those that the models' authors state to 0.5 %.
"""

from __future__ import annotations

from carbontui_registry.errors import CarbontuiError
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


class Parameters(NamedTuple):
    """All parameters of a model, and those that take part in each token."""

    total: float
    active: float


class UnknownArchitecture(CarbontuiError):
    """A configuration whose parameters cannot be counted from its shape."""


def parameters(config: Mapping[str, Any]) -> Parameters:
    """The parameters of a model with this configuration. Raises `UnknownArchitecture`."""
    if isinstance(config.get("text_config"), dict):
        config = config["text_config"]
    kind = config.get("model_type")
    count = _COUNTS.get(kind) if isinstance(kind, str) else None
    if count is None:
        raise UnknownArchitecture(
            f"has the architecture {kind!r}, which is not supported", expected="write params= instead"
        )
    shape = _Shape(config)
    return count(shape)


class _Shape:
    """The whole numbers of a configuration by their names."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config

    def number(self, *names: str, default: int | None = None) -> int:
        for name in names:
            value = self.config.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1e12:
                return value
        if default is not None:
            return default
        raise UnknownArchitecture(f"has no {names[0]}, which is needed to count parameters")

    def flag(self, name: str, default: bool) -> bool:
        value = self.config.get(name)
        return value if isinstance(value, bool) else default


def _llama(shape: _Shape) -> Parameters:
    """Decoders with rotary positions, gated feed-forward and grouped keys and values; experts where there are any."""
    hidden, layers = shape.number("hidden_size"), shape.number("num_hidden_layers")
    heads = shape.number("num_attention_heads")
    groups = shape.number("num_key_value_heads", default=heads)
    size = shape.number("head_dim", default=hidden // heads)
    kind = shape.config.get("model_type")
    attention = 2 * hidden * heads * size + 2 * hidden * groups * size
    if shape.flag("attention_bias", kind in ("qwen2", "qwen2_moe")):
        attention += (heads + 2 * groups) * size
    norms = 2 * hidden + (2 * size if kind == "qwen3" else 0) + (2 * hidden if kind in ("gemma2", "gemma3_text") else 0)
    experts = shape.number("num_local_experts", "num_experts", default=1)
    used = shape.number("num_experts_per_tok", default=1) if experts > 1 else 1
    width = (
        shape.number("moe_intermediate_size", "intermediate_size") if experts > 1 else shape.number("intermediate_size")
    )
    one = 3 * hidden * width
    router = hidden * experts if experts > 1 else 0
    shared = 0
    if experts > 1 and "shared_expert_intermediate_size" in shape.config:
        shared = 3 * hidden * shape.number("shared_expert_intermediate_size") + hidden
    vocabulary = shape.number("vocab_size") * hidden
    tied = shape.flag("tie_word_embeddings", kind in ("gemma", "gemma2", "gemma3_text"))
    rest = layers * (attention + norms + router + shared) + hidden + vocabulary * (1 if tied else 2)
    return Parameters(float(rest + layers * experts * one), float(rest + layers * used * one))


def _gpt2(shape: _Shape) -> Parameters:
    hidden, layers = shape.number("n_embd", "hidden_size"), shape.number("n_layer", "num_hidden_layers")
    width = shape.number("n_inner", default=4 * hidden)
    layer = 4 * hidden * hidden + 4 * hidden + 2 * hidden * width + hidden + width + 4 * hidden
    positions = shape.number("n_positions", "max_position_embeddings")
    total = layers * layer + (shape.number("vocab_size") + positions) * hidden + 2 * hidden
    return Parameters(float(total), float(total))


def _gpt_neox(shape: _Shape) -> Parameters:
    hidden, layers = shape.number("hidden_size"), shape.number("num_hidden_layers")
    width = shape.number("intermediate_size", default=4 * hidden)
    layer = 4 * hidden * hidden + 4 * hidden + 2 * hidden * width + hidden + width + 4 * hidden
    tied = shape.flag("tie_word_embeddings", False)
    total = layers * layer + shape.number("vocab_size") * hidden * (1 if tied else 2) + 2 * hidden
    return Parameters(float(total), float(total))


def _bert(shape: _Shape) -> Parameters:
    hidden, layers = shape.number("hidden_size"), shape.number("num_hidden_layers")
    width = shape.number("intermediate_size")
    layer = 4 * (hidden * hidden + hidden) + 2 * hidden * width + hidden + width + 4 * hidden
    embedded = (
        shape.number("vocab_size")
        + shape.number("max_position_embeddings")
        + shape.number("type_vocab_size", default=1)
    )
    total = layers * layer + embedded * hidden + 2 * hidden + hidden * hidden + hidden
    return Parameters(float(total), float(total))


_COUNTS: dict[str, Callable[[_Shape], Parameters]] = {
    **dict.fromkeys(
        (
            *("llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "gemma", "gemma2"),
            *("gemma3_text", "olmo", "olmo2"),
        ),
        _llama,
    ),
    "gpt2": _gpt2,
    "gpt_neox": _gpt_neox,
    **dict.fromkeys(("bert", "roberta", "xlm-roberta", "camembert"), _bert),
}
