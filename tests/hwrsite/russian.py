"""What of a page a person reads, and which of its Latin words need no Russian."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from training.core.hyperparameters import FIELDS, PRESETS
from training.devices.choice import measured

READ_ATTRIBUTES = ("title", "alt", "aria-label", "placeholder", "label")
UNREAD = ("script", "style", "code", "template")
"""Elements that no person reads, or that quote code."""
ICON = "material-symbols-outlined"
"""The class of elements whose text is the name of a drawn sign."""
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
LATIN = re.compile(r"(?<![\w.%/@-])[A-Za-z]{2,}(?![\w%])")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>|`[^`]*`")
"""What is filled in, markup, and code in backticks."""

FORMATS = """
    openapi csv svg png jpeg heic pdf webp bmp gif tiff json lines zip tar npz npy idx mnist utf sha excel html md
    javascript python make manage numpy onnx onnxruntime pillow bun cpu lan ip qr http sso ldap single sign sing on iso
    api cookie mit cc by sa arduino github webassembly wasm simd
    application aegis freeotp google authenticator
"""
KEYS_OF_THE_KEYBOARD = "enter ctrl escape esc delete control command mac"
WORDS_OF_CODE = """
    true false null curl log low high integer steps train sweep tpe nsga asha accuracy ln dataset user agent
    accept get post doubt strokes image input deepfool paper exp max
    lexicon simavr usb uno docs chrome
    learning rate epochs batch size cores et al cross entropy recall precision recall precision
"""
LANGUAGES = "english en ru"
MACHINES_OF_THE_THESIS = """
    lenovo ideapad raspberry pi macbook pro intel core broadcom apple amd ryzen broadwell cortex firestorm icestorm
    comet lake ddr hdd ssd microsd windows linux macos debian bullseye chromium firefox safari android ios chromeos
    chrome
"""
NAMES_IN_THE_TEST = "letters model run sweep device version someone somebody administrator admin host test kept propis"
_WORD = re.compile("[a-z]+")


def allowed_words() -> frozenset[str]:
    """Names of formats, keys, machines and people; keys and values of hyperparameters; names that users gave."""
    written = [FORMATS, KEYS_OF_THE_KEYBOARD, WORDS_OF_CODE, LANGUAGES, MACHINES_OF_THE_THESIS, NAMES_IN_THE_TEST]
    written += [*PRESETS, *measured.shipped().labels.values()]
    written += [each.name for each in measured.shipped().devices]
    written += [each.name for each in measured.shipped().models]
    for field in FIELDS.values():
        written += [field.name, *field.choices, field.reference]
    return frozenset(_WORD.findall(" ".join(written).lower()))


class ReadTexts(HTMLParser):
    """Collects what is shown: texts, and attributes that are shown or read aloud."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.texts: list[str] = []
        self._unread = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the attributes; an element that is not read counts until its end, with all in it."""
        values = dict(attrs)
        if tag not in VOID and (self._unread or tag in UNREAD or ICON in (values.get("class") or "")):
            self._unread += 1
        if not self._unread:
            self.texts += [value for name in READ_ATTRIBUTES if (value := values.get(name))]

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if self._unread and tag not in VOID:
            self._unread -= 1

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if not self._unread:
            self.texts.append(data)


def latin_words(texts: Iterable[str], allowed: frozenset[str]) -> list[tuple[str, str]]:
    """Latin words that are not allowed, each with the text in which it stands."""
    return [
        (word, " ".join(text.split())[:80])
        for text in texts
        for word in LATIN.findall(PLACEHOLDER.sub(" ", text))
        if word.lower() not in allowed
    ]
