//! What people and programs see: tables, CSV and JSON on standard output, everything else on
//! standard error, one `next:` line on a terminal.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write};

use comfy_table::{CellAlignment, Table};
use serde::Serialize;

use crate::cli::{Format, Global, Lang};
use crate::fail::{Exit, Failure};

/// Rows with named columns.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Column names, as in JSON and CSV.
    pub(crate) columns: Vec<&'static str>,
    /// Columns of amounts and numbers, which stand on the right.
    pub(crate) numeric: Vec<&'static str>,
    /// The rows; an absent value is empty.
    pub(crate) rows: Vec<Vec<String>>,
}

/// Where the answer goes.
pub(crate) fn out(global: &Global) -> Result<Box<dyn Write>, Failure> {
    match &global.output {
        Some(path) => {
            let file = File::create(path).map_err(|error| Failure::unwritable(path, &error))?;
            Ok(Box::new(io::BufWriter::new(file)))
        }
        None => Ok(Box::new(io::BufWriter::new(io::stdout().lock()))),
    }
}

/// Writes text to the answer; a reader that went away is no error.
pub(crate) fn text(global: &Global, text: &str) -> Result<(), Failure> {
    let mut out = out(global)?;
    finish(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Writes a document to the answer; one that is no text does not go to a terminal.
pub(crate) fn bytes(global: &Global, bytes: &[u8]) -> Result<(), Failure> {
    if global.output.is_none() && io::stdout().is_terminal() && std::str::from_utf8(bytes).is_err()
    {
        let message = "this document is no text: name a file with --output FILE";
        return Err(Failure::new(Exit::Usage, "NoOutputFile", message));
    }
    let mut out = out(global)?;
    finish(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Refuses the forms that only statements have.
pub(crate) fn no_statement(global: &Global) -> Result<(), Failure> {
    let form = match global.format() {
        Format::Table | Format::Json | Format::Csv => return Ok(()),
        Format::Tsv => "tsv",
        Format::SettlementZh => "settlement-zh",
        Format::Xlsx => "xlsx",
        Format::Html => "html",
        Format::Pdf => "pdf",
    };
    let message = format!("{form} is a form of statements, and this answer is none");
    Err(Failure::new(Exit::Usage, "FormatNotSupported", message)
        .with("  the forms are table, json and csv: name one with --format"))
}

/// Refuses CSV where an answer has no rows.
pub(crate) fn no_rows(global: &Global) -> Result<(), Failure> {
    if global.format() != Format::Csv {
        return Ok(());
    }
    let message = "this answer has no rows, so there is no CSV of it";
    Err(Failure::new(Exit::Usage, "FormatNotSupported", message)
        .with("  the forms are table and json: name one with --format"))
}

/// Writes one JSON document.
pub(crate) fn json<T: Serialize>(global: &Global, value: &T) -> Result<(), Failure> {
    let body = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    text(global, &format!("{body}\n"))
}

/// Writes rows as a table or as CSV, with the columns and the number of rows that were asked for.
pub(crate) fn rows(global: &Global, of: &Rows) -> Result<(), Failure> {
    rows_under(global, "", of)
}

/// The same, as a table under a text.
pub(crate) fn rows_under(global: &Global, head: &str, rows: &Rows) -> Result<(), Failure> {
    let mut chosen = Vec::new();
    for field in &global.fields {
        let place = rows.columns.iter().position(|column| column == field).ok_or_else(|| {
            let message = format!("there is no column {field:?}");
            Failure::new(Exit::Usage, "UnknownColumn", message)
                .with(format!("  the columns are: {}", rows.columns.join(", ")))
        })?;
        chosen.push(place);
    }
    if chosen.is_empty() {
        chosen = (0..rows.columns.len()).collect();
    }
    let limit = global.limit.filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    let names: Vec<&str> = chosen.iter().map(|place| rows.columns[*place]).collect();
    let picked = rows.rows.iter().take(limit);
    let cells = picked.map(|row| chosen.iter().map(|place| row[*place].as_str()).collect());
    let cells: Vec<Vec<&str>> = cells.collect();
    match global.format() {
        Format::Csv | Format::SettlementZh => csv_rows(global, b',', &names, &cells),
        Format::Tsv => csv_rows(global, b'\t', &names, &cells),
        // Documents are of statements, and made elsewhere.
        Format::Table | Format::Json | Format::Xlsx | Format::Html | Format::Pdf => {
            table_rows(global, head, &names, &cells, rows)?;
            if rows.rows.len() > limit {
                note(global, &format!("… {} more (--limit 0)", rows.rows.len() - limit));
            }
            Ok(())
        }
    }
}

fn csv_rows(
    global: &Global,
    delimiter: u8,
    names: &[&str],
    cells: &[Vec<&str>],
) -> Result<(), Failure> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out(global)?);
    let mut write = || -> csv::Result<()> {
        writer.write_record(names)?;
        for row in cells {
            writer.write_record(row.iter().map(|cell| escaped(cell)))?;
        }
        writer.flush()?;
        Ok(())
    };
    finish(write().map_err(|error| {
        let what = error.to_string();
        // The library's own errors are of many kinds; a pipe that went away is the one that matters.
        if let csv::ErrorKind::Io(error) = error.into_kind() {
            error
        } else {
            io::Error::other(what)
        }
    }))
}

/// A text that a spreadsheet would take for a formula is escaped; a negative amount is none.
pub(crate) fn escaped(cell: &str) -> String {
    let amount =
        cell.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if cell.starts_with(['=', '+', '-', '@']) && !amount { format!("'{cell}") } else { cell.into() }
}

fn table_rows(
    global: &Global,
    head: &str,
    names: &[&str],
    cells: &[Vec<&str>],
    rows: &Rows,
) -> Result<(), Failure> {
    let mut table = Table::new();
    table
        .load_style(comfy_table::presets::NOTHING)
        .set_header(names.iter().map(|name| header(global, name)));
    for row in cells {
        let numeric = |place: usize| rows.numeric.contains(&names[place]);
        let shown = row.iter().enumerate();
        table.add_row(shown.map(
            |(place, cell)| {
                if numeric(place) { grouped(cell) } else { (*cell).to_owned() }
            },
        ));
    }
    for (place, name) in names.iter().enumerate() {
        if rows.numeric.contains(name)
            && let Some(column) = table.column_mut(place)
        {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    text(global, &format!("{head}{}\n", lines.join("\n")))
}

/// A column's name in the language asked for; files keep the names of the contract.
fn header<'a>(global: &Global, name: &'a str) -> &'a str {
    match global.lang() {
        Lang::En => name,
        Lang::Zh => CHINESE.iter().find(|(known, _)| *known == name).map_or(name, |(_, zh)| zh),
    }
}

const CHINESE: &[(&str, &str)] = &[
    ("merchant", "商家"),
    ("currency", "币种"),
    ("pending", "待结算"),
    ("payable", "已到期"),
    ("due", "待打款"),
    ("held", "暂扣"),
    ("reserved", "预留金"),
    ("deposit", "保证金"),
    ("ad_wallet", "推广余额"),
    ("in_transit", "打款中"),
    ("debt", "欠款"),
    ("total", "合计"),
    ("month", "月份"),
    ("line", "收入项目"),
    ("gross", "发生额"),
    ("returned", "返还"),
    ("net", "净额"),
    ("contra", "收入抵减"),
    ("deferred", "递延"),
    ("recognised", "确认"),
    ("take_rate", "抽佣率"),
    ("category", "类目"),
    ("region", "地区"),
    ("tier", "商家等级"),
    ("opening", "期初"),
    ("charged", "收取"),
    ("forfeited", "没收"),
    ("closing", "期末"),
    ("account", "科目"),
    ("debits", "借方"),
    ("credits", "贷方"),
    ("balance", "余额"),
    ("cycle", "结算周期"),
    ("last_day", "截止日"),
    ("merchants", "商家数"),
    ("items", "明细数"),
    ("amount", "金额"),
    ("payouts", "打款笔数"),
    ("kept", "净预留"),
    ("paid_out", "打款金额"),
    ("carried", "结转下期"),
    ("address", "地址"),
    ("standing", "状态"),
    ("pay_on", "打款日"),
    ("since", "起始日"),
    ("age_days", "在途天数"),
    ("file", "打款文件"),
    ("reason", "原因"),
    ("bank_reference", "银行流水号"),
    ("payee", "收款账户"),
    ("statement", "结算单号"),
    ("payout", "打款编号"),
    ("status", "银行状态"),
    ("result", "处理结果"),
    ("form", "格式"),
    ("execute_on", "执行日"),
    ("count", "笔数"),
    ("instructed", "已发指令"),
    ("issued_by", "制作人"),
    ("withdrawn", "撤回原因"),
    ("digest", "摘要"),
    ("answer_by", "答复期限"),
    ("time_zone", "时区"),
    ("objection", "异议编号"),
    ("lines", "行数"),
    ("evidence", "证据数"),
    ("explanation", "答复说明"),
    ("corrections", "更正"),
];

/// A word of where something stands, in the language asked for; what programs read keeps the words of the contract.
pub(crate) fn word<'a>(global: &Global, word: &'a str) -> &'a str {
    if global.format() != Format::Table || !in_chinese(global) {
        return word;
    }
    STANDINGS.iter().find(|(known, _)| *known == word).map_or(word, |(_, chinese)| chinese)
}

