//! The sentence that explains a row to who reads a statement for the first time, in both languages.

use souk_domain::merchant::events::ReserveBase;
use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;

use super::dates::{day, day_zh};
use super::model::BridgeRow;
use super::said::Said;
use crate::statement::Statement;
use crate::statement::reserve::Reserve;

/// Kinds of lines with what they are; the taxes on fees and what comes back have common sentences.
const LINES: &[(&str, &str, &str)] = &[
    (
        "sale.principal",
        "The goods of completed orders at the price that you asked.",
        "已完成订单中商品的标价金额。",
    ),
    (
        "discount.merchant",
        "Discounts that you gave. Discounts of the platform do not lower what you get.",
        "由您承担的优惠。平台承担的优惠不减少您的应得金额。",
    ),
    (
        "sale.shipping",
        "Shipping that buyers paid for completed orders.",
        "买家为已完成订单支付的运费。",
    ),
    (
        "affiliate_earned",
        "What you earned with orders that came through you, after the platform's part.",
        "经您推广成交的订单佣金，已扣除平台分成。",
    ),
    (
        "influencer_earned",
        "What you earned with orders that came through you, after the platform's part.",
        "经您带货成交的订单佣金，已扣除平台分成。",
    ),
    (
        "affiliate_earned.returned",
        "When an order is refunded, what you earned with it goes back in proportion.",
        "订单退款时，相应的推广佣金按比例退回。",
    ),
    (
        "influencer_earned.returned",
        "When an order is refunded, what you earned with it goes back in proportion.",
        "订单退款时，相应的达人佣金按比例退回。",
    ),
    (
        "refund.principal",
        "What buyers got back for goods of completed orders.",
        "已完成订单退还买家的商品款。",
    ),
    (
        "refund.shipping",
        "What buyers got back for shipping of completed orders.",
        "已完成订单退还买家的运费。",
    ),
    (
        "refund.subsidy",
        "The platform had paid a part of the refunded goods for the buyer; that part goes back to it.",
        "平台曾为买家补贴部分货款，退款时该部分退回平台。",
    ),
    (
        "commission",
        "The platform's share of your sales, by the tariff in force when each order was completed.",
        "平台按订单完成时有效的费率收取的销售佣金。",
    ),
    ("order_fee", "A fixed fee per order, by the tariff.", "按费率对每笔订单收取的固定费用。"),
    ("payment_fee", "Your part of what payment channels charge.", "支付渠道收费中由您承担的部分。"),
    (
        "technical_service",
        "For the platform's software, by the tariff.",
        "按费率收取的平台技术服务费。",
    ),
    ("listing_fee", "For showing what you sell, by the tariff.", "按费率收取的商品刊登费。"),
    (
        "affiliate_commission",
        "What you pay affiliates for orders that came through them, as you agreed per product.",
        "您按商品约定的比例支付给推广者的佣金。",
    ),
    (
        "influencer_commission",
        "What you pay influencers for orders that came through them, as you agreed per product.",
        "您按商品约定的比例支付给达人的佣金。",
    ),
    ("advertising", "Advertising that your wallet did not bear.", "推广余额未能支付的推广费。"),
    (
        "ad_wallet.top_up",
        "Moved from your balance into your advertising wallet. It remains yours until it is spent.",
        "由您的余额转入推广余额，消耗之前仍归您所有。",
    ),
    (
        "deposit.paid",
        "Moved from your balance into your deposit. It remains yours.",
        "由您的余额转入保证金，仍归您所有。",
    ),
    ("deposit.used", "Taken from your deposit to cover your balance.", "以您的保证金抵补余额。"),
    (
        "payout.advanced",
        "Paid to you ahead of its day; it comes back with the sales it was paid for.",
        "提前打款的金额，随对应的销售额到期收回。",
    ),
    (
        "hold.placed",
        "Kept back of your money, for the reason beside it. It is yours once it is released.",
        "因旁注原因暂扣的款项，解除后归还给您。",
    ),
    ("hold.released", "Kept back before and now given back to you.", "此前暂扣、现已解除的款项。"),
    (
        "correction",
        "Corrects a line of an earlier statement, which the line names.",
        "更正此前结算单中的一行，行内注明所更正的行。",
    ),
    ("membership", "Your membership, for its whole term.", "会员费，涵盖整个会员期。"),
    ("platform_usage", "For the use of the platform.", "使用平台的费用。"),
    ("technical_support", "For technical support.", "技术支持费用。"),
    ("storage", "For storing your goods.", "为您存储商品的费用。"),
    (
        "logistics",
        "For transport, by the table of the tariff where one is named.",
        "物流运输费用，注明运费表者按表计算。",
    ),
    (
        "value_added",
        "For services that you ordered beside the platform's own.",
        "您另外订购的增值服务费用。",
    ),
    (
        "freight_insurance",
        "Premiums for freight insurance, taken for the insurer.",
        "代保险公司收取的运费险保费。",
    ),
    (
        "return_freight_guarantee",
        "For the platform's guarantee of the freight of returns.",
        "平台提供的退货运费保障费用。",
    ),
    (
        "instalment_interest",
        "Interest of instalments that you bear for your buyers.",
        "您为买家承担的分期利息。",
    ),
    ("loan_interest", "Interest of a loan from the platform.", "平台贷款的利息。"),
    (
        "loan.granted",
        "A loan from the platform, paid into your balance.",
        "平台贷款，已计入您的余额。",
    ),
    (
        "loan.repaid",
        "Repaid of a loan from the platform, out of your balance.",
        "以您的余额偿还平台贷款本金。",
    ),
    ("early_payout", "For money that you asked for before its day.", "您申请提前打款的费用。"),
    (
        "penalty",
        "Penalties by the platform's rules; each line names its case.",
        "按平台规则收取的违约金，每笔明细注明事由。",
    ),
    ("penalty.waived", "Penalties that were waived come back.", "减免的违约金已退回。"),
    (
        "tax.withheld",
        "Tax that the law makes the platform withhold and pay for you.",
        "平台依法为您代扣代缴的税款。",
    ),
    (
        "tax.withheld_returned",
        "When an order is refunded, the tax withheld on it comes back in proportion.",
        "订单退款时，相应的代扣税款按比例退回。",
    ),
    (
        "payout.returned",
        "A payout that the bank sent back is yours again and is paid with this statement.",
        "被银行退回的打款重新归入您的余额，随本期结算。",
    ),
    (
        "payout.failed",
        "A payout that could not be sent is yours again and is paid with this statement.",
        "未能发出的打款重新归入您的余额，随本期结算。",
    ),
    (
        "debt.recognised",
        "Your balance was below zero and became a debt, so that your account stands at zero again.",
        "您的负余额转为欠款，账户余额归零。",
    ),
    ("debt.collected", "Paid for a debt of yours.", "用于偿还您的欠款。"),
    (
        "brought_forward",
        "Your balance in the books before this ledger began.",
        "本账本启用之前的余额。",
    ),
];

