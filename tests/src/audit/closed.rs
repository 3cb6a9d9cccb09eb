//! What a close recorded, be it a cycle's or an account's last, in minor units.

use souk_domain::settlement::events::{AccountSettled, CycleClosed, SettlementEvent};
use souk_journal::money::{Amount, Currency};
use souk_journal::open_items::Claims;
use souk_journal::statement_lines::Head;

pub(super) struct Closed<'a> {
    pub(super) head: Head,
    pub(super) number: &'a str,
    pub(super) digest: &'a str,
    pub(super) count: u64,
    pub(super) late: u64,
    pub(super) opening: i64,
    pub(super) lines: i64,
    pub(super) withheld: i64,
    pub(super) released: i64,
    pub(super) closing: i64,
    pub(super) payout: i64,
    pub(super) carried: i64,
    /// Recognised less collected.
    pub(super) debt: i64,
}

fn minor(amount: Amount, currency: Currency) -> i64 {
    amount.minor(currency).unwrap_or(i64::MIN / 8)
}

impl<'a> Closed<'a> {
    pub(super) fn of(event: &'a SettlementEvent<'a>) -> Option<Self> {
        match event {
            SettlementEvent::CycleClosed(of) => Some(Self::cycle(of)),
            SettlementEvent::AccountSettled(of) => Some(Self::account(of)),
            SettlementEvent::BroughtForward(_)
            | SettlementEvent::DebtRecognised(_)
            | SettlementEvent::DebtCollected(_)
            | SettlementEvent::AllowanceSet(_)
            | SettlementEvent::DebtWrittenOff(_)
            | SettlementEvent::ObjectionTermsAgreed(_)
            | SettlementEvent::ObjectionRaised(_)
            | SettlementEvent::ObjectionAnswered(_)
            | SettlementEvent::CorrectionBooked(_)
            | SettlementEvent::StatementConfirmed(_) => None,
        }
    }

    fn cycle(of: &'a CycleClosed<'a>) -> Self {
        let minor = |amount| minor(amount, of.currency);
        Self {
            head: Head {
                merchant: of.merchant,
                currency: of.currency,
                cycle: of.cycle,
                from: of.from,
                cut_off: of.cut_off,
                entry_limit: of.entry,
                claims: Claims::Due,
            },
            number: of.number,
            digest: of.digest,
            count: of.count,
            late: of.late,
            opening: minor(of.opening),
            lines: minor(of.lines),
            withheld: of.withheld.map_or(0, |of| minor(of.amount))
                + minor(of.fixed_reserve_withheld)
                + minor(of.deposit_topped_up),
            released: of.released.iter().map(|of| minor(of.amount)).sum::<i64>()
                + minor(of.fixed_reserve_released)
                + minor(of.deposit_used),
            closing: minor(of.closing),
            payout: minor(of.payout),
            carried: minor(of.carried),
            debt: minor(of.debt_recognised) - minor(of.debt_collected),
        }
    }

    fn account(of: &'a AccountSettled<'a>) -> Self {
        let minor = |amount| minor(amount, of.currency);
        Self {
            head: Head {
                merchant: of.merchant,
                currency: of.currency,
                cycle: of.cycle,
                from: of.from,
                cut_off: of.cut_off,
                entry_limit: of.entry,
                claims: Claims::Everything,
            },
            number: of.number,
            digest: of.digest,
            count: of.count,
            late: of.late,
            opening: minor(of.opening),
            lines: minor(of.lines),
            withheld: 0,
            released: of.released.iter().map(|of| minor(of.amount)).sum::<i64>()
                + minor(of.fixed_reserve_released),
            closing: minor(of.closing),
            payout: minor(of.payout),
            carried: 0,
            debt: minor(of.debt_recognised) - minor(of.debt_collected),
        }
    }
}
