"""The codes in which a prompt ends: what each says to the office and to the member, in English and in Swahili."""

from __future__ import annotations

from dataclasses import dataclass

PAID = "0"


@dataclass(frozen=True, slots=True)
class PromptCode:
    """One code. `is_sure` says that nobody paid by this prompt as far as M-Pesa knows; otherwise it is asked again."""

    code: str
    english: str
    swahili: str
    is_sure: bool = True


_SETUP = (
    "M-Pesa does not let this paybill ask that way. The office has to put its set-up right.",
    "M-Pesa hairuhusu paybill hii kuomba hivi. Ofisi irekebishe mpangilio.",
)
_EXPIRED = ("The time for the PIN ran out. Ask again.", "Muda wa kuweka PIN umeisha. Omba tena.")
_UNREACHED = (
    "The phone was not reached. Switch it on and ask again.",
    "Simu haikupatikana. Iwashe kisha omba tena.",
)
_CANCELLED = ("The member cancelled the request.", "Mwanachama alighairi ombi.")
_CHECKING = (
    "M-Pesa could not finish it; it is being checked.",
    "M-Pesa haikukamilisha; tunakagua.",
)

_ROWS: tuple[PromptCode, ...] = (
    PromptCode(PAID, "Paid.", "Imelipwa."),
    PromptCode(
        "1",
        "There is not enough money in the member's M-Pesa. Top up and ask again.",
        "Hakuna pesa ya kutosha kwenye M-Pesa. Ongeza salio kisha omba tena.",
    ),
    PromptCode("2", "The sum is under M-Pesa's smallest.", "Kiasi ni chini ya kiwango cha M-Pesa."),
    PromptCode("3", "The sum is over M-Pesa's largest.", "Kiasi kimezidi kiwango cha M-Pesa."),
    PromptCode(
        "4",
        "The member has reached M-Pesa's limit for the day. Try tomorrow.",
        "Mwanachama amefikia kikomo cha M-Pesa cha siku. Jaribu kesho.",
    ),
    PromptCode(
        "8",
        "The society's account can take no more now. Call the office.",
        "Akaunti ya chama haiwezi kupokea zaidi sasa. Piga simu ofisini.",
    ),
    PromptCode("11", "The member's M-Pesa line is not active.", "Laini ya M-Pesa haifanyi kazi."),
    PromptCode("17", *_CHECKING, is_sure=False),
    PromptCode(
        "26", "M-Pesa is busy; it is being checked.", "M-Pesa ina shughuli; tunakagua.", False
    ),
    PromptCode(
        "1001",
        "Another M-Pesa request is open on the phone. Finish it, wait a minute, and ask again.",
        "Kuna ombi lingine la M-Pesa kwenye simu. Limalize, subiri dakika moja, kisha omba tena.",
    ),
    PromptCode("1019", *_EXPIRED),
    PromptCode("1025", *_UNREACHED),
    PromptCode("1031", *_CANCELLED),
    PromptCode("1032", *_CANCELLED),
    PromptCode("1036", *_UNREACHED),
    PromptCode(
        "1037",
        "The phone was not reached, or nobody answered. Switch it on and ask again.",
        "Simu haikupatikana au hakuna aliyejibu. Iwashe kisha omba tena.",
    ),
    PromptCode("1101", *_SETUP),
    PromptCode("1102", *_SETUP),
    PromptCode("2001", "The M-Pesa PIN was wrong.", "PIN ya M-Pesa si sahihi."),
    PromptCode("2008", "The M-Pesa PIN was not accepted.", "PIN ya M-Pesa haikukubaliwa."),
    PromptCode("2026", *_EXPIRED),
    PromptCode("2028", *_SETUP),
    PromptCode(
        "8006",
        "The member's M-Pesa PIN is locked. Safaricom unlocks it on 100 or 200.",
        "PIN ya M-Pesa imefungwa. Piga 100 au 200 kwa Safaricom.",
    ),
    PromptCode("9999", *_CHECKING, is_sure=False),
    PromptCode("SFC_IC0003", *_SETUP),
)
PROMPT_CODES: dict[str, PromptCode] = {row.code: row for row in _ROWS}


def prompt_code(code: str) -> PromptCode:
    """What a trimmed code says. One that nobody has described is asked about again."""
    known = PROMPT_CODES.get(code)
    if known is not None:
        return known
    return PromptCode(
        code,
        f"M-Pesa ended it with code {code}, which is not described; it is being checked.",
        f"M-Pesa imejibu na msimbo {code}; tunakagua.",
        is_sure=False,
    )
