"""Sweeps: the whole product of models, hardware and regions."""

from carbontui.engine.sweep.axes import Machine as Machine
from carbontui.engine.sweep.axes import Place as Place
from carbontui.engine.sweep.feasibility import CODES as CODES
from carbontui.engine.sweep.feasibility import MARKS as MARKS
from carbontui.engine.sweep.pareto import Cell as Cell
from carbontui.engine.sweep.product import CHUNK as CHUNK
from carbontui.engine.sweep.product import Block as Block
from carbontui.engine.sweep.product import Part as Part
from carbontui.engine.sweep.product import blocks as blocks
from carbontui.engine.sweep.question import Limits as Limits
from carbontui.engine.sweep.question import SweepQuestion as SweepQuestion
from carbontui.engine.sweep.survey import Survey as Survey
from carbontui.engine.sweep.survey import Sweep as Sweep
