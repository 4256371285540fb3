"""Parameters counted from a model's `config.json`, held against the counts that the models' publishers state."""

from __future__ import annotations

from typing import Any

import pytest

from carbontui.engine.architecture import UnknownArchitecture, parameters

# The configuration as published on Hugging Face, and the number of parameters that the model's page states.
PUBLISHED: dict[str, tuple[dict[str, Any], float, float | None]] = {
    "Llama 3.1 8B": (
        {
            "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": False,
        },
        8_030_261_248,
        None,
    ),
    "Mistral 7B": (
        {
            "model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000, "tie_word_embeddings": False,
        },
        7_241_732_096,
        None,
    ),
    "Mixtral 8x7B": (
        {
            "model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000, "tie_word_embeddings": False,
            "num_local_experts": 8, "num_experts_per_tok": 2,
        },
        46_702_792_704,
        12.9e9,
    ),
    "BERT-base": (
        {
            "model_type": "bert", "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
            "num_attention_heads": 12, "vocab_size": 30522, "max_position_embeddings": 512, "type_vocab_size": 2,
        },
        109_482_240,
        None,
    ),
    "GPT-2": (
        {
            "model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024, "n_ctx": 1024,
            "vocab_size": 50257,
        },
        124_439_808,
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_count_is_the_one_that_is_published(name: str) -> None:
    config, total, active = PUBLISHED[name]
    found = parameters(config)
    assert found.total == total
    assert found.active == (total if active is None else pytest.approx(active, rel=0.005))


@pytest.mark.parametrize("config", [{"model_type": "swin"}, {}, {"model_type": "llama"}, {"hidden_size": 768}])
def test_an_architecture_that_is_not_known_says_so(config: Any) -> None:
    with pytest.raises(UnknownArchitecture):
        parameters(config)
