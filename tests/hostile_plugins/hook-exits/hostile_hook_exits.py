import sys

from carbontui_registry import hookimpl


@hookimpl
def carbontui_hardware():
    sys.exit(0)
