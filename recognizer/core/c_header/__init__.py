"""A network of whole numbers as one C header that needs no library. See docs/arduino.md."""

from recognizer.core.c_header.header import CHeaderError, to_header

__all__ = ["CHeaderError", "to_header"]
