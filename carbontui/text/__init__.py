"""What a terminal or a document says in words, made from the engine's numbers."""
