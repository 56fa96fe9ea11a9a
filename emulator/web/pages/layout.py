"""How every page looks, and the pieces that forms are made of. All text is escaped here and
nowhere else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from emulator.kernel.errors import Refusal

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2933; --soft: #66727f; --line: #d9dee4;
  --ground: #f4f6f8;
  --card: #fff; --deed: #3f5bd8; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #9aa6b2; --line: #37414b;
  --ground: #14181c; --card: #1d2329; --deed: #6f86f0; --bad: #f2998f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 3rem auto; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 10px }
main.wide { max-width: 84rem } .scrolls { overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-size: .85rem }
th, td { padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line) }
td:first-child { white-space: nowrap }
pre { margin: .5rem 0; overflow-x: auto; font-size: .85rem }
h1 { margin: 0 0 .25rem; font-size: 1.35rem }
h1, p { overflow-wrap: anywhere } p { margin: .5rem 0 } .soft { color: var(--soft) }
fieldset { margin: 1.5rem 0 0; padding: 0; border: 0; border-top: 1px solid var(--line) }
legend { padding: 0 .5rem 0 0; font-weight: 600 }
label { display: block; margin: .75rem 0 0; font-size: .9rem }
label.tick { display: flex; gap: .5rem; align-items: center }
input:not([type=checkbox]):not([type=radio]), select { display: block; width: 100%;
  margin-top: .2rem; padding: .5rem .6rem; font: inherit; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: 6px }
.deeds { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: 1.75rem }
button { padding: .6rem 1rem; font: inherit; color: inherit; background: transparent;
  cursor: pointer; border: 1px solid var(--line); border-radius: 6px }
button.first { color: #fff; background: var(--deed); border-color: var(--deed) }
a { color: var(--deed) } .bad { color: var(--bad) } .amount { font-size: 1.8rem; margin: 1rem 0 }
footer { margin: 1.5rem auto 3rem; text-align: center; color: var(--soft); font-size: .85rem }
"""
# All that a page ever does by itself: tell the page around it what has happened.
_TELLS: Final = 'parent.postMessage({ ...document.currentScript.dataset }, "*")'
_TELLS_HASH: Final = b64encode(sha256(_TELLS.encode()).digest()).decode()
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    f"script-src 'sha256-{_TELLS_HASH}'",
    "X-Robots-Tag": "noindex",
}


# What stands in a cell of a table: a text, or a text and where it leads.
Cell = str | tuple[str, str]


def page(title: str, *parts: str, status: int = 200, wide: bool = False) -> Response:
    """A whole page. parts: HTML, made by the functions below. wide: for tables."""
    body = "\n".join(parts)
    kind = ' class="wide"' if wide else ""
    html = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main{kind}>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n"
        "<footer>connect-emulator: nothing here is real, and no money "
        "moves.</footer></body></html>\n"
    )
    return HTMLResponse(html, status, headers=_HEADERS)


def refused(refusal: Refusal) -> Response:
    """A refusal, for somebody who reads."""
    return page("This does not work", *problems(refusal.message), status=refusal.status)


def go(there: str) -> Response:
    """Send the browser on, by GET."""
    return RedirectResponse(there, 303, headers={"Cache-Control": "no-store"})


def paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def problems(*texts: str) -> list[str]:
    """What went wrong, each read out at once to who cannot see it; empty ones are left out."""
    return [f'<p class="bad" role="alert">{escape(text)}</p>' for text in texts if text]


def tell(**said: str) -> str:
    """Tell the page in whose frame this one stands. said: `of`, what it is about, and the rest."""
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in said.items())
    return f"<script{data}>{_TELLS}</script>"


def link(text: str, there: str) -> str:
    """A line that leads to another page of this server."""
    return f"<p>{_anchor(text, there)}</p>"


def form(*parts: str, hidden: Mapping[str, str] | None = None) -> str:
    """A form that posts to the page it stands on."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (hidden or {}).items()
    )
    return f'<form method="post">{kept}\n' + "\n".join(parts) + "\n</form>"


def group(name: str, *parts: str) -> str:
    return f"<fieldset><legend>{escape(name)}</legend>\n" + "\n".join(parts) + "</fieldset>"


def text_field(name: str, label: str, hint: str = "", value: str = "") -> str:
    return (
        f'<label>{escape(label)}<input type="text" name="{escape(name)}" value="{escape(value)}" '
        f'placeholder="{escape(hint)}" autocomplete="off"></label>'
    )


def tick(name: str, label: str, *, ticked: bool = False) -> str:
    mark = " checked" if ticked else ""
    box = f'<input type="checkbox" name="{escape(name)}" value="true"{mark}>'
    return f'<label class="tick">{box}{escape(label)}</label>'


def one_of(name: str, label: str, value: str, *, chosen: bool) -> str:
    mark = " checked" if chosen else ""
    dot = f'<input type="radio" name="{escape(name)}" value="{escape(value)}"{mark}>'
    return f'<label class="tick">{dot}{escape(label)}</label>'


def choice(name: str, label: str, options: Mapping[str, str], chosen: str = "") -> str:
    """A select. options: value -> what is shown."""
    listed = "".join(
        _option(value, shown, chosen=value == chosen) for value, shown in options.items()
    )
    return f'<label>{escape(label)}<select name="{escape(name)}">{listed}</select></label>'


def deeds(buttons: Iterable[tuple[str, str]], ids: Mapping[str, str] | None = None) -> str:
    """The buttons of a form, the usual one first. buttons: value of `deed` -> label. ids: value ->
    what browser tests know the button by.
    """
    known = {value: f' id="{escape(id_)}"' for value, id_ in (ids or {}).items()}
    made = [
        f'<button name="deed" value="{escape(value)}"{" class=first" * (not at)}'
        f"{known.get(value, '')}>{escape(label)}</button>"
        for at, (value, label) in enumerate(buttons)
    ]
    return '<div class="deeds">' + "".join(made) + "</div>"


def _option(value: str, shown: str, *, chosen: bool) -> str:
    mark = " selected" if chosen else ""
    return f'<option value="{escape(value)}"{mark}>{escape(shown)}</option>'


def search(name: str, label: str, value: str) -> str:
    """A form that asks the page it stands on again, by GET."""
    field = text_field(name, label, value=value)
    return f'<form method="get">{field}</form>'


def fact(name: str, value: str, depth: int = 0) -> str:
    """A name and what is said of it, further to the right the deeper it lies."""
    indent = f' style="margin-left:{depth * 1.25}rem"' if depth else ""
    return f'<p{indent}><b>{escape(name)}</b> <span class="soft">{escape(value)}</span></p>'


def table(heads: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """A table; a sentence when it would be empty."""
    lines = ["".join(f"<td>{_cell(cell)}</td>" for cell in row) for row in rows]
    if not lines:
        return paragraph("Nothing yet.", "soft")
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="scrolls"><table><tr>{top}</tr>\n{body}</table></div>'


def _cell(cell: Cell) -> str:
    return escape(cell) if isinstance(cell, str) else _anchor(*cell)


def _anchor(text: str, there: str) -> str:
    return f'<a href="{escape(there)}">{escape(text)}</a>'


def text(whole: str, links: Mapping[str, str]) -> str:
    """A text that keeps its lines. links: words of it -> where they lead."""
    shown = escape(whole, quote=False)
    if links:
        words = re.compile("|".join(rf"\b{re.escape(escape(word))}\b" for word in links))
        shown = words.sub(lambda met: _anchor(met.group(), links[met.group()]), shown)
    return f"<pre>{shown}</pre>"