/// The sentence for a kind of line.
pub(crate) fn of_lines(kind: LineKind) -> Option<Said> {
    let name = kind.text();
    if let Some((_, en, zh)) = LINES.iter().find(|(known, ..)| *known == name) {
        return Some(Said::new(*en, *zh));
    }
    if name.ends_with(".tax_returned") {
        let en = "When a fee comes back, the tax on it comes back in proportion.";
        return Some(Said::new(en, "费用返还时，相应税款按比例返还。"));
    }
    if name.ends_with(".tax") {
        return Some(Said::new("Tax on the fee of the same name.", "上述同名费用的税款。"));
    }
    if kind == LineKind::CommissionReturned {
        let en = "When an order is refunded, its commission comes back in proportion, less what the tariff retains.";
        return Some(Said::new(en, "订单退款时，按比例返还佣金，费率规定保留的部分除外。"));
    }
    name.ends_with(".returned").then(|| {
        let en = "When what a fee was for is undone, it comes back in proportion, less what was agreed to be retained.";
        Said::new(en, "收费事项撤销时，费用按比例返还，约定保留的部分除外。")
    })
}

/// The sentence for a result of the rows above it.
pub(crate) fn of_result(label: &str) -> Option<Said> {
    let (en, zh) = match label {
        "You earned" => (
            "What you sold, less what was taken. Money that only moves, such as a hold or a loan, is no part of it.",
            "销售减去扣除。仅为划转的款项（如暂扣、贷款）不计入。",
        ),
        "Order value owed to you" => (
            "What the completed orders of this cycle are worth to you, whoever paid it.",
            "本期已完成订单应归您的金额，不论由谁支付。",
        ),
        _ => return None,
    };
    Some(Said::new(en, zh))
}

