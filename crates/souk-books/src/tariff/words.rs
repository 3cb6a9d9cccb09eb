//! Fees and rules in words, as a table of a tariff shows them.

use souk_domain::tariff::events::{
    Base, BaseTax, ChosenBy, Fee, FeeRule, Measure, OnRefund, Retained, Role, Rounding, Scope,
    Stepping, TaxMode, Tiers, When,
};
use souk_domain::tariff::freight::FreightZone;

/// A zone of a freight table: `first 1 kg 8.00, each further 1 kg 2.00; Shanghai, Zhejiang`.
pub fn freight_zone(of: &FreightZone) -> String {
    format!(
        "first {} kg {}, each further {} kg {}; {}",
        of.first_kg,
        of.first_price,
        of.step_kg,
        of.step_price,
        of.regions.join(", ")
    )
}

/// Which date of an order chooses a version.
pub fn chosen_by(of: ChosenBy) -> &'static str {
    match of {
        ChosenBy::OrderDate => "order-date",
        ChosenBy::CompletionDate => "completion-date",
    }
}

/// What a fee is assessed on.
pub fn scope(of: Scope) -> &'static str {
    match of {
        Scope::Line => "line",
        Scope::Unit => "unit",
        Scope::Order => "order",
        Scope::Period => "period",
    }
}

/// What a percentage is of.
pub fn base(of: Base) -> &'static str {
    match of {
        Base::ItemPrice => "item-price",
        Base::ItemPriceLessDiscount => "item-price-less-discount",
        Base::ItemsAndShipping => "items-and-shipping",
        Base::Paid => "paid",
    }
}

/// What a percentage is of, and whether collected tax is in it: `items-and-shipping after tax`.
pub fn base_with(of: Base, tax: BaseTax) -> String {
    match tax {
        BaseTax::Before => base(of).to_owned(),
        BaseTax::After => format!("{} after tax", base(of)),
    }
}

/// How a share becomes an amount.
pub fn rounding(of: Rounding) -> &'static str {
    match of {
        Rounding::HalfUp => "half-up",
        Rounding::HalfEven => "half-even",
        Rounding::Up => "up",
        Rounding::Down => "down",
    }
}

/// `6 % exclusive`; nothing without a tax.
pub fn tax(fee: &Fee) -> String {
    let mode = match fee.tax_mode {
        TaxMode::Exclusive => "exclusive",
        TaxMode::Inclusive => "inclusive",
    };
    if fee.tax == souk_domain::rate::Rate::ZERO {
        return String::new();
    }
    format!("{} {mode}", fee.tax.percent())
}

/// `proportional, 20 % retained, at most 5.00`.
pub fn on_refund(of: OnRefund, retained: Option<Retained>) -> String {
    let mut said = match of {
        OnRefund::Proportional => "proportional",
        OnRefund::Kept => "kept",
        OnRefund::ReRated => "re-rated",
    }
    .to_owned();
    if let Some(retained) = retained {
        said += &format!(", {} retained", retained.percent.percent());
        if let Some(most) = retained.maximum {
            said += &format!(", at most {most}");
        }
    }
    said
}

/// In whose name a fee is taken.
pub fn role(of: Role) -> String {
    match of {
        Role::Principal => "principal".to_owned(),
        Role::Agent { supplier } => format!("agent, {} to the supplier", supplier.percent()),
        Role::PassThrough => "pass-through".to_owned(),
    }
}

/// Conditions with their values, in the order in which they are told.
pub fn conditions(of: &When) -> Vec<(&'static str, &str)> {
    let When { tier, business, region, method, fulfilment } = of;
    let all = [
        ("tier", tier),
        ("business", business),
        ("region", region),
        ("method", method),
        ("fulfilment", fulfilment),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
}

/// `tier=gold region=JP`.
pub fn when(of: &When) -> String {
    let said: Vec<String> =
        conditions(of).iter().map(|(name, value)| format!("{name}={value}")).collect();
    said.join(" ")
}

/// `8 %`, `4 % part-1 + 2 % part-2`, `8 % above 0, 15 % above 10 (slab by price)` or `closed`.
pub fn percent(rule: &FeeRule) -> String {
    if rule.closed {
        return "closed".to_owned();
    }
    if let Some(of) = &rule.tiers {
        return tiers(of);
    }
    if rule.parts.is_empty() {
        return rule.percent.percent();
    }
    let parts: Vec<String> =
        rule.parts.iter().map(|of| format!("{} {}", of.percent.percent(), of.name)).collect();
    parts.join(" + ")
}

fn tiers(of: &Tiers) -> String {
    let steps: Vec<String> =
        of.steps.iter().map(|of| format!("{} above {}", of.percent.percent(), of.above)).collect();
    let stepping = match of.stepping {
        Stepping::Slab => "slab",
        Stepping::Marginal => "marginal",
    };
    format!("{} ({stepping} by {})", steps.join(", "), measure(of.by))
}

/// What steps are measured by.
pub fn measure(of: Measure) -> &'static str {
    match of {
        Measure::Price => "price",
        Measure::VolumeOfMonth => "volume-of-month",
        Measure::VolumeOfQuarter => "volume-of-quarter",
        Measure::VolumeOfYear => "volume-of-year",
    }
}

/// What a fee says beside its rules: field and value.
pub fn fee_fields(fee: &Fee) -> Vec<(&'static str, String)> {
    vec![
        ("scope", scope(fee.scope).to_owned()),
        ("base", base_with(fee.base, fee.base_tax)),
        ("tax", tax(fee)),
        ("on_refund", on_refund(fee.on_refund, fee.retained)),
        ("rounding", rounding(fee.rounding).to_owned()),
        ("role", role(fee.role)),
    ]
}

/// What a rule says: field and value, empty where it says nothing.
pub fn rule_fields(rule: &FeeRule) -> Vec<(&'static str, String)> {
    let amount =
        |of: Option<souk_journal::money::Amount>| of.map_or_else(String::new, |of| of.to_string());
    vec![
        ("category", rule.category.as_deref().unwrap_or_default().to_owned()),
        ("when", when(&rule.when)),
        ("percent", percent(rule)),
        ("minimum", amount(rule.minimum)),
        ("maximum", amount(rule.maximum)),
        ("fixed", amount(rule.fixed)),
    ]
}
