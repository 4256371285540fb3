from carbontui_registry import hookimpl

def (:
