"""The KPIs in Portuguese: id, what it is in one line, what people call it."""

WORDS = """
new_leads | Número de leads que chegaram no período. | novos leads; novos prospects
mql_count | Número de leads qualificados pelo marketing. | leads qualificados pelo marketing
sql_count | Número de leads qualificados por vendas. | leads qualificados por vendas
mql_to_sql_rate | Parcela dos leads do marketing que vendas aceitou. | conversão de MQL em SQL
lead_to_opportunity | Oportunidades criadas no período por lead. | taxa de lead para oportunidade
lead_conversion | Parcela dos leads que se tornaram clientes pagantes. | taxa de conversão; conversão de leads
conversion_by_channel | Conversão dos leads de um canal. | conversão por canal; taxa de conversão por canal
conversion_by_source | Conversão dos leads de uma origem. | conversão por origem
time_to_convert | Dias, em média, do lead até a primeira compra. | tempo de conversão
lead_response_time | Minutos da chegada do lead até a primeira resposta. | tempo de resposta ao lead
calls | Número de ligações do período. | ligações; chamadas
emails_sent | Número de e-mails enviados no período. | e-mails enviados
calls_emails | Ligações e e-mails do período juntos. | ligações e e-mails
follow_ups | Número de acompanhamentos do período. | acompanhamentos; follow-ups
proposals | Número de propostas enviadas. | propostas enviadas
demos | Número de demonstrações realizadas. | demonstrações; apresentações de produto
events_attended | Eventos, conferências e feiras de que se participou. | eventos; feiras
meetings | Número de reuniões agendadas. | reuniões agendadas; reuniões
selling_time | Horas dedicadas a atividades de venda. | tempo de venda
social_engagement | Curtidas, comentários, compartilhamentos e mensagens diretas. | engajamento nas redes sociais
activity_ratio | Ligações, e-mails e reuniões por venda ganha. | taxa de atividade de vendas
email_open_rate | Parcela dos e-mails enviados que foram abertos. | taxa de abertura de e-mails
avg_ticket | Valor dos pedidos por cliente que comprou. | ticket médio
avg_sales_per_customer | Valor ganho por cliente. | vendas médias por cliente
aov | Valor médio de um pedido. | valor médio do pedido
avg_deal_size | Valor médio de uma venda ganha. | tamanho médio do negócio
avg_ticket_per_rep | Valor dos pedidos de um vendedor por venda. | ticket médio por vendedor
sales_per_rep | Vendas, em média, por vendedor. | vendas por vendedor
cpl | Custo de marketing e publicidade por lead. | custo por lead
acquisition_cost | Todos os custos de vendas e marketing do período. | custo total de aquisição
cac | Custo de vendas e marketing por cliente novo. | custo de aquisição de clientes; custo de aquisição
roi | Quanto voltou do dinheiro investido, como parte dele. | retorno sobre investimento
acquisition_retention_cost_ratio | Custo de um cliente novo em relação a um mantido. | \
relação entre custo de aquisição e de retenção
nps | Parcela de promotores menos a de detratores, de -100 a 100. | índice de promotores; net promoter score
promoter_share | Parcela das respostas 9 ou 10. | parcela de promotores
csat | Parcela das respostas satisfeitas. | satisfação do cliente
inquiry_response_time | Minutos, em média, da consulta até a primeira resposta. | tempo de resposta ao cliente
cart_abandonment | Parcela dos carrinhos que não viraram pedido. | abandono de carrinho
opportunities_created | Número de oportunidades criadas no período. | oportunidades criadas; oportunidades de vendas
opportunity_quality | Parcela das oportunidades que chegaram à etapa qualificada. | qualidade das oportunidades
pipeline_count | Oportunidades abertas no fim do período. | oportunidades abertas
pipeline_value | Valor das oportunidades abertas no fim do período. | valor do pipeline; funil de vendas
weighted_pipeline | Valor das oportunidades abertas vezes a probabilidade. | pipeline ponderado
top_opportunities | Valor da maior oportunidade aberta. | principais oportunidades
stalled_opportunities | Oportunidades abertas mais antigas que o ciclo usual. | oportunidades paradas
new_customers | Clientes que compraram pela primeira vez no período. | novos clientes
active_customers | Clientes ativos no fim do período. | clientes ativos
lost_customers | Clientes ativos no início e não mais no fim. | clientes perdidos
churn_rate | Parcela dos clientes do início que se perderam até o fim. | \
taxa de cancelamento; taxa de churn; rotatividade de clientes
revenue_churn | Parcela da receita recorrente que se perdeu. | churn de receita
post_close_churn | Parcela das vendas cujo cliente saiu logo depois. | cancelamento após a venda
retention_rate | Parcela dos clientes do início que ficaram até o fim. | taxa de retenção de clientes; taxa de retenção
referrals | Indicações recebidas no período. | indicações
upsell_cross_sell | Parcela dos clientes que compraram algo mais caro ou a mais. | taxa de upsell e cross-sell
upsell_rate | Parcela dos clientes que compraram um produto mais caro. | taxa de upsell
cross_sell_rate | Parcela dos clientes que compraram um produto a mais. | taxa de cross-sell; venda cruzada
total_sales | Valor vendido no período. | vendas totais
won_deals | Número de vendas ganhas no período. | vendas ganhas; negócios ganhos
sales_equation | As vendas como produto dos seus fatores. | equação de vendas
revenue | Valor dos pedidos do período. | receita; faturamento
sales_growth | Variação da receita em relação ao período anterior. | crescimento de vendas
monthly_sales_growth | Receita do mês menos a do mês anterior. | crescimento mensal de vendas
mrr | Valores mensais das assinaturas ativas. | receita recorrente mensal
collected_amount | Pagamentos recebidos no período. | pagamentos recebidos; recebimentos
collection_rate | Parcela do contratado ou faturado que foi paga. | taxa de recebimento
stage_conversion | Parcela das vendas que passam de uma etapa para a seguinte. | conversão por etapa
funnel_leakage | Parcela das vendas perdidas ou paradas em uma etapa. | vazamento do funil
stage_dwell_time | Dias, em média, em uma etapa. | tempo na etapa
stage_task_completion | Parcela das tarefas vencidas que estão feitas. | conclusão de tarefas
target_attainment | O que se alcançou como parte da meta. | cumprimento da meta; atingimento da meta
quota_attainment | Vendas de um vendedor como parte da sua cota. | cumprimento da cota
goal_progress | Quanto das partes da meta foi alcançado. | progresso da meta
required_opportunities | Oportunidades necessárias para a meta de vendas. | oportunidades necessárias
required_leads | Prospects necessários para a meta. | leads necessários
sales_forecast | Vendas esperadas do período. | previsão de vendas
ltv | Quanto um cliente traz durante toda a relação. | valor do tempo de vida do cliente; valor vitalício do cliente
avg_purchase_value | Valor médio de uma compra. | valor médio da compra
purchase_frequency | Compras de um cliente por ano. | frequência de compra
customer_lifespan | Anos, em média, da primeira à última compra. | tempo de vida do cliente
ltv_cac | Quanto um cliente traz para cada 1 gasto em conquistá-lo. | relação LTV CAC
win_rate | Parcela das oportunidades que foram ganhas. | taxa de conversão de oportunidades; taxa de ganho
competitor_win_rate | Parcela das oportunidades ganhas contra um concorrente. | taxa de ganho contra concorrente
lost_deals | Número de oportunidades perdidas. | oportunidades perdidas; negócios perdidos
lost_amount | Valor das oportunidades perdidas. | valor perdido
loss_reason_share | Parcela de um motivo entre as vendas perdidas. | motivos de perda
sales_cycle | Dias do primeiro contato até a venda ganha. | ciclo de vendas; ciclo médio de vendas
"""
