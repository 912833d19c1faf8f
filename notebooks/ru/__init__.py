"""The exercises with their texts in Russian; the code is that of the folder above."""
