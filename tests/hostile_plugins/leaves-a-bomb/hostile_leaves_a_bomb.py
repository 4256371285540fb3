import os

from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


import threading

threading.Timer(0.01, os._exit, [9]).start()


@hookimpl
def carbontui_hardware():
    yield x("ticking")
