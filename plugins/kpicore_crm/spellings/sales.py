"""How files spell what kind of sale a deal or a line is."""

from __future__ import annotations

from kpicore import Codes
from kpicore_crm.spellings.written import spelled

_NEW = spelled(
    "new",
    en="new (business|customer|client|sale|logo|deal|account), net new, initial sale, newbusiness",
    de="neu, neugeschäft, neukunde(|n), neukundengeschäft, neuverkauf",
    fr="nouveau, nouvelle, nouveau client, nouvelle (affaire|vente)",
    es="nuev(o|a), nuevo (cliente|negocio), nueva venta",
    pt="nov(o|a), novo (cliente|negócio), nova venda",
    it="nuov(o|a), nuovo (cliente|business), nuova vendita",
    hu="új, új (ügyfél|üzlet|eladás)",
    ro="nou(|ă), client nou, afacere nouă",
    pl="now(y|a|e), nowy klient, nowa sprzedaż",
    nl="nieuw(|e), nieuwe (klant|verkoop)",
    ru="новый, новая, новое, новый клиент, новая продажа",
    zh="新, 新签, 新客户, 新购, 新单, 新增",
)

_RENEWAL = spelled(
    "renewal",
    en="renewals, renew, renewed, (contract|subscription) renewal",
    de="verlängerung, (vertrags|abo)verlängerung, erneuerung",
    fr="renouvellement, reconduction",
    es="renovación",
    pt="renovação",
    it="rinnovo",
    other="megújítás, (|szerződés)hosszabbítás, reînnoire, odnowienie, przed(ł|l)użenie, verlenging, vernieuwing,"
    " продление, возобновление, пролонгация, 续约, 续费, 续签, 续订",
)

_UPSELL = spelled(
    "upsell",
    en="up-sells, upselling, upsold, upgrade(|s)",
    de="höherverkauf",
    fr="montée en gamme, vente incitative",
    es="venta adicional, ventas adicionales",
    pt="vend(a|as) adicion(al|ais)",
    it="vendita aggiuntiva",
    other="felülértékesítés, vânzare suplimentară, апселл, апсейл, 增购, 增销, 追加销售, 向上销售",
)

_CROSS_SELL = spelled(
    "cross_sell",
    en="cross-sells, cross-selling, cross sale(|s), cross-sold",
    de="querverkauf, kreuzverkauf",
    fr="vente(|s) croisée(|s)",
    es="venta(|s) cruzada(|s)",
    pt="venda(|s) cruzada(|s)",
    it="vendit(a|e) incrociat(a|e)",
    other="keresztértékesítés, vânzare încrucișată, sprzedaż krzyżowa, kruisverkoop, кросс-продаж(а|и),"
    " перекрестн(ая|ые) продаж(а|и), кросс-селл, 交叉销售",
)

LINE_TYPE = Codes((_NEW, _RENEWAL, _UPSELL, _CROSS_SELL))

DEAL_TYPE = Codes(
    (
        _NEW,
        _RENEWAL,
        spelled(
            "expansion",
            en="expansions",
            de="erweiterung, ausbau",
            fr="extension, expansion",
            es="expansión, ampliación",
            pt="expansão, ampliação",
            it="espansione, ampliamento",
            other="bővítés, extindere, rozszerzenie, uitbreiding, расширение, 扩展, 扩容",
        ),
        _UPSELL,
        _CROSS_SELL,
    ),
    closed=False,
)
