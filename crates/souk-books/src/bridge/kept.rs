//! What stands beside opening, reserves, payout and carried: where they come from and go to.

use souk_domain::merchant::events::ReserveBase;
use souk_domain::payee::events::Means;
use souk_journal::dates::Date;
use souk_journal::ids::CycleId;
use souk_journal::money::Currency;

use super::dates::{day, day_zh};
use super::said::{Said, joined};
use crate::books::Books;
use crate::figure::Figure;
use crate::payouts::PayoutStanding;
use crate::statement::reserve::Reserve;
use crate::statement::{Statement, Transfer};

impl Books {
    /// `carried from S-1007-2026W09-CNY (below the minimum of 100.00)`.
    pub(crate) fn opening_note(&self, statement: &Statement) -> Option<Said> {
        if statement.opening.is_zero() {
            return None;
        }
        let closed = self.closed(statement.merchant, statement.currency);
        let previous = closed.iter().rev().find(|of| of.cut_off <= statement.from)?;
        let why = if previous.carried < 0 {
            Said::new("a negative balance after refunds", "退款后余额为负")
        } else {
            self.minimum_note(statement, previous.to)
        };
        let (number, Said { en, zh }) = (&previous.number, why);
        Some(Said::new(
            format!("carried from {number} ({en})"),
            format!("自 {number} 结转（{zh}）"),
        ))
    }

    fn minimum_note(&self, statement: &Statement, on: Date) -> Said {
        let terms = self.models().merchants.terms_on(statement.merchant, on);
        let least = terms.map_or(0, |terms| terms.minimum_payout(statement.currency));
        let least = Figure::new(least, statement.currency).grouped();
        Said::new(format!("below the minimum of {least}"), format!("未达最低打款额 {least}"))
    }

    /// `5 % of 10,643.41, released 7 Jun 2026`.
    pub(crate) fn withheld_note(&self, reserve: &Reserve, currency: Currency) -> Option<Said> {
        let fixed = (reserve.fixed.0 > 0).then(|| {
            let amount = Figure::new(reserve.fixed.0, currency).grouped();
            Said::new(format!("{amount} kept without a date"), format!("{amount} 无限期预留"))
        });
        let all: Vec<Said> = self.share_note(reserve, currency).into_iter().chain(fixed).collect();
        Said::listed(&all)
    }

    /// The same of the share alone.
    pub(crate) fn share_note(&self, reserve: &Reserve, currency: Currency) -> Option<Said> {
        let of = reserve.withheld?;
        let base = of.base_amount.minor(currency).map(|minor| Figure::new(minor, currency)).ok()?;
        let (what, what_zh) = match of.base {
            ReserveBase::GrossSales => (" in sales", "销售额 "),
            ReserveBase::NetLines => ("", ""),
        };
        let (rate, base, on) = (of.rate.percent(), base.grouped(), of.release_on);
        Some(Said::new(
            format!("{rate} of {base}{what}, released {}", day(on)),
            format!("{what_zh}{base} 的 {rate}，{}释放", day_zh(on)),
        ))
    }

    /// `withheld in S-1007-2025W49-CNY`, with `early` what covered a negative balance.
    pub(crate) fn released_note(&self, reserve: &Reserve, statement: &Statement) -> Option<Said> {
        let texts: Vec<(String, String)> = reserve
            .released
            .iter()
            .map(|of| {
                let from = self.withheld_in(statement, of.cycle);
                match of.early {
                    None => (from.clone(), from),
                    Some((why, why_zh)) => {
                        (format!("{from} ({why})"), format!("{from}（{why_zh}）"))
                    }
                }
            })
            .collect();
        let (en, zh): (Vec<String>, Vec<String>) = texts.into_iter().unzip();
        let tranches = (!en.is_empty()).then(|| {
            let (en, zh) = (joined(&en).en, joined(&zh).zh);
            Said::new(format!("withheld in {en}"), format!("冻结于 {zh}"))
        });
        let fixed = (reserve.fixed.1 > 0).then(|| {
            let amount = Figure::new(reserve.fixed.1, statement.currency).grouped();
            let en = format!("{amount} of what was kept without a date");
            Said::new(en, format!("{amount} 出自无限期预留"))
        });
        let all: Vec<Said> = tranches.into_iter().chain(fixed).collect();
        Said::listed(&all)
    }

    /// The number of the statement of a cycle that withheld reserve; of one before going live, the cycle.
    pub(super) fn withheld_in(&self, statement: &Statement, cycle: CycleId) -> String {
        let closed = self.closed(statement.merchant, statement.currency);
        let from = closed.iter().find(|known| *known.cycle == *cycle.as_str());
        from.map_or_else(|| cycle.to_string(), |known| known.number.to_string())
    }

