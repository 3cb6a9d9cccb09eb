//! Which deposit is asked of a merchant, by its kind of business and what it sells.

use super::super::*;

/// What a Chinese open platform published, in short.
const FILE: &str = r#"tariff = "t"
announced_on = "2026-01-01"
effective_on = "2026-01-02"
currency = "CNY"
[terms]
cycle = "weekly"
time_zone = "Asia/Shanghai"
hold_days = 0
business = "enterprise"
[[fees]]
kind = "commission"
scope = "line"
on_refund = "proportional"
default = "8 %"
[[deposits]]
business = "personal"
amount = "1000.00"
[[deposits]]
business = "enterprise"
amount = "3000.00"
[[deposits]]
business = "enterprise"
category = "jewellery/jade"
amount = "5000.00"
[[deposits]]
category = "phones"
amount = "10000.00"
[[deposits]]
category = "jewellery"
amount = "500.00"
"#;

fn asked(business: Option<&str>, categories: &[&str]) -> Option<String> {
    let file = TariffFile::parse("t", FILE).unwrap();
    let merchant = MerchantId::new("M1").unwrap();
    let terms = file.terms_of(merchant, business, categories);
    assert!(terms.deposits.len() < 2);
    terms.deposits.first().map(|of| format!("{} {}", of.currency, of.amount))
}

#[test]
fn a_deposit_is_asked_by_the_kind_of_business() {
    assert_eq!(asked(Some("personal"), &[]).as_deref(), Some("CNY 1000.00"));
    assert_eq!(asked(Some("enterprise"), &[]).as_deref(), Some("CNY 3000.00"));
    assert_eq!(asked(Some("flagship"), &[]), None);
    assert_eq!(asked(None, &[]), None);
}

#[test]
fn the_closest_category_decides_and_of_several_the_highest() {
    let jade = "jewellery/jade/bangles";
    for (business, categories, amount) in [
        (Some("enterprise"), &[jade][..], "5000.00"),
        (Some("personal"), &[jade], "500.00"),
        (Some("enterprise"), &["jewellery/jades"], "500.00"),
        (Some("enterprise"), &["tea"], "3000.00"),
        (Some("personal"), &["phones/smart"], "10000.00"),
        (None, &["phones"], "10000.00"),
        (Some("enterprise"), &["tea", jade, "jewellery"], "5000.00"),
        (Some("personal"), &["tea", "phones"], "10000.00"),
    ] {
        let asked = asked(business, categories);
        assert_eq!(
            asked.as_deref(),
            Some(format!("CNY {amount}").as_str()),
            "{business:?} {categories:?}"
        );
    }
}

#[test]
fn merchants_enrolled_with_the_file_have_the_deposit_of_its_kind_of_business() {
    let file = TariffFile::parse("t", FILE).unwrap();
    let terms = file.terms_for(MerchantId::new("M1").unwrap());
    assert_eq!(terms.business.as_deref(), Some("enterprise"));
    assert_eq!(terms.deposits.len(), 1);
    assert_eq!(terms.deposits[0].amount.to_string(), "3000.00");
}

#[test]
fn the_version_that_is_published_says_nothing_of_deposits() {
    let (before, _) = FILE.split_once("[[deposits]]").unwrap();
    let without = TariffFile::parse("t", before).unwrap();
    assert_eq!(without.publish, TariffFile::parse("t", FILE).unwrap().publish);
}
