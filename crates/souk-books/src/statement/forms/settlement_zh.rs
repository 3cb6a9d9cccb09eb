//! A Chinese 结算单: a row per order and kind of trade, with a column per sort of amount.
//!
//! In each row 商家实收 = 收入合计 + 支出合计 = the sum of the columns behind them; over the rows of a 结算单号 it is 打款金额.

use std::collections::BTreeMap;

use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;

use super::super::contract::Statement;
use super::slot::Slot;
use super::{Beside, Sheet, beside};
use crate::figure::Figure;
use crate::statement::Transfer;

const COLUMNS: [&str; 36] = [
    "结算单号",
    "商家编号",
    "结算周期",
    "开始日期",
    "结束日期",
    "币种",
    "打款金额",
    "打款日期",
    "银行流水号",
    "收款账户尾号",
    "订单号",
    "业务类型",
    "结算类型",
    "预留结算单号",
    "释放日期",
    "商家实收",
    "收入合计",
    "支出合计",
    "商品总价",
    "运费",
    "商家优惠",
    "退款",
    "平台服务费",
    "支付手续费",
    "渠道推广费",
    "达人佣金",
    "广告推广费",
    "会员及服务费",
    "仓储物流费",
    "保险及保障费",
    "金融",
    "保证金",
    "违约金",
    "代扣税款",
    "余额调整",
    "预留与结转",
];

/// The columns of amounts, which are the last.
const AMOUNTS: usize = 18;

/// Rows in the order of the first line of each: the order and the trade, or the number of a line without an order.
type Rows = BTreeMap<usize, Row>;

#[derive(Debug, Default)]
struct Row {
    order: String,
    business: String,
    trade: &'static str,
    /// Of reserve: the statement that withheld it, and the date of its release.
    reserve: (String, Option<Date>),
    income: i128,
    outcome: i128,
    amounts: [i128; AMOUNTS],
}

impl Row {
    fn add(&mut self, column: usize, minor: i128) {
        if minor < 0 {
            self.outcome += minor
        } else {
            self.income += minor
        }
        if let Some(sum) = self.amounts.get_mut(column) {
            *sum += minor;
        }
    }
}

/// The statements in this form, one after the other.
#[must_use]
pub fn settlement_zh(all: &[Statement]) -> Sheet {
    let mut sheet = Sheet { columns: COLUMNS.to_vec(), rows: Vec::new() };
    for of in all {
        for row in rows(of).into_values() {
            sheet.rows.push(cells(of, row));
        }
    }
    sheet
}

fn rows(of: &Statement) -> Rows {
    let mut rows = Rows::new();
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (index, line) in of.lines.iter().enumerate() {
        let trade = trade(line.kind);
        let order = line.order.as_deref();
        let place = order.map_or(index, |order| *places.entry((order, trade)).or_insert(index));
        let row = rows.entry(place).or_insert_with(|| Row {
            order: order.unwrap_or_default().to_owned(),
            business: order.map_or(line.kind.label_zh(), |_| "订单").to_owned(),
            trade,
            ..Row::default()
        });
        row.add(column(line.kind), line.amount.minor);
    }
    for (index, extra) in beside(of).into_iter().enumerate() {
        let mut row = Row {
            business: extra.what.label_zh().to_owned(),
            trade: "预留与结转",
            reserve: (extra.withheld_in.unwrap_or_default(), extra.release_on),
            ..Row::default()
        };
        row.add(beside_column(extra.what), extra.amount.minor);
        rows.insert(of.lines.len() + index, row);
    }
    rows
}

const SETTLED: &str = "已结算";
const REFUND: &str = "退款";

/// 已结算, or 退款: what gives a sale back, and the fees that come back with it.
fn trade(kind: LineKind) -> &'static str {
    match Slot::of(kind) {
        Slot::Refund => REFUND,
        Slot::Tax if kind == LineKind::TaxWithheldReturned => REFUND,
        Slot::Balance | Slot::Internal => SETTLED,
        Slot::Goods
        | Slot::Shipping
        | Slot::Discount
        | Slot::PlatformFee
        | Slot::PaymentFee
        | Slot::Affiliate
        | Slot::Influencer
        | Slot::Tax
        | Slot::Advertising
        | Slot::Service
        | Slot::Logistics
        | Slot::Insurance
        | Slot::Financing
        | Slot::Deposit
        | Slot::Penalty => {
            if kind.is_return() {
                REFUND
            } else {
                SETTLED
            }
        }
    }
}

/// Which column of amounts.
fn column(kind: LineKind) -> usize {
    match Slot::of(kind) {
        Slot::Goods => 0,
        Slot::Shipping => 1,
        Slot::Discount => 2,
        Slot::Refund => 3,
        Slot::PlatformFee => 4,
        Slot::PaymentFee => 5,
        Slot::Affiliate => 6,
        Slot::Influencer => 7,
        Slot::Advertising => 8,
        Slot::Service => 9,
        Slot::Logistics => 10,
        Slot::Insurance => 11,
        Slot::Financing => 12,
        Slot::Deposit => 13,
        Slot::Penalty => 14,
        Slot::Tax => 15,
        Slot::Balance | Slot::Internal => 16,
    }
}

/// Which column of amounts has what stands beside the lines.
fn beside_column(of: Beside) -> usize {
    match of {
        Beside::ToppedUp | Beside::Used => column(LineKind::DepositToppedUp),
        Beside::Opening | Beside::Withheld | Beside::Released | Beside::Carried | Beside::Debt => {
            AMOUNTS - 1
        }
    }
}

fn cells(of: &Statement, row: Row) -> Vec<String> {
    let date = |on: Option<Date>| on.map(|on| on.to_string()).unwrap_or_default();
    let money = |minor: i128| Figure::new(minor, of.currency).to_string();
    let mut cells = vec![
        of.number.clone(),
        of.merchant.to_string(),
        of.cycle.clone(),
        of.from.to_string(),
        of.to.to_string(),
        of.currency.to_string(),
        of.payout.to_string(),
        date(of.transfer.as_ref().and_then(Transfer::paid_on)),
        of.transfer
            .as_ref()
            .and_then(|of| of.bank_reference)
            .map_or_else(String::new, |of| of.to_string()),
        of.transfer.as_ref().and_then(|of| of.payee_tail.clone()).unwrap_or_default(),
        row.order,
        row.business,
        row.trade.to_owned(),
        row.reserve.0,
        date(row.reserve.1),
        money(row.income + row.outcome),
        money(row.income),
        money(row.outcome),
    ];
    cells.extend(row.amounts.iter().map(|minor| money(*minor)));
    cells
}
