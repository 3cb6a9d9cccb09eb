//! A way to a server that breaks where a test wants it to. As most servers do, it acknowledges late.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A way to a server. It can break after so many bytes from the server, and so lose the answer to an append.
pub(crate) struct Way {
    pub(crate) address: SocketAddr,
    /// Connections are cut once the server has sent this many bytes over them.
    cut: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Way {
    pub(crate) fn to(server: SocketAddr) -> Way {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let way = Way {
            address: listener.local_addr().unwrap(),
            cut: Arc::new(AtomicUsize::new(usize::MAX)),
            connections: Arc::default(),
        };
        let (cut, connections) = (Arc::clone(&way.cut), Arc::clone(&way.connections));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(server)) else {
                    continue;
                };
                connections.fetch_add(1, Ordering::SeqCst);
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                let (to, from) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || pass(from, to, |_| true));
                let cut = Arc::clone(&cut);
                thread::spawn(move || pass(server, client, |bytes| spend(&cut, bytes)));
            }
        });
        way
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Breaks what is connected once the server has sent `bytes` more.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.cut.store(bytes, Ordering::SeqCst);
    }
}

/// Whether so many bytes may still pass; once they may not, all may again: the next connection works.
fn spend(cut: &AtomicUsize, bytes: usize) -> bool {
    let spent = cut.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
        Some(if left == usize::MAX { left } else { left.checked_sub(bytes).unwrap_or(usize::MAX) })
    });
    spent.is_ok_and(|left| left == usize::MAX || left >= bytes)
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut may: impl FnMut(usize) -> bool) {
    let mut buffer = [0; 4096];
    while let Ok(bytes @ 1..) = from.read(&mut buffer) {
        if !may(bytes) || to.write_all(&buffer[..bytes]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
