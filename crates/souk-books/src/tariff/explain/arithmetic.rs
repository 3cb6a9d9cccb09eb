//! The steps of a recorded charge, computed again by the domain's own arithmetic.

use rust_decimal::Decimal;
use souk_domain::order::events::{ChargedLine, FeeCharged};
use souk_domain::rate::Rate;
use souk_domain::tariff::assess::{CompiledFee, Facts, Workings};
use souk_domain::tariff::events::{Role, Rounding, TaxMode};
use souk_journal::money::{Currency, MoneyError, minor_text};

use super::contract::Step;
use crate::tariff::words;

/// The steps of a line, and whether they give what was recorded.
///
/// # Errors
/// When an amount does not fit the currency.
pub(super) fn steps(
    of: &FeeCharged<'_>,
    line: &ChargedLine<'_>,
    tax_rate: Rate,
) -> Result<(Vec<Step>, bool), MoneyError> {
    let currency = of.currency;
    let mut recorded = of.rule_of(line);
    // Version 1 of a charge recorded no rate of its tax; that of the tariff is the same.
    recorded.tax_rate = tax_rate;
    let compiled = CompiledFee::of(&recorded.fee(), Some(currency))?;
    let volume = line.volume.map_or(Ok(0), |of| of.minor(currency))?;
    let facts = Facts {
        base: line.base.minor(currency)?,
        units: line.units,
        volumes: [volume; 3],
        ..Facts::default()
    };
    let Some(rule) = compiled.rule_for(&facts) else { return Ok((Vec::new(), false)) };
    let workings = compiled.workings(rule, &facts);
    let (amount, tax) = (line.amount.minor(currency)?, line.tax.minor(currency)?);
    let agrees = workings.amount == i128::from(amount) && workings.tax == i128::from(tax);
    let mut said = Said { currency, steps: Vec::new() };
    let pieces = compiled.pieces(rule, &facts);
    said.share(&pieces, &workings);
    said.bounds(line.units, of.rounding, &workings);
    said.tax(tax_rate, of.tax_mode, &workings);
    for part in &line.parts {
        said.step(
            format!("of it {} ({})", part.name, part.percent.percent()),
            part.amount.to_string(),
        );
    }
    if let Role::Agent { supplier } = of.role {
        let share = supplier.percent();
        said.step(
            format!("of it for the supplier, {share} of {}", line.amount),
            line.supplier.to_string(),
        );
    }
    Ok((said.steps, agrees))
}

struct Said {
    currency: Currency,
    steps: Vec<Step>,
}

impl Said {
    fn step(&mut self, what: String, result: String) {
        self.steps.push(Step { what, result });
    }

    fn money(&self, minor: i128) -> String {
        minor_text(minor, self.currency)
    }

    /// An amount in millionths of a minor unit, exact.
    fn exact(&self, millionths: i128) -> String {
        let scale = 6 + self.currency.scale();
        Decimal::try_from_i128_with_scale(millionths, scale)
            .map_or_else(|_| millionths.to_string(), plain)
    }

    fn share(&mut self, pieces: &[(i128, Rate)], workings: &Workings) {
        for (of, rate) in pieces {
            let base = Decimal::try_from_i128_with_scale(*of, self.currency.scale());
            let share = base.map_or_else(|_| self.money(*of), |of| plain(of * rate.decimal()));
            self.step(format!("{} of {}", rate.percent(), self.money(*of)), share);
        }
        if pieces.len() != 1 {
            self.step("sum of the steps".to_owned(), self.exact(workings.share));
        }
    }

    fn bounds(&mut self, units: u32, rounding: Rounding, workings: &Workings) {
        let how = words::rounding(rounding);
        self.step(format!("rounded {how}"), self.money(workings.rounded));
        let each = if units > 1 { format!(" for {units} units") } else { String::new() };
        let mut so_far = workings.rounded;
        if let Some(minimum) = workings.minimum {
            so_far = so_far.max(minimum);
            self.step(format!("at least {}{each}", self.money(minimum)), self.money(so_far));
        }
        if let Some(maximum) = workings.maximum {
            so_far = so_far.min(maximum);
            self.step(format!("at most {}{each}", self.money(maximum)), self.money(so_far));
        }
        if workings.fixed != 0 {
            let fixed = self.money(workings.fixed);
            self.step(format!("plus {fixed}{each}"), self.money(workings.charged));
        }
    }

    fn tax(&mut self, rate: Rate, mode: TaxMode, workings: &Workings) {
        if rate == Rate::ZERO {
            return;
        }
        // What is owed to a supplier is not the platform's turnover.
        let own = self.money(workings.charged - workings.supplier);
        if workings.supplier != 0 {
            let supplier = self.money(workings.supplier);
            self.step(format!("less what is owed to the supplier, {supplier}"), own.clone());
        }
        let (percent, charged) = (rate.percent(), own);
        match mode {
            TaxMode::Exclusive => {
                self.step(
                    format!("tax on top: {percent} of {charged}, rounded half-up"),
                    self.money(workings.tax),
                );
            }
            TaxMode::Inclusive => {
                let divisor = Decimal::ONE + rate.decimal();
                let what = format!(
                    "without the tax within it: {charged} / {}, rounded half-up",
                    divisor.normalize()
                );
                let net = self.money(workings.amount - workings.supplier);
                self.step(what, net.clone());
                let what = format!("tax within: {charged} less {net}");
                self.step(what, self.money(workings.tax));
            }
        }
    }
}

/// A number without zeros that say nothing.
fn plain(of: Decimal) -> String {
    of.normalize().to_string()
}
