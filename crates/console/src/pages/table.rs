//! Tables of pages: they scroll in themselves, and on a phone each row is a card with the title of its column at each cell.

use maud::{Markup, html};

use crate::caller::Caller;

/// A table called `name`. Of each column there are the id of its title and whether it holds numbers; the first cell of a
/// row names the row.
pub(crate) fn cards<const N: usize>(
    caller: &Caller,
    name: &str,
    columns: [(&str, bool); N],
    rows: impl IntoIterator<Item = [Markup; N]>,
) -> Markup {
    let columns = columns.map(|(id, number)| (caller.text(id), number));
    html! {
        div .scroll role="region" tabindex="0" aria-label=(name) {
            table .cards {
                thead { tr { @for (title, number) in &columns { th.num[*number] scope="col" { (title) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, (cell, (title, number))) in row.iter().zip(&columns).enumerate() {
                                @if at == 0 { th scope="row" { (cell) } }
                                @else { td.num[*number] data-label=(title) { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
