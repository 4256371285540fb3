"""The map: what every part of it knows, and the screen itself."""
