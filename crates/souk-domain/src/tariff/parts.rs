//! A version that is too large for one record, as several events of one command: parts with the first fees and rules, and
//! the version itself with the last ones. One append writes all of them or none, so no reader ever meets half a version.

use super::events::{Fee, TariffEvent, TariffPartPublished, TariffPublished};

/// Bytes of rules per event. A record holds 65,535; the rest is for the head, the metadata and one rule too many.
const MOST: usize = 48_000;

/// The events of a version, in order.
pub(super) fn parted(version: TariffPublished<'_>) -> Vec<TariffEvent<'_>> {
    let TariffPublished { fees, .. } = &version;
    let mut groups: Vec<Vec<Fee>> = Vec::new();
    let (mut group, mut bytes) = (Vec::new(), 0);
    for fee in fees {
        // The fee without its rules stands in every event that has a rule of it.
        let head = Fee { rules: Vec::new(), ..fee.clone() };
        let head_bytes = size(&head);
        let mut part = head.clone();
        bytes += head_bytes;
        for rule in &fee.rules {
            let more = size(rule);
            if bytes + more > MOST && !(group.is_empty() && part.rules.is_empty()) {
                if !part.rules.is_empty() {
                    group.push(std::mem::replace(&mut part, head.clone()));
                }
                groups.push(std::mem::take(&mut group));
                bytes = head_bytes;
            }
            bytes += more;
            part.rules.push(rule.clone());
        }
        group.push(part);
    }
    let count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    let number = version.version;
    let part = |(part, fees)| {
        TariffEvent::PartPublished(TariffPartPublished { version: number, part, of: count, fees })
    };
    let mut events: Vec<TariffEvent<'_>> = (1..).zip(groups).map(part).collect();
    events.push(TariffEvent::Published(TariffPublished { fees: group, ..version }));
    events
}

/// Fees that go on: rules of a fee that is there already are added to it.
pub(super) fn joined(fees: &mut Vec<Fee>, more: &[Fee]) {
    for fee in more {
        match fees.iter_mut().find(|of| of.kind == fee.kind) {
            Some(of) => of.rules.extend(fee.rules.iter().cloned()),
            None => fees.push(fee.clone()),
        }
    }
}

/// Bytes of JSON, with the comma behind it; what cannot be written is refused where it is encoded.
fn size<T: serde::Serialize>(of: &T) -> usize {
    serde_json::to_vec(of).map_or(0, |bytes| bytes.len() + 1)
}

#[cfg(test)]
mod tests;
