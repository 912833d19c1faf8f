"""What a reader of a benchmark should know beside its figures, in words."""

from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recognizer.templatetags.recognizer_format import percent
from training.devices.measurement import BROWSER_BACKENDS
from training.devices.models import Benchmark

QUIET_SPREAD = 0.03
"""Repeats that differ by more were not on a quiet machine."""
SLOWDOWN, CLOCK_DROP = 1.05, 0.95
COARSE = 0.01
HELD_BACK = {
    "under-voltage": gettext_lazy("its supply gave too little voltage"),
    "frequency capped": gettext_lazy("its clock was capped"),
    "throttled": gettext_lazy("it was throttled"),
    "soft temperature limit": gettext_lazy("it was hot"),
}


def remarks(benchmark: Benchmark) -> list[str]:
    """Sentences on spread, throttling, a clock that fell, a device that slowed down; of a browser, on its clock."""
    results = benchmark.results
    if not results:
        return []
    if benchmark.backend in BROWSER_BACKENDS:
        found = [_spread(results), _coarse(results), _hidden(results)]
    elif "machine" in results:
        found = [_spread(results), _held_back(results["machine"]), _clock(results["machine"]), _slowdown(results)]
    else:
        return []
    return [each for each in found if each]


def energy_words(benchmark: Benchmark) -> str:
    """The energy for 10,000 images and how it is known; a value that nobody measured is not made up."""
    energy = (benchmark.results or {}).get("energy") or {"kind": "not measured"}
    if energy["kind"] == "not measured":
        return _("not measured")
    words = _("%(joules)s, measured") if energy["kind"] == "measured" else _("%(joules)s, estimated")
    return words % {"joules": floatformat(energy["joules_for_10000"], 1)}


def _spread(results: dict[str, Any]) -> str:
    if results["mode"] == "sustained" or results["spread"] <= QUIET_SPREAD:
        return ""
    words = _("The repeats differ by %(spread)s: the machine had other work, too.")
    return words % {"spread": percent(results["spread"])}


def _coarse(results: dict[str, Any]) -> str:
    """Say so where a step of the clock is no small part of what was timed."""
    share = results["environment"]["clock_seconds"] / results["seconds"]["median"]
    if share <= COARSE:
        return ""
    return _("The browser's clock is coarse: one of its steps is %(share)s of a pass.") % {"share": percent(share)}


def _hidden(results: dict[str, Any]) -> str:
    return _("The page was in the background meanwhile.") if results["environment"]["hidden"] else ""


def _held_back(machine: dict[str, Any]) -> str:
    if not machine["throttled"]:
        return ""
    why = ", ".join(str(HELD_BACK.get(name, name)) for name in machine["throttled"])
    return _("The device was held back while it was measured: %(why)s.") % {"why": why}


def _clock(machine: dict[str, Any]) -> str:
    lowest, highest = machine["lowest_clock_mhz"], machine["highest_clock_mhz"]
    if not highest or lowest >= CLOCK_DROP * highest:
        return ""
    return _("The clock went between %(lowest)d and %(highest)d MHz.") % {"lowest": lowest, "highest": highest}


def _slowdown(results: dict[str, Any]) -> str:
    slowdown = results["slowdown"]
    if slowdown is None or slowdown < SLOWDOWN:
        return ""
    words = _("It slowed down: the last third took %(times)s times as long as the first.")
    return words % {"times": floatformat(slowdown, 2)}
