"""Compare, in parts: what it can do with cells, scenarios, files, and what it explains."""
