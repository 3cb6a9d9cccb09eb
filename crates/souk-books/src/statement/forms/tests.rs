//! No kind of line is without a place, and none of a statement is among the internal ones.

use souk_journal::line_kind::Block;

use super::slot::Slot;
use super::*;

#[test]
fn a_kind_is_internal_in_these_forms_when_it_is_on_no_statement() {
    for kind in LineKind::ALL {
        let internal = Slot::of(*kind) == Slot::Internal;
        assert_eq!(internal, kind.block() == Block::Internal, "{kind}");
    }
}

#[test]
fn a_header_names_no_column_twice() {
    for sheet in [settlement_v2(&[]), settlement_zh(&[])] {
        let mut names = sheet.columns.clone();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), sheet.columns.len());
    }
}
