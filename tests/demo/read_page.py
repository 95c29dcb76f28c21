"""Reads a page as a browser would: elements, their text, forms and what pressing a button sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

WITHOUT_END = {"input", "meta", "br"}


@dataclass
class Element:
    """One element; `children` are elements and pieces of text in order."""

    kind: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [c if isinstance(c, str) else c.text for c in self.children]
        return " ".join(" ".join(parts).split())

    def all(self, kind: str, **attributes: str) -> list[Element]:
        """Every element of a kind inside, also deep inside."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                is_kind = child.kind == kind
                if is_kind and attributes.items() <= child.attributes.items():
                    found.append(child)
                found += child.all(kind, **attributes)
        return found

    def one(self, kind: str, **attributes: str) -> Element:
        [found] = self.all(kind, **attributes)
        return found

    def rows(self, caption: str) -> list[list[str]]:
        """The body of the table whose caption begins so, as text."""
        [table] = [t for t in self.all("table") if t.one("caption").text.startswith(caption)]
        return [[cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")]

    def form(self, act: str) -> dict[str, str]:
        """What the first form of this act sends when nothing is changed."""
        form = self.all("form", action=f"/page/{act}")[0]
        sent = {}
        for entry in form.all("input"):
            is_sent = entry.attributes.get("type") != "checkbox" or "checked" in entry.attributes
            if is_sent:
                sent[str(entry.attributes["name"])] = entry.attributes.get("value") or ""
        for choice in form.all("select"):
            options = choice.all("option")
            chosen = [o for o in options if "selected" in o.attributes] or options[:1]
            sent[str(choice.attributes["name"])] = str(chosen[0].attributes["value"])
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute of {tag} stands there twice"
        self.open[-1].children.append(element)
        if tag not in WITHOUT_END:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].kind == tag, f"</{tag}> closes <{self.open[-1].kind}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(html: str) -> Element:
    """The page as a tree; fails where an element is not closed in its place."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    [document] = reader.open
    return document.one("html")
