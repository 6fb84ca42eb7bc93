//! The pages: one module each, that adds its own routes.

mod language;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    language::routes(routes)
}
