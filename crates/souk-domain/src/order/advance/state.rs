//! What an order remembers of what was paid ahead.

use souk_journal::ids::{LineId, MerchantId, RefundId};
use souk_journal::money::MoneyError;

use crate::order::events::{AdvanceBorne, AdvanceRecovered, RefundAdvanced};
use crate::order::state::{Placed, Refund, refund_lines, refund_to};

/// An advance, with what nobody bears yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// The advance.
    pub advance: RefundId,
    /// Lines of which something is neither recovered nor borne.
    pub lines: Vec<AdvanceLine>,
}

/// Of a line, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdvanceLine {
    /// The line.
    pub line: LineId,
    /// Who sells it.
    pub merchant: MerchantId,
    /// Of the goods.
    pub goods: i64,
    /// Of the shipping.
    pub shipping: i64,
}

/// Folds what was paid ahead; it is in transit as a refund is, and confirmed like one.
pub(in crate::order) fn paid_ahead(
    placed: &mut Placed,
    of: &RefundAdvanced<'_>,
) -> Result<(), MoneyError> {
    let mut lines = Vec::with_capacity(of.lines.len());
    for part in &of.lines {
        let (goods, shipping) =
            (part.principal.minor(of.currency)?, part.shipping.minor(of.currency)?);
        for line in placed.lines.iter_mut().filter(|line| line.line == part.line) {
            line.advanced_goods += goods;
            line.advanced_shipping += shipping;
        }
        lines.push(AdvanceLine { line: part.line, merchant: part.merchant, goods, shipping });
    }
    placed.advances.push(Advance { advance: of.advance, lines });
    let to = refund_to(placed, &of.to)?;
    placed.refunds.push(Refund { refund: of.advance, paid: false, to });
    Ok(())
}

/// Folds a recovery: what was advanced of a line is refunded of it now.
pub(in crate::order) fn recovered(
    placed: &mut Placed,
    of: &AdvanceRecovered<'_>,
) -> Result<(), MoneyError> {
    refund_lines(placed, &of.lines)?;
    for part in &of.lines {
        let (goods, shipping) =
            (part.principal.minor(of.currency)?, part.shipping.minor(of.currency)?);
        for line in placed.lines.iter_mut().filter(|line| line.line == part.line) {
            line.advanced_goods -= goods;
            line.advanced_shipping -= shipping;
        }
        for known in placed.advances.iter_mut().filter(|known| known.advance == of.advance) {
            for left in known.lines.iter_mut().filter(|left| left.line == part.line) {
                left.goods -= goods;
                left.shipping -= shipping;
            }
            known.lines.retain(|left| (left.goods, left.shipping) != (0, 0));
        }
    }
    Ok(())
}

/// Folds what the platform bears: the line keeps it as advanced, so that the buyer does not get it again.
pub(in crate::order) fn borne(placed: &mut Placed, of: &AdvanceBorne<'_>) {
    for known in placed.advances.iter_mut().filter(|known| known.advance == of.advance) {
        known.lines.clear();
    }
}
