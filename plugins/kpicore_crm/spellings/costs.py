"""How files spell the category of a cost."""

from __future__ import annotations

from kpicore import Codes
from kpicore_crm.spellings.written import spelled

COST_CATEGORY = Codes(
    (
        spelled(
            "salaries",
            en="salary, wage(|s), payroll, pay, base (salary|salaries), staff costs, personnel(| costs), compensation",
            de="gehalt, gehälter, löhne, lohn, lohnkosten, personal(|kosten), gehaltskosten",
            fr="salaire(|s), masse salariale, rémunération(|s), frais de personnel",
            es="salario(|s), sueldo(|s), nómina(|s), gastos de personal",
            pt="salário(|s), ordenado(|s), folha de pagamento, despesas com pessoal",
            it="salari(|o), stipendi(|o), costo del personale, retribuzioni",
            other="bér(|ek), bérköltség, fizetés(|ek), salari(u|i), salarii, wynagrodzeni(e|a), pensj(a|e),"
            " sala(ris|rissen), loonkosten, lonen, зарплата, зарплаты, заработная плата, оклад, 工资, 薪资, 薪水,"
            " 人工成本",
        ),
        spelled(
            "training",
            en="trainings, training costs, education, coaching, onboarding training",
            de="schulung(|en), weiterbildung, ausbildung, fortbildung",
            fr="formation(|s)",
            es="formación, capacitación",
            pt="treinamento(|s), formação, capacitação",
            it="formazione, addestramento",
            other="képzés(|ek), oktatás, instruire, formare, szkoleni(e|a), opleiding(|en), обучение, тренинг(|и),"
            " 培训",
        ),
        spelled(
            "benefits",
            en="benefit, employee benefits, fringe benefits, social security",
            de="sozialleistungen, sozialabgaben, lohnnebenkosten, zusatzleistungen",
            fr="avantages(| sociaux), charges sociales",
            es="beneficios, prestaciones(| sociales), seguridad social",
            pt="benefícios, encargos(| sociais)",
            it="contributi(| previdenziali)",
            other="juttatás(|ok), beneficii, świadczenia, arbeidsvoorwaarden, льготы, соцпакет, 福利, 社保",
        ),
        spelled(
            "commissions",
            en="commission, sales commission(|s)",
            de="provision(|en), verkaufsprovision(|en), vertriebsprovision(|en)",
            fr="commission sur ventes, commissions sur ventes",
            es="comisi(ón|ones)",
            pt="comiss(ão|ões)",
            it="provvigion(e|i), commission(e|i)",
            other="jutalék(|ok), comisi(on|oane|oan), prowizj(a|e), commissie(|s), provisie(|s), комиссия,"
            " комиссионные, 佣金, 提成",
        ),
        spelled(
            "tools_software",
            en="tools, software, tools (and|&) software, software (and|&) tools, software tools, saas, crm,"
            " software licen(s|c)es, licen(s|c)es, subscriptions",
            de="werkzeuge, softwarelizenzen, lizenzen, softwarekosten",
            fr="logiciel(|s), outils, outils et logiciels, licences logicielles",
            es="herramientas, licencias(| de software), programas informáticos",
            pt="ferramentas, licenças(| de software)",
            it="strumenti, licenze(| software)",
            other="szoftver(|ek), eszközök, unelte, oprogramowanie, narzędzia, gereedschap, программное обеспечение,"
            " софт, по, лицензии, инструменты, 软件, 工具",
        ),
        spelled(
            "marketing",
            en="marketing costs, marketing (expense|spend|budget|expenses)",
            de="marketingkosten, marketingausgaben",
            fr="mercatique, dépenses marketing, frais de marketing",
            es="mercadotecnia, mercadeo, gastos de marketing",
            pt="despesas de marketing, despesas com marketing",
            it="spese di marketing, spese marketing",
            other="маркетинг, 市场营销, 营销, 市场推广, 市场",
        ),
        spelled(
            "advertising",
            en="ad(|s), ad spend, advertis(ement|ements|ing costs|ing spend), paid ads, online ads, paid media, ppc,"
            " (google|facebook|meta|linkedin|instagram|tiktok|bing|microsoft|search|display|social) ads, adwords,"
            " google adwords",
            de="werbung, werbekosten, anzeigen, online-werbung, reklame",
            fr="publicité(|s), annonces",
            es="publicidad, anuncios",
            pt="anúncios, propaganda",
            it="pubblicità, inserzioni, annunci",
            other="reklám(|ok), hirdetés(|ek), publicitate, reklam(a|y), advertenties, реклама, 广告, 广告费",
        ),
        spelled(
            "sales_expense",
            en="sales expenses, selling expense(|s), sales costs, travel, travel expense(|s),"
            " travel (and|&) entertainment, t&e, entertainment",
            de="vertriebskosten, reisekosten, spesen, bewirtung, verkaufskosten",
            fr="frais de vente, frais commerciaux, frais de déplacement, déplacements",
            es="gastos de venta(|s), gastos comerciales, viajes, gastos de viaje",
            pt="despesas de venda(|s), despesas comerciais, viagens, despesas de viagem",
            it="spese di vendita, spese commerciali, trasferte, viaggi, spese di viaggio",
            other="értékesítési költség(|ek), utazás, útiköltség, cheltuieli de vânzare, deplasări, koszty sprzedaży,"
            " podróże, verkoopkosten, reiskosten, коммерческие расходы, командировки, 销售费用, 差旅费, 差旅",
        ),
        spelled(
            "hidden_other",
            en="hidden, hidden costs, other(|s), other costs, other expenses, misc, miscellaneous, overhead",
            de="sonstige(|s), andere(|s), sonstige kosten, gemeinkosten",
            fr="autre(|s), divers, autres frais, frais généraux",
            es="otr(o|a)(|s), otros gastos, gastos generales, varios",
            pt="outr(o|a)(|s), outras despesas, despesas gerais, diversos",
            it="altr(o|a|i), altre spese, spese generali, varie",
            other="egyéb, egyéb költség(|ek), alt(ul|a|ele), alte cheltuieli, inn(e|y|a), inne koszty, overig(|e),"
            " overige kosten, прочее, другое, прочие расходы, накладные расходы, 其他, 其它, 其他费用",
        ),
        spelled(
            "retention",
            en="customer retention, loyalty, loyalty program(|me)",
            de="kundenbindung, bestandskundenpflege, kundenpflege, treueprogramm",
            fr="fidélisation, rétention",
            es="retención(| de clientes), fidelización",
            pt="retenção(| de clientes), fidelização",
            it="fidelizzazione, ritenzione",
            other="ügyfélmegtartás, megtartás, fidelizare, retenție, utrzymanie klient(a|ów), klantenbinding,"
            " klantbehoud, удержание(| клиентов), лояльность, 客户维护, 客户留存, 留存",
        ),
    ),
    closed=False,
)
