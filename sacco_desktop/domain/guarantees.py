"""What a guarantor can still promise, what of a promise is live, and who bears what when a loan is not repaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from sacco_desktop.domain.money import round_half_up, split_by_largest_remainder


class CapacityRule(StrEnum):
    """Three customs of how much a guarantor may promise; a setting of the society."""

    DEPOSITS_LESS_PLEDGES = "deposits_less_pledges"
    MULTIPLE_LESS_PLEDGES = "multiple_less_pledges"
    COUNT_ONLY = "count_only"


class ReleaseRule(StrEnum):
    """Two customs of when a promise becomes free again; a setting of the society."""

    ON_CLEARANCE = "on_clearance"
    PRO_RATA = "pro_rata"


class ShareRule(StrEnum):
    """How guarantors share what is left unpaid."""

    IN_PROPORTION = "in_proportion"
    EQUALLY = "equally"


@dataclass(frozen=True, slots=True)
class GuarantorStanding:
    """What decides how much a member can still guarantee, in cents; pledges are the live ones for others' loans."""

    deposits_cents: int
    own_loans_secured_cents: int
    live_pledges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CapacityTerms:
    """The custom, and its figures: how many times the deposits, and how many loans one member may guarantee at once."""

    rule: CapacityRule = CapacityRule.DEPOSITS_LESS_PLEDGES
    multiple: int = 3
    most_loans: int = 3


def free_capacity_cents(standing: GuarantorStanding, terms: CapacityTerms) -> int | None:
    """How much more a member can guarantee, in cents and never below zero; None when only the number of loans counts.

    By deposits: deposits less what they secure of own loans, less live pledges. By a multiple: so many times the
    deposits less live pledges. Whatever the custom, nobody guarantees more than `most_loans` at once.
    """
    if len(standing.live_pledges) >= terms.most_loans:
        return 0
    pledged = sum(standing.live_pledges)
    if terms.rule is CapacityRule.COUNT_ONLY:
        return None
    if terms.rule is CapacityRule.MULTIPLE_LESS_PLEDGES:
        return max(0, standing.deposits_cents * terms.multiple - pledged)
    return max(0, standing.deposits_cents - standing.own_loans_secured_cents - pledged)


def still_carries(standing: GuarantorStanding, terms: CapacityTerms) -> bool:
    """Whether what was promised already is still within the rule. How many loans may be guaranteed is asked only when
    somebody promises: a number that was lowered later takes no promise back.
    """
    pledged = sum(standing.live_pledges)
    if terms.rule is CapacityRule.COUNT_ONLY:
        return True
    if terms.rule is CapacityRule.MULTIPLE_LESS_PLEDGES:
        return standing.deposits_cents * terms.multiple >= pledged
    return standing.deposits_cents - standing.own_loans_secured_cents >= pledged


def live_pledge_cents(
    pledge_cents: int, outstanding_cents: int, lent_cents: int, rule: ReleaseRule
) -> int:
    """What of a pledge still binds, in cents. It is always reckoned from the first sum, which never changes, because a
    pledge that is shrunk again and again goes too fast.
    """
    if outstanding_cents <= 0:
        return 0
    if rule is ReleaseRule.ON_CLEARANCE:
        return pledge_cents
    return min(pledge_cents, round_half_up(Fraction(pledge_cents * outstanding_cents, lent_cents)))


def share_shortfall(
    shortfall_cents: int, pledges: Sequence[int], rule: ShareRule
) -> tuple[int, ...]:
    """What each guarantor bears, in cents, never more than the pledge; what no pledge covers stays with the borrower.

    The shares add up to the shortfall, or to all pledges where those are less.
    """
    wanted = min(shortfall_cents, sum(pledges))
    if wanted <= 0:
        return (0,) * len(pledges)
    if rule is ShareRule.IN_PROPORTION:
        return split_by_largest_remainder(wanted, pledges)
    return _equal_shares(wanted, pledges)


def _equal_shares(wanted_cents: int, pledges: Sequence[int]) -> tuple[int, ...]:
    """Equal shares; whoever's pledge is smaller bears that, and the others share the rest."""
    shares = [0] * len(pledges)
    left = wanted_cents
    while left:
        open_places = [place for place, pledge in enumerate(pledges) if shares[place] < pledge]
        parts = split_by_largest_remainder(left, [1] * len(open_places))
        for place, part in zip(open_places, parts, strict=True):
            taken = min(part, pledges[place] - shares[place])
            shares[place] += taken
            left -= taken
    return tuple(shares)


def share_repayment(
    received_cents: int, taken: Sequence[int], repaid: Sequence[int]
) -> tuple[int, ...]:
    """What each guarantor gets back of a later receipt from the borrower, in proportion to what was taken from each and
    never more than is still owed to them; cents. What is over stays with the loan.
    """
    owed = [took - back for took, back in zip(taken, repaid, strict=True)]
    wanted = min(received_cents, sum(owed))
    if wanted <= 0:
        return (0,) * len(taken)
    shares = [0] * len(taken)
    left = wanted
    while left:
        weights = [took if shares[k] < owed[k] else 0 for k, took in enumerate(taken)]
        for k, part in enumerate(split_by_largest_remainder(left, weights)):
            paid = min(part, owed[k] - shares[k])
            shares[k] += paid
            left -= paid
    return tuple(shares)


def rings(pledges: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Groups of members who guarantee each other in a circle, from pairs of guarantor and borrower.

    Each group is sorted, and the groups too, so that the same promises give the same answer.
    """
    ahead: dict[int, set[int]] = {}
    for guarantor, borrower in pledges:
        ahead.setdefault(guarantor, set()).add(borrower)
        ahead.setdefault(borrower, set())
    return tuple(sorted(group for group in _strongly_connected(ahead) if len(group) > 1))


def _strongly_connected(ahead: Mapping[int, set[int]]) -> list[tuple[int, ...]]:
    """Kosaraju's two walks, without recursion, because a chain of guarantors can be as long as the society."""
    order = _finished_order(ahead)
    behind: dict[int, set[int]] = {member: set() for member in ahead}
    for member, others in ahead.items():
        for other in others:
            behind[other].add(member)
    groups = []
    seen: set[int] = set()
    for start in reversed(order):
        if start in seen:
            continue
        group, stack = [], [start]
        seen.add(start)
        while stack:
            member = stack.pop()
            group.append(member)
            fresh = behind[member] - seen
            seen |= fresh
            stack.extend(fresh)
        groups.append(tuple(sorted(group)))
    return groups


def _finished_order(ahead: Mapping[int, set[int]]) -> list[int]:
    order: list[int] = []
    seen: set[int] = set()
    for start in sorted(ahead):
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(sorted(ahead[start])))]
        while stack:
            member, others = stack[-1]
            following = next((other for other in others if other not in seen), None)
            if following is None:
                stack.pop()
                order.append(member)
            else:
                seen.add(following)
                stack.append((following, iter(sorted(ahead[following]))))
    return order
