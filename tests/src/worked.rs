//! Rows of `fixtures/tariffs/README.md`, worked out by hand there, carried out as orders in a ledger by whoever runs them.

use rust_decimal::Decimal;
use souk_formats::tariff_file::TariffFile;

use crate::scenario::document::Document;
use crate::scenario::runner::Shown;

/// Runs a scenario.
pub type Runs<'r> = &'r dyn Fn(&Document) -> Result<Shown, String>;

/// A row of a table: a number of columns, and where it stands.
pub struct Row<'t> {
    /// Its line in the README, from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<&'t str>,
}

/// The rows below a heading.
pub fn rows<'t>(readme: &'t str, head: &str) -> Vec<Row<'t>> {
    let lines = readme.lines().enumerate().skip_while(|(_, line)| *line != head).skip(1);
    let section = lines.take_while(|(_, line)| !line.starts_with("##"));
    let table = section.filter(|(_, line)| line.starts_with("| ")).skip(1);
    let cells = |line: &'t str| {
        let inner = line.trim_start_matches('|').trim_end().trim_end_matches('|');
        inner.split('|').map(str::trim).collect()
    };
    table.map(|(index, line)| Row { line: index + 1, cells: cells(line) }).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no amount"))
}

/// Carries out a row as an order in a ledger.
///
/// # Errors
/// What the ledger says instead, with the line of the row.
pub fn worked(run: Runs<'_>, file: &TariffFile, row: &Row<'_>) -> Result<(), String> {
    let at = |what: String| format!("fixtures/tariffs/README.md:{}: {what}", row.line);
    let [_, category, goods, shipping, units, fee, _, amount, tax, refunded, back] = row.cells[..]
    else {
        return Err(at(format!("{} columns instead of 11", row.cells.len())));
    };
    let currency = file.publish.currency.as_deref().unwrap();
    let category =
        if category.is_empty() { String::new() } else { format!(" category={category}") };
    let (shipping, sales_tax) = shipping.split_once(" + ").unwrap_or((shipping, "0"));
    let paid = decimal(goods) + decimal(shipping) + decimal(sales_tax);
    let collected = if sales_tax == "0" { String::new() } else { format!(" tax=US:{sales_tax}") };
    let closed = amount == "not open";
    let refusal = if closed { " -> CategoryNotOpen" } else { "" };
    let mut script = format!(
        "# One order\n\n```setup\ntariff file=fixtures/tariffs/{0}.toml\nmerchant M1 weekly tariff={0}\n```\n```commands\n\
         2026-03-03 10:00 place O1 currency={currency} it=M1:{goods} units={units} shipping={shipping}{category}{collected}\n\
         pay O1 card {paid}\ncomplete O1 M1{refusal}\n",
        file.publish.tariff
    );
    for (number, part) in refunded.split(',').map(str::trim).filter(|of| !of.is_empty()).enumerate()
    {
        let what = if part == "all" { "everything".to_owned() } else { format!("it={part}") };
        script.push_str(&format!("refund O1 R{number} {what}\n"));
    }
    script.push_str("```\n```journal\n```\n");
    let shown = Document::parse("row", &script).and_then(|document| run(&document)).map_err(at)?;
    let journal = shown.into_iter().flatten().next_back().unwrap_or_default();
    // The sum of a merchant's items of a kind.
    let sum = |kind: &str| -> Decimal {
        let words = journal.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let items =
            words.filter(|of| of.len() > 3 && of[1] == "MerchantPayable{M1}" && of[2] == kind);
        items.map(|of| decimal(of[3])).sum()
    };
    let of =
        |kind: &str, taxed: &str| (sum(&format!("{fee}{kind}")), sum(&format!("{fee}{taxed}")));
    let charged = of("", ".tax");
    if closed {
        return if charged == Default::default() { Ok(()) } else { Err(at("charged".into())) };
    }
    if charged != (decimal(amount), decimal(tax)) {
        return Err(at(format!("{fee} is {} + {}", charged.0, charged.1)));
    }
    let returned = of(".returned", ".tax_returned");
    let expected = match back.split_once('+') {
        Some((fee, tax)) => (decimal(fee.trim()), decimal(tax.trim())),
        None if back.is_empty() => Default::default(),
        None => (decimal(back), Decimal::ZERO),
    };
    if returned != expected {
        return Err(at(format!("given back of {fee} is {} + {}", returned.0, returned.1)));
    }
    Ok(())
}

