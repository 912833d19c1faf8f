"""Decisions: the newest holds, the last is taken back first, and a new version is made of them."""

import pytest

from accounts.models import User
from tests.training.cleaning.conftest import number_of
from training.cleaning import decisions, services
from training.cleaning.models import Action, Decision, NewVersion
from training.cleaning.tasks import make_next_version
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index
from training.datasets.versions.new_version import Changes
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker import work_loop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def index(dataset: Dataset) -> Index:
    """The data set's."""
    return Index.load(dataset.folder)


def test_the_newest_decision_holds_and_the_last_is_taken_back_first(
    dataset: Dataset, index: Index, admin_user: User
) -> None:
    services.decide(dataset, index, [3], Action.REJECT, by=admin_user)
    services.decide(dataset, index, [3, 4, 4], Action.RELABEL, letter="в", by=admin_user)
    assert decisions.changes(dataset) == Changes(relabelled={3: 2, 4: 2})
    assert decisions.tally(dataset) == {"accept": 0, "relabel": 2, "reject": 0}

    assert services.undo(dataset, by=admin_user) == [3, 4]
    assert decisions.changes(dataset) == Changes(rejected=frozenset({3}))
    assert services.undo(dataset, by=admin_user) == [3]
    assert services.undo(dataset, by=admin_user) == []


def test_nobody_takes_back_what_another_decided(dataset: Dataset, index: Index, admin_user: User) -> None:
    other = User.objects.create_user("other", password="x")
    services.decide(dataset, index, [1], Action.REJECT, by=other)
    assert services.undo(dataset, by=admin_user) == []
    assert set(decisions.current(dataset)) == {1}


@pytest.mark.parametrize(
    ("pictures", "action", "letter", "words"),
    [
        ([], Action.ACCEPT, "", "Choose at least one picture"),
        ([120], Action.ACCEPT, "", "no such picture"),
        ([-1], Action.REJECT, "", "no such picture"),
        ([0], Action.RELABEL, "Я", "no letter “Я”"),
        ([0], Action.RELABEL, "", "no letter “”"),
    ],
)
def test_what_does_not_fit_is_refused(
    dataset: Dataset, index: Index, pictures: list[int], action: Action, letter: str, words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        services.decide(dataset, index, pictures, action, letter=letter)
    assert not Decision.objects.exists()


def made(dataset: Dataset, name: str = "clean") -> NewVersion:
    """Queue the making of a version and do it."""
    job = lifecycle.enqueue(NewVersion(parent=dataset, name=name, comment="looked at by hand"))
    make_next_version()
    job.refresh_from_db()
    return job


def test_a_version_has_what_was_decided_and_knows_it_as_accepted(dataset: Dataset, index: Index) -> None:
    wrong, bad, fine = (number_of(dataset, name) for name in ("А/20.png", "В/23.png", "Б/05.png"))
    services.decide(dataset, index, [wrong], Action.RELABEL, letter="В")
    services.decide(dataset, index, [bad], Action.REJECT)
    services.decide(dataset, index, [fine], Action.ACCEPT)

    job = made(dataset)

    version = job.dataset
    assert (job.state, job.error) == (State.SUCCEEDED, "")
    assert version is not None
    after = Index.load(version.folder)
    assert set(index.names) - set(after.names) == {"В/23.png"}
    assert after.labels[after.names.index("А/20.png")] == 2
    assert version.note == "looked at by hand"
    assert (version.lineage[0]["rejected"], version.lineage[0]["relabelled"]) == (1, 1)
    held = decisions.current(version)
    assert {after.names[picture] for picture in held} == {"А/20.png", "Б/05.png"}
    assert {row.action for row in held.values()} == {Action.ACCEPT}
    assert all(after.digests[picture].tobytes().hex() == row.digest for picture, row in held.items())


def test_a_taken_name_fails_with_a_sentence(dataset: Dataset) -> None:
    job = made(dataset, "letters")
    assert (job.state, job.error) == (State.FAILED, "There is a data set named “letters” already.")


def test_a_stopped_one_is_given_back_and_leaves_nothing(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(work_loop.Lease, "should_stop", lambda _lease: True)
        job = made(dataset)
    assert job.state == State.QUEUED
    assert Dataset.objects.count() == 1
    make_next_version()
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED


def test_one_that_lost_its_claim_leaves_nothing(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "training.cleaning.execution.changes", lambda _parent: (NewVersion.objects.update(attempt=5), Changes())[1]
    )
    job = made(dataset)
    assert (job.state, job.dataset) == (State.RUNNING, None)
    assert Dataset.objects.count() == 1
    assert [path.name for path in dataset.folder.parent.iterdir()] == [str(dataset.pk)]
