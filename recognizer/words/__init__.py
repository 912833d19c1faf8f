"""Words and, later, pages: what `recognizer.core.words` reads, with the models of the catalogue."""
