"""The version of the program, and the release of the figures that are shipped."""

__version__ = "0.1.0"

# Files carry it, so that a reader knows what they were made with.
DATA_RELEASE = "2026.12"

# What `carbontui --version` prints.
LINE = f"carbontui {__version__}, data {DATA_RELEASE}"
