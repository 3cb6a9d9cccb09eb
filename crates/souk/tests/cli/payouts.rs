//! Payees, files of payouts and what banks answer, from outside.

use std::fs;

use rust_decimal::Decimal;
use serde_json::Value;
use souk_domain::event_id::sha256;
use souk_journal::statement_lines::hex;

use crate::common::{amount, files, has, list, souk};
use crate::market::Market;

const ACCOUNT: &str = "6225760012346621";

fn text(of: &Value) -> &str {
    of.as_str().unwrap_or_else(|| panic!("{of} is no text"))
}

/// Proposes a payee of a merchant, and has it approved.
fn payee(market: &Market, merchant: &str, details: &[&str]) -> String {
    let flags = ["payee", "propose", merchant, "--holder", "Tea House", "--by", "Li"];
    let flags: Vec<&str> = flags.iter().chain(details).copied().collect();
    let proposed = market.json(&flags);
    let payee = text(&list(&proposed).last().unwrap()["payee"]).to_owned();
    market.souk(&["payee", "approve", &payee, "--by", "Wang"]).done();
    payee
}

fn bank(market: &Market) -> String {
    payee(market, "1008", &["--account", ACCOUNT, "--bank-code", "308100005027"])
}

fn account(market: &Market) {
    let flags = ["payouts", "account", "main", "--holder", "Souk Ltd", "--iban"];
    let flags: Vec<&str> = flags.iter().copied().chain(["GB29NWBK60161331926819"]).collect();
    market.souk(&flags).done();
}

fn issue(market: &Market) -> Value {
    market.json(&["payouts", "issue", "--account", "main", "--by", "Li"])
}

/// The payouts of a merchant that are not paid.
fn rows(market: &Market, merchant: &str) -> Vec<Value> {
    list(&market.json(&["payouts", merchant])["rows"]).to_vec()
}

#[test]
fn details_are_in_the_vault_and_nowhere_else() {
    let market = Market::new();
    let payee = bank(&market);
    for (path, bytes) in files(&market.data()) {
        let found = bytes.windows(ACCOUNT.len()).any(|of| of == ACCOUNT.as_bytes());
        assert_eq!(found, path.ends_with("vault.json"), "{}", path.display());
    }
    let listed = market.json(&["payee", "list", "1008"]);
    assert_eq!(text(&listed[0]["account"]), "••6621");
    assert_eq!(text(&listed[0]["standing"]), "approved");
    market.souk(&["payee", "verify"]).done();
    let vault = market.data().join("vault.json");
    let changed = fs::read_to_string(&vault).unwrap().replace(ACCOUNT, "6225760012346622");
    fs::write(&vault, changed).unwrap();
    let ran = market.souk(&["payee", "verify", "--format", "json"]);
    assert_eq!((ran.exit, text(&ran.problem()["title"])), (3, "VaultDiffers"));
    assert_eq!(text(&ran.json()["differences"][0]["payee"]), payee);
}

#[test]
fn a_backup_has_the_vault_and_keeps_it_closed() {
    let market = Market::new();
    bank(&market);
    let copy = market.dir.path().join("copy");
    let copy = copy.to_str().unwrap();
    market.souk(&["backup", copy]).done();
    souk(&["payee", "verify", "--data", copy]).done();
}

#[test]
fn who_proposes_does_not_approve_and_a_change_cools() {
    let market = Market::new();
    let payee = bank(&market);
    market.refuses(&["payee", "approve", &payee, "--by", "Zhao"], 1, "PayeeApprovedAlready");
    let wrong = ["--holder", "X", "--by", "Li", "--iban", "DE89370400440532013001"];
    let wrong: Vec<&str> = ["payee", "propose", "1008"].iter().copied().chain(wrong).collect();
    market.refuses(&wrong, 2, "BadPayeeDetails");
    let proposed = market.json(&[
        "payee",
        "propose",
        "1008",
        "--holder",
        "Y",
        "--by",
        "Li",
        "--alipay",
        "tea@example.org",
    ]);
    let next = text(&proposed[1]["payee"]).to_owned();
    market.refuses(&["payee", "approve", &next, "--by", "li"], 1, "PayeeNeedsSecondPerson");
    market.souk(&["payee", "approve", &next, "--by", "Wang"]).done();
    let held = rows(&market, "1008");
    assert!(!held.is_empty());
    for row in held {
        assert_eq!(text(&row["standing"]), "held");
        assert!(text(&row["reason"]).contains("in force from"), "{row}");
    }
    let notices = market.souk(&["payee", "notices", "--format", "csv"]).done().out;
    assert_eq!(notices.lines().count(), 1 + 2 + 4, "the old contact is told of a change too");
}

