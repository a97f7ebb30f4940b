"""The words of files stand in one code each, in many languages, and the codes are those that definitions compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import pytest

from kpicore import Aggregate, Codes, Entity, Field, Node, Registry, Standing, Type, load_plugins, parse_row
from kpicore.model.expressions import Call, Comparison, Literal, Name, Within, walk
from kpicore.testing import registry_of
from kpicore_crm.entities import ENTITIES
from tests.crm import SETTINGS

REGISTRY: Registry = registry_of(load_plugins(()))
CODED = [(entity, field) for entity in ENTITIES for field in entity.fields if field.codes]
CLOSED = (
    "opportunity.outcome opportunity.forecast_category opportunity_stage.kind opportunity_stage.outcome"
    " opportunity_stage.forecast_category stage.outcome contract.line_type order.status order_line.status"
    " order_line.line_type lead.lifecycle lead.conversion lead.opportunity_outcome survey_response.type activity.type"
    " activity.status"
)

USUAL = {
    ("order", "status"): {
        "completed": "paid Completed Shipped delivered FULFILLED bezahlt versendet abgeschlossen payée expédiée"
        " terminée pagado enviado completado pago concluído entregue pagato spedito evaso teljesítve kiszállítva"
        " finalizat livrat zrealizowane opłacone betaald verzonden оплачен доставлен 已完成 已发货",
        "open": "Pending on-hold draft processing pending_payment authorized partially_paid unfulfilled"
        " Awaiting_Fulfillment Awaiting_Pickup Pending_Review wc-processing checkout-draft Offen"
        " ausstehend en_attente brouillon pendiente borrador aguardando_pagamento rascunho in_attesa bozza"
        " folyamatban în_așteptare oczekujące in_behandeling в_обработке 待付款",
        "cancelled": "Cancelled CANCELLED canceled void voided expired storniert annulée Cancelado anulado annullato"
        " törölve anulat anulowane geannuleerd отменён 已取消",
        "refunded": "Refunded returned erstattet retourniert remboursée reembolsado devuelto devolvido estornado"
        " rimborsato reso visszatérítve rambursat zwrócone terugbetaald возвращён 已退款",
        "partly_refunded": "partially_refunded Partially-Refunded teilweise_erstattet partiellement_remboursé"
        " parcialmente_reembolsado parcialmente_devolvido parzialmente_rimborsato részben_visszatérítve"
        " rambursat_parțial częściowo_zwrócone gedeeltelijk_terugbetaald частично_возвращён 部分退款",
    },
    ("activity", "status"): {
        "scheduled": "Planned Open Not_Started Overdue geplant planifiée programada agendado pianificata tervezett"
        " programat zaplanowane gepland запланирована 已安排",
        "held": "Held Completed done durchgeführt erledigt terminée realizada concluída completata megtartva efectuat"
        " zakończone afgerond выполнена 已完成",
        "cancelled": "Canceled abgesagt annulé cancelada cancelado annullato lemondva anulat odwołane geannuleerd"
        " отменена 已取消",
        "no_show": "No-Show NO_SHOW nicht_erschienen absent no_asistió não_compareceu assente nem_jelent_meg"
        " neprezentat nieobecny niet_verschenen неявка 未出席",
        "rescheduled": "Rescheduled postponed verschoben reporté reprogramada remarcado rinviato elhalasztva amânat"
        " przełożone uitgesteld перенесена 已改期",
    },
    ("activity", "type"): {
        "call": "Call CALL Phone_Call Anruf Telefonat appel llamada ligação chamada chiamata hívás apel"
        " rozmowa_telefoniczna telefoongesprek звонок 电话",
        "email": "E-mail Email E-Mail courriel correo_electrónico posta_elettronica электронная_почта 邮件",
        "meeting": "Meeting Appointment Termin Besprechung réunion rendez-vous reunión reunião riunione találkozó"
        " întâlnire spotkanie afspraak встреча 会议",
        "follow_up": "Follow-up FollowUp nachfassen relance seguimiento acompanhamento utánkövetés 跟进",
        "demo": "Demo Demonstration Vorführung démonstration demostración demonstração dimostrazione bemutató"
        " demonstracja демонстрация 演示",
        "proposal": "Proposal Quote Angebot devis propuesta orçamento preventivo ajánlat ofertă oferta offerte"
        " предложение 报价",
        "event": "Event Trade_show Messe salon evento feira fiera rendezvény targi выставка 展会",
        "visit": "Visit Site_visit Besuch visite visita látogatás vizită wizyta bezoek визит 拜访",
        "task": "Task To-do Aufgabe tâche tarea tarefa feladat zadanie taak задача 任务",
        "note": "Note Notiz nota jegyzet notatka заметка 备注",
        "message": "SMS WhatsApp Nachricht mensaje mensagem messaggio üzenet сообщение 短信",
    },
    ("opportunity", "outcome"): {
        "won": "Closed_Won CLOSEDWON Won gewonnen gagnée Cerrada_ganada ganha Vendida vinta megnyert câștigat wygrana"
        " выиграна Успешно_реализовано 赢单",
        "lost": "Closed_Lost Lost verloren perdue perdido Perdida persa elvesztett pierdut przegrana проиграна"
        " Закрыто_и_не_реализовано 输单",
        "open": "Open Negotiation/Review Proposal/Price_Quote Qualified_To_Buy Verhandlung en_cours propuesta"
        " Em_Andamento trattativa tárgyalás negociere negocjacje onderhandeling переговоры 谈判",
    },
    ("opportunity", "forecast_category"): {
        "commit": "Commit Committed zugesagt engagé comprometido compromisso impegno",
        "best": "Best_Case BestCase meilleur_cas mejor_caso melhor_cenário caso_migliore legjobb_eset",
        "pipeline": "Pipeline",
        "omitted": "Omitted Not_forecasted ausgeschlossen omise omitido excluído omesso",
        "closed": "Closed abgeschlossen fermé cerrado fechado chiuso",
        "upside": "Upside",
    },
    ("order_line", "line_type"): {
        "new": "New New_Business neu Neugeschäft nouveau nuevo novo nuovo új nou nowy nieuw новый 新签",
        "renewal": "Renewal Verlängerung renouvellement renovación renovação rinnovo megújítás reînnoire odnowienie"
        " verlenging продление 续约",
        "upsell": "Upsell Up-sell upgrade montée_en_gamme venta_adicional venda_adicional felülértékesítés 增购",
        "cross_sell": "Cross-sell Cross_Selling CrossSell vente_croisée venta_cruzada venda_cruzada"
        " vendita_incrociata keresztértékesítés 交叉销售",
    },
    ("survey_response", "type"): {
        "nps": "NPS Nps Net_Promoter_Score",
        "csat": "CSAT Customer_Satisfaction Kundenzufriedenheit satisfaction_client satisfacción satisfação"
        " soddisfazione",
        "ces": "CES Customer_Effort_Score",
    },
    ("cost", "category"): {
        "salaries": "Salaries wages Gehälter salaires sueldos salários stipendi bérek salarii wynagrodzenia зарплата"
        " 工资",
        "marketing": "Marketing MARKETING mercadotecnia маркетинг 市场营销",
        "advertising": "Advertising Google_Ads Werbung publicité publicidad anúncios pubblicità reklám publicitate"
        " реклама 广告",
        "commissions": "Commission Provisionen comisiones comissões provvigioni jutalék prowizja",
        "training": "Training Schulung formation formación treinamento formazione képzés szkolenia opleiding обучение"
        " 培训",
        "retention": "Retention Customer_Retention Kundenbindung fidélisation retención fidelização fidelizzazione",
    },
    ("lead", "lifecycle"): {
        "mql": "MQL Marketing_Qualified_Lead",
        "sql": "SQL Sales_Qualified_Lead",
        "customer": "Customer Kunde client cliente",
        "disqualified": "Disqualified Closed_-_Not_Converted",
    },
}  # fmt: skip
"""Words as exports have them, in the six languages and others; `_` stands for a space."""

ASKED = {
    ("order", "status"): "Failed Closed Confirmed Activated Declined Disputed",
    ("activity", "status"): "Missed Closed No_answer",
    ("opportunity", "outcome"): "Closed Abandoned Cancelled abgeschlossen",
    ("order_line", "line_type"): "Expansion Add-on Shipping",
    ("survey_response", "type"): "eNPS",
    ("opportunity", "forecast_category"): "Most_Likely",
}
"""Words that mean one thing here and another there: never guessed."""


def _codes(key: tuple[str, str]) -> Codes:
    field = REGISTRY.entity(key[0]).field(key[1])
    assert field is not None
    assert field.codes is not None
    return field.codes


WORDS = [
    pytest.param(key, code, word.replace("_", " ") if word != "NO_SHOW" else word, id=f"{'.'.join(key)}-{word}")
    for key, codes in USUAL.items()
    for code, words in codes.items()
    for word in words.split()
]


@pytest.mark.parametrize(("key", "code", "word"), WORDS)
def test_a_usual_word_is_a_spelling_of_its_code(key: tuple[str, str], code: str, word: str) -> None:
    assert _codes(key).code_of(word) == code


@pytest.mark.parametrize(("key", "word"), [(key, word) for key, words in ASKED.items() for word in words.split()])
def test_a_word_of_several_meanings_is_of_no_code(key: tuple[str, str], word: str) -> None:
    assert _codes(key).code_of(word.replace("_", " ")) is None


@pytest.mark.parametrize(("entity", "field"), CODED, ids=[f"{one.name}.{two.name}" for one, two in CODED])
def test_every_spelling_leads_to_its_code_and_every_code_to_itself(entity: Entity, field: Field) -> None:
    assert field.codes
    for code in field.codes.codes:
        assert {field.codes.code_of(word) for word in (code.name, *code.spellings)} == {code.name}


def test_what_decides_is_closed_and_what_describes_is_open() -> None:
    closed = {f"{entity.name}.{field.name}" for entity, field in CODED if field.codes and field.codes.closed}
    assert closed == set(CLOSED.split())


def test_every_word_that_a_definition_compares_a_coded_field_with_is_a_code_of_it() -> None:
    compared = list(_compared())
    unknown = {(entity, name, word) for entity, name, word in compared if word not in _codes((entity, name)).names}
    assert unknown == set()
    # Fewer would mean that the sweep has lost its way into the definitions.
    assert {("order", "status", "completed"), ("cost", "category", "retention")} <= set(compared)
    assert len(set(compared)) > 35


def test_every_text_that_a_definition_compares_with_words_has_codes() -> None:
    uncoded = {(entity, name) for entity, name, _ in _compared(coded=False)}
    assert uncoded == set()


def _compared(coded: bool = True) -> Iterator[tuple[str, str, str]]:
    """Yield entity, field and word of each comparison in the definitions of the vocabulary, the packs and reports."""
    for entity, text in {*_expressions(), *_fillings()}:
        columns = REGISTRY.columns(entity)
        for node in walk(parse_row(text, columns, settings=SETTINGS, given=columns)):
            for name, word in _pairs(node):
                field = REGISTRY.entity(entity).field(name)
                if field is not None and field.type is Type.TEXT and word and bool(field.codes) == coded:
                    yield entity, name, word


def _pairs(node: Node) -> Iterator[tuple[str, str]]:
    """Yield names and words that stand on two sides of a comparison, or together in a coalesce."""
    sides: tuple[Node, ...] = ()
    match node:
        case Comparison():
            sides = (node.left, node.right)
        case Within():
            sides = (node.operand, *node.values)
        case Call(function="coalesce"):
            sides = node.arguments
    parts = [each for side in sides for each in walk(side)]
    names = [part.name for part in parts if isinstance(part, Name) and part.namespace in ("", "given")]
    words = [part.value for part in parts if isinstance(part, Literal) and isinstance(part.value, str)]
    yield from ((name, word) for name in names for word in words)


def _expressions() -> Iterator[tuple[str, str]]:
    """Yield every row expression of metrics, reports and fields with the entity whose rows it reads."""
    fields = [field.how for entity in REGISTRY.entities.values() for field in entity.fields]
    for aggregate in _aggregates([list(REGISTRY.metrics.values()), REGISTRY.reports, fields]):
        for text in (aggregate.where, aggregate.value):
            if "'" in text:
                yield _entity(aggregate), text


def _fillings() -> Iterator[tuple[str, str]]:
    for entity in REGISTRY.entities.values():
        for field in entity.fields:
            texts = [each for each in field.how if isinstance(each, str)]
            yield from ((entity.name, text) for text in (*texts, field.settled, field.open_while) if "'" in text)


def _aggregates(thing: object) -> Iterator[Aggregate | Standing]:
    if isinstance(thing, Aggregate | Standing):
        yield thing
    if isinstance(thing, Mapping):
        thing = list(thing.values())
    if dataclasses.is_dataclass(thing):
        thing = [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    if isinstance(thing, list | tuple):
        for each in thing:
            yield from _aggregates(each)


def _entity(given: Aggregate | Standing) -> str:
    rows = given.entity
    return rows if isinstance(rows, str) else _entity(rows.input)


@pytest.mark.parametrize(("entity", "field"), CODED, ids=lambda each: each.name)
def test_no_spelling_is_half_of_a_bracket(entity: Entity, field: Field) -> None:
    """Alternatives may stand in alternatives; what is left of a bracket would be a word that no file ever holds."""
    assert field.codes is not None
    spellings = [word for code in field.codes.codes for word in code.spellings]
    assert [word for word in spellings if not word or {*word} & {*"(|)"}] == []
