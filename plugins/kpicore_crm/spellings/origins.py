"""How files spell where business comes from. Only words of one thing are joined: all else stays as given.

A trade fair is no event here, and a search ad no advertisement: what says more than a code is left as it is.
"""

from __future__ import annotations

from kpicore import Code, Codes
from kpicore_crm.spellings.written import spelled

_PHONE = spelled(
    "phone",
    en="(|tele)phone call(|s), telephone, by phone, calls",
    de="telefon, telefonisch, anruf",
    fr="téléphone, appel téléphonique, par téléphone",
    es="teléfono, llamada telefónica, telefónico",
    pt="telefone, ligação",
    it="telefono, telefonata",
    other="telefonon, telefonicznie, telefoon, телефон, звонок, по телефону, 电话",
)
_EMAIL = spelled(
    "email",
    en="e-mails, mail, by email",
    fr="courriel",
    es="correo(| electrónico)",
    pt="correio eletr(ô|ó)nico",
    it="posta elettronica",
    other="электронная почта, эл. почта, почта, 邮件, 电子邮件",
)
_LIVE_CHAT = spelled(
    "live_chat",
    en="chat, web chat, website chat, online chat",
    other="чат, 在线聊天, 聊天",
)
_NETWORKS = (
    spelled(
        "instagram",
        en="insta, ig",
        ru="инстаграм",
    ),
    spelled(
        "facebook",
        en="fb",
        ru="фейсбук",
    ),
    spelled(
        "linkedin",
        en="linked in",
        zh="领英",
    ),
    spelled(
        "tiktok",
        en="tik tok",
        zh="抖音",
    ),
    spelled(
        "youtube",
        en="you tube",
    ),
    spelled(
        "twitter",
        en="x, x (twitter), twitter x, x.com",
    ),
)
"""Each is a channel, too."""

CHANNEL = Codes(
    (
        _PHONE,
        _EMAIL,
        spelled(
            "web",
            en="website, web site, web page, homepage",
            de="webseite, internetseite",
            fr="site web, site internet",
            es="sitio web, página web",
            pt="site, página web",
            it="sito, sito web",
            other="weboldal, honlap, strona internetowa, strona www, сайт, веб-сайт, 网站, 官网",
        ),
        _LIVE_CHAT,
        spelled(
            "sms",
            en="text message(|s)",
            ru="смс",
            zh="短信",
        ),
        spelled(
            "whatsapp",
            en="whats app, wa",
            ru="ватсап, вотсап",
        ),
        spelled(
            "telegram",
            ru="телеграм",
        ),
        spelled(
            "wechat",
            en="we chat, weixin",
            zh="微信",
        ),
        *_NETWORKS,
        spelled(
            "store",
            en="shop, in-store, retail store, brick and mortar",
            de="laden, ladengeschäft, filiale",
            fr="magasin, boutique",
            es="tienda, tienda física",
            pt="loja, loja física",
            it="negozio",
            other="üzlet, bolt, magazin, sklep, winkel, магазин, 门店, 实体店",
        ),
    ),
    closed=False,
)

