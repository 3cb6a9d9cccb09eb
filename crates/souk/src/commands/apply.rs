//! `souk apply`: commands from a file, one JSON object per line.
//!
//! `{"command": "place-order", "key": "…", "at": "2026-03-01T10:00:00+08:00", "data": {…}}`. The key is the
//! natural id of the line; the same key with the same body is carried out once, with another body it
//! is refused. Without a key the line itself is the key. The whole file is read first and every
//! malformed line is listed; then each line is atomic, and applying the file again continues.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use souk_journal::dates::Micros;
use souk_journal::ids::Id;
use souk_journal::statement_lines::hex;
use souk_ledger::command::{Command, CommandError, NAMES, data_schemas};
use souk_ledger::request::{Outcome, Request};

use crate::cli::{Apply, Format, Global};
use crate::fail::{Exit, Failure, counted};
use crate::intake::Intake;
use crate::place::Place;
use crate::retroactive;
use crate::show::{self, Rows};

/// One line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    /// The command's name.
    command: String,
    /// Natural id of the line.
    #[serde(default)]
    key: Option<String>,
    /// When it happened: RFC 3339 with an offset.
    at: String,
    /// Who asks, as an opaque id.
    #[serde(default)]
    actor: Option<Id>,
    /// What it belongs to.
    #[serde(default)]
    correlation: Option<Id>,
    /// The command's data.
    #[serde(borrow)]
    data: &'a RawValue,
}

/// What became of a line.
#[derive(Debug, Serialize)]
struct Done {
    line: usize,
    command: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_revision: Option<u64>,
    events: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// A line that is understood.
struct Ready<'a> {
    number: usize,
    name: String,
    command: Command<'a>,
    at: Micros,
    key: Option<String>,
    body: Vec<u8>,
    actor: Option<Id>,
    correlation: Option<Id>,
}

