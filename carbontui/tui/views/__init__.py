"""What the app shows, as text and marks, made from a comparison or a catalogue; nothing here knows of Textual."""
