import os

from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


class Odd:
    __hash__ = None

    def __eq__(self, other):
        os._exit(8)

    def __getattr__(self, name):
        raise SystemExit(name)

    def __bool__(self):
        raise KeyboardInterrupt


ODD = Odd()


@hookimpl
def carbontui_hardware():
    yield ODD
    yield x("equal")
