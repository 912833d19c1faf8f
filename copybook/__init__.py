"""The copybook: how each letter is written, stroke by stroke, and the page that teaches it."""
