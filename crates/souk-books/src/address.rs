//! Addresses of figures: the same in CLI, JSON, URL and PDF. One function per form, so that no
//! other code builds one.

use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

/// `statement/<merchant>/<cycle>/<currency>`: a whole statement.
pub fn statement(merchant: MerchantId, cycle: &str, currency: Currency) -> String {
    format!("statement/{merchant}/{cycle}/{currency}")
}

/// `statement/<merchant>/<cycle>/<currency>/<part>`: the subtotal of a kind of line, or one of
/// `opening`, `reserve_withheld`, `earned`, `moved`, `reserve_released`, `deposit_topped_up`, `deposit_used`, `closing`, `payout`, `carried`.
pub fn statement_part(merchant: MerchantId, cycle: &str, currency: Currency, part: &str) -> String {
    format!("{}/{part}", statement(merchant, cycle, currency))
}

/// `statement/<merchant>/<cycle>/<currency>/lines/<n>`: one line.
pub fn statement_line(
    merchant: MerchantId,
    cycle: &str,
    currency: Currency,
    line_no: u64,
) -> String {
    format!("{}/lines/{line_no}", statement(merchant, cycle, currency))
}

/// `balance/<merchant>/<currency>/<state>`: one state of a merchant's money, or `total`.
pub fn balance(merchant: MerchantId, currency: Currency, state: &str) -> String {
    format!("balance/{merchant}/{currency}/{state}")
}

/// `revenue/<month>/<line>/<currency>`: a revenue line of a month.
pub fn revenue(month: &str, line: &str, currency: Currency) -> String {
    format!("revenue/{month}/{line}/{currency}")
}

/// `trial-balance/<account>[/<merchant>]/<currency>`: an account, of a merchant where it is kept
/// for one.
pub fn trial_balance(account: &str, merchant: Option<MerchantId>, currency: Currency) -> String {
    match merchant {
        Some(merchant) => format!("trial-balance/{account}/{merchant}/{currency}"),
        None => format!("trial-balance/{account}/{currency}"),
    }
}

/// `order/<order>`: the life of an order's money.
pub fn order(order: &str) -> String {
    format!("order/{order}")
}

/// A month as addresses and reports name it: `2026-03`.
pub fn month(of: Date) -> String {
    let (year, month, _) = of.parts();
    format!("{year:04}-{month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_the_address_of_the_design() {
        let merchant = MerchantId::new("1007").unwrap();
        let cny = Currency::from_code("CNY").unwrap();
        assert_eq!(
            statement_part(merchant, "2026-W10", cny, "commission"),
            "statement/1007/2026-W10/CNY/commission"
        );
        assert_eq!(
            statement_line(merchant, "2026-W10", cny, 3),
            "statement/1007/2026-W10/CNY/lines/3"
        );
        assert_eq!(balance(merchant, cny, "pending"), "balance/1007/CNY/pending");
        assert_eq!(revenue("2026-03", "Commission", cny), "revenue/2026-03/Commission/CNY");
        assert_eq!(
            trial_balance("MerchantPayable", Some(merchant), cny),
            "trial-balance/MerchantPayable/1007/CNY"
        );
        assert_eq!(trial_balance("Commission", None, cny), "trial-balance/Commission/CNY");
    }
}
