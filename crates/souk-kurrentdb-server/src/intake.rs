//! The bodies of requests, counted as they arrive: a message that is not complete takes memory too.

use crate::budget::{Budget, Charge};
use crate::fault;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Bytes;

/// The first bytes of a call are not counted: a call takes as much anyway, and small ones shall always be let in.
pub(crate) const ALLOWANCE: usize = 4 << 10;

/// What has arrived of a call and was not made a message of.
#[derive(Clone)]
pub(crate) struct Intake {
    arrived: Arc<Mutex<Arrived>>,
}

struct Arrived {
    bytes: usize,
    charge: Charge,
    /// Bytes of the last frame.
    last: usize,
}

/// A body that is counted.
struct Counted {
    body: Body,
    intake: Intake,
}

impl Intake {
    /// Counts a body.
    pub(crate) fn of(body: Body, budget: &Budget) -> (Body, Intake) {
        let arrived = Arrived { bytes: 0, charge: budget.charge(ALLOWANCE), last: 0 };
        let intake = Intake { arrived: Arc::new(Mutex::new(arrived)) };
        (Body::new(Counted { body, intake: intake.clone() }), intake)
    }

    fn lock(&self) -> MutexGuard<'_, Arrived> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message was taken out: at most the last frame has anything of the next one.
    pub(crate) fn settle(&self) {
        let mut arrived = self.lock();
        let last = arrived.last;
        arrived.shrink(last);
    }
}

impl Arrived {
    fn shrink(&mut self, bytes: usize) {
        self.bytes = self.bytes.min(bytes);
        // Less is always granted.
        let _ = self.charge.set(self.bytes);
    }

    fn grow(&mut self, bytes: usize) -> bool {
        self.last = bytes;
        self.bytes = self.bytes.saturating_add(bytes);
        self.charge.set(self.bytes)
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let bytes =
            frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()).map(Bytes::len);
        match bytes {
            Some(bytes) if !self.intake.lock().grow(bytes) => {
                Poll::Ready(Some(Err(fault::no_room_for_appends())))
            }
            Some(_) | None => Poll::Ready(frame),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.intake.lock().shrink(0);
    }
}
