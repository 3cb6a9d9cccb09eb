//! Large versions: every event fits, and together they are the version.

use proptest::prelude::*;
use souk_journal::ids::{RuleId, TariffId};

use super::*;
use crate::decider::Decider;
use crate::given::{amount, fee, given, rule};
use crate::tariff::commands::PublishTariff;
use crate::tariff::decide::{Tariff, TariffContext};
use crate::tariff::events::{ChosenBy, FeeKind, FeeRule, PercentPart};
use crate::tariff::state::TariffState;

/// A composite with a least, a most and a fixed amount for each of so many categories.
fn composites(kind: FeeKind, count: usize) -> Fee {
    let part = |name: &str, percent: &str| PercentPart {
        name: RuleId::new(name).unwrap(),
        percent: percent.parse().unwrap(),
    };
    let of = |number: usize| FeeRule {
        rule: RuleId::new(&format!("home-and-kitchen.appliances.{number}")).unwrap(),
        category: Some(format!("home-and-kitchen/appliances/{number}").into()),
        parts: vec![part("commission", "0.08"), part("service", "0.02")],
        minimum: Some(amount("0.30")),
        maximum: Some(amount("200.00")),
        fixed: Some(amount("0.10")),
        ..rule("any", None, "0.1")
    };
    fee(kind, (0..count).map(of).collect())
}

fn version(fees: Vec<Fee>) -> PublishTariff<'static> {
    PublishTariff {
        tariff: TariffId::new("std").unwrap(),
        announced_on: "2026-01-01".parse().unwrap(),
        effective_on: "2026-02-01".parse().unwrap(),
        chosen_by: ChosenBy::CompletionDate,
        currency: Some("CNY".into()),
        source: Some("a public price list".into()),
        fees,
        freight: Vec::new(),
    }
}

fn events(command: &PublishTariff<'_>) -> (Vec<usize>, TariffState) {
    let context = TariffContext { today: "2026-01-15".parse().unwrap() };
    let (mut state, before) = (TariffState::default(), TariffState::default());
    let decision = Tariff::decide(&before, command, &context, Default::default()).unwrap();
    let mut sizes = Vec::new();
    for event in &decision.events {
        assert!(state.versions.is_empty(), "nothing holds before the version itself");
        sizes.push(event.payload().unwrap().len());
        Tariff::evolve(&mut state, event).unwrap();
    }
    (sizes, state)
}

#[test]
fn a_version_of_a_few_rules_is_one_event() {
    let context = TariffContext { today: "2026-01-15".parse().unwrap() };
    let few = version(vec![composites(FeeKind::Commission, 30)]);
    given::<Tariff>(context).when(few).happens(&["tariff-published"]);
}

#[test]
fn a_large_version_is_parts_and_then_the_version() {
    let context = TariffContext { today: "2026-01-15".parse().unwrap() };
    let large = version(vec![composites(FeeKind::Commission, 500)]);
    let types = ["tariff-part-published", "tariff-part-published", "tariff-published"];
    given::<Tariff>(context).when(large).happens(&types).posts(&[]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn parts_fit_a_record_and_give_the_version_that_was_asked_for(
        first in 1_usize..1_200, second in 1_usize..400, third in 1_usize..3,
    ) {
        let fees = vec![
            composites(FeeKind::Commission, first),
            composites(FeeKind::PaymentFee, third),
            composites(FeeKind::TechnicalService, second),
        ];
        let command = version(fees);
        let (sizes, state) = events(&command);
        prop_assert!(sizes.iter().all(|bytes| *bytes < 60_000), "{sizes:?}");
        prop_assert!(sizes.len() > 1 || first + second < 300);
        prop_assert_eq!(state.versions.len(), 1);
        prop_assert_eq!(&state.versions[0].fees, &command.fees);
        prop_assert_eq!(state.versions[0].compiled.len(), 3);
        prop_assert!(state.parts.is_empty());
    }
}
