"""Whose turn it is: people with waiting jobs take turns, whatever number of them each has.

Priority goes before everything. Among equals it is the turn of who has the fewest jobs running, of these of who waited
longest since one of his was started. What nobody created (by the command line, or by who is gone) is one person's.
"""

from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Count, Max, Q, QuerySet

from training.jobs.models import Job, State

J = TypeVar("J", bound=Job)
NEVER = datetime.min.replace(tzinfo=UTC)


def next_of(jobs: QuerySet[J]) -> tuple[int, int] | None:
    """Key and attempt of the job that is to be claimed next, of waiting ones in the order of priority and age."""
    priority = jobs.values_list("priority", flat=True).first()
    if priority is None:
        return None
    equals = jobs.filter(priority=priority)
    people = list(equals.order_by().values_list("created_by", flat=True).distinct())
    if len(people) > 1:
        equals = equals.filter(created_by=_whose_turn(jobs.model, people, equals))
    return equals.values_list("pk", "attempt").first()


def _whose_turn(kind: type[Job], people: list[int | None], equals: QuerySet[Any]) -> int | None:
    known = [person for person in people if person is not None]
    theirs = kind._default_manager.filter(Q(created_by__in=known) | Q(created_by=None)).order_by()
    counted = theirs.values("created_by").annotate(
        running=Count("pk", filter=Q(state=State.RUNNING)), started=Max("started_at")
    )
    of: dict[int | None, Any] = {each["created_by"]: (each["running"], each["started"] or NEVER) for each in counted}
    oldest = {person: place for place, person in enumerate(_by_age(equals, people))}
    return min(people, key=lambda person: (*of.get(person, (0, NEVER)), oldest[person]))


def _by_age(equals: QuerySet[Any], people: list[int | None]) -> list[int | None]:
    """These people in the order of the oldest job that each has waiting."""
    found: dict[int | None, None] = {}
    for person in equals.values_list("created_by", flat=True).iterator():
        found[person] = None
        if len(found) == len(people):
            break
    return [*found, *(person for person in people if person not in found)]
