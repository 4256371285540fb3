import os
import signal

from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
    signal.signal(number, lambda *_: os._exit(7))
signal.setitimer(signal.ITIMER_REAL, 3600)


@hookimpl
def carbontui_hardware():
    yield x("handled")
