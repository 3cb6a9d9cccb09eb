//! Accepted connections.
//!
//! One official client leaves Nagle's algorithm on: it sends a call in two pieces and holds the second back until the
//! first is acknowledged, which the other side's system puts off for 40 ms. Asking for immediate acknowledgement
//! removes the wait; the request lasts only until the next read, so it is made again after each.

use crate::budget::{Budget, Charge};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;
use tokio_stream::Stream;
use tonic::transport::server::Connected;

/// How long no connection is accepted after one could not be.
const PAUSE: Duration = Duration::from_millis(100);

/// A connection that acknowledges at once.
pub(crate) struct Connection {
    stream: TcpStream,
    /// Its place among all connections.
    _place: Charge,
}

impl Connection {
    fn new(stream: TcpStream, place: Charge) -> Connection {
        // Without these two it is slower, not wrong.
        let _ = stream.set_nodelay(true);
        let connection = Connection { stream, _place: place };
        connection.acknowledge_at_once();
        connection
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn acknowledge_at_once(&self) {
        let _ = socket2::SockRef::from(&self.stream).set_tcp_quickack(true);
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn acknowledge_at_once(&self) {}
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.acknowledge_at_once();
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The connections that a listener accepts. Those beyond the limit are closed at once: left waiting, they would keep
/// their clients from trying elsewhere.
pub(crate) struct Incoming {
    listener: TcpListener,
    places: Budget,
    /// Set after a failure, which is mostly that too many files are open: trying again at once would spin.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Incoming {
    pub(crate) fn new(listener: TcpListener, places: Budget) -> Incoming {
        Incoming { listener, places, pause: None }
    }
}

impl Stream for Incoming {
    type Item = io::Result<Connection>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        loop {
            match ready!(self.listener.poll_accept(context)) {
                Ok((stream, _)) => {
                    if let Some(place) = self.places.one() {
                        return Poll::Ready(Some(Ok(Connection::new(stream, place))));
                    }
                }
                Err(error) => {
                    self.pause = Some(Box::pin(tokio::time::sleep(PAUSE)));
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}