/// Whether people read the answer in Chinese.
pub(crate) fn in_chinese(global: &Global) -> bool {
    match global.lang() {
        Lang::En => false,
        Lang::Zh => true,
    }
}

const STANDINGS: &[(&str, &str)] = &[
    ("due", "待打款"),
    ("held", "暂扣"),
    ("instructed", "已发指令"),
    ("in-transit", "打款中"),
    ("paid", "已打款"),
    ("accepted", "银行已受理"),
    ("failed", "打款失败"),
    ("returned", "已退回"),
    ("recorded", "已记录"),
    ("known already", "此前已知"),
    ("open", "待答复"),
    ("overdue", "逾期未答复"),
    ("upheld", "成立"),
    ("partly", "部分成立"),
    ("rejected", "不成立"),
];

/// `-1234567.89` as people read it: `−1,234,567.89`.
pub(crate) fn grouped(number: &str) -> String {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = String::with_capacity(number.len() + 8);
    if number.starts_with('-') {
        text.push('\u{2212}');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(part) = part {
        text.push('.');
        text.push_str(part);
    }
    text
}

/// The one `next:` line, for people at a terminal.
pub(crate) fn next(global: &Global, line: &str) {
    if !global.quiet && global.output.is_none() && io::stdout().is_terminal() {
        let _ = writeln!(io::stderr(), "next: {line}");
    }
}

/// A remark beside the answer.
pub(crate) fn note(global: &Global, line: &str) {
    if !global.quiet {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

fn finish(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(
            Exit::OutOfReach,
            "OutputNotWritable",
            format!("the answer cannot be written: {error}"),
        )),
    }
}
