//! The market that every sequence starts from: three merchants with different zones, cycles, holds,
//! reserves and ways of recovery; terms and tariffs that change on the way.

use std::sync::{Arc, OnceLock};

use souk_ledger::ledger::Writers;
use souk_ledger::overlay::Overlay;
use souk_store::EventStore;
use souk_tests::market::{new_store, open, start};
use souk_tests::scenario::language::{Action, Context};

const MARKET: &str = "
tariff standard from=2026-01-01 commission=5% commission.food=8% tax=6% payment-fee=0.6%
tariff standard from=2026-03-10 commission=7.3% commission.food=9.99% tax=6%
tariff yuan from=2026-01-01 currency=CNY commission=4% commission.minimum=0.50 order-fee=0.30 tax=13%
tariff kept from=2026-01-01 base=items-and-shipping commission=3.33% fees=kept
merchant M1 weekly tier=basic hold=7 tariff=standard reserve=10%-of-gross-for-30-days minimum=50.00
merchant M2 daily tier=gold hold=0 tariff=yuan zone=America/New_York cut-off=20 recovery=carry
merchant M3 half-monthly hold=3 tariff=kept zone=Europe/London reserve=20%-of-net-for-5-days recovery=carry
merchant M3 weekly from=2026-04-01 hold=2 tariff=standard zone=Europe/London recovery=reserve,carry tier=gold
";

/// A fresh store that begins with the market.
pub(crate) fn store() -> Result<Arc<dyn EventStore>, String> {
    static BASE: OnceLock<Result<Arc<dyn EventStore>, String>> = OnceLock::new();
    let base = BASE.get_or_init(market).clone()?;
    Ok(Arc::new(Overlay::new(base).map_err(|error| error.to_string())?))
}

fn market() -> Result<Arc<dyn EventStore>, String> {
    let text = |error: souk_ledger::error::LedgerError| error.to_string();
    let store = new_store().map_err(text)?;
    let mut ledger = open(&store, start(), Writers::Sole).map_err(text)?;
    let mut context = Context::default();
    for line in MARKET.lines() {
        let step = context.read(line)?;
        if let Some(Action::Send(commands)) = step.map(|step| step.action) {
            for sent in commands {
                sent.execute(&mut ledger).map_err(text)?;
            }
        }
    }
    Ok(store)
}
