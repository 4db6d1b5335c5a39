"""What goes on paper: every name prints, the marking and the entry stand on every page."""

import re
import zlib
from base64 import a85decode
from dataclasses import replace

import pytest

from concordat.web.pdf import make_pdf
from concordat.web.presenters.sheets import Section, Sheet, foot, marking_of

FOOT = foot(
    entry="3/1234",
    at="22 November 2026, 03:10",
    person="Asha Pennyfeather",
    organisation="Essex Police",
    purpose="Investigating crime",
    recipient="the case file",
)
SHEET = Sheet(
    marking="OFFICIAL-SENSITIVE",
    caption="Crime",
    title="Theft from the person",
    reference="42/26/C000123",
    owner="Essex Police",
    warnings=("Warning about Robert Hale: weapons",),
    sections=(Section(title="People", rows=(("Łukasz Wałęsa", "Victim\nFact"),)),),
    foot=FOOT,
)


def streams(pdf: bytes) -> list[bytes]:
    """Return what stands in the streams of a PDF as this library writes them."""
    found = []
    for header, body in re.findall(rb"<<(.*?)>>\s*stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        content = body.strip()
        if b"ASCII85Decode" in header:
            content = (
                a85decode(content, adobe=content.startswith(b"<~"))
                if content.startswith(b"<~")
                else a85decode(content.removesuffix(b"~>"))
            )
        found.append(zlib.decompress(content) if b"FlateDecode" in header else content)
    return found


def letters(pdf: bytes) -> set[str]:
    """Return every letter that the PDF's embedded fonts can say they show."""
    pairs = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>", b"\n".join(streams(pdf)))
    lists = re.findall(rb"\[((?:\s*<[0-9A-F]{4}>)+)\s*\]", b"\n".join(streams(pdf)))
    codes = [code for _, code in pairs] + [
        code for part in lists for code in re.findall(rb"<([0-9A-F]{4})>", part)
    ]
    return {chr(int(code, 16)) for code in codes}


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize(
    "name", ["Łukasz Wałęsa", "Zoë O’Neill", "Siân", "Ştefan", "Nguyễn", "Ελένη", "Юлия"]
)
def test_a_name_prints_as_it_is_written_whatever_its_letters(name: str) -> None:
    pdf = make_pdf(replace(SHEET, sections=(Section(title="", texts=(name,)),)))

    assert set(name) - {" "} <= letters(pdf)
    assert b"/FontFile2" in pdf


def test_what_looks_like_markup_is_printed_and_not_obeyed() -> None:
    pdf = make_pdf(replace(SHEET, title="<b>Tom & Jerry</b> <img src='x'>"))

    assert {"<", "&", ">"} <= letters(pdf)


def test_a_text_of_many_pages_is_printed_to_its_end() -> None:
    long = Section(title="What was written", rows=(("What happened", "word " * 4000 + "§"),))

    pdf = make_pdf(replace(SHEET, sections=(long,)))

    assert pages(pdf) > 3
    assert "§" in letters(pdf)


def test_the_foot_names_who_took_it_for_whom_why_and_the_entry_in_the_journal() -> None:
    text = " ".join(FOOT)

    for told in ("Asha Pennyfeather", "the case file", "investigating crime", "3/1234"):
        assert told in text


def test_an_event_without_a_marking_of_its_own_is_marked_official() -> None:
    assert marking_of({}) == "OFFICIAL"
    assert marking_of({"marking": "official-sensitive"}) == "OFFICIAL-SENSITIVE"
