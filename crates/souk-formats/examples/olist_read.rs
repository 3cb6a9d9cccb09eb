//! Measures reading and joining the Olist data set: `olist_read DIR [MEGABYTES]`.

use rust_decimal::Decimal;
use souk_formats::olist::OlistReader;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = args.next().ok_or("usage: olist_read DIR [MEGABYTES]")?;
    let megabytes: usize = args.next().map_or(Ok(256), |text| text.parse())?;
    let start = Instant::now();
    let mut reader = OlistReader::open(Path::new(&dir), megabytes << 20)?;
    let opened = start.elapsed();
    let (mut orders, mut items, mut payments, mut net) = (0_u64, 0, 0, Decimal::ZERO);
    for order in &mut reader {
        let order = order?;
        orders += 1;
        items += order.items.len();
        payments += order.payments.len();
        net += order.difference().signed;
    }
    let total = start.elapsed();
    println!("orders {orders}, items {items}, payments {payments}, net difference {net}");
    println!("bad rows {}, dropped orders {}", reader.bad_rows().total(), reader.dropped());
    println!("read and joined in {opened:.2?}, all given in {total:.2?}");
    println!("budget {megabytes} MiB, buffers written out {} times", reader.spilled());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
        println!("peak memory {}", peak.trim());
    }
    Ok(())
}
