//! Bodies of forms that arrive too slowly: whoever sends a byte now and then holds no connection for long.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

/// How long the whole body of a form may take.
const FORM_TIMEOUT: Duration = Duration::from_secs(30);

/// A body that has to be there in time.
struct Timed {
    body: Body,
    end: Pin<Box<Sleep>>,
}

/// The body came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive within {} s", FORM_TIMEOUT.as_secs())]
struct TooSlow;

/// The same body, which ends in an error where it takes too long.
pub(crate) fn in_time(body: Body) -> Body {
    if body.is_end_stream() {
        return body;
    }
    Body::new(Timed { body, end: Box::pin(tokio::time::sleep(FORM_TIMEOUT)) })
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(TooSlow.into())));
        }
        Pin::new(&mut self.body).poll_frame(cx).map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
