"""Several paybills and tills: each payment is known by its own and lies on its own account."""

import pytest

from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.services.collecting import receipt_plans, receipt_pulls
from sacco_desktop.services.collecting.receipt_plans import PlanQuestion
from sacco_desktop.services.collecting.receipt_pulls import PullTold
from sacco_desktop.services.office import shortcodes
from sacco_desktop.services.office.shortcodes import NewShortcode, Registration
from tests import make, make_money_in
from tests.make import PracticeOffice
from tests.make_money_in import balance, confirm, heard, waiting

pytestmark = pytest.mark.paying_office
TILL = NewShortcode("600777", "till", " Shop  in Thika ", "v1")


def test_a_till_has_its_own_account_and_its_own_list(office: PracticeOffice) -> None:
    make_money_in.connect(office)
    jane = make.member(office)
    to_till = heard(office, "SGT1ABCDEF", 90_00, shortcode="600777", reference="")
    assert confirm(office, to_till) == "parked"
    row = office.write(shortcodes.add, TILL, office.admin)
    assert (row.words, row.account_code) == ("Till 600777, Shop in Thika", "1033")
    before = balance(office, "1030")
    first, till = office.read(receipt_pulls.windows, None)
    assert (first.shortcode, till.shortcode) == (make_money_in.SHORTCODE, "600777")
    told = heard(office, "SGT2ABCDEF", 10_00, shortcode="600777", reference=jane.number)
    office.write(receipt_pulls.take_in, PullTold(till, (to_till, told)))
    assert (balance(office, "1033"), balance(office, "1030")) == (100_00, before)
    assert balance(office, f"2010.{jane.number}") == 10_00
    (left,) = waiting(office).values()
    plan = office.read(receipt_plans.plan, PlanQuestion(left.receipt_id), office.peter)
    assert plan.came.words.startswith("Came to 600777: account 1033")
    # What M-Pesa answered stands beside it, the newest word of each.
    for is_done, words in ((False, "Refused."), (True, "600777 is registered.")):
        answer = Registration("600777", "v1", is_done, words)
        office.write(shortcodes.note_registered, answer, office.admin)
    main, shop = office.read(shortcodes.list_shortcodes, None, office.grace)
    assert (main.told, main.is_registered) == ("", False)
    assert (shop.told, shop.is_registered) == ("600777 is registered.", True)


@pytest.mark.only_on("sqlite", "no database is asked before the words are judged")
def test_what_is_no_further_shortcode_is_refused(office: PracticeOffice) -> None:
    make_money_in.connect(office)
    for wrong, field in (
        (NewShortcode("12", "till", "Shop", "v2"), "shortcode"),
        (NewShortcode(make_money_in.SHORTCODE, "till", "Shop", "v2"), "shortcode"),
        (NewShortcode("600777", "shop", "Shop", "v2"), "kind"),
        (NewShortcode("600777", "till", " ", "v2"), "name"),
        (NewShortcode("600777", "till", "Shop", "v3"), "version"),
    ):
        with pytest.raises(InvalidInput) as caught:
            office.write(shortcodes.add, wrong, office.admin)
        assert caught.value.field == field
    for number in range(600_700, 600_707):
        new = NewShortcode(str(number), "paybill", "Branch", "v2")
        office.write(shortcodes.add, new, office.admin)
    with pytest.raises(WrongState, match="all are used"):
        office.write(shortcodes.add, NewShortcode("600800", "paybill", "X", "v2"), office.admin)