    /// How the payout went, or why there is none; with the day on which it was paid.
    pub(crate) fn payout_note(
        &self,
        statement: &Statement,
        reserve: &Reserve,
    ) -> (Option<Date>, Option<Said>) {
        if !statement.frozen {
            let said = || Said::new("decided when the cycle closes", "结账时确定");
            return (None, statement.is_so_far().then(said));
        }
        if statement.payout.is_zero() {
            return (None, Some(self.no_payout(statement)));
        }
        let Some(of) = &statement.transfer else { return (None, None) };
        let tail = of.payee_tail.as_deref().map(|tail| goes_to(of.means, tail));
        let paid = of.since.filter(|_| of.standing == PayoutStanding::Paid);
        let dot = |parts: Vec<Said>| {
            let (en, zh): (Vec<_>, Vec<_>) = parts.into_iter().map(|of| (of.en, of.zh)).unzip();
            (!en.is_empty()).then(|| Said::new(en.join(" · "), zh.join(" · ")))
        };
        let note = self.stands(statement, reserve, of);
        (paid, dot(note.into_iter().chain(tail).collect()))
    }

    /// Where a payout stands, since when and why.
    fn stands(&self, statement: &Statement, reserve: &Reserve, of: &Transfer) -> Option<Said> {
        let (on, on_zh) = of.since.map_or_else(Default::default, |on| (day(on), day_zh(on)));
        let why = of.reason.as_deref().unwrap_or_default();
        match of.standing {
            PayoutStanding::Due => {
                let due = self.payout_day(statement, reserve).into_iter();
                let all: Vec<Said> =
                    due.chain([Said::new("not yet instructed", "尚未提交银行")]).collect();
                Said::listed(&all)
            }
            PayoutStanding::Held => {
                Some(Said::new(format!("held {on}: {why}"), format!("{on_zh}暂缓打款：{why}")))
            }
            PayoutStanding::Instructed => {
                Some(Said::new(format!("instructed {on}"), format!("{on_zh}提交银行")))
            }
            PayoutStanding::InTransit => {
                let en = format!("accepted by the bank {on}");
                Some(Said::new(en, format!("{on_zh}银行已受理")))
            }
            // The day stands in the English label; the Chinese one is the same whether it is paid or not.
            PayoutStanding::Paid => Some(of.bank_reference.map_or_else(
                || Said::new("no bank reference", on_zh.clone()),
                |reference| {
                    let zh = format!("{on_zh} · 银行流水号 {reference}");
                    Said::new(format!("bank reference {reference}"), zh)
                },
            )),
            PayoutStanding::Failed => {
                Some(Said::new(format!("failed {on}: {why}"), format!("{on_zh}打款失败：{why}")))
            }
            PayoutStanding::Returned => {
                let en = format!("returned {on}: {why}");
                Some(Said::new(en, format!("{on_zh}被银行退回：{why}")))
            }
        }
    }

    /// Why a closed cycle pays nothing.
    fn no_payout(&self, statement: &Statement) -> Said {
        let (closing, debt) = (statement.closing.minor, statement.debt.minor);
        let size = Figure::new(debt.abs(), statement.currency).grouped();
        if debt > 0 {
            Said::new(
                format!("nothing to pay: {size} is owed to the platform from now on"),
                format!("无打款：自此欠平台 {size}"),
            )
        } else if debt < 0 {
            Said::new(
                format!("nothing to pay: {size} was kept for a debt"),
                format!("无打款：{size} 用于抵扣欠款"),
            )
        } else if closing < 0 {
            Said::new(
                "nothing to pay: the balance is negative and is carried",
                "无打款：余额为负，结转下期",
            )
        } else if closing == 0 {
            Said::new("nothing to pay", "无打款")
        } else {
            let Said { en, zh } = self.minimum_note(statement, statement.to);
            Said::new(format!("{en}, carried"), format!("{zh}，结转下期"))
        }
    }

    /// `payout on 12 Mar 2026`, or why no day is known; nothing where none is agreed.
    fn payout_day(&self, statement: &Statement, reserve: &Reserve) -> Option<Said> {
        if let Some(on) = reserve.pay_on {
            let zh = format!("{}打款", day_zh(on));
            return Some(Said::new(format!("payout on {}", day(on)), zh));
        }
        let terms = self.models().merchants.terms_on(statement.merchant, statement.to);
        let not_known = terms?.payout?.of(statement.to).err()?;
        let zh = format!("无打款日：{}", super::dates::not_known_zh(&not_known));
        Some(Said::new(format!("no payout day: {not_known}"), zh))
    }
}

/// Where a payout goes, as far as the log knows: what kind of account, and the last four characters.
fn goes_to(means: Option<Means>, tail: &str) -> Said {
    let (en, zh) = match means {
        Some(Means::Bank) => ("bank account ", "银行账户 "),
        Some(Means::Wechat) => ("WeChat ", "微信 "),
        Some(Means::Alipay) => ("Alipay ", "支付宝 "),
        None => ("", ""),
    };
    Said::new(format!("{en}••{tail}"), format!("{zh}••{tail}"))
}
