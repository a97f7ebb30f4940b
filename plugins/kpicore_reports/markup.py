"""HTML from tags. Text is escaped when it goes in; nothing but `element` makes markup."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name: str, /, *inside: object, **attributes: object) -> Markup:
    """Return an element; what is not Markup is escaped. An attribute `class_` is `class`, `stroke_width` has a hyphen.

    >>> element("td", "<b>", class_="number")
    '<td class="number">&lt;b&gt;</td>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not inside and name in _EMPTY:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(*inside)}</{name}>")


def joined(*parts: object) -> Markup:
    """Return parts after each other; what is not Markup is escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(str(part)) for part in parts))


_EMPTY = frozenset({"meta"})