/// Carries the file out.
pub(crate) fn run(global: &Global, of: &Apply) -> Result<(), Failure> {
    if of.schema {
        return show::json(global, &schema());
    }
    let Some(path) = &of.file else {
        return Err(Failure::new(Exit::Usage, "NoFile", "name a file, or - for standard input"));
    };
    let mut bytes = Vec::new();
    let name = path.display().to_string();
    let read = if name == "-" {
        std::io::stdin().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::io(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count();
        let message = format!("{name}:{line}  the line is not UTF-8, 0 written");
        Failure::new(Exit::BadInput, "MalformedLine", message)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut ready = Vec::new();
    let mut bad = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match understand(index + 1, line) {
            Ok(line) => ready.push(line),
            Err((code, column, what)) => {
                bad.push((code, format!("{name}:{}:{column}  {what}", index + 1)));
            }
        }
    }
    if !bad.is_empty() && !of.skip_bad {
        let of = ready.len() + bad.len();
        let verb = if of == 1 { "line is" } else { "lines are" };
        let message = format!("{} of {of} {verb} malformed, 0 written", bad.len());
        let code = bad.first().map_or("MalformedLine", |(code, _)| code);
        let mut failure = Failure::new(Exit::BadInput, code, message);
        failure.details = bad.into_iter().map(|(code, row)| format!("{row}   [{code}]")).collect();
        return Err(failure);
    }
    for (code, row) in &bad {
        show::note(global, &format!("{row}   [{code}]"));
    }
    apply(global, &Place::of(global)?, ready)
}

fn apply(global: &Global, place: &Place, ready: Vec<Ready<'_>>) -> Result<(), Failure> {
    let mut ledger = place.ledger()?;
    let id = ledger.identity().ledger;
    let mut intake = Intake::new(&mut ledger);
    let mut done = Vec::with_capacity(ready.len());
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut keys: HashMap<&str, &[u8]> = HashMap::new();
    for line in &ready {
        if let Some(key) = &line.key
            && *keys.entry(key).or_insert(&line.body) != line.body.as_slice()
        {
            let what = format!("key {key:?} stands on an earlier line with another body");
            done.push(refused(line, "KeyReusedWithAnotherBody", what));
            *counts.entry("refused").or_default() += 1;
            continue;
        }
        let digest = hex(&souk_domain::event_id::sha256(&line.body));
        let key = line.key.as_deref().unwrap_or(&digest);
        let mut request = Request::of(id, "apply", key, &line.body, line.at);
        request.actor = line.actor.as_ref().map(Id::as_str);
        request.correlation = line.correlation.as_ref().map(Id::as_str);
        if let Some(what) = retroactive::stands_against(&mut intake, &line.command)? {
            done.push(refused(line, retroactive::CODE, what));
            *counts.entry("refused").or_default() += 1;
            continue;
        }
        let one = match intake.submit(&line.command, &request) {
            Ok(outcome) => applied(line, &outcome),
            Err(error) if error.is_refusal() => refused(line, error.code(), error.to_string()),
            Err(error) => return Err(error.into()),
        };
        *counts.entry(one.status).or_default() += 1;
        done.push(one);
    }
    intake.drain()?;
    report(global, &done)?;
    let said: Vec<String> =
        counts.iter().map(|(status, count)| format!("{count} {status}")).collect();
    let said = if said.is_empty() { "no lines".to_owned() } else { said.join(", ") };
    show::note(global, &said);
    show::next(global, &format!("souk balances{}", place.flag()));
    match counts.get("refused") {
        None => Ok(()),
        Some(count) => {
            let first = done.iter().find_map(|one| one.code.clone());
            let code = first.unwrap_or_else(|| "LinesRefused".to_owned());
            let count = counted(*count, "line was", "lines were");
            Err(Failure::new(Exit::Refused, &code, format!("{count} refused by a rule")))
        }
    }
}

fn refused(line: &Ready<'_>, code: &str, message: String) -> Done {
    Done {
        line: line.number,
        command: line.name.clone(),
        status: "refused",
        stream: None,
        first_revision: None,
        last_revision: None,
        events: Vec::new(),
        code: Some(code.to_owned()),
        message: Some(message),
    }
}

fn applied(line: &Ready<'_>, outcome: &Outcome) -> Done {
    Done {
        line: line.number,
        command: line.name.clone(),
        status: if outcome.replayed { "replayed" } else { "applied" },
        stream: Some(outcome.stream.to_string()),
        first_revision: Some(outcome.first_revision),
        last_revision: Some(outcome.last_revision),
        events: outcome.events.iter().map(|kind| kind.text()).collect(),
        code: None,
        message: None,
    }
}

fn report(global: &Global, done: &[Done]) -> Result<(), Failure> {
    if global.format() == Format::Json {
        let mut text = String::new();
        for one in done {
            let line = serde_json::to_string(one)
                .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
            text.push_str(&line);
            text.push('\n');
        }
        return show::text(global, &text);
    }
    let mut rows = Rows {
        columns: vec!["line", "command", "status", "stream", "revisions", "events"],
        numeric: vec!["line"],
        rows: Vec::with_capacity(done.len()),
    };
    for one in done {
        let revisions = match (one.first_revision, one.last_revision) {
            (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
            (Some(first), _) => first.to_string(),
            (None, _) => String::new(),
        };
        let what = match (&one.code, &one.message) {
            (Some(code), Some(message)) => format!("{message}   [{code}]"),
            (Some(_), None) | (None, _) => one.events.join(", "),
        };
        rows.rows.push(vec![
            one.line.to_string(),
            one.command.clone(),
            one.status.to_owned(),
            one.stream.clone().unwrap_or_default(),
            revisions,
            what,
        ]);
    }
    show::rows(global, &rows)
}

/// A message without the place at its end, which stands before it as the line and column of the file.
fn without_place(message: &str) -> String {
    message.rfind(" at line ").map_or(message, |at| &message[..at]).to_owned()
}

/// Reads one line; what is wrong comes with a code and a column.
fn understand(number: usize, text: &str) -> Result<Ready<'_>, (&'static str, usize, String)> {
    let line: Line<'_> = serde_json::from_str(text).map_err(|error| {
        ("MalformedLine", error.column().max(1), without_place(&error.to_string()))
    })?;
    let column = |part: &str| text.find(part).map_or(1, |at| at + 1);
    let at: jiff::Timestamp = line.at.parse().map_err(|_| {
        let what = format!("at {:?} is not RFC 3339 with an offset", line.at);
        ("MalformedTime", column("\"at\""), what)
    })?;
    let at = Micros::of(at).ok_or_else(|| {
        let what = format!("at {:?} is before the year 1, which has no dates here", line.at);
        ("MalformedTime", column("\"at\""), what)
    })?;
    let data = line.data.get();
    // The data is a part of the text; this is where it begins.
    let begin = data.as_ptr() as usize - text.as_ptr() as usize;
    let command = Command::parse(&line.command, data).map_err(|error| {
        let what = without_place(&error.to_string());
        match &error {
            CommandError::UnknownCommand { .. } => ("UnknownCommand", column("\"command\""), what),
            CommandError::MalformedData { source, .. } => {
                ("MalformedData", begin + source.column(), what)
            }
        }
    })?;
    let body = format!("{}\n{}\n{data}", line.command, line.at).into_bytes();
    Ok(Ready {
        number,
        name: line.command,
        command,
        at,
        key: line.key,
        body,
        actor: line.actor,
        correlation: line.correlation,
    })
}

