"""Widgets drawn line by line; they hold no truth of their own."""
