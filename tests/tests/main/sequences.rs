//! Whatever happens, in whatever order: the books balance, every matured item is in exactly one
//! closed cycle although others write while cycles close, and every replay gives the same bytes.
//!
//! `SOUK_LONG=1` tries many more sequences. Failures are kept in `tests/regressions`.

mod base;
mod meanwhile;
pub(crate) mod ops;
mod others;
pub(crate) mod world;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use souk_tests::audit;
use souk_tests::market::platform_zone;

pub(crate) use base::store;
use ops::{Op, sequence};
use world::World;

/// How many cases, and where failures are kept.
pub(crate) fn config(cases: u32, file: &'static str) -> ProptestConfig {
    let long = std::env::var_os("SOUK_LONG").is_some();
    ProptestConfig {
        cases: if long { cases * 20 } else { cases },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

/// Runs a sequence and checks the books; then closes everything and checks them again.
fn carry_out(ops: &[Op]) -> Result<(), String> {
    let mut world = World::new()?;
    for op in ops {
        world.run(op)?;
    }
    audit::check(world.store().as_ref(), &world.reader)?;
    world.run(&Op::Wait { hours: 40 * 24 })?;
    let through = platform_zone().date(world.others.now).plus_days(-2);
    world.close_through(through, false, &[])?;
    world.run(&Op::Wait { hours: 0 })?;
    let left = world.left_behind(through)?;
    if !left.is_empty() {
        return Err(format!("not claimed through {through}:\n{}", left.join("\n")));
    }
    audit::check(world.store().as_ref(), &world.reader)
}

proptest! {
    #![proptest_config(config(600, concat!(env!("CARGO_MANIFEST_DIR"), "/regressions/sequences.txt")))]

    #[test]
    fn whatever_happens_the_books_hold_and_every_item_is_claimed_once(ops in sequence()) {
        carry_out(&ops).map_err(TestCaseError::fail)?;
    }
}
