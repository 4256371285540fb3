from carbontui_registry import hookimpl


@hookimpl
def carbontui_hardware():
    import acme_sdk_of_nobody

    return acme_sdk_of_nobody.read()
