//! An HTTP/1.1 server on loopback that serves files as a careful service does, and misbehaves on demand.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What the server does once instead of serving the file.
#[derive(Debug, Clone)]
pub enum Trick {
    /// Closes the connection after so many bytes of the body.
    Cut(usize),
    /// Sends so many bytes of the body and then nothing, until the client goes away.
    Stall(usize),
    /// Answers with a status and headers.
    Answer(&'static str, &'static str),
    /// Says that the body is as long as this.
    Claim(u64),
    /// Sends the body in chunks without saying how long it is.
    Chunked,
    /// Continues at the wrong byte.
    WrongPart,
}

/// What stands at a path.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The file.
    pub body: Vec<u8>,
    /// Its entity tag, in quotes.
    pub etag: Option<&'static str>,
    /// When it last changed, as HTTP writes it.
    pub modified: Option<&'static str>,
    /// Whether `Range` is not understood.
    pub whole_only: bool,
    /// Done in turn, one a request.
    pub tricks: VecDeque<Trick>,
    /// Done on each request.
    pub always: Option<Trick>,
}

/// A request as it came: the path, and the headers by lower-case name.
#[derive(Debug, Clone)]
pub struct Seen {
    /// With its query.
    pub path: String,
    headers: BTreeMap<String, String>,
}

impl Seen {
    /// The header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

#[derive(Debug, Default)]
struct State {
    pages: Mutex<BTreeMap<String, Page>>,
    seen: Mutex<Vec<Seen>>,
    stop: AtomicBool,
}

/// Runs until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server on a port of its own.
    pub fn start() -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), state) = (stream, Arc::clone(&shared)) else { continue };
                // A client that goes away is no trouble of the server's.
                std::thread::spawn(move || state.answer(stream).unwrap_or_default());
            }
        });
        Server { address, state, thread: Some(thread) }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Serves that from now on.
    pub fn put(&self, path: &str, page: Page) {
        self.state.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// What was asked for since the last time.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.state.seen.lock().unwrap())
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
        let Some(seen) = read_request(&stream)? else { return Ok(()) };
        let page = {
            let mut pages = self.pages.lock().unwrap();
            self.seen.lock().unwrap().push(seen.clone());
            pages.get_mut(&seen.path).map(|page| {
                let trick = page.tricks.pop_front().or_else(|| page.always.clone());
                (page.clone(), trick)
            })
        };
        let Some((page, trick)) = page else { return respond(&mut stream, "404 Not Found", "", b"") };
        if let Some(Trick::Answer(status, headers)) = trick {
            return respond(&mut stream, status, headers, b"no");
        }
        serve(&mut stream, &page, &seen, trick)
    }
}

fn read_request(stream: &TcpStream) -> std::io::Result<Option<Seen>> {
    let mut lines = BufReader::new(stream).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    Ok(Some(Seen { path, headers }))
}

fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n")?;
    stream.write_all(body)
}

fn serve(stream: &mut TcpStream, page: &Page, seen: &Seen, trick: Option<Trick>) -> std::io::Result<()> {
    let mut headers = "date: Thu, 19 Nov 2026 12:00:00 GMT\r\nconnection: close\r\n".to_owned();
    headers.extend(page.etag.map(|etag| format!("etag: {etag}\r\n")));
    headers.extend(page.modified.map(|modified| format!("last-modified: {modified}\r\n")));
    let current = |name: &str, value: Option<&str>| value.is_some() && seen.header(name) == value;
    let unchanged = match seen.header("if-none-match") {
        Some(_) => current("if-none-match", page.etag),
        None => current("if-modified-since", page.modified),
    };
    if unchanged && trick.is_none() {
        return write!(stream, "HTTP/1.1 304 Not Modified\r\n{headers}\r\n");
    }
    let range = seen.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let fits = current("if-range", page.etag) || current("if-range", page.modified);
    let from: usize = range.filter(|_| fits && !page.whole_only).unwrap_or(0);
    let total = page.body.len();
    if from >= total && from > 0 {
        return respond(stream, "416 Range Not Satisfiable", "", b"");
    }
    let body = &page.body[from..];
    let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
    if from > 0 {
        let first = from + usize::from(matches!(trick, Some(Trick::WrongPart)));
        headers.push_str(&format!("content-range: bytes {first}-{}/{total}\r\n", total - 1));
    }
    match trick {
        Some(Trick::Chunked) => {
            write!(stream, "HTTP/1.1 {status}\r\n{headers}transfer-encoding: chunked\r\n\r\n")?;
            for chunk in body.chunks(1000) {
                write!(stream, "{:x}\r\n", chunk.len())?;
                stream.write_all(chunk)?;
                stream.write_all(b"\r\n")?;
            }
            stream.write_all(b"0\r\n\r\n")
        }
        Some(Trick::Claim(length)) => {
            write!(stream, "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n")?;
            stream.write_all(body)
        }
        trick => {
            write!(stream, "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len())?;
            match trick {
                Some(Trick::Cut(length)) => stream.write_all(&body[..length]),
                Some(Trick::Stall(length)) => {
                    stream.write_all(&body[..length])?;
                    stream.flush()?;
                    stream.read_to_end(&mut Vec::new()).map(|_| ())
                }
                _ => stream.write_all(body),
            }
        }
    }
}
