//! What the benches share: a service in their own process, a connection to it, and how much memory both took.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use yata_console::{Caller, Clock, Console, Listener, Settings, Who, app_as};
use yata_store::Store;
use yata_words::Lang;

/// Serves the store on loopback for as long as the process lives; every request is one of this caller.
pub(crate) async fn serve(store: Store, who: Who) -> SocketAddr {
    let console = Console::new(store, Settings::new("http://127.0.0.1", [7; 32]), Clock::system());
    let app = app_as(Arc::clone(&console), Caller { who, ..Caller::nobody(Lang::En) });
    let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None).await.unwrap();
    let address = listener.address().unwrap();
    tokio::spawn(listener.serve(app, std::future::pending()));
    address
}

/// A connection that is kept.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) async fn new(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream, buffer: Vec::new() }
    }

    /// Sends a request, whose head is without its last empty line: status and body of the answer.
    pub(crate) async fn ask(&mut self, head: &str, body: &[u8]) -> (u16, Vec<u8>) {
        self.stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
        self.stream.write_all(body).await.unwrap();
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "the connection broke");
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            let length: usize = length.parse().unwrap();
            if self.buffer.len() >= end + 4 + length {
                let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                return (status, self.buffer.split_off(end + 4));
            }
        }
    }
}

/// The most memory that this process had, as the kernel writes it.
pub(crate) fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")).unwrap_or_default()
}
