"""How files spell what customers, visitors and reactions are like. Only words of one thing are joined."""

from __future__ import annotations

from kpicore import Codes
from kpicore_crm.spellings.written import spelled

BUSINESS_TYPE = Codes(
    (
        spelled(
            "b2b",
            en="business, company, corporate, organi(s|z)ation, business to business, business customer",
            de="geschäftskunde(|n), firma, firmenkunde(|n), unternehmen, gewerblich",
            fr="entreprise, professionnel(|le), société",
            es="empresa, empresas",
            pt="pessoa jurídica, pj",
            it="azienda, aziende",
            other="cég, vállalat, firmă, persoană juridică, firma, bedrijf, zakelijk, компания, юрлицо,"
            " юридическое лицо, 企业",
        ),
        spelled(
            "b2c",
            en="person, consumer, private, private customer, individual, business to consumer, end customer",
            de="privatkunde(|n), privat, privatperson, verbraucher, endkunde",
            fr="particulier(|s), consommateur",
            es="particular(|es), consumidor, persona",
            pt="pessoa física, pf",
            it="privat(o|i), consumatore",
            other="magánszemély, lakossági, persoană fizică, osoba prywatna, particulier, consument, физлицо,"
            " физическое лицо, частное лицо, 个人",
        ),
    ),
    closed=False,
)

SEGMENT = Codes(
    (
        spelled(
            "small",
            en="small business",
            de="klein(|e|es|er)",
            fr="petit(|e)",
            es="pequeñ(o|a)",
            pt="pequen(o|a)",
            it="piccol(o|a)",
            other="kicsi, kis, mic(|ă), ma(ł|l)(y|a|e), malý, маленький, малый, 小, 小型",
        ),
        spelled(
            "medium",
            en="mid, mid-market, mid-size(|d), medium-size(|d), midsize",
            de="mittel(|groß), mittelgroße",
            fr="moyen(|ne)",
            es="median(o|a)",
            pt="médi(o|a)",
            it="medi(o|a)",
            other="közepes, mediu, medie, średni(|a|e), middelgroot, средний, 中, 中型",
        ),
        spelled(
            "large",
            en="big",
            de="groß(|e|es|er)",
            fr="grand(|e)",
            es="gran",
            pt="grande",
            other="nagy, mare, duż(y|a|e), groot, большой, крупный, 大, 大型",
        ),
    ),
    closed=False,
)

DEVICE = Codes(
    (
        spelled(
            "desktop",
            en="computer, pc, laptop, desktop computer",
            fr="ordinateur",
            es="ordenador, computadora, escritorio",
            pt="computador",
            other="számítógép, komputer, компьютер, 电脑, 桌面",
        ),
        spelled(
            "phone",
            en="mobile, mobile phone, smartphone, cell phone",
            de="handy, mobil, mobiltelefon",
            fr="mobile, téléphone",
            es="móvil, celular, teléfono",
            pt="celular, telemóvel",
            it="cellulare, telefono",
            other="mobiltelefon, telefon, telefoon, мобильный, телефон, смартфон, 手机",
        ),
        spelled(
            "tablet",
            en="tablets, ipad",
            fr="tablette",
            es="tableta",
            other="планшет, 平板",
        ),
    ),
    closed=False,
)

SOCIAL_KIND = Codes(
    (
        spelled(
            "like",
            en="likes, reaction(|s)",
            de="gefällt mir",
            fr="j'aime",
            es="me gusta",
            pt="curtida(|s)",
            it="mi piace",
            ru="лайк",
            zh="点赞",
        ),
        spelled(
            "comment",
            en="comments",
            de="kommentar(|e)",
            fr="commentaire(|s)",
            es="comentario(|s)",
            pt="comentário(|s)",
            it="comment(o|i)",
            ru="комментарий",
            zh="评论",
        ),
        spelled(
            "share",
            en="shares, shared, repost(|s)",
            de="geteilt",
            fr="partage(|s)",
            es="compartido",
            pt="compartilhamento(|s)",
            it="condivision(e|i)",
            ru="репост",
            zh="分享, 转发",
        ),
        spelled(
            "dm",
            en="dms, direct message(|s), message(|s)",
            de="direktnachricht",
            ru="личное сообщение",
            zh="私信",
        ),
    ),
    closed=False,
)
