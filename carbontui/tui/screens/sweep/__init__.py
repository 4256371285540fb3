"""Sweep, in parts: what limits it, what explains a cell, and the screen itself."""
