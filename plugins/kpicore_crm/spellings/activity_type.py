"""How files spell the kind of an activity, and of the time it took.

Types that no built-in definition counts are codes too: a task or a note is known, and is no call.
"""

from __future__ import annotations

from kpicore import Codes
from kpicore_crm.spellings.written import OTHER, spelled

ACTIVITY_TYPE = Codes(
    (
        spelled(
            "call",
            en="calls, (|tele)phone, phone call(|s), telephone call,"
            " (outbound|inbound|outgoing|incoming|cold|logged) call, call logged, voice call",
            de="(|telefon)anruf(|e), telefonat(|e), telefon, (ausgehender|eingehender) anruf, kaltanruf",
            fr="appel(|s), appel téléphonique, appel (entrant|sortant), téléphone, coup de fil",
            es="llamada(|s), llamada telefónica, llamada (entrante|saliente), teléfono",
            pt="ligação, ligações, chamada(|s), chamada telefônica, telefonema, telefone",
            it="chiamata, chiamate, telefonata, telefonate, telefono",
            hu="hívás(|ok), (|telefon)hívás, telefonálás, telefonbeszélgetés",
            ro="apel(|uri), apel telefonic",
            pl="po(ł|l)ączenie, rozmowa telefoniczna",
            nl="telefoongesprek, telefoontje, bellen",
            ru="звонок, звонки, телефонный звонок, (исходящий|входящий) звонок",
            zh="电话, 通话, 打电话, 致电, 电话沟通, 呼叫",
        ),
        spelled(
            "email",
            en="e-mails, mail, mails, email sent, sent email, list email, (outgoing|incoming|outbound|inbound) email,"
            " email message",
            de="e-mail gesendet, mail gesendet",
            fr="courriel(|s), courrier électronique, mél",
            es="correo(|s), correo electrónico",
            pt="correio eletr(ô|ó)nico, mensagem de e-mail",
            it="posta elettronica",
            other="wiadomość e-mail, poczta elektroniczna, электронное письмо, электронная почта, эл. почта, имейл,"
            " 邮件, 电子邮件, 发邮件, 电邮",
        ),
        spelled(
            "meeting",
            en="meetings, appointment(|s), recurring appointment,"
            " (video|online|zoom|teams|client|customer|sales) meeting, in-person meeting, face-to-face meeting,"
            " video conference",
            de="termin(|e), treffen, besprechung(|en), sitzung, kundentermin, videokonferenz",
            fr="réunion(|s), rendez-vous, rdv, visioconférence",
            es="reuni(ón|ones), cita(|s), videoconferencia",
            pt="reunião, reuniões, videoconferência",
            it="riunion(e|i), appuntament(o|i), incontr(o|i), videoconferenza",
            hu="találkozó(|k), megbeszélés(|ek), értekezlet",
            ro="întâlnire, întâlniri, ședință",
            pl="spotkani(e|a)",
            nl="afspraak, afspraken, vergadering, bespreking",
            ru="встреч(а|и), совещание, переговоры",
            zh="会议, 会面, 见面, 开会",
        ),
        spelled(
            "follow_up",
            en="follow-ups, following up",
            de="nachfassen, nachfassaktion, nachverfolgung, wiedervorlage",
            fr="relance(|s), suivi",
            es="seguimiento",
            pt="acompanhamento, seguimento",
            it="ricontatto",
            hu="utánkövetés, nyomonkövetés",
            other="urmărire, opvolging, повторный контакт, последующий контакт, фоллоу-ап, 跟进, 跟进记录",
        ),
        spelled(
            "demo",
            en="demos, demonstration(|s), (product|live|online) (demo|demonstration), demo meeting",
            de="(|produkt)vorführung(|en), produktdemo, produktdemonstration",
            fr="démonstration(|s), démo produit",
            es="demostraci(ón|ones)",
            pt="demonstração, demonstrações",
            it="dimostrazion(e|i)",
            hu="bemutató, termékbemutató",
            ro="demonstrație, prezentare produs",
            pl="demonstracja, prezentacja produktu",
            nl="demonstratie",
            ru="демонстрация, демо, показ",
            zh="演示, 产品演示",
        ),
        spelled(
            "proposal",
            en="proposals, proposal sent, send proposal, quote(|s), quotation(|s), quote sent, offer(|s), offer sent,"
            " estimate",
            de="angebot(|e), angebot (gesendet|verschickt|versendet)",
            fr="proposition(|s), proposition commerciale, devis, offre(|s), offre commerciale",
            es="propuesta(|s), oferta(|s), presupuesto(|s), cotización",
            pt="proposta(|s), proposta enviada, orçamento(|s), cotação",
            it="proposte, offert(a|e), preventiv(o|i)",
            hu="ajánlat(|ok), árajánlat(|ok), ajánlatadás",
            ro="ofertă, propunere",
            pl="oferta, propozycja",
            nl="offerte(|s), voorstel",
            ru="предложение, коммерческое предложение, кп",
            zh="报价, 报价单, 方案, 提案",
        ),
        spelled(
            "event",
            en="events, trade (show|fair), fair, exhibition, conference, webinar, seminar, workshop, congress",
            de="veranstaltung(|en), messe(|n), konferenz, kongress, ausstellung",
            fr="évènement(|s), salon, foire, conférence, webinaire, séminaire",
            es="evento(|s), feria, conferencia, seminario, congreso",
            pt="feira, conferência, seminário, congresso",
            it="eventi, fiera, conferenza, convegno",
            hu="esemény, rendezvény, kiállítás, vásár, konferencia",
            ro="eveniment, târg, conferință",
            pl="wydarzenie, targi, konferencja",
            nl="evenement, beurs, conferentie",
            ru="мероприятие, выставка, конференция, событие",
            zh="展会, 会展, 研讨会",
        ),
        spelled(
            "social",
            en="social media, social selling, social (post|touch|message), social media post, linkedin(| message),"
            " linkedin connection",
            de="soziale medien, soziale netzwerke",
            fr="réseaux sociaux",
            es="redes sociales",
            pt="mídias sociais",
            it="reti sociali, social network",
            other="közösségi média, rețele sociale, media spo(ł|l)ecznościowe, sociale media, соцсети,"
            " социальные сети, 社交媒体, 社交",
        ),
        spelled(
            "visit",
            en="visits, (site|customer|client|field|store|in-person|on-site|sales) visit, on-site",
            de="besuch(|e), kundenbesuch(|e), vor-ort-(besuch|termin), außendienstbesuch",
            fr="visite(|s), visite (client|sur site|sur place|commerciale)",
            es="visita(|s), visita (a|al) cliente, visita comercial",
            pt="visita (ao|a) cliente, visita técnica",
            it="visit(a|e) cliente, sopralluogo",
            hu="látogatás(|ok), (|ügyfél)látogatás, helyszíni látogatás",
            ro="vizită, vizită client, vizite",
            pl="wizyt(a|y), wizyta u klienta",
            nl="bezoek(|en), klantbezoek",
            ru="визит(|ы), посещение, выезд, выезд к клиенту",
            zh="拜访, 上门拜访, 客户拜访, 实地拜访, 上门",
        ),
        spelled(
            "presentation",
            en="presentations, sales presentation, pitch",
            de="präsentation(|en)",
            other="présentation, presentación, apresentação, presentazione, prezentáció, prezentare, prezentacja,"
            " presentatie, презентация",
        ),
        spelled(
            "task",
            en="tasks, to-do(|s), deadline, reminder",
            de="aufgabe(|n), erinnerung, frist",
            fr="tâche(|s), rappel, échéance",
            es="tarea(|s), recordatorio",
            pt="tarefa(|s), lembrete, prazo",
            it="compit(o|i), promemoria",
            other="feladat(|ok), teendő, emlékeztető, határidő, sarcină, memento, zadani(e|a), przypomnienie, taak,"
            " taken, herinnering, задача, задачи, напоминание, 任务, 待办, 待办事项, 提醒",
        ),
        spelled(
            "note",
            en="notes, comment(|s), memo, logged note",
            de="notiz(|en), kommentar, bemerkung",
            fr="commentaire, remarque",
            es="nota(|s), comentario",
            pt="anotação, comentário, observação",
            it="commento, appunt(o|i)",
            other="jegyzet, megjegyzés, notă, notiță, comentariu, notatka, komentarz, notitie, opmerking, заметка,"
            " примечание, комментарий, 备注, 笔记, 记录",
        ),
        spelled(
            "message",
            en="messages, sms, text(| message), whatsapp(| message), chat, live chat, telegram, messenger, wechat,"
            " viber, direct message, dm",
            de="nachricht(|en), textnachricht, kurznachricht",
            other="texto, mensaje(|s), mensage(m|ns), messaggi(o|), üzenet, mesaj(|e), wiadomość, bericht(|en),"
            " сообщение, смс, чат, мессенджер, вотсап, ватсап, 短信, 消息, 微信",
        ),
        spelled(
            "letter",
            en="letters, postal mail, fax",
            de="brief(|e)",
            other="lettre, courrier(| postal), carta, correo postal, lettera, raccomandata, levél, postai levél,"
            " scrisoare, list, brieven, 信件, 传真",
        ),
        OTHER,
    )
)

TIME_CATEGORY = Codes(
    (
        spelled(
            "prospecting",
            en="prospection, lead generation",
            de="akquise, neukundenakquise",
            fr="prospection",
            es="prospección",
            pt="prospecção",
            it="ricerca clienti",
            other="поиск клиентов, 开发客户",
        ),
        spelled(
            "customer_meeting",
            en="customer meetings, client meeting(|s), meeting with customer",
            de="kundentermin(|e), kundengespräch(|e)",
            fr="rendez-vous client",
            es="reunión con cliente(|s)",
            pt="reunião com cliente(|s)",
            it="incontr(o|i) (con il|col) cliente",
            other="встреча с клиентом, 客户会议",
        ),
        spelled(
            "admin",
            en="administration, administrative, paperwork, admin work",
            de="verwaltung",
            fr="administratif",
            es="administración, administrativo",
            pt="administração",
            it="amministrazione",
            other="adminisztráció, administracja, administratie, администрирование, 行政",
        ),
        OTHER,
    ),
    closed=False,
)
