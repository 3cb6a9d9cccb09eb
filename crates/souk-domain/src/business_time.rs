//! From an instant to the business date: the only place where a time zone matters.
//!
//! The zone database is bundled, so a decision reads no files; the date is written into the event,
//! so a later edition of the database changes no past.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use souk_journal::dates::{Date, Micros};

/// A time zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// The name is not in the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time zone of the IANA database, such as Asia/Shanghai")]
pub struct UnknownZone(pub String);

impl Zone {
    /// The zone of this name.
    ///
    /// # Errors
    /// [`UnknownZone`].
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        jiff::tz::db().get(name).map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The calendar date of an instant.
    pub fn date(&self, at: Micros) -> Date {
        self.0.to_datetime(at.timestamp()).date().into()
    }

    /// The business date: after the cut-off hour (1 to 23) the next day has begun; 0 is midnight.
    /// It never goes back: where a clock is put back over the beginning of a day, the day has begun for good.
    pub fn business_date(&self, at: Micros, cut_off_hour: u8) -> Date {
        let at = at.timestamp();
        let date = self.read(at, cut_off_hour);
        let Some(change) = self.0.preceding(at).next() else { return date };
        // No clock is put back by more than a day.
        if at.duration_since(change.timestamp()).as_secs() > 86_400 {
            return date;
        }
        let Ok(before) = change.timestamp().checked_sub(SignedDuration::from_micros(1)) else {
            return date;
        };
        date.max(self.read(before, cut_off_hour))
    }

    /// The date on the clock; from the cut-off hour on the next one.
    fn read(&self, at: Timestamp, cut_off_hour: u8) -> Date {
        let local = self.0.to_datetime(at);
        let date = Date::from(local.date());
        let after = cut_off_hour > 0 && local.hour() >= cut_off_hour as i8;
        if after { date.plus_days(1) } else { date }
    }

    /// The local time of an instant with its offset, RFC 3339 to the second.
    pub fn local(&self, at: Micros) -> String {
        let zoned = at.timestamp().to_zoned(self.0.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// The instant at which a date begins here.
    pub fn start_of(&self, date: Date) -> Micros {
        date.civil()
            .to_zoned(self.0.clone())
            .map_or_else(|_| Micros(0), |zoned| zoned.timestamp().into())
    }

    /// The offsets from UTC within business dates, first and last included, in the order in which they hold: one, as
    /// `UTC+08:00`, unless the clocks are changed in between.
    pub fn offsets_within(&self, from: Date, to: Date, cut_off_hour: u8) -> Vec<String> {
        let (begins, ends) =
            (self.begin_of(from, cut_off_hour), self.begin_of(to.plus_days(1), cut_off_hour));
        let changes = self.0.following(begins).take_while(|change| change.timestamp() < ends);
        let first = self.0.to_offset(begins);
        let all = std::iter::once(first).chain(changes.map(|change| change.offset()));
        let mut texts: Vec<String> = all.map(|offset| spelled(offset.seconds())).collect();
        texts.dedup();
        texts
    }

    /// The instant at which a business date begins.
    fn begin_of(&self, date: Date, cut_off_hour: u8) -> Timestamp {
        if cut_off_hour == 0 {
            return self.start_of(date).timestamp();
        }
        let clock = date.plus_days(-1).civil().at(cut_off_hour as i8, 0, 0, 0);
        clock.to_zoned(self.0.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
    }
}

fn spelled(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_cut_off_hour_the_next_day_has_begun() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let at: Micros = "2026-03-01T10:00:00.000000Z".parse().unwrap(); // 18:00 there
        assert_eq!(zone.business_date(at, 0).to_string(), "2026-03-01");
        assert_eq!(zone.business_date(at, 18).to_string(), "2026-03-02");
        assert_eq!(zone.business_date(at, 19).to_string(), "2026-03-01");
    }

    #[test]
    fn an_hour_that_comes_twice_or_not_at_all_moves_no_cut_off() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let date = |at: &str, hour| zone.business_date(at.parse().unwrap(), hour).to_string();
        // 29 March 2026: from 01:59:59 to 03:00:00. A cut-off at 2 is at 3 then.
        assert_eq!(date("2026-03-29T00:59:59.999999Z", 2), "2026-03-29");
        assert_eq!(date("2026-03-29T01:00:00.000000Z", 2), "2026-03-30");
        // 25 October 2026: from 02:59:59 back to 02:00:00. A cut-off at 2 is the first 2 o'clock, one at 3 the only 3.
        assert_eq!(date("2026-10-24T23:59:59.999999Z", 2), "2026-10-25");
        assert_eq!(date("2026-10-25T00:00:00.000000Z", 2), "2026-10-26");
        assert_eq!(date("2026-10-25T01:00:00.000000Z", 2), "2026-10-26");
        assert_eq!(date("2026-10-25T01:59:59.999999Z", 3), "2026-10-25");
        assert_eq!(date("2026-10-25T02:00:00.000000Z", 3), "2026-10-26");
    }

    #[test]
    fn a_day_that_has_begun_stays_begun_where_the_clock_goes_back_over_midnight() {
        // Newfoundland put its clocks back at one minute past midnight, to 23:01 of the day before.
        let zone = Zone::named("America/St_Johns").unwrap();
        let date = |at: &str| zone.business_date(at.parse().unwrap(), 0).to_string();
        assert_eq!(date("2010-11-07T02:29:59.000000Z"), "2010-11-06");
        assert_eq!(date("2010-11-07T02:30:30.000000Z"), "2010-11-07");
        assert_eq!(date("2010-11-07T02:31:30.000000Z"), "2010-11-07");
        assert_eq!(
            zone.date("2010-11-07T02:31:30.000000Z".parse().unwrap()).to_string(),
            "2010-11-06"
        );
    }

    #[test]
    fn a_local_time_carries_its_offset() {
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        let at: Micros = "2017-10-14T14:03:09.500000Z".parse().unwrap();
        assert_eq!(zone.local(at), "2017-10-14T11:03:09-03:00");
    }

    #[test]
    fn an_invented_zone_is_refused() {
        assert!(Zone::named("Mars/Olympus").is_err());
    }

    #[test]
    fn offsets_within_dates_are_those_that_hold_in_them_and_no_others() {
        let of = |zone: &str, from: &str, to: &str, hour| {
            let zone = Zone::named(zone).unwrap();
            zone.offsets_within(from.parse().unwrap(), to.parse().unwrap(), hour).join(" ")
        };
        assert_eq!(of("Asia/Shanghai", "2026-03-02", "2026-03-08", 0), "UTC+08:00");
        // The clocks go forward on 8 March, the last day.
        assert_eq!(of("America/New_York", "2026-03-02", "2026-03-08", 0), "UTC-05:00 UTC-04:00");
        assert_eq!(of("America/New_York", "2026-03-09", "2026-03-15", 0), "UTC-04:00");
        // Days that begin at 01:00 the day before end before 02:00, when the clocks are changed.
        assert_eq!(of("America/New_York", "2026-03-02", "2026-03-08", 1), "UTC-05:00");
    }
}
