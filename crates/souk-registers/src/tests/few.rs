//! The registers of rare events: the ledger, merchants, tariffs.

use souk_domain::book::events::{BookEvent, BookOpened, MonthClosed};
use souk_domain::calendar::CycleRule;
use souk_domain::closerun::events::{CloseRunEvent, CloseRunFinished, CloseRunStarted};
use souk_domain::event::LedgerEvent;
use souk_domain::ledger::events::{LedgerCreated, LedgerMainEvent};
use souk_domain::merchant::events::{
    MerchantEnrolled, MerchantEvent, MerchantKind, MinimumPayout, Recovery, ReserveBase,
    ReserveTerms, TermsAgreed,
};
use souk_domain::tariff::events::{
    Base, ChosenBy, Fee, FeeKind, FeeRule, OnRefund, Scope, TariffEvent, TariffPublished,
};
use souk_journal::ids::{BookId, Id, RuleId, RunId, TariffId};

use super::{Log, amount, cny, date, folds_alike, merchant};
use crate::{LedgerRegister, Merchants, Tariffs};

fn enrolled(id: &str, kind: MerchantKind) -> LedgerEvent<'static> {
    MerchantEvent::Enrolled(MerchantEnrolled { merchant: merchant(id), kind }).into()
}

fn terms(
    version: u32,
    from: &str,
    cycle: CycleRule,
    time_zone: &'static str,
) -> LedgerEvent<'static> {
    let rate = "0.1".parse().unwrap();
    MerchantEvent::TermsAgreed(TermsAgreed {
        version,
        effective_on: date(from),
        cycle,
        time_zone,
        cut_off_hour: 0,
        hold_days: 7,
        tariff: TariffId::new("standard").unwrap(),
        tier: None,
        business: None,
        reserve: Some(ReserveTerms { rate, base: ReserveBase::GrossSales, days: 30 }),
        minimum_payouts: vec![MinimumPayout { currency: cny(), amount: amount(1000) }],
        recovery: vec![Recovery::Reserve, Recovery::Carry],
        payout: None,
        fixed_reserves: Vec::new(),
        deposits: Vec::new(),
        debt_after: None,
    })
    .into()
}

fn published(version: u32, from: &str) -> LedgerEvent<'static> {
    let rule = FeeRule {
        rule: RuleId::new("default").unwrap(),
        category: None,
        when: Default::default(),
        closed: false,
        percent: "0.08".parse().unwrap(),
        parts: vec![],
        tiers: None,
        maximum: None,
        minimum: None,
        fixed: None,
    };
    TariffEvent::Published(TariffPublished {
        version,
        announced_on: date("2025-12-01"),
        effective_on: date(from),
        chosen_by: ChosenBy::OrderDate,
        currency: None,
        source: Some("the price list".into()),
        fees: vec![Fee {
            kind: FeeKind::Commission,
            scope: Scope::Line,
            base: Base::ItemPrice,
            base_tax: Default::default(),
            tax: Default::default(),
            tax_mode: Default::default(),
            retained: None,
            rounding: Default::default(),
            role: Default::default(),
            on_refund: OnRefund::Proportional,
            rules: vec![rule],
        }],
    })
    .into()
}

#[test]
fn merchants_keep_the_history_of_their_terms() {
    let log: Log = vec![
        ("merchant-m2", enrolled("m2", MerchantKind::Partner)),
        ("merchant-m1", enrolled("m1", MerchantKind::Seller)),
        ("tariff-standard", published(1, "2026-01-01")),
        ("merchant-m1", terms(1, "2026-01-05", CycleRule::Weekly, "Asia/Shanghai")),
        ("merchant-m1", terms(2, "2026-04-06", CycleRule::Monthly, "Asia/Shanghai")),
    ];
    let merchants: Merchants = folds_alike(&log);
    let ids: Vec<_> = merchants.iter().map(|of| of.merchant.to_string()).collect();
    assert_eq!(ids, ["m1", "m2"]);
    let m1 = merchants.get(merchant("m1")).unwrap();
    assert_eq!((m1.kind(), m1.enrolled_entry, m1.last_entry), (Some(MerchantKind::Seller), 1, 4));
    assert_eq!(m1.terms().len(), 2);
    assert_eq!(m1.terms()[0].minimum_payout(cny()), 1000);
    let on = |day| merchants.terms_on(merchant("m1"), date(day)).map(|terms| terms.version);
    assert_eq!((on("2026-01-04"), on("2026-01-05"), on("2026-04-06")), (None, Some(1), Some(2)));
    let cycle = merchants.cycle_of(merchant("m1"), date("2026-03-03")).unwrap();
    assert_eq!(
        (cycle.id.as_str(), cycle.from, cycle.to),
        ("2026-W10", date("2026-03-02"), date("2026-03-08"))
    );
    assert_eq!(merchants.cycle_of(merchant("m2"), date("2026-03-03")), None);
    assert_eq!(merchants.similar("m3", 5), ["m1", "m2"]);
    assert_eq!((merchants.len(), merchants.is_empty(), merchants.unusable()), (2, false, &[][..]));
}

