from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


@hookimpl
def carbontui_hardware():
    yield x("twin-b")
