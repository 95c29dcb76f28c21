"""What happens to the relays in a history: they go and come, lose answers, rest, and are put back to an old copy."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.operations.wake_relay import wake_relay
from sacco_desktop.services.relays import relay_rests, relays
from sacco_desktop.services.relays.relay_rests import LetRest
from tests.faults.quick.desk import QuickDesk
from tests.faults.quick.fence import Fence
from tests.faults.quick.town import QuickDay

# Of the requests that they did, so many are not answered while their line is bad.
LOST = 0.2


class RelayTrouble:
    """The acts of a history that the relays suffer; `at` gives the desk at which somebody works."""

    def __init__(
        self, day: QuickDay, chance: random.Random, fence: Fence, at: Callable[[], QuickDesk]
    ) -> None:
        self._day, self._chance, self._fence, self._at = day, chance, fence, at
        self._copies: dict[int, Path] = {}

    def _number(self) -> int:
        return self._chance.randrange(len(self._day.places))

    def relay_goes_or_comes(self) -> None:
        """The server of a relay is off, or on again."""
        place = self._day.places[self._number()]
        if place.relay is None:
            place.start()
        else:
            place.stop()

    def relay_loses_answers(self) -> None:
        """For a while some answers of the relays are lost on their way, although they did what they were asked."""
        self._day.town.wire.loses = self._is_lost

    def _is_lost(self, path: str) -> bool:
        return path.startswith(("/v1/", "/c/")) and self._chance.random() < LOST

    def relay_is_copied_or_restored(self) -> None:
        """A copy of a relay's folder, and some time later the relay is put back to it."""
        if not self._fence.may_relay_forget:
            return
        number = self._number()
        place = self._day.places[number]
        was_on = place.relay is not None
        place.stop()
        folder = place.settings.data_dir
        if number not in self._copies:
            self._copies[number] = self._day.folder / f"relay-copy-{number}"
            shutil.copytree(folder, self._copies[number])
        else:
            shutil.rmtree(folder)
            shutil.copytree(self._copies[number], folder)
            if self._chance.random() < 0.5:
                place.settings.high_water_file.unlink(missing_ok=True)
            self._fence.relay_forgets(number)
        if was_on:
            place.start()

    def relay_rests_or_wakes(self) -> None:
        """A person lets one of two relays rest, or takes it back into use."""
        if not self._fence.may_relay_forget:
            return
        desk = self._at()
        rows = desk.read(relays.list_relays, None)
        resting = [row.relay_id for row in rows if not row.is_used]
        if resting:
            desk.run(lambda: wake_relay(desk.office, resting[0], desk.people["grace"]))
        elif len(rows) > 1:
            away = [row for row in rows if row.trouble] or list(rows)
            relay_id = self._chance.choice(away).relay_id
            # What goes out while it rests is laid down at the other one only.
            self._fence.relay_forgets(relay_id - 1)
            desk.write(relay_rests.let_rest, LetRest(relay_id, "Its host is down."), "grace")

    def ends(self) -> None:
        """The relays are well again."""
        self._day.town.wire.loses = lambda _path: False
        for place in self._day.places:
            if place.relay is None:
                place.start()

    def wake_all(self) -> None:
        """People take every relay back into use."""
        desk = self._at()
        for row in desk.read(relays.list_relays, None):
            if not row.is_used:
                with suppress(SaccoError):
                    desk.run(
                        lambda row=row: wake_relay(  # type: ignore[misc]
                            desk.office, row.relay_id, desk.people["grace"]
                        )
                    )
