"""Jobs of agents: asked for, held by a heartbeat, ended; each only by the device that it is meant for.

An agent does one job at a time. One that asks for the next has given up what it held: it was killed, or its machine
switched off. A device that was away for a day still hands in what it measured, as long as nobody has begun the job
again.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from recognizer.messages import gettext as _
from training.devices import services
from training.devices.fleet import browsers, bundles, results
from training.devices.fleet.browsers import PostedBrowserResult
from training.devices.fleet.refusals import AgentRefusedError
from training.devices.fleet.results import PostedMeasurement, PostedResult
from training.devices.measurement.measuring import WINDOWS
from training.devices.models import Benchmark, Bundle, Device
from training.jobs import lifecycle
from training.jobs.lifecycle import LostClaimError
from training.jobs.lifecycle.completion import release
from training.jobs.models import EventName, State

SEEN_SECONDS = 30
"""How seldom it is written that a device was seen."""


@dataclass(frozen=True)
class Order:
    """A job for an agent, with what it needs."""

    benchmark: Benchmark
    bundle: Bundle


def next_order(device: Device) -> Order | None:
    """Claim the device's next job whose bundle is made; None where there is none yet."""
    _give_up_held(device)
    mine = lifecycle.waiting(Benchmark).filter(wanted_device=device).select_related("model", "bundle", "dataset")
    for benchmark in mine:
        bundle = bundles.bundle_for(benchmark)
        if bundle.is_finished and _claimed(benchmark, device):
            if bundle.state == State.SUCCEEDED:
                return Order(benchmark, bundle)
            why = _("The images for devices could not be made: %(why)s")
            lifecycle.finish(benchmark, State.FAILED, error=why % {"why": bundle.error or bundle.get_state_display()})
    return None


def has_waiting(device: Device) -> bool:
    """Whether a job waits for the device, though its bundle may not be made yet."""
    return lifecycle.waiting(Benchmark).filter(wanted_device=device).exists()


def beat(device: Device, pk: int, attempt: int, progress: float) -> bool:
    """Note that an agent is at work; False where it is to stop, as somebody cancelled or paused the job.

    Raises:
        AgentRefusedError: the job is not this device's, or no longer this attempt's.

    """
    benchmark = _held(device, pk, attempt)
    try:
        lifecycle.write(benchmark, **lifecycle.alive(), progress=progress, progress_text=_words(benchmark, progress))
    except LostClaimError:
        raise _taken(benchmark) from None
    return benchmark.request is None


def fail(device: Device, pk: int, attempt: int, why: str) -> None:
    """End a job that the device cannot do.

    Raises:
        AgentRefusedError: the job is not this device's, or no longer this attempt's.

    """
    benchmark = _held(device, pk, attempt)
    try:
        lifecycle.finish(benchmark, State.FAILED, error=why[:1000] or _("The agent said nothing."))
    except LostClaimError:
        raise _taken(benchmark) from None


def stop(device: Device, pk: int, attempt: int) -> None:
    """Release a job that the agent no longer does: as was asked of it, or back to the queue.

    Raises:
        AgentRefusedError: the job is not this device's, or no longer this attempt's.

    """
    benchmark = _held(device, pk, attempt)
    try:
        lifecycle.give_back(benchmark)
    except LostClaimError:
        raise _taken(benchmark) from None


def accept(device: Device, pk: int, attempt: int, result_id: uuid.UUID, posted: PostedMeasurement) -> Benchmark:
    """Store a result, once: the same one posted again changes nothing.

    Raises:
        AgentRefusedError: the job is not this device's, has a result, was ended or begun again, or the result makes
            no sense; then nothing is stored.

    """
    benchmark = _mine(device, pk)
    if benchmark.result_id == result_id:
        return benchmark
    if benchmark.bundle is None or benchmark.is_finished:
        raise _taken(benchmark)
    values, invalid = results.checked(posted, benchmark, benchmark.bundle)
    if isinstance(posted, PostedBrowserResult):
        browsers.check_possible(posted, benchmark)
    try:
        with transaction.atomic():
            held = _held_or_claimed_again(benchmark, attempt)
            services.store_result(held, device, values, result_id=result_id, invalid=invalid)
    except LostClaimError:
        benchmark.refresh_from_db()
        if benchmark.result_id == result_id:
            return benchmark
        raise _taken(benchmark) from None
    if isinstance(posted, PostedResult) and posted.disk is not None:
        services.note_disk(device, posted.disk.read_mb_s, posted.disk.write_mb_s)
    return held


def note_seen(device: Device, version: int) -> None:
    """Write when the device was last seen, and with which agent; seldom, for it asks often."""
    now = timezone.now()
    if device.agent_version != version or (now - device.seen_at).total_seconds() > SEEN_SECONDS:
        Device.objects.filter(pk=device.pk).update(seen_at=now, agent_version=version)


def worker_of(device: Device) -> str:
    """What a job says of who does it."""
    return f"device {device.pk}"


def _words(benchmark: Benchmark, progress: float) -> str:
    total = WINDOWS if benchmark.sustained_seconds else benchmark.repeats
    return _("repeat %(done)s of %(total)s") % {"done": round(progress * total), "total": total}


def _claimed(benchmark: Benchmark, device: Device) -> bool:
    if not lifecycle.claim(Benchmark, benchmark.pk, attempt=benchmark.attempt, worker=worker_of(device)):
        return False
    benchmark.refresh_from_db()
    return True


def _give_up_held(device: Device) -> None:
    why = _("The device was lost %(count)d times in a row before it had a result.")
    for held in Benchmark.objects.filter(state=State.RUNNING, wanted_device=device, worker=worker_of(device)):
        release(held, event=EventName.WORKER_LOST, why=why)


def _mine(device: Device, pk: int) -> Benchmark:
    benchmark = Benchmark.objects.select_related("model", "bundle").filter(pk=pk, wanted_device=device).first()
    if benchmark is None:
        raise AgentRefusedError(404, _("There is no job %(number)d of this device.") % {"number": pk})
    return benchmark


def _held(device: Device, pk: int, attempt: int) -> Benchmark:
    benchmark = _mine(device, pk)
    if benchmark.state != State.RUNNING or benchmark.attempt != attempt:
        raise _taken(benchmark)
    return benchmark


def _held_or_claimed_again(benchmark: Benchmark, attempt: int) -> Benchmark:
    """The job as the attempt that measured it holds it, or, where it was given up and waits, claimed again.

    Raises:
        LostClaimError: it was begun again or ended.

    """
    if benchmark.attempt != attempt:
        raise LostClaimError
    if benchmark.state == State.QUEUED:
        if not lifecycle.claim(Benchmark, benchmark.pk, attempt=attempt, worker=benchmark.worker or "device"):
            raise LostClaimError
        benchmark.refresh_from_db()
    return benchmark


def _taken(benchmark: Benchmark) -> AgentRefusedError:
    words: dict[str, Any] = {"number": benchmark.pk, "state": benchmark.get_state_display()}
    if benchmark.is_finished:
        return AgentRefusedError(409, _("Job %(number)d has ended already: %(state)s.") % words)
    return AgentRefusedError(409, _("Job %(number)d is no longer this attempt's: it is %(state)s.") % words)
