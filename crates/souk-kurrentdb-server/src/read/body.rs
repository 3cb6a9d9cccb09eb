//! The body of an answer to a read: messages that are encoded already, in pieces of at most a frame, then the status.
//!
//! Made here because the usual body encodes a message whole, and keeps what it encoded for a client that does not
//! read where nobody can count it.

use http_body::Frame;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http::header::{CONTENT_TYPE, HeaderValue};
use tonic::codegen::http::{HeaderMap, Response};
use tonic::codegen::{BoxStream, Bytes};

struct Answers {
    /// `None` after the status.
    pieces: Option<BoxStream<Bytes>>,
}

/// The answer to a call.
pub(super) fn response(pieces: BoxStream<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::new(Answers { pieces: Some(pieces) }));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

impl http_body::Body for Answers {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(pieces) = &mut self.pieces else { return Poll::Ready(None) };
        let status = match ready!(pieces.as_mut().poll_next(context)) {
            Some(Ok(piece)) => return Poll::Ready(Some(Ok(Frame::data(piece)))),
            Some(Err(status)) => status,
            None => Status::ok(""),
        };
        self.pieces = None;
        let mut trailers = HeaderMap::new();
        Poll::Ready(Some(status.add_header(&mut trailers).map(|()| Frame::trailers(trailers))))
    }
}