/// Carries out a row of the table of partners; as [`worked`].
///
/// # Errors
/// What the ledger says instead, with the line of the row.
pub fn earned(run: Runs<'_>, tariff: &str, row: &Row<'_>) -> Result<(), String> {
    let at = |what: String| format!("fixtures/tariffs/README.md:{}: {what}", row.line);
    let [_, kind, goods, shipping, share, platform, tax, _, expected @ .., refunded, back] =
        &row.cells[..]
    else {
        return Err(at("too few columns".into()));
    };
    let mut script = format!(
        "# One order\n\n```setup\ntariff file=fixtures/tariffs/{tariff}.toml\nmerchant M1 weekly tariff={tariff}\n\
         merchant K1 weekly kind=partner tariff={tariff}\n```\n```commands\n\
         2026-03-03 10:00 place O1 it=M1:{goods} shipping={shipping}\npay O1 card {}\n\
         attribute O1 K1 {kind} {share} platform={platform} tax={tax}\ncomplete O1 M1\n",
        decimal(goods) + decimal(shipping)
    );
    for (number, part) in refunded.split(',').map(str::trim).filter(|of| !of.is_empty()).enumerate()
    {
        let what = if part == "all" { "everything".to_owned() } else { format!("it={part}") };
        script.push_str(&format!("refund O1 R{number} {what}\n"));
    }
    script.push_str("```\n```journal\n```\n");
    let shown = Document::parse("row", &script).and_then(|document| run(&document)).map_err(at)?;
    let journal = shown.into_iter().flatten().next_back().unwrap_or_default();
    let sum = |account: &str, kind: String| -> Decimal {
        let words = journal.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let of = words.filter(|of| of.len() > 3 && of[1] == account && of[2] == kind);
        of.map(|of| decimal(of[3])).sum()
    };
    let four = |returned: &str| {
        [
            sum("MerchantPayable{M1}", format!("{kind}_commission{returned}")),
            sum("MerchantPayable{K1}", format!("{kind}_earned{returned}")),
            sum("Commission", format!("{kind}_commission{returned}")),
            sum("OutputVat", format!("{kind}_commission.tax{}", returned.replace('.', "_"))),
        ]
    };
    let text = |of: [Decimal; 4]| of.map(|of| format!("{of:.2}")).join(" / ");
    if text(four("")) != expected.join(" / ") {
        return Err(at(format!("charged is {}", text(four("")))));
    }
    let given = if back.is_empty() { "0.00 / 0.00 / 0.00 / 0.00" } else { back };
    if text(four(".returned")) != given {
        return Err(at(format!("given back is {}", text(four(".returned")))));
    }
    Ok(())
}

/// A tariff of freight: its parcels are charged by a command of their own and have columns of their own.
pub const FREIGHT: &str = "freight-cn-example";

/// Charges a row of the table of freight as a parcel; as [`worked`].
///
/// # Errors
/// What the ledger says instead, with the line of the row.
pub fn parcel(run: Runs<'_>, row: &Row<'_>) -> Result<(), String> {
    let at = |what: String| format!("fixtures/tariffs/README.md:{}: {what}", row.line);
    let [_, table, region, weight, _, computed, amount] = row.cells[..] else {
        return Err(at(format!("{} columns instead of 7", row.cells.len())));
    };
    // A row without a figure says the refusal.
    let refusal = if computed.is_empty() { format!(" -> {amount}") } else { String::new() };
    let script = format!(
        "# One parcel\n\n```setup\ntariff file=fixtures/tariffs/{FREIGHT}.toml\nmerchant M1 weekly tariff={FREIGHT}\n```\n\
         ```commands\n2026-03-03 10:00 fee M1 F1 logistics by-table table={table} region={region} weight={weight}{refusal}\n\
         ```\n```journal\n```\n"
    );
    let shown = Document::parse("row", &script).and_then(|document| run(&document)).map_err(at)?;
    let journal = shown.into_iter().flatten().next_back().unwrap_or_default();
    let words = journal.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let items = words.filter(|of| of.len() > 3 && of[1] == "MerchantPayable{M1}");
    let charged: Decimal = items.map(|of| decimal(of[3])).sum();
    let expected = if computed.is_empty() { Decimal::ZERO } else { decimal(amount) };
    if charged != expected {
        return Err(at(format!("charged is {charged} instead of {expected}")));
    }
    Ok(())
}
