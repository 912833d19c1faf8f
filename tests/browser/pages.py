"""Every public page of a product that has rows of every kind, for tests that look at all of them."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

from tests.product import Product

FILL = """
import json
from recognizer.models import StoredModel
from tests import world
from tests.addresses import addresses
in_service = StoredModel.objects.filter(is_active=True)
key = in_service.get().pk
in_service.update(is_active=False)
world.build(world.SMALL)
in_service.update(is_active=False)
StoredModel.objects.filter(pk=key).update(is_active=True)
print(json.dumps({each.name: each.to_a_row() for each in addresses() if not each.name.startswith("admin:")}))
"""
"""Rows that have no files behind them, beside what every product has; its model stays in service."""


@dataclass(frozen=True)
class Pages:
    """A product, and the addresses of its pages by their names."""

    product: Product
    addresses: Mapping[str, str]

    def of(self, section: str) -> dict[str, str]:
        """Those of one app: its pages' names and addresses."""
        return {name: address for name, address in self.addresses.items() if name.partition(":")[0] == section}


def fill(product: Product) -> Pages:
    """Give a product rows of every kind and look which of its addresses are pages."""
    named = json.loads(product.manage("shell", "--no-imports", "-c", FILL).stdout.splitlines()[-1])
    whole = {name: product.url + address for name, address in named.items() if _is_page(product.url + address)}
    return Pages(product, whole)


def _is_page(url: str) -> bool:
    """Whether this is a whole page for people: not a part of one, a picture, a file, a form's target or a redirect."""
    try:
        with urllib.request.urlopen(url, timeout=900) as answer:
            beginning: bytes = answer.read(500)
            return bool(answer.url == url) and beginning.lstrip().lower().startswith(b"<!doctype html")
    except urllib.error.HTTPError:
        return False