#[test]
fn payouts_are_what_the_accounts_say() {
    let market = Market::new();
    let of = market.json(&["payouts", "--all"]);
    has(&of, "entry effective rows totals accounts", "");
    let fields = "payout merchant currency cycle statement amount standing pay_on since age_days reason again_in payee file \
                  bank_reference";
    for row in list(&of["rows"]) {
        has(row, fields, "");
    }
    for account in list(&of["accounts"]) {
        has(account, "currency account payouts balance holds", "");
        assert_eq!(account["holds"], true);
        assert_eq!(account["payouts"], account["balance"]);
    }
    let sum: Decimal = list(&of["rows"]).iter().map(|row| amount(&row["amount"])).sum();
    let totals: Decimal = list(&of["totals"]).iter().map(|row| amount(&row["amount"])).sum();
    assert_eq!(sum, totals);
}

#[test]
fn a_file_has_what_may_go_out_once_and_is_made_the_same_again() {
    let market = Market::new();
    market.refuses(
        &["payouts", "issue", "--account", "main", "--by", "Li"],
        2,
        "UnknownPayingAccount",
    );
    account(&market);
    assert_eq!(issue(&market)["count"], 0);
    bank(&market);
    let before = market.log();
    let dry = market.json(&["payouts", "issue", "--account", "main", "--by", "Li", "--dry-run"]);
    assert!(dry["count"].as_u64().unwrap() > 0);
    assert_eq!(market.log(), before);
    let issued = issue(&market);
    assert_eq!((text(&issued["file"]), &issued["count"]), ("main-00001", &dry["count"]));
    for out in list(&issued["left_out"]) {
        assert_eq!(text(&out["reason"]), "no payee is known");
    }
    let path = text(&issued["path"]);
    let bytes = fs::read(path).unwrap();
    assert_eq!(hex(&sha256(&bytes)), text(&issued["digest"]));
    let of_file = rows(&market, "1008");
    for row in &of_file {
        assert_eq!((text(&row["standing"]), text(&row["file"])), ("instructed", "main-00001"));
        let id = format!("<EndToEndId>{}</EndToEndId>", text(&row["payout"]));
        assert_eq!(String::from_utf8_lossy(&bytes).matches(&id).count(), 1);
    }
    assert_eq!(issue(&market)["count"], 0, "nothing goes out twice");
    fs::remove_file(path).unwrap();
    market.souk(&["payouts", "render", "main-00001"]).done();
    assert_eq!(fs::read(path).unwrap(), bytes);
    let vault = market.data().join("vault.json");
    let changed = fs::read_to_string(&vault).unwrap().replace("Souk Ltd", "Souk Inc");
    fs::write(&vault, changed).unwrap();
    let said = market.refuses(&["payouts", "render", "main-00001"], 3, "PayoutFileDiffers");
    assert!(said.contains("account main"), "{said}");
}

