//! The commands of scenarios, one fact per line, as `fixtures/scenarios/README.md` describes them.
//!
//! A line becomes commands of the ledger in their JSON form, so a scenario goes the way of every
//! client.

use std::collections::{BTreeMap, BTreeSet};

use souk_domain::service::commands::AdvancePayout;
use souk_journal::dates::{Date, Micros};

use super::words::Words;
use super::{
    banks, ending, fx, merchants, months, objections, orders, payouts, prepaid, services, taxes,
};
use crate::market::{Sent, platform_zone, start};

/// What a line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Sends commands, one after the other.
    Send(Vec<Sent>),
    /// Closes every cycle through a day.
    Close(Date),
    /// Closes a merchant's account.
    CloseMerchant(String),
    /// Pays a merchant early: what is asked, and the key.
    EarlyPayout(Box<AdvancePayout<'static>>, String),
    /// Charges the periods of a term that have begun by a day.
    Renew(String, Date),
    /// Close a month of the books; who approves it.
    CloseMonth(Date, Vec<String>),
    /// Brings the balances of a file forward: its path, the day, who approved it.
    Opening(String, Date, Vec<String>),
    /// Issues a file of payouts: the account that pays, who issues it.
    PayoutFile(String, String),
    /// Withdraws a file of payouts: the account, the file, who withdraws it.
    WithdrawFile(String, String, String),
    /// Lets time pass.
    Wait,
    /// Forgets everything in memory.
    Reload,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// It is the line before once more.
    pub again: bool,
    /// Memory is forgotten before it.
    pub reload: bool,
    /// When it happens.
    pub at: Micros,
    /// The refusal that must come.
    pub refusal: Option<String>,
}

/// What later lines need of earlier ones.
#[derive(Debug)]
pub struct Context {
    at: Micros,
    lines: usize,
    last: Option<Action>,
    /// The line expects a refusal.
    refused: bool,
    payments: BTreeMap<String, usize>,
    enrolled: BTreeSet<String>,
}

impl Default for Context {
    fn default() -> Self {
        let (payments, enrolled) = Default::default();
        Self { at: start(), lines: 0, last: None, refused: false, payments, enrolled }
    }
}

impl Context {
    /// Reads a line; nothing when it is empty or a remark.
    ///
    /// # Errors
    /// A text saying what cannot be read.
    pub fn read(&mut self, line: &str) -> Result<Option<Step>, String> {
        let line = line.split_once(" # ").map_or(line, |(line, _)| line);
        let (line, refusal) = match line.split_once("->") {
            Some((line, code)) => (line, Some(code.trim().to_owned())),
            None => (line, None),
        };
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if words.first().is_none_or(|word| word.starts_with('#')) {
            return Ok(None);
        }
        self.lines += 1;
        self.refused = refusal.is_some();
        if let [date, time, ..] = words.as_slice()
            && date.starts_with(|first: char| first.is_ascii_digit())
        {
            self.at = instant(date, time)?;
            words.drain(..2);
        }
        let given = words.iter().position(|word| word.starts_with("key="));
        let key = match given {
            Some(index) => words.remove(index)["key=".len()..].to_owned(),
            None => format!("line {}", self.lines),
        };
        let Some((name, rest)) = words.split_first() else {
            return Err("there is no command on this line".into());
        };
        let again = *name == "again";
        let reload = again && rest == ["after", "reload"];
        let action = match *name {
            "again" if reload || rest.is_empty() => {
                self.last.clone().ok_or("there is no line before to repeat")?
            }
            "wait" if rest.is_empty() => Action::Wait,
            "reload" if rest.is_empty() => Action::Reload,
            "close" => {
                let mut words = Words::new(rest);
                let through = words.next("a date")?;
                words.end()?;
                Action::Close(through.parse().map_err(|_| format!("{through:?} is no date"))?)
            }
            "payout-file" => {
                let mut words = Words::new(rest);
                let account = words.next("the account")?.to_owned();
                let by = by(&mut words)?;
                Action::PayoutFile(account, by)
            }
            "withdraw-file" => {
                let mut words = Words::new(rest);
                let account = words.next("the account")?.to_owned();
                let file = words.next("the file")?.to_owned();
                let by = by(&mut words)?;
                Action::WithdrawFile(account, file, by)
            }
            "opening" => opening(&mut Words::new(rest))?,
            "early-payout" => {
                Action::EarlyPayout(Box::new(services::early_payout(&mut Words::new(rest))?), key)
            }
            "renew" => {
                let mut words = Words::new(rest);
                let (term, through) = (words.next("the term")?, words.next("a date")?);
                words.end()?;
                let through = through.parse().map_err(|_| format!("{through:?} is no date"))?;
                Action::Renew(term.to_owned(), through)
            }
            "close-month" => {
                let mut words = Words::new(rest);
                let month = words.next("the month")?;
                let day = format!("{month}-01");
                let day = day.parse().map_err(|_| format!("{month:?} is no month"))?;
                let Some(("by", names)) = words.pair()? else {
                    return Err("by= is missing".into());
                };
                words.end()?;
                Action::CloseMonth(day, names.split(',').map(str::to_owned).collect())
            }
            "close-merchant" => {
                let mut words = Words::new(rest);
                let merchant = words.next("the merchant")?;
                words.end()?;
                Action::CloseMerchant(merchant.to_owned())
            }
            name => Action::Send(self.sent(name, Words::new(rest), &key)?),
        };
        self.last = Some(action.clone());
        Ok(Some(Step { action, again, reload, at: self.at, refusal }))
    }

