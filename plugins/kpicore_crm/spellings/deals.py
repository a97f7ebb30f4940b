"""How files spell the codes of deals: outcome, forecast and what becomes of a stage.

Names of stages say that a deal is open; those that say no more than "closed" are asked about.
"""

from __future__ import annotations

from kpicore import Code, Codes
from kpicore_crm.spellings.written import spelled

OUTCOME = Codes(
    (
        spelled(
            "won",
            en="closed won, close won, won closed, win, success, successful, sold, signed, deal won",
            de="gewonnen, (abgeschlossen|geschlossen) gewonnen",
            fr="gagné(|e), (fermé|clôturé|conclu)(|e) gagné(|e), signé(|e)",
            es="ganad(o|a), cerrad(o|a) ganad(o|a), ganad(o|a) cerrad(o|a), vendid(o|a)",
            pt="ganh(o|a), fechad(o|a) (e |)ganh(o|a), negócio ganho",
            it="vint(o|a), chius(o|a) vint(o|a), conclus(o|a) vint(o|a)",
            hu="megnyert, megnyerve, nyert, (lezárt|lezárva) (megnyert|nyert|megnyerve)",
            ro="câștigat(|ă), închis(|ă) câștigat(|ă)",
            pl="wygran(a|e|y), zamknięt(a|e|y) wygran(a|e|y)",
            nl="gesloten gewonnen, afgesloten gewonnen",
            ru="выигран(|а|о), успешно, успешно реализовано, закрыт(|а|о) выигран(|а|о)",
            zh="赢单, 成交, 已成交, 赢, 赢得",
        ),
        spelled(
            "lost",
            en="closed lost, close lost, lost closed, loss, failed, rejected, dead, deal lost,"
            " closed lost to competition",
            de="verloren, (abgeschlossen|geschlossen) verloren",
            fr="perdu(|e), (fermé|clôturé|conclu)(|e) perdu(|e)",
            es="perdid(o|a), cerrad(o|a) perdid(o|a), perdid(o|a) cerrad(o|a)",
            pt="fechad(o|a) (e |)perdid(o|a), negócio perdido",
            it="pers(o|a), chius(o|a) pers(o|a), conclus(o|a) pers(o|a)",
            hu="elvesztett, elveszett, elvesztve, vesztett, (lezárt|lezárva) (elvesztett|elveszett|vesztett)",
            ro="pierdut(|ă), închis(|ă) pierdut(|ă)",
            pl="przegran(a|e|y), utracon(a|e|y), zamknięt(a|e|y) przegran(a|e|y)",
            nl="gesloten verloren, afgesloten verloren",
            ru="проигран(|а|о), закрыто и не реализовано, отказ, закрыт(|а|о) проигран(|а|о)",
            zh="输单, 丢单, 失败, 流失, 输",
        ),
        spelled(
            "open",
            en="engaging, prospecting, qualification, qualified, qualifying, qualify, discovery, needs analysis,"
            " value proposition, id decision makers, identify decision makers, perception analysis, proposal,"
            " proposal (price quote|sent|made), proposition, propose, quote, quotation, negotiation(|s),"
            " negotiation review, negotiations started, negotiating, contract sent, contact made, contacted, demo,"
            " demo scheduled, presentation, presentation scheduled, appointment scheduled, qualified to buy,"
            " decision maker bought in, new, in progress, ongoing, lead, lead in, pending, evaluation, on hold,"
            " active, develop",
            de="offen, in bearbeitung, angebot, angebot (gesendet|verschickt), verhandlung, qualifizierung, laufend,"
            " bedarfsanalyse, neu, präsentation",
            fr="ouvert(|e), en cours, devis, négociation, proposition, présentation, nouveau, nouvelle,"
            " analyse des besoins",
            es="abiert(o|a), en curso, en proceso, propuesta, negociación, calificación, nuev(o|a), presentación,"
            " análisis de necesidades",
            pt="abert(o|a), em aberto, em andamento, pausada, proposta, proposta enviada, negociação, qualificação,"
            " nov(o|a), apresentação, sem contato, contato feito, identificação do interesse",
            it="apert(o|a), in corso, trattativa, negoziazione, qualificazione, nuov(o|a), presentazione, offerta",
            hu="nyitott, folyamatban, ajánlat, ajánlatadás, tárgyalás, új, igényfelmérés",
            ro="deschis(|ă), în curs, ofertă, negociere, nou(|ă), calificare, prezentare",
            pl="otwart(a|e|y), w toku, oferta, negocjacj(a|e), kwalifikacja, now(a|e|y)",
            nl="lopend, onderhandeling, offerte, kwalificatie, nieuw",
            ru="открыт(|а|о), в работе, переговоры, новая, новый, предложение, первичный контакт, принимают решение,"
            " согласование договора, неразобранное, квалификация",
            zh="进行中, 跟进中, 谈判, 报价, 初步接触, 方案报价, 需求分析, 新建",
        ),
    )
)

