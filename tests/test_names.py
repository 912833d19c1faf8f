"""A name means one thing: no class name stands twice, and no folder holds more modules than one can look through."""

import ast
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("recognizer", "training", "hwrsite", "accounts", "copybook", "keeping", "benchmarks")
OF_DJANGO = {"Meta", "Media", "Command", "Migration"}
NOT_OURS = {"migrations", ".environments"}
MOST_MODULES = 20


def modules() -> list[Path]:
    found = [path.relative_to(ROOT) for top in PRODUCT for path in sorted((ROOT / top).rglob("*.py"))]
    return [ROOT / path for path in found if not NOT_OURS & set(path.parts)]


def test_no_class_name_stands_twice() -> None:
    places = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert {name: found for name, found in places.items() if len(found) > 1 and name not in OF_DJANGO} == {}


def test_no_folder_is_too_full() -> None:
    counts = Counter(path.parent.relative_to(ROOT) for path in modules() if path.name != "__init__.py")

    assert {str(folder): count for folder, count in counts.items() if count > MOST_MODULES} == {}
