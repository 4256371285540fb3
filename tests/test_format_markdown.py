"""Markdown, and the model card, which has YAML at its head."""

from __future__ import annotations

import re

import pytest
from exports import WALK, compared, front_matter, text_of
from hypothesis import given
from hypothesis import strategies as st

from carbontui.engine.comparison import Comparison
from carbontui.formats.modelcard import number_text, quoted, to_modelcard
from carbontui.text.markdown import escape as markdown_escape
from carbontui_registry.catalogue import Catalogue

# Markdown


def test_markdown_escapes() -> None:
    assert markdown_escape("a|b*c_<i>&") == "a\\|b\\*c\\_&lt;i&gt;&amp;"


# Model card


def test_a_model_card_is_in_grams(catalogue: Catalogue) -> None:
    made = compared(catalogue, "gpt-3", "t5")
    found = front_matter(text_of("modelcard", made, catalogue))
    assert list(found) == ["emissions", "source", "training_type", "geographical_location", "hardware_used"]
    # Of 552148577.2357723 g, four digits are more than anybody can know.
    assert found["emissions"] == 552100000
    assert "gross" in found["source"]
    assert "https://arxiv.org/abs/2104.10350" in found["source"]
    assert (found["geographical_location"], found["hardware_used"]) == ("Microsoft, US", "10,000 x V100 SXM2 32 GB")
    t5 = round(made.scenarios[1].results["gross_kgco2e"].value * 1000, -4)
    assert front_matter(to_modelcard(made, 1))["emissions"] == t5
    assert (
        front_matter(text_of("modelcard", compared(catalogue, "gpt-3", "t5", baseline=1), catalogue))["emissions"] == t5
    )


def test_a_model_card_of_the_net_and_of_the_unknown(catalogue: Catalogue) -> None:
    card = front_matter(text_of("modelcard", compared(catalogue, "switch-transformer", metric="net"), catalogue))
    assert card["emissions"] == 59010000
    assert "net" in card["source"]
    gross = front_matter(text_of("modelcard", compared(catalogue, WALK[1], metric="net"), catalogue))
    assert gross["emissions"] > 0
    assert "gross" in gross["source"]
    unknown = text_of("modelcard", compared(catalogue, "@h100,chips=8,duration=1 h"), catalogue)
    assert "emissions" not in front_matter(unknown)
    assert "# emissions: unknown" in unknown


def test_a_model_card_is_read_by_hugging_face(walk: Comparison, catalogue: Catalogue) -> None:
    hub = pytest.importorskip("huggingface_hub")
    text = text_of("modelcard", walk, catalogue)
    card = hub.ModelCard(text)
    assert card.data.co2_eq_emissions == front_matter(text)
    assert card.data.co2_eq_emissions["emissions"] == pytest.approx(
        walk.scenarios[0].results["gross_kgco2e"].value * 1000, rel=5e-4
    )


@given(st.floats(1e-9, 1e15))
def test_a_model_card_has_whole_grams_or_four_digits(catalogue: Catalogue, kilograms: float) -> None:
    made = compared(catalogue, f"@h100,it_energy={kilograms:.9e} kWh,pue=1,gross=1000 gCO2e/kWh")
    card = to_modelcard(made)
    (said,) = re.findall(r"emissions: (\S+)", card)
    assert front_matter(card)["emissions"] == float(said) == pytest.approx(kilograms * 1000, rel=5.1e-4)
    if kilograms < 1:
        assert len(f"{float(said):e}".partition("e")[0].rstrip("0").replace(".", "")) <= 4
    else:
        assert float(said) == int(float(said))


@pytest.mark.parametrize(("value", "text"), [(1e22, "1.0e+22"), (1.5e-9, "1.5e-09"), (0.0, "0.0"), (3.25, "3.25")])
def test_a_yaml_number_has_a_point(value: float, text: str) -> None:
    assert number_text(value) == text


def test_a_yaml_text_is_quoted() -> None:
    assert quoted('a"b\\\n\x85\u2028\U000e0001é🤖') == '"a\\"b\\\\\\x0a\\x85\\u2028\\U000e0001é🤖"'


def test_a_card_has_hours_its_meter_and_the_sources_of_what_it_prints(catalogue: Catalogue) -> None:
    job = "@8xh100@aws:us-east-1,duration=3 d"
    estimate = text_of("modelcard", compared(catalogue, job), catalogue)
    assert "**Hours used:** 72.0 h, 576 accelerator-hours" in estimate
    assert "meter" not in estimate
    metered = text_of("modelcard", compared(catalogue, f"{job},it_energy=400 kWh"), catalogue)
    assert "PUE 1.15; energy before PUE metered, as entered" in metered
    # Neither the water nor the price nor the net factor is on the card.
    for card in (estimate, metered):
        assert "AWS, published PUE" in card
        assert not [other for other in ("WUE", "prices", "market-based") if other in card]
    assert "market-based" in text_of("modelcard", compared(catalogue, job, metric="net"), catalogue)
