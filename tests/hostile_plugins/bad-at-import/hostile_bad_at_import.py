from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


def x(id, tdp="350 W", **more):
    return Hardware(id=id, name="X", power=PowerProfile(tdp=tdp), source=S, **more)


TABLE = [x("table-1"), x("table-2", shine=1), x("table-3")]


@hookimpl
def carbontui_hardware():
    return TABLE
