"""The overview shows what is under way, what failed and why, what waits for a decision; by few queries."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tests import world
from training.datasets.imports import waiting_drafts
from training.datasets.imports.drafts import Draft
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Run
from training.sweeps.models import Phase, Sweep

MOST_QUERIES = 50
"""Of the whole page, the session and the permissions of who asks included."""


@pytest.fixture
def run(db: None) -> Run:
    """One run, not of a sweep, in a small world."""
    world.build(world.SMALL)
    run = Run.objects.filter(is_trial=False)[0]
    Run.objects.filter(pk=run.pk).update(created_by=User.objects.get(username="someone"))
    return run


def change(run: Run, **values: object) -> None:
    Run.objects.filter(pk=run.pk).update(**values)


def test_it_shows_progress_and_asks_few_questions(admin_client: Client, run: Run) -> None:
    change(run, state=State.RUNNING, progress=0.25, progress_text="epoch 5 of 20")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page = admin_client.get("/overview/").text
    assert "epoch 5 of 20" in page
    assert 'value="0.250"' in page
    assert 'hx-trigger="every 5s"' in page
    for copy in [run] * 30:
        copy.pk = None
        copy.state = State.QUEUED
        copy.save()
    with CaptureQueriesContext(connection) as many:
        admin_client.get("/overview/")
    assert len(many) <= len(few) <= MOST_QUERIES


def test_a_failed_job_waits_with_its_reason_until_it_is_tried_again(admin_client: Client, run: Run) -> None:
    change(run, state=State.FAILED, error="The disk is full.", finished_at=timezone.now())
    assert "The disk is full." in admin_client.get("/overview/").text
    change(run, state=State.FAILED, finished_at=timezone.now() - timedelta(days=8))
    assert "The disk is full." not in admin_client.get("/overview/").text


def test_an_import_that_was_not_confirmed_is_found_again_by_who_began_it(client: Client, db: None) -> None:
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_datasetimport"))
    client.force_login(user)
    draft = Draft(name="letters of a class", seed=0, origin="folder", path="class.zip", user=user.pk)
    session, token = client.session, draft.token()
    waiting_drafts.remember(session, draft, token)
    session.save()
    assert "letters of a class" in client.get("/overview/").text
    client.post(f"/data/imports/new/{token}/", {"do": "discard"})
    assert waiting_drafts.of(client.session, user.pk) == []


def test_buttons_are_those_of_the_rights(client: Client, db: None) -> None:
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_run"))
    client.force_login(user)
    page = client.get("/overview/").text
    assert "/runs/new/" in page
    assert "/sweeps/new/" not in page


def test_the_first_page_of_the_admin_shows_the_same(admin_client: Client, run: Run) -> None:
    change(run, state=State.QUEUED)
    page = admin_client.get("/admin/")
    assert [shown.job.pk for shown in page.context["jobs"]] == [run.pk]
    assert 'class="overview"' in page.text


class TestNotices:
    """What somebody's jobs came to is told to him, once he looks, and to nobody else."""

    def since(self, client: Client) -> str:
        """The moment from which to look on."""
        answer = client.get("/overview/notices/")
        assert answer.text.strip() == ""
        return str(answer.headers["X-Until"])

    def test_only_who_started_it_is_told_and_only_of_what_is_new(self, client: Client, run: Run) -> None:
        client.force_login(User.objects.get(username="someone"))
        change(run, finished_at=timezone.now() - timedelta(minutes=1))
        moment = self.since(client)
        assert client.get(f"/overview/notices/?since={moment}").text.strip() == ""
        change(run, state=State.FAILED, error="<b>no data</b>", finished_at=timezone.now() + timedelta(seconds=1))
        told = client.get(f"/overview/notices/?since={moment}").text
        assert run.get_absolute_url() in told
        assert "&lt;b&gt;no data" in told
        client.force_login(User.objects.create_superuser("another"))
        assert client.get(f"/overview/notices/?since={moment}").text.strip() == ""

    def test_a_sweep_is_told_of_once_when_all_its_trials_have_ended(self, client: Client, run: Run) -> None:
        someone = User.objects.get(username="someone")
        client.force_login(someone)
        moment = self.since(client)
        sweep = Sweep.objects.get()
        Sweep.objects.update(created_by=someone, phase=Phase.CLOSED)
        trials = Run.objects.filter(trial__sweep=sweep)
        trials.update(created_by=someone, state=State.SUCCEEDED, finished_at=timezone.now() + timedelta(seconds=1))
        told = client.get(f"/overview/notices/?since={moment}").text
        assert told.count("<li>") == 1
        assert sweep.get_absolute_url() in told

    @pytest.mark.parametrize("since", ["x", "nan", "1e999", "-5", "99999999999999"])
    def test_a_moment_that_is_none_tells_nothing_wrong(self, admin_client: Client, run: Run, since: str) -> None:
        assert admin_client.get(f"/overview/notices/?since={since}").status_code == 200


def test_jobs_of_every_kind_are_shown_in_every_state_and_told_of(admin_user: User, client: Client) -> None:
    world.build(world.SMALL)
    client.force_login(admin_user)
    moment = TestNotices().since(client)
    at = timezone.now() + timedelta(seconds=1)
    for kind in lifecycle.kinds():
        for state in State:
            for other in lifecycle.kinds():
                other._default_manager.update(state=State.SUCCEEDED, finished_at=None)
            job = kind._default_manager.order_by("pk")[0]
            kind._default_manager.filter(pk=job.pk).update(state=state, finished_at=at, created_by=admin_user)
            for address in ("/overview/", "/admin/", f"/overview/notices/?since={moment}"):
                answer = client.get(address)
                assert answer.status_code == 200, (kind.kind(), state, address)
