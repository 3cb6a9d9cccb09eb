//! `souk statement verify`, and the script that does the same without Souk: what was printed is verified, what was
//! changed is named, what is no statement is said with its place.

use std::process::{Command, Stdio};

use crate::common::{Ran, souk, souk_reads};
use crate::demo::demonstration;
use crate::market::Market;

fn printed(args: &[&str], format: &str) -> String {
    let data = ["--data", demonstration(), "--format", format, "-q"];
    souk(&[&["statement"], args, &data].concat()).done().out
}

/// The payout of 1007's cycle 2026-W11, and one that is a cent more.
fn payouts() -> (String, String) {
    let of: serde_json::Value =
        serde_json::from_str(&printed(&["1007", "2026-W11"], "json")).unwrap();
    let payout = crate::common::amount(&of["payout"]);
    assert!(payout > rust_decimal::Decimal::ZERO);
    (payout.to_string(), (payout + rust_decimal::Decimal::new(1, 2)).to_string())
}

const BY_LEDGER: &[&str] = &["statement", "verify", "-", "-q", "--data"];

fn verified(text: &str, with: &[&str]) -> Ran {
    souk_reads(&[&["statement", "verify", "-", "-q"], with].concat(), text)
}

#[test]
fn every_printed_statement_is_verified_against_its_digest_and_against_the_ledger() {
    for merchant in ["1007", "1013", "1042", "1004", "1009"] {
        for format in ["csv", "json"] {
            let text = printed(&[merchant, "--all"], format);
            let by_digest = verified(&text, &[]).done().out;
            assert!(by_digest.contains("verified against the digest"), "{by_digest}");
            let ran = souk_reads(&[BY_LEDGER, &[demonstration()]].concat(), &text).done();
            assert!(ran.out.contains("verified against the ledger"), "{}", ran.out);
            assert!(!ran.out.contains("DIFFERS"), "{}", ran.out);
        }
    }
}

#[test]
fn the_first_line_that_differs_is_named_with_both_values() {
    for format in ["csv", "json"] {
        let text = printed(&["1007", "2026-W11"], format);
        let of = printed(&["1007", "2026-W11"], "json");
        let of: serde_json::Value = serde_json::from_str(&of).unwrap();
        // A rate is not under the digest: only the ledger knows it.
        let line = of["lines"].as_array().unwrap().iter().find(|line| line["rate"].is_string());
        let line = line.unwrap();
        let (rate, no) = (line["rate"].as_str().unwrap(), &line["line_no"]);
        let (was, is) = match format {
            "csv" => (format!(",{rate},standard"), ",0.9,standard".to_owned()),
            _ => (format!("\"rate\": \"{rate}\""), "\"rate\": \"0.9\"".to_owned()),
        };
        let tampered = text.replacen(&was, &is, 1);
        assert!(tampered != text, "{was} is not in it");
        verified(&tampered, &[]).done();
        let ran = souk_reads(&[BY_LEDGER, &[demonstration()]].concat(), &tampered);
        let wanted = format!("line {no}, rate: the file has 0.9, the ledger {rate}");
        assert!(ran.exit == 3 && ran.err.contains(&wanted), "{wanted}: {}", ran.err);
        assert!(ran.err.contains("[StatementFileDiffers, exit 3]"), "{}", ran.err);
    }
}

#[test]
fn amounts_payouts_order_and_other_statements_are_differences() {
    let text = printed(&["1007", "2026-W11"], "csv");
    let other = printed(&["1007", "2026-W10"], "json");
    let digest = serde_json::from_str::<serde_json::Value>(&other).unwrap()["digest"].clone();
    let digest = digest.as_str().unwrap();
    let mut rows: Vec<&str> = text.lines().collect();
    rows.swap(1, 2);
    let swapped = rows.join("\n");
    rows.pop();
    let cut = rows.join("\n");
    let (payout, more) = payouts();
    for (tampered, with, wanted) in [
        (swapped, [].as_slice(), "digest: the file says"),
        (cut, &[], "digest: the file says"),
        (text.replace(&payout, &more), &[], &format!("but closing = {more}")),
        (text.clone(), &["--digest", digest], "digest: the digest given says"),
        (format!("{text}{}", text.split_once('\n').unwrap().1), &[], "digest: the file says"),
    ] {
        let ran = verified(&tampered, with);
        assert!(ran.exit == 3 && ran.err.contains(wanted), "{wanted}: {} {}", ran.exit, ran.err);
    }
    verified(&other, &["--digest", digest]).done();
    // Another ledger has other merchants, or other lines.
    let ran = souk_reads(&[BY_LEDGER, &[Market::new().data().to_str().unwrap()]].concat(), &other);
    assert!(ran.exit == 3 && ran.err.contains("S-1007-2026W10-CNY: "), "{}", ran.err);
}

