//! Balances whose bound a stream of their own guards: they are brought forward in that stream, as its first event.

use souk_journal::dates::Micros;
use souk_journal::ids::CycleId;
use souk_journal::money::{Amount, MoneyError};

use super::commands::{BringSettlement, BringSum, BringTerm};
use super::decide::{OpeningRefusal, at_the_beginning, positive, sourced};
use super::events::{
    DepositBroughtForward, MembershipBroughtForward, SettlementBroughtForward,
    TrancheBroughtForward, WalletBroughtForward,
};
use crate::advertising::decide::Advertising;
use crate::advertising::events::AdvertisingEvent;
use crate::advertising::state::AdvertisingState;
use crate::decider::{Decider, Decision};
use crate::deposit::decide::Deposit;
use crate::deposit::events::DepositEvent;
use crate::deposit::state::DepositState;
use crate::membership::decide::Membership;
use crate::membership::events::{Holder, MembershipEvent, UnusedRest};
use crate::membership::state::MembershipState;
use crate::settlement::events::SettlementEvent;
use crate::settlement::state::{SettlementState, evolve};

/// Deposits brought forward.
#[derive(Debug)]
pub struct OpeningDeposit;

impl Decider for OpeningDeposit {
    const CATEGORY: &'static str = "deposit";
    type Command<'a> = BringSum<'a>;
    type Event<'a> = DepositEvent<'a>;
    type State = DepositState;
    type Refusal = OpeningRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a DepositState,
        of: &'a BringSum<'a>,
        (): &'a (),
        _at: Micros,
    ) -> Result<Decision<DepositEvent<'a>>, OpeningRefusal> {
        let begun = *state != DepositState::default();
        at_the_beginning(begun, || format!("deposit-{}~{}", of.merchant, of.currency))?;
        sourced(&of.origin, of.amount)?;
        let event = DepositBroughtForward {
            merchant: of.merchant,
            currency: of.currency,
            amount: positive(of.amount, of.currency)?,
            origin: of.origin.clone(),
        };
        Ok(Decision::one(of.origin.as_of, DepositEvent::BroughtForward(event)))
    }

    fn evolve(state: &mut DepositState, event: &DepositEvent<'_>) -> Result<(), MoneyError> {
        Deposit::evolve(state, event)
    }
}

/// Advertising wallets brought forward. Credit that was given away is granted anew.
#[derive(Debug)]
pub struct OpeningWallet;

impl Decider for OpeningWallet {
    const CATEGORY: &'static str = "advertising";
    type Command<'a> = BringSum<'a>;
    type Event<'a> = AdvertisingEvent<'a>;
    type State = AdvertisingState;
    type Refusal = OpeningRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a AdvertisingState,
        of: &'a BringSum<'a>,
        (): &'a (),
        _at: Micros,
    ) -> Result<Decision<AdvertisingEvent<'a>>, OpeningRefusal> {
        let begun = *state != AdvertisingState::default();
        at_the_beginning(begun, || format!("advertising-{}~{}", of.merchant, of.currency))?;
        sourced(&of.origin, of.amount)?;
        let event = WalletBroughtForward {
            merchant: of.merchant,
            currency: of.currency,
            amount: positive(of.amount, of.currency)?,
            origin: of.origin.clone(),
        };
        Ok(Decision::one(of.origin.as_of, AdvertisingEvent::BroughtForward(event)))
    }

    fn evolve(
        state: &mut AdvertisingState,
        event: &AdvertisingEvent<'_>,
    ) -> Result<(), MoneyError> {
        Advertising::evolve(state, event)
    }
}

/// Reserve and debts brought forward.
#[derive(Debug)]
pub struct OpeningSettlement;

impl Decider for OpeningSettlement {
    const CATEGORY: &'static str = "settlement";
    type Command<'a> = BringSettlement<'a>;
    type Event<'a> = SettlementEvent<'a>;
    type State = SettlementState;
    type Refusal = OpeningRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a SettlementState,
        of: &'a BringSettlement<'a>,
        (): &'a (),
        _at: Micros,
    ) -> Result<Decision<SettlementEvent<'a>>, OpeningRefusal> {
        let currency = of.currency;
        let begun = *state != SettlementState::default();
        at_the_beginning(begun, || format!("settlement-{}~{currency}", of.merchant))?;
        let amounts = of.reserve.iter().map(|(amount, _)| *amount).chain([of.debt, of.allowance]);
        let largest = amounts.max().unwrap_or(Amount::ZERO);
        sourced(&of.origin, largest)?;
        let mut sorted = of.reserve.clone();
        sorted.sort_by_key(|(_, release_on)| *release_on);
        let mut reserve = Vec::with_capacity(sorted.len());
        for (index, (amount, release_on)) in sorted.into_iter().enumerate() {
            let name = format!("before-{}", index + 1);
            // Such a name is an identifier.
            let cycle = CycleId::new(&name).map_err(|_| OpeningRefusal::UnusableLabel(name))?;
            let amount = positive(amount, currency)?;
            reserve.push(TrancheBroughtForward { cycle, amount, release_on });
        }
        let (debt, allowance) = (of.debt.at_scale(currency)?, of.allowance.at_scale(currency)?);
        if debt < Amount::ZERO || allowance < Amount::ZERO || largest.is_zero() {
            return Err(OpeningRefusal::AmountNotPositive(debt));
        }
        if allowance > debt {
            return Err(OpeningRefusal::AllowanceExceedsDebt { allowance, debt });
        }
        let event = SettlementBroughtForward {
            merchant: of.merchant,
            currency,
            reserve,
            debt,
            allowance,
            origin: of.origin.clone(),
        };
        Ok(Decision::one(of.origin.as_of, SettlementEvent::BroughtForward(Box::new(event))))
    }

    fn evolve(state: &mut SettlementState, event: &SettlementEvent<'_>) -> Result<(), MoneyError> {
        evolve(state, event)
    }
}

/// Running terms brought forward.
#[derive(Debug)]
pub struct OpeningTerm;

impl Decider for OpeningTerm {
    const CATEGORY: &'static str = "membership";
    type Command<'a> = BringTerm<'a>;
    type Event<'a> = MembershipEvent<'a>;
    type State = MembershipState;
    type Refusal = OpeningRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a MembershipState,
        of: &'a BringTerm<'a>,
        (): &'a (),
        _at: Micros,
    ) -> Result<Decision<MembershipEvent<'a>>, OpeningRefusal> {
        let begun = *state != MembershipState::default();
        at_the_beginning(begun, || format!("membership-{}", of.membership))?;
        sourced(&of.origin, of.deferred)?;
        if of.from <= of.origin.as_of || of.to < of.from {
            return Err(OpeningRefusal::TermIsOver);
        }
        let event = MembershipBroughtForward {
            holder: Holder::Merchant(of.merchant),
            service: of.service,
            currency: of.currency,
            from: of.from,
            to: of.to,
            deferred: positive(of.deferred, of.currency)?,
            unused_rest: UnusedRest::Returned,
            origin: of.origin.clone(),
        };
        Ok(Decision::one(of.origin.as_of, MembershipEvent::BroughtForward(event)))
    }

    fn evolve(state: &mut MembershipState, event: &MembershipEvent<'_>) -> Result<(), MoneyError> {
        Membership::evolve(state, event)
    }
}