#[test]
fn what_stands_where_a_file_goes_is_not_written_over_and_nothing_is_recorded() {
    let market = Market::new();
    account(&market);
    bank(&market);
    let dir = market.data().join("payout-files");
    let path = dir.join("main-00001.xml");
    let (issue_it, before) =
        (["payouts", "issue", "--account", "main", "--by", "Li"], market.log());
    fs::create_dir(&dir).unwrap();
    fs::write(&path, "mine").unwrap();
    let said = market.refuses(&issue_it, 2, "FileInTheWay");
    assert!(said.contains("move it elsewhere"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    fs::remove_file(&path).unwrap();
    let precious = market.file("precious.txt", "mine");
    std::os::unix::fs::symlink(&precious, &path).unwrap();
    market.refuses(&issue_it, 2, "FileInTheWay");
    fs::remove_dir_all(&dir).unwrap();
    // Where no file can be written, none is issued.
    fs::write(&dir, "").unwrap();
    market.refuses(&issue_it, 5, "OutputNotWritable");
    assert_eq!(market.log(), before);
    fs::remove_file(&dir).unwrap();
    issue(&market);
    let bytes = fs::read(&path).unwrap();
    market.souk(&["payouts", "render", "main-00001"]).done();
    fs::write(&path, "edited").unwrap();
    let said = market.refuses(&["payouts", "render", "main-00001"], 2, "FileInTheWay");
    assert!(said.contains("recorded: file main-00001 is issued, and "), "{said}");
    assert!(said.contains("souk payouts render main-00001 --files DIR"), "{said}");
    let apart = market.data().join("apart");
    market.souk(&["payouts", "render", "main-00001", "--files", apart.to_str().unwrap()]).done();
    assert_eq!(fs::read(apart.join("main-00001.xml")).unwrap(), bytes);
    market.souk(&["payouts", "withdraw", "main-00001", "--by", "Li", "--reason", "x"]).done();
    assert_eq!(fs::read_to_string(&path).unwrap(), "edited", "it is not ours to remove");
}

#[test]
fn a_payee_is_not_proposed_where_who_has_to_be_told_cannot_be_written() {
    let market = Market::new();
    let notices = market.data().join("payee-notices.csv");
    fs::create_dir(&notices).unwrap();
    let before = market.log();
    let propose = ["payee", "propose", "1008", "--holder", "T", "--by", "Li", "--account", ACCOUNT];
    let propose = [&propose, ["--bank-code", "308100005027"].as_slice()].concat();
    market.refuses(&propose, 5, "OutputNotWritable");
    assert_eq!(market.log(), before);
    fs::remove_dir(&notices).unwrap();
    market.souk(&[&propose, ["--contact", "=cmd@b"].as_slice()].concat()).done();
    let text = fs::read_to_string(&notices).unwrap();
    assert!(text.contains(",'=cmd@b,"), "{text}");
}

#[test]
fn a_withdrawn_file_leaves_its_payouts_due() {
    let market = Market::new();
    account(&market);
    bank(&market);
    let first = issue(&market);
    let path = text(&first["path"]).to_owned();
    let withdraw = ["payouts", "withdraw", "main-00001", "--by", "Li", "--reason", "wrong day"];
    market.souk(&withdraw).done();
    assert!(fs::metadata(&path).is_err(), "nobody sends it by mistake");
    assert!(rows(&market, "1008").iter().all(|row| row["standing"] == "due"));
    market.refuses(&["payouts", "render", "main-00001"], 1, "FileWithdrawnAlready");
    let second = issue(&market);
    assert_eq!((text(&second["file"]), &second["total"]), ("main-00002", &first["total"]));
}

#[test]
fn the_bank_is_believed_once_and_contradictions_write_nothing() {
    let market = Market::new();
    account(&market);
    bank(&market);
    issue(&market);
    let row = rows(&market, "1008").remove(0);
    let payout = text(&row["payout"]);
    let csv = |rows: &str| market.file("s.csv", format!("payout,status,reason,amount\n{rows}"));
    let status = |rows: &str| market.souk(&["payouts", "status", &csv(rows), "--format", "json"]);
    let returned = format!("{payout},returned,AC04,\nx,paid,,\n");
    let said = market.refuses(&["payouts", "status", &csv(&returned)], 4, "BadRows");
    assert!(said.contains(":2:1  ") && said.contains(":3:1  "), "{said}");
    let other = format!("{payout},paid,,1.23\n");
    market.refuses(&["payouts", "status", &csv(&other)], 4, "BadRows");
    let unwritable = format!("payout,status,reference\n{payout},paid,2026/7741\n");
    let unwritable = market.file("r.csv", unwritable);
    let said = market.refuses(&["payouts", "status", &unwritable], 4, "BadRows");
    assert!(said.contains(":2:3  ") && said.contains("2026/7741"), "{said}");
    let paid = format!("{payout},accepted,,\n{payout},paid,,{}\n", text(&row["amount"]));
    let first = status(&paid).done().json();
    assert_eq!((&first["recorded"], &first["known"]), (&2.into(), &0.into()));
    let again = status(&paid).done().json();
    assert_eq!((&again["recorded"], &again["known"]), (&0.into(), &2.into()));
    let failed = format!("{payout},failed,AC01,\n");
    market.refuses(&["payouts", "status", &csv(&failed)], 4, "BadRows");
    let back = status(&format!("{payout},returned,AC04,\n")).done().json();
    assert_eq!(text(&back["rows"][0]["reason"]), "AC04: the account is closed");
    let withdraw = ["payouts", "withdraw", "main-00001", "--by", "Li", "--reason", "x"];
    market.refuses(&withdraw, 1, "FileWithBank");
    market.souk(&["replay"]).done();
}

#[test]
fn a_held_payout_stays_out_until_it_is_released() {
    let market = Market::new();
    account(&market);
    bank(&market);
    let due = rows(&market, "1008").remove(0);
    let cycle = text(&due["cycle"]);
    let step = |what: &'static str| {
        market.souk(&["payouts", what, "1008", cycle, "--by", "Li", "--reason", "checking"])
    };
    step("hold").done();
    let dry = market.json(&["payouts", "issue", "--account", "main", "--by", "Li", "--dry-run"]);
    let reasons: Vec<&str> =
        list(&dry["left_out"]).iter().map(|out| text(&out["reason"])).collect();
    assert!(reasons.contains(&"held: checking"), "{reasons:?}");
    step("release").done();
    let issued = issue(&market);
    assert!(issued["count"].as_u64() > dry["count"].as_u64());
}

#[test]
fn wallets_are_paid_by_batches() {
    let market = Market::new();
    account(&market);
    payee(&market, "1008", &["--wechat", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"]);
    let out = issue(&market);
    assert!(text(&out["left_out"].to_string().into()).contains("is paid by wechat"));
    let flags = ["payouts", "issue", "--account", "main", "--by", "Li", "--form", "wechat"];
    let issued = market.json(&flags);
    let batch = fs::read_to_string(text(&issued["path"])).unwrap();
    assert!(batch.starts_with("out_batch_no,"), "{batch}");
    assert!(batch.contains(",oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,Tea House,"), "{batch}");
}

#[test]
fn what_came_back_is_not_paid_once_more_and_its_account_waits_for_a_person() {
    let market = Market::new();
    account(&market);
    bank(&market);
    let issued = issue(&market);
    let row = rows(&market, "1008").remove(0);
    let (payout, cycle) = (text(&row["payout"]), text(&row["cycle"]));
    let csv =
        |rows: &str| market.file("s.csv", format!("payout,status,reason,reference,date\n{rows}"));
    let status = |rows: &str| market.souk(&["payouts", "status", &csv(rows)]);
    status(&format!("{payout},paid,,,\n")).done();
    status(&format!("{payout},returned,AC04 account closed,,\n")).done();
    let before = market.log();
    let again = format!("{payout},paid,,BK-2,2099-01-01\n{payout},failed,,,\n");
    let said = market.refuses(&["payouts", "status", &csv(&again)], 4, "BadRows");
    assert!(
        said.contains(&format!("the payout of 1008 for {cycle} is recorded as paid on")),
        "{said}"
    );
    assert!(said.contains("the file says paid on 2099-01-01 under BK-2"), "{said}");
    assert!(said.contains(":3:1  "), "every bad row: {said}");
    assert_eq!(market.log(), before);
    let row = rows(&market, "1008").remove(0);
    assert_eq!(text(&row["reason"]), "AC04: account closed");
    assert_eq!(text(&issued["file"]), "main-00001");
}

#[test]
fn no_file_asks_for_a_day_that_is_past() {
    let market = Market::new();
    account(&market);
    bank(&market);
    let before = market.log();
    let on = ["payouts", "issue", "--account", "main", "--by", "Li", "--execute-on", "2024-01-02"];
    market.refuses(&on, 1, "ExecutionDayPast");
    let dry: Vec<&str> = on.iter().copied().chain(["--dry-run"]).collect();
    market.refuses(&dry, 1, "ExecutionDayPast");
    assert_eq!(market.log(), before);
}

#[test]
fn who_is_told_of_a_first_payee_is_not_told_of_a_day_before() {
    let market = Market::new();
    let first = bank(&market);
    let approve = ["payee", "approve", &first, "--by", "Zhao"];
    market.refuses(&approve, 1, "PayeeApprovedAlready");
    let notices = market.souk(&["payee", "notices", "--format", "csv"]).done().out;
    assert!(notices.contains("payouts go there from now on, "), "{notices}");
    let other =
        ["payee", "propose", "1008", "--holder", "Y", "--by", "Li", "--alipay", "tea@example.org"];
    let proposed = market.json(&other);
    let next = text(&proposed[1]["payee"]).to_owned();
    let said =
        market.refuses(&["payee", "approve", &next, "--by", "li"], 1, "PayeeNeedsSecondPerson");
    assert!(said.contains("was proposed by Li; another person has to approve it"), "{said}");
    market.souk(&["payee", "approve", &next, "--by", "Wang"]).done();
    let notices = market.souk(&["payee", "notices", "--format", "csv"]).done().out;
    assert!(
        notices.contains(" on. If you did not ask for it, object before that day."),
        "{notices}"
    );
}

#[test]
fn people_read_payouts_and_objections_in_their_language() {
    let market = Market::new();
    for command in ["payouts", "objections"] {
        let shown = market.souk(&[command, "--format", "table", "--lang", "zh"]).done().out;
        let head = shown.lines().next().unwrap();
        assert!(!head.bytes().any(|of| of.is_ascii_alphabetic()), "{head}");
    }
    let shown = market.souk(&["payouts", "--format", "table", "--lang", "zh"]).done().out;
    assert!(shown.contains("待打款") && !shown.contains(" due "), "{shown}");
    let rows = market.souk(&["payouts", "--format", "csv", "--lang", "zh"]).done().out;
    assert!(rows.starts_with("merchant,") && rows.contains(",due,"), "{rows}");
}
