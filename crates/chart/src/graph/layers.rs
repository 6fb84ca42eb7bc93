//! Layers: cycles are broken, and each node stands one layer after the last of those that depend on it.

use super::Edge;

/// Whether a node was met in the search for cycles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Not,
    Open,
    Done,
}

/// The layer of each node, and the edges, those that close a cycle turned round. None of the edges may be a loop.
pub(super) fn assign(count: usize, edges: &[(usize, usize)]) -> (Vec<usize>, Vec<Edge>) {
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in edges {
        after.get_mut(*from).into_iter().for_each(|list| list.push(*to));
    }
    let (closing, order) = search(&after);
    let turn = |edge: &(usize, usize)| {
        let reversed = closing.contains(edge);
        let (from, to) = if reversed { (edge.1, edge.0) } else { *edge };
        Edge { from, to, reversed }
    };
    let mut turned: Vec<Edge> = edges.iter().map(turn).collect();
    turned.sort_unstable();
    (longest(count, &turned, &order), turned)
}

/// The edges that lead back to a node whose search is under way, and the nodes in an order in which each comes before
/// those that it depends on, without these edges.
fn search(after: &[Vec<usize>]) -> (Vec<(usize, usize)>, Vec<usize>) {
    let mut met = vec![Met::Not; after.len()];
    let (mut closing, mut order) = (Vec::new(), Vec::new());
    // Those that nothing depends on come first, so that a cycle is entered where the rest of the graph enters it.
    let mut wanted = vec![false; after.len()];
    for to in after.iter().flatten() {
        wanted.get_mut(*to).into_iter().for_each(|wanted| *wanted = true);
    }
    let roots = (0..after.len()).filter(|index| wanted.get(*index) == Some(&false));
    for root in roots.chain(0..after.len()) {
        if met.get(root) != Some(&Met::Not) {
            continue;
        }
        let mut stack = vec![(root, 0)];
        set(&mut met, root, Met::Open);
        while let Some((node, next)) = stack.last_mut() {
            let node = *node;
            let Some(to) = after.get(node).and_then(|list| list.get(*next)).copied() else {
                set(&mut met, node, Met::Done);
                order.push(node);
                stack.pop();
                continue;
            };
            *next += 1;
            match met.get(to) {
                Some(Met::Open) => closing.push((node, to)),
                Some(Met::Not) => {
                    set(&mut met, to, Met::Open);
                    stack.push((to, 0));
                }
                _ => {}
            }
        }
    }
    order.reverse();
    (closing, order)
}

fn set(met: &mut [Met], node: usize, value: Met) {
    met.get_mut(node).into_iter().for_each(|met| *met = value);
}

/// The length of the longest path to each node. What nothing leads to moves up to what it leads to.
fn longest(count: usize, edges: &[Edge], order: &[usize]) -> Vec<usize> {
    let mut layer = vec![0; count];
    let of = |layer: &[usize], node: usize| layer.get(node).copied().unwrap_or(0);
    for node in order {
        let from = of(&layer, *node);
        for edge in edges.iter().filter(|edge| edge.from == *node) {
            layer.get_mut(edge.to).into_iter().for_each(|layer| *layer = (*layer).max(from + 1));
        }
    }
    for node in 0..count {
        if edges.iter().any(|edge| edge.to == node) {
            continue;
        }
        let nearest = edges.iter().filter(|edge| edge.from == node).map(|edge| of(&layer, edge.to)).min();
        if let Some(nearest) = nearest {
            layer.get_mut(node).into_iter().for_each(|layer| *layer = nearest.saturating_sub(1));
        }
    }
    layer
}
