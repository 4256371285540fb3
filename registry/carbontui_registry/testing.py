"""The conformance kit: what the registry checks, as tests of a plugin's own suite.

```python
from carbontui_registry.testing import PluginTests

class TestAcme(PluginTests):
    plugin = "acme-hardware"          # the distribution, a folder or a pack
```

Each record and each finding about the plugin as a whole becomes a test of its own, so that a failure names it.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import pytest

from carbontui_registry.checking import Checked, Finding, check

__all__ = ["PluginTests", "checked"]


@cache
def checked(target: str) -> Checked:
    """The check of a distribution, a folder or a pack, made once. Raises `NothingToCheck`."""
    return check(target)


class PluginTests:
    """Inherit it and name the `plugin`; clear `allow_warnings` where what is unlikely shall fail too."""

    plugin: ClassVar[str] = ""
    allow_warnings: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found: list[Finding | None] = list(checked(cls.plugin).findings) or [None]
        ids = ["nothing wrong" if f is None else f"{f.severity}: {f.what}" for f in found]

        @pytest.mark.parametrize("finding", found, ids=ids)
        def test_record(self: PluginTests, finding: Finding | None) -> None:
            """Each error is a failure of its own, and each warning unless they are allowed."""
            if finding is not None and (finding.severity == "error" or not self.allow_warnings):
                pytest.fail(f"{finding.where}: {finding.what}", pytrace=False)

        cls.test_record = test_record  # type: ignore[attr-defined]

    def test_it_brings_records(self) -> None:
        """A plugin that brings nothing is most likely one whose hooks are never found."""
        assert sum(checked(self.plugin).counts.values()), f"{self.plugin} brings no record"
