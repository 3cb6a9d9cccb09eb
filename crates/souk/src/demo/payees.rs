//! Where the merchants of the demonstration are paid: invented accounts, proposed by one person and approved by another.

use std::borrow::Cow;

use souk_domain::event_id::sha256;
use souk_domain::payee::commands::{ApprovePayee, PayeeCommand, ProposePayee};
use souk_journal::ids::{Id, MerchantId};
use souk_journal::statement_lines::hex;
use souk_ledger::command::Command;
use souk_vault::{Details, Kept, Vault};

use super::market::Shop;
use super::orders::id;
use crate::commands::payouts::desk;
use crate::fail::Failure;
use crate::place::Place;

/// A shop's account, with a salt that follows from its number: the same demonstration is the same bytes.
fn kept(merchant: MerchantId) -> Kept {
    let number: u64 = merchant.as_str().parse().unwrap_or_default();
    let tail = (number * 7 + 9_572) % 10_000;
    let details = Details {
        holder: format!("Shop {merchant}"),
        account: Some(format!("622848040{number}{tail:04}")),
        bank_code: Some("000000000000".to_owned()),
        ..Details::default()
    };
    let salt = hex(&sha256(format!("demonstration payee {merchant}").as_bytes()));
    Kept { salt, details }
}

/// The id of a shop's payee.
pub(super) fn payee(merchant: MerchantId) -> Result<Id, Failure> {
    id(Id::new(&format!("payee-{merchant}")))
}

/// The commands that propose a shop's payee and approve it.
pub(super) fn agreed(shop: &Shop) -> Result<[Command<'static>; 2], Failure> {
    let (merchant, payee, kept) = (shop.id, payee(shop.id)?, kept(shop.id));
    let currency = Cow::Borrowed(shop.currency);
    let propose = ProposePayee {
        merchant,
        currency: currency.clone(),
        payee,
        means: kept.details.means(),
        commitment: Cow::Owned(kept.commitment()),
        tail: Cow::Owned(kept.details.tail()),
        by: Cow::Borrowed("onboarding-1"),
    };
    let approve = ApprovePayee { merchant, currency, payee, by: Cow::Borrowed("finance-1") };
    Ok([
        Command::Payee(PayeeCommand::Propose(propose)),
        Command::Payee(PayeeCommand::Approve(approve)),
    ])
}

/// Keeps the details in the vault of a directory; beside a ledger on a server there is none.
pub(super) fn keep(place: &Place, shops: &[Shop]) -> Result<(), Failure> {
    if place.dir("a vault").is_err() {
        return Ok(());
    }
    let mut vault: Vault = desk::vault(place, None)?;
    for shop in shops {
        vault.keep_payee(payee(shop.id)?.as_str(), kept(shop.id)).map_err(desk::unusable)?;
    }
    Ok(())
}