#[test]
fn terms_in_a_zone_that_is_not_known_are_named() {
    let log: Log = vec![
        ("merchant-m1", enrolled("m1", MerchantKind::Seller)),
        ("merchant-m1", terms(1, "2026-01-05", CycleRule::Weekly, "Mars/Olympus")),
    ];
    assert_eq!(folds_alike::<Merchants>(&log).unusable(), [1]);
}

#[test]
fn tariffs_keep_their_versions_with_fees_and_source() {
    let log: Log = vec![
        ("tariff-standard", published(1, "2026-01-01")),
        ("merchant-m2", enrolled("m2", MerchantKind::Partner)),
        ("tariff-basic", published(1, "2026-01-01")),
        ("tariff-standard", published(2, "2026-07-01")),
    ];
    let tariffs: Tariffs = folds_alike(&log);
    let names: Vec<_> = tariffs.iter().map(|of| of.tariff.to_string()).collect();
    assert_eq!(names, ["basic", "standard"]);
    let standard = tariffs.get(TariffId::new("standard").unwrap()).unwrap();
    let at = |day| standard.version_for(date(day), date(day)).map(|of| of.version);
    assert_eq!((at("2025-12-31"), at("2026-06-30"), at("2026-07-01")), (None, Some(1), Some(2)));
    assert_eq!(standard.version(2).unwrap().fees[0].rules[0].percent.to_string(), "0.08");
    assert_eq!(standard.published[1].entry, 3);
    assert_eq!(standard.published[1].source.as_deref(), Some("the price list"));
    assert_eq!(tariffs.similar("standart", 5), ["standard"]);
    assert_eq!((tariffs.len(), tariffs.is_empty(), tariffs.unusable()), (2, false, &[][..]));
}

#[test]
fn the_ledger_knows_itself_its_runs_and_its_books() {
    let created = LedgerMainEvent::Created(LedgerCreated {
        ledger: Id::new("8c7f3a526a0c5c4e9a3f0d3a6f6f2f11").unwrap(),
        platform: "Souk",
        currency: cny(),
        time_zone: "Asia/Shanghai",
        language: "zh",
        record_format: 1,
        demonstration: None,
    });
    let started =
        |entry| CloseRunEvent::Started(CloseRunStarted { through: date("2026-03-08"), entry });
    let month = MonthClosed { month: date("2026-03-01"), entry: 3, approved_by: Vec::new() };
    let opened = BookOpened { first_month: date("2026-03-01"), time_zone: "Asia/Shanghai" };
    let log: Log = vec![
        ("ledger-main", created.into()),
        ("closerun-r1", started(0).into()),
        ("closerun-r1", CloseRunEvent::Finished(CloseRunFinished { cycles: 7 }).into()),
        ("book-main", BookEvent::Opened(opened).into()),
        ("book-main", BookEvent::MonthClosed(month).into()),
        ("closerun-r2", started(4).into()),
    ];
    let ledger: LedgerRegister = folds_alike(&log);
    let identity = ledger.identity().unwrap();
    assert_eq!((&*identity.platform, &*identity.language), ("Souk", "zh"));
    let run = |id| ledger.run(RunId::new(id).unwrap());
    let finished = run("r1").and_then(|of| of.finished).unwrap();
    assert_eq!((finished.cycles, finished.entry), (7, 2));
    let unfinished: Vec<_> = ledger.unfinished_runs().collect();
    assert_eq!((unfinished, ledger.last_run()), (vec![run("r2").unwrap()], run("r2")));
    assert_eq!((run("r2").unwrap().entry, run("r2").unwrap().started_entry), (4, 5));
    let book = ledger.book(BookId::new("main").unwrap()).unwrap();
    assert_eq!((book.opened_entry, book.open_month()), (3, date("2026-04-01")));
    assert_eq!((book.closed[0].entry_limit, book.closed[0].entry), (3, 4));
    assert_eq!((ledger.runs().len(), ledger.books().len()), (2, 1));
}
