//! Corrections and what else gives a charge back, from outside: together they give back what was charged and no more.

use serde_json::{Value, json};

use crate::common::{Ran, list};
use crate::market::{Market, line};

const AT: &str = "2024-02-05T10:00:00+08:00";
const STATEMENT: &[&str] = &["statement", "1007", "2024-W06", "--currency", "CNY"];
const LATE: &str = "2024-02-06T10:00:00+08:00";

/// A ledger in which something was charged to 1007 in the week of 5 February, which nobody has closed.
struct Charged(Market);

impl Charged {
    fn by(command: &str, data: &Value) -> Self {
        let market = Market::new();
        market.apply(&line(command, "charge", AT, data)).done();
        Self(market)
    }

    /// Books a correction of the first line of a kind, from an account.
    fn correct(&self, id: &str, kind: &str, amount: &str, account: &str) -> Ran {
        let statement = self.0.json(STATEMENT);
        let of_kind = list(&statement["lines"]).iter().find(|line| line["kind"] == kind);
        let of = of_kind.unwrap_or_else(|| panic!("{kind} in {statement}"));
        self.correct_at(id, of, amount, account)
    }

    fn correct_at(&self, id: &str, of: &Value, amount: &str, account: &str) -> Ran {
        let correct = json!({ "correction": id, "amount": amount, "due_on": "2024-02-06",
            "line": { "entry": of["entry"], "posting": of["posting"] },
            "against": [{ "account": account, "amount": amount }] });
        let data = json!({ "merchant": "1007", "currency": "CNY", "correct": correct,
            "approved_by": ["Li", "Wang"], "reason": "it was charged wrongly" });
        self.0.apply(&line("book-correction", id, LATE, &data))
    }

    fn refuses(&self, ran: Ran, code: &str) {
        assert!(ran.out.contains(code) || ran.err.contains(code), "{code}: {}{}", ran.out, ran.err);
        self.0.souk(&["replay"]).done();
    }
}

fn of(charge: &str) -> Value {
    json!({ "merchant": "1007", "currency": "CNY", "charge": charge })
}

fn storage() -> Charged {
    let data = json!({ "of": of("F1"), "service": "storage", "tax_rate": "0.06",
        "price": { "fixed": { "amount": "50.00" } } });
    Charged::by("charge-service-fee", &data)
}

#[test]
fn a_service_fee_that_was_corrected_is_not_returned_again() {
    let charged = storage();
    charged.correct("c-1", "storage", "50.00", "Logistics").done();
    charged.correct("c-2", "storage.tax", "3.00", "OutputVat").done();
    let back = line("return-service-fee", "back", LATE, &json!({ "of": of("F1") }));
    charged.refuses(charged.0.apply(&back), "NothingToReturn");
}

#[test]
fn a_correction_of_a_service_fee_takes_what_its_return_has_left() {
    let charged = storage();
    let back = json!({ "of": of("F1"), "amount": "26.50" });
    charged.0.apply(&line("return-service-fee", "back", LATE, &back)).done();
    // 53.00 are 50.00 + 3.00; half of each came back.
    let ran = charged.correct("c-1", "storage", "25.01", "Logistics");
    charged.refuses(ran, "CorrectionExceedsLine");
    let ran = charged.correct("c-1", "storage.tax", "1.51", "OutputVat");
    charged.refuses(ran, "CorrectionExceedsLine");
    charged.correct("c-1", "storage", "25.00", "Logistics").done();
    charged.correct("c-2", "storage.tax", "1.50", "OutputVat").done();
}

#[test]
fn of_a_premium_the_whole_price_that_went_back_counts() {
    // The tax on the platform's margin, 0.01 of it, is no line of the merchant's.
    let premium = json!({ "of": of("I1"), "service": "freight-insurance", "tax_included": true,
        "price": { "fixed": { "amount": "1.20" } }, "tax_rate": "0.06",
        "supplier": { "supplier": "insurer-1", "amount": "1.00" } });
    let charged = Charged::by("charge-service-fee", &premium);
    let back = json!({ "of": of("I1"), "amount": "1.20" });
    charged.0.apply(&line("return-service-fee", "back", LATE, &back)).done();
    let ran = charged.correct("c-1", "freight_insurance", "0.01", "PlatformSubsidy");
    charged.refuses(ran, "CorrectionExceedsLine");
}

#[test]
fn a_penalty_is_corrected_or_waived_and_not_both() {
    let penalty = json!({ "of": of("X1"), "amount": "30.00", "reason": "late shipment" });
    let waive = |amount: &str| {
        line("waive-penalty", "waive", LATE, &json!({ "of": of("X1"), "amount": amount }))
    };
    let charged = Charged::by("impose-penalty", &penalty);
    charged.correct("c-1", "penalty", "20.00", "Penalties").done();
    charged.refuses(charged.0.apply(&waive("10.01")), "ReturnExceedsCharge");
    charged.0.apply(&waive("10.00")).done();
    let charged = Charged::by("impose-penalty", &penalty);
    charged.0.apply(&waive("10.00")).done();
    let ran = charged.correct("c-1", "penalty", "20.01", "Penalties");
    charged.refuses(ran, "CorrectionExceedsLine");
}

#[test]
fn a_term_gives_back_what_corrections_have_left_and_the_other_way_round() {
    // 360.00 = 339.62 + 20.38 for 365 days.
    let term = json!({ "membership": "GOLD-9", "holder": { "merchant": "1007" }, "plan": "gold",
        "currency": "CNY", "from": "2024-02-05", "to": "2025-02-03", "gross": "360.00",
        "tax_rate": "0.06" });
    let cancel = line(
        "cancel-membership",
        "cancel",
        LATE,
        &json!({ "membership": "GOLD-9", "on": "2024-02-06" }),
    );
    let charged = Charged::by("charge-membership", &term);
    charged.correct("c-1", "membership", "330.00", "Membership").done();
    charged.0.apply(&cancel).done();
    let statement = charged.0.json(STATEMENT);
    let back = list(&statement["lines"]).iter().find(|of| of["kind"] == "membership.returned");
    assert_eq!(back.unwrap()["amount"], "9.62");
    let charged = Charged::by("charge-membership", &term);
    charged.0.apply(&cancel).done();
    // Two days of 365 are used: 1.86 of 339.62.
    let ran = charged.correct("c-1", "membership", "1.87", "Membership");
    charged.refuses(ran, "CorrectionExceedsLine");
    charged.correct("c-1", "membership", "1.86", "Membership").done();
}

#[test]
fn a_correction_of_a_correction_counts_for_what_was_charged() {
    let charged = storage();
    charged.correct("c-1", "storage", "50.00", "Logistics").done();
    charged.correct("c-2", "correction", "-50.00", "Logistics").done();
    // What was taken back again is returned.
    let back = line("return-service-fee", "back", LATE, &json!({ "of": of("F1") }));
    charged.0.apply(&back).done();
    let statement = charged.0.json(STATEMENT);
    let taken = list(&statement["lines"])
        .iter()
        .find(|of| of["kind"] == "correction" && of["amount"] == "-50.00");
    let ran = charged.correct_at("c-3", taken.unwrap(), "50.00", "Logistics");
    charged.refuses(ran, "CorrectionExceedsLine");
}
