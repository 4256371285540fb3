"""The conformance kit: what the registry checks, as tests of a plugin's own suite.

```python
from carbontui_registry.testing import PluginTests

class TestAcme(PluginTests):
    plugin = "carbontui-acme"          # the distribution, a folder or a pack
```

Each record is a test of its own, named by its kind and id, so that a failure names it; so is each finding about the
plugin as a whole.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import pytest

from carbontui_registry.checking import Checked, Finding, NothingToCheck, check

__all__ = ["PluginTests", "checked"]


@cache
def checked(target: str) -> Checked:
    """The check of a distribution, a folder or a pack, made once. What cannot be checked at all is an error in it."""
    if not target:
        right = 'write plugin = "carbontui-acme" in the class: a distribution, folder or pack'
        return Checked((Finding("error", "PluginTests", f"which plugin is to be tested? {right}", remedy=right),), {})
    try:
        return check(target)
    except NothingToCheck as error:
        right = "a plugin must be installed before its tests run: pip install -e ."
        return Checked((Finding("error", target, f"{error}; {right}", remedy=right),), {})


class PluginTests:
    """Inherit from it and name the `plugin`; set `allow_warnings` to False to fail on warnings too."""

    plugin: ClassVar[str] = ""
    allow_warnings: ClassVar[bool] = True

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test a record, and one a finding about the plugin as a whole."""
        owner = metafunc.cls
        if owner is None or not issubclass(owner, PluginTests):
            return
        found = checked(owner.plugin)
        if "record" in metafunc.fixturenames:
            metafunc.parametrize("record", found.records, ids=str)
        if "finding" in metafunc.fixturenames:
            whole = [finding for finding in found.findings if not finding.record]
            ids = [f"{finding.severity}: {finding.what}" for finding in whole]
            metafunc.parametrize("finding", whole or [None], ids=ids or ["nothing wrong"])

    def test_record(self, record: str) -> None:
        """A record is good: its figures, their units, its references."""
        self._judge([finding for finding in checked(self.plugin).findings if finding.record == record])

    def test_plugin(self, finding: Finding | None) -> None:
        """The plugin as a whole is good: it is found and imported, its hooks are known and run to their end."""
        self._judge([finding] if finding else [])

    def test_it_brings_records(self) -> None:
        """A plugin that brings nothing is most likely one whose hooks are never found."""
        if not any(checked(self.plugin).counts.values()):
            pytest.fail(f"{self.plugin or 'the plugin'} brings no valid record", pytrace=False)

    def _judge(self, findings: list[Finding]) -> None:
        said = [f for f in findings if f.severity == "error" or not self.allow_warnings]
        if said:
            pytest.fail("\n".join(f"{f.severity}: {f.where}: {f.what}" for f in said), pytrace=False)
