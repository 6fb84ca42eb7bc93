//! Listening: connections with limits and time-outs, TLS that can be renewed, an end that loses nothing.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::seats::{Seat, Seats};
use crate::stream::Steady;
use crate::tls::Tls;

/// Connections at the same time; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 1024;
/// How long a request's head may take to arrive: a slow one holds a connection no longer.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests that run may take to end when the service stops.
const GRACE: Duration = Duration::from_secs(20);
/// Most header lines of a request.
const MAX_HEADERS: usize = 64;
/// Most bytes of a request's head.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// How long to wait after the system could not give a connection (too many open files).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What one connection, and one address, may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections at the same time of one address (of IPv6: of one network of 64 bits); more are closed.
    pub per_address: usize,
    /// Addresses that are not counted: the operator's own proxies, which speak for many.
    pub uncounted: Vec<IpAddr>,
    /// How long the other end may take nothing of what is sent to it.
    pub max_stall: Duration,
}

impl Default for ConnectionLimits {
    /// 256 connections of one address, all counted; 30 seconds.
    fn default() -> Self {
        ConnectionLimits { per_address: 256, uncounted: Vec::new(), max_stall: Duration::from_secs(30) }
    }
}

/// A service that listens.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    limits: ConnectionLimits,
}

impl Listener {
    /// Listens on the address; with TLS where certificate and key are given.
    ///
    /// # Errors
    /// Where the address is taken or not ours.
    pub async fn bind(address: SocketAddr, tls: Option<Arc<Tls>>) -> io::Result<Listener> {
        Ok(Listener { listener: TcpListener::bind(address).await?, tls, limits: ConnectionLimits::default() })
    }

    /// The same with other limits.
    #[must_use]
    pub fn limited(self, limits: ConnectionLimits) -> Listener {
        Listener { limits, ..self }
    }

    /// The address it listens on, with the port that the system chose.
    ///
    /// # Errors
    /// A failure of the system.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` is ready; then takes no more connections and lets those that run end, for a while.
    pub async fn serve(self, app: Router, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let seats = Seats::new(self.limits.per_address, &self.limits.uncounted);
        let mut stop = std::pin::pin!(stop);
        loop {
            let next = async {
                // INVARIANT: nobody closes the semaphore.
                let place = Arc::clone(&places).acquire_owned().await;
                (place, self.listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                next = next => next,
                () = &mut stop => break,
            };
            match (place, accepted) {
                (Ok(place), Ok((stream, peer))) => {
                    let Some(seat) = seats.take(peer.ip()) else {
                        tracing::debug!(%peer, "an address has as many connections as it may have");
                        continue;
                    };
                    let connection = Connection { app: app.clone(), peer, watcher: graceful.watcher(), place, seat };
                    tokio::spawn(connection.run(stream, self.limits.max_stall, self.tls.clone()));
                }
                (_, Err(error)) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                (Err(_), Ok(_)) => break,
            }
        }
        drop(self.listener);
        if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
    }
}

struct Connection {
    app: Router,
    peer: SocketAddr,
    watcher: Watcher,
    place: OwnedSemaphorePermit,
    seat: Seat,
}

impl Connection {
    async fn run(self, stream: TcpStream, max_stall: Duration, tls: Option<Arc<Tls>>) {
        let _ = stream.set_nodelay(true);
        let stream = Steady::new(stream, max_stall);
        match tls {
            None => self.speak(stream).await,
            Some(tls) => {
                let handshake = TlsAcceptor::from(tls.config()).accept(stream);
                match tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake).await {
                    Ok(Ok(stream)) => self.speak(stream).await,
                    Ok(Err(error)) => tracing::debug!(%error, "no TLS handshake"),
                    Err(_) => tracing::debug!("a TLS handshake took too long"),
                }
            }
        }
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Connection { app, peer, watcher, place, seat } = self;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let app = app.clone();
            async move {
                let response: Result<_, Infallible> = app.oneshot(request.map(Body::new)).await;
                response
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke");
        }
        drop((place, seat));
    }
}
