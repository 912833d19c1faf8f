"""How well each preset reads, and what each part of its recipe is worth: trainings on the publishers' archives."""
