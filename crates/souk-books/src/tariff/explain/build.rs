//! Reading an order's stream into its explanation.

use souk_domain::decider::Decider;
use souk_domain::event::LedgerEvent;
use souk_domain::merchant::decide::Merchant;
use souk_domain::merchant::state::MerchantState;
use souk_domain::order::charge::Charging;
use souk_domain::order::conversion::Conversion;
use souk_domain::order::decide::Order;
use souk_domain::order::events::{ChargedLine, FeeCharged, OrderCompleted, OrderEvent};
use souk_domain::order::state::{OrderState, Placed};
use souk_domain::tariff::events::{ChosenBy, FeeKind};
use souk_domain::tariff::state::TariffVersion;
use souk_journal::dates::Date;
use souk_journal::ids::{LineId, MerchantId};
use souk_journal::money::{Amount, MoneyError};

use super::arithmetic::steps;
use super::contract::{Condition, Explained, ExplainedFee, ExplainedLine, Why};
use super::under::under;
use crate::books::Books;
use crate::charge_words::{fee_name, share};
use crate::error::BooksError;
use crate::fetch::Fetcher;
use crate::figure::Figure;
use crate::tariff::{Candidate, words};

/// What was known when a merchant completed its part.
pub(super) struct Completed {
    pub(super) merchant: MerchantId,
    pub(super) on: Date,
    pub(super) due_on: Date,
    /// How it was converted.
    pub(super) conversion: Option<Conversion>,
    /// The order just before.
    pub(super) order: Placed,
    /// The merchant as it was then.
    pub(super) state: MerchantState,
    /// Its terms, by their place.
    pub(super) terms: usize,
}

impl Completed {
    /// Charging this part under a version.
    pub(super) fn under<'a>(&'a self, candidate: &'a Candidate) -> Charging<'a> {
        let terms = &self.state.terms[self.terms];
        let settled_in = self.conversion.map_or(self.order.currency, |of| of.currency);
        Charging {
            order: &self.order,
            merchant: self.merchant,
            terms,
            volumes: self.state.volumes_on(settled_in, self.on),
            due_on: self.due_on,
            tariff: candidate.tariff,
            version: &candidate.version,
            conversion: self.conversion,
        }
    }
}

/// What was charged on a line: merchant, fee, line, rule, fee and tax.
pub(super) type Charged = (MerchantId, FeeKind, Option<LineId>, souk_journal::ids::RuleId, i128);

fn damaged(entry: u64) -> impl Fn(MoneyError) -> BooksError {
    move |error| BooksError::EntryDiffers { entry, what: error.to_string() }
}

