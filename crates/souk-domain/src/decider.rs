//! How a command becomes events and events become state: eleven lines without an opinion about
//! storage.

use souk_journal::dates::{Date, Micros};
use souk_journal::money::MoneyError;

/// One kind of stream.
pub trait Decider {
    /// The part of the stream name before the first dash.
    const CATEGORY: &'static str;
    /// What is asked.
    type Command<'a>;
    /// What happened.
    type Event<'a>;
    /// What the stream remembers of it.
    type State: Default;
    /// The business says no.
    type Refusal: Refusal;
    /// What a decision reads of other streams: terms, tariffs, closed cycles.
    type Context<'a>;

    /// Decides, without side effects.
    ///
    /// # Errors
    /// The refusal; nothing is written then.
    fn decide<'a>(
        state: &'a Self::State,
        command: &'a Self::Command<'a>,
        context: &'a Self::Context<'a>,
        at: Micros,
    ) -> Result<Decision<Self::Event<'a>>, Self::Refusal>;

    /// Folds one event into the state.
    ///
    /// # Errors
    /// When an amount does not fit its currency, which no recorded event can have: every event is
    /// posted before it is appended.
    fn evolve(state: &mut Self::State, event: &Self::Event<'_>) -> Result<(), MoneyError>;
}

/// A yes: the events of one command and their accounting date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<E> {
    /// The accounting date of every event of the command.
    pub effective_on: Date,
    /// What happened, in order; at least one.
    pub events: Vec<E>,
}

impl<E> Decision<E> {
    /// A decision with one event.
    pub fn one(effective_on: Date, event: E) -> Self {
        Self { effective_on, events: vec![event] }
    }
}

/// A refusal: a fact about why not, with a stable code.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// The stable code, such as `RefundExceedsLeft`.
    fn code(&self) -> &'static str;
}

/// Implements [`Refusal`] for an enum: the code of a variant is its name; that of a variant after `via` is the code of
/// the refusal in it.
#[macro_export]
macro_rules! refusal_codes {
    ($name:ident via $($inner:ident),+ { $($variant:ident),* $(,)? }) => {
        impl $crate::decider::Refusal for $name {
            fn code(&self) -> &'static str {
                match self {
                    $(Self::$inner(of) => of.code(),)+
                    $(Self::$variant { .. } => stringify!($variant),)*
                }
            }
        }

        impl $name {
            /// Every code of this context's own.
            pub const CODES: &'static [&'static str] = &[$(stringify!($variant)),*];
        }
    };
    ($name:ident { $($variant:ident),* $(,)? }) => {
        impl $crate::decider::Refusal for $name {
            fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => stringify!($variant),)* }
            }
        }

        impl $name {
            /// Every code of this context.
            pub const CODES: &'static [&'static str] = &[$(stringify!($variant)),*];
        }
    };
}
