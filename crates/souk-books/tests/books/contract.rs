//! The JSON contract: committed schemas, and the names and order of the fields.

use std::fs;
use std::path::Path;

use souk_books::schemas::schemas;

use crate::market::Market;

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/schemas");
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    for (name, schema) in schemas() {
        let path = dir.join(format!("{name}.schema.json"));
        let text = serde_json::to_string_pretty(schema.as_value()).unwrap() + "\n";
        if update {
            fs::create_dir_all(&dir).unwrap();
            fs::write(&path, text).unwrap();
            continue;
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, text, "{}: UPDATE_EXPECT=1 rewrites it", path.display());
    }
}

/// Keys at the depth of a struct, in the order in which they are written.
fn keys(json: &str) -> Vec<String> {
    let (mut keys, mut depth, mut text, mut in_text) = (Vec::new(), 0, String::new(), false);
    for of in json.chars() {
        match of {
            '"' => {
                in_text = !in_text;
                if in_text {
                    text.clear();
                }
            }
            _ if in_text => text.push(of),
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ':' if depth == 1 => keys.push(text.clone()),
            _ => {}
        }
    }
    keys
}

fn fields(value: &impl serde::Serialize) -> String {
    keys(&serde_json::to_string(value).unwrap()).join(",")
}

#[test]
fn every_answer_has_the_fields_of_the_contract_in_their_order() {
    let market = Market::march();
    let trial = market.books.trial_balance();
    assert_eq!(fields(&trial), "entry,rows,totals");
    let payable = trial.rows.iter().find(|row| row.merchant.is_some()).unwrap();
    assert_eq!(fields(payable), "account,merchant,currency,debits,credits,balance");
    let without = trial.rows.iter().find(|row| row.merchant.is_none()).unwrap();
    assert_eq!(fields(without), "account,currency,debits,credits,balance");
    assert_eq!(fields(&trial.totals[0]), "currency,debits,credits");
    let balances = market.books.balances(None, None, None).unwrap();
    assert_eq!(fields(&balances), "entry,rows");
    assert_eq!(
        fields(&balances.rows[0]),
        "merchant,currency,pending,payable,due,held,reserved,deposit,ad_wallet,in_transit,debt,total"
    );
    let revenue = market.books.revenue(None, None, &[]).unwrap();
    assert_eq!(fields(&revenue), "rows,totals,deferral,deferred");
    assert_eq!(
        fields(&revenue.rows[0]),
        "month,line,currency,gross,returned,contra,net,deferred,recognised,take_rate"
    );
    assert_eq!(
        fields(&revenue.totals[0]),
        "currency,merchandise_value,gross,returned,contra,net,deferred,recognised,take_rate"
    );
    let statement = market.books.statements("1007", None).unwrap().remove(0);
    assert_eq!(
        fields(&statement),
        "number,merchant,cycle,from,to,time_zone,currency,frozen,opening,lines,subtotals,\
         earned,moved,reserve_withheld,reserve_released,deposit_topped_up,deposit_used,closing,payout,\
         carried,debt,final,digest,entry_limit,reserves,transfer"
    );
    assert_eq!(
        fields(&statement.lines[0]),
        "line_no,kind,component,order,amount,base,rate,computed,reason,tariff,conversion,effective_on,due_on,late,corrects,\
         entry,stream,revision,address,posting"
    );
    assert_eq!(fields(&statement.subtotals[0]), "kind,lines,amount");
    let tariff = statement.lines.iter().find_map(|line| line.tariff).unwrap();
    assert_eq!(fields(&tariff), "id,version,rule");
    let replay = market.books.replay_report(Default::default(), Default::default());
    assert_eq!(
        fields(&replay),
        "events,entries,seconds,events_per_second,balanced,cycles_checked,mismatches"
    );
}
