"""Things that belong together, and groups that must stay apart: union-find with prohibitions."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Groups(Generic[Item]):
    """Groups that grow by joining; those kept apart are never joined, not even by way of others."""

    def __init__(self) -> None:
        self._parents: dict[Item, Item] = {}
        self._enemies: dict[Item, set[Item]] = {}

    def items(self) -> Iterable[Item]:
        """Return every item that was ever named."""
        return self._parents.keys()

    def root(self, item: Item) -> Item:
        """Return the item that stands for the whole group of `item`."""
        parents = self._parents
        parents.setdefault(item, item)
        while parents[item] != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    def join(self, one: Item, other: Item) -> bool:
        """Make one group of two, unless they are kept apart; whether they are one now."""
        kept, joined = self.root(one), self.root(other)
        if kept == joined:
            return True
        if joined in self._enemies.get(kept, ()):
            return False
        self._parents[joined] = kept
        for enemy in self._enemies.pop(joined, set()):
            self._enemies[enemy].discard(joined)
            self._enemies[enemy].add(kept)
            self._enemies.setdefault(kept, set()).add(enemy)
        return True

    def keep_apart(self, one: Item, other: Item) -> bool:
        """Never let two groups be joined, unless they are one already; whether they are apart."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return False
        self._enemies.setdefault(first, set()).add(second)
        self._enemies.setdefault(second, set()).add(first)
        return True
