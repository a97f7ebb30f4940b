"""How files spell the kind of a survey."""

from __future__ import annotations

from kpicore import Codes
from kpicore_crm.spellings.written import OTHER, spelled

SURVEY_TYPE = Codes(
    (
        spelled(
            "nps",
            en="net promoter(| score), nps (score|survey), (relational|relationship|transactional) nps",
            other="净推荐值, индекс потребительской лояльности",
        ),
        spelled(
            "csat",
            en="(|customer )satisfaction(| score| survey), csat (score|survey)",
            de="(|kunden)zufriedenheit, (|kunden)zufriedenheitsumfrage",
            fr="satisfaction clients, satisfaction client, enquête de satisfaction",
            es="satisfacción(| del cliente| de clientes), encuesta de satisfacción",
            pt="satisfação(| do cliente| de clientes), pesquisa de satisfação",
            it="soddisfazione(| cliente| del cliente| clienti)",
            other="(|ügyfél-)elégedettség, satisfacți(e|a clientului|a clienților), satysfakcja(| klienta),"
            " zadowolenie klienta, (|klant)tevredenheid, удовлетворенность(| клиентов| клиента), 满意度, 客户满意度",
        ),
        spelled(
            "ces",
            en="(|customer )effort score, customer effort, ces (score|survey)",
            de="kundenaufwand",
            fr="effort client, score d'effort client",
            es="esfuerzo del cliente",
            pt="esforço do cliente",
            it="sforzo del cliente",
            other="客户费力度",
        ),
        OTHER,
    )
)