/// Puts the sentences under what was kept or carried.
pub(crate) fn explain_kept(rows: &mut [BridgeRow], of: &Statement, reserve: &Reserve) {
    // What has lines has its sentence already.
    for row in rows.iter_mut().filter(|row| row.lines.is_none()) {
        row.sentence = match row.kind {
            Some(LineKind::ReserveWithheld) if !row.amount.is_zero() => withheld(of, reserve),
            Some(LineKind::Carried) if !row.amount.is_zero() => Some(carried(of, row)),
            Some(LineKind::DepositToppedUp) => Some(Said::new(
                "Kept to fill the deposit that your terms ask for. It remains yours.",
                "用于补足协议约定的保证金，仍归您所有。",
            )),
            Some(LineKind::DepositUsed) => Some(Said::new(
                "Taken from your deposit to cover a balance below zero.",
                "以您的保证金抵补负余额。",
            )),
            Some(LineKind::ReserveReleased) if !row.amount.is_zero() => Some(Said::new(
                "Reserve of earlier statements that is paid to you now.",
                "以前结算单冻结的预留金，现在支付给您。",
            )),
            Some(LineKind::Payout) if !row.amount.is_zero() => Some(Said::new(
                "What is transferred to your account; it equals the bank's figure.",
                "转入您账户的金额，与银行入账金额一致。",
            )),
            Some(LineKind::DebtRecognised) => {
                Some(Said::new("What you owe the platform from now on.", "自此您欠平台的金额。"))
            }
            Some(LineKind::DebtCollected) => {
                Some(Said::new("Kept for a debt of yours.", "用于偿还您的欠款。"))
            }
            Some(_) | None => None,
        };
    }
}

/// Where a balance comes from, or goes to.
fn carried(of: &Statement, row: &BridgeRow) -> Said {
    if row.address.as_deref() == Some(of.part_address("opening").as_str()) {
        let en = "What the statement before carried to this one.";
        return Said::new(en, "上期结算单结转至本期的余额。");
    }
    let en = "What is not paid now; the next statement begins with it.";
    Said::new(en, "本期未打款的余额，为下期期初余额。")
}

/// For how long what is withheld is kept, and whose it is.
fn withheld(of: &Statement, reserve: &Reserve) -> Option<Said> {
    let Some(part) = reserve.withheld else {
        let en = "Kept up to the amount that your terms ask for, without a date. It remains yours.";
        return Some(Said::new(en, "按协议约定的金额无限期预留，仍归您所有。"));
    };
    let (what, what_zh) = match part.base {
        ReserveBase::NetLines => ("earned", "所得"),
        ReserveBase::GrossSales => ("sold", "销售额"),
    };
    let rate = part.rate.percent();
    let (span, span_zh) = span(of.to.plus_days(1), part.release_on);
    let (on, on_zh) = (day(part.release_on), day_zh(part.release_on));
    Some(Said::new(
        format!(
            "We keep {rate} of what you {what} for {span} to cover refunds that come later. This part is yours and is released on {on}."
        ),
        format!(
            "为覆盖后续退款，按本期{what_zh}的 {rate} 预留{span_zh}。该款项归您所有，将于 {on_zh} 释放。"
        ),
    ))
}

/// `13 weeks`, `30 days`.
fn span(from: Date, to: Date) -> (String, String) {
    let days = to.days_since(from);
    if days % 7 == 0 {
        let weeks = days / 7;
        let unit = if weeks == 1 { "week" } else { "weeks" };
        return (format!("{weeks} {unit}"), format!(" {weeks} 周"));
    }
    let unit = if days == 1 { "day" } else { "days" };
    (format!("{days} {unit}"), format!(" {days} 天"))
}

#[cfg(test)]
mod tests {
    use souk_journal::line_kind::Block;

    use super::*;

    #[test]
    fn every_kind_that_can_stand_on_a_statement_is_explained() {
        let lines = LineKind::ALL.iter().filter(|kind| kind.block() != Block::Internal);
        // What a close keeps, pays and carries has no lines, and sentences of its own.
        let by_close = [
            LineKind::Carried,
            LineKind::ReserveWithheld,
            LineKind::ReserveReleased,
            LineKind::DepositToppedUp,
            LineKind::Payout,
        ];
        let lines = lines.filter(|kind| !by_close.contains(kind));
        let silent: Vec<&str> =
            lines.filter(|kind| of_lines(**kind).is_none()).map(|kind| kind.text()).collect();
        assert!(silent.is_empty(), "without a sentence: {silent:?}");
        let stale: Vec<&str> = LINES
            .iter()
            .map(|(name, ..)| *name)
            .filter(|name| LineKind::from_text(name).is_none())
            .collect();
        assert!(stale.is_empty(), "no such kind: {stale:?}");
    }
}
