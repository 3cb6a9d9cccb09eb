//! A file of payouts made of what the log says and what the vault has, and whether it is the one that was issued.

use souk_books::payouts::{Chosen, LeftOut, Wanted};
use souk_books::{Books, Figure};
use souk_domain::event_id::sha256;
use souk_domain::payoutfile::events::Format;
use souk_formats::payout_file::{Party, PayoutFile, Transfer, render};
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::Id;
use souk_journal::money::Currency;
use souk_journal::statement_lines::hex;
use souk_registers::PayoutFileKnown;
use souk_vault::{Details, Kept, Vault};

use super::Account;
use super::desk::{Desk, unusable, vault};
use crate::cli::Global;
use crate::fail::{Exit, Failure};
use crate::place::Place;
use crate::show;

/// What names a file and does not come from the vault.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) file: Id,
    pub(super) account: Id,
    pub(super) format: Format,
    pub(super) currency: Currency,
    pub(super) execute_on: Date,
    pub(super) at: Micros,
}

impl Head {
    pub(super) fn of(known: &PayoutFileKnown) -> Self {
        Self {
            file: known.file,
            account: known.account,
            format: known.format,
            currency: known.currency,
            execute_on: known.execute_on,
            at: Micros(known.issued_at),
        }
    }
}

/// `souk payouts account`
pub(super) fn account(global: &Global, of: &Account) -> Result<(), Failure> {
    let id = Id::new(&of.id)
        .map_err(|error| Failure::new(Exit::Usage, "BadAccountId", error.to_string()))?;
    let details = of.details.checked()?;
    let place = Place::of(global)?;
    // Holds the ledger, so that nobody writes the vault at the same time.
    let ledger = place.ledger()?;
    let mut vault = vault(&place, of.vault.as_deref())?;
    let tail = details.tail();
    if vault.account(id.as_str()).is_some_and(|known| known.details == details) {
        show::note(global, &format!("account {id} is in the vault already, as ••{tail}"));
        return Ok(());
    }
    vault.keep_account(id.as_str(), Kept::new(details)).map_err(unusable)?;
    drop(ledger);
    show::note(global, &format!("account {id} is in the vault, as ••{tail}"));
    let form = "pain001|bank-csv|wechat|alipay";
    let next = format!("souk payouts issue --account {id} --form {form} --by NAME{}", place.flag());
    show::next(global, &next);
    Ok(())
}

/// The paying account's details.
pub(super) fn paying(vault: &Vault, account: Id) -> Result<&Kept, Failure> {
    vault.account(account.as_str()).ok_or_else(|| {
        let known: Vec<&str> = vault.accounts().map(|(id, _)| id).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let message = format!("account {account} is not in the vault, which has {known}");
        Failure::new(Exit::Usage, "UnknownPayingAccount", message).with(format!(
            "  souk payouts account {account} --holder NAME --account NUMBER --bank-code CODE"
        ))
    })
}

/// Those whose details are what the log commits to; the others stay out.
pub(super) fn trusted(
    books: &Books,
    vault: &Vault,
    chosen: Vec<Chosen>,
) -> (Vec<Chosen>, Vec<LeftOut>) {
    let (mut good, mut out) = (Vec::with_capacity(chosen.len()), Vec::new());
    for of in chosen {
        let payees = books.models().payees.get(of.row.merchant, of.row.currency);
        let payee = payees.and_then(|state| state.get(of.payee));
        let kept = vault.payee(of.payee.as_str());
        match (payee, kept) {
            (Some(payee), Some(kept)) if kept.commitment() == *payee.commitment => good.push(of),
            (_, kept) => {
                let what =
                    if kept.is_some() { "are not those that were approved" } else { "are missing" };
                let reason = format!("payee {}: its details in the vault {what}", of.payee);
                out.push(LeftOut { row: of.row, reason });
            }
        }
    }
    (good, out)
}

