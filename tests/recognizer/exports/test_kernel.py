"""The kernel of browsers: small, and the same bytes whoever builds it, where its compiler is there."""

import pytest

from recognizer.exports.kernel.building import FILE, build, has_compiler

MOST_BYTES = 16_000


def test_what_is_committed_is_small_and_a_module_of_webassembly() -> None:
    content = FILE.read_bytes()
    assert content[:8] == b"\0asm\1\0\0\0"
    assert len(content) < MOST_BYTES
    for name in (b"floats", b"shifted", b"looked_up", b"logits", b"__heap_base"):
        assert name in content


@pytest.mark.skipif(not has_compiler(), reason="make wasm installs the compiler")
def test_it_is_what_its_sources_make() -> None:
    assert build() == FILE.read_bytes()
