"""The smallest automaton that takes a list of words and no other: all endings that words share are kept once.

After Daciuk, Mihov, Watson and Watson, Incremental construction of minimal acyclic finite-state automata (2000).
"""

from collections.abc import Iterable
from itertools import takewhile


class _Node:
    """A state: where each letter leads, and whether a word ends here."""

    __slots__ = ("final", "next", "number")

    def __init__(self) -> None:
        self.final = False
        self.next: dict[str, _Node] = {}
        self.number = -1

    def key(self) -> tuple[object, ...]:
        return (self.final, *((letter, id(node)) for letter, node in self.next.items()))


Edge = tuple[str, int, bool, bool]
"""A letter; the first edge of where it leads, 0 where no letter follows; ends a word; is the last edge of its state."""


def edges_of(words: Iterable[str]) -> list[Edge]:
    """All edges of the automaton of words, which come in order and none twice; those of the beginning come first."""
    root = _Node()
    known: dict[tuple[object, ...], _Node] = {}
    path: list[tuple[_Node, str, _Node]] = []
    before = ""

    def settle(depth: int) -> None:
        while len(path) > depth:
            parent, letter, node = path.pop()
            parent.next[letter] = known.setdefault(node.key(), node)

    for word in words:
        common = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(word, before, strict=False)))
        settle(common)
        node = path[-1][2] if path else root
        for letter in word[common:]:
            fresh = _Node()
            node.next[letter] = fresh
            path.append((node, letter, fresh))
            node = fresh
        node.final = True
        before = word
    settle(0)
    return _numbered(root)


def _numbered(root: _Node) -> list[Edge]:
    """Number the edges, the root's from 1 on: 0 is no edge."""
    states, total = [root], 1
    root.number = total
    total += len(root.next)
    for state in states:
        for node in state.next.values():
            if node.number < 0:
                node.number = total if node.next else 0
                total += len(node.next)
                states.append(node)
    edges: list[Edge] = [("", 0, False, True)]
    for state in states:
        letters = list(state.next)
        edges += [(each, state.next[each].number, state.next[each].final, each == letters[-1]) for each in letters]
    return edges
