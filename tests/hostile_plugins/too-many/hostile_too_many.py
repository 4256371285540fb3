from carbontui_registry import Hardware, Model, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


@hookimpl
def carbontui_models():
    return [Model("many-lm", "M", S)]


@hookimpl
def carbontui_hardware():
    one = x("many")
    return [one] * 20000
