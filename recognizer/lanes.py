"""Lanes of the web server, as far as the site has a say: a large picture is read in another one than the small ones.

A request's environment names the lane that it came by, and what it costs is known only once its picture is looked at.
Where that is too much, the site names another lane, and the web server brings the request again, through that one.
Other servers name none: there everything is read as it comes.
"""

from django.http import HttpRequest

LANE, OTHER_LANE = "propis.lane", "propis.other-lane"
READING, PICTURES, HEAVY, PAGES, CHANGES = "reading", "pictures", "heavy", "pages", "changes"


def is_quick(request: HttpRequest) -> bool:
    """Whether others wait behind this request who have something small."""
    return request.META.get(LANE) == PICTURES


def change(request: HttpRequest, lane: str) -> None:
    """Have the request brought again through another lane; what is answered now is seen by nobody."""
    request.META[OTHER_LANE] = lane
