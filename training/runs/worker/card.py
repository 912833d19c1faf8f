"""The card of a run's model: what it was trained on, how, and how well it reads."""

from typing import Any

import scipy

from recognizer.core.card_content import plain
from recognizer.core.doubt import KEY as DOUBT
from recognizer.core.doubt import Doubt
from recognizer.core.model_card import library_versions
from recognizer.core.model_file import ModelCard
from recognizer.core.network import Network
from training.core.optimization.pruning import sparsity_of
from training.datasets.content.splitting import Split
from training.runs.models import Run
from training.runs.worker.samples import LoadedSource

MOST_STEPS = 40
"""Steps of a data set's lineage that a card has, the last ones."""


def make_card(run: Run, network: Network, sources: list[LoadedSource], doubt: Doubt) -> ModelCard:
    """Describe the network of a run. Nothing depends on the attempt, so that every attempt writes the same file."""
    rows = [source.row for source in sources]
    return ModelCard.of(
        network,
        name=run.name,
        ink_specification=run.recipe.ink_specification,
        letters=run.letters,
        created=run.created_at.isoformat(timespec="seconds"),
        seed=run.seed,
        data_sets={source.row.name: plain(_describe(source)) for source in sources},
        recipe={
            "run": run.pk,
            "preset": run.preset,
            "epochs_done": run.epoch,
            **run.hyperparameters,
            **_teachers_and_sparsity(run, network),
            DOUBT: doubt.as_dict(),
        },
        accuracy={row.name: row.test_accuracy for row in rows if row.test_accuracy is not None},
        versions=library_versions() | {"scipy": scipy.__version__},
        licence=plain("; ".join(sorted({source.dataset.licence for source in sources if source.dataset.licence}))),
        credits=tuple(plain(sorted({source.dataset.source for source in sources if source.dataset.source}))),
    )


def _teachers_and_sparsity(run: Run, network: Network) -> dict[str, Any]:
    """The teachers, and the share of weights that pruning set to 0, where there are any."""
    teachers = [{"name": row.name, "weights_sha256": row.weights_sha256} for row in run.teachers.all()]
    facts: dict[str, Any] = {"teachers": teachers} if teachers else {}
    if run.recipe.sparsity:
        facts["zero_weights"] = round(sparsity_of(network.weights), 4)
    return facts


def _describe(source: LoadedSource) -> dict[str, Any]:
    dataset = source.dataset
    return {
        "content_sha256": dataset.content_sha256,
        "archive": dataset.archive_name,
        "seed": dataset.seed,
        "licence": dataset.licence,
        "source": dataset.source,
        "train": dataset.size(Split.TRAIN),
        "validation": dataset.size(Split.VALIDATION),
        "test": dataset.size(Split.TEST),
        **({"lineage": dataset.lineage[-MOST_STEPS:]} if dataset.lineage else {}),
    }
