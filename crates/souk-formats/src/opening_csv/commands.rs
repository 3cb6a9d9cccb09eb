//! From the rows of a file to a command for each stream.

use std::collections::BTreeMap;

use souk_domain::opening::commands::{
    BringSettlement, BringSum, BringTerm, OpeningBalances, OpeningCommand, RecordOpening,
};
use souk_domain::opening::events::{Balance, Origin};
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency};

use super::{Of, OpeningFile, Row};

/// Where the command of a merchant stands, and that of a settlement.
#[derive(Default)]
struct Places {
    records: BTreeMap<Option<MerchantId>, usize>,
    settlements: BTreeMap<(MerchantId, &'static str), usize>,
}

impl OpeningFile {
    /// A command for each stream, in the order in which the file first names it.
    pub fn commands<'s>(&'s self, origin: &Origin<'s>) -> Vec<OpeningCommand<'s>> {
        let mut commands: Vec<OpeningCommand<'s>> = Vec::new();
        let mut places = Places::default();
        for row in &self.rows {
            match &row.of {
                Of::Plain { merchant, .. } => {
                    plain((&mut commands, &mut places), row, *merchant, origin)
                }
                Of::Deposit(merchant) => {
                    commands.push(OpeningCommand::Deposit(sum(*merchant, row, origin)));
                }
                Of::Wallet(merchant) => {
                    commands.push(OpeningCommand::Wallet(sum(*merchant, row, origin)));
                }
                Of::Reserve(merchant, release_on) => {
                    let of =
                        settlement((&mut commands, &mut places), (*merchant, row.currency), origin);
                    of.reserve.push((row.amount, *release_on));
                }
                Of::Debt(merchant) => {
                    settlement((&mut commands, &mut places), (*merchant, row.currency), origin)
                        .debt = row.amount;
                }
                Of::Allowance(merchant) => {
                    settlement((&mut commands, &mut places), (*merchant, row.currency), origin)
                        .allowance = row.amount;
                }
                Of::Term { merchant, membership, service, from, to } => {
                    commands.push(OpeningCommand::Term(BringTerm {
                        membership: *membership,
                        merchant: *merchant,
                        service: *service,
                        currency: row.currency,
                        from: *from,
                        to: *to,
                        deferred: row.amount,
                        origin: origin.clone(),
                    }));
                }
            }
        }
        commands
    }
}

fn sum<'s>(merchant: MerchantId, row: &Row, origin: &Origin<'s>) -> BringSum<'s> {
    BringSum { merchant, currency: row.currency, amount: row.amount, origin: origin.clone() }
}

/// Adds a balance to the command of its merchant, or of the platform.
fn plain<'s>(
    (commands, places): (&mut Vec<OpeningCommand<'s>>, &mut Places),
    row: &'s Row,
    merchant: Option<MerchantId>,
    origin: &Origin<'s>,
) {
    let Of::Plain { account, due_on, reference, .. } = &row.of else { return };
    let index = *places.records.entry(merchant).or_insert_with(|| {
        let (accounts, origin) = (Vec::new(), origin.clone());
        commands.push(OpeningCommand::Record(RecordOpening { merchant, accounts, origin }));
        commands.len() - 1
    });
    let Some(OpeningCommand::Record(of)) = commands.get_mut(index) else { return };
    let (debit, credit) =
        if row.is_debit { (row.amount, Amount::ZERO) } else { (Amount::ZERO, row.amount) };
    let reference = reference.as_deref().map(Into::into);
    let balance = Balance { debit, credit, due_on: *due_on, reference };
    let known =
        of.accounts.iter().position(|of| (of.account, of.currency) == (*account, row.currency));
    let index = known.unwrap_or_else(|| {
        let (account, currency, balances) = (*account, row.currency, Vec::new());
        of.accounts.push(OpeningBalances { account, currency, balances });
        of.accounts.len() - 1
    });
    if let Some(of) = of.accounts.get_mut(index) {
        of.balances.push(balance);
    }
}

/// The command of a settlement, added where there is none yet.
fn settlement<'c, 's>(
    (commands, places): (&'c mut Vec<OpeningCommand<'s>>, &mut Places),
    (merchant, currency): (MerchantId, Currency),
    origin: &Origin<'s>,
) -> &'c mut BringSettlement<'s> {
    let key = (merchant, currency.code());
    let index = *places.settlements.entry(key).or_insert_with(|| {
        commands.push(OpeningCommand::Settlement(BringSettlement {
            merchant,
            currency,
            reserve: Vec::new(),
            debt: Amount::ZERO,
            allowance: Amount::ZERO,
            origin: origin.clone(),
        }));
        commands.len() - 1
    });
    match commands.get_mut(index) {
        Some(OpeningCommand::Settlement(of)) => of,
        Some(_) | None => unreachable!("it was found or added above"),
    }
}
