//! From a statement to its bridge.

use souk_journal::line_kind::{Block, LineKind};

use super::dates::day;
use super::model::{Bridge, BridgeBlock, BridgeRow, Check, Status};
use super::notes::of_lines;
use super::said::Said;
use super::{sentences, taxes};
use crate::books::Books;
use crate::figure::Figure;
use crate::statement::Statement;

impl Books {
    /// The bridge of a statement of these books.
    pub fn bridge(&self, statement: &Statement) -> Bridge {
        let status = match (statement.frozen, statement.is_so_far()) {
            (true, _) => Status::Frozen,
            (false, true) => Status::SoFar,
            (false, false) => Status::Zero,
        };
        let blocks = [sold(statement), taken(statement), self.kept(statement)];
        Bridge {
            number: statement.number.clone(),
            merchant: statement.merchant,
            cycle: statement.cycle.clone(),
            from: statement.from,
            to: statement.to,
            time_zone: statement.time_zone.clone(),
            offset: statement.facts.offset.clone(),
            cut_off_hour: statement.facts.cut_off_hour,
            currency: statement.currency,
            is_final: statement.is_final,
            status,
            blocks: blocks.into_iter().filter(|block| !block.rows.is_empty()).collect(),
            reserves: statement.reserves.clone(),
            taxes: taxes::of(statement),
            check: check(statement),
            message: (status == Status::Zero).then(|| nothing(statement)),
        }
    }

    fn kept(&self, of: &Statement) -> BridgeBlock {
        let reserve = &of.facts.reserve;
        let minus = |of: Figure| Figure::new(-of.minor, of.currency);
        let row = |kind: LineKind, part: &str, amount: Figure, note: Option<Said>| BridgeRow {
            kind: Some(kind),
            label: kind.label().into(),
            label_zh: kind.label_zh().into(),
            is_result: false,
            amount,
            lines: None,
            note,
            sentence: None,
            address: Some(of.part_address(part)),
        };
        let withheld_note = self.withheld_note(reserve, of.currency);
        let released_note = self.released_note(reserve, of);
        let (paid, payout_note) = self.payout_note(of, reserve);
        let mut payout = row(LineKind::Payout, "payout", of.payout, payout_note);
        payout.is_result = true;
        if let Some(on) = paid {
            payout.label = format!("Payout on {}", day(on)).into();
        }
        let mut carried = row(LineKind::Carried, "carried", of.carried, None);
        carried.label = "Carried to the next statement".into();
        carried.label_zh = "结转下期".into();
        // Opening, what only moved, what the close kept and gave back, and where the closing balance goes.
        let mut rows = vec![row(LineKind::Carried, "opening", of.opening, self.opening_note(of))];
        rows.extend(of_lines_in(of, |kind| !kind.is_earned()));
        let withheld = minus(of.reserve_withheld);
        rows.push(row(LineKind::ReserveWithheld, "reserve_withheld", withheld, withheld_note));
        if !of.deposit_topped_up.is_zero() {
            let amount = minus(of.deposit_topped_up);
            rows.push(row(LineKind::DepositToppedUp, "deposit_topped_up", amount, None));
        }
        let released = of.reserve_released;
        rows.push(row(LineKind::ReserveReleased, "reserve_released", released, released_note));
        if !of.deposit_used.is_zero() {
            rows.push(row(LineKind::DepositUsed, "deposit_used", of.deposit_used, None));
        }
        rows.extend([payout, carried]);
        if !of.debt.is_zero() {
            let kind =
                if of.debt.minor < 0 { LineKind::DebtCollected } else { LineKind::DebtRecognised };
            rows.push(row(kind, "debt", of.debt, None));
        }
        sentences::explain_kept(&mut rows, of, reserve);
        BridgeBlock { title: "What was kept or carried", title_zh: "预留与结转", rows }
    }
}

fn sold(of: &Statement) -> BridgeBlock {
    let mut rows = of_lines_in(of, |kind| kind.block() == Block::Sold);
    if !rows.is_empty() {
        let amount = sum(of, &rows);
        let paid = Figure::new(amount.minor - of.facts.subsidy, of.currency);
        let coupons = Figure::new(of.facts.subsidy, of.currency);
        let note = (of.facts.subsidy != 0).then(|| {
            let (paid, coupons) = (paid.grouped(), coupons.grouped());
            Said::new(
                format!("buyers paid {paid}, platform coupons {coupons}"),
                format!("买家实付 {paid}，平台补贴 {coupons}"),
            )
        });
        rows.push(result("Order value owed to you", "应归您的订单金额", amount, note));
    }
    BridgeBlock { title: "What you sold", title_zh: "销售", rows }
}

fn taken(of: &Statement) -> BridgeBlock {
    let mut rows = of_lines_in(of, |kind| kind.block() == Block::Taken);
    if !of.lines.is_empty() {
        rows.push(result("You earned", "本期所得", of.earned, None));
    }
    BridgeBlock { title: "What was taken", title_zh: "扣除", rows }
}

/// A row per kind of these that has lines. A kind that never stands on a statement would show in the last block rather than
/// vanish.
fn of_lines_in(of: &Statement, here: impl Fn(LineKind) -> bool) -> Vec<BridgeRow> {
    let totals = of.subtotals.iter().filter(|total| here(total.kind));
    totals
        .map(|total| BridgeRow {
            kind: Some(total.kind),
            label: total.kind.label().into(),
            label_zh: total.kind.label_zh().into(),
            is_result: false,
            amount: total.amount,
            lines: Some(total.lines),
            note: of_lines(of, total.kind),
            sentence: sentences::of_lines(total.kind),
            address: Some(of.part_address(total.kind.text())),
        })
        .collect()
}

fn result(
    label: &'static str,
    label_zh: &'static str,
    amount: Figure,
    note: Option<Said>,
) -> BridgeRow {
    BridgeRow {
        kind: None,
        label: label.into(),
        label_zh: label_zh.into(),
        is_result: true,
        amount,
        lines: None,
        note,
        sentence: sentences::of_result(label),
        address: None,
    }
}

fn sum(of: &Statement, rows: &[BridgeRow]) -> Figure {
    Figure::new(rows.iter().map(|row| row.amount.minor).sum::<i128>(), of.currency)
}

fn check(of: &Statement) -> Check {
    Check {
        opening: of.opening,
        earned: of.earned,
        moved: of.moved,
        withheld: of.reserve_withheld,
        topped_up: of.deposit_topped_up,
        released: of.reserve_released,
        used: of.deposit_used,
        closing: of.closing,
        payout: of.payout,
        carried: of.carried,
        debt: of.debt,
        holds: of.adds_up(),
        digest: of.digest.clone(),
    }
}

fn nothing(of: &Statement) -> Said {
    let zero = Figure::zero(of.currency);
    let currency = of.currency;
    Said::new(
        format!(
            "Nothing was sold, refunded or charged in this cycle. Opening and closing are both \
             {currency} {zero}."
        ),
        format!("本期无销售、退款及扣费，期初与期末均为 {currency} {zero}。"),
    )
}