impl Books {
    /// Explains the charges of an order, and what another version would have charged.
    ///
    /// # Errors
    /// `UnknownOrder` with the nearest known one, or what the log says.
    pub fn explain(&self, order: &str, other: Option<&Candidate>) -> Result<Explained, BooksError> {
        let orders = &self.models().orders;
        let Some(known) = orders.find(order) else {
            let nearest = orders.similar(order, 1).first().map(|name| (*name).to_owned());
            return Err(BooksError::UnknownOrder { order: order.to_owned(), nearest });
        };
        let mut state = OrderState::default();
        let mut completions: Vec<Completed> = Vec::new();
        let mut fees: Vec<ExplainedFee> = Vec::new();
        let mut charged: Vec<Charged> = Vec::new();
        Fetcher::new(self.store.as_ref()).stream(&format!("order-{order}"), |fetched| {
            let (entry, on) = (fetched.entry.entry, fetched.entry.effective_on);
            let LedgerEvent::Order(event) = fetched.event else { return Ok(()) };
            if entry > self.entry() {
                return Ok(());
            }
            if let (OrderEvent::Completed(of), OrderState::Placed(placed)) = (event, &state) {
                completions.push(self.completed(of, placed, entry, on)?);
            }
            if let OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) = event
                && let Some(completed) =
                    completions.iter().find(|known| known.merchant == of.merchant)
            {
                fees.push(self.explained(of, completed, entry)?);
                for line in &of.lines {
                    let minor = |amount: Amount| amount.minor(of.currency).map_err(damaged(entry));
                    let sum = i128::from(minor(line.amount)?) + i128::from(minor(line.tax)?);
                    charged.push((of.merchant, of.fee, line.line, line.rule, sum));
                }
            }
            Order::evolve(&mut state, event).map_err(damaged(entry))
        })?;
        let (mut region, mut method) = (None, None);
        if let OrderState::Placed(placed) = &state {
            region = placed.region.as_deref().map(str::to_owned);
            method = placed.main_method().map(str::to_owned);
            given_back(&mut fees, placed);
        }
        let settled_in = completions.first().and_then(|of| of.conversion);
        let settled_in = settled_in.map_or(known.currency, |of| of.currency);
        let other = other.map(|of| under(of, &completions, &charged, settled_in));
        Ok(Explained {
            entry: self.entry(),
            order: order.to_owned(),
            currency: known.currency,
            placed_on: known.placed_on,
            region,
            method,
            fees,
            under: other.transpose().map_err(damaged(self.entry()))?,
        })
    }

    /// What was known at a completion: the merchant's stream is read up to its entry.
    fn completed(
        &self,
        of: &OrderCompleted<'_>,
        placed: &Placed,
        entry: u64,
        on: Date,
    ) -> Result<Completed, BooksError> {
        let merchant = of.merchant;
        let mut state = MerchantState::default();
        Fetcher::new(self.store.as_ref()).stream(&format!("merchant-{merchant}"), |fetched| {
            let at = fetched.entry.entry;
            match fetched.event {
                LedgerEvent::Merchant(event) if at < entry => {
                    Merchant::evolve(&mut state, event).map_err(damaged(at))
                }
                LedgerEvent::Merchant(_)
                | LedgerEvent::Ledger(_)
                | LedgerEvent::Schema(_)
                | LedgerEvent::Tariff(_)
                | LedgerEvent::Order(_)
                | LedgerEvent::Settlement(_)
                | LedgerEvent::Payout(_)
                | LedgerEvent::Payee(_)
                | LedgerEvent::PayoutFile(_)
                | LedgerEvent::Opening(_)
                | LedgerEvent::CloseRun(_)
                | LedgerEvent::BankFile(_)
                | LedgerEvent::FxRate(_)
                | LedgerEvent::FxPosition(_)
                | LedgerEvent::Book(_)
                | LedgerEvent::Advertising(_)
                | LedgerEvent::Deposit(_)
                | LedgerEvent::Membership(_)
                | LedgerEvent::Service(_)
                | LedgerEvent::Tax(_) => Ok(()),
            }
        })?;
        let terms = state.terms.iter().position(|terms| terms.version == of.terms);
        let terms = terms.ok_or_else(|| {
            let what = format!("terms {} of merchant {merchant}", of.terms);
            BooksError::EntryDiffers { entry, what }
        })?;
        let order = placed.clone();
        let OrderCompleted { due_on, conversion, .. } = *of;
        Ok(Completed { merchant, on, due_on, conversion, order, state, terms })
    }

    fn explained(
        &self,
        of: &FeeCharged<'_>,
        completed: &Completed,
        entry: u64,
    ) -> Result<ExplainedFee, BooksError> {
        let facts = self.tariff_facts(of.tariff.as_str())?;
        let version = facts.version(of.version).ok_or_else(|| BooksError::EntryDiffers {
            entry,
            what: format!("version {} of tariff {}", of.version, of.tariff),
        })?;
        let tax_rate =
            version.fees.iter().find(|fee| fee.kind == of.fee).map_or(of.tax_rate, |fee| fee.tax);
        let figure = |minor: i64| Figure::new(minor, of.currency);
        let mut lines = Vec::with_capacity(of.lines.len());
        let (mut amount, mut tax) = (0, 0);
        for line in &of.lines {
            let damaged = damaged(entry);
            let (steps, agrees) = steps(of, line, tax_rate).map_err(&damaged)?;
            let minor = |amount: Amount| amount.minor(of.currency).map_err(&damaged);
            let (fee, on_it) = (minor(line.amount)?, minor(line.tax)?);
            (amount, tax) = (amount + fee, tax + on_it);
            lines.push(ExplainedLine {
                line: line.line,
                category: line.category.map(str::to_owned),
                rule: line.rule,
                why: why(of, line, completed, facts.tariff, version),
                base: figure(minor(line.base)?),
                words: share(line),
                steps,
                amount: figure(fee),
                tax: figure(on_it),
                returned: figure(0),
                tax_returned: figure(0),
                agrees,
            });
        }
        Ok(ExplainedFee {
            merchant: of.merchant,
            fee: of.fee,
            name: fee_name(of.fee).to_owned(),
            entry,
            tariff: of.tariff,
            version: of.version,
            announced_on: version.announced_on,
            effective_on: version.effective_on,
            chosen_by: version.chosen_by,
            chosen_on: match version.chosen_by {
                ChosenBy::OrderDate => completed.order.placed_on,
                ChosenBy::CompletionDate => completed.on,
            },
            scope: words::scope(of.scope).to_owned(),
            base: words::base_with(of.base, of.base_tax),
            tax_rate,
            on_refund: words::on_refund(of.on_refund, of.retained),
            role: words::role(of.role),
            lines,
            amount: figure(amount),
            tax: figure(tax),
            returned: figure(0),
            tax_returned: figure(0),
        })
    }
}

