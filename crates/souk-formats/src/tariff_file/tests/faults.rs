//! What can be wrong with a tariff file: each kind with its own message, at its place.

use super::super::*;

/// A whole tariff; what is tried stands in or after it, so its line 13 is the first of what is appended.
const WHOLE: &str = r#"tariff = "t"
announced_on = "2026-01-01"
effective_on = "2026-01-02"
currency = "CNY"
[terms]
cycle = "weekly"
time_zone = "Asia/Shanghai"
hold_days = 0
[[fees]]
kind = "commission"
scope = "line"
on_refund = "proportional"
"#;

fn faults(text: &str) -> Vec<String> {
    let found = TariffFile::check("t", text).map_or_else(|faults| faults, |_| Vec::new());
    let line = |of: TariffFileError| format!("{}:{}  {}", of.line, of.column, of.what);
    found.into_iter().map(line).collect()
}

/// What is said of the whole tariff with one text for another and more lines.
fn said((from, to): (&str, &str), more: &str) -> Vec<String> {
    assert!(WHOLE.contains(from), "{from}");
    faults(&format!("{}{more}\n", WHOLE.replacen(from, to, 1)))
}

/// More lines alone.
const SAME: (&str, &str) = ("", "");

#[test]
fn the_whole_tariff_is_one() {
    assert_eq!(said(SAME, "default = \"8 %\""), [""; 0]);
}

#[test]
fn what_is_wrong_with_the_form_is_said_at_its_place() {
    let cases: &[((&str, &str), &str, &str)] = &[
        (
            ("tariff = \"t\"", "tariff = "),
            "",
            "1:10  string values must be quoted, expected literal string",
        ),
        (
            ("tariff = \"t\"", "tariff = \"the new one\""),
            "",
            "1:10  \"the new one\" is not an identifier (1 to 40 of A-Z a-z 0-9 . _ : -)",
        ),
        (("tariff = \"t\"", "# no name"), "default = \"8 %\"", "1:1  missing field `tariff`"),
        (
            ("2026-01-01", "2026-02-30"),
            "",
            "2:16  \"2026-02-30\" is not a date YYYY-MM-DD of the years 0001 to 9999",
        ),
        (
            ("hold_days = 0", "hold_days = -1"),
            "",
            "8:13  -1 is not a number of days from 0 to 65535",
        ),
        (
            ("Asia/Shanghai", "Asia/Atlantis"),
            "",
            "7:13  \"Asia/Atlantis\" is not a time zone of the IANA database, such as Asia/Shanghai",
        ),
        (
            ("hold_days = 0", "hold_days = 0\ncut_off_hour = 24"),
            "",
            "9:16  cut-off hour 24 is not 0 to 23",
        ),
        (
            ("weekly", "fortnightly"),
            "",
            "6:9  unknown variant `fortnightly`, expected one of `daily`, `weekly`, `half-monthly`, `monthly`, `bi-weekly`, `week-days`, `month-days`",
        ),
        (
            ("hold_days = 0", "hold_days = 0\nhold = 7"),
            "",
            "9:1  unknown field `hold`, expected one of `cycle`, `time_zone`, `cut_off_hour`, `hold_days`, `tier`, `business`, `reserve`, `minimum_payouts`, `recovery`, `payout`, `fixed_reserves`, `deposits`, `debt_after`",
        ),
        (
            ("commission", "brokerage"),
            "",
            "10:8  unknown variant `brokerage`, expected one of `commission`, `order_fee`, `payment_fee`, `technical_service`, `listing_fee`",
        ),
        (
            ("\"line\"", "\"item\""),
            "",
            "11:9  unknown variant `item`, expected one of `line`, `unit`, `order`, `period`",
        ),
        (
            ("proportional", "full"),
            "",
            "12:13  unknown variant `full`, expected one of `proportional`, `kept`, `re-rated`",
        ),
        (
            ("[terms]", "[conditions]"),
            "",
            "5:2  unknown field `conditions`, expected one of `tariff`, `announced_on`, `effective_on`, `chosen_by`, `currency`, `source`, `terms`, `channel`, `fees`, `deposits`, `freight`",
        ),
        (
            SAME,
            "default = 0.08",
            "13:11  invalid type: floating point `0.08`, expected a percentage in a string, such as \"8 %\"",
        ),
        (
            SAME,
            "tax = \"6\"",
            "13:7  \"6\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %",
        ),
        (
            SAME,
            "role = { agent = { supplier = \"800 %\" } }",
            "13:31  \"800 %\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %",
        ),
        (
            SAME,
            "role = \"agent\"",
            "13:8  an agent's fee says which part is the supplier's: role = { agent = { supplier = \"80 %\" } }",
        ),
        (
            SAME,
            "retained = { percent = \"200 %\" }",
            "13:24  \"200 %\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %",
        ),
        (
            SAME,
            "[[fees.rules]]\nrule = \"a\"\nminimum = 0.30",
            "15:11  invalid type: floating point `0.3`, expected a decimal in a string, such as \"12.50\"",
        ),
        (
            SAME,
            "[[fees.rules]]\nrule = \"a\"\nminimum = \"0,30\"",
            "15:11  amount \"0,30\" is not a decimal with a dot",
        ),
        (SAME, "[[fees.rules]]\npercent = \"8 %\"", "13:1  missing field `rule`"),
        (
            SAME,
            "[[fees.rules]]\nrule = \"a\"\nwhen = { country = \"CN\" }",
            "15:10  unknown field `country`, expected one of `tier`, `business`, `region`, `method`, `fulfilment`",
        ),
        (
            SAME,
            "[[fees.rules]]\nrule = \"a\"\ntiers = { by = \"units\", stepping = \"slab\", steps = [] }",
            "15:16  unknown variant `units`, expected one of `price`, `volume-of-month`, `volume-of-quarter`, `volume-of-year`",
        ),
        (
            SAME,
            "[[fees.rules]]\nrule = \"a\"\ntiers = { by = \"price\", steps = [] }",
            "15:9  missing field `stepping`",
        ),
        (SAME, "default = \"8 %\"\ndefault = \"9 %\"", "14:1  duplicate key"),
    ];
    for (change, more, expected) in cases {
        assert_eq!(said(*change, more), [*expected], "{more}");
    }
}

