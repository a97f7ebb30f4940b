"""The KPIs in Chinese: id, what it is in one line, what people call it."""

WORDS = """
new_leads | 期间内新进入的线索数量。 | 新增线索; 新线索
mql_count | 期间内市场部门认可的线索数量。 | 市场合格线索; 市场认可线索数
sql_count | 期间内销售部门认可的线索数量。 | 销售合格线索; 销售认可线索数
mql_to_sql_rate | 市场合格线索中被销售认可的比例。 | MQL转SQL转化率
lead_to_opportunity | 期间内每条线索产生的商机数。 | 线索转商机率
lead_conversion | 线索成为付费客户的比例。 | 线索转化率; 客户转化率
conversion_by_channel | 某一渠道的线索转化率。 | 渠道转化率; 各渠道转化率
conversion_by_source | 某一来源的线索转化率。 | 来源转化率; 线索来源转化率
time_to_convert | 线索从进入到首次购买的平均天数。 | 转化时间; 平均转化周期
lead_response_time | 线索进入到首次回复的分钟数。 | 线索响应时间
calls | 期间内拨打的电话数量。 | 电话数; 通话量
emails_sent | 期间内发送的邮件数量。 | 发送邮件数
calls_emails | 期间内电话和邮件的总数。 | 电话与邮件数
follow_ups | 期间内的跟进次数。 | 跟进次数; 跟进数
proposals | 期间内发出的方案数量。 | 提案数; 方案数
demos | 期间内进行的产品演示次数。 | 产品演示次数
events_attended | 期间内参加的活动、会议和展会数量。 | 参加活动数; 展会
meetings | 期间内安排的会议数量。 | 会议数
selling_time | 期间内销售活动所用的小时数。 | 销售时间; 销售活动时间
social_engagement | 期间内的点赞、评论、分享和私信总数。 | 社交媒体互动
activity_ratio | 每赢得一单所需的电话、邮件和会议数。 | 销售活动比率
email_open_rate | 已发送邮件中被打开的比例。 | 邮件打开率
avg_ticket | 每位购买客户的平均订单金额。 | 平均票数; 平均客单价
avg_sales_per_customer | 每位客户的平均成交金额。 | 客单价; 客户平均销售额
aov | 每张订单的平均金额。 | 平均订单价值; 平均订单金额
avg_deal_size | 每个赢单的平均金额。 | 平均交易规模; 平均成交金额
avg_ticket_per_rep | 销售人员每笔成交的平均订单金额。 | 销售人员平均票数
sales_per_rep | 每位销售人员的平均销售额。 | 人均销售额; 销售人均业绩
cpl | 每条线索的营销和广告成本。 | 单条线索成本; 每条线索成本
acquisition_cost | 期间内的全部销售和营销成本。 | 获客总成本
cac | 获得一位新客户的销售和营销成本。 | 客户获取成本; 获客成本
roi | 投入的销售和营销资金带来的净回报比例。 | 投资回报率; 投资回报
acquisition_retention_cost_ratio | 获取一位新客户与留住一位客户的成本之比。 | 获客与留客成本比
nps | 推荐者比例减去贬损者比例，从-100到100。 | 净推荐值
promoter_share | 打9分或10分的回答比例。 | 推荐者比例
csat | 满意回答的比例。 | 客户满意度
inquiry_response_time | 客户咨询到首次回复的平均分钟数。 | 咨询响应时间
cart_abandonment | 加入商品但没有下单的购物车比例。 | 购物车放弃率; 弃购率
opportunities_created | 期间内新建的商机数量。 | 销售机会; 新增商机
opportunity_quality | 达到合格阶段的商机比例。 | 商机质量
pipeline_count | 期末未结的商机数量。 | 未结商机数; 销售漏斗商机数
pipeline_value | 期末未结商机的总金额。 | 管道价值; 销售漏斗金额
weighted_pipeline | 未结商机金额乘以赢单概率。 | 加权管道; 加权漏斗金额
top_opportunities | 期末最大的未结商机的金额。 | 重点商机; 关键商机Top10
stalled_opportunities | 存续时间超过通常赢单周期的未结商机。 | 停滞商机
new_customers | 期间内首次购买的客户数量。 | 新客户数; 新增客户
active_customers | 期末的活跃客户数量。 | 活跃客户数
lost_customers | 期初活跃而期末不再活跃的客户数量。 | 流失客户数
churn_rate | 期初活跃客户中到期末流失的比例。 | 客户流失率; 流失率
revenue_churn | 期初经常性收入中流失的比例。 | 收入流失率
post_close_churn | 成交后不久就流失的客户比例。 | 成交后流失率
retention_rate | 期初客户中到期末仍保留的比例。 | 客户保留率; 客户留存率; 留存率
referrals | 期间内收到的客户和伙伴推荐数量。 | 推荐数; 转介绍
upsell_cross_sell | 购买更贵产品或附加产品的客户比例。 | 追加销售和交叉销售率
upsell_rate | 购买更贵产品或升级的客户比例。 | 追加销售率; 向上销售率
cross_sell_rate | 购买附加产品的客户比例。 | 交叉销售率
total_sales | 期间内的销售总额。 | 销售总额; 总销售额; 赢单金额
won_deals | 期间内赢单的数量。 | 赢单数; 成交数
sales_equation | 由商机数、赢单率和客单价相乘得到的销售额。 | 销售额公式
revenue | 期间内订单的金额。 | 收入; 营业收入; 销售收入
sales_growth | 收入相对上一期间的变化比例。 | 销售增长率; 销售增长
monthly_sales_growth | 本月收入减去上月收入。 | 月度销售增长
mrr | 正在运行的订阅的每月金额。 | 月度经常性收入
collected_amount | 期间内收到的款项。 | 回款; 回款金额
collection_rate | 合同或账单金额中已回款的比例。 | 回款率
stage_conversion | 进入某阶段的商机中继续前进的比例。 | 阶段转化率
funnel_leakage | 进入某阶段后丢失或停滞的商机比例。 | 漏斗流失
stage_dwell_time | 商机在某阶段停留的平均天数。 | 阶段停留时间
stage_task_completion | 期间内到期任务中已完成的比例。 | 阶段任务完成率; 阶段任务完成情况
target_attainment | 实际完成占目标的比例。 | 目标完成率; 目标达成率
quota_attainment | 销售人员完成自己配额的比例。 | 配额完成率
goal_progress | 目标各部分的完成程度。 | 目标进度
required_opportunities | 实现销售目标所需的商机数。 | 所需商机数
required_leads | 实现目标所需的潜在客户数。 | 所需线索数
sales_forecast | 期间内预计的销售额。 | 销售预测
ltv | 一位客户在整个关系期间带来的价值。 | 客户终身价值; 客户生命周期价值
avg_purchase_value | 每次购买的平均金额。 | 平均购买价值
purchase_frequency | 每位客户每年的购买次数。 | 购买频率
customer_lifespan | 从首次到最后一次购买的平均年数。 | 客户平均寿命
ltv_cac | 获客每花1元，客户带来多少价值。 | LTV/CAC比率; 客户终身价值与获客成本比
win_rate | 赢得的商机比例。 | 赢单率; 机会转化率
competitor_win_rate | 面对某一竞争对手时的赢单比例。 | 对竞争对手的赢单率
lost_deals | 期间内输掉的商机数量。 | 输单数; 丢单数
lost_amount | 期间内输掉的商机金额。 | 输单金额; 丢单金额
loss_reason_share | 某一原因在输单中所占的比例。 | 输单原因; 丢单原因
sales_cycle | 从首次接触到赢单的天数。 | 销售周期; 赢单周期
"""
