"""HTML out of values. Whatever is not already markup is text and is written so that it stays text."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence


class Markup(str):
    """Text that is HTML already. Only the functions here make it."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A value as plain text. Characters that turn or hide what follows are made visible."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape("".join(map(_visible, str(value))), quote=True))


def _visible(sign: str) -> str:
    is_hidden = sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cf", "Cs")
    return f"\\u{ord(sign):04x}" if is_hidden else sign


def tag(kind: str, /, *children: object, **attributes: object) -> Markup:
    """One element. An attribute `class_` is `class`; True stands alone, False and None are left out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if kind in ("input", "meta", "br"):
        return Markup(f"<{kind}{written}>")
    return Markup(f"<{kind}{written}>{joined(children)}</{kind}>")


def joined(parts: Iterable[object], between: str = "") -> Markup:
    """Parts one after the other."""
    return Markup(between.join(text(part) for part in parts))


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is False or value is None:
        return ""
    return f" {name}" if value is True else f' {name}="{text(value)}"'


def table(name: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Markup:
    """A table with a caption; a heading that ends in KES stands over figures."""
    if not rows:
        return tag("p", f"{name}: none yet.", class_="none")
    kinds = ["figure" if heading.endswith("KES") else None for heading in headings]
    head = joined(
        tag("th", heading, scope="col", class_=kind)
        for heading, kind in zip(headings, kinds, strict=True)
    )
    body = joined(
        tag(
            "tr",
            *(tag("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=True)),
        )
        for row in rows
    )
    caption = tag("caption", name)
    return tag(
        "div",
        tag("table", caption, tag("thead", tag("tr", head)), tag("tbody", body)),
        class_="wide",
    )


def section(name: str, *parts: object, id_: str) -> Markup:
    """A part of the page with its heading."""
    return tag("section", tag("h2", name), *parts, id=id_)


def fold(name: str, *parts: object) -> Markup:
    """Something that a person opens when it is needed."""
    return tag("details", tag("summary", name), *parts)


def field(label: str, control: Markup) -> Markup:
    """A control with its label around it, so that the label is never lost."""
    return tag("label", tag("span", label), control)


def entry(name: str, value: object = "", **attributes: object) -> Markup:
    """One line to type into."""
    return tag("input", name=name, value=value, autocomplete="off", **attributes)


def choice(name: str, options: Iterable[tuple[str, str]], chosen: str = "") -> Markup:
    """A list to choose from: what is sent, and what a person reads."""
    return tag(
        "select",
        *(tag("option", shown, value=value, selected=value == chosen) for value, shown in options),
        name=name,
    )


def groups(name: str, options: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> Markup:
    """A list to choose from, in named groups."""
    return tag(
        "select",
        *(
            tag(
                "optgroup",
                *(tag("option", shown, value=value) for value, shown in rows),
                label=head,
            )
            for head, rows in options
        ),
        name=name,
    )


def tick(name: str, label: str, *, is_on: bool = False) -> Markup:
    """A box to tick."""
    box = tag("input", type="checkbox", name=name, value="yes", checked=is_on)
    return tag("label", box, " ", label, class_="tick")


class Forms:
    """Forms of one page. Each carries the page's secret, which another site cannot know."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def form(self, act: str, button: str, *controls: object, **hidden: object) -> Markup:
        """A form that does `act` when its button is pressed."""
        kept = [
            tag("input", type="hidden", name=name, value=value) for name, value in hidden.items()
        ]
        return tag(
            "form",
            tag("input", type="hidden", name="secret", value=self._secret),
            *kept,
            *controls,
            tag("button", button, type="submit"),
            method="post",
            action=f"/page/{act}",
        )
