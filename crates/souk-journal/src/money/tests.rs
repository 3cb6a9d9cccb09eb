//! What counts as money, and how it prints.

use super::*;

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

#[test]
fn equal_amounts_print_alike() {
    let short: Amount = "10.5".parse().unwrap();
    assert_eq!(short.at_scale(cny()).unwrap().to_string(), "10.50");
    assert_eq!("10".parse::<Amount>().unwrap().at_scale(cny()).unwrap().to_string(), "10.00");
}

#[test]
fn a_digit_is_never_lost() {
    let fine: Amount = "1.005".parse().unwrap();
    assert!(matches!(fine.minor(cny()), Err(MoneyError::TooManyDecimals { scale: 2, .. })));
    assert_eq!("1.500".parse::<Amount>().unwrap().minor(cny()), Ok(150));
    assert_eq!(fine.minor(Currency::from_code("KWD").unwrap()), Ok(1005));
    assert!("1.5".parse::<Amount>().unwrap().minor(Currency::from_code("JPY").unwrap()).is_err());
}

#[test]
fn only_plain_decimals_are_amounts() {
    for text in ["", "-", "1,5", "1e3", "+1", ".5", "5.", "1.2.3", "0x1", "١", " 1"] {
        assert!(text.parse::<Amount>().is_err(), "{text:?}");
    }
}

#[test]
fn metals_and_invented_codes_are_not_currencies() {
    assert!(Currency::from_code("XAU").is_err());
    assert!(Currency::from_code("XXZ").is_err());
    assert!(Currency::from_code("cny").is_err());
}

#[test]
fn rounding_is_half_up_on_both_sides_of_zero() {
    let half = Decimal::new(4425, 3);
    assert_eq!(Amount::rounded(half, cny()).to_string(), "4.43");
    assert_eq!(Amount::rounded(-half, cny()).to_string(), "-4.43");
}

#[test]
fn minor_units_print_at_the_scale_of_the_currency() {
    assert_eq!(minor_text(-5, cny()), "-0.05");
    assert_eq!(minor_text(123_456, cny()), "1234.56");
    assert_eq!(minor_text(7, Currency::from_code("JPY").unwrap()), "7");
}

#[test]
fn both_ways_to_write_minor_units_agree() {
    for currency in ["CNY", "JPY", "KWD"] {
        let currency = Currency::from_code(currency).unwrap();
        for minor in [0, 1, -1, 5, 99, 100, -100, 123_456, i64::MAX, i64::MIN] {
            let mut text = String::new();
            push_minor(&mut text, minor, currency);
            assert_eq!(text, minor_text(i128::from(minor), currency));
        }
    }
    let mut text = String::new();
    push_number(&mut text, 0);
    push_number(&mut text, u64::MAX);
    assert_eq!(text, format!("0{}", u64::MAX));
}
