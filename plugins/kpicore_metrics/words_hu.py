"""The KPIs in Hungarian: id, what it is in one line, what people call it."""

WORDS = """
new_leads | Az időszakban beérkezett érdeklődők száma. | új leadek; új érdeklődők
mql_count | A marketing által minősített leadek száma. | marketing által minősített leadek
sql_count | Az értékesítés által minősített leadek száma. | értékesítés által minősített leadek
mql_to_sql_rate | A marketing által minősített leadek közül az értékesítés által elfogadottak aránya. | \
MQL–SQL konverzió
lead_to_opportunity | Az időszak leadjeire jutó értékesítési lehetőségek. | lead–lehetőség arány
lead_conversion | A fizető ügyféllé vált leadek aránya. | konverziós ráta; konverziós arány
conversion_by_channel | Egy csatorna leadjeinek konverziója. | csatornánkénti konverzió
conversion_by_source | Egy forrás leadjeinek konverziója. | forrásonkénti konverzió
time_to_convert | Átlagos napok száma az érdeklődéstől az első vásárlásig. | átlagos konverziós idő; konverziós idő
lead_response_time | Percek a lead beérkezésétől az első válaszig. | leadekre adott válaszidő
calls | Az időszakban indított hívások száma. | hívások száma; hívások
emails_sent | Az időszakban elküldött e-mailek száma. | elküldött e-mailek
calls_emails | Az időszak hívásai és e-mailjei együtt. | hívások és e-mailek
follow_ups | Az időszak utánkövetéseinek száma. | utánkövetések
proposals | Az időszakban elküldött ajánlatok száma. | elküldött ajánlatok; ajánlatok
demos | Az időszakban tartott bemutatók száma. | termékbemutatók; bemutatók
events_attended | Rendezvények, konferenciák és vásárok, amelyeken részt vettek. | rendezvények; konferenciák
meetings | Az időszakra egyeztetett találkozók száma. | megbeszélések; találkozók
selling_time | Az értékesítési tevékenységekre fordított órák. | értékesítésre fordított idő
social_engagement | Kedvelések, hozzászólások, megosztások és üzenetek száma. | közösségimédia-aktivitás
activity_ratio | Egy megnyert üzletre jutó hívások, e-mailek és találkozók. | tevékenységi arány
email_open_rate | Az elküldött e-mailek közül a megnyitottak aránya. | e-mail megnyitási arány; megnyitási arány
avg_ticket | Egy vásárló ügyfélre jutó rendelési összeg. | átlagos kosárérték
avg_sales_per_customer | Egy ügyfélre jutó megnyert összeg. | egy ügyfélre jutó értékesítés
aov | Egy rendelés átlagos összege. | átlagos rendelési érték
avg_deal_size | Egy megnyert üzlet átlagos összege. | átlagos üzletméret
avg_ticket_per_rep | Egy értékesítő egy eladására jutó rendelési összeg. | értékesítőnkénti átlagos kosárérték
sales_per_rep | Egy értékesítőre jutó eladás. | egy értékesítőre jutó eladások; értékesítés képviselőnként
cpl | Egy leadre jutó marketing- és hirdetési költség. | leadenkénti költség; egy lead költsége
acquisition_cost | Az időszak teljes értékesítési és marketingköltsége. | ügyfélszerzés összköltsége
cac | Egy új ügyfélre jutó értékesítési és marketingköltség. | ügyfélszerzési költség; ügyfélszerzés költsége
roi | Mennyit hozott vissza a befektetett pénz annak arányában. | befektetés megtérülése; megtérülés
acquisition_retention_cost_ratio | Egy új ügyfél költsége egy megtartotthoz képest. | szerzés és megtartás költségaránya
nps | Az ajánlók aránya mínusz az elégedetleneké, -100 és 100 között. | nettó ajánlási index
promoter_share | A 9-es vagy 10-es válaszok aránya. | ajánlók aránya
csat | Az elégedett válaszok aránya. | ügyfél-elégedettség; vevői elégedettség
inquiry_response_time | Átlagos percek az ügyfél kérdésétől az első válaszig. | megkeresések válaszideje
cart_abandonment | Azon kosarak aránya, amelyekből nem lett rendelés. | kosárelhagyás; kosárelhagyási arány
opportunities_created | Az időszakban létrejött értékesítési lehetőségek száma. | \
értékesítési lehetőségek; új lehetőségek
opportunity_quality | A minősített szakaszig eljutott lehetőségek aránya. | lehetőségek minősége
pipeline_count | Az időszak végén nyitott lehetőségek száma. | nyitott lehetőségek
pipeline_value | Az időszak végén nyitott lehetőségek összege. | értékesítési csővezeték értéke
weighted_pipeline | A nyitott lehetőségek összege a valószínűségükkel szorozva. | súlyozott csővezeték
top_opportunities | A legnagyobb nyitott lehetőség összege. | kulcsfontosságú lehetőségek
stalled_opportunities | A szokásos ciklusnál régebbi nyitott lehetőségek. | elakadt üzletek
new_customers | Az időszakban először vásárló ügyfelek száma. | új ügyfelek
active_customers | Az időszak végén aktív ügyfelek száma. | aktív ügyfelek
lost_customers | Ügyfelek, akik az elején még igen, a végén már nem aktívak. | elvesztett ügyfelek
churn_rate | Az időszak elején aktív ügyfelek közül elvesztettek aránya. | \
lemorzsolódás; lemorzsolódási arány; lemorzsolódási árfolyamok
revenue_churn | Az időszak eleji ismétlődő bevételből elvesztett arány. | bevételkiesés; elvesztett bevétel
post_close_churn | Az üzletkötés után hamar elvesztett ügyfelek aránya. | lemorzsolódás az üzletkötés után
retention_rate | Az időszak eleji ügyfelek közül megtartottak aránya. | ügyfélmegtartási arány; ügyfélmegtartás
referrals | Az időszakban kapott ajánlások száma. | ajánlások
upsell_cross_sell | Drágábbat vagy kiegészítőt is vásárló ügyfelek aránya. | felülértékesítés és keresztértékesítés
upsell_rate | Drágább terméket vagy bővítést vásárló ügyfelek aránya. | felülértékesítési arány
cross_sell_rate | Kiegészítő terméket vásárló ügyfelek aránya. | keresztértékesítési arány
total_sales | Az időszakban eladott összeg. | összes értékesítés; teljes értékesítés
won_deals | Az időszakban megnyert üzletek száma. | megnyert üzletek
sales_equation | Az értékesítés a tényezőinek szorzataként. | értékesítési egyenlet
revenue | Az időszak rendeléseinek összege. | árbevétel; bevétel
sales_growth | Az árbevétel változása az előző időszakhoz képest. | értékesítési növekedés; árbevétel növekedése
monthly_sales_growth | A hónap árbevétele mínusz az előző hónapé. | havi értékesítési növekedés; havi növekedés
mrr | A futó előfizetések havi összege. | havi ismétlődő bevétel
collected_amount | Az időszakban befolyt összeg. | beérkezett befizetések; befolyt összeg
collection_rate | A szerződött vagy számlázott összegből befolyt arány. | behajtási arány
stage_conversion | Egy szakaszba lépett és továbbjutott üzletek aránya. | szakaszonkénti konverzió
funnel_leakage | Egy szakaszban elveszett vagy elakadt üzletek aránya. | tölcsér szivárgása
stage_dwell_time | Egy szakaszban töltött átlagos napok száma. | szakaszban töltött idő
stage_task_completion | Az esedékes feladatok közül elvégzettek aránya. | feladatok teljesítése
target_attainment | Az elért érték a cél arányában. | célteljesítés; célok elérése; értékesítési teljesítmény
quota_attainment | Egy értékesítő eladása a kvótája arányában. | kvótateljesítés
goal_progress | Mennyire készültek el a célok részei. | cél előrehaladása; célkövetés
required_opportunities | A célhoz szükséges lehetőségek száma. | szükséges lehetőségek
required_leads | A célhoz szükséges érdeklődők száma. | szükséges leadek
sales_forecast | Az időszakban várható értékesítés. | értékesítési előrejelzés
ltv | Amennyit egy ügyfél a teljes kapcsolat alatt hoz. | ügyfél élettartam-érték; ügyfélélettartam-érték
avg_purchase_value | Egy vásárlás átlagos összege. | átlagos vásárlási érték
purchase_frequency | Egy ügyfél éves vásárlásainak száma. | vásárlási gyakoriság
customer_lifespan | Átlagos évek az első és az utolsó vásárlás között. | ügyfél átlagos élettartama
ltv_cac | Mennyit hoz egy ügyfél a megszerzésére költött 1 egységért. | LTV/CAC arány
win_rate | A megnyert lehetőségek aránya. | nyerési arány
competitor_win_rate | Egy versenytárssal szemben megnyert lehetőségek aránya. | nyerési arány versenytárssal szemben
lost_deals | Az időszakban elvesztett lehetőségek száma. | elvesztett üzletek
lost_amount | Az időszakban elvesztett lehetőségek összege. | elvesztett összeg
loss_reason_share | Egy ok aránya az elvesztett üzletek között. | vesztés oka; elvesztés okai
sales_cycle | Napok az első kapcsolattól a megnyerésig. | értékesítési ciklus; értékesítési ciklus hossza
"""
