{% autoescape off %}#!/bin/sh
# Makes this machine a device of {{ site }} and begins to measure. Needs Python 3.9 or later; asks for no password.
#   curl -fsS {{ site }}/devices/agent.sh | sh -s -- CODE
set -eu

site='{{ site }}'
sha256='{{ sha256 }}'
folder=${PROPIS_DEVICE:-$HOME/propis-device}

fail() { echo "$1" >&2; exit 1; }

[ $# -eq 1 ] || fail "Say the code: it stands on the page where this line was copied."
command -v python3 >/dev/null || fail "Python 3.9 or later is needed: sudo apt install python3"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || fail "Python 3.9 or later is needed; this is $(python3 --version)."

umask 077
mkdir -p "$folder"
curl -fsS "$site/devices/agent.pyz" -o "$folder/agent.pyz.part"
python3 - "$folder/agent.pyz.part" "$sha256" <<'CHECK' || fail "The agent came damaged: try again."
import hashlib, sys
sys.exit(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest() != sys.argv[2])
CHECK
mv "$folder/agent.pyz.part" "$folder/agent.pyz"

# numpy 1.21 or later: the system's, if there is one, else in an environment of its own.
if python3 -c 'from numpy.typing import NDArray' 2>/dev/null; then
    python=$(python3 -c 'import sys; print(sys.executable)')  # whatever another shell calls python3
else
    python=$folder/venv/bin/python
    [ -x "$python" ] || python3 -m venv "$folder/venv" || fail "First: sudo apt install python3-venv"
    "$python" -c 'from numpy.typing import NDArray' 2>/dev/null || {
        echo "Installing numpy"
        "$python" -m pip install --quiet --disable-pip-version-check numpy
    }
fi

"$python" "$folder/agent.pyz" join "$site" "$1" --folder "$folder"
echo "To measure after a restart, too: $python $folder/agent.pyz unit --folder $folder"
exec "$python" "$folder/agent.pyz" run --folder "$folder"
{% endautoescape %}
