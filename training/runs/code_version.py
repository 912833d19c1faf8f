"""Which runs this code can train: a worker with older code leaves them to others instead of training them wrong.

Whoever changes what hyperparameters there are, or what values they may have, raises `CODE_VERSION` by one and puts the
digest that the failing test shows beside it.
"""

import hashlib
import json

from training.core.hyperparameters import FIELDS

CODE_VERSION = 45
FIELDS_DIGEST = "9eb372a538127756"


def fields_digest() -> str:
    """Digest of all that decides which values a run may have. Labels, help and defaults do not: a run stores values."""
    rules = [
        (field.name, field.kind, field.minimum, field.maximum, field.choices, field.items) for field in FIELDS.values()
    ]
    return hashlib.sha256(json.dumps(sorted(rules)).encode()).hexdigest()[:16]
