"""How the kernel is compiled: by the Clang and the linker that `ziglang` brings, to the same bytes wherever it runs.

python -m recognizer.exports.kernel           writes static/wasm/kernel.wasm
python -m recognizer.exports.kernel --check   compares with what is there
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).parent
C_HEADER = SOURCE.parents[1] / "core" / "c_header" / "source"
FILE = SOURCE.parents[2] / "static" / "wasm" / "kernel.wasm"
PACKAGES = SOURCE / "packages.txt"
"""The compiler's version is fixed: another one makes other bytes."""
INSTALLED = SOURCE.parents[2] / "var" / "ziglang"
"""Where `make wasm` installs it: 99 MB that nothing else needs."""
COMPILER = ("cc", "-target", "wasm32-freestanding", "-mcpu=generic+simd128+bulk_memory", "-std=c99", "-O3", "-g0")
STRICT = ("-ffreestanding", "-fno-sanitize=all", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function")
UNITS = (("floats.c", ()), ("whole.c", ("-DPROPIS_RELU=1",)), ("whole.c", ("-DPROPIS_RELU=0",)))
LINKER = ("wasm-ld", "--no-entry", "--strip-all", "--gc-sections", "--export=__heap_base")


class KernelError(RuntimeError):
    """The kernel cannot be built; the message says why."""


def has_compiler() -> bool:
    """Whether the compiler is there, installed by `make wasm` or in this environment."""
    return (INSTALLED / "ziglang").is_dir() or importlib.util.find_spec("ziglang") is not None


def build() -> bytes:
    """Compile the kernel.

    Raises:
        KernelError: there is no compiler, or it found a fault.

    """
    if not has_compiler():
        raise KernelError("The compiler is missing: make wasm installs it.")
    with tempfile.TemporaryDirectory(prefix="kernel-") as name:
        folder, objects = Path(name), []
        for number, (source, words) in enumerate(UNITS):
            objects.append(f"{number}.o")
            _zig(folder, *COMPILER, *STRICT, *words, f"-I{C_HEADER}", "-c", str(SOURCE / source), "-o", objects[-1])
        _zig(folder, *LINKER, *objects, "-o", "kernel.wasm")
        return (folder / "kernel.wasm").read_bytes()


def _zig(folder: Path, *words: str) -> None:
    cache = str(folder / "cache")  # one of this build's own: it keeps what was made of other sources
    environment = {
        **os.environ,
        "PYTHONPATH": str(INSTALLED),
        "ZIG_GLOBAL_CACHE_DIR": cache,
        "ZIG_LOCAL_CACHE_DIR": cache,
    }
    command = [sys.executable, "-m", "ziglang", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise KernelError(f"{words[0]}: {done.stderr.strip()[-2000:]}")
