//! The pages: one module each, that adds its own routes.

mod language;
mod theme;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = language::routes(routes);
    theme::routes(routes)
}
