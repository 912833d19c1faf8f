"""Every row of data sets that people or workers ask for: created, completed, deleted. Files are made elsewhere."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from training.datasets import synthesis
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset, DatasetImport, InputsFile, Origin, Publication, PublishedDrawings
from training.datasets.naming import name_taken
from training.jobs import lifecycle
from training.jobs.models import State

WrittenInputs = Mapping[Split, tuple[str, int]]
"""SHA-256 and size in bytes of the file of inputs of each split."""


def queue_import(job: DatasetImport, *, by: Any = None) -> DatasetImport:
    """Queue an import that is not saved yet."""
    return lifecycle.enqueue(job, by=by)


def queue_drawings(parent: Dataset, *, name: str, by: Any = None) -> DatasetImport:
    """Queue a new version of a data set with the donated drawings that were accepted."""
    return queue_import(DatasetImport(name=name, origin=Origin.DRAWINGS, parent=parent), by=by)


def queue_first_dataset() -> bool:
    """Queue the synthetic data set of the first start, unless there is a data set or an import; tell whether it was.

    With it training can be tried without a download.
    """
    if Dataset.objects.exists() or DatasetImport.objects.exists():
        return False
    queue_import(DatasetImport(name=synthesis.NAME, origin=Origin.SYNTHETIC, per_letter=synthesis.PER_LETTER))
    return True


def complete_import(job: DatasetImport, dataset: Dataset) -> None:
    """End an import with success; called within the transaction that saves its data set."""
    lifecycle.finish(job, State.SUCCEEDED, dataset=dataset)


def create_dataset(
    row: Dataset, inputs: WrittenInputs, ink_specification: str, on_saved: Callable[[Dataset], None]
) -> None:
    """Save a data set with the rows of its files of inputs, in one transaction.

    Args:
        row: the data set, not saved yet.
        inputs: its files of inputs by the ink specification.
        ink_specification: by which they were made.
        on_saved: called within the transaction; what it raises undoes everything.

    Raises:
        DatasetError: another data set has just taken the name.

    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            for split, (sha256, size) in inputs.items():
                record_inputs_file(row, split, ink_specification, sha256, size)
            on_saved(row)
    except IntegrityError as error:
        raise name_taken(row.name) from error


def record_inputs_file(dataset: Dataset, split: Split, ink_specification: str, sha256: str, size: int) -> InputsFile:
    """Record that a file of inputs is there, or that it was replaced."""
    row, _created = InputsFile.objects.update_or_create(
        dataset=dataset,
        split=split.key,
        ink_specification=ink_specification,
        defaults={"sha256": sha256, "file_bytes": size},
    )
    return row


def queue_publication(*, by: Any = None) -> Publication:
    """Queue the making of the archive of donated drawings that visitors download."""
    return lifecycle.enqueue(Publication(), by=by)


def renew_publication() -> None:
    """Give nobody the archive any more, as a drawing in it may have been withdrawn, and have it made again."""
    if PublishedDrawings.objects.filter(outdated=False).update(outdated=True):
        queue_publication()


def record_publication(row: PublishedDrawings) -> PublishedDrawings:
    """Put an archive, whose file is there, in the place of the one before."""
    with transaction.atomic():
        row, _is_new = PublishedDrawings.objects.update_or_create(
            content_sha256=row.content_sha256,
            defaults={
                "drawings": row.drawings, "letters": row.letters, "file_bytes": row.file_bytes, "outdated": False,
            },
        )  # fmt: skip
        PublishedDrawings.objects.exclude(pk=row.pk).delete()
    return row


def stop_publishing() -> int:
    """Publish nothing any more; return how many archives there were."""
    count, _by_model = PublishedDrawings.objects.all().delete()
    return count


def hold(datasets: Iterable[Dataset]) -> bool:
    """Keep data sets from being deleted until the transaction ends; tell whether all of them are there still.

    Whoever writes a row that refers to one holds it first: PostgreSQL would refuse the row, or the deletion, as late
    as at the end of its transaction.
    """
    wanted = {dataset.pk for dataset in datasets}
    there = Dataset.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    return set(there.values_list("pk", flat=True)) == wanted


def delete_datasets(datasets: Iterable[Dataset]) -> None:
    """Delete data sets; `signals` removes the files of each once the deletion is committed."""
    datasets = list(datasets)
    with transaction.atomic():
        hold(datasets)
        for dataset in datasets:
            dataset.delete()
