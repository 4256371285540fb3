"""The paper's tables and claims recomputed, and estimates held against published runs."""
