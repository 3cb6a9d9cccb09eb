//! A ledger on a server of the KurrentDB protocol, and a ledger served by it: the binary on both sides.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use souk_store::EventStore as _;

use crate::common::{Ran, command, fixture, souk, souk_reads};
use crate::market::{Market, opening, sale};

/// A server that ends with the test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(args: &[&str]) -> Server {
        let mut child = command(args).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().rsplit_once(": ").unwrap_or_else(|| panic!("{line}")).1.to_owned();
        assert!(url.starts_with("kurrentdb://127.0.0.1:"), "{line}");
        Server { child, url }
    }

    /// A plain event store in a directory.
    fn plain(dir: &tempfile::TempDir) -> Server {
        let data = dir.path().join("plain");
        Server::start(&["store", "serve", "127.0.0.1:0", "--data", data.to_str().unwrap()])
    }

    fn ledger(&self, name: &str) -> String {
        format!("{}&ledger={name}", self.url)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn on(url: &str, args: &[&str]) -> Ran {
    souk(&[args, &["--store", url]].concat())
}

/// Answers of commands that read, but for what names the place.
fn figures(place: &[&str]) -> Vec<String> {
    let ask = |args: &[&str]| souk(&[args, &["--format", "json"], place].concat()).done().out;
    vec![
        ask(&["balances"]),
        ask(&["trial-balance"]),
        ask(&["revenue"]),
        ask(&["statement", "1007", "2024-W02", "--currency", "CNY"]),
        ask(&["order", "o1"]),
    ]
}

#[test]
fn every_command_works_on_a_server_and_gives_the_figures_of_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::plain(&dir);
    let url = server.ledger("main");
    let ran = on(&url, &["balances"]);
    assert!(ran.exit == 5 && ran.err.contains("[NoLedger, exit 5]"), "{}", ran.err);
    on(&url, &["init", "--platform", "Test"]).done();
    let again = on(&url, &["init", "--platform", "Test"]);
    assert!(again.err.contains("[LedgerExists, exit 1]"), "{}", again.err);
    let lines = opening();
    souk_reads(&["apply", "-", "--store", &url], &lines).done();
    let repeated = souk_reads(&["apply", "-", "--store", &url, "--format", "json"], &lines).done();
    let fresh = repeated.json_lines().iter().filter(|line| line["replayed"] == false).count();
    assert_eq!(fresh, 0, "{}", repeated.out);
    on(&url, &["close", "--through", "2024-W02", "--dry-run"]).done();
    on(&url, &["close", "--through", "2024-W02"]).done();
    on(&url, &["replay"]).done();
    let copy = dir.path().join("copy");
    let copy = copy.to_str().unwrap();
    souk(&["store", "copy", "--from", &url, "--to", copy]).done();
    assert_eq!(figures(&["--store", &url]), figures(&["--data", copy]));
    let map = fixture("orders/map.toml");
    if std::path::Path::new(&map).exists() {
        on(&url, &["import", "orders", &fixture("orders/orders.csv"), "--map", &map, "--check"]);
    }
    // Looked into, backed up and restored, and the root is the same everywhere.
    let root = |place: &[&str]| {
        let verified = souk(&[&["log", "verify", "--format", "json"], place].concat());
        verified.done().json()["root"].clone()
    };
    let there = root(&["--store", &url]);
    assert_eq!(there, root(&["--data", copy]));
    let first = on(&url, &["log", "inspect", "--entry", "0"]).done();
    let same = souk(&["log", "inspect", "--entry", "0", "--data", copy]).done();
    assert_eq!(first.out, same.out);
    assert!(on(&url, &["log", "inspect"]).done().out.contains(" entries"));
    let stream = on(&url, &["log", "inspect", "--stream", "order-o1", "--format", "json"]).done();
    assert_eq!(stream.json()[0]["event_type"], "order-placed");
    let none = on(&url, &["log", "inspect", "--stream", "order-none"]);
    assert!(none.err.contains("[UnknownStream, exit 2]"), "{}", none.err);
    let backup = dir.path().join("backup");
    let backup = backup.to_str().unwrap();
    on(&url, &["backup", backup]).done();
    assert_eq!(there, root(&["--data", backup]));
    let restored = server.ledger("restored");
    on(&restored, &["restore", backup]).done();
    assert_eq!(there, root(&["--store", &restored]));
    assert_eq!(figures(&["--store", &url]), figures(&["--store", &restored]));
    let again = on(&restored, &["restore", backup]);
    assert!(again.err.contains("[LedgerExists, exit 1]"), "{}", again.err);
    // A watermark is a file.
    let ran = on(&url, &["log", "verify", "--renew-watermark"]);
    assert!(ran.exit == 2 && ran.err.contains("[NeedsDirectory, exit 2]"), "{}", ran.err);
}

