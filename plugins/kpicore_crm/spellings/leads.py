"""How files spell how far a lead is, and what it was converted to."""

from __future__ import annotations

from kpicore import Code, Codes
from kpicore_crm.spellings.written import spelled

LIFECYCLE = Codes(
    (
        spelled(
            "raw",
            en="new, open, open not contacted, not contacted, subscriber, lead, working, (|working )contacted,"
            " attempted to contact",
            de="neu, offen, abonnent",
            fr="nouveau, ouvert, abonné",
            es="nuev(o|a), abiert(o|a), suscriptor",
            pt="nov(o|a), abert(o|a), assinante",
            it="nuov(o|a), apert(o|a), iscritto",
            other="új, nou, nowy, nieuw, новый, 新",
        ),
        spelled(
            "mql",
            en="marketing qualified(| lead)",
            de="marketing-qualifiziert(|er lead)",
            fr="lead qualifié marketing",
            es="lead (|c)alificado (por|para) marketing, lead cualificado para marketing",
            pt="lead qualificado (pelo|por|para) marketing",
            it="lead qualificato (|dal )marketing",
            zh="营销合格线索",
        ),
        spelled(
            "sql",
            en="sales qualified(| lead), qualified, sales accepted(| lead), sal",
            de="vertriebsqualifiziert(|er lead), qualifiziert",
            fr="lead qualifié vente(|s), qualifié",
            es="lead (c|)alificado para ventas, calificado, cualificado",
            pt="lead qualificado (por|para|pelas) vendas, qualificado",
            it="lead qualificato (vendite|alle vendite), qualificato",
            ru="квалифицирован",
            zh="销售合格线索",
        ),
        spelled(
            "opportunity",
            en="deal",
            de="verkaufschance, chance",
            fr="opportunité",
            es="oportunidad",
            pt="oportunidade",
            it="opportunità",
            other="lehetőség, oportunitate, szansa, сделка, 商机",
        ),
        spelled(
            "customer",
            en="converted, closed converted, won, client, evangelist, promoter",
            de="kunde, konvertiert",
            fr="client, converti",
            es="cliente, convertido",
            pt="convertido",
            it="convertito",
            other="ügyfél, klient, klant, клиент, 客户, 已转化",
        ),
        spelled(
            "disqualified",
            en="closed not converted, lost, rejected, unqualified lead, bad lead, junk, junk lead",
            de="disqualifiziert, verloren",
            fr="disqualifié, perdu",
            es="descalificado, perdido",
            pt="desqualificado",
            it="squalificato, perso",
            ru="дисквалифицирован",
            zh="无效, 无效线索",
        ),
    )
)

CONVERSION = Codes(
    (
        spelled(
            "customer",
            en="client, paying customer",
            de="kunde",
            fr="client",
            es="cliente",
            it="cliente",
        ),
        spelled(
            "account",
            en="company, organi(s|z)ation",
            de="firma, unternehmen, konto",
            fr="compte, société",
            es="cuenta, empresa",
            pt="conta",
            it="azienda",
        ),
        spelled(
            "contact",
            en="person",
            de="kontakt, person",
            fr="contact",
            es="contacto",
            pt="contato, contacto",
            it="contatto",
        ),
        spelled(
            "deal",
            en="opportunity",
            de="verkaufschance",
            fr="opportunité",
            es="oportunidad",
            pt="oportunidade",
            it="opportunità",
        ),
        Code("unknown"),
    )
)
