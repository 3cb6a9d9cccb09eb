//! Journals in the columns of accounting software. Amounts have a dot and no grouping; a code is text.

use std::collections::BTreeMap;

use souk_books::figure::Figure;
use souk_books::summary_journal::SummaryJournal;

use super::Form;
use super::map::{AccountMap, Code};

/// A row: one code on one side.
struct Row<'r> {
    code: &'r Code,
    debit: Option<Figure>,
    credit: Option<Figure>,
    /// The accounts in it.
    accounts: String,
}

/// Writes the journals.
pub(super) fn write(
    form: Form,
    map: &AccountMap,
    journals: &[SummaryJournal],
) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns(form).split(','))?;
    for (number, journal) in (1..).zip(journals) {
        for row in rows(map, journal) {
            let cells = cells(form, map, journal, number, &row);
            writer.write_record(cells.iter().map(|cell| crate::show::escaped(cell)))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The names of the columns, with commas between them.
fn columns(form: Form) -> &'static str {
    match form {
        Form::Generic => "journal,date,currency,code,name,debit,credit,accounts",
        Form::Xero => {
            "*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2"
        }
        Form::Quickbooks => {
            "Journal No.,Journal Date,Currency,Memo,Account,Debits,Credits,Description,Name,Location,Class"
        }
        Form::Kingdee => {
            "日期,凭证字,凭证号,附单据数,摘要,科目代码,科目名称,借方金额,贷方金额,币别,汇率"
        }
        Form::Yonyou => {
            "制单日期,凭证类别,凭证编号,附单据数,摘要,科目编码,科目名称,币种,汇率,借方金额,贷方金额"
        }
    }
}

/// The rows of a journal: accounts with the same code in one, debits before credits.
fn rows<'r>(map: &'r AccountMap, journal: &SummaryJournal) -> Vec<Row<'r>> {
    let mut sums: BTreeMap<(&Code, bool), (i128, Vec<String>)> = BTreeMap::new();
    for line in &journal.lines {
        let Some(code) = map.code(line.account) else { continue };
        for (is_credit, amount) in [(false, line.debits), (true, line.credits)] {
            if !amount.is_zero() {
                let (sum, accounts) = sums.entry((code, is_credit)).or_default();
                *sum += amount.minor;
                accounts.push(line.account.to_string());
            }
        }
    }
    let row = |((code, is_credit), (sum, accounts)): ((&'r Code, bool), (i128, Vec<String>))| {
        let amount = Some(Figure::new(sum, journal.currency));
        let (debit, credit) = if is_credit { (None, amount) } else { (amount, None) };
        Row { code, debit, credit, accounts: accounts.join(" ") }
    };
    sums.into_iter().map(row).collect()
}

fn cells(
    form: Form,
    map: &AccountMap,
    journal: &SummaryJournal,
    number: usize,
    row: &Row<'_>,
) -> Vec<String> {
    let text = |amount: &Option<Figure>| amount.map(|of| of.to_string()).unwrap_or_default();
    let (debit, credit) = (text(&row.debit), text(&row.credit));
    let (code, name) = (row.code.code.clone(), row.code.name.clone());
    let currency = journal.currency.code().to_owned();
    let named = format!("{}-{}-{currency}", map.prefix, journal.name);
    let on = journal.on.to_string();
    let none = String::new;
    let (year, month, day) = journal.on.parts();
    match form {
        Form::Generic => {
            vec![named, on, currency, code, name, debit, credit, row.accounts.clone()]
        }
        Form::Xero => {
            // Debits are above zero, credits below.
            let amount = if row.credit.is_some() { format!("-{credit}") } else { debit };
            let on = format!("{day:02}/{month:02}/{year:04}");
            let tax = map.tax_rate.clone();
            vec![named, on, name, code, tax, amount, none(), none(), none(), none()]
        }
        Form::Quickbooks => {
            let memo = format!("Souk {}", journal.name);
            let on = format!("{month:02}/{day:02}/{year:04}");
            let about = row.accounts.clone();
            vec![named, on, currency, memo, name, debit, credit, about, none(), none(), none()]
        }
        Form::Kingdee => vec![
            on,
            map.voucher.clone(),
            number.to_string(),
            "0".to_owned(),
            named,
            code,
            name,
            debit,
            credit,
            currency,
            none(),
        ],
        Form::Yonyou => vec![
            on,
            map.voucher.clone(),
            number.to_string(),
            "0".to_owned(),
            named,
            code,
            name,
            currency,
            none(),
            debit,
            credit,
        ],
    }
}
