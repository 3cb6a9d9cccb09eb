//! `tariff-diff`: what differs between two versions, field by field.

use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::tariff::events::{Fee, FeeKind, FeeRule};
use souk_journal::ids::RuleId;

use super::Candidate;
use super::words::{chosen_by, fee_fields, freight_zone, rule_fields};

/// What differs between two versions of tariffs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TariffDiff {
    /// What is compared.
    pub before: String,
    /// With what.
    pub after: String,
    /// The differences: of the version, then fee by fee, rule by rule.
    pub rows: Vec<Difference>,
}

/// Whether something is there in one alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// In the second alone.
    Added,
    /// In the first alone.
    Removed,
    /// In both.
    Changed,
}

impl Change {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// What became of it.
    pub change: Change,
    /// The fee; null where the version itself differs.
    pub fee: Option<FeeKind>,
    /// The rule, by its name in the second where it is there; null where the fee itself differs.
    pub rule: Option<RuleId>,
    /// The field; `rule` or `fee` where all of it is added or removed, `freight TABLE ZONE` of a zone of a freight table.
    pub field: String,
    /// In the first.
    pub before: Option<String>,
    /// In the second.
    pub after: Option<String>,
}

/// Compares two versions. Rules are the same by their name, or else by category and conditions.
pub fn diff(before: &Candidate, after: &Candidate) -> TariffDiff {
    let mut rows = Vec::new();
    let heads = head(before).into_iter().zip(head(after));
    for ((field, old), (_, new)) in heads {
        push(&mut rows, (None, None, field), &old, &new);
    }
    let (old, new) = (&before.version.fees, &after.version.fees);
    for fee in old {
        match new.iter().find(|of| of.kind == fee.kind) {
            Some(other) => fees(&mut rows, fee, other),
            None => whole(&mut rows, Change::Removed, fee),
        }
    }
    for fee in new.iter().filter(|fee| !old.iter().any(|of| of.kind == fee.kind)) {
        whole(&mut rows, Change::Added, fee);
    }
    freight(&mut rows, before, after);
    TariffDiff { before: before.name.clone(), after: after.name.clone(), rows }
}

fn head(of: &Candidate) -> Vec<(&'static str, String)> {
    vec![
        ("tariff", of.tariff.to_string()),
        ("announced_on", of.version.announced_on.to_string()),
        ("effective_on", of.version.effective_on.to_string()),
        ("chosen_by", chosen_by(of.version.chosen_by).to_owned()),
        ("currency", of.version.currency.map_or_else(String::new, |of| of.code().to_owned())),
    ]
}

/// The zones of the freight tables, each as a whole: a table has no other fields.
fn freight(rows: &mut Vec<Difference>, before: &Candidate, after: &Candidate) {
    let zones = |of: &Candidate| -> Vec<(String, String)> {
        let tables = of.version.freight.iter();
        let zones = tables.flat_map(|of| of.zones.iter().map(move |zone| (of.table, zone)));
        zones
            .map(|(of, zone)| (format!("freight {of} {}", zone.zone), freight_zone(zone)))
            .collect()
    };
    let (old, new) = (zones(before), zones(after));
    let find = |all: &[(String, String)], field: &str| {
        all.iter().find(|(known, _)| known == field).map(|(_, said)| said.clone())
    };
    let added = new.iter().filter(|(field, _)| find(&old, field).is_none());
    for (field, _) in old.iter().chain(added) {
        let (before, after) = (find(&old, field), find(&new, field));
        let change = match (&before, &after) {
            (Some(before), Some(after)) if before == after => continue,
            (Some(_), Some(_)) => Change::Changed,
            (Some(_), None) => Change::Removed,
            (None, Some(_) | None) => Change::Added,
        };
        let (fee, rule) = (None, None);
        rows.push(Difference { change, fee, rule, field: field.clone(), before, after });
    }
}

type Place = (Option<FeeKind>, Option<RuleId>, &'static str);

fn push(rows: &mut Vec<Difference>, (fee, rule, field): Place, old: &str, new: &str) {
    if old != new {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        rows.push(Difference {
            change: Change::Changed,
            fee,
            rule,
            field: field.to_owned(),
            before: said(old),
            after: said(new),
        });
    }
}

/// `category=tea percent=5 %`: everything that a rule or a fee says.
fn in_words(fields: Vec<(&'static str, String)>) -> String {
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said.map(|(field, value)| format!("{field} {value}")).collect();
    said.join("; ")
}

/// A fee that is in one alone, with all its rules.
fn whole(rows: &mut Vec<Difference>, change: Change, fee: &Fee) {
    rows.push(one(change, fee.kind, None, in_words(fee_fields(fee))));
    for rule in &fee.rules {
        rows.push(one(change, fee.kind, Some(rule.rule), in_words(rule_fields(rule))));
    }
}

fn one(change: Change, fee: FeeKind, rule: Option<RuleId>, words: String) -> Difference {
    let (before, after) = match change {
        Change::Added => (None, Some(words)),
        Change::Removed | Change::Changed => (Some(words), None),
    };
    let field = if rule.is_some() { "rule" } else { "fee" };
    Difference { change, fee: Some(fee), rule, field: field.to_owned(), before, after }
}

fn fees(rows: &mut Vec<Difference>, old: &Fee, new: &Fee) {
    for ((field, before), (_, after)) in fee_fields(old).into_iter().zip(fee_fields(new)) {
        push(rows, (Some(old.kind), None, field), &before, &after);
    }
    let same_name = |rule: &FeeRule, of: &Fee| of.rules.iter().any(|other| other.rule == rule.rule);
    // A rule that another name was given still holds for the same sales.
    let renamed = |rule: &FeeRule| {
        let same = |other: &&FeeRule| {
            other.category == rule.category && other.when == rule.when && !same_name(other, old)
        };
        if same_name(rule, new) { None } else { new.rules.iter().find(same) }
    };
    let mut met = Vec::new();
    for rule in &old.rules {
        let other = new.rules.iter().find(|other| other.rule == rule.rule);
        let Some(other) = other.or_else(|| renamed(rule)) else {
            let words = in_words(rule_fields(rule));
            rows.push(one(Change::Removed, old.kind, Some(rule.rule), words));
            continue;
        };
        met.push(other.rule);
        let place = |field| (Some(old.kind), Some(other.rule), field);
        push(rows, place("name"), rule.rule.as_str(), other.rule.as_str());
        for ((field, before), (_, after)) in rule_fields(rule).into_iter().zip(rule_fields(other)) {
            push(rows, place(field), &before, &after);
        }
    }
    for rule in new.rules.iter().filter(|rule| !met.contains(&rule.rule)) {
        rows.push(one(Change::Added, old.kind, Some(rule.rule), in_words(rule_fields(rule))));
    }
}
