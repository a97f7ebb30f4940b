"""The KPIs in Romanian: id, what it is in one line, what people call it."""

WORDS = """
new_leads | Numărul de lead-uri sosite în perioadă. | lead-uri noi; prospecți noi
mql_count | Numărul de lead-uri calificate de marketing. | lead-uri calificate de marketing
sql_count | Numărul de lead-uri calificate de vânzări. | lead-uri calificate de vânzări
mql_to_sql_rate | Ponderea lead-urilor de marketing acceptate de vânzări. | conversia MQL în SQL
lead_to_opportunity | Oportunități create în perioadă per lead. | raportul lead–oportunitate
lead_conversion | Ponderea lead-urilor care au devenit clienți plătitori. | rata de conversie; conversia lead-urilor
conversion_by_channel | Conversia lead-urilor unui canal. | conversia pe canal
conversion_by_source | Conversia lead-urilor unei surse. | conversia pe sursă
time_to_convert | Zile, în medie, de la lead la prima cumpărare. | timpul mediu de conversie
lead_response_time | Minute de la sosirea lead-ului la primul răspuns. | timpul de răspuns la lead-uri
calls | Numărul de apeluri din perioadă. | apeluri
emails_sent | Numărul de e-mailuri trimise în perioadă. | e-mailuri trimise
calls_emails | Apeluri și e-mailuri din perioadă împreună. | apeluri sau e-mailuri
follow_ups | Numărul de urmăriri din perioadă. | urmăriri
proposals | Numărul de propuneri trimise. | propuneri trimise; oferte trimise
demos | Numărul de demonstrații ținute. | demonstrații; prezentări de produs
events_attended | Evenimente, conferințe și târguri la care s-a participat. | evenimente de networking; conferințe
meetings | Numărul de întâlniri programate. | întâlniri programate; întâlniri
selling_time | Orele petrecute pe activități de vânzare. | timpul petrecut pe activități de vânzare
social_engagement | Aprecieri, comentarii, distribuiri și mesaje directe. | implicarea pe rețelele sociale
activity_ratio | Apeluri, e-mailuri și întâlniri pentru o vânzare câștigată. | rata activității de vânzare
email_open_rate | Ponderea e-mailurilor trimise care au fost deschise. | rata de deschidere a e-mailurilor
avg_ticket | Suma comenzilor per client cumpărător. | bonul mediu
avg_sales_per_customer | Suma câștigată per client. | vânzări medii pe client
aov | Suma medie a unei comenzi. | valoarea medie a comenzii
avg_deal_size | Suma medie a unei vânzări câștigate. | dimensiunea medie a ofertei; venitul mediu
avg_ticket_per_rep | Suma comenzilor unui reprezentant per vânzare. | bonul mediu pe reprezentant
sales_per_rep | Vânzări, în medie, pe reprezentant. | vânzări pe reprezentant
cpl | Costul de marketing și publicitate per lead. | cost per lead; costul pe lead
acquisition_cost | Toate costurile de vânzări și marketing din perioadă. | costul total de achiziție
cac | Costul de vânzări și marketing per client nou. | costul de achiziție a clienților
roi | Cât au adus banii investiți, ca parte din investiție. | rentabilitatea investiției
acquisition_retention_cost_ratio | Costul unui client nou față de unul păstrat. | \
raportul costurilor de achiziție și retenție
nps | Ponderea promotorilor minus cea a detractorilor, de la -100 la 100. | scorul net de promovare
promoter_share | Ponderea răspunsurilor de 9 sau 10. | ponderea promotorilor
csat | Ponderea răspunsurilor mulțumite. | satisfacția clienților
inquiry_response_time | Minute, în medie, de la solicitare la primul răspuns. | timpul de răspuns la solicitări
cart_abandonment | Ponderea coșurilor care nu au devenit comandă. | abandonarea coșului
opportunities_created | Numărul de oportunități create în perioadă. | oportunități de vânzare; oportunități create
opportunity_quality | Ponderea oportunităților care au ajuns la etapa de calificare. | calitatea oportunităților
pipeline_count | Oportunități deschise la sfârșitul perioadei. | conductă de vânzări; oportunități deschise
pipeline_value | Suma oportunităților deschise la sfârșitul perioadei. | \
valoarea conductei de vânzări; Conducta; Canal de vânzări
weighted_pipeline | Suma oportunităților deschise înmulțită cu probabilitatea. | conducta ponderată
top_opportunities | Suma celei mai mari oportunități deschise. | oportunități cheie
stalled_opportunities | Oportunități deschise mai vechi decât ciclul obișnuit. | oportunități blocate
new_customers | Clienți care au cumpărat prima dată în perioadă. | clienți noi; achiziția de clienți
active_customers | Clienți activi la sfârșitul perioadei. | clienți activi
lost_customers | Clienți activi la început și inactivi la sfârșit. | clienți pierduți
churn_rate | Ponderea clienților de la început pierduți până la sfârșit. | rata de pierdere a clienților; rata de churn
revenue_churn | Ponderea veniturilor recurente pierdute. | pierderea de venituri
post_close_churn | Ponderea vânzărilor al căror client a plecat curând. | pierderea clienților după vânzare
retention_rate | Ponderea clienților de la început păstrați până la sfârșit. | \
rata de retenție a clienților; rata de retenție
referrals | Recomandări primite în perioadă. | recomandări
upsell_cross_sell | Ponderea clienților care au cumpărat ceva mai scump sau în plus. | \
rata de upsell și cross-sell; vânzări suplimentare
upsell_rate | Ponderea clienților care au cumpărat un produs mai scump. | rata de upsell
cross_sell_rate | Ponderea clienților care au cumpărat un produs în plus. | rata de cross-sell; vânzări încrucișate
total_sales | Suma vândută în perioadă. | vânzări totale
won_deals | Numărul de vânzări câștigate în perioadă. | vânzări câștigate
sales_equation | Vânzările ca produs al factorilor lor. | ecuația vânzărilor
revenue | Suma comenzilor din perioadă. | venituri; cifra de afaceri
sales_growth | Schimbarea veniturilor față de perioada anterioară. | creșterea vânzărilor
monthly_sales_growth | Veniturile lunii minus cele ale lunii anterioare. | creșterea lunară a vânzărilor
mrr | Sumele lunare ale abonamentelor active. | venit lunar recurent
collected_amount | Plăți primite în perioadă. | încasări; plăți încasate
collection_rate | Ponderea sumelor contractate sau facturate care s-au încasat. | rata de încasare
stage_conversion | Ponderea vânzărilor care trec de la o etapă la următoarea. | conversia pe etape
funnel_leakage | Ponderea vânzărilor pierdute sau blocate într-o etapă. | scurgeri din pâlnia de vânzări
stage_dwell_time | Zile, în medie, petrecute într-o etapă. | timpul petrecut în etapă
stage_task_completion | Ponderea sarcinilor scadente care sunt făcute. | îndeplinirea sarcinilor
target_attainment | Cât s-a realizat din obiectiv. | atingerea obiectivelor; performanța față de obiectiv
quota_attainment | Vânzările unui reprezentant ca parte din cota lui. | îndeplinirea cotei
goal_progress | Cât din părțile obiectivului s-au realizat. | progresul obiectivului
required_opportunities | Oportunități necesare pentru obiectivul de vânzări. | oportunități necesare
required_leads | Prospecți necesari pentru obiectiv. | lead-uri necesare
sales_forecast | Vânzările așteptate ale perioadei. | prognoza vânzărilor
ltv | Cât aduce un client pe toată durata relației. | valoarea pe viață a clientului; valoarea de viață a clientului
avg_purchase_value | Suma medie a unei cumpărări. | valoarea medie a cumpărăturii
purchase_frequency | Cumpărări ale unui client pe an. | frecvența cumpărărilor
customer_lifespan | Ani, în medie, de la prima la ultima cumpărare. | durata medie de viață a clientului
ltv_cac | Cât aduce un client pentru fiecare 1 cheltuit ca să fie câștigat. | raportul LTV CAC
win_rate | Ponderea oportunităților câștigate. | rata de câștig; rata de închidere
competitor_win_rate | Ponderea oportunităților câștigate în fața unui concurent. | rata de câștig față de concurent
lost_deals | Numărul de oportunități pierdute. | oportunități pierdute; vânzări pierdute
lost_amount | Suma oportunităților pierdute. | suma pierdută
loss_reason_share | Ponderea unui motiv printre vânzările pierdute. | motive de pierdere
sales_cycle | Zile de la primul contact până la câștig. | durata ciclului de vânzare; ciclul de vânzări
"""
