"""What an agent posts: checked, and made into what is stored. Figures that follow from others are computed here.

Nothing is believed that can be known: the model, the bundle and the workload are compared with the job's, times must
be positive and finite, and as many as were asked for.
"""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from recognizer.messages import gettext as _
from training.devices.fleet import bundles
from training.devices.fleet.refusals import AgentRefusedError
from training.devices.measurement.measuring import figures, slowdown
from training.devices.models import Benchmark, Bundle

MOST_PASSES = 1_000
FASTEST_IMAGE = 1e-8
"""Seconds: no machine reads a letter in less."""
LONGEST_PASS = 1e6

Seconds = Annotated[float, Field(gt=0, lt=LONGEST_PASS, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, lt=1e9, allow_inf_nan=False)]
Word = Annotated[str, Field(max_length=200)]


class Posted(BaseModel):
    """A part of what is posted: strict, with no names that are not known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PostedLatency(Posted):
    """Seconds of one image."""

    p50: Seconds
    p90: Seconds
    p99: Seconds


class PostedLook(Posted):
    """The machine at one moment."""

    clock_mhz: Amount | None
    temperature: Annotated[float, Field(gt=-100, lt=300, allow_inf_nan=False)] | None
    throttling: Annotated[int, Field(ge=0, lt=2**32)] | None


class PostedMachine(Posted):
    """The machine before, during and after."""

    before: PostedLook
    after: PostedLook
    lowest_clock_mhz: Amount | None
    highest_clock_mhz: Amount | None
    highest_temperature: Annotated[float, Field(gt=-100, lt=300, allow_inf_nan=False)] | None
    throttled: Annotated[list[Word], Field(max_length=8)] | None


class PostedEnergy(Posted):
    """Joules for 10,000 images, and how they are known."""

    kind: Annotated[str, Field(pattern="^(measured|estimated|not measured)$")]
    joules_for_10000: Amount | None
    source: Word


class PostedMemory(Posted):
    """MB of 10⁶ bytes."""

    before_the_model: Amount | None
    peak: Amount | None


class PostedEnvironment(Posted):
    """Versions."""

    commit: Word
    dirty: bool | None
    python: Word
    numpy: Word
    blas: Word
    blas_kernel: Word
    blas_threads: Word
    onnxruntime: Word = ""


class PostedDisk(Posted):
    """MB/s of 10⁶ bytes."""

    read_mb_s: Amount | None
    write_mb_s: Amount | None


class PostedMeasurement(Posted):
    """What every device measures, whatever it is."""

    model_sha256: Word
    inputs_sha256: Word
    seconds: Annotated[list[Seconds], Field(min_length=1, max_length=MOST_PASSES)]
    correct: int
    images_scored: int
    load_seconds: Amount


class PostedResult(PostedMeasurement):
    """What an agent measured."""

    latency: PostedLatency | None
    memory_mb: PostedMemory
    machine: PostedMachine
    energy: PostedEnergy
    environment: PostedEnvironment
    disk: PostedDisk | None


def checked(posted: PostedMeasurement, benchmark: Benchmark, bundle: Bundle) -> tuple[dict[str, Any], str]:
    """What is stored of a result, and why it is not valid ("" if it is).

    Raises:
        AgentRefusedError: it is of another model or other images, or has impossible figures.

    """
    _check_subject(posted, benchmark, bundle)
    _check_times(posted, benchmark)
    if posted.images_scored != bundle.images or not 0 <= posted.correct <= bundle.images:
        raise AgentRefusedError(
            422,
            _("%(correct)d of %(scored)d images read right is impossible: there are %(images)d.")
            % {"correct": posted.correct, "scored": posted.images_scored, "images": bundle.images},
        )
    return _stored(posted, benchmark, bundle), _why_invalid(posted, bundle, benchmark.backend)


def _check_subject(posted: PostedMeasurement, benchmark: Benchmark, bundle: Bundle) -> None:
    if posted.model_sha256 != benchmark.model.file_sha256:
        raise AgentRefusedError(422, _("The result is of another model than the job's: its SHA-256 differs."))
    if posted.inputs_sha256 != bundle.inputs_sha256:
        raise AgentRefusedError(422, _("The result is of other images than the job's: their SHA-256 differs."))


def _check_times(posted: PostedMeasurement, benchmark: Benchmark) -> None:
    workload = benchmark.workload
    if not workload.sustained_seconds and len(posted.seconds) != workload.repeats:
        raise AgentRefusedError(
            422,
            _("The result has %(found)d repeats; the job asks for %(wanted)d.")
            % {"found": len(posted.seconds), "wanted": workload.repeats},
        )
    if min(posted.seconds) < workload.images * FASTEST_IMAGE:
        raise AgentRefusedError(422, _("The result has times that no machine can reach."))


def _why_invalid(posted: PostedMeasurement, bundle: Bundle, backend: str) -> str:
    if abs(posted.correct - bundle.correct) <= bundles.allowed_difference(bundle, backend):
        return ""
    return _(
        "The device read %(found)d of %(images)d images right, the server %(expected)d: it computed something else, "
        "so its times do not count."
    ) % {"found": posted.correct, "images": bundle.images, "expected": bundle.correct}


def _stored(posted: PostedMeasurement, benchmark: Benchmark, bundle: Bundle) -> dict[str, Any]:
    workload = benchmark.workload
    kept = posted.model_dump(exclude={"model_sha256", "inputs_sha256", "seconds", "correct", "images_scored", "disk"})
    return {
        **kept,
        "workload": asdict(workload),
        "mode": workload.mode,
        "slowdown": slowdown(posted.seconds) if workload.sustained_seconds else None,
        **figures(posted.seconds, workload),
        "model": {"name": benchmark.model.name, "sha256": posted.model_sha256},
        "accuracy": {
            "images": bundle.images,
            "correct": posted.correct,
            "share": posted.correct / bundle.images,
            "dataset": bundle.dataset_name,
            "made": bundle.made,
        },
    }