SOURCE = Codes(
    (
        spelled(
            "website",
            en="web, web site, homepage, company website, our website",
            de="webseite, internetseite, homepage",
            fr="site web, site internet",
            es="sitio web, página web, web",
            pt="site",
            it="sito, sito web",
            other="weboldal, honlap, strona internetowa, strona www, сайт, веб-сайт, 网站, 官网",
        ),
        spelled(
            "social_media",
            en="social, social networks, social network, organic social",
            de="soziale medien",
            fr="réseaux sociaux",
            es="redes sociales",
            pt="mídias sociais",
            it="social network",
            other="közösségi média, rețele sociale, media spo(ł|l)ecznościowe, sociale media, соцсети,"
            " социальные сети, 社交媒体",
        ),
        _EMAIL,
        spelled(
            "referral",
            en="referrals, referred, recommendation",
            de="empfehlung(|en)",
            fr="recommandation, parrainage",
            es="recomendación, referid(o|a)(|s), referencia",
            pt="indicação, indicações",
            it="passaparola, segnalazione",
            other="ajánlás, recomandare, polecenie, aanbeveling, рекомендация, по рекомендации, 推荐, 转介绍",
        ),
        spelled(
            "trade_fair",
            en="trade show(|s), trade fairs, tradeshow, exhibition, expo, fair",
            de="messe(|n)",
            fr="salon, salon professionnel, foire",
            es="feria(|s), feria comercial",
            pt="feira(|s)",
            it="fier(a|e)",
            other="kiállítás, vásár, târg, targi, beurs, выставка, 展会",
        ),
        spelled(
            "event",
            en="events",
            de="veranstaltung(|en)",
            fr="événement(|s)",
            es="evento(|s)",
            it="eventi",
            other="rendezvény, eveniment, wydarzenie, evenement, мероприятие",
        ),
        spelled(
            "webinar",
            en="webinars",
            fr="webinaire(|s)",
            other="вебинар",
        ),
        spelled(
            "cold_call",
            en="cold calls, cold calling",
            de="kaltakquise, kaltanruf",
            fr="appel à froid, prospection téléphonique",
            es="llamada en frío",
            pt="ligação fria",
            it="chiamata a freddo",
            other="hideghívás, apel la rece, холодный звонок, 陌生电话",
        ),
        spelled(
            "partner",
            en="partners",
            fr="partenaire",
            es="socio",
            pt="parceiro",
            other="партнер, 合作伙伴",
        ),
        spelled(
            "advertising",
            en="ads, advert(|s), advertisement(|s)",
            de="werbung, anzeige(|n)",
            fr="publicité",
            es="publicidad, anuncio(|s)",
            pt="anúncio(|s)",
            it="pubblicità",
            other="reklám, hirdetés, publicitate, reklama, advertentie, реклама, 广告",
        ),
        spelled(
            "organic_search",
            en="search, search engine(|s), seo",
            de="suchmaschine, organische suche",
            fr="recherche organique, moteur de recherche",
            es="búsqueda orgánica",
            pt="busca orgânica, pesquisa orgânica",
            it="ricerca organica",
            ru="органический поиск",
            zh="自然搜索",
        ),
        spelled(
            "paid_search",
            en="search ads, sea, ppc",
            de="bezahlte suche",
            fr="recherche payante, référencement payant",
            es="búsqueda (pagada|de pago)",
            pt="busca paga, pesquisa paga",
            it="ricerca a pagamento",
        ),
        spelled(
            "direct",
            en="direct traffic",
            de="direkt, direkter traffic",
            fr="trafic direct",
            es="directo, tráfico directo",
            pt="direto, tráfego direto",
            it="diretto, traffico diretto",
            ru="прямой",
        ),
        spelled(
            "word_of_mouth",
            en="mouth to mouth",
            de="mundpropaganda",
            fr="bouche à oreille",
            es="boca a boca",
            pt="boca a boca",
            other="szájhagyomány, сарафанное радио, 口碑",
        ),
        spelled(
            "existing_customer",
            en="existing customers, existing client(|s)",
            de="bestandskunde(|n)",
            fr="client existant",
            es="cliente existente",
            pt="cliente atual",
            it="cliente esistente",
            other="meglévő ügyfél, client existent, obecny klient, bestaande klant, существующий клиент, 老客户",
        ),
    ),
    closed=False,
)

ORIGIN = Codes(
    (
        spelled(
            "inbound",
            en="in-bound, incoming",
            de="eingehend",
            fr="entrant",
            es="entrante",
            pt="entrada",
            it="in entrata",
            ru="входящий",
            zh="主动咨询",
        ),
        spelled(
            "prospecting",
            en="outbound, out-bound, prospection, outgoing",
            de="ausgehend, akquise, kaltakquise",
            fr="prospection, sortant",
            es="prospección, saliente",
            pt="prospecção",
            it="in uscita",
            ru="исходящий",
        ),
        spelled(
            "nurturing",
            en="nurture, nurtured, lead nurturing",
        ),
    ),
    closed=False,
)

PLATFORM = Codes(_NETWORKS, closed=False)

INQUIRY_CHANNEL = Codes((Code("phone", _PHONE.written), Code("email", _EMAIL.written), _LIVE_CHAT), closed=False)
