"""The licence notices of all packages that the product runs on, from what is installed, for `make licences`."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOTICE = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|OFL)[^/]*$", re.IGNORECASE)
LINE = "=" * 78


def notices() -> str:
    """Everything in one text: our own licence, then each locked package with its name, version, licence and notices."""
    parts = [f"Propis\n{LINE}\n{(ROOT / 'LICENSE').read_text(encoding='utf-8')}"]
    parts += [_of(name) for name in locked()]
    return f"\n{LINE}\n".join(parts)


def locked(path: Path = ROOT / "requirements" / "run.txt") -> list[str]:
    """Names of the packages of a lock."""
    return re.findall(r"^([A-Za-z0-9][\w.-]*)==", path.read_text(encoding="utf-8"), re.M)


def _of(name: str) -> str:
    try:
        found = distribution(name)
    except PackageNotFoundError:  # of another system
        return f"{name}\nnot installed here\n"
    head = f"{found.metadata['Name']} {found.version}\n{licence_of(found)}\n"
    texts = [file.read_text(encoding="utf-8") for file in found.files or () if NOTICE.search(str(file))]
    return "\n".join([head, *dict.fromkeys(text.strip() for text in texts if text), ""])


def licence_of(found: Distribution) -> str:
    """What a package says of its licence, in a line."""
    about = found.metadata
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if "License ::" in line]
    whole = about.get_all("License-Expression") or classifiers or about.get_all("License") or ["no licence named"]
    return ", ".join(str(each).strip().splitlines()[0] for each in whole if str(each).strip())