#[test]
fn a_demonstration_on_a_server_is_that_of_a_directory_and_replaces_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::plain(&dir);
    let url = server.ledger("demo");
    let data = dir.path().join("demo");
    let data = data.to_str().unwrap();
    on(&url, &["demo", "--orders", "20"]).done();
    souk(&["demo", "--orders", "20", "--data", data]).done();
    let root = |place: &[&str]| {
        souk(&[&["log", "verify", "--format", "json"], place].concat()).done().json()["root"]
            .clone()
    };
    assert_eq!(root(&["--store", &url]), root(&["--data", data]));
    on(&url, &["replay"]).done();
    let real = souk_reads(&["apply", "-", "--store", &url], opening());
    assert!(real.err.contains("[DemonstrationLedger, exit 1]"), "{}", real.err);
    let again = on(&url, &["demo", "--orders", "20"]);
    assert!(again.err.contains("[NotADemonstration, exit 1]"), "{}", again.err);
}

#[test]
fn ledgers_on_one_server_do_not_see_each_other_and_a_copy_goes_both_ways() {
    let (market, dir) = (Market::new(), tempfile::tempdir().unwrap());
    let server = Server::plain(&dir);
    let from = market.data();
    for name in ["one", "two"] {
        let url = server.ledger(name);
        let args = ["store", "copy", "--from", from.to_str().unwrap(), "--to", &url];
        souk(&[&args[..], &["--format", "json"]].concat()).done();
        let again = souk(&args);
        assert!(again.err.contains("[LedgerExists, exit 1]"), "{}", again.err);
    }
    let (one, two) = (server.ledger("one"), server.ledger("two"));
    let before = figures(&["--store", &two]);
    souk_reads(&["apply", "-", "--store", &one], sale("o9", "1007", "CNY", 20, "44.00")).done();
    assert_eq!(figures(&["--store", &two]), before);
    assert_eq!(before, figures(&["--data", from.to_str().unwrap()]));
}

#[test]
fn a_copy_to_a_server_that_was_cut_short_is_no_ledger_and_goes_on() {
    let (market, dir) = (Market::new(), tempfile::tempdir().unwrap());
    let server = Server::plain(&dir);
    let url = server.ledger("moved");
    let from = market.data();
    let args = ["store", "copy", "--from", from.to_str().unwrap(), "--to", &url];
    let address: souk_store_kurrentdb::Address = url.parse().unwrap();
    let entries = {
        // The beginning of the copy, as one that was killed leaves it.
        let open = souk_store_kurrentdb::KurrentStore::open(&address, Default::default());
        let target = open.unwrap();
        let source = souk_store_log::LogStore::open_read_only(&from).unwrap();
        let page = source.read_all(0, 9_000).unwrap();
        target.begin_copy(source.head().unwrap()).unwrap();
        let results = target.append(page.appends(u64::MAX).unwrap()).wait();
        assert!(results.iter().all(Result::is_ok));
        (page.len() as u64, source.head().unwrap())
    };
    for verb in [&["balances"][..], &["replay"], &["close", "--through", "2024-W05"]] {
        let ran = on(&url, verb);
        assert!(ran.err.contains("[CopyUnfinished, exit 5]"), "{}", ran.err);
    }
    let other = Market::empty();
    let data = other.data();
    let ran = souk(&["store", "copy", "--from", data.to_str().unwrap(), "--to", &url]);
    assert!(ran.err.contains("[CopyDiffers, exit 3]"), "{}", ran.err);
    let copied = souk(&[&args[..], &["--format", "json"]].concat()).done().json();
    assert_eq!(copied["copied"], entries.1 - entries.0);
    on(&url, &["replay"]).done();
    let again = souk(&args);
    assert!(again.err.contains("[LedgerExists, exit 1]"), "{}", again.err);
}

