"""Arguments of functions as VBA and Python can both declare them."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace

from kpicore import CellArgument, CellFunction

PLACE = "place"
"""The first argument of each function in Python, which VBA fills: the sheet of the cell that calls."""

_RESERVED = frozenset(
    """
    addressof alias and any append as attribute base binary boolean byref byte byval call case cbool cbyte ccur cdate
    cdbl cdec cint class close clng clnglng clngptr compare const csng cstr currency cvar date debug decimal declare
    defbool defbyte defcur defdate defdbl defdec defint deflng defobj defsng defstr defvar dim do doevents double each
    else elseif empty end endif enum eqv erase error event exit explicit false fix for friend function get global go
    gosub goto if imp implements in input integer is lbound len let lib like line local lock long longlong longptr loop
    lset me mid mod module name new next not nothing null object on open option optional or output paramarray password
    preserve print private property ptrsafe public put raiseevent random read redim rem reset resume return rset seek
    select set shared single spc static step stop str string sub tab text then time to true type typeof ubound unlock
    until variant wend while width with withevents write xor
    """.split()
) | {PLACE, "array", "given", *keyword.kwlist}
_LONGEST_NAME = 60


def declared(function: CellFunction) -> tuple[CellArgument, ...]:
    """Return the arguments of a function, named as both languages take them: those that must be given, and one that
    repeats for all that may be left out. VBA allows no optional argument before one that repeats."""
    required = [argument for argument in function.arguments if not argument.optional and not argument.repeats]
    rest = function.arguments[len(required) :]
    arguments = required
    if rest:
        name, help = "_and_".join(argument.name for argument in rest), " ".join(argument.help for argument in rest)
        arguments = [*required, CellArgument(name, help, optional=True, repeats=True)]
    taken = {function.name.lower()}  # VBA's name for the result
    return tuple(replace(argument, name=_name(argument.name, taken)) for argument in arguments)


def _name(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)[:_LONGEST_NAME].strip("_") or "value"
    plain = plain if plain[0].isalpha() else f"n{plain}"
    while plain.lower() in taken or plain.lower() in _RESERVED or plain in _RESERVED:
        plain += "_"
    taken.add(plain.lower())
    return plain
