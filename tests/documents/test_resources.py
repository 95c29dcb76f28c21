"""The fonts and icons that are shipped: what paper and window rely on is really in them."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sacco_desktop.documents.fonts import Face, Style, has_glyph, text_width
from sacco_desktop.settings import resources_dir

ICONS = sorted((resources_dir() / "icons").glob("*.svg"))


@pytest.mark.parametrize("face", Face)
def test_all_figures_of_paper_are_equally_wide(face: Face) -> None:
    assert len({text_width(figure, Style(face, 9)) for figure in "0123456789"}) == 1


def test_the_letters_and_signs_of_our_papers_exist() -> None:
    assert [sign for sign in "ĩũĨŨ−–—·…�'’ʼ" if not has_glyph(sign)] == []


def test_each_licence_lies_beside_what_it_covers() -> None:
    fonts = resources_dir() / "fonts"
    for path in fonts.glob("*.ttf"):
        family = path.stem.split("-")[0]
        licence = (fonts / f"{family}-OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in licence
    assert "ISC License" in (resources_dir() / "icons" / "LICENSE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_is_a_plain_drawing_that_can_be_tinted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height")) == ("24", "24")
    assert root.get("stroke") == "currentColor"
    assert re.search(r"<script|href|<style|<image", text) is None