#[test]
fn several_processes_write_one_ledger_and_nothing_is_lost_or_doubled() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::plain(&dir);
    let url = server.ledger("main");
    on(&url, &["init", "--platform", "Test"]).done();
    souk_reads(&["apply", "-", "--store", &url], opening()).done();
    let scripts: Vec<String> = (0..4)
        .map(|writer| {
            // Each has orders of its own, and one that all of them bring.
            let own = (0..5).map(|n| sale(&format!("w{writer}-{n}"), "1007", "CNY", 9, "12.00"));
            own.chain([sale("shared", "1008", "CNY", 9, "15.00")]).collect()
        })
        .collect();
    std::thread::scope(|scope| {
        for script in &scripts {
            let url = &url;
            scope.spawn(move || souk_reads(&["apply", "-", "--store", url], script).done());
        }
    });
    on(&url, &["replay"]).done();
    let orders = on(&url, &["order", "shared", "--format", "json"]).done().json();
    let events = orders["events"].as_array().or_else(|| orders["life"].as_array());
    assert!(events.is_none_or(|events| events.len() <= 6), "{orders}");
    // Two close at once: every cycle is closed once.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let url = &url;
            scope.spawn(move || on(url, &["close", "--through", "2024-W04"]));
        }
    });
    on(&url, &["replay"]).done();
}

/// Writes the first entries of one ledger of a server as another.
fn break_off(server: &Server, whole: &str, half: &str, entries: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = kurrentdb::Client::new(server.url.parse().unwrap()).unwrap();
        let mut events = client.read_all(&Default::default()).await.unwrap();
        let (from, mut taken) = (format!("souk.{whole}/"), 0);
        while let Some(event) = events.next().await.unwrap() {
            let event = event.get_original_event();
            let Some(stream) = event.stream_id().strip_prefix(&from) else { continue };
            if taken == entries {
                break;
            }
            let new = kurrentdb::EventData::binary(&event.event_type, event.data.clone());
            let new = new.id(event.id).metadata(event.custom_metadata.clone());
            let stream = format!("souk.{half}/{stream}");
            client.append_to_stream(stream, &Default::default(), new).await.unwrap();
            taken += 1;
        }
        assert_eq!(taken, entries);
    });
}

#[test]
fn a_creation_that_was_broken_off_is_gone_on_with_by_the_same_answers() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::plain(&dir);
    let whole = server.ledger("whole");
    on(&whole, &["init", "--platform", "Test"]).done();
    let entries =
        |url: &str| on(url, &["replay", "--format", "json"]).done().json()["entries"].clone();
    for taken in [1, 17] {
        let name = format!("half-{taken}");
        break_off(&server, "whole", &name, taken);
        let url = server.ledger(&name);
        let other = on(&url, &["init", "--platform", "Another"]);
        assert!(other.err.contains("[LedgerExists, exit 1]"), "{}", other.err);
        assert!(other.err.contains("its creation is not finished"), "{}", other.err);
        let ran = on(&url, &["init", "--platform", "Test"]).done();
        assert!(ran.out.contains("continued"), "{}", ran.out);
        assert_eq!(entries(&url), entries(&whole));
        let again = on(&url, &["init", "--platform", "Test"]);
        assert!(again.err.contains("[LedgerExists, exit 1]"), "{}", again.err);
        assert!(!again.err.contains("not finished"), "{}", again.err);
    }
    // Whoever writes to one that was not gone on with registers its schemas first.
    break_off(&server, "whole", "used", 3);
    let url = server.ledger("used");
    souk_reads(&["apply", "-", "--store", &url], opening()).done();
    on(&url, &["replay"]).done();
    let again = on(&url, &["init", "--platform", "Test"]);
    assert!(again.err.contains("[LedgerExists, exit 1]"), "{}", again.err);
}

