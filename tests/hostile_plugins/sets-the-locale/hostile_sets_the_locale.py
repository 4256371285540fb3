import os

from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


import locale

for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "C"):
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        pass
os.environ["LC_ALL"] = os.environ["LANG"] = "tr_TR.UTF-8"
os.environ["PYTHONUTF8"] = "0"
os.chdir("/")


@hookimpl
def carbontui_hardware():
    yield x("located", tdp="350.5 W")
