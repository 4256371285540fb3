"""Thousands of runs from logs as one account: rows, what they add up to, and what to doubt about them."""
