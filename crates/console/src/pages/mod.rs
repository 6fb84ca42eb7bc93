//! The pages: one module each, that adds its own routes.

mod ask;
mod changes;
mod deed_form;
mod deeds;
mod export;
mod filters;
mod finding;
mod finding_facts;
mod finding_talk;
mod language;
mod proposals;
mod queue;
mod rows;
mod say;
mod sheet;
mod theme;
mod today;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = language::routes(routes);
    let routes = theme::routes(routes);
    let routes = today::routes(routes);
    let routes = changes::routes(routes);
    let routes = queue::routes(routes);
    let routes = export::routes(routes);
    let routes = finding::routes(routes);
    proposals::routes(routes)
}
