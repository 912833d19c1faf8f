"""The services of jobs: every change of a job's state, each one conditional UPDATE whose row count is checked.

A package and not one module, as the other apps' `services.py` are: its callers are workers, people and the reaper, and
each of them reads one module. All call what is named here, as `lifecycle.enqueue` and the like.

The database is the truth and a queue message only a hint: it may be lost, doubled or late, and a worker may die at
any instruction, yet no job is lost and none is done twice. `creation` makes the row, `claiming` gives it to a worker,
`completion` has what that worker writes, `control` what people ask for, `reaping` what becomes of a job whose worker
was lost, `waking` how a worker hears of one that waits.
"""

from training.jobs.lifecycle.claiming import claim, claim_next
from training.jobs.lifecycle.completion import LostClaimError, alive, fail_attempt, finish, give_back, write
from training.jobs.lifecycle.control import prune, request_cancel, request_pause, resume, retry
from training.jobs.lifecycle.creation import create_claimed, enqueue
from training.jobs.lifecycle.reaping import Reaper, reap
from training.jobs.lifecycle.waking import kinds, waiting

__all__ = [
    "LostClaimError",
    "Reaper",
    "alive",
    "claim",
    "claim_next",
    "create_claimed",
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
    "waiting",
    "write",
]