    /// The id of an order's next payment; a payment that is refused takes no number.
    pub(super) fn payment(&mut self, order: &str) -> String {
        let count = self.payments.entry(order.to_owned()).or_default();
        let number = *count + 1;
        if !self.refused {
            *count = number;
        }
        format!("P{number}")
    }

    /// Whether a merchant is enrolled by this line.
    pub(super) fn enrols(&mut self, merchant: &str) -> bool {
        let new = !self.enrolled.contains(merchant);
        if !self.refused {
            self.enrolled.insert(merchant.to_owned());
        }
        new && !self.refused
    }

    fn sent(&mut self, name: &str, mut words: Words<'_>, key: &str) -> Result<Vec<Sent>, String> {
        let commands = match name {
            "tariff" => merchants::tariff(&mut words),
            "merchant" => merchants::merchant(&mut words, self),
            name if fx::NAMES.contains(&name) => fx::command(name, &mut words),
            "instruct" | "paid" | "failed" | "returned" => merchants::payout(name, &mut words),
            name if payouts::NAMES.contains(&name) => payouts::command(name, &mut words),
            name if taxes::NAMES.contains(&name) => taxes::command(name, &mut words),
            name if banks::NAMES.contains(&name) => {
                banks::command(name, &mut words, &platform_zone().date(self.at).to_string())
            }
            name if months::NAMES.contains(&name) => months::command(name, &mut words),
            name if ending::NAMES.contains(&name) => ending::command(name, &mut words),
            name if objections::NAMES.contains(&name) => objections::command(name, &mut words),
            name if services::NAMES.contains(&name) => services::command(name, &mut words),
            name => match prepaid::command(name, &mut words)? {
                Some(command) => Ok(vec![command]),
                None => orders::command(name, &mut words, self),
            },
        }?;
        words.end()?;
        let sent = |(index, (name, data))| {
            let key = if index == 0 { key.to_owned() } else { format!("{key}.{index}") };
            Sent::new(name, &data, key, self.at)
        };
        Ok(commands.into_iter().enumerate().map(sent).collect())
    }
}

/// `by=Li`, the last word.
fn by(words: &mut Words<'_>) -> Result<String, String> {
    let Some(("by", name)) = words.pair()? else { return Err("by= is missing".into()) };
    words.end()?;
    Ok(name.to_owned())
}

/// `opening fixtures/opening/X.csv 2026-02-28 by=Li,Wang`.
fn opening(words: &mut Words<'_>) -> Result<Action, String> {
    let (path, day) = (words.next("the file")?, words.next("the day")?);
    let day = day.parse().map_err(|_| format!("{day:?} is no date"))?;
    let Some(("by", names)) = words.pair()? else { return Err("by= is missing".into()) };
    words.end()?;
    Ok(Action::Opening(path.to_owned(), day, names.split(',').map(str::to_owned).collect()))
}

fn instant(date: &str, time: &str) -> Result<Micros, String> {
    let bad = || format!("{date} {time} is not a date and a time such as 2026-03-01 10:00");
    let date: Date = date.parse().map_err(|_| bad())?;
    let (hour, minute) = time.split_once(':').ok_or_else(bad)?;
    let hour: i64 = hour.parse().ok().filter(|hour| *hour < 24).ok_or_else(bad)?;
    let minute: i64 = minute.parse().ok().filter(|minute| *minute < 60).ok_or_else(bad)?;
    // The platform's zone has no gaps in its days.
    Ok(Micros(platform_zone().start_of(date).0 + (hour * 60 + minute) * 60_000_000))
}
