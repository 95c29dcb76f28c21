"""A practice relay in a process of its own, to be killed. With `too-early` it answers before it
commits: the fault that the crash test must be able to see. That variant exists only here."""

import json
import sys
import threading
from pathlib import Path

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from callback_relay.writer import Committed, Job, Writer

GROUPS_KEPT_BACK = 50


class _TooEarly:
    """Answers each group at once and commits only now and then."""

    def __init__(self) -> None:
        self.groups = 0

    def commit_group(self, writer: Writer, jobs: list[Job]) -> None:
        if not writer._connection.in_transaction:
            writer._connection.execute("BEGIN IMMEDIATE")
        outcomes = tuple((job, job.work(writer._feeds), None) for job in jobs)
        writer._announce(Committed(outcomes, frozenset(), None, 0))
        self.groups += 1
        if self.groups % GROUPS_KEPT_BACK == 0:
            writer._feeds.flush()
            writer._connection.execute("COMMIT")


def main(folder: str, variant: str) -> None:
    """Serve until killed; the first line on the output says where."""
    if variant == "too-early":
        early = _TooEarly()

        def commit_group(self: Writer, jobs: list[Job]) -> None:
            early.commit_group(self, jobs)

        Writer._commit_group = commit_group  # type: ignore[method-assign]
    server = RelayServer(RelaySettings.for_practice(Path(folder))).start()
    sys.stdout.write(json.dumps({"url": server.api_url}) + "\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
