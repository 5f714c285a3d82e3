"""The pages of the codes, `docs/codes/`. `python -m tests.docs.generated` writes them anew; a test holds them.

They say what `ecm-exchange explain-code` says, and show the samples that are texts.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from pipelines.codes import CODES, FAMILIES, Explained
from pipelines.codes.exits import EXITS
from pipelines.codes.lookup import Found, namesake
from pipelines.codes.rules import PLACES
from schemas.rules import RULES
from tests.codes.registry import SAMPLES
from tests.codes.sample import Sample
from tests.docs.generated import DOCS, table

FOLDER = DOCS / "codes"
_WIDEST = 140
_KEPT = "\N{NO-BREAK SPACE}"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {"README.md": _index(), **{f"{code}.md": _page(each) for code, each in CODES.items()}}


def _page(code: Explained) -> str:
    parts = [f"# {code.code}: {code.meaning}", "**Do now.**", *_do(code)]
    parts += [_text("Why", code.why)]
    if code.parts:
        parts += [
            "**It is one of these.**",
            table(("", "means"), [(f"`{name}`", means) for name, means in code.parts]).rstrip(),
        ]
    ends = "" if code.exit_code is None else f" The command ends with {int(code.exit_code)}."
    parts += [_text("Effect", code.effect.does + ends), _text("Who hears of it", code.effect.told)]
    parts += [
        _text(
            "For example",
            f"{code.example[0].upper()}{code.example[1:]}." if code.example[-1] not in ".`" else code.example,
        )
    ]
    for sample in SAMPLES:
        if sample.code == code.code and sample.shown:
            parts += _shown(sample)
    parts += _rule(code)
    if other := namesake(Found(code, rule=RULES.get(code.code))):
        parts += [_wrapped(f"{other} ([rules](../rules.md))")]
    return "\n\n".join([*parts, "[All codes](README.md)"]) + "\n"


def _do(code: Explained) -> Iterator[str]:
    yield "\n".join(_wrapped(f"{number}. {step}", "   ") for number, step in enumerate(code.do, start=1))


def _shown(sample: Sample) -> Iterator[str]:
    yield _wrapped(f"The tests meet it so: {sample.says}. All people are invented.")
    yield f"```{sample.form}\n{sample.shown.rstrip()}\n```"
    if sample.told:
        yield _wrapped(f"Told of it: `{sample.told}`")


def _rule(code: Explained) -> Iterator[str]:
    rule = RULES.get(code.code)
    if rule is not None:
        places = PLACES[rule.id]
        yield f"## The rule {rule.id}"
        set_in = f" It is set in {', '.join(f'`{key}`' for key in places.set_in)}." if places.set_in else ""
        yield _wrapped(
            f"A rule of the field has the same name and is another thing: {rule.says} ({rule.source}){set_in} "
            "[rules.md](../rules.md) says where it is computed and proved."
        )


_INTRODUCTION = """
`ecm-exchange explain-code R05` says on the terminal what the page of a code says here: what to do now, why it came,
what it does, who hears of it. It takes a code in any case, a rule (`R5`), an error of an 834 as a finding names it
(`ELE:8`), or the number by which a command ended (`75`). Without a code it lists all of them; `--json` is for machines.
"""
_RULES = """
`R1` to `R37` are no codes but the rules by which the program decides: [rules.md](../rules.md). Some have the name of a
code of rows, such as R14; the page of that code tells both.
"""


def _index() -> str:
    parts = ["# Every code, explained", _wrapped(_INTRODUCTION)]
    for title, codes in FAMILIES.values():
        rows = [(f"[{code.code}]({code.code}.md)", code.meaning) for code in codes]
        parts += [f"## {title}", table(("code", "means"), rows).rstrip()]
    exits = [(number, means, do) for number, (means, do) in EXITS.items()]
    parts += ["## How a command ended", table(("exit code", "means", "what to do"), exits).rstrip()]
    return "\n\n".join([*parts, "## Rules of the field", _wrapped(_RULES)]) + "\n"


def _text(label: str, text: str) -> str:
    return _wrapped(f"**{label}.** {text[0].upper()}{text[1:]}")


def _wrapped(text: str, after: str = "") -> str:
    """Break a text into lines, but nothing that is to be typed."""
    whole = re.sub(r"`[^`]+`", lambda typed: typed[0].replace(" ", _KEPT), " ".join(text.split()))
    lines = textwrap.fill(whole, _WIDEST, subsequent_indent=after, break_long_words=False, break_on_hyphens=False)
    return lines.replace(_KEPT, " ")


def write() -> None:
    """Write every page, and remove those of codes that there are no more."""
    FOLDER.mkdir(exist_ok=True)
    for stale in {path.name for path in FOLDER.glob("*.md")} - pages().keys():
        (FOLDER / stale).unlink()
    for name, page in pages().items():
        (FOLDER / name).write_text(page, encoding="utf-8")