FORECAST_CATEGORY = Codes(
    (
        spelled(
            "commit",
            en="committed, commitment, forecast",
            de="zugesagt, zusage",
            fr="engagé(|e), engagement",
            es="comprometid(o|a), compromiso",
            pt="compromisso",
            it="impegno, impegnat(o|a)",
            other="elkötelezett, vállalt, angajament, zobowiązanie, toegezegd, обязательство, 承诺",
        ),
        spelled(
            "best",
            en="best case, best case scenario",
            de="bester fall, günstigster fall",
            fr="meilleur(| des) cas",
            es="mejor(| de los) caso(|s), mejor escenario",
            pt="melhor (caso|cenário)",
            it="miglior(e|) caso, caso migliore, migliore dei casi",
            other="legjobb eset, cel mai bun caz, najlepszy (przypadek|scenariusz), beste geval,"
            " лучший (случай|вариант), 最佳情况, 最好情况, 最佳",
        ),
        spelled(
            "pipeline",
            en="in pipeline, pipe",
            es="canalización",
            pt="funil",
            ru="воронка",
            zh="管道",
        ),
        spelled(
            "omitted",
            en="omit, not forecasted, not in forecast, excluded, lost",
            de="ausgelassen, ausgeschlossen, nicht berücksichtigt, weggelassen, nicht prognostiziert",
            fr="omis(|e), exclu(|e)",
            es="omitid(o|a), excluid(o|a)",
            pt="excluíd(o|a)",
            it="omess(o|a), esclus(o|a)",
            other="kihagyva, kihagyott, omis(|ă), exclus(|ă), pominięt(e|y|a), wykluczon(e|y|a), weggelaten,"
            " uitgesloten, исключен(|о|а), не учитывается, 已忽略, 忽略, 排除",
        ),
        spelled(
            "closed",
            en="close, won, closed won",
            de="abgeschlossen, geschlossen, gewonnen",
            fr="fermé(|e), clôturé(|e), conclu(|e), gagné(|e)",
            es="cerrad(o|a), ganad(o|a)",
            pt="fechad(o|a), ganh(o|a)",
            it="chius(o|a), vint(o|a)",
            other="lezárt, lezárva, închis(|ă), zamknięt(e|y|a), gesloten, afgesloten, закрыт(|о|а), 已关闭, 已成交",
        ),
        spelled(
            "upside",
            en="strong upside, upsides",
        ),
    )
)

STAGE_EXIT = Codes(
    (
        spelled(
            "to_stage",
            en="next stage, moved on, stage, advanced",
            de="nächste phase",
            fr="étape suivante",
            es="siguiente etapa",
            pt="próxima etapa",
            it="fase successiva",
        ),
        *(code for code in OUTCOME.codes if code.name != "open"),
    ),
    closed=False,
)

STAGE_KIND = Codes((Code("stay"), Code("passed"), Code("won"), Code("lost"), Code("unknown")))
