"""The device's sheet: what a machine is, read from the machine (numpy-free, Python 3.9 and later)."""

from training.devices.sheet.browser import BrowserSheet
from training.devices.sheet.reading import machine_key, machine_name, read
from training.devices.sheet.record import DeviceSheet

__all__ = ["BrowserSheet", "DeviceSheet", "machine_key", "machine_name", "read"]
