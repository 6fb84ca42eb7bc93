//! The HTTP API: sensors push reports, programs read and decide. Every operation is described where it is added, and
//! the description of the API is made from these.

mod ask;
mod assets;
mod describe;
mod etag;
mod findings;
mod ingest;
mod intake;
mod overview;
mod paging;
mod schema;
mod shown;
mod uploads;
pub mod wire;

pub use describe::openapi;
pub use uploads::MAX_PART_BYTES;
pub use wire::pushed::{Change, Pushed, PushedFinding, StoredFinding};
pub use wire::report::{ReportError, read_report, write_report};

pub(crate) use intake::Intake;

use axum::middleware::from_fn;
use axum::routing::MethodRouter;
use std::sync::Arc;

use crate::routes::Routes;
use crate::state::Console;
use describe::Operation;
use schema::Book;

/// Operations with their handlers.
pub(crate) struct Api {
    routes: Routes,
    operations: Vec<Operation>,
    book: Book,
}

impl Api {
    fn new(routes: Routes) -> Self {
        Api { routes, operations: Vec::new(), book: Book::default() }
    }

    /// Adds an operation. What its description does not know of, a query parameter or a media type, never reaches the
    /// handler.
    #[must_use]
    fn add(mut self, describe: impl FnOnce(&mut Book) -> Operation, handler: MethodRouter<Arc<Console>>) -> Self {
        let operation = describe(&mut self.book);
        let asked = Arc::new(operation.asked());
        let check = from_fn(move |request, next| ask::check(Arc::clone(&asked), request, next));
        let (method, path, need) = (operation.method.clone(), operation.path, operation.need);
        self.routes = self.routes.add(method, path, need, handler.layer(check));
        self.operations.push(operation);
        self
    }
}

fn api(routes: Routes) -> Api {
    let api = Api::new(routes);
    let api = ingest::routes(api);
    let api = uploads::routes(api);
    let api = findings::routes(api);
    let api = assets::routes(api);
    overview::routes(api)
}

pub(crate) fn routes(routes: Routes) -> Routes {
    api(routes).routes
}
