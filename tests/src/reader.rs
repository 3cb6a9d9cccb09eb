//! A store folded into every projection: decoded and posted page by page, from entry 0 on.

use merchant_balances::MerchantBalances;
use merchant_holds::MerchantHolds;
use merchant_statements::MerchantStatements;
use platform_revenue::PlatformRevenue;
use platform_taxes::PlatformTaxes;
use settlement_cycles::SettlementCycles;
use souk_domain::closerun::events::CloseRunEvent;
use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_journal::entry::{EventRef, JournalEntry};
use souk_journal::ids::RunId;
use souk_journal::names::Names;
use souk_journal::projection::Projection;
use souk_ledger::close_run::Run;
use souk_store::{EventStore, Page};
use trial_balance::TrialBalance;

/// Every projection at one entry number.
#[derive(Debug, Default)]
pub struct Reader {
    /// Names behind the numbers.
    pub names: Names,
    /// What merchants have.
    pub balances: MerchantBalances,
    /// What closes claim.
    pub cycles: SettlementCycles,
    /// What merchants were paid.
    pub statements: MerchantStatements,
    /// What the platform earned.
    pub revenue: PlatformRevenue,
    /// What is owed to tax authorities.
    pub taxes: PlatformTaxes,
    /// What of merchants is on hold.
    pub holds: MerchantHolds,
    /// Debits and credits.
    pub trial: TrialBalance,
    pub(crate) runs: Vec<Run>,
    pub(crate) next: u64,
}

/// Sees every entry as it is folded.
pub type Witness<'w> = dyn FnMut(&LedgerEvent<'_>, &JournalEntry<'_>, &Names) + 'w;

impl Reader {
    /// A reader that has read the whole store in pages of about so many bytes.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn replay(store: &dyn EventStore, page_bytes: usize) -> Result<Self, String> {
        let mut reader = Self::default();
        reader.read(store, page_bytes, &mut |_, _, _| {})?;
        Ok(reader)
    }

    /// Reads on to the head of the store.
    ///
    /// # Errors
    /// The event that cannot be read, decoded or posted.
    pub fn read(
        &mut self,
        store: &dyn EventStore,
        page_bytes: usize,
        witness: &mut Witness<'_>,
    ) -> Result<(), String> {
        loop {
            let page = store.read_all(self.next, page_bytes).map_err(|error| error.to_string())?;
            if page.is_empty() {
                return Ok(());
            }
            self.fold(&page, witness)?;
            self.next = page.next_entry();
        }
    }

    fn fold(&mut self, page: &Page, witness: &mut Witness<'_>) -> Result<(), String> {
        let mut events = Vec::with_capacity(page.len());
        for record in page.records() {
            let record = record.map_err(|error| error.to_string())?;
            let name = || format!("entry {} ({}@{})", record.entry, record.stream, record.revision);
            let metadata =
                Metadata::parse(record.metadata).map_err(|error| format!("{}: {error}", name()))?;
            let category = record.stream.split_once('-').map_or("", |(category, _)| category);
            let (event_type, version) = (record.event_type, metadata.version);
            let event = LedgerEvent::decode(category, event_type, version, record.data)
                .map_err(|error| format!("{}: {error}", name()))?;
            events.push((record, metadata, event));
        }
        let mut entries = Vec::with_capacity(events.len());
        for (record, metadata, event) in &events {
            let source = EventRef { stream: record.stream, revision: record.revision };
            let entry = post(event, metadata, record.entry, source, &mut self.names)
                .map_err(|error| format!("entry {}: {error}", record.entry))?;
            if let LedgerEvent::CloseRun(of) = event {
                self.note_run(record.stream, of);
            }
            witness(event, &entry, &self.names);
            entries.push(entry);
        }
        let names = &self.names;
        self.balances.apply(&entries, names);
        self.cycles.apply(&entries, names);
        self.statements.apply(&entries, names);
        self.revenue.apply(&entries, names);
        self.taxes.apply(&entries, names);
        self.holds.apply(&entries, names);
        self.trial.apply(&entries, names);
        Ok(())
    }

    fn note_run(&mut self, stream: &str, event: &CloseRunEvent) {
        let id = stream.split_once('-').map_or(stream, |(_, id)| id);
        let Ok(run) = RunId::new(id) else { return };
        match event {
            CloseRunEvent::Started(of) => {
                let (through, entry) = (of.through, of.entry);
                self.runs.push(Run { run, through, entry, finished: false });
            }
            CloseRunEvent::Finished(_) => {
                for known in self.runs.iter_mut().filter(|known| known.run == run) {
                    known.finished = true;
                }
            }
        }
    }

    /// Every projection with its name.
    pub fn projections(&self) -> [&dyn Projection; 7] {
        [
            &self.balances,
            &self.cycles,
            &self.statements,
            &self.revenue,
            &self.taxes,
            &self.holds,
            &self.trial,
        ]
    }

    /// The bytes of every projection's snapshot, with its name.
    pub fn saved(&self) -> Vec<(&'static str, Vec<u8>)> {
        self.projections().into_iter().map(|of| (of.name(), of.save())).collect()
    }
}
