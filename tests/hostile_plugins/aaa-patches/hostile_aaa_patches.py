import builtins
import json
import os
import sys

import carbontui_registry.records as r
from carbontui_registry import fields, report

json.dumps = json.loads = os.read = os.write = os._exit = os.getpid = lambda *a, **k: 1 / 0
report.CONTRACT = "x"
r.RECORDS.clear()
fields.TABLES.clear()
sys.path.clear()
sys.modules.clear()
builtins.open = None
