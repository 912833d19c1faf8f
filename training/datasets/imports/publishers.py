"""Licences and sources of published archives, by the publisher's file name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Publisher:
    """Licence and source of a published archive."""

    name_begins: str
    licence: str
    source: str


PUBLISHERS = (
    Publisher(
        "cmnist",
        "published for open use",
        "Cyrillic-MNIST (Tleubayev et al., LREC 2022), https://github.com/bolattleubayev/cmnist",
    ),
    Publisher("comnist", "CC BY-SA 4.0", "CoMNIST (G. Vial), https://github.com/GregVial/CoMNIST"),
    Publisher(
        "synthetic",
        "MIT (skeletons); the fonts' own: Bitstream Vera (DejaVu), Apache 2.0 (Roboto), OFL (all others)",
        "made by Propis: written along skeletons of its own, and drawn from the fonts of Python packages",
    ),
)


def of(archive_name: str) -> Publisher | None:
    """Return what is known of an archive, or None."""
    name = archive_name.lower()
    return next((publisher for publisher in PUBLISHERS if name.startswith(publisher.name_begins)), None)