#[test]
fn a_namespace_of_somebody_else_is_no_ledger_for_any_verb() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::plain(&dir);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = kurrentdb::Client::new(server.url.parse().unwrap()).unwrap();
        let event = kurrentdb::EventData::binary("thing-done", vec![1].into());
        client.append_to_stream("souk.first/x", &Default::default(), event).await.unwrap();
    });
    let url = server.ledger("first");
    for verb in [&["init", "--platform", "Test"][..], &["balances"], &["replay"]] {
        let ran = on(&url, verb);
        assert!(ran.exit == 6, "{verb:?}: {}", ran.err);
        assert!(ran.err.contains("x@0") && ran.err.contains("thing-done"), "{}", ran.err);
    }
    let ran = souk_reads(&["apply", "-", "--store", &url], opening());
    assert!(ran.exit == 6 && ran.err.contains("thing-done"), "{}", ran.err);
}

#[test]
fn a_served_ledger_can_be_followed_while_others_write_to_it_but_not_written() {
    let market = Market::new();
    let data = market.data();
    let server =
        Server::start(&["serve", "--kurrentdb", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    // The server holds no lock.
    market.apply(&sale("o9", "1007", "CNY", 20, "44.00")).done();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let head = market.json(&["log", "verify"])["entries"].as_u64().unwrap();
    runtime.block_on(async {
        let client = kurrentdb::Client::new(server.url.parse().unwrap()).unwrap();
        let mut events = client.subscribe_to_all(&Default::default()).await;
        for entry in 0..head {
            let event = events.next().await.unwrap();
            let event = event.get_original_event();
            assert_eq!(event.position.commit, entry);
            assert!(event.created.timestamp() > 1_600_000_000, "{:?}", event.created);
        }
        let event = kurrentdb::EventData::binary("forged", vec![1].into());
        let refused = client.append_to_stream("order-o1", &Default::default(), event).await;
        assert!(matches!(refused, Err(kurrentdb::Error::AccessDenied)), "{refused:?}");
        let refused = client.delete_stream("order-o1", &Default::default()).await;
        assert!(matches!(refused, Err(kurrentdb::Error::AccessDenied)), "{refused:?}");
    });
    assert_eq!(market.json(&["log", "verify"])["entries"], head);
}

#[test]
fn a_server_that_everybody_could_reach_is_not_started_by_mistake() {
    let market = Market::new();
    let said = market.refuses(&["serve", "--kurrentdb", "0.0.0.0:0"], 2, "OpenToAll");
    assert!(said.contains("--credentials"), "{said}");
    let bad = market.file("who", "# nobody\nno colon\n");
    let said = market.refuses(
        &["serve", "--kurrentdb", "127.0.0.1:0", "--credentials", &bad],
        4,
        "BadCredentials",
    );
    assert!(said.contains("who:2"), "{said}");
    let nobody = market.file("nobody", "\n# nobody\n");
    let args = ["serve", "--kurrentdb", "127.0.0.1:0", "--credentials", &nobody];
    market.refuses(&args, 4, "BadCredentials");
    market.refuses(
        &["serve", "--kurrentdb", "127.0.0.1:0", "--advertise", "nowhere"],
        2,
        "InvalidValue",
    );
    market.refuses(&["serve"], 2, "MissingArgument");
    for line in ["admin:", ":word", "bearer ", "caf\u{e9}"] {
        let bad = market.file("bad", line);
        let args = ["serve", "--kurrentdb", "127.0.0.1:0", "--credentials", &bad];
        market.refuses(&args, 4, "BadCredentials");
    }
    for host in [":1", "a:b:99", "host:"] {
        let args = ["serve", "--kurrentdb", "127.0.0.1:0", "--advertise", host];
        market.refuses(&args, 2, "InvalidValue");
    }
}

#[test]
fn an_address_that_is_none_and_a_server_that_is_none_are_said() {
    for (url, code) in [
        ("kurrentdb://localhost?tls=false", "BadStoreAddress"),
        ("http://localhost?ledger=a", "BadStoreAddress"),
        ("kurrentdb://localhost?ledger=a/b", "BadStoreAddress"),
        ("", "BadStoreAddress"),
        ("souk-data", "BadStoreAddress"),
    ] {
        let ran = on(url, &["balances"]);
        assert!(ran.err.contains(&format!("[{code}, exit 2]")), "{}", ran.err);
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("plain");
    let ran = souk(&["store", "serve", &taken, "--data", data.to_str().unwrap()]);
    assert!(ran.exit == 5 && ran.err.contains("[AddressNotFree, exit 5]"), "{}", ran.err);
    assert!(!data.exists(), "nothing is created for an address that is taken");
}
