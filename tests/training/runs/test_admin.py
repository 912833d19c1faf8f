"""Starting a training from the admin: the form, what is said at which field, and what comes of it."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.training.runs.conftest import QUICK, MakeDataset, MakeRun
from training.core.hyperparameters import FIELDS, PRESETS
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Epoch, Evaluation, ListColumns, Run, Tag
from training.runs.services import set_tags
from training.runs.web.listing import run_columns

pytestmark = pytest.mark.django_db
ADD = "admin:runs_run_add"


@pytest.fixture
def dataset(make_dataset: MakeDataset) -> Dataset:
    """A data set to train on."""
    return make_dataset()


def post(client: Client, dataset: Dataset, **changes: Any) -> Any:
    """Send the form with these fields filled in."""
    data = {"datasets": [dataset.pk], "preset": "small", "model_name": "", "priority": "0", **changes}
    return client.post(reverse(ADD), data)


def errors_of(response: Any) -> dict[str, list[str]]:
    """Sentences by field of a form that came back."""
    assert response.status_code == 200
    errors: dict[str, list[str]] = response.context["adminform"].form.errors
    return errors


def test_the_form_offers_every_hyperparameter_with_help_and_the_presets_value(
    admin_client: Client, dataset: Dataset
) -> None:
    response = admin_client.get(reverse(ADD), {"preset": "thesis-relu"})
    form = response.context["adminform"].form
    assert set(FIELDS) < set(form.fields)
    assert "Length of a step." in form.fields["learning_rate"].help_text
    assert "1e-07 … 100" in form.fields["learning_rate"].help_text
    assert form.fields["learning_rate"].label == "Learning rate η"
    assert form.fields["learning_rate"].widget.attrs["placeholder"] == str(PRESETS["thesis-relu"].learning_rate)
    assert form.fields["activation"].widget.choices[0] == ("", "as in the preset: relu")
    html = response.content.decode()
    for name in FIELDS:
        assert f'name="{name}"' in html, name


def test_a_single_data_set_is_chosen_already(admin_client: Client, dataset: Dataset) -> None:
    form = admin_client.get(reverse(ADD)).context["adminform"].form
    assert form["datasets"].value() == [dataset.pk]


def test_a_new_run_is_queued_and_its_page_shown(admin_client: Client, admin_user: User, dataset: Dataset) -> None:
    response = post(admin_client, dataset, learning_rate="0.5", hidden_layers="32-16", model_name="mine", seed="9")
    run = Run.objects.get()
    assert response.headers["Location"] == run.get_absolute_url()
    assert (run.state, run.name, run.preset, run.created_by) == (State.QUEUED, "mine", "small", admin_user)
    expected = PRESETS["small"].as_dict() | {"learning_rate": 0.5, "hidden_layers": [32, 16], "seed": 9}
    assert run.hyperparameters == expected
    assert [source.dataset for source in run.sources.all()] == [dataset]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("learning_rate", "-1", "Must be between 1e-07 and 100, not '-1'."),
        ("learning_rate", "fast", "Must be a number, not 'fast'."),
        ("batch_size", "0", "Must be between 1 and 1e+06, not '0'."),
        ("hidden_layers", "abc", "Must be a whole number, not 'abc'."),
        (
            "hidden_layers",
            "4096 4096 4096",
            "These layers have 35188740 parameters; a model file holds at most 16000000.",
        ),
        ("epochs", "1000000000", "Must be between 1 and 10000, not '1000000000'."),
        ("activation", "tanh", "Must be one of sigmoid, relu, gelu, not 'tanh'."),
        ("output", "sigmoid", "Cross-entropy needs softmax; with sigmoid choose binary-cross-entropy."),
        ("source_weights", "1, 2", "There are 2 shares for 1 data sets: give one for each, or none."),
        ("seed", "-5", "Must be between 0 and 4.29497e+09, not '-5'."),
        ("datasets", [], "Choose at least one data set."),
        ("preset", "huge", "Select a valid choice. huge is not one of the available choices."),
        ("model_name", "x" * 81, "A name is one line of at most 80 characters."),
        ("priority", "high", "Enter a whole number."),
    ],
)
def test_bad_input_is_one_sentence_at_its_field_and_no_row(
    admin_client: Client, dataset: Dataset, field: str, value: str, sentence: str
) -> None:
    errors = errors_of(post(admin_client, dataset, **{field: value}))
    assert errors == {field: [sentence]}
    assert Run.objects.count() == 0


def test_shares_are_shown_before_a_run_has_them(admin_client: Client, make_dataset: MakeDataset) -> None:
    real, made = make_dataset("real"), make_dataset("made", made=True)
    both = {"datasets": [real.pk, made.pk]}
    query = urlencode({**both, "preset": "small"}, doseq=True)
    offered = admin_client.get(f"{reverse('runs:shares')}?{query}").json()
    assert set(offered["values"]) == {"source_weights", "closing_weights", "epoch_samples"}

    response = post(admin_client, real, **both)  # a browser without scripts
    form = response.context["adminform"].form
    assert set(form.errors) == {"source_weights"}
    assert {name: form[name].value() for name in offered["values"]} == offered["values"]
    assert form["shares_shown"].value() == offered["key"]
    assert Run.objects.count() == 0

    post(admin_client, real, **both, shares_shown=offered["key"], **{**offered["values"], "closing_weights": "1, 1"})
    recipe = Run.objects.get().recipe
    assert recipe.epoch_samples == int(offered["values"]["epoch_samples"])
    assert recipe.closing_weights == (1, 1)


@pytest.mark.parametrize("shown", [True, False])
def test_shares_that_were_emptied_stay_empty(admin_client: Client, make_dataset: MakeDataset, shown: bool) -> None:
    real, made = make_dataset("real"), make_dataset("made", made=True)
    key = f"{real.pk},{made.pk}" if shown else str(real.pk)
    post(admin_client, real, datasets=[real.pk, made.pk], shares_shown=key)
    assert [run.recipe.source_weights for run in Run.objects.all()] == ([()] if shown else [])


def test_letters_of_one_kind_are_offered_no_shares(admin_client: Client, make_dataset: MakeDataset) -> None:
    keys = [make_dataset("first").pk, make_dataset("second").pk]
    query = urlencode({"datasets": [*keys, "x", "9" * 30]}, doseq=True)
    answer = admin_client.get(f"{reverse('runs:shares')}?{query}").json()
    assert answer == {"values": {}, "key": ",".join(map(str, keys))}


def test_what_was_typed_stays_in_the_form(admin_client: Client, dataset: Dataset) -> None:
    response = post(admin_client, dataset, learning_rate="-1", momentum="0.5")
    form = response.context["adminform"].form
    assert (form["learning_rate"].value(), form["momentum"].value()) == ("-1", "0.5")


def test_only_notes_and_tags_of_a_run_are_changed_by_hand(admin_client: Client, make_run: MakeRun) -> None:
    run = make_run()
    address = reverse("admin:runs_run_change", args=[run.pk])
    html = admin_client.get(address).content.decode()
    assert run.get_absolute_url() in html
    assert "learning_rate=0.1" in html
    assert "queued" in html
    changes = {"priority": "9", "name": "other", "notes": "try ReLU next", "tags": "paper, first , paper"}
    assert admin_client.post(address, changes).status_code == 302
    row = Run.objects.get()
    assert (row.priority, row.name, row.notes) == (0, run.name, "try ReLU next")
    assert [tag.name for tag in row.tags.all()] == ["first", "paper"]
    admin_client.post(address, {"notes": "", "tags": "paper"})
    assert list(Tag.objects.values_list("name", flat=True)) == ["paper"]


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [("x" * 41, "A tag is one line of at most 40 characters."), (",".join("abcdefghijk"), "At most 10 tags.")],
)
def test_bad_tags_are_one_sentence(admin_client: Client, make_run: MakeRun, tags: str, sentence: str) -> None:
    run = make_run()
    response = admin_client.post(reverse("admin:runs_run_change", args=[run.pk]), {"tags": tags})
    assert errors_of(response) == {"tags": [sentence]}


def test_a_run_like_another_begins_with_what_differs_from_its_preset(
    admin_client: Client, dataset: Dataset, make_run: MakeRun
) -> None:
    recipe = replace(PRESETS["small"], hidden_layers=(32, 16), learning_rate=0.123456789, batch_normalization=False)
    run = make_run(hyperparameters=recipe, preset="small", priority=2)
    set_tags(run, ["paper"])
    form = admin_client.get(reverse(ADD), {"like": run.pk}).context["adminform"].form
    filled = {name: form[name].value() for name in FIELDS if form[name].value() is not None}
    assert filled == {"hidden_layers": "32, 16", "learning_rate": "0.123456789", "batch_normalization": "false"}
    assert (form["preset"].value(), form["datasets"].value(), form["tags"].value()) == ("small", [dataset.pk], "paper")
    copied = form["copied_from"].value()
    post(admin_client, dataset, **filled, tags=form["tags"].value(), notes="again", copied_from=copied)
    again = Run.objects.latest("pk")
    assert (again.recipe, again.parent) == (recipe, run)
    assert f"/runs/compare/?run={run.pk}&amp;run={again.pk}" in admin_client.get(again.get_absolute_url()).text
    assert (again.notes, [tag.name for tag in again.tags.all()]) == ("again", ["paper"])


@pytest.mark.parametrize("like", ["0", "x", "9" * 30, "-1"])
def test_a_run_like_none_is_a_new_one(admin_client: Client, dataset: Dataset, like: str) -> None:
    form = admin_client.get(reverse(ADD), {"like": like}).context["adminform"].form
    assert form["learning_rate"].value() is None


def test_a_copy_may_be_longer_and_its_original_may_have_gone(
    admin_client: Client, dataset: Dataset, make_run: MakeRun
) -> None:
    run = make_run(preset="small")
    form = admin_client.get(reverse(ADD), {"like": str(run.pk), "epochs": "77"}).context["adminform"].form
    assert form["epochs"].value() == "77"
    run.delete()
    post(admin_client, dataset, epochs="77", copied_from=form["copied_from"].value())
    again = Run.objects.get()
    assert (again.epochs, again.parent) == (77, None)


def test_the_form_begins_with_the_data_set_that_an_address_names(admin_client: Client, dataset: Dataset) -> None:
    form = admin_client.get(reverse(ADD), {"datasets": dataset.pk}).context["adminform"].form
    assert form["datasets"].value() == [str(dataset.pk)]
    assert "Start training" in admin_client.get(reverse(ADD)).text


def act(client: Client, action: str, *runs: Run, **fields: str) -> Any:
    """Choose runs in the list and do something to them."""
    data = {"action": action, "_selected_action": [run.pk for run in runs], **fields}
    return client.post(reverse("admin:runs_run_changelist"), data, follow=True)


def test_runs_are_paused_resumed_cancelled_and_tried_again_together(admin_client: Client, make_run: MakeRun) -> None:
    runs = [make_run(), make_run()]
    for action, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled"), ("retry", "queued")):
        act(admin_client, action, *runs)
        assert {run.state for run in Run.objects.all()} == {state}, action


def test_a_run_that_cannot_start_is_not_tried_again_and_the_others_are(
    admin_client: Client, make_run: MakeRun, make_dataset: MakeDataset
) -> None:
    good, orphan = make_run(), make_run(make_dataset("doomed"))
    act(admin_client, "cancel", good, orphan)
    Dataset.objects.get(name="doomed").delete()
    html = act(admin_client, "retry", good, orphan).content.decode()
    assert f"{orphan}: Data set “doomed” was deleted." in html
    assert "1 job is queued again." in html
    assert "skipped" not in html
    assert [Run.objects.get(pk=run.pk).state for run in (good, orphan)] == ["queued", "cancelled"]


def test_an_action_that_does_not_apply_is_reported(admin_client: Client, make_run: MakeRun) -> None:
    waiting, paused = make_run(), make_run()
    lifecycle.request_pause(paused)
    html = act(admin_client, "resume", waiting, paused).content.decode()
    assert "1 job is resumed. 1 was skipped: its state does not allow it." in html


def test_the_chosen_ones_are_compared(admin_client: Client, make_run: MakeRun) -> None:
    runs = [make_run(), make_run()]
    address, _status = act(admin_client, "compare", *runs).redirect_chain[-1]
    assert address == reverse("runs:compare") + f"?run={runs[1].pk}&run={runs[0].pk}"


def test_the_chosen_ones_are_exported(admin_client: Client, make_run: MakeRun) -> None:
    kept, _other = make_run(name="kept"), make_run()
    text = act(admin_client, "export_json", kept).getvalue().decode()
    assert [record["name"] for record in json.loads(text)] == ["kept"]
    text = act(admin_client, "export_csv", kept).getvalue().decode()
    assert len(text.splitlines()) == 2


def test_the_list_is_searched_by_hyperparameters(admin_client: Client, make_run: MakeRun) -> None:
    slow, fast = make_run(name="slow"), make_run(name="fast", hyperparameters=replace(QUICK, learning_rate=0.5))
    address = reverse("admin:runs_run_changelist")
    html = admin_client.get(address, {"q": "learning_rate>0.2"}).content.decode()
    assert fast.get_absolute_url() in html
    assert slow.get_absolute_url() not in html
    html = admin_client.get(address, {"q": "learning_rat>0.2"}).content.decode()
    assert "learning_rat: no such hyperparameter. Did you mean learning_rate?" in html


def test_the_columns_of_the_list_are_a_persons_own(admin_client: Client, admin_user: User, make_run: MakeRun) -> None:
    make_run(preset="thesis-relu")
    address = reverse("admin:runs_run_changelist")
    assert "column-worker" not in admin_client.get(address).content.decode()
    ListColumns.objects.create(user=admin_user, keys=["state", "worker", "hp-momentum"])
    html = admin_client.get(address).content.decode()
    assert "column-worker" in html
    assert "column-hp_momentum" in html
    assert "column-preset" not in html
    for key in run_columns.COLUMNS:
        ListColumns.objects.update(keys=[key])
        assert admin_client.get(address, {"o": "3"}).status_code == 200, key


def test_the_list_shows_where_each_stands(admin_client: Client, make_run: MakeRun) -> None:
    run = make_run()
    Run.objects.filter(pk=run.pk).update(epoch=2, best_validation_accuracy=0.9531)
    html = admin_client.get(reverse("admin:runs_run_changelist")).content.decode()
    assert "95.31%" in html
    assert "2 / 3" in html


def test_what_is_to_be_deleted_is_named_without_its_epochs(admin_client: Client, make_run: MakeRun) -> None:
    run = make_run()
    same = {"train_cost": 1, "train_accuracy": 0, "validation_cost": 1, "validation_accuracy": 0, "seconds": 1}
    Epoch.objects.bulk_create(Epoch(run=run, epoch=number, **same) for number in range(1, 4))
    page = admin_client.get(f"/admin/runs/run/{run.pk}/delete/").content.decode()
    assert str(run) in page
    assert "Epoch" not in page


def test_runs_are_cancelled_and_deleted_from_the_list(admin_client: Client, make_run: MakeRun) -> None:
    run = make_run()
    address = reverse("admin:runs_run_changelist")
    admin_client.post(address, {"action": "cancel", "_selected_action": [run.pk]})
    assert Run.objects.get().state == State.CANCELLED
    admin_client.post(address, {"action": "delete_selected", "_selected_action": [run.pk], "post": "yes"})
    assert Run.objects.count() == 0


def test_nobody_else_may_start_one(client: Client, dataset: Dataset) -> None:
    client.force_login(User.objects.create_user("anna", is_staff=True))
    assert post(client, dataset).status_code == 403
    assert Run.objects.count() == 0


def test_an_evaluation_is_queued(admin_client: Client, dataset: Dataset, stored: Any) -> None:
    data = {"evaluation-model": stored.pk, "evaluation-dataset": dataset.pk, "evaluation-split": "test"}
    assert admin_client.post(reverse("admin:runs_evaluation_add"), data).status_code == 302
    job = Evaluation.objects.get()
    assert (job.state, job.model, job.dataset, job.split) == (State.QUEUED, stored, dataset, "test")
    assert admin_client.get(reverse("admin:runs_evaluation_changelist")).status_code == 200
    assert admin_client.get(reverse("admin:runs_evaluation_change", args=[job.pk])).status_code == 200
