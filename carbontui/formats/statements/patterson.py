"""What Patterson et al. 2021 (arXiv:2104.10350) compute a footprint from (section 2) and ask papers to say (section 5),
as sentences for a paper.
"""

from __future__ import annotations

from carbontui.formats.statements import Item
from carbontui.text import prose

ITEMS = (
    Item("Processors, hours, mean power, place", "section 2", prose.run_sentence),
    Item("PUE and carbon factors", "section 2", prose.factor_sentence),
    Item("Energy and CO2e", "section 5", prose.energy_sentence),
    Item("What its authors published", "section 5", prose.published_sentence),
)
