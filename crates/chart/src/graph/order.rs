//! The order within the layers: barycentres, swept both ways; the order with the fewest crossings is kept.
//!
//! Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (1981).

use super::Edge;

/// How often the layers are swept, once in each direction.
const SWEEPS: usize = 8;

/// The graph with a spot in every layer that an edge passes. The first spots are the nodes.
pub(super) struct Lines {
    /// The spots of each layer, from top to bottom.
    pub(super) layers: Vec<Vec<usize>>,
    /// The layer of each spot.
    pub(super) layer_of: Vec<usize>,
    /// The spots along each edge.
    pub(super) routes: Vec<Vec<usize>>,
    /// The spots before and after each spot.
    pub(super) before: Vec<Vec<usize>>,
    pub(super) after: Vec<Vec<usize>>,
    /// How many spots are nodes.
    pub(super) nodes: usize,
}

/// Orders the nodes and the lines that pass them.
pub(super) fn arrange(layer: &[usize], edges: &[Edge]) -> Lines {
    let mut lines = route(layer, edges);
    let mut best = (crossings(&lines), lines.layers.clone());
    for sweep in 0..2 * SWEEPS {
        let forward = sweep % 2 == 0;
        let count = lines.layers.len();
        for step in 1..count {
            let at = if forward { step } else { count - 1 - step };
            sort(&mut lines, at, forward);
        }
        let crossed = crossings(&lines);
        if crossed < best.0 {
            best = (crossed, lines.layers.clone());
        }
    }
    lines.layers = best.1;
    lines
}

fn route(layer: &[usize], edges: &[Edge]) -> Lines {
    let mut layer_of = layer.to_vec();
    let mut layers = vec![Vec::new(); layer.iter().max().map_or(1, |last| last + 1)];
    let of = |node: usize| layer.get(node).copied().unwrap_or(0);
    let mut routes = Vec::new();
    for edge in edges {
        let mut spots = vec![edge.from];
        for passed in of(edge.from) + 1..of(edge.to) {
            spots.push(layer_of.len());
            layer_of.push(passed);
        }
        spots.push(edge.to);
        routes.push(spots);
    }
    for (spot, at) in layer_of.iter().enumerate() {
        layers.get_mut(*at).into_iter().for_each(|layer| layer.push(spot));
    }
    let mut before = vec![Vec::new(); layer_of.len()];
    let mut after = vec![Vec::new(); layer_of.len()];
    for pair in routes.iter().flat_map(|spots| spots.windows(2)) {
        if let [from, to] = pair {
            after.get_mut(*from).into_iter().for_each(|list: &mut Vec<usize>| list.push(*to));
            before.get_mut(*to).into_iter().for_each(|list: &mut Vec<usize>| list.push(*from));
        }
    }
    Lines { layers, layer_of, routes, before, after, nodes: layer.len() }
}

/// The position of each spot in its layer.
fn positions(lines: &Lines) -> Vec<usize> {
    let mut positions = vec![0; lines.layer_of.len()];
    for layer in &lines.layers {
        for (position, spot) in layer.iter().enumerate() {
            positions.get_mut(*spot).into_iter().for_each(|at| *at = position);
        }
    }
    positions
}

/// Orders a layer by the mean position of what its spots are connected to, on the side that was swept before.
fn sort(lines: &mut Lines, at: usize, forward: bool) {
    let positions = positions(lines);
    let beside = if forward { &lines.before } else { &lines.after };
    let mean = |spot: usize| {
        let others = beside.get(spot).map(Vec::as_slice).unwrap_or_default();
        let sum: usize = others.iter().filter_map(|other| positions.get(*other)).sum();
        let own = positions.get(spot).copied().unwrap_or(0);
        if others.is_empty() { own as f64 } else { sum as f64 / others.len() as f64 }
    };
    if let Some(layer) = lines.layers.get_mut(at) {
        let mut keyed: Vec<(f64, usize)> = layer.iter().map(|spot| (mean(*spot), *spot)).collect();
        keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
        *layer = keyed.into_iter().map(|(_, spot)| spot).collect();
    }
}

/// How many pairs of lines between neighbouring layers cross.
fn crossings(lines: &Lines) -> usize {
    let positions = positions(lines);
    let position = |spot: usize| positions.get(spot).copied().unwrap_or(0);
    let mut crossed = 0;
    for layer in &lines.layers {
        // The far ends met so far, in the order of the near ends; those below a later one cross it.
        let mut met: Vec<usize> = Vec::new();
        for spot in layer {
            let mut ends: Vec<usize> = lines.after.get(*spot).into_iter().flatten().map(|to| position(*to)).collect();
            ends.sort_unstable();
            for end in &ends {
                crossed += met.len() - met.partition_point(|other| other <= end);
            }
            met.extend(ends);
            met.sort_unstable();
        }
    }
    crossed
}
