//! `souk statement --compare`: a statement beside another, or beside those of other days.

use souk_books::statement::Statement as Answer;
use souk_books::statement::compare::{StatementComparison, With};

use super::super::period::period;
use super::super::reading::Reading;
use crate::cli::{Format, Global, Lang};
use crate::fail::{Exit, Failure};
use crate::show::{self, Rows};

/// Prints each statement beside what it is compared with.
pub(super) fn run(
    global: &Global,
    reading: &Reading,
    with: &str,
    all: &[Answer],
) -> Result<(), Failure> {
    show::no_statement(global)?;
    let [statement] = all else {
        let message = "one statement is compared with others: leave --all out";
        return Err(Failure::new(Exit::Usage, "ConflictingArguments", message));
    };
    let with = match with {
        "previous" => With::Previous,
        "year" => With::Year,
        range => {
            let Some((first, last)) = range.split_once("..") else {
                let message = format!("--compare {range:?} is not previous, year or FROM..TO");
                return Err(Failure::new(Exit::Usage, "NotAComparison", message));
            };
            let today = reading.today();
            With::Between(period(first, today)?.0, period(last, today)?.1)
        }
    };
    let answer = reading.books.compare(statement, with)?;
    if answer.days != answer.compared_days {
        let (days, before) = (answer.days, answer.compared_days);
        show::note(global, &format!("the periods have {days} and {before} days"));
    }
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let StatementComparison { number, compared, from, to, compared_from, compared_to, .. } =
        &answer;
    let compared = compared.join(", ");
    show::note(
        global,
        &format!("{number} ({from} to {to}) beside {compared} ({compared_from} to {compared_to})"),
    );
    show::rows(global, &rows(global, &answer))?;
    reading.freshness(global);
    Ok(())
}

fn rows(global: &Global, of: &StatementComparison) -> Rows {
    let figures = ["amount", "before", "change", "percent"];
    let mut rows = Rows {
        columns: ["row", "label", "currency"].into_iter().chain(figures).collect(),
        numeric: figures.to_vec(),
        rows: Vec::new(),
    };
    for row in &of.rows {
        let label = match global.lang() {
            Lang::En => &row.label,
            Lang::Zh => &row.label_zh,
        };
        let mut cells = vec![row.row.clone(), label.clone(), of.currency.to_string()];
        cells.extend([row.amount, row.before, row.change].iter().map(ToString::to_string));
        cells.push(row.percent.clone().unwrap_or_else(|| "–".to_owned()));
        rows.rows.push(cells);
    }
    rows
}
