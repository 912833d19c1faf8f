"""Changes labels of an archive's training part, searches, and says how many were found.

Usage: python -m benchmarks.subjects.suspects ARCHIVE. The state is a folder of its own, thrown away in the end.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

SEED, SHARE, FOLDS = 0, 0.01, 4


def main() -> None:
    """Measure in a folder that is kept, or in one that is not."""
    if kept := os.environ.get("PROPIS_SUSPECTS_VAR"):
        print(json.dumps(measure(Path(kept), Path(sys.argv[1]))), flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="propis-suspects-") as folder:
        print(json.dumps(measure(Path(folder), Path(sys.argv[1]))), flush=True)


def measure(var: Path, archive: Path) -> dict[str, Any]:
    """Import, change, search by the product's own ways; return the counts."""
    os.environ.update(PROPIS_VAR=str(var), DJANGO_SETTINGS_MODULE="hwrsite.settings")
    import django  # the folder of the state must be known before the settings are read

    django.setup()
    from django.core.management import call_command

    from training.cleaning.models import Cleaning, Finding, FindingKind
    from training.datasets.content.splitting import Split
    from training.datasets.imports.pipeline import import_archive
    from training.datasets.models import Dataset
    from training.datasets.storage.picture_files import Index
    from training.datasets.versions.new_version import Changes, new_version

    call_command("migrate", verbosity=0)
    parent = import_archive(archive, name="as published")
    truth = Index.load(parent.folder)
    changed = _changed(truth.labels, truth.splits == Split.TRAIN, len(parent.letters))
    new_version(parent, name="changed", changes=Changes(relabelled=changed))
    began = sum(os.times()[:4])
    call_command("clean_dataset", "changed", folds=FOLDS, seed=SEED, stdout=sys.stderr)
    seconds = sum(os.times()[:4]) - began  # on the processor, ended processes of its own included
    cleaning = Cleaning.objects.get()
    index = Index.load(Dataset.objects.get(name="changed").folder)
    suspects = set(Finding.objects.filter(cleaning=cleaning, kind=FindingKind.LABEL).values_list("picture", flat=True))
    parts = [_part(split.key, np.flatnonzero(index.splits == split), suspects, set(changed)) for split in Split]
    return {
        "changed": len(changed),
        "found": len(suspects & set(changed)),
        "suspects": len(suspects),
        "accuracy": cleaning.accuracy,
        "seconds": seconds,
        "parts": parts,
    }


def _changed(labels: Any, is_training: Any, letters: int) -> dict[int, int]:
    """New labels of one training picture in a hundred, any other letter alike."""
    rng = np.random.default_rng(SEED)
    training = np.flatnonzero(is_training)
    chosen = np.sort(rng.choice(training, round(SHARE * len(training)), replace=False))
    new = (labels[chosen] + rng.integers(1, letters, len(chosen))) % letters
    return dict(zip(chosen.tolist(), new.tolist(), strict=True))


def _part(name: str, pictures: Any, suspects: set[int], changed: set[int]) -> list[Any]:
    own = set(pictures.tolist())
    return [name, len(own), len(own & changed), len(own & suspects), len(own & suspects & changed)]


if __name__ == "__main__":
    main()
