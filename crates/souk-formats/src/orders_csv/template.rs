//! The template a person starts from: a commented map and the sample it reads.

/// The texts of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// A commented `MAP.toml` for a file in which each row is an order line.
    pub map: &'static str,
    /// The sample file it reads.
    pub sample: &'static str,
    /// A `MAP.toml` for a file whose rows are of several kinds.
    pub kinds_map: &'static str,
    /// The sample file it reads.
    pub kinds_sample: &'static str,
}

/// The template: two maps, each with a sample that it reads without a bad row.
#[must_use]
pub const fn template() -> Template {
    Template {
        map: include_str!("../../../../fixtures/import/lines-map.toml"),
        sample: include_str!("../../../../fixtures/import/lines.csv"),
        kinds_map: include_str!("../../../../fixtures/import/kinds-map.toml"),
        kinds_sample: include_str!("../../../../fixtures/import/kinds.csv"),
    }
}
