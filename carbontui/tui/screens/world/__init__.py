"""The map: what is shown of the world, and what is read in it."""
