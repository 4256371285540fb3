from carbontui_registry import hookimpl


@hookimpl
def carbontui_hardware(registry):
    return []
