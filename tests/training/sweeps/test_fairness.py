"""Trainers take turns in the queue, and nobody has more waiting and running than his quota."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import Settings

from accounts.models import Quota, User
from accounts.roles import TRAINER
from tests.training.sweeps.conftest import SPACE
from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.checks import RunError
from training.runs.models import Run
from training.runs.services import create_run, retry_run
from training.sweeps import services
from training.sweeps.models import Sweep
from training.sweeps.options import SearchLimits, SweepOptions
from training.sweeps.space.space import Space

pytestmark = pytest.mark.django_db
QUICK = Hyperparameters(hidden_layers=(8,), epochs=2)
MakeTrainer = Callable[[str], User]


@pytest.fixture
def trainer() -> MakeTrainer:
    """Make a trainer."""

    def make(name: str) -> User:
        user = User.objects.create_user(name)
        user.groups.add(Group.objects.get(name=TRAINER))
        return user

    return make


def queue(dataset: Dataset, by: User | None, count: int = 1, priority: int = 0) -> None:
    for _run in range(count):
        create_run([dataset], QUICK, by=by, priority=priority)


def sweep_of(dataset: Dataset, by: User) -> Sweep:
    options = SweepOptions(strategy="grid", limits=SearchLimits(parallel=4))
    return services.create_sweep([dataset], QUICK, Space.from_mapping(SPACE), options, by=by)


def claimed(count: int) -> list[str]:
    """Whose the next jobs are, each done at once, as by one worker."""
    names = []
    for _claim in range(count):
        run = lifecycle.claim_next(Run, worker="w")
        if run is None:
            break
        names.append(run.created_by.username if run.created_by else "")
        lifecycle.finish(run, State.FAILED)
    return names


def test_two_trainers_take_turns_though_one_has_fifty_waiting(
    dataset: Dataset, trainer: MakeTrainer, settings: Settings
) -> None:
    settings.PROPIS_TRAINER_RUNS = 60
    anna, boris = trainer("anna"), trainer("boris")
    queue(dataset, anna, 50)
    queue(dataset, boris, 3)
    first = claimed(7)
    assert first.count("boris") == 3
    assert all(one != other for one, other in pairwise(first[:6])), first
    assert claimed(60) == ["anna"] * 46


def test_of_several_workers_each_trainer_has_his_share(
    dataset: Dataset, trainer: MakeTrainer, settings: Settings
) -> None:
    settings.PROPIS_TRAINER_RUNS = 60
    anna, boris = trainer("anna"), trainer("boris")
    queue(dataset, anna, 50)
    queue(dataset, boris, 2)
    held = [lifecycle.claim_next(Run, worker=f"w{number}") for number in range(4)]
    assert sorted(run.created_by.username for run in held if run and run.created_by) == ["anna"] * 2 + ["boris"] * 2


def test_a_sweep_takes_its_owners_turns(dataset: Dataset, trainer: MakeTrainer) -> None:
    anna, boris = trainer("anna"), trainer("boris")
    sweep_of(dataset, anna)
    queue(dataset, anna, 3)
    queue(dataset, boris, 3)
    assert claimed(6).count("boris") == 3


def test_priority_goes_before_turns_and_who_has_the_admin_takes_turns_as_others_do(
    dataset: Dataset, trainer: MakeTrainer
) -> None:
    head, anna = User.objects.create_superuser("head"), trainer("anna")
    queue(dataset, head, 3)
    queue(dataset, anna, 2)
    queue(dataset, head, 2, priority=1)
    assert claimed(2) == ["head", "head"]
    assert claimed(4).count("anna") == 2


def test_more_than_the_quota_is_refused_in_words(dataset: Dataset, trainer: MakeTrainer, settings: Settings) -> None:
    settings.PROPIS_TRAINER_RUNS = 2
    anna = trainer("anna")
    queue(dataset, anna, 2)
    with pytest.raises(RunError, match="You have 2 trainings waiting, running or paused, and may have 2"):
        queue(dataset, anna)
    assert Run.objects.count() == 2
    done = Run.objects.earliest("pk")
    lifecycle.request_cancel(done)
    queue(dataset, anna)
    done.refresh_from_db()
    with pytest.raises(RunError, match="You have 2 trainings"):
        retry_run(done, by=anna)
    queue(dataset, User.objects.create_superuser("head"), 3)
    queue(dataset, None, 3)


def test_epochs_times_samples_are_limited(dataset: Dataset, trainer: MakeTrainer, settings: Settings) -> None:
    anna = trainer("anna")
    queue(dataset, anna)
    settings.PROPIS_TRAINER_SAMPLES = 2 * Run.objects.get().training_images + 1
    with pytest.raises(RunError, match="1 are left"):
        queue(dataset, anna)


def test_a_groups_own_quota_goes_before_the_settings(dataset: Dataset, trainer: MakeTrainer) -> None:
    anna = trainer("anna")
    Quota.objects.create(group=Group.objects.get(name=TRAINER), runs=1, samples=10**9)
    queue(dataset, anna)
    with pytest.raises(RunError, match="may have 1"):
        queue(dataset, anna)


def test_a_sweep_waits_for_places_and_goes_on_by_itself(
    dataset: Dataset, trainer: MakeTrainer, settings: Settings
) -> None:
    settings.PROPIS_TRAINER_RUNS = 2
    anna = trainer("anna")
    queue(dataset, anna)
    sweep = sweep_of(dataset, anna)
    assert sweep.trials.count() == 1
    with pytest.raises(RunError, match="You have 2 trainings"):
        sweep_of(dataset, anna)
    claimed(1)
    services.advance_all()
    assert Run.objects.filter(state=State.QUEUED, created_by=anna).count() == 2
    assert sweep.trials.count() >= 1


def test_a_trainer_starts_from_a_public_page_and_is_refused_there(
    dataset: Dataset, trainer: MakeTrainer, settings: Settings, client: Client
) -> None:
    settings.PROPIS_TRAINER_RUNS = 1
    anna = trainer("anna")
    client.force_login(anna)
    form = {"datasets": [dataset.pk], "preset": "small", "epochs": "2", "priority": "7"}
    assert 'name="datasets"' in client.get("/runs/new/").content.decode()
    answer = client.post("/runs/new/", form)
    run = Run.objects.get()
    assert (answer["Location"], run.created_by, run.epochs, run.priority) == (run.get_absolute_url(), anna, 2, 0)
    refused = client.post("/runs/new/", form)
    assert refused.status_code == 422
    assert "You have 1 trainings" in refused.content.decode()
    assert client.post("/runs/new/", {"preset": "nothing", "epochs": "-3"}).status_code == 422
    assert client.post("/sweeps/new/", {}).status_code == 422
    copied = client.get(f"/runs/new/?like={run.pk}").content.decode()
    assert f'value="{run.pk}"' in copied
    page = client.get(run.get_absolute_url()).content.decode()
    assert f"/runs/{run.pk}/cancel/" in page
    assert "/admin/" not in page
    assert client.post(f"/runs/{run.pk}/cancel/").status_code == 302
    run.refresh_from_db()
    assert run.state == State.CANCELLED
    searched = {"sweep-dataset": dataset.pk, "sweep-preset": "small", "sweep-strategy": "grid"}
    made = client.post("/sweeps/new/", searched | {"sweep-changes": "epochs=2", "sweep-vary_learning_rate": "0.1, 0.2"})
    assert made["Location"] == Sweep.objects.get().get_absolute_url()
