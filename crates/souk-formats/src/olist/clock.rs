//! The clock of the data set: its times are local to São Paulo.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Error, Timestamp};

/// Turns local times of the data set into instants.
#[derive(Debug, Clone)]
pub struct OlistClock {
    zone: TimeZone,
}

impl OlistClock {
    /// The name of the zone.
    pub const ZONE: &str = "America/Sao_Paulo";

    /// Looks the zone up.
    ///
    /// # Errors
    /// The time zone database lacks it.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { zone: TimeZone::get(Self::ZONE)? })
    }

    /// The zone itself.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The instant of a local time. A time that the clocks skipped moves forward by the length of
    /// the gap; of a time that came twice the first is meant.
    ///
    /// # Errors
    /// The instant is outside the range of [`Timestamp`]; never for a time of an
    /// [`super::OlistOrder`], whose years are 1970 to 2199.
    pub fn to_instant(&self, local: DateTime) -> Result<Timestamp, Error> {
        self.zone.to_ambiguous_timestamp(local).compatible()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn instant(local: DateTime) -> String {
        OlistClock::new().unwrap().to_instant(local).unwrap().to_string()
    }

    #[test]
    fn winter_and_summer_have_their_offsets() {
        assert_eq!(instant(date(2018, 6, 1).at(12, 0, 0, 0)), "2018-06-01T15:00:00Z");
        assert_eq!(instant(date(2018, 1, 1).at(12, 0, 0, 0)), "2018-01-01T14:00:00Z");
    }

    #[test]
    fn a_time_in_a_clock_gap_moves_forward() {
        // 2017-10-15 began at 01:00.
        assert_eq!(instant(date(2017, 10, 15).at(0, 30, 0, 0)), "2017-10-15T03:30:00Z");
        assert_eq!(instant(date(2017, 10, 15).at(1, 30, 0, 0)), "2017-10-15T03:30:00Z");
    }

    #[test]
    fn of_a_time_that_came_twice_the_first_is_meant() {
        assert_eq!(instant(date(2018, 2, 17).at(23, 30, 0, 0)), "2018-02-18T01:30:00Z");
    }
}
