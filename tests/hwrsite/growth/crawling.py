"""A crawler: it follows every link, form and htmx address of every page that somebody sees."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.hwrsite.growth.visits import Visit, visit

STARTS = ("/", "/account/", "/overview/", "/admin/")
LINKS = {"a": "href", "form": "action", "img": "src", "iframe": "src", "link": "href"}
OF_HTMX = ("hx-get", "data-src", "data-url")
LEFT_OUT = ("/static/", "/admin/logout/", "/account/sign-out/")
ROUTES = ("", "localhost", "testserver")


class LinkFinder(HTMLParser):
    """Finds the addresses that a page leads to; of forms those that look and do not send."""

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "get").lower() == "post":
            return
        named = [given.get(LINKS[tag])] if tag in LINKS else []
        self.found += [address for address in (*named, *map(given.get, OF_HTMX)) if address]


@dataclass(frozen=True)
class Crawled:
    """A page that was found: its address, the name of its view, what it cost, and which page led to it."""

    url: str
    view: str
    visit: Visit
    found_on: str

    @property
    def shape(self) -> str:
        """The view with the names of what is asked of it: what differs in values alone looks the same."""
        return shape_of(self.url, self.view)


def shape_of(url: str, view: str) -> str:
    """The name of a view and of the parts of a query."""
    return " ".join([view, *sorted({name for name, _value in parse_qsl(urlsplit(url).query, keep_blank_values=True)})])


def crawl(client: Client, *, of_a_shape: int, of_a_view: int) -> Iterator[Crawled]:
    """Follow all links from the first pages; of addresses that look the same, or have the same view, only so many."""
    waiting = deque((start, "") for start in STARTS)
    seen, shapes, views = set(STARTS), Counter[str](), Counter[str]()
    while waiting:
        url, found_on = waiting.popleft()
        view = _view_of(url)
        shape = shape_of(url, view)
        if shapes[shape] >= of_a_shape or views[view] >= of_a_view:
            continue
        shapes[shape] += 1
        views[view] += 1
        made = visit(client, url)
        yield Crawled(url, view, made, found_on)
        for link in links(url, made.page):
            if link not in seen:
                seen.add(link)
                waiting.append((link, url))


def links(url: str, page: str) -> Sequence[str]:
    """Addresses of this site that a page leads to, each once."""
    finder = LinkFinder()
    finder.feed(page)
    absolute = (urldefrag(urljoin(url, address)).url for address in finder.found)
    found = (urlsplit(address) for address in absolute)
    mine = (each for each in found if each.scheme in ("", "http") and each.netloc in ROUTES and each.path)
    whole = (each.path + (f"?{each.query}" if each.query else "") for each in mine)
    return list(dict.fromkeys(each for each in whole if not each.startswith(LEFT_OUT)))


def _view_of(url: str) -> str:
    """The name of the view of an address; empty where there is none."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""
