//! The golden vector of `statement-lines/v1`; its bytes never change.

use super::*;
use crate::ids::Id;

fn item(entry: u64, kind: LineKind, due_on: &str, amount: i64) -> OpenItem {
    OpenItem {
        entry,
        posting: 1,
        kind,
        due_on: due_on.parse().unwrap(),
        effective_on: "2026-03-01".parse().unwrap(),
        amount,
        subject: Some(Id::new("O-1").unwrap()),
        corrects: None,
    }
}

fn head() -> Head {
    Head {
        merchant: MerchantId::new("1007").unwrap(),
        currency: Currency::from_code("CNY").unwrap(),
        cycle: CycleId::new("2026-W10").unwrap(),
        from: "2026-03-02".parse().unwrap(),
        cut_off: "2026-03-09".parse().unwrap(),
        entry_limit: 99,
        claims: Claims::Due,
    }
}

#[test]
fn the_text_form_is_the_golden_one() {
    let items = [
        OpenItem { subject: None, ..item(3, LineKind::Carried, "2026-03-02", 3620) },
        item(7, LineKind::SalePrincipal, "2026-03-08", 12900),
        item(8, LineKind::Commission, "2026-03-01", -1032),
    ];
    let golden = "souk statement-lines/v1\n\
        1007\tCNY\t2026-W10\t2026-03-02\t2026-03-09\t99\t36.20\n\
        1\tsale.principal\tO-1\t129.00\t2026-03-01\t2026-03-08\t-\t-\t7.1\n\
        2\tcommission\tO-1\t-10.32\t2026-03-01\t2026-03-01\tlate\t-\t8.1\n";
    assert_eq!(text(&head(), &items), golden);
    let claim = claim(&head(), &items);
    assert_eq!(
        hex(&claim.digest),
        "563a273b96902573d7a60d9e80255d77147ccb3ea34498daf55f4a38058834e3"
    );
    assert_eq!((claim.opening, claim.lines, claim.count, claim.late), (3620, 11868, 2, 1));
}

#[test]
fn the_order_of_kinds_matches_their_numbers() {
    for (number, kind) in LineKind::ALL.iter().enumerate() {
        assert_eq!(*kind as usize, number);
    }
}
