"""Drawings that visitors donate, with consent: kept, reviewed, exported, deleted by their code."""
