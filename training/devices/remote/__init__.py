"""The agent's side of the protocol: what a device needs to be given benchmarks by a server over HTTP.

numpy and the standard library, Python 3.9 and later. `docs/devices.md` describes every request.
"""

VERSION = 1
"""Raised with each change of the protocol; a server refuses what is older than it understands."""
