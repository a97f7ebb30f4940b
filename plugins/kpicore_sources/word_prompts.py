"""What the import asks about words: which code each unknown one is. Those that nobody answers are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kpicore import (
    Choice,
    Interview,
    LoadAnswer,
    LoadQuestion,
    Registry,
    Workspace,
    counted,
    harmless,
    id_of,
    plain_word,
)
from kpicore_sources.files.coded_columns import ASKED_ONCE, CodedColumn, together
from kpicore_sources.files.doctor import TableCase

_MOST = 20
"""So many words of a field are asked about, the most frequent first, beside those that a file answers."""

WordTables = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By entity, field and word: the code that it means, "" for none."""


def word_answers(cases: Sequence[TableCase], ask: Interview) -> Iterator[tuple[CodedColumn, Mapping[str, str]]]:
    """Yield each column with the codes that unknown words of it mean, "" for none, of which somebody says it."""
    for coded in together(coded for case in cases for coded in case.coded_columns):
        if coded.unknown:
            yield coded, _exceptions(coded, ask) if coded.exception else _codes(coded, ask)


def keep_words(opened: Workspace, answers: Iterable[tuple[CodedColumn, Mapping[str, str]]]) -> None:
    """Keep in kpi.toml what words mean."""
    for coded, words in answers:
        if words:
            opened.keep_words(coded.entity, coded.field.name, words)


def with_known_words(cases: Sequence[TableCase], registry: Registry) -> list[TableCase]:
    """Return the cases with the codes of their words as the organisation has them, and hints on those without one.

    Without one a word of a closed field is left out by the load, which tells it.
    """
    heard = []
    for case in cases:
        coded_columns = tuple(coded.of(registry) for coded in case.coded_columns)
        heard.append(replace(case, coded_columns=coded_columns, hints=(*case.hints, *_hints(coded_columns))))
    return heard


def kept_words(cases: Sequence[TableCase], words: WordTables) -> dict[str, LoadAnswer]:
    """Return what words mean already, by the ids of the questions that would ask; `words` are those of kpi.toml."""
    kept: dict[str, LoadAnswer] = {}
    for coded in (coded for case in cases for coded in case.coded_columns if not coded.exception):
        for word in coded.words.keys() - coded.unknown.keys():
            kept[_id(coded.entity, coded.field.name, word)] = coded.codes.code_of(word) or ""
    for entity, fields in words.items():
        for name, codes in fields.items():
            exception = ASKED_ONCE.get((entity, name), "")
            if exception:
                kept[_id(entity, name)] = tuple(word for word, code in codes.items() if code == exception)
            else:
                kept |= {_id(entity, name, word): code for word, code in codes.items()}
    return kept


def _codes(coded: CodedColumn, ask: Interview) -> Mapping[str, str]:
    """Ask of each word which code it is, "" for none; what it is without its digits is proposed."""
    names, field = coded.codes.names, coded.field.name.replace("_", " ")
    words = _spelled(coded, lambda word: ask.knows(_id(coded.entity, coded.field.name, word)))
    what = "What do these words mean?" if len(words) > 1 else "What does this word mean?"
    none = Choice("", f"none of these: left out wherever the {field} matters")
    answers = {}
    for number, (word, rows) in enumerate(words.items()):
        question = LoadQuestion(
            _id(coded.entity, coded.field.name, word),
            _place(coded),
            what,
            (*map(Choice, names), none),
            # "3. Won" and "Won 100%" are "Won" without them
            likely=coded.codes.code_of("".join(sign for sign in word if not sign.isdigit())) or "",
            label=_shown(word, rows),
        )
        if number < _MOST or ask.knows(question.id):
            answer = ask(question)
            if isinstance(answer, str):
                answers[word] = answer
    return answers


def _exceptions(coded: CodedColumn, ask: Interview) -> Mapping[str, str]:
    """Ask once which words are the code that does not count like all others; the rest stay as they are."""
    words = dict(list(_spelled(coded).items())[:_MOST])
    answer = ask(
        LoadQuestion(
            _id(coded.entity, coded.field.name),
            _place(coded),
            "these count as spent on winning customers.",
            tuple(
                Choice(word, f"'{harmless(word, 60)}'", counted(rows, "rows", "row")) for word, rows in words.items()
            ),
            many=True,
            hint="Which of them are not, but on keeping customers, say? Enter for none.",
        )
    )
    return {} if answer is None else {word: coded.exception if word in answer else "" for word in words}


def _spelled(coded: CodedColumn, known: Callable[[str], bool] = lambda word: False) -> dict[str, int]:
    """Return the unknown words with their rows: once each, however it is spelled, as what it means is kept once.

    It is spelled in the way that is `known`, else in the most frequent one.
    """
    spellings = dict[str, list[str]]()
    for word in coded.unknown:
        spellings.setdefault(plain_word(word), []).append(word)
    return {
        next(filter(known, words), words[0]): sum(coded.unknown[word] for word in words) for words in spellings.values()
    }


def _hints(coded_columns: Sequence[CodedColumn]) -> list[str]:
    """Return what to tell of words that count like all others because nobody has said anything else."""
    hints = []
    for coded in coded_columns:
        if coded.exception and coded.unknown:
            words = list(coded.unknown.items())
            shown = ", ".join(_shown(word, rows) for word, rows in words[:5])
            more = f" and {len(words) - 5:,} more" if len(words) > 5 else ""
            section = f"[words.{coded.entity}.{coded.field.name}]"
            write = f'"{words[0][0][:40]}" = "{coded.exception}" under {section} in kpi.toml'
            hints.append(
                f"{coded.column} {shown}{more}: counted as spent on winning customers; for one that is not, write"
                f" {write}"
            )
    return hints


def _id(entity: str, field: str, *word: str) -> str:
    return id_of("words", entity, field, *word)


def _place(coded: CodedColumn) -> str:
    return f"{coded.place}, column {coded.column}"


def _shown(word: str, rows: int) -> str:
    return f"'{harmless(word, 60)}' ({counted(rows, 'rows', 'row')})"