/// The payouts of a file that was issued: as they were instructed in it or, while some are not, as they were selected.
pub(super) fn contents(desk: &Desk, known: &PayoutFileKnown) -> Result<Vec<Chosen>, Failure> {
    let payouts = &desk.books.models().payouts;
    let zone = &desk.ledger.identity().zone;
    let at = Micros(known.issued_at);
    let instructed: Vec<_> = payouts.of_file(known.file).collect();
    if instructed.len() as u64 == known.count {
        let mut chosen = Vec::with_capacity(instructed.len());
        for (id, payout) in instructed {
            let row = desk.books.payout(id, zone.date(at));
            chosen.extend(row.zip(payout.payee).map(|(row, payee)| Chosen { row, payee }));
        }
        chosen.sort_by(|a, b| order(a).cmp(&order(b)));
        return Ok(chosen);
    }
    let id = desk.ledger.identity().ledger.simple().to_string();
    let mut then = Books::open(desk.ledger.store().clone(), None, &id)?;
    then.catch_up(Some(known.through_entry + 1))?;
    let wanted = Wanted {
        format: known.format,
        currency: known.currency,
        at,
        platform: zone.date(at),
        by: &known.issued_by,
    };
    let mut chosen = trusted(&then, &desk.vault, then.payout_selection(&wanted).chosen).0;
    chosen.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(chosen)
}

/// The order of a file.
pub(super) fn order(of: &Chosen) -> (souk_journal::ids::MerchantId, &str) {
    (of.row.merchant, &of.row.cycle)
}

/// The file's bytes.
pub(super) fn bytes(desk: &Desk, head: &Head, chosen: &[Chosen]) -> Result<Vec<u8>, Failure> {
    let from = party(&paying(&desk.vault, head.account)?.details);
    let mut transfers = Vec::with_capacity(chosen.len());
    let mut total = 0;
    for of in chosen {
        let kept = desk.vault.payee(of.payee.as_str()).ok_or_else(|| {
            let message = format!("payee {} of file {} is not in the vault", of.payee, head.file);
            Failure::new(Exit::Difference, "PayoutFileDiffers", message)
        })?;
        total += of.row.amount.minor;
        transfers.push(Transfer {
            payout: of.row.payout.clone(),
            amount: of.row.amount.to_string(),
            to: party(&kept.details),
            statement: of.row.statement.clone(),
        });
    }
    let file = PayoutFile {
        file: head.file.to_string(),
        issued_at: desk.ledger.identity().zone.local(head.at),
        execute_on: head.execute_on.to_string(),
        currency: head.currency.code().to_owned(),
        total: Figure::new(total, head.currency).to_string(),
        from,
        transfers,
    };
    Ok(render(head.format, &file))
}

fn party(details: &Details) -> Party {
    let wallet = details.wechat.clone().or_else(|| details.alipay.clone());
    Party {
        holder: details.holder.clone(),
        iban: details.iban.clone(),
        account: details.account.clone().or(wallet),
        bank_code: details.bank_code.clone(),
    }
}

/// SHA-256 in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// The bytes of a file that was issued, or why they cannot be made any more.
pub(super) fn issued(
    desk: &Desk,
    known: &PayoutFileKnown,
) -> Result<(Vec<Chosen>, Vec<u8>), Failure> {
    let chosen = contents(desk, known)?;
    let made = bytes(desk, &Head::of(known), &chosen)?;
    if digest(&made) == *known.digest {
        return Ok((chosen, made));
    }
    let message = format!("file {} cannot be made as it was issued", known.file);
    let mut failure = Failure::new(Exit::Difference, "PayoutFileDiffers", message);
    if paying(&desk.vault, known.account)?.commitment() != *known.commitment {
        let what = format!("  the details of account {} in the vault were changed", known.account);
        failure = failure.with(what);
    }
    let differing = super::super::payee::differences(&desk.books, &desk.vault);
    let instructed = desk.books.models().payouts.of_file(known.file);
    let of_file: Vec<String> = chosen
        .iter()
        .map(|of| of.payee.to_string())
        .chain(instructed.filter_map(|(_, of)| of.payee.map(|id| id.to_string())))
        .collect();
    for (payee, what) in differing {
        // While it is not finished, a payee that is not trusted is missing from what is chosen.
        if of_file.contains(&payee) || (chosen.len() as u64) < known.count {
            failure = failure.with(format!("  payee {payee}: {what}"));
        }
    }
    if failure.details.is_empty() {
        failure = failure.with(
            "  the vault is as it was: this edition makes other bytes than the one that issued it",
        );
    }
    Err(failure)
}
