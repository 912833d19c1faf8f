"""Words: strokes or a picture cut into letters, which are read together. See docs/words.md."""
