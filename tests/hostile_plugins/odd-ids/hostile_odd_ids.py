from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


@hookimpl
def carbontui_hardware():
    yield x("con\x1b[2Jtrol")
    yield x("\u0430100")
    yield x("../../etc/passwd")
    yield x("a/b")
    yield x("nul\0")
    yield x("")
    yield x("even")
