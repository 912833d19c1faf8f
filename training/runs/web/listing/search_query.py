"""Searching runs: by words, and by conditions on any hyperparameter such as `learning_rate>=0.01`."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from training.core.hyperparameters import FIELDS, Hyperparameters
from training.jobs.keys import key_in
from training.runs.models import Run

LONGEST = 200
CONDITION = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<sign><=|>=|!=|=|<|>)(?P<value>.+)")
LOOKUPS = {"=": "", "!=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}
TEXTS = ("name", "preset", "notes", "weights_sha256", "tags__name", "sources__name")
OF_STAFF = ("worker",)
"""What else is searched for those who may see it: visitors must not find out by guessing."""


def search(runs: QuerySet[Run], text: str, *, of_staff: bool = False) -> QuerySet[Run]:
    """Keep the runs that match every word and every condition.

    Raises:
        HyperparameterError: a condition on an unknown hyperparameter, or with a value that it cannot have.

    """
    has_joins = False
    for word in text[:LONGEST].split():
        if (found := CONDITION.fullmatch(word)) is not None:
            condition = _condition(found["name"], found["sign"], found["value"])
            runs = runs.exclude(condition) if found["sign"] == "!=" else runs.filter(condition)
        else:
            runs, has_joins = runs.filter(_anywhere(word, (*TEXTS, *OF_STAFF) if of_staff else TEXTS)), True
    return runs.distinct() if has_joins else runs


def _condition(name: str, sign: str, text: str) -> Q:
    if name not in FIELDS:
        Hyperparameters.from_mapping({name: text})  # its error suggests the name that was meant
    value: Any = FIELDS[name].parse(text)
    return Q(**{f"hyperparameters__{name}{LOOKUPS[sign]}": list(value) if isinstance(value, tuple) else value})


def _anywhere(word: str, texts: Iterable[str]) -> Q:
    """The word in any of these texts of a run, or its number."""
    anywhere = Q()
    for name in texts:
        anywhere |= Q(**{f"{name}__icontains": word})
    key = key_in(word)
    return anywhere if key is None else anywhere | Q(pk=key)
