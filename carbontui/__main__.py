"""`python -m carbontui`."""

import sys

from carbontui.cli import main

if __name__ == "__main__":
    sys.exit(main())
