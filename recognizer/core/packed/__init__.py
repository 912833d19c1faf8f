"""The packed model file: one member, a short card, and parameters in as few bytes as their precision allows.

See docs/packed-file.md, from which a reader can be written in any language.
"""

from recognizer.core.packed.member import MEMBER, PACKED, from_member, is_packed, to_bytes

__all__ = ["MEMBER", "PACKED", "from_member", "is_packed", "to_bytes"]
