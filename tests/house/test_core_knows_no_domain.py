"""The core knows no domain: what it is used for today, sales, stands in a plugin that anybody could have written."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "kpicore").rglob("*.py"))
HELP = [*(ROOT / "kpicore" / "cli").glob("*.py"), ROOT / "kpicore" / "spreadsheet" / "functions.py"]
"""Help pages and texts of arguments: their examples are those of most people who read them."""
_NEVER = "opportunit(y|ies)|leads?|customers?|deals?|stage_histor(y|ies)|win_rates?|churn(s|ed)?|quotas?|crm"
_IN_HELP = (
    "reps?|sales|revenues?|cac|ltv|aov|nps|mrr|arr|won|invoices?|sellers?|prospects?|campaigns?|pipelines?|active_rule"
    r"|order_(id|status|item)s?|words\.order"
)
NEVER = re.compile(rf"(?<![a-z])({_NEVER})(?![a-z])")
DOMAIN = re.compile(rf"(?<![a-z])({_NEVER}|{_IN_HELP})(?![a-z])")
"""Orders are not among them, as rows have one too: their fields are."""
WINDOW_FUNCTION = re.compile(r"\blead\(")
"""SQL's, which has nothing to do with leads."""


def words(text: str, domain: re.Pattern[str] = DOMAIN) -> Iterator[str]:
    """Yield the words of the domain in a text, also as parts of identifiers: customer_id, openDeals, WIN_RATE."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", WINDOW_FUNCTION.sub("", text)).casefold()
    yield from (found.group() for found in domain.finditer(spaced))


def told(file: Path) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
    domain = NEVER if file in HELP else DOMAIN
    return [f"line {token.start[0]}: {word}" for token in tokens for word in words(token.string, domain)]


@pytest.mark.parametrize("file", CORE, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_word_of_the_domain_stands_in_the_core(file):
    assert told(file) == []


@pytest.mark.parametrize(
    "text",
    "customer_id|the open deals|WIN_RATE|OpenDeals|'crm'|won_deals|no_stage_history|Quotas|KPI_CAC|--by rep|total_sales"
    "|[words.order.status]|won / base".split("|"),
)
def test_a_word_of_the_domain_is_seen_wherever_it_stands(text):
    assert [*words(text)]


@pytest.mark.parametrize(
    "text",
    "lead(id) OVER later|ideal|leading|misleading|dealt|the stage|in order|ORDER BY|report|wonder|array".split("|"),
)
def test_other_words_are_not_taken_for_one(text):
    assert [*words(text)] == []
