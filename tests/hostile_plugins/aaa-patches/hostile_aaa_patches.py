import builtins
import json
import os
import sys

import carbontui_registry.records as r
from carbontui_registry import Hardware

json.dumps = json.loads = os.read = os.write = os._exit = os.getpid = lambda *a, **k: 1 / 0
r.CONTRACT = "x"
r.RECORDS.clear()
Hardware._checks.clear()
sys.path.clear()
sys.modules.clear()
builtins.open = None