/// Why a rule held: the facts of then are asked again which rules could.
fn why(
    of: &FeeCharged<'_>,
    line: &ChargedLine<'_>,
    completed: &Completed,
    tariff: souk_journal::ids::TariffId,
    version: &TariffVersion,
) -> Why {
    let none = Why {
        category: None,
        depth: 0,
        conditions: Vec::new(),
        less_specific: Vec::new(),
        words: format!("tariff {tariff} does not show the rule"),
    };
    let fees = version.fees.iter().zip(&version.compiled);
    let Some((fee, compiled)) = fees.into_iter().find(|(fee, _)| fee.kind == of.fee) else {
        return none;
    };
    let Some(rule) = fee.rules.iter().find(|rule| rule.rule == line.rule) else { return none };
    let candidate = Candidate { name: String::new(), tariff, version: version.clone() };
    let sold = line.line.and_then(|id| completed.order.line(id));
    // No rule is chosen by the base.
    let facts = completed.under(&candidate).facts_of(0, sold);
    let could: Vec<_> = compiled.rules_for(&facts).map(|rule| rule.rule).collect();
    let less_specific: Vec<_> =
        could.into_iter().skip_while(|of| *of != line.rule).skip(1).collect();
    let category = rule.category.as_deref();
    let depth = category.map_or(0, |path| path.split('/').count());
    let mut said = match category {
        Some(path) if line.category == Some(path) => format!("it is the rule for {path}"),
        Some(path) => {
            let category = line.category.unwrap_or_default();
            format!("{path} is the deepest category with a rule above {category}")
        }
        None if of.scope == souk_domain::tariff::events::Scope::Order => {
            "the fee is on the whole part".to_owned()
        }
        None => match line.category {
            Some(category) => format!("no rule that holds names {category} or a category above it"),
            None => "the line has no category".to_owned(),
        },
    };
    let conditions = words::conditions(&rule.when);
    for (name, value) in &conditions {
        said += &format!("; {name} is {value}");
    }
    let next: Vec<String> = less_specific.iter().map(ToString::to_string).collect();
    if !next.is_empty() {
        said += &format!("; less specific: {}", next.join(", "));
    }
    let condition = |(of, is): (&str, &str)| Condition { of: of.to_owned(), is: is.to_owned() };
    Why {
        category: category.map(str::to_owned),
        depth: u32::try_from(depth).unwrap_or(u32::MAX),
        conditions: conditions.into_iter().map(condition).collect(),
        less_specific,
        words: said,
    }
}

/// What refunds gave back so far, as the order's own state sums it.
fn given_back(fees: &mut [ExplainedFee], placed: &Placed) {
    for fee in fees {
        for line in &mut fee.lines {
            let same = |of: &&souk_domain::order::state::Charge| {
                of.merchant == fee.merchant && of.fee == fee.fee && of.line == line.line
            };
            if let Some(charge) = placed.charges.iter().find(same) {
                line.returned.minor = charge.returned.into();
                line.tax_returned.minor = charge.tax_returned.into();
                fee.returned.minor += line.returned.minor;
                fee.tax_returned.minor += line.tax_returned.minor;
            }
        }
    }
}
