//! An HTTP/1.1 server on loopback that serves what it was given, with entity tags.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

#[derive(Default)]
struct State {
    pages: Mutex<BTreeMap<String, Vec<u8>>>,
    stop: AtomicBool,
}

pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start() -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.stop.load(Ordering::SeqCst) {
                    return;
                }
                // A client that goes away is no trouble of the server's.
                shared.answer(stream).unwrap_or_default();
            }
        });
        Server { address, state, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn put(&self, path: &str, body: Vec<u8>) {
        self.state.pages.lock().unwrap().insert(path.to_owned(), body);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        // Wakes the server, so that it sees the wish to stop.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl State {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(&stream).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let path = first.split(' ').nth(1).unwrap_or_default();
        let mut known = false;
        for line in lines {
            let line = line?;
            known |= line.eq_ignore_ascii_case("if-none-match: \"one\"");
            if line.is_empty() {
                break;
            }
        }
        let page = self.pages.lock().unwrap().get(path).cloned();
        let (status, body) = match page {
            None => ("404 Not Found", Vec::new()),
            Some(_) if known => ("304 Not Modified", Vec::new()),
            Some(body) => ("200 OK", body),
        };
        write!(
            stream,
            "HTTP/1.1 {status}\r\ndate: Thu, 19 Nov 2026 12:00:00 GMT\r\netag: \"one\"\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n",
            body.len()
        )?;
        stream.write_all(&body)
    }
}