#[test]
fn what_is_wrong_with_the_content_is_said_at_its_place() {
    let rule = |lines: &str| format!("[[fees.rules]]\nrule = \"a\"\n{lines}");
    let tiers = |steps: &str| {
        rule(&format!("tiers = {{ by = \"price\", stepping = \"slab\", steps = [{steps}] }}"))
    };
    let cases: &[((&str, &str), String, &str)] = &[
        (("CNY", "RMB"), rule("minimum = \"0.30\""), "4:12  \"RMB\" is not a currency of ISO 4217 with minor units"),
        (("effective_on = \"2026-01-02\"", "effective_on = \"2025-12-31\""), "default = \"8 %\"".into(), "3:16  announced on 2026-01-01, after it takes effect"),
        (SAME, String::new(), "9:1  fee commission has no rules"),
        (SAME, "default = \"eight\"".into(), "13:11  \"eight\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %"),
        (SAME, "default = \"108 %\"".into(), "13:11  \"108 %\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %"),
        (SAME, "default = \"60 % + 60 %\"".into(), "13:11  \"60 % + 60 %\" is more than 100 %"),
        (SAME, "default = \"8 % +\"".into(), "13:11  in \"8 % +\", \"\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %"),
        (SAME, "default = \"0.00001 %\"".into(), "13:11  \"0.00001 %\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %"),
        (SAME, "default = \"-8 %\"".into(), "13:11  \"-8 %\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %"),
        (SAME, "[fees.categories]\n\"茶\" = \"5 %\"".into(), "14:7  category \"茶\" needs a rule of its own under [[fees.rules]], with a name of up to 40 letters, digits and . _ : -"),
        (SAME, "[fees.categories]\n\"tea//green\" = \"5 %\"".into(), "14:16  rule tea..green names the category \"tea//green\", which is not parts joined by /"),
        (SAME, "[fees.categories]\n\"tea/green\" = \"5 %\"\n\"tea.green\" = \"5 %\"".into(), "14:15  rule tea.green stands twice in its fee"),
        (SAME, rule("category = \"/tea\"\npercent = \"5 %\""), "15:12  rule a names the category \"/tea\", which is not parts joined by /"),
        (SAME, format!("{}\n{}", rule("percent = \"5 %\""), rule("percent = \"6 %\"\ncategory = \"tea\"")), "17:8  rule a stands twice in its fee"),
        (SAME, format!("default = \"8 %\"\n{}", rule("percent = \"5 %\"")), "13:11  rules a and default can hold for the same sale, and neither says more than the other"),
        (SAME, format!("{}\n[[fees.rules]]\nrule = \"b\"\nwhen = {{ region = \"east\" }}\npercent = \"5 %\"", rule("when = { tier = \"gold\" }\npercent = \"4 %\"")), "17:1  rules a and b can hold for the same sale, and neither says more than the other"),
        (SAME, rule("percent = \"5 %\"\nminimum = \"2.00\"\nmaximum = \"1.00\""), "17:11  rule a takes 2.00 at least and 1.00 at most"),
        (SAME, rule("percent = \"5 %\"\nminimum = \"-2.00\""), "16:11  rule a has an amount that is negative or has too many decimals"),
        (SAME, rule("percent = \"5 %\"\nfixed = \"0.001\""), "16:9  rule a has an amount that is negative or has too many decimals"),
        (("currency = \"CNY\"", "# no currency"), rule("percent = \"5 %\"\nfixed = \"0.10\""), "16:9  rule a has an amount, so the tariff needs a currency"),
        (SAME, rule("percent = \"5 %\"\nclosed = true"), "16:10  rule a is closed, so it charges nothing"),
        (SAME, tiers(""), "15:9  rule a has no steps"),
        (SAME, tiers("{ above = \"5\", percent = \"5 %\" }"), "15:53  the first step of rule a is above 5.00; it is above 0"),
        (SAME, tiers("{ above = \"0\", percent = \"5 %\" },\n{ above = \"9\", percent = \"6 %\" },\n{ above = \"9\", percent = \"7 %\" }"), "17:1  the steps of rule a do not rise at 9.00"),
        (SAME, tiers("{ above = \"0\", percent = \"five\" }"), "15:78  \"five\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %"),
        (SAME, rule("percent = \"5 %\"\ntiers = { by = \"price\", stepping = \"slab\", steps = [{ above = \"0\", percent = \"5 %\" }] }"), "15:11  rule a has a percentage and steps; write the percentage as the first step"),
        (("\"line\"", "\"unit\""), rule("tiers = { by = \"volume-of-month\", stepping = \"slab\", steps = [{ above = \"0\", percent = \"5 %\" }] }"), "15:9  rule a has steps by volume, but its fee is per unit; take it per line"),
        (SAME, rule("percent = \"8 %\"\nparts = [{ name = \"a\", percent = \"5 %\" }, { name = \"b\", percent = \"2 %\" }]"), "15:11  the parts of rule a sum to 7 %, its percentage is 8 %"),
        (SAME, rule("parts = [\n{ name = \"a\", percent = \"5 %\" },\n{ name = \"a\", percent = \"2 %\" },\n]"), "17:1  part a of rule a stands twice"),
        (SAME, rule("parts = [{ name = \"a\", percent = \"60 %\" }, { name = \"b\", percent = \"60 %\" }]"), "15:10  the parts of rule a are more than 100 %"),
        (("\"line\"", "\"order\""), rule("category = \"tea\"\npercent = \"5 %\""), "15:12  rule a names a category or a fulfilment, but its fee is assessed per order"),
        (("\"line\"", "\"order\""), rule("when = { fulfilment = \"us\" }\npercent = \"5 %\""), "15:8  rule a names a category or a fulfilment, but its fee is assessed per order"),
        (("\"line\"", "\"order\""), rule("closed = true"), "15:10  rule a is closed, but its fee is not assessed per line: close the category there"),
        (("\"line\"", "\"period\""), rule("percent = \"5 %\"\nfixed = \"500.00\""), "15:11  rule a is per period: it has a fixed amount alone"),
        (("proportional", "kept"), "retained = { percent = \"20 %\" }\ndefault = \"8 %\"".into(), "13:12  fee commission gives nothing back, so nothing can be retained of it"),
        (SAME, "retained = { percent = \"20 %\", maximum = \"0.001\" }\ndefault = \"8 %\"".into(), "13:12  fee commission retains an amount that is negative or has too many decimals, or has no currency"),
        (SAME, "role = \"pass-through\"\ndefault = \"8 %\"".into(), "13:8  fee commission passes nothing on: only a payment fee does"),
        (SAME, "default = \"8 %\"\n[[fees]]\nkind = \"commission\"\nscope = \"line\"\non_refund = \"kept\"\ndefault = \"5 %\"".into(), "15:8  fee commission stands twice in the tariff; write its rules there"),
    ];
    for (change, more, expected) in cases {
        assert_eq!(said(*change, more), [*expected], "{more}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_in_the_order_of_the_file() {
    let text = r#"tariff = "t"
announced_on = "2026-02-01"
effective_on = "2026-01-02"
currency = "CNY"
[terms]
cycle = "weekly"
time_zone = "Asia/Shanghai"
hold_days = 0

[[fees]]
kind = "commission"
scope = "line"
on_refund = "kept"
retained = { percent = "20 %" }
default = "eight percent"

[[fees.rules]]
rule = "tea"
category = "tea/"
minimum = "2.00"
maximum = "1.00"
tiers = { by = "price", stepping = "slab", steps = [
    { above = "0", percent = "5 %" },
    { above = "20.00", percent = "6 %" },
    { above = "10.00", percent = "7 %" },
] }

[[fees.rules]]
rule = "tea"
category = "coffee"
percent = "8 %"
fixed = "0.005"

[[fees]]
kind = "order_fee"
scope = "order"
on_refund = "kept"

[[fees]]
kind = "commission"
scope = "line"
on_refund = "kept"
[fees.categories]
arms = "closed"
books = "15"
"#;
    let expected = [
        "3:16  announced on 2026-02-01, after it takes effect",
        "14:12  fee commission gives nothing back, so nothing can be retained of it",
        "15:11  \"eight percent\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %",
        "19:12  rule tea names the category \"tea/\", which is not parts joined by /",
        "21:11  rule tea takes 2.00 at least and 1.00 at most",
        "25:5  the steps of rule tea do not rise at 10.00",
        "29:8  rule tea stands twice in its fee",
        "32:9  rule tea has an amount that is negative or has too many decimals",
        "34:1  fee order_fee has no rules",
        "40:8  fee commission stands twice in the tariff; write its rules there",
        "45:9  \"15\" is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %",
    ];
    assert_eq!(faults(text), expected);
    let first = TariffFile::parse("t.toml", text).unwrap_err().to_string();
    assert_eq!(first, "t.toml:3:16  announced on 2026-02-01, after it takes effect");
}

#[test]
fn a_deposit_that_is_none_is_said_at_its_place() {
    let of = |lines: &str| said(SAME, &format!("default = \"8 %\"\n[[deposits]]\n{lines}"));
    for (lines, expected) in [
        ("amount = \"0\"", "15:10  a deposit of 0.00 is not above zero"),
        ("amount = \"-1.00\"", "15:10  a deposit of -1.00 is not above zero"),
        ("amount = \"1.001\"", "15:10  amount 1.001 has more than the 2 decimals of CNY"),
        (
            "business = \"\"\namount = \"1\"",
            "14:1  a kind of business is without a name; leave it out",
        ),
        ("category = \"tea/\"\namount = \"1\"", "14:1  category \"tea/\" is not parts joined by /"),
        (
            "amount = \"1\"\n[[deposits]]\namount = \"2\"",
            "16:1  this kind of business has a deposit for this category already",
        ),
        (
            "amount = \"1\"\nkind = \"x\"",
            "16:1  unknown field `kind`, expected one of `business`, `category`, `amount`",
        ),
        ("business = \"x\"", "14:1  missing field `amount`"),
    ] {
        assert_eq!(of(lines), [expected], "{lines}");
    }
    let deposit = "default = \"8 %\"\n[[deposits]]\namount = \"1.00\"";
    let nowhere = said(("currency = \"CNY\"", "# no currency"), deposit);
    assert_eq!(nowhere, ["15:10  a deposit needs the currency of the file"]);
    let twice = said(
        ("hold_days = 0", "hold_days = 0\ndeposits = [{ currency = \"CNY\", amount = \"5.00\" }]"),
        deposit,
    );
    assert_eq!(twice, ["15:1  deposits stand under [terms] already; write all of them here"]);
}
