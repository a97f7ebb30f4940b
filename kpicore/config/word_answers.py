"""What the organisation says that words of its sources mean: `[words.loan.state]` in kpi.toml.

A word that means "" means none of the codes: it is left out of what compares a closed field, stays as it is in
an open one, and is not asked about again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kpicore.config.reader import FILE, Config, parse_config
from kpicore.config.values import WORDS
from kpicore.errors import BadConfig, UnknownName, closest
from kpicore.model.codes import Codes, plain_word
from kpicore.registry.registry import Registry
from kpicore.utils.toml_files import toml_document, toml_text


def with_answers(registry: Registry, config: Config) -> Registry:
    """Return the registry that knows what the organisation says of its words.

    Raises: BadConfig for a code that a field does not have, or an entity or field that is a slip of another; one
    that is none at all may be that of a plugin which is shut out just now.
    """
    answers: dict[str, dict[str, dict[str, str]]] = {}
    for entity, fields in config.words.items():
        for name, words in fields.items():
            codes = _codes(registry, config, entity, name)
            if codes is not None:
                place = f"{_file(config)} {WORDS}.{entity}.{name}"
                meant = {word: _code(codes, word, code, place) for word, code in words.items()}
                answers.setdefault(entity, {})[name] = meant
    return registry.with_words(answers) if answers else registry


def unread_answers(registry: Registry, config: Config) -> Iterator[BadConfig]:
    """Yield what is wrong with words that are read by nothing, as no plugin here gives their entity or field."""
    for entity, fields in config.words.items():
        if entity not in registry.entities:
            yield _unknown(f"{_file(config)} {WORDS}.{entity}", "entity", entity, registry.entities)
            continue
        coded = registry.codes(entity)
        for field in fields.keys() - coded.keys():
            yield _unknown(f"{_file(config)} {WORDS}.{entity}", "field with codes", field, coded)


def kept_answers(config: Config, registry: Registry, entity: str, field: str, words: Mapping[str, str]) -> Config:
    """Write into kpi.toml what words of a field mean, in place of what it said of them, and return its settings.

    Raises: BadConfig when the file cannot be read or written, or a word means no code of the field.
    """
    from kpicore.utils.whole_files import write_whole

    file = _file(config)
    here = {entity: {field: dict(words)}}
    # for what it raises
    with_answers(registry, replace(config, words=here))
    if registry.entity(entity).field(field) is None or field not in registry.codes(entity):
        raise UnknownName("field with codes", field, registry.codes(entity), where=f"entity '{entity}'")
    try:
        before = toml_text(file)
    except FileNotFoundError:
        raise BadConfig(file, "there is no such file") from None
    parse_config(before, file)  # for what it raises: nothing is added to a file that cannot be read
    text = with_words(before, entity, field, words)
    if text is None:
        hint = f"Write them yourself, under [{WORDS}.{entity}.{field}]."
        raise BadConfig(file, "no words can be added to it as it is spelled", hint=hint)
    written = parse_config(text, file)
    write_whole(file, text)
    return replace(config, words=written.words)


def with_words(text: str, entity: str, field: str, words: Mapping[str, str]) -> str | None:
    """Return the text that means the same and these words too, in place of others of theirs; None where none is found.

    By lines where that does, as a person would write them; else, where the table is inline, say, by its keys.
    """
    before = toml_document(text, FILE)
    answers = before.setdefault(WORDS, {}).setdefault(entity, {}).setdefault(field, {})
    said = {plain_word(word) for word in words}
    answers_left = {word: code for word, code in answers.items() if plain_word(word) not in said}
    before[WORDS][entity][field] = {**answers_left, **words}
    for edit in (_with_lines, _with_keys):
        edited = edit(text, (WORDS, entity, field), words)
        if _is_same(edited, before):
            return edited
    return None


def _is_same(text: str, meant: dict[str, Any]) -> bool:
    try:
        after = toml_document(text, FILE)
    except BadConfig:
        return False
    words, rest = after.pop(WORDS, {}), {key: value for key, value in meant.items() if key != WORDS}
    # the rest as it is printed, as nan is not equal to itself; words may stand in another order
    return bool(words == meant[WORDS]) and repr(after) == repr(rest)


def _with_keys(text: str, path: tuple[str, ...], words: Mapping[str, str]) -> str:
    """Return the text with the words in the table of that path, however it is spelled."""
    import tomlkit
    from tomlkit.items import InlineTable

    document = tomlkit.parse(text)
    place: Any = document
    for name in path:
        if name not in place:
            place[name] = tomlkit.inline_table() if isinstance(place, InlineTable) else tomlkit.table()
        place = place[name]
    said = {plain_word(word) for word in words}
    for word in [word for word in place if plain_word(word) in said]:
        del place[word]
    for word, code in words.items():
        place[word] = code
    return tomlkit.dumps(document)


def _with_lines(text: str, path: tuple[str, ...], words: Mapping[str, str]) -> str:
    """Return the text with a line for each word under the header, without other lines of these words there."""
    from kpicore.config.template import toml

    # line by line: what else stands in the file, comments and blank lines too, is a person's
    new = [f"{toml(word)} = {toml(code)}" for word, code in words.items()]
    lines = text.rstrip("\n").split("\n")
    places = [at for at, line in enumerate(lines) if _header_of(line) == path]
    if not places:
        return "\n".join([*lines, "", f"[{'.'.join(path)}]", *new]) + "\n"
    start = places[0] + 1
    end = next((at for at in range(start, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
    said = {plain_word(word) for word in words}
    kept = [line for line in lines[start:end] if _word_of(line) not in said]
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join([*lines[:start], *kept, *new, *([""] if end < len(lines) else []), *lines[end:]]) + "\n"


def _header_of(line: str) -> tuple[str, ...]:
    """Return the names of the table that a line begins, () where it begins none."""
    if not line.lstrip().startswith("["):
        return ()
    try:
        table: Any = toml_document(line, FILE)
    except BadConfig:
        return ()
    names: list[str] = []
    while isinstance(table, dict) and table:
        ((name, table),) = table.items()
        names.append(name)
    return tuple(names) if table == {} else ()


def _word_of(line: str) -> str | None:
    """Return the word that a line of the table is about, None where it is no line of one."""
    try:
        return next((plain_word(word) for word in toml_document(line, FILE)), None)
    except BadConfig:
        return None


def _codes(registry: Registry, config: Config, entity: str, field: str) -> Codes | None:
    place = f"{_file(config)} {WORDS}.{entity}"
    if entity not in registry.entities:
        if closest(entity, registry.entities):
            raise _unknown(place, "entity", entity, registry.entities)
        return None
    coded = registry.codes(entity)
    if field not in coded:
        if closest(field, coded) or registry.entities[entity].field(field) is not None:
            raise _unknown(place, "field with codes", field, coded)
        return None
    return coded[field]


def _code(codes: Codes, word: str, meant: str, place: str) -> str:
    if not meant:
        return ""
    code = codes.meant(meant)
    if code is None:
        raise _unknown(f"{place}.{word}", "code", meant, codes.names)
    return code


def _unknown(place: str, kind: str, name: str, known: Any) -> BadConfig:
    problem = UnknownName(kind, name, known)
    return BadConfig(place, problem.message.removesuffix("."), hint=problem.hint)


def _file(config: Config) -> Path:
    return config.folder / FILE
