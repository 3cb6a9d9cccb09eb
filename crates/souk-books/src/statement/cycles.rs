//! Cycles by name: the dates of a cycle that may have no event.

use souk_domain::calendar::{Cycle, CycleRule};
use souk_domain::merchant::state::MerchantState;
use souk_journal::dates::Date;

/// The cycle of this name under a merchant's terms, if there is one.
pub(crate) fn by_name(merchant: &MerchantState, name: &str) -> Option<Cycle> {
    let (from, to) = span(name)?;
    // Where terms change within the span, a cycle begins with them.
    let starts = merchant.terms.iter().map(|terms| terms.effective_on);
    let inside = starts.filter(|start| (from..=to).contains(start));
    std::iter::once(from)
        .chain(inside)
        .filter_map(|date| merchant.cycle_of(date))
        .find(|cycle| cycle.id.as_str() == name)
}

/// First and last day of what a name says: a day, an ISO week or two, half a month, a month, or two dates.
fn span(name: &str) -> Option<(Date, Date)> {
    if let Some((from, to)) = name.split_once("--") {
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        return (from <= to).then_some((from, to));
    }
    let of = |rule: CycleRule, day: Date| {
        let cycle = rule.cycle_of(day);
        (cycle.id.as_str() == name).then_some((cycle.from, cycle.to))
    };
    let (year, rest) = name.split_once('-')?;
    let year: i32 = year.parse().ok()?;
    if let Some((first, second)) = rest.strip_prefix('W').and_then(|rest| rest.split_once("-W")) {
        let (monday, _) = span(&format!("{year:04}-W{first}"))?;
        let next = CycleRule::Weekly.cycle_of(monday.plus_days(7));
        let named = next.id.as_str().ends_with(&format!("-W{second}"));
        return named.then_some((monday, next.to));
    }
    if let Some(week) = rest.strip_prefix('W') {
        // The 4th of January is in week 1.
        let week: i32 = week.parse().ok()?;
        let first = Date::new(year, 1, 4)?;
        return of(CycleRule::Weekly, first.plus_days((week - 1).checked_mul(7)?));
    }
    let month = |text: &str| text.parse().ok().and_then(|month| Date::new(year, month, 1));
    if let Some(text) = rest.strip_suffix("-H1") {
        return of(CycleRule::HalfMonthly, month(text)?);
    }
    if let Some(text) = rest.strip_suffix("-H2") {
        return of(CycleRule::HalfMonthly, month(text)?.plus_days(15));
    }
    match name.parse::<Date>() {
        Ok(day) => of(CycleRule::Daily, day),
        Err(_) => of(CycleRule::Monthly, month(rest)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(name: &str) -> Option<(String, String)> {
        span(name).map(|(from, to)| (from.to_string(), to.to_string()))
    }

    #[test]
    fn every_rule_names_its_cycles_and_a_name_leads_back() {
        let some = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(days("2026-W10"), some("2026-03-02", "2026-03-08"));
        assert_eq!(days("2020-W53"), some("2020-12-28", "2021-01-03"));
        assert_eq!(days("2026-03-H1"), some("2026-03-01", "2026-03-15"));
        assert_eq!(days("2026-02-H2"), some("2026-02-16", "2026-02-28"));
        assert_eq!(days("2026-03"), some("2026-03-01", "2026-03-31"));
        assert_eq!(days("2026-03-09"), some("2026-03-09", "2026-03-09"));
        assert_eq!(days("2026-W10-W11"), some("2026-03-02", "2026-03-15"));
        assert_eq!(days("2026-W53-W01"), some("2026-12-28", "2027-01-10"));
        assert_eq!(days("2026-03-11--2026-03-20"), some("2026-03-11", "2026-03-20"));
        for wrong in [
            "2026-W10-W12",
            "2026-W10-W1",
            "2026-03-11--2026-03-10",
            "--",
            "2026-W54",
            "2026-13",
            "2026-W1",
            "last week",
            "2026",
            "2026-W2147483647",
        ] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }
}
