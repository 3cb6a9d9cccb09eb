//! Bytes of the rows while they are sorted. Lives as long as one read and is no stored format.

use crate::short_id::ShortId;
use jiff::civil::DateTime;
use std::io;

/// Writes fields one behind the other, little endian.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }
    pub(super) fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    pub(super) fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    pub(super) fn i64(&mut self, value: i64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    pub(super) fn id(&mut self, id: &ShortId) {
        let bytes = id.as_bytes();
        // At most 40 bytes.
        self.u8(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
        self.0.extend_from_slice(bytes);
    }
    /// A time of whole seconds; years before 0 do not occur in the files.
    pub(super) fn time(&mut self, time: DateTime) {
        self.0.extend_from_slice(&time.year().to_le_bytes());
        for part in [time.month(), time.day(), time.hour(), time.minute(), time.second()] {
            self.0.extend_from_slice(&part.to_le_bytes());
        }
    }
    pub(super) fn optional_time(&mut self, time: Option<DateTime>) {
        self.u8(u8::from(time.is_some()));
        if let Some(time) = time {
            self.time(time);
        }
    }
}

/// Reads what [`Writer`] wrote.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

/// What was written does not read back: the temporary file was changed, or this is a bug.
pub(super) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a sorted row does not read back")
}

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk().ok_or_else(damaged)?;
        self.0 = rest;
        Ok(*first)
    }
    pub(super) fn bytes(&mut self, len: usize) -> io::Result<&'a [u8]> {
        let (first, rest) = self.0.split_at_checked(len).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(first)
    }
    pub(super) fn u8(&mut self) -> io::Result<u8> {
        self.array().map(u8::from_le_bytes)
    }
    pub(super) fn u32(&mut self) -> io::Result<u32> {
        self.array().map(u32::from_le_bytes)
    }
    pub(super) fn u64(&mut self) -> io::Result<u64> {
        self.array().map(u64::from_le_bytes)
    }
    pub(super) fn i64(&mut self) -> io::Result<i64> {
        self.array().map(i64::from_le_bytes)
    }
    pub(super) fn id(&mut self) -> io::Result<ShortId> {
        let len = self.u8()?;
        ShortId::new(self.bytes(len.into())?).ok_or_else(damaged)
    }
    pub(super) fn time(&mut self) -> io::Result<DateTime> {
        let year = i16::from_le_bytes(self.array()?);
        let [month, day, hour, minute, second] = self.array()?.map(|b: u8| b.cast_signed());
        DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| damaged())
    }
    pub(super) fn optional_time(&mut self) -> io::Result<Option<DateTime>> {
        if self.u8()? == 0 { Ok(None) } else { self.time().map(Some) }
    }
}

/// One of an enum's values by its place, for the enums made by `words!`.
pub(super) fn pick<T: Copy>(all: &[T], place: u8) -> io::Result<T> {
    all.get(usize::from(place)).copied().ok_or_else(damaged)
}
