from carbontui_registry import Hardware, PowerProfile, Source, hookimpl

S = Source("Sheet")


@hookimpl
def carbontui_hardware():
    yield Hardware("surrogate", "X\ud800", S, power=PowerProfile("1 W"))
