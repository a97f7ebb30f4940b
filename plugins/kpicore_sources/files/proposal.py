"""Which entity a table holds, and which column holds which field: by their names in many languages, and by content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kpicore import Entity, Field, Type, day_name, given_fields
from kpicore_sources.files.known_words import KnownWords, plain
from kpicore_sources.files.profile import EMPTY, NUMBER, TRUTH, Profile

_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_DATES = (Type.DATE, Type.MOMENT)
# the name itself or a word of this entity; the day of a moment; a word of all entities; spelled alike; a phrase in it
_EXACT, _DAY, _COMMON, _LIKE, _INSIDE = 1.0, 0.95, 0.9, 0.6, 0.5
_ALIKE = 0.88
_LONGEST = 200
"""No name that is known has more characters."""
KEYLESS = ("order", "order_line", "cost", "payment", "activity", "survey_response", "target", "email_send", "referral")
"""Entities whose rows may come without an id: the load then tells them apart by their content."""
_UNIT = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
"""What stands in brackets behind a name: "Amount (EUR)"."""
_SHARED = {("created_at", "first_contact_at"), ("stage_id", "outcome")}
"""Pairs of fields that one column may fill."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entity, its fields with their columns, and how well it fits."""

    entity: Entity
    fields: Mapping[str, str]
    score: float


def propose(
    stem: str, profiles: Mapping[str, Profile], entities: Sequence[Entity], words: KnownWords
) -> tuple[Proposal, ...]:
    """Return proposals, the best first; none where no column has a name that is known."""
    alike = _Alike(
        word for entity in entities for field in given_fields(entity) for word in _known(words, entity, field)
    )
    columns = {}
    for column in profiles:
        start = column[:_LONGEST]
        name = plain(_UNIT.sub("", start)) or plain(start) or start.casefold()
        columns[column] = (name, alike.to(name))
    proposals = [_proposal(stem, profiles, columns, entity, words) for entity in entities if not entity.made]
    return tuple(sorted((proposal for proposal in proposals if proposal.fields), key=lambda proposal: -proposal.score))


class _Alike:
    """All words that are known, so that each column's name is compared with them once and not once a field."""

    def __init__(self, words: Iterable[str]) -> None:
        known = set(words)
        self._phrases = {word for word in known if " " in word}
        self._longest = max((len(phrase.split()) for phrase in self._phrases), default=0)
        self._by_start: dict[str, list[str]] = {}
        for word in known:
            # A short word is like too many others; one that begins with another letter is hardly ever meant.
            if len(word) > 4:
                self._by_start.setdefault(word[0], []).append(word)

    def to(self, name: str) -> Mapping[str, float]:
        """Return how sure each word that is like the name, or stands inside it, means the same."""
        likeness: dict[str, float] = {}
        # The name goes second: of that text the matcher keeps what it has learned.
        matcher = SequenceMatcher(None, "", name)
        for word in self._by_start.get(name[0], ()):
            # four signs apart only names of 15 and more can be 0.88 alike
            if abs(len(word) - len(name)) <= 3:
                matcher.set_seq1(word)
                if (ratio := _ratio(matcher)) > 0:
                    likeness[word] = _LIKE * ratio
        for phrase in self._inside(name.split()):
            likeness[phrase] = max(likeness.get(phrase, 0.0), _INSIDE)
        return likeness

    def _inside(self, parts: Sequence[str]) -> Iterator[str]:
        for start in range(len(parts)):
            for end in range(start + 2, min(len(parts), start + self._longest) + 1):
                if (phrase := " ".join(parts[start:end])) in self._phrases:
                    yield phrase


def _known(words: KnownWords, entity: Entity, field: Field) -> list[str]:
    """Return the words for a field; for a moment the name of its day is one, as a date is a good value of it."""
    day = [plain(day_name(field.name))] if field.type is Type.MOMENT else []
    return [*words.of(entity.name, field.name), *day]


def _proposal(
    stem: str,
    profiles: Mapping[str, Profile],
    columns: Mapping[str, tuple[str, Mapping[str, float]]],
    entity: Entity,
    words: KnownWords,
) -> Proposal:
    fillable = given_fields(entity)
    known = {field.name: _known(words, entity, field) for field in fillable}
    day = {field.name: plain(day_name(field.name)) for field in fillable if field.type is Type.MOMENT}
    names = {field.name: plain(field.name) for field in fillable}
    own = words.fields.get(entity.name, {})
    scores: list[tuple[float, str, str]] = []
    for column, profile in profiles.items():
        name, alike = columns[column]
        for field in fillable:
            if name == names[field.name] or name in own.get(field.name, ()):
                score = _EXACT
            elif name == day.get(field.name):
                score = _DAY
            elif name in known[field.name]:
                # Where an entity has words of its own for a field, those of all entities say a little less.
                score = _COMMON if field.name not in own else _COMMON - 0.05
            else:
                score = max((alike[word] for word in known[field.name] if word in alike), default=0.0) if alike else 0.0
            if score and fits(field, profile, entity, score):
                scores.append((score, field.name, column))
    order = {field.name: place for place, field in enumerate(fillable)}
    scores.sort(key=lambda scored: (-scored[0], order[scored[1]]))
    # The surest first: each field takes one column, and a column serves a second field only where both may share it.
    fields: dict[str, str] = {}
    total = 0.0
    for score, field_name, column in scores:
        taken = [name for name, used in fields.items() if used == column]
        if field_name in fields or (taken and not any((name, field_name) in _SHARED for name in taken)):
            continue
        fields[field_name] = column
        # a column that serves two fields proves its entity no more than once
        total += score if not taken else 0.0
    total += _file_bonus(stem, words.files.get(entity.name, (entity.name.replace("_", " "),)))
    keyless = entity.name in KEYLESS and any(
        day_name(name) == entity.main_date or name == entity.main_date for name in fields
    )
    if not set(entity.key) <= set(fields) and not keyless:
        total -= 2.0  # another entity, whose key is there, is nearly always meant
    return Proposal(entity, {name: fields[name] for name in order if name in fields}, total)


def _ratio(matcher: SequenceMatcher[str]) -> float:
    """Return how alike two names are, 0 below 0.88; the quick ratios are never below the true one."""
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _ALIKE else 0.0


def fits(field: Field, profile: Profile, entity: Entity, score: float = _EXACT) -> bool:
    """Return whether the column's values can be values of the field."""
    if profile.kind == EMPTY:
        return False
    if field.type in _DATES:
        return profile.dated()
    if field.type in _NUMBERS:
        return profile.kind == NUMBER or (field.unit == "score" and profile.labelled)
    if field.type is Type.BOOLEAN:
        return profile.kind == TRUTH
    if field.name in entity.key and len(entity.key) == 1:
        return not profile.few or score == _EXACT
    return True


def _file_bonus(stem: str, known: Sequence[str]) -> float:
    """Return what the file's name says: 1.5 where it is one of the words, less where one is in it."""
    name = plain(stem)
    if name in known:
        return 1.5
    inside = [word for word in known if f" {word} " in f" {name} "]
    return 0.9 + 0.02 * max(len(word) for word in inside) if inside else 0.0
