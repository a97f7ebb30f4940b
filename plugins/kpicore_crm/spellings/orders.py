"""How files spell the status of an order.

A word that may mean two codes stands under none of them: it is asked about. "Failed", "Closed" and "Confirmed" say
different things in different shops.
"""

from __future__ import annotations

from kpicore import Codes
from kpicore_crm.spellings.written import spelled

ORDER_STATUS = Codes(
    (
        spelled(
            "completed",
            en="complete, (|fully )paid, paid in full, payment (accepted|received), (|fully )shipped, dispatched,"
            " (|fully )delivered, (|fully )fulfilled, (|fully )invoiced, billed, done, finished, finali(s|z)ed,"
            " success, successful, succeeded, settled, picked up, collected, wc-completed",
            de="abgeschlossen, (|vollständig )bezahlt, versendet, versandt, verschickt, (|aus|vollständig )geliefert,"
            " zugestellt, erledigt, erfüllt, komplett, fakturiert, in rechnung gestellt",
            fr="terminé(|e), payé(|e), réglé(|e), expédié(|e), livré(|e), achevé(|e), finalisé(|e), facturé(|e),"
            " complété(|e), complète",
            es="completad(o|a), pagad(o|a), enviad(o|a), entregad(o|a), finalizad(o|a), terminad(o|a), facturad(o|a)",
            pt="concluíd(o|a), complet(o|a), pag(o|a), enviad(o|a), entregue, finalizad(o|a), faturad(o|a)",
            it="completat(o|a), pagat(o|a), saldat(o|a), spedit(o|a), consegnat(o|a), evas(o|a), conclus(o|a),"
            " fatturat(o|a)",
            hu="teljesítve, teljesített, kifizetve, fizetve, fizetett, kiszállítva, szállítva, átadva, befejezett,"
            " befejezve, kész, számlázva",
            ro="finalizat(|ă), plătit(|ă), livrat(|ă), expediat(|ă), facturat(|ă)",
            pl="zrealizowan(o|e|y|a), op(ł|l)acon(o|e|y|a), zap(ł|l)acon(o|e|y|a), wys(ł|l)an(o|e|y|a),"
            " dostarczon(o|e|y|a), zakończon(o|e|y|a), ukończon(o|e|y|a)",
            nl="voltooid, betaald, voldaan, verzonden, (|af)geleverd, afgerond, gefactureerd",
            ru="выполнен(|о|а), завершен(|о|а), оплачен(|о|а), доставлен(|о|а), исполнен(|о|а), отгружен(|о|а)",
            zh="已完成, 完成, 已付款, 已支付, 已发货, 已送达, 已签收, 已收货, 已交付, 交易成功, 交易完成",
            other="tamamland(ı|i), ödendi, teslim edildi, slutförd, betald, levererad, gennemført, betalt, leveret",
        ),
        spelled(
            "open",
            en="pending, (pending|awaiting|waiting for) payment, payment (pending|review), unpaid, not paid,"
            " part(ially|ly) paid, on hold, hold, holded, draft, processing, in process, in progress,"
            " being processed, preparing, in preparation, new, placed, ordered, created, submitted, scheduled,"
            " not shipped, unshipped, unfulfilled, not fulfilled, part(ially|ly) (shipped|fulfilled|delivered),"
            " awaiting (fulfil(|l)ment|shipment|shipping|pickup|approval), pending (approval|review|fulfil(|l)ment),"
            " ready (to ship|for pickup), back order(|ed), on backorder, pre-order(|ed), authori(s|z)ed,"
            " (|wc-)checkout-draft, wc-(pending|processing|on-hold),"
            " quot(e|ation), quotation sent, outstanding, requires (action|capture|confirmation|payment method)",
            de="offen, ausstehend, wartend, in bearbeitung, in wartestellung, wartet auf zahlung,"
            " zahlung (ausstehend|offen), unbezahlt, nicht bezahlt, entwurf, neu, angelegt, erstellt,"
            " teilweise (bezahlt|geliefert|versendet|versandt), zurückgestellt, in vorbereitung, vorbestellt,"
            " (|noch )nicht versendet",
            fr="ouvert(|e), en attente(| de paiement), en cours(| de traitement| de préparation), en traitement,"
            " brouillon, nouveau, nouvelle, en préparation, non payé(|e), impayé(|e), en suspens, à expédier,"
            " partiellement (payé|livré|expédié)(|e)",
            es="abiert(o|a), pendiente(| de pago| de envío), pago pendiente, en espera, en proceso, procesando,"
            " en curso, borrador, nuev(o|a), en preparación, sin pagar, no pagad(o|a), parcialmente pagad(o|a)",
            pt="(|em )abert(o|a), pendente, pagamento pendente, aguardando(| pagamento| envio), em espera,"
            " processando, em processamento, em andamento, rascunho, nov(o|a), em preparação, em separação,"
            " não pag(o|a), parcialmente pag(o|a)",
            it="apert(o|a), in attesa(| di pagamento| di spedizione), in sospeso, in lavorazione, in corso,"
            " in elaborazione, bozza, nuov(o|a), in preparazione, non pagat(o|a), parzialmente pagat(o|a)",
            hu="nyitott, függőben(| lévő), fizetésre vár, feldolgozás alatt, folyamatban, piszkozat, tervezet, új,"
            " várakozik",
            ro="deschis(|ă), în așteptare, în curs, în procesare, în lucru, ciornă, nou(|ă), neplătit(|ă)",
            pl="otwart(e|y|a), oczekujące, oczekuj(e|ące) na p(ł|l)atność, oczekuje, w trakcie realizacji,"
            " w realizacji, w toku, przetwarzane, wstrzymane, szkic, wersja robocza, now(e|y|a),"
            " nieop(ł|l)acon(e|y|a)",
            nl="in behandeling, in afwachting, wacht op betaling, in de wacht, wachtend, in verwerking, concept,"
            " nieuw, onbetaald",
            ru="открыт(|о|а), новый, новая, в обработке, обрабатывается, ожидает(| оплаты), ожидание оплаты,"
            " в ожидании, в работе, не оплачен(|о|а), черновик",
            zh="待付款, 待支付, 未付款, 待发货, 未发货, 处理中, 进行中, 待处理, 待确认, 待审核, 新建, 草稿",
            other="beklemede, haz(ı|i)rlan(ı|i)yor, öppen, åben",
        ),
        spelled(
            "cancelled",
            en="canceled, cancel(|l)ation, cancel(|l)ed by (customer|seller|buyer|merchant|user), void, voided,"
            " annulled, expired, abandoned, wc-cancelled",
            de="storniert, storno, stornierung, abgebrochen, annulliert, abgelaufen, verfallen",
            fr="annulé(|e), annulation, abandonné(|e), expiré(|e)",
            es="cancelad(o|a), anulad(o|a), expirad(o|a), caducad(o|a)",
            pt="cancelamento",
            it="annullat(o|a), cancellat(o|a), stornat(o|a)",
            hu="törölve, törölt, lemondva, lemondott, s(|z)tornó, s(|z)tornózva, s(|z)tornózott, érvénytelenítve,"
            " visszavonva",
            ro="anulat(|ă)",
            pl="anulowan(o|e|y|a)",
            nl="geannuleerd, vervallen",
            ru="отменен(|о|а), отмена, аннулирован(|о|а)",
            zh="已取消, 取消, 已作废, 作废",
            other="iptal(| edildi), avbruten, annullerad, annulleret",
        ),
        spelled(
            "refunded",
            en="refund, fully refunded, returned, return, charged back, chargeback, credited, money back, wc-refunded",
            de="(|rück|zurück)erstattet, erstattung, retourniert, retoure, zurückgegeben, zurückgesendet,"
            " zurückgesandt, gutgeschrieben",
            fr="remboursé(|e), remboursement, retourné(|e), renvoyé(|e)",
            es="reembolsad(o|a), reembolso, devuelt(o|a), reintegrad(o|a)",
            pt="devolvid(o|a), estornad(o|a), estorno",
            it="rimborsat(o|a), rimborso, reso, resa, restituit(o|a)",
            hu="visszatérítve, visszatérített, visszafizetve, visszaküldve, visszáru",
            ro="rambursat(|ă), returnat(|ă)",
            pl="zwrócon(o|e|y|a), zwrot",
            nl="terugbetaald, geretourneerd, retour",
            ru="возвращен(|о|а), возврат",
            zh="已退款, 退款, 退款成功, 已退货, 退货",
            other="iade(| edildi), återbetald, refunderet",
        ),
        spelled(
            "partly_refunded",
            en="part(|ially|ly) refunded, part(|ial|ially) refund, part(ially|ly) returned, partial return",
            de="teilweise (|rück|zurück)erstattet, teilerstattet, teilerstattung, teilweise retourniert, teilretoure",
            fr="partiellement remboursé(|e), remboursé(|e) partiellement, remboursement partiel,"
            " partiellement retourné(|e)",
            es="parcialmente reembolsad(o|a), reembolsad(o|a) parcialmente, reembolso parcial,"
            " parcialmente devuelt(o|a)",
            pt="parcialmente devolvid(o|a), parcialmente estornad(o|a), estorno parcial",
            it="parzialmente rimborsat(o|a), rimborsat(o|a) parzialmente, rimborso parziale, parzialmente res(o|a)",
            hu="rész(ben|legesen) visszatérítve",
            ro="parțial rambursat(|ă), rambursat(|ă) parțial",
            pl="częściowo zwrócon(o|e|y|a), częściowy zwrot",
            nl="gedeeltelijk terugbetaald, deels terugbetaald",
            ru="частично возвращен(|о|а), частичный возврат",
            zh="部分退款, 部分退货",
        ),
    )
)
