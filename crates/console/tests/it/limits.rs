//! What one sender may take: bodies, connections, patience.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::routing::get;
use http::{Request, StatusCode, header};
use hyper::body::Frame;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use yata_console::{ConnectionLimits, Listener, Role};

use crate::support::House;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(15);

/// A body that never arrives.
struct Never;

impl HttpBody for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_is_said_to_be() {
    let house = House::new().await;
    let large = "x".repeat(300_000);
    for path in ["/sign-in", "/language", "/theme"] {
        house.browser().post_bare(path, &[("email", &large)]).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    }
    // By its length, before any of it is there.
    let request = Request::post("/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let never = Body::new(Never);
    let request = request.header(header::CONTENT_LENGTH, 300_000).body(never).unwrap();
    tokio::time::timeout(PATIENCE, house.browser().send(request)).await.unwrap().expect(StatusCode::PAYLOAD_TOO_LARGE);
    let mut analyst = house.signed_in(Role::Analyst).await;
    for path in ["/queue/act", "/findings/fi_1/act"] {
        analyst.post(path, &[("why", &large)]).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    }
}

/// A service of one page under those limits: where it listens, and what ends it.
async fn listening(page: impl Into<Bytes>, limits: ConnectionLimits) -> (SocketAddr, oneshot::Sender<()>, impl Future) {
    let page: Bytes = page.into();
    let app = Router::new().route("/", get(move || async move { page }));
    let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), None).await.unwrap().limited(limits);
    let address = listener.address().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(listener.serve(app, async move { drop(stopped.await) }));
    (address, stop, serving)
}

async fn ask(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    stream
}

#[tokio::test]
async fn who_never_reads_is_cut_off() {
    let limits = ConnectionLimits { max_stall: Duration::from_millis(200), ..ConnectionLimits::default() };
    // More than the system takes off the service's hands.
    let (address, stop, serving) = listening(vec![b'x'; 64 * 1024 * 1024], limits).await;
    let mut stream = ask(address).await;
    assert_eq!(stream.read_u8().await.unwrap(), b'H', "the answer has begun");
    stop.send(()).unwrap();
    // Requests that run may take 20 s to end; this one ends before.
    assert!(tokio::time::timeout(PATIENCE, serving).await.is_ok(), "the connection is still held");
}

#[tokio::test]
async fn one_address_does_not_take_all_connections() {
    let limits = ConnectionLimits { per_address: 2, ..ConnectionLimits::default() };
    let (address, stop, _serving) = listening(b"here".to_vec(), limits).await;
    let (mut one, mut two) = (ask(address).await, ask(address).await);
    assert_eq!((one.read_u8().await.unwrap(), two.read_u8().await.unwrap()), (b'H', b'H'));
    let mut third = TcpStream::connect(address).await.unwrap();
    let _ = third.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let told = tokio::time::timeout(PATIENCE, third.read_u8()).await.expect("it is held");
    assert!(told.is_err(), "closed, and nothing was said");
    // A place that was given back is another's.
    drop(one);
    let again = async {
        while ask(address).await.read_u8().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, again).await.expect("the place is not given back");
    drop(stop);
}

#[tokio::test]
async fn the_last_answer_arrives_though_the_sender_still_sends() {
    let (address, stop, _serving) = listening(Vec::new(), ConnectionLimits::default()).await;
    for _ in 0..20 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET / HTTP/1.1\r\nhost: x\r\ncookie: {}\r\n\r\n", "a".repeat(4_000_000));
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&answer));
    }
    drop(stop);
}
