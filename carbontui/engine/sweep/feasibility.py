"""What keeps a cell of a sweep from being best."""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.offers import ELSEWHERE, NOBODY
from carbontui.engine.sweep.axes import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui.engine.sweep.question import Limits

# Of mixed-precision training with Adam: weights and gradients in 16 bits, three states in 32 (Rajbhandari et al. 2020,
# ZeRO, section 3.1, arXiv:1910.02054).
BYTES_PER_PARAMETER = 16
GIB = 2**30
# Nobody would do a run that takes this many times longer than the known one.
LONGER_THAN_KNOWN = 4.0

# Why nobody would have a cell: nobody offers the hardware, or its provider not there, it does not fit the memory, it
# would take too long.
MARKS = (NOBODY, ELSEWHERE, "memory", "time")
# What keeps a cell from being best, by number; of two the earlier is said.
CODES = ("", "unknown", *MARKS, "over", "unlike", "hours")
UNKNOWN, MEMORY, TIME, OVER, UNLIKE, HOURS = (
    CODES.index(code) for code in ("unknown", "memory", "time", "over", "unlike", "hours")
)


def code_of(machine: Machine, chips: float | None, hours: float, longest: float, limits: Limits) -> int:
    """What keeps a machine from being best in any place, 0 if nothing does."""
    most = limits.max_chips
    if most is not None and not (chips is not None and chips <= most):
        return OVER
    params, memory = disclosure.parameters(machine.filled), machine.hardware.record.memory
    # Of a frozen backbone the states that training adds are those of the trainable parameters only.
    frozen = machine.filled.value("trainable") is not None
    if params and memory and chips and not frozen and BYTES_PER_PARAMETER * params > chips * memory.value * GIB:
        return MEMORY
    return TIME if hours > longest else 0
