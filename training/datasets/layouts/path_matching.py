"""Which file of an archive a path in its table means: the one with the longest common ending, if there is just one.

Tables are written on other machines: their paths begin elsewhere, are absolute, have other slashes, another case or
percent signs, or lack the ending. A path that means several files alike is matched with none.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

Parts = tuple[str, ...]
_ENDING = re.compile(r"\.(png|jpe?g|bmp|gif|webp|tiff?)$")
_ESCAPED = re.compile(r"#u([0-9a-f]{4})")
_RARE = 0.05
"""Share of the matched files; rarer differences in the folders above are chance."""


def match_paths(files: Sequence[str], written: Iterable[str], folder: str = "") -> dict[str, str]:
    """Return the path in the table of each file that it names.

    Args:
        files: names of the archive.
        written: paths as the table has them.
        folder: of the table in the archive.

    """
    left = dict.fromkeys(written)
    found = {}
    prefix = folder + "/" if folder else ""
    for name in files:
        if (own := name.removeprefix(prefix)) in left or (own := name) in left:
            found[name] = own
    for clean in (_parts, _without_ending):
        rest = [name for name in files if name not in found]
        for key in found.values():
            left.pop(key, None)
        if rest and left:
            pairs = _by_endings({each: clean(each) for each in rest}, {each: clean(each) for each in left})
            found |= _agreed([*pairs], sound=len(found))
    return found


def _parts(path: str) -> Parts:
    """The folders and the last name of a path, without what differs between machines."""
    path = unquote(path) if "%" in path else path
    path = unicodedata.normalize("NFC", path.replace("\\", "/")).casefold()
    path = _ESCAPED.sub(lambda match: chr(int(match[1], 16)).casefold(), path)
    return tuple(part for part in path.strip().split("/") if part not in ("", "."))


def _without_ending(path: str) -> Parts:
    parts = _parts(path)
    return (*parts[:-1], _ENDING.sub("", parts[-1])) if parts else parts


Pair = tuple[str, str, Parts, Parts]
"""A file, a path, and what is left of either above their common ending."""


def _by_endings(files: Mapping[str, Parts], paths: Mapping[str, Parts]) -> Iterator[Pair]:
    """Pair what has a common ending and nothing else that has it too; group by one more name from the end each time."""
    groups = [([*files], [*paths], 0)]
    while groups:
        some_files, some_paths, depth = groups.pop()
        if depth and len(some_files) == len(some_paths) == 1:
            file, path = some_files[0], some_paths[0]
            yield file, path, *_above(files[file], paths[path])
            continue
        by_part: dict[str, tuple[list[str], list[str]]] = {}
        for side, names, parts in ((0, some_files, files), (1, some_paths, paths)):
            for name in names:
                own = parts[name]
                part = own[-1 - depth] if len(own) > depth else ""
                by_part.setdefault(part, ([], []))[side].append(name)
        for part, (own_files, own_paths) in by_part.items():
            if own_files and own_paths and (part or len(own_files) == len(own_paths) == 1):
                groups.append((own_files, own_paths, depth + 1))


def _above(file: Parts, path: Parts) -> tuple[Parts, Parts]:
    """What is left above the common ending."""
    common = 0
    while common < min(len(file), len(path)) and file[-1 - common] == path[-1 - common]:
        common += 1
    return file[: len(file) - common], path[: len(path) - common]


def _agreed(pairs: Sequence[Pair], *, sound: int) -> dict[str, str]:
    """Leave out pairs with different folders above their common ending, unless most have such, and the same ones.

    `sound` is how many files were paired without such a difference before.
    """
    agreed = {file: path for file, path, above_file, above_path in pairs if not (above_file and above_path)}
    others = [pair for pair in pairs if pair[2] and pair[3]]
    if sound + len(agreed) >= len(others):
        return agreed
    common = Counter(pair[2:] for pair in others)
    enough = max(1, _RARE * len(others))
    return agreed | {pair[0]: pair[1] for pair in others if common[pair[2:]] >= enough}
