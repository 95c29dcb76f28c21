"""What an approver reads of the form of a loan."""

from __future__ import annotations

from sacco_desktop.domain.approvals import Content


def form_lines(content: Content) -> list[tuple[str, str]]:
    """One line for each thing that the applicant stated."""
    stated = content.get("form", [])
    assert isinstance(stated, list), "a content is what the service wrote"
    return [(str(title), str(words)) for title, words in stated]
