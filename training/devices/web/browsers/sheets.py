"""What a browser tells of itself, as groups of rows like those of Table 4."""

from django.utils.translation import gettext as _

from training.devices.models import Device
from training.devices.sheet import BrowserSheet

Rows = list[tuple[str, str, list[object]]]


def groups(device: Device) -> list[tuple[str, Rows]]:
    """Browser and machine: rows of a name, a unit and one value."""
    sheet = BrowserSheet.from_dict(device.sheet)
    browser: Rows = [
        (_("Engine"), "", [sheet.engine]),
        (_("Version"), "", [sheet.engine_version]),
        (_("WebAssembly with SIMD"), "", [_("yes") if sheet.simd else _("no")]),
    ]
    machine: Rows = [
        (_("System"), "", [sheet.os_family]),
        (_("Cores, as the browser says"), "", [sheet.cores]),
        (_("Memory, as the browser says"), _("GB"), [sheet.ram_gb]),
        (_("Fingers that the screen can tell"), "", [str(sheet.touch_points)]),
    ]
    return [(_("Browser"), browser), (_("Machine"), machine)]
