"""A systemd unit that keeps the agent at work after a restart of the device."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

UNIT = """\
# sudo tee /etc/systemd/system/propis-device.service < this text
# sudo systemctl daemon-reload && sudo systemctl enable --now propis-device
[Unit]
Description=Propis: times letters on this device
Wants=network-online.target
After=network-online.target

[Service]
User={user}
ExecStart={python} {agent} {command} --folder {folder}
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=4
NoNewPrivileges=yes
ProtectSystem=full
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
"""


def unit(folder: Path, command: str = "run") -> str:
    """The unit for this user, this Python, this agent and this folder; `command` is `run` or `worker`."""
    agent = Path(sys.argv[0]).resolve()
    user, at = getpass.getuser(), folder.resolve()
    return UNIT.format(user=user, python=sys.executable, agent=agent, command=command, folder=at)
