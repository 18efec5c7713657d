"""Nodes and what is known of each two out, groups of nodes that are one out: the same whatever their order, and none by guessing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Node = TypeVar("Node")

APART, UNKNOWN, SAME = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Clusters(Generic[Node]):
    """Groups of two and more that are one; nodes that could be of several that are not, with one of each; pairs that nearly were one."""

    groups: tuple[tuple[Node, ...], ...]
    torn: tuple[tuple[Node, tuple[Node, ...]], ...]


def cluster(nodes: Sequence[Node], relation: Callable[[Node, Node], int], is_vague: Callable[[Node], bool]) -> Clusters[Node]:
    """Group nodes that are one.

    nodes must come in an order that depends on them alone. relation gives APART, UNKNOWN or SAME for two, whichever comes first. A node
    that is the SAME as two which are APART is torn: it is left alone, for nothing tells of which it is. What then hangs together is
    one, unless two of it are APART: then none of it is joined. A vague node says too little to be the SAME as any; it joins the one
    group (or lone node) that it is not APART from, if there is just one.
    """
    clear = [n for n in range(len(nodes)) if not is_vague(nodes[n])]
    links: dict[int, list[int]] = {n: [] for n in clear}
    for place, one in enumerate(clear):
        for other in clear[place + 1 :]:
            if relation(nodes[one], nodes[other]) == SAME:
                links[one].append(other)
                links[other].append(one)
    torn: dict[int, tuple[int, ...]] = {}
    for one in clear:
        rivals = _rivals(nodes, links[one], relation)
        if rivals:
            torn[one] = rivals
    groups: list[list[int]] = []
    seen: set[int] = set(torn)
    for one in clear:
        if one in seen:
            continue
        group = _reach(one, links, seen)
        rivals = _rivals(nodes, group, relation)
        if rivals:
            torn.update(dict.fromkeys(group, rivals))
            groups += [[n] for n in group]
        else:
            groups.append(group)
    apart_from_none: dict[int, list[int]] = {}
    for one in range(len(nodes)):
        if one in links:
            continue
        fits = [g for g, group in enumerate(groups) if all(relation(nodes[one], nodes[n]) != APART for n in group)]
        if len(fits) == 1:
            apart_from_none.setdefault(fits[0], []).append(one)
        elif fits:
            torn[one] = tuple(groups[g][0] for g in fits)
    for g, vague in apart_from_none.items():
        rivals = _rivals(nodes, vague, relation)
        if rivals:  # two of one document, say: they cannot both be what the group is
            torn.update(dict.fromkeys(vague, (groups[g][0],)))
        else:
            groups[g] = groups[g] + vague
    return Clusters(
        tuple(tuple(nodes[n] for n in sorted(group)) for group in groups if len(group) > 1),
        tuple((nodes[n], tuple(nodes[r] for r in torn[n])) for n in sorted(torn)),
    )


def _rivals(nodes: Sequence[Node], group: Sequence[int], relation: Callable[[Node, Node], int]) -> tuple[int, ...]:
    """Give the first two of a group that are apart."""
    for place, one in enumerate(group):
        for other in group[place + 1 :]:
            if relation(nodes[one], nodes[other]) == APART:
                return one, other
    return ()


def _reach(start: int, links: dict[int, list[int]], seen: set[int]) -> list[int]:
    """Collect what hangs together with a node, and is not seen yet."""
    seen.add(start)
    group, stack = [], [start]
    while stack:
        one = stack.pop()
        group.append(one)
        for other in links[one]:
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return sorted(group)
