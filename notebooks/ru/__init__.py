"""The exercises in Russian, whatever one reads; the code is that of the folder above."""