/// The JSON Schema of a line.
pub(crate) fn schema() -> serde_json::Value {
    let mut variants = Vec::new();
    // References count from the root of a schema, so what they name stands there.
    let mut definitions = serde_json::Map::new();
    for (name, data) in data_schemas() {
        let mut data = data.to_value();
        if let Some(data) = data.as_object_mut() {
            data.remove("$schema");
            if let Some(serde_json::Value::Object(of)) = data.remove("$defs") {
                definitions.extend(of);
            }
        }
        variants.push(serde_json::json!({
            "properties": { "command": { "const": name }, "data": data }
        }));
    }
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of `souk apply`",
        "type": "object",
        "required": ["command", "at", "data"],
        "additionalProperties": false,
        "properties": {
            "command": { "enum": NAMES },
            "key": { "type": "string", "description": "natural id of the line; the line itself if absent" },
            "at": { "type": "string", "format": "date-time" },
            "actor": { "type": "string", "pattern": "^[A-Za-z0-9._:-]{1,40}$" },
            "correlation": { "type": "string", "pattern": "^[A-Za-z0-9._:-]{1,40}$" },
            "data": { "type": "object" }
        },
        "oneOf": variants,
        "$defs": definitions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of `#/$defs/…` that a schema refers to.
    fn references(of: &serde_json::Value, found: &mut Vec<String>) {
        match of {
            serde_json::Value::Object(of) => {
                if let Some(name) = of.get("$ref").and_then(|of| of.as_str()) {
                    found.push(name.strip_prefix("#/$defs/").unwrap().to_owned());
                }
                of.values().for_each(|of| references(of, found));
            }
            serde_json::Value::Array(of) => of.iter().for_each(|of| references(of, found)),
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::String(_) => {}
        }
    }

    #[test]
    fn every_reference_of_the_schema_names_something() {
        let schema = schema();
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.iter().any(|name| name == "Amount"));
        for name in found {
            assert!(schema["$defs"].get(&name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_name_means_the_same_in_every_command() {
        let mut known = serde_json::Map::new();
        for (command, data) in data_schemas() {
            let data = data.to_value();
            for (name, of) in data["$defs"].as_object().into_iter().flatten() {
                let same = known.entry(name.clone()).or_insert_with(|| of.clone());
                assert_eq!(same, of, "{name} of {command}");
            }
        }
    }
}
