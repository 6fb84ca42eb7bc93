//! The table of routes: each with what it needs, checked before its handler runs.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use http::Method;

use crate::access::Need;
use crate::caller::{Caller, Who};
use crate::problem::Refusal;
use crate::state::Console;

/// One route, as tests and the description of the API read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// What it needs of its caller.
    pub need: Need,
}

/// Routes, each behind what it needs. There is no other way to add one.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<Console>>,
    table: Vec<RouteInfo>,
}

impl Routes {
    /// No routes.
    pub fn new() -> Self {
        Routes::default()
    }

    /// Adds one route. `handler` must answer that method only (`axum::routing::get(…)` for [`Method::GET`]).
    #[must_use]
    pub fn add(mut self, method: Method, path: &'static str, need: Need, handler: MethodRouter<Arc<Console>>) -> Self {
        let check = from_fn(move |request: Request, next: Next| check(need, request, next));
        self.router = self.router.route(path, handler.layer(check));
        self.table.push(RouteInfo { method, path, need });
        self
    }

    /// All routes.
    pub fn table(&self) -> &[RouteInfo] {
        &self.table
    }

    /// The router; what has no route answers 404.
    pub fn into_router(self, console: &Arc<Console>) -> Router {
        self.router
            .fallback(|| async { Refusal::not_found() })
            .method_not_allowed_fallback(|| async { Refusal::wrong_method() })
            .with_state(Arc::clone(console))
    }
}

/// Whether a path belongs to programs: they get problems, never redirections.
pub(crate) fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

async fn check(need: Need, request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else { return Refusal::internal().into_response() };
    if caller.meets(need) {
        return next.run(request).await;
    }
    let path = request.uri().path();
    match &caller.who {
        _ if is_api(path) && matches!(caller.who, Who::Nobody) => Refusal::unauthorized().into_response(),
        Who::Nobody | Who::FirstFactor { .. } if !is_api(path) && request.method() == Method::GET => {
            let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
            Redirect::to(&format!("/sign-in?next={}", crate::form::encoded(wanted))).into_response()
        }
        Who::Nobody | Who::FirstFactor { .. } => Refusal::unauthorized().into_response(),
        Who::Person { .. } | Who::Token { .. } => Refusal::forbidden().into_response(),
    }
}
