"""Text to tree: the words are checked, SQLGlot parses, each node is admitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.errors import BadExpression
from kpicore.language.admission import admitted
from kpicore.language.lexer import NotInLanguage, foreign_word, parser_text
from kpicore.language.scope import Language, formula_language, row_language
from kpicore.model.codes import Codes
from kpicore.model.expressions import Node
from kpicore.model.schema import Type
from kpicore.text.plain_text import one_line

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

_NO_SETTINGS: Mapping[str, object] = MappingProxyType({})
_NOTHING_GIVEN: Mapping[str, Type] = MappingProxyType({})
_NO_CODES: Mapping[str, Codes] = MappingProxyType({})


def parse_row(
    text: str,
    columns: Mapping[str, Type],
    *,
    settings: Mapping[str, object] = _NO_SETTINGS,
    given: Mapping[str, Type] = _NOTHING_GIVEN,
    codes: Mapping[str, Codes] = _NO_CODES,
    of_period: bool = True,
    where: str = "",
) -> Node:
    """Return the tree of a row expression over the columns of one entity.

    `settings` gives setting names with their values, which tell their types; `given` the columns that
    may be named as sources gave them, too; `codes` those of columns that have some. One that is not `of_period` is
    read where there is none, and may not name it. `where` names the definition in messages. Raises BadExpression.
    """
    return _parse(text, row_language(columns, settings, given, codes, of_period=of_period), where)


def parse_formula(
    text: str, inputs: Collection[str], *, settings: Mapping[str, object] = _NO_SETTINGS, where: str = ""
) -> Node:
    """Return the tree of a formula over named inputs; all its numbers are NUMBER. Raises BadExpression.

    >>> from kpicore.language import formula_python
    >>> formula_python(parse_formula("kept / (kept + lost)", ("kept", "lost")))({"kept": 4, "lost": 6})
    0.4
    """
    node = _parse(text, formula_language(inputs, settings), where)
    if node.type is Type.BOOLEAN:
        hint = "Write case when … then 1 else 0 end."
        raise BadExpression(text, "a formula gives a number, not a condition", where=where, hint=hint)
    return node


def _parse(text: str, language: Language, where: str) -> Node:
    try:
        return admitted(_sqlglot_tree(text, language.functions), language)
    except NotInLanguage as refused:
        raise BadExpression(one_line(text), refused.problem, where=where, hint=refused.hint) from None
    except RecursionError:
        # The caller's own stack may be nearly used up; the limits of depth cannot know.
        raise BadExpression(one_line(text), "it is nested too deep", where=where) from None


# by `functions` too: which of them are renamed, and which refused, is a matter of the language
@lru_cache(maxsize=512)  # KPIs share their conditions; what is kept is only read
def _sqlglot_tree(text: str, functions: tuple[str, ...]) -> Expr:
    import sqlglot
    from sqlglot.errors import ErrorLevel, SqlglotError

    handed = parser_text(text, functions)
    try:
        # no dialect: what is handed over is the same in all of them, and loading one takes 45 ms
        return sqlglot.parse_one(handed, error_level=ErrorLevel.RAISE)
    except SqlglotError:
        foreign = foreign_word(text)
        problem = f"'{foreign}' is not part of the language" if foreign else "it is not a whole expression"
        raise NotInLanguage(problem) from None
