"""`manage.py train`: what it prints, what it returns, and every kind of bad input."""

import json
import os
import re
import signal
import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recognizer.models import StoredModel
from tests.training.runs.conftest import MakeDataset
from training.cleaning.models import NewVersion
from training.datasets.models import DatasetImport, Origin
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next
from training.runs.models import Run
from training.runs.worker import checkpoints, execution

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = ("--preset", "small", "--set", "hidden_layers=8", "--set", "ema=0", "--set", "batch_size=16")


def train(*words: str) -> str:
    """Run the command and return what it prints."""
    output = StringIO()
    call_command("train", *words, stdout=output)
    return output.getvalue()


def test_it_trains_in_this_process_and_prints_figures(make_dataset: MakeDataset) -> None:
    make_dataset()
    answer = json.loads(train("--dataset", "four", *QUICK, "--epochs", "2", "--seed", "5", "--name", "mine", "--json"))
    run = Run.objects.get()
    assert answer == {
        "run": run.pk,
        "state": "succeeded",
        "validation_accuracy": run.validation_accuracy,
        "test_accuracy": run.test_accuracy,
        "weights_sha256": run.weights_sha256,
        "seconds": run.seconds,
    }
    assert (run.epoch, run.seed, run.preset) == (2, 5, "small")
    assert StoredModel.objects.get().name == "mine"
    assert list(checkpoints.root().iterdir()) == []


def test_it_says_the_same_in_words(make_dataset: MakeDataset) -> None:
    make_dataset()
    words = train("--dataset", "four", *QUICK, "--epochs", "1")
    assert words.startswith("Run ")
    assert "1 epochs in" in words
    assert "model “four 8”" in words


def test_several_data_sets_with_shares(make_dataset: MakeDataset) -> None:
    make_dataset("paper")
    make_dataset("screen")
    train("--dataset", "paper:3", "--dataset", "screen:1", *QUICK, "--epochs", "1")
    run = Run.objects.get()
    assert run.hyperparameters["source_weights"] == [3, 1]
    assert [source.name for source in run.sources.all()] == ["paper", "screen"]


def test_shares_of_synthetic_letters_are_said_and_are_what_runs(
    make_dataset: MakeDataset, capfd: pytest.CaptureFixture[str]
) -> None:
    make_dataset("paper")
    make_dataset("made", made=True)
    train("--dataset", "paper", "--dataset", "made", *QUICK, "--epochs", "1")
    recipe = Run.objects.get().recipe
    assert recipe.epoch_samples == 160
    said = capfd.readouterr().err
    for name in ("source_weights", "closing_weights"):
        assert f"--set {name}={','.join(map(str, getattr(recipe, name)))}" in said
    assert "--set epoch_samples=160" in said


def test_through_the_queue_it_waits_for_a_worker_and_gives_the_same_bits(make_dataset: MakeDataset) -> None:
    make_dataset()
    words = ("--dataset", "four", *QUICK, "--epochs", "2", "--json")
    here = json.loads(train(*words))

    def worker() -> None:
        while not work_next(Run, execution.execute):
            time.sleep(0.05)

    thread = threading.Thread(target=worker)
    thread.start()
    queued = json.loads(train(*words, "--queue"))
    thread.join()
    assert queued["state"] == "succeeded"
    assert queued["run"] != here["run"]
    assert queued["weights_sha256"] == here["weights_sha256"]


def test_ctrl_c_cancels(make_dataset: MakeDataset) -> None:
    make_dataset()

    def press() -> None:
        while not Run.objects.filter(epoch__gt=2).exists():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(CommandError, match=r"Run \d+ was cancelled after epoch") as caught:
        train("--dataset", "four", *QUICK, "--epochs", "10000")
    thread.join()
    assert caught.value.returncode == 130
    run = Run.objects.get()
    assert run.state == State.CANCELLED
    assert run.rows.count() == run.epoch
    assert StoredModel.objects.count() == 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_failure_is_an_error_with_figures_for_machines(make_dataset: MakeDataset) -> None:
    make_dataset()
    output = StringIO()
    wild = (
        "--preset",
        "thesis-first",
        "--set",
        "activation=relu",
        "--set",
        "cost=cross-entropy",
        "--set",
        "learning_rate=100",
    )
    with pytest.raises(CommandError, match=r"Run \d+ has not succeeded \(failed\): The cost was no longer"):
        call_command("train", "--dataset", "four", *wild, "--json", stdout=output)
    assert json.loads(output.getvalue())["state"] == "failed"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--set", "learning_rate=-1"), "learning_rate: must be between 1e-07 and 100, not '-1'."),
        (("--set", "learning_rate=nan"), "learning_rate: must be a number, not 'nan'."),
        (("--set", "batch_size=0"), "batch_size: must be between 1 and 1e+06, not '0'."),
        (("--set", "hidden_layers=abc"), "hidden_layers: must be a whole number, not 'abc'."),
        (("--epochs", "1000000000"), "epochs: must be between 1 and 10000, not '1000000000'."),
        (("--epochs", "many"), "epochs: must be a whole number, not 'many'."),
        (("--seed", "-1"), "seed: must be between 0 and 4.29497e+09, not '-1'."),
        (("--set", "activation=tanh"), "activation: must be one of sigmoid, relu, gelu, not 'tanh'."),
        (("--set", "learning_rat=1"), "learning_rat: no such hyperparameter. Did you mean learning_rate?"),
        (("--set", "learning_rate"), "--set takes KEY=VALUE, such as --set learning_rate=0.01, not “learning_rate”."),
        (("--preset", "huge"), "There is no preset “huge”; there are: thesis-first, thesis-sigmoid, "),
        (("--dataset", "five"), "There is no data set named “five”; there are: four."),
        (("--dataset", "four:2"), "Give a share for each data set (--dataset NAME:SHARE), or for none."),
        (("--dataset", "four"), "A data set is named twice."),
        (("--name", "x" * 81), "A name is one line of at most 80 characters."),
    ],
)
def test_bad_input_is_one_sentence_and_no_row(make_dataset: MakeDataset, words: tuple[str, ...], message: str) -> None:
    make_dataset()
    with pytest.raises(CommandError) as caught:
        train("--dataset", "four", *words)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert Run.objects.count() == 0


def test_a_data_set_that_is_still_being_made_is_told_of(make_dataset: MakeDataset) -> None:
    parent = make_dataset()
    lifecycle.enqueue(DatasetImport(name="synthetic", origin=Origin.SYNTHETIC))
    lifecycle.enqueue(NewVersion(parent=parent, name="four 2"))
    failed = lifecycle.create_claimed(DatasetImport(name="five", origin=Origin.SYNTHETIC), worker="w")
    lifecycle.finish(failed, State.FAILED)
    for name in ("synthetic", "four 2"):
        words = f"There is no data set named “{name}” yet: it is being made."
        with pytest.raises(CommandError, match=f"^{re.escape(words)}$"):
            train("--dataset", name)
    with pytest.raises(CommandError, match="There is no data set named “five”; there are: four"):
        train("--dataset", "five")
