//! Judging what opening found by the watermark: a torn tail was never acknowledged, a missing entry was.

use crate::recover::{self, Follow, Torn};
use crate::watermark::{self, Unreadable};
use souk_store::StoreError;
use std::path::Path;

/// Halts if there are fewer entries than were acknowledged, or if that cannot be told.
pub(crate) fn judge(
    dir: &Path,
    follow: &Follow,
    torn: Option<&Torn>,
    acknowledged: Result<u64, Unreadable>,
) -> Result<(), StoreError> {
    let Some((first, cursor)) = follow.at else {
        let what = "the log has no whole segment, although its watermark is there";
        return match acknowledged {
            Ok(0) | Err(Unreadable::Missing) => Ok(()),
            Ok(_) | Err(Unreadable::Damaged) => {
                Err(recover::corrupt(&recover::segment_path(dir, 0), 0, 0, what))
            }
        };
    };
    let acknowledged = match acknowledged {
        Ok(acknowledged) => acknowledged,
        // A store that was never finished has nothing to lose.
        Err(Unreadable::Missing) if cursor.next_entry == 0 && torn.is_none() => return Ok(()),
        Err(why) => {
            let what = match why {
                Unreadable::Missing => "is missing",
                Unreadable::Damaged => "is not as it was written",
            };
            return Err(StoreError::NoWatermark { path: watermark::path(dir), what: what.into() });
        }
    };
    if cursor.next_entry >= acknowledged {
        return Ok(());
    }
    if let Some(torn) = torn {
        return Err(torn.corrupt(acknowledged));
    }
    let path = recover::segment_path(dir, first);
    let what = format!("the log ends here, although {acknowledged} entries were acknowledged");
    Err(recover::corrupt(&path, cursor.offset, cursor.next_entry, &what))
}
