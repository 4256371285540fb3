"""carbontui: energy and CO2e of machine-learning runs, side by side in the terminal."""

__version__ = "0.1.0"

# The release of the figures that are shipped; files carry it, so that a reader knows what they were made with.
DATA_RELEASE = "2026.11"
