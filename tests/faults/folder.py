"""What lies in a product's folder and belongs to nothing: the rest of killed processes."""

import re

from tests.faults.rows import rows
from tests.product import Product

OWNERS = {"checkpoints": "runs_run", "runs": "runs_run", "datasets": "datasets_dataset"}
"""A folder for each row of a table."""
KEPT = re.compile(
    r"""(propis\.sqlite3(-wal|-shm)? | identity | secret_key | setup\.lock | static/.*
    | queue/control/.*\.exchange | run/(rates|start\.lock|figures/[a-z]+_\d+\.db) | models/[0-9a-f]{64}\.npz
    | checkpoints/\d+/epoch-\d{6}\.npz | runs/\d+/(weights|misread)\.(png|json)
    | datasets/\d+/(pictures\.bin|index\.npz|[a-z]+\.png|[\w-]+\.npz)
    | output\.log | letters\.zip | space\.json | go | ready)$""",
    re.VERBOSE,
)
"""Every file that the product keeps, and in the last line those of the tests."""


def strays(product: Product) -> list[str]:
    """Files that no rule knows or whose row is not there, relative to the folder, sorted."""
    files = [str(path.relative_to(product.var)) for path in product.var.rglob("*") if path.is_file()]
    keys = {
        name: {str(row["id"]) for row in rows(product, f"SELECT id FROM {table}")} for name, table in OWNERS.items()
    }
    models = {row["file_sha256"] for row in rows(product, "SELECT file_sha256 FROM recognizer_storedmodel")}
    return sorted(file for file in files if not KEPT.match(file) or not _is_owned(file, keys, models))


def _is_owned(file: str, keys: dict[str, set[str]], models: set[str]) -> bool:
    folder, _slash, rest = file.partition("/")
    if folder == "models":
        return rest.removesuffix(".npz") in models
    return folder not in keys or rest.partition("/")[0] in keys[folder]
