"""What a meter says of a whole server, as the power of one of its accelerators."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.figures import Figure, PowerProfile
    from carbontui_registry.report import Report


def of_server(profile: PowerProfile, node_mean: Figure, per_node: Figure | None, report: Report) -> PowerProfile:
    """The profile with the mean of one accelerator in place of that of a whole server."""
    from carbontui_registry.fields import whole_power

    if profile.mean is not None:
        report.problem("power.node_mean", "mean is given too", "give one of them", expected="mean or node_mean")
    elif per_node is None:
        what = "needs the number of accelerators of the server"
        report.problem("power.node_mean", what, "give per_node", expected="per_node")
    elif per_node.value > 0:
        profile = profile.replace(mean=of_one(node_mean, per_node), boundary=profile.boundary or "system")
        whole_power(profile, "power", report)
    return profile.replace(node_mean=None)


def of_one(node: Figure, per_node: Figure) -> Figure:
    """What a meter says of a whole server, in W, as the power of one accelerator."""
    return node.replace(value=node.value / per_node.value)
