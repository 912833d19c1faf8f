"""Every change of a job's state, each one conditional UPDATE whose row count is checked.

The database is the truth and a queue message only a hint: it may be lost, doubled or late, and a worker may die at
any instruction, yet no job is lost and none is done twice. `holding` has what workers change, `requests` what people
ask for, `reaping` what becomes of a job whose worker was lost, `waking` how a worker hears of one that waits.
"""

from training.jobs.lifecycle.holding import (
    LostClaimError,
    alive,
    claim,
    claim_next,
    enqueue,
    fail_attempt,
    finish,
    give_back,
    take,
    write,
)
from training.jobs.lifecycle.reaping import reap
from training.jobs.lifecycle.requests import prune, request_cancel, request_pause, resume, retry
from training.jobs.lifecycle.waking import kinds, waiting

__all__ = [
    "LostClaimError",
    "alive",
    "claim",
    "claim_next",
    "enqueue",
    "fail_attempt",
    "finish",
    "give_back",
    "kinds",
    "prune",
    "reap",
    "request_cancel",
    "request_pause",
    "resume",
    "retry",
    "take",
    "waiting",
    "write",
]
