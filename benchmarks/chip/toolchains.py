"""Compilers and emulators: a header built and run on this machine, on ARM and on an ATmega328P."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import BenchmarkRunError

PROGRAMS = Path(__file__).parent / "programs"
SIMAVR = Path("/usr/include/simavr")
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic")
SANITIZED = ("-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all")
BARE = ("-O2", "-ffreestanding", "-nostdlib", "-static", "-DPROPIS_BARE")
CHIP = ("-Os", "-mmcu=atmega328p", "-DF_CPU=16000000UL")
ARM = "arm-linux-gnueabi-gcc"
SECONDS = 120

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Answers:
    """What a program made of n pictures: indexes of letters (n,), inputs (n, length), logits (n, letters)."""

    letters: Bytes
    inputs: Bytes
    logits: NDArray[np.int32]


@dataclass(frozen=True)
class ChipAnswers:
    """What an ATmega328P made of n pictures, and what it took.

    Attributes:
        letters, logits: (n,) and (n, letters).
        flash, memory: bytes; memory with the stack.
        mean_cycles, most_cycles: simulated, of a letter.

    """

    letters: Bytes
    logits: NDArray[np.int32]
    flash: int
    memory: int
    mean_cycles: int
    most_cycles: int


def has_host() -> bool:
    """Whether this machine's own compiler is here."""
    return shutil.which("gcc") is not None


def has_arm() -> bool:
    """Whether a compiler for ARM and an emulator are here."""
    return all(shutil.which(name) for name in (ARM, "qemu-arm"))


def has_chip() -> bool:
    """Whether a compiler for the ATmega328P and simavr are here."""
    return has_host() and shutil.which("avr-gcc") is not None and SIMAVR.is_dir()


def on_host(header: str, folder: Path, pictures: Bytes) -> Answers:
    """Built by gcc with its sanitizers, which end the program at the first fault."""
    program = _built(["gcc", *STRICT, *SANITIZED], header, "answers.c", folder)
    return _answers([str(program)], header, pictures)


def drawn_on_host(header: str, folder: Path, drawings: bytes) -> tuple[Bytes, Bytes]:
    """Of n drawings, as `drawings.c` reads them: 0 or why it cannot be read (n,), pictures (n, 784)."""
    program = _built(["gcc", *STRICT, *SANITIZED], header, "drawings.c", folder)
    found = np.frombuffer(_run([program], drawings).stdout, np.uint8).reshape(-1, 1 + 784)
    return found[:, 0], found[:, 1:]


def timed_on_host(header: str, folder: Path, pictures: Bytes) -> tuple[float, float]:
    """Seconds of this machine's processor for a letter from its picture on, and for its layers alone."""
    program = _built(["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-O2"], header, "timing.c", folder)
    whole, layers = _run([program], pictures.tobytes()).stdout.split()
    return float(whole), float(layers)


def on_arm(header: str, folder: Path, pictures: Bytes) -> Answers:
    """Built for 32-bit ARM without any library, and run by QEMU."""
    program = _built([ARM, *STRICT[:-1], *BARE], header, "answers.c", folder, "-lgcc")
    return _answers(["qemu-arm", str(program)], header, pictures)


def on_chip(header: str, folder: Path, pictures: Bytes, source: str = "firmware.c") -> ChipAnswers:
    """Built for an ATmega328P, and run by simavr."""
    program = _built(["avr-gcc", *STRICT, *CHIP], header, source, folder)
    lines, numbers = simulated(program, folder, pictures.tobytes())
    count, most, mean, memory = numbers
    if count != len(pictures) or len(lines) != count:
        raise BenchmarkRunError(f"The chip answered {len(lines)} times to {len(pictures)} pictures.")
    answers = np.array([list(bytes.fromhex(line)) for line in lines], np.uint8)
    logits = np.ascontiguousarray(answers[:, 1:]).view(">i4").astype(np.int32)
    return ChipAnswers(answers[:, 0], logits, flash_of(program), memory, mean, most)


def sketch_on_chip(header: str, folder: Path, pictures: Bytes) -> list[str]:
    """The lines that the sketch of docs/arduino.md writes of n pictures."""
    program = _built(["avr-g++", "-Wall", "-Wextra", "-Werror", *CHIP], header, "arduino.cpp", folder)
    return simulated(program, folder, pictures.tobytes())[0]


def line_of_chip(header: str, folder: Path, rows: bytes) -> tuple[str, int]:
    """What the benchmark of docs/arduino.md prints of rows as `chip_rows` makes them, and its bytes of flash."""
    command = ["avr-g++", "-Wall", "-Wextra", "-Werror", "-DPROPIS_BENCHMARK", *CHIP]
    program = _built(command, header, "arduino.cpp", folder)
    [line] = simulated(program, folder, rows)[0]
    return line, flash_of(program)


def simulated(program: Path, folder: Path, content: bytes) -> tuple[list[str], list[int]]:
    """Lines that a program for the chip writes, fed with rows, and what the simulator says of it."""
    simulator = folder / "simulator"
    if not simulator.exists():
        _run(
            [
                "gcc",
                "-O2",
                "-Wall",
                "-Werror",
                f"-I{SIMAVR}",
                str(PROGRAMS / "simulator.c"),
                "-lsimavr",
                "-o",
                simulator,
            ]
        )
    done = _run([simulator, program], content)
    return done.stdout.decode("utf-8").splitlines(), [int(line) for line in done.stderr.split()]


def flash_of(program: Path) -> int:
    """Bytes of flash memory that a program takes: code, constants, and what data is set to at the start."""
    sections = _run(["avr-size", "-A", program]).stdout.decode().splitlines()
    sizes = {words[0]: int(words[1]) for line in sections if len(words := line.split()) == 3 and words[1].isdigit()}
    return sizes.get(".text", 0) + sizes.get(".data", 0)


def compiles(command: Sequence[str], header: str, folder: Path) -> None:
    """Raise BenchmarkRunError where a compiler does not take a program with the header as it is."""
    _built(command, header, "answers.c", folder, "-c")


def _built(command: Sequence[str], header: str, source: str, folder: Path, *more: str) -> Path:
    (folder / "model.h").write_text(header, encoding="utf-8")
    program = folder / f"{Path(source).stem}-{command[0]}"
    _run([*command, f"-I{folder}", PROGRAMS / source, *more, "-o", program])
    return program


def _answers(command: Sequence[str], header: str, pictures: Bytes) -> Answers:
    inputs, count = (int(header.split(f"#define PROPIS_{name} ")[1].split()[0]) for name in ("INPUTS", "LETTERS"))
    kind = np.dtype([("letter", "u1"), ("input", "u1", inputs), ("logits", "<i4", count)])
    found = np.frombuffer(_run(command, pictures.tobytes()).stdout, kind)
    return Answers(found["letter"], found["input"], found["logits"])


def _run(command: Sequence[str | Path], content: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    done = subprocess.run(
        [str(word) for word in command], input=content, capture_output=True, timeout=SECONDS, check=False
    )
    if done.returncode:
        raise BenchmarkRunError(f"{Path(command[0]).name} failed:\n{done.stderr.decode(errors='replace')[-3000:]}")
    return done
