"""The numbers: scenarios, footprints and comparisons. No text for people, no files, no terminal."""
