"""Makes the archives that these tests import."""

import gzip
import io
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

LETTERS = "АБВ"


def png(number: int, *, side: int = 28, mode: str = "L") -> bytes:
    """Encode a picture of dark strokes on light paper, another one for each number."""
    rng = np.random.default_rng(number)
    pixels = np.full((side, side), 255, dtype=np.uint8)
    for row, column in rng.integers(side // 5, 4 * side // 5, (3, 2)).tolist():
        pixels[row, side // 5 : 4 * side // 5] = 0
        pixels[side // 5 : 4 * side // 5, column] = 0
    return encoded(Image.fromarray(pixels).convert(mode))


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    """Encode an image."""
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def blank(side: int = 28) -> bytes:
    """Encode an empty sheet."""
    return encoded(Image.new("L", (side, side), 255))


def folders(per_letter: int = 8, letters: str = LETTERS) -> dict[str, bytes]:
    """Contents with a folder for each letter."""
    return {
        f"set/{letter}/{number}.png": png(100 * label + number)
        for label, letter in enumerate(letters)
        for number in range(per_letter)
    }


def write_zip(path: Path, contents: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return path


def write_tar(path: Path, contents: Mapping[str, bytes], *, zipped: bool = False) -> Path:
    """Write a tar, or a tar.gz."""
    with tarfile.open(path, "w:gz" if zipped else "w") as archive:
        for name, data in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def write_folder(path: Path, contents: Mapping[str, bytes]) -> Path:
    """Write a folder."""
    for name, data in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def zip_with_link(path: Path) -> Path:
    """Write a zip that holds a symbolic link."""
    link = zipfile.ZipInfo("А/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("А/1.png", png(1))
        archive.writestr(link, "/etc/passwd")
    return path


def tar_with(path: Path, kind: bytes) -> Path:
    """Write a tar that holds a link, a device or a pipe."""
    member = tarfile.TarInfo("А/special.png")
    member.type = kind
    member.linkname = "/etc/passwd"
    with tarfile.open(path, "w") as archive:
        archive.addfile(member)
    return path


def zip_bomb(path: Path, megabytes: int = 20) -> Path:
    """Write a zip of zeros that packs a thousand to one."""
    return write_zip(path, {"А/1.png": png(1), "А/bomb.png": bytes(megabytes * 2**20)})


def tar_bomb(path: Path, megabytes: int = 20) -> Path:
    """Write the same as a tar.gz."""
    return write_tar(path, {"А/bomb.png": bytes(megabytes * 2**20)}, zipped=True)


def tar_with_huge_header(path: Path) -> Path:
    """Write a tar whose extended header claims to be eight gigabytes long."""
    member = tarfile.TarInfo("././@PaxHeader")
    member.type = tarfile.XHDTYPE
    member.size = 8 * 2**30
    with gzip.open(path, "wb") as file:
        file.write(member.tobuf(tarfile.GNU_FORMAT))
        file.write(bytes(10_000))
    return path


def zip_claiming_many(path: Path) -> Path:
    """Write a zip whose end record claims a directory of 4 GB."""
    write_zip(path, folders(1))
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 0xFFFFFFF0)
    path.write_bytes(data)
    return path


def encrypted_zip(path: Path) -> Path:
    """Write a zip whose directory says that its file is locked."""
    write_zip(path, {"А/1.png": png(1)})
    data = bytearray(path.read_bytes())
    entry = data.find(b"PK\x01\x02")
    data[entry + 8] |= 1
    path.write_bytes(data)
    return path


def zip_of_lines(path: Path, lines: int, name: bytes) -> Path:
    """Write a zip that is nothing but a directory of `lines` entries of the same name."""
    line = (
        struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0x21, 0, 1, 1, len(name), *[0] * 6) + name
    )
    size = lines * len(line)
    count = min(lines, 0xFFFF)
    path.write_bytes(line * lines + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, 0, 0))
    return path


def zip_with_twins(path: Path, contents: Mapping[str, bytes], twin: str, data: bytes) -> Path:
    """Write a zip that has another file of a name that it has already."""
    write_zip(path, contents)
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(twin, data)
    return path


def moving(kind: str) -> bytes:
    """Encode an animation, or a file of two pages: an empty sheet, then a stroke."""
    file = io.BytesIO()
    first, second = Image.new("L", (28, 28), 255), Image.open(io.BytesIO(png(1)))
    first.save(file, kind, save_all=True, append_images=[second])
    return file.getvalue()


def huge_png(side: int = 50_000) -> bytes:
    """Encode the header of a picture of 2.5 gigapixels, with data that would begin it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
