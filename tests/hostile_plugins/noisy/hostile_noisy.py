import os
import sys

from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


print("x" * 100000)
sys.stderr.write("{")
os.write(1, b"{}\n")


@hookimpl
def carbontui_hardware():
    yield x("loud")
