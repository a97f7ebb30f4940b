"""How files spell whether an activity took place."""

from __future__ import annotations

from kpicore import Codes
from kpicore_crm.spellings.written import spelled

ACTIVITY_STATUS = Codes(
    (
        spelled(
            "scheduled",
            en="planned, open, not started, not done, pending, upcoming, to do, due, overdue, booked, in progress,"
            " waiting, waiting (on|for) someone else, waiting for input, new, confirmed, tentative, requested, draft",
            de="geplant, offen, ausstehend, nicht (begonnen|gestartet), in bearbeitung, anstehend, bevorstehend,"
            " terminiert, vereinbart, fällig, überfällig, zu erledigen",
            fr="planifié(|e), prévu(|e), programmé(|e), ouvert(|e), en attente, à faire, non commencé(|e), en cours",
            es="programad(o|a), planificad(o|a), agendad(o|a), abiert(o|a), pendiente, no iniciad(o|a), sin iniciar,"
            " en curso, por hacer, previst(o|a)",
            pt="planejad(o|a), planead(o|a), marcad(o|a), abert(o|a), em aberto, pendente, não iniciad(o|a),"
            " em andamento, a fazer",
            it="pianificat(o|a), programmat(o|a), previst(o|a), apert(o|a), in attesa, non iniziat(o|a), da fare,"
            " in corso",
            hu="tervezett, tervezve, ütemezett, ütemezve, nyitott, nem kezdődött el, függőben, esedékes, folyamatban",
            ro="programat(|ă), planificat(|ă), deschis(|ă), în așteptare, neînceput(|ă), de făcut, în curs",
            pl="zaplanowan(e|y|a), otwart(e|y|a), oczekujące, nierozpoczęt(e|y|a), do zrobienia, w toku",
            nl="gepland, ingepland, niet gestart, te doen, in afwachting, openstaand",
            ru="запланирован(|о|а), открыт(|о|а), не начат(|о|а), назначен(|о|а), в ожидании, предстоит, в работе",
            zh="已安排, 计划中, 已计划, 待办, 未开始, 待进行, 进行中, 未完成",
        ),
        spelled(
            "held",
            en="complete, completed, done, finished, attended, made, sent, received, took place, conducted, occurred,"
            " happened, executed, logged",
            de="durchgeführt, erledigt, abgeschlossen, stattgefunden, gehalten, beendet, fertig",
            fr="terminé(|e), effectué(|e), réalisé(|e), fait(|e), tenue, achevé(|e), a eu lieu",
            es="completad(o|a), realizad(o|a), hech(o|a), finalizad(o|a), terminad(o|a), celebrad(o|a), efectuad(o|a)",
            pt="concluíd(o|a), feit(o|a), complet(o|a)",
            it="completat(o|a), svolt(o|a), fatt(o|a), eseguit(o|a), conclus(o|a), effettuat(o|a), tenut(o|a)",
            hu="megtartva, megtartott, kész, elvégezve, befejezve, befejezett, teljesítve, megtörtént",
            ro="finalizat(|ă), efectuat(|ă), realizat(|ă), încheiat(|ă), ținut(|ă)",
            pl="zakończon(e|y|a), wykonan(e|y|a), odbyt(e|y|a), odby(ł|l)o się, zrealizowan(e|y|a), zrobion(e|y|a),"
            " ukończon(e|y|a)",
            nl="voltooid, afgerond, gedaan, gehouden, uitgevoerd",
            ru="выполнен(|о|а), завершен(|о|а), состоялся, состоялась, состоялось, проведен(|о|а)",
            zh="已完成, 完成, 已举行, 已进行",
        ),
        spelled(
            "cancelled",
            en="canceled, cancel(|l)ation, called off",
            de="abgesagt, storniert, gestrichen",
            fr="annulé(|e)",
            es="cancelad(o|a), anulad(o|a)",
            pt="desmarcad(o|a)",
            it="annullat(o|a), cancellat(o|a), disdett(o|a)",
            hu="lemondva, lemondott, törölve, törölt, elmaradt",
            ro="anulat(|ă)",
            pl="odwo(ł|l)an(e|y|a), anulowan(e|y|a)",
            nl="geannuleerd, afgezegd",
            ru="отменен(|о|а), отмена",
            zh="已取消, 取消",
        ),
        spelled(
            "no_show",
            en="did not (attend|show|show up|appear), didn't (attend|show|show up), not attended, absent",
            de="nicht erschienen, nicht teilgenommen, nichterscheinen, ausgeblieben",
            fr="absent(|e), non présenté(|e), ne s'est pas présenté(|e), non venu(|e)",
            es="no asistió, no se presentó, no presentad(o|a), ausente",
            pt="não compareceu, não comparecimento, faltou",
            it="non presentat(o|a), non si è presentat(o|a), assente",
            hu="nem jelent meg, nem jött el",
            ro="neprezentat(|ă), nu s-a prezentat",
            pl="nie pojawi(ł|l) się, nie przyszed(ł|l), nieobecn(y|a|ość)",
            nl="niet verschenen, niet komen opdagen, afwezig",
            ru="не явился, не явилась, неявка, не пришел, не пришла",
            zh="未出席, 缺席, 爽约, 未到",
        ),
        spelled(
            "rescheduled",
            en="re-scheduled, moved, postponed, deferred",
            de="verschoben, verlegt, vertagt, neu terminiert",
            fr="reporté(|e), reprogrammé(|e), replanifié(|e), déplacé(|e), différé(|e)",
            es="reprogramad(o|a), aplazad(o|a), pospuest(o|a)",
            pt="remarcad(o|a), reagendad(o|a), adiad(o|a)",
            it="riprogrammat(o|a), rinviat(o|a), spostat(o|a), rimandat(o|a)",
            hu="átütemezve, átütemezett, elhalasztva, elhalasztott",
            ro="reprogramat(|ă), amânat(|ă)",
            pl="prze(ł|l)ożon(e|y|a), przesunięt(e|y|a), od(ł|l)ożon(e|y|a)",
            nl="verplaatst, verzet, uitgesteld",
            ru="перенесен(|о|а), отложен(|о|а)",
            zh="已改期, 改期, 已延期, 延期, 推迟",
        ),
    )
)
