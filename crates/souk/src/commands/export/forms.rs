//! Journals in the columns of accounting software. Amounts have a dot and no grouping; a code is text.
//!
//! Where the columns are from, as read in November 2026:
//! - Xero: help.xero.com/nz/ManualJournalsImport. Narration and date make a journal, dates are dd/mm/yyyy, a debit is above
//!   zero and a credit below, 300 lines in a file.
//! - QuickBooks Online: quickbooks.intuit.com/learn-support, "Import journal entries". Journal No., Journal Date, Account
//!   Name, Description, Debits, Credits; accounts are named, numbers have to be turned off while one imports.
//! - 金蝶 KIS 标准版, 引入凭证: the columns of its Excel template as www.seridoat.com describes them; no document of the
//!   maker's own was found.
//! - 用友 U8, 总账工具·凭证引入: www.100ksw.com/jsj/yynl/3/228066.shtml and the text files that public programs write for it
//!   agree on the order. 制单日期 + 凭证类别字 + 业务号 make a voucher; one of the two amounts is 0.

use std::collections::BTreeMap;

use souk_books::figure::Figure;
use souk_books::summary_journal::SummaryJournal;

use super::Form;
use super::map::{AccountMap, Code};

/// A row: one code on one side.
pub(super) struct Row<'r> {
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
            "Journal No.,Journal Date,Account Name,Description,Debits,Credits,Name,Location,Class,Currency,Memo"
        }
        Form::Kingdee => {
            "日期,凭证字,凭证号,附单据数,摘要,科目代码,科目名称,借方金额,贷方金额,币别,汇率"
        }
        Form::Yonyou => {
            "制单日期,凭证类别字,业务号,附单据数,摘要,科目编码,金额借方,金额贷方,数量,外币,汇率"
        }
    }
}

/// The rows of a journal: accounts with the same code in one, debits before credits.
pub(super) fn rows<'r>(map: &'r AccountMap, journal: &SummaryJournal) -> Vec<Row<'r>> {
    let mut sums: BTreeMap<(&Code, bool), (i128, Vec<String>)> = BTreeMap::new();
    for line in &journal.lines {
        let Some(code) = map.code(line.name) else { continue };
        for (is_credit, amount) in [(false, line.debits), (true, line.credits)] {
            if !amount.is_zero() {
                let (sum, accounts) = sums.entry((code, is_credit)).or_default();
                *sum += amount.minor;
                accounts.push(line.shown.clone());
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
    // The number of a statement ends with its currency.
    let named = match journal.name.ends_with(&currency) {
        true => format!("{}-{}", map.prefix, journal.name),
        false => format!("{}-{}-{currency}", map.prefix, journal.name),
    };
    let on = journal.on.to_string();
    let none = String::new;
    let or_zero = |amount: String| if amount.is_empty() { "0".to_owned() } else { amount };
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
            vec![named, on, name, about, debit, credit, none(), none(), none(), currency, memo]
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
            or_zero(debit),
            or_zero(credit),
            none(),
            none(),
            none(),
        ],
    }
}