#[test]
fn what_is_no_statement_is_said_with_its_place_and_what_has_no_digest_too() {
    let text = printed(&["1007", "2026-W11"], "csv");
    let json = printed(&["1007", "2026-W11"], "json");
    for bad in ["", "{", "[]", "a,b\n1,2\n", "\u{0}\u{1}", &text[..text.len() - 100], &json[..900]]
    {
        let ran = verified(bad, &[]);
        assert!(ran.exit == 4 && ran.err.contains("[BadStatementFile, exit 4]"), "{}", ran.err);
        assert!(ran.err.contains("error: -:"), "{}", ran.err);
    }
    let all = printed(&["1007", "--all"], "csv");
    let ran = verified(&all, &["--digest", &"0".repeat(64)]);
    assert!(ran.exit == 2 && ran.err.contains("[DigestOfOne, exit 2]"), "{}", ran.err);
    let open = Market::new().json(&["statement", "1007", "2024-W09", "--currency", "CNY"]);
    let ran = verified(&open.to_string(), &[]);
    assert!(ran.exit == 2 && ran.err.contains("[NoDigest, exit 2]"), "{}", ran.err);
}

#[test]
fn the_script_says_the_same_without_souk() {
    if Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no python3");
        return;
    }
    let market = Market::new();
    let script =
        market.file("verify.py", souk(&["statement", "verify", "--print-script"]).done().out);
    let python = |text: &str, digest: &[&str]| {
        let file = market.file("statement", text);
        let ran = Command::new("python3").args([&script, &file]).args(digest).output().unwrap();
        (ran.status.code().unwrap(), String::from_utf8(ran.stdout).unwrap())
    };
    let (payout, more) = payouts();
    for format in ["csv", "json"] {
        for merchant in ["1007", "1013", "1042"] {
            let (exit, out) = python(&printed(&[merchant, "--all"], format), &[]);
            assert!(exit == 0 && out.contains("verified: "), "{out}");
        }
        let text = printed(&["1007", "2026-W11"], format);
        for (was, is) in [
            (payout.as_str(), more.as_str()),
            ("sale.principal", "sale.shipping"),
            ("2026-03-15", "2026-03-16"),
        ] {
            let tampered = text.replace(was, is);
            assert!(tampered != text, "{was} is not in it");
            let (exit, out) = python(&tampered, &[]);
            assert!(exit == 3 && out.contains("DIFFERS"), "{was}: {exit} {out}");
            assert_eq!(verified(&tampered, &[]).exit, 3, "{was}");
        }
        let (exit, out) = python(&text, &[&"0".repeat(64)]);
        assert!(exit == 3 && out.contains("DIFFERS"), "{out}");
        for bad in ["", &text[..text.len() - 100]] {
            assert_eq!(python(bad, &[]).0, 4);
        }
        let (_, out) = python(&text, &[]);
        assert!(out.contains("payee, bases, rates and tariffs are not under it"), "{out}");
        let (_, out) = python("", &[]);
        assert!(out.contains("there is no statement in the file"), "{out}");
        // Numbers that Python reads and Souk never writes, and keys and columns that stand there twice.
        let mut odd = Vec::new();
        for number in ["Infinity", "NaN", "1_0.00", "١.00", " 1.00", "1e2", "+1.00"] {
            odd.push(text.replace(&payout, number));
        }
        odd.push(match format {
            "csv" => text.replacen("number,merchant", "number,number", 1),
            _ => text.replacen("\"opening\"", "\"opening\": \"0.00\", \"opening\"", 1),
        });
        for odd in odd {
            assert!(odd != text);
            let (exit, out) = python(&odd, &[]);
            assert!(exit == 4 && out.contains("cannot be read"), "{exit} {out}");
        }
    }
}
