//! A connection whose other end has to go on reading, and that ends without losing its last answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How long to go on taking what the other end still sends when we have said our last. To close at once would reset the
/// connection, and the answer (too large, for instance) would be lost on its way.
const LINGER: Duration = Duration::from_secs(2);

/// How much of that is taken.
const LINGER_BYTES: usize = 64 * 1024 * 1024;

/// What is taken at once.
const SCRATCH_BYTES: usize = 16 * 1024;

/// A stream with a deadline on every write that makes no progress.
#[derive(Debug)]
pub(crate) struct Steady<S> {
    stream: S,
    max_stall: Duration,
    /// Runs while the other end takes nothing.
    stall: Option<Pin<Box<Sleep>>>,
    /// Runs when our side has ended.
    linger: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> Steady<S> {
    pub(crate) fn new(stream: S, max_stall: Duration) -> Self {
        Steady { stream, max_stall, stall: None, linger: None }
    }

    /// The outcome of a write, or the end of the connection where the other end has taken nothing for too long.
    fn in_time<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stall = None;
            return polled;
        }
        let max_stall = self.max_stall;
        let stall = self.stall.get_or_insert_with(|| Box::pin(tokio::time::sleep(max_stall)));
        ready!(stall.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other end reads nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Steady<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Steady<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.in_time(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.in_time(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        self.in_time(cx, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            let polled = Pin::new(&mut self.stream).poll_shutdown(cx);
            ready!(self.in_time(cx, polled))?;
        }
        let this = &mut *self;
        let (end, left) =
            this.linger.get_or_insert_with(|| (Box::pin(tokio::time::sleep(LINGER)), LINGER_BYTES / SCRATCH_BYTES));
        while *left > 0 && end.as_mut().poll(cx).is_pending() {
            let mut scratch = [0; SCRATCH_BYTES];
            let mut buffer = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => *left -= 1,
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
