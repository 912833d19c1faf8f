"""How honest a model's doubt is: its calibration, the letters that it refuses, and the non-letters that it does not."""
