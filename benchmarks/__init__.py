"""Speed as ratios, each against a named floor in the same run."""
