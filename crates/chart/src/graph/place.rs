//! The heights of the spots: each as near as it can be to what it is connected to, in its layer's order.

use super::order::Lines;

/// Between two nodes, in pixels.
const NODES_APART_PX: f64 = 16.0;
/// Between a line that passes and its neighbours, in pixels.
const LINES_APART_PX: f64 = 10.0;
/// How often the heights are evened out, once in each direction.
const SWEEPS: usize = 6;

/// The middle of each spot, from zero, and the height of the whole, in pixels.
pub(super) fn rows(lines: &Lines, node_px: f64) -> (Vec<f64>, f64) {
    let mut y = vec![0.0; lines.layer_of.len()];
    for layer in &lines.layers {
        let offsets = offsets(layer, lines.nodes, node_px);
        let half = offsets.last().copied().unwrap_or(0.0) / 2.0;
        write(&mut y, layer, offsets.iter().map(|offset| offset - half));
    }
    for sweep in 0..2 * SWEEPS {
        let forward = sweep % 2 == 0;
        let beside = if forward { &lines.before } else { &lines.after };
        let count = lines.layers.len();
        for step in 0..count {
            let at = if forward { step } else { count - 1 - step };
            let Some(layer) = lines.layers.get(at) else { continue };
            even_out(&mut y, layer, beside, &offsets(layer, lines.nodes, node_px));
        }
    }
    let (mut top, mut bottom) = (f64::MAX, f64::MIN);
    for (spot, middle) in y.iter().enumerate() {
        let half = if spot < lines.nodes { node_px / 2.0 } else { 2.0 };
        (top, bottom) = (top.min(middle - half), bottom.max(middle + half));
    }
    if y.is_empty() {
        return (y, 0.0);
    }
    (y.iter().map(|middle| middle - top).collect(), bottom - top)
}

/// How far below the first spot of its layer each one is at least.
fn offsets(layer: &[usize], nodes: usize, node_px: f64) -> Vec<f64> {
    let half = |spot: usize| if spot < nodes { node_px / 2.0 } else { 0.0 };
    let mut offset = 0.0;
    let mut last: Option<usize> = None;
    let mut offsets = Vec::new();
    for spot in layer {
        if let Some(last) = last {
            let apart = if last < nodes && *spot < nodes { NODES_APART_PX } else { LINES_APART_PX };
            offset += half(last) + apart + half(*spot);
        }
        offsets.push(offset);
        last = Some(*spot);
    }
    offsets
}

fn write(y: &mut [f64], layer: &[usize], values: impl Iterator<Item = f64>) {
    for (spot, value) in layer.iter().zip(values) {
        y.get_mut(*spot).into_iter().for_each(|middle| *middle = value);
    }
}

/// Moves the spots of a layer to the mean of their neighbours, as near as the distances allow: least squares under an
/// order, by pooling adjacent violators.
fn even_out(y: &mut [f64], layer: &[usize], beside: &[Vec<usize>], offsets: &[f64]) {
    let wish = |spot: usize| {
        let others = beside.get(spot).map(Vec::as_slice).unwrap_or_default();
        let sum: f64 = others.iter().filter_map(|other| y.get(*other)).sum();
        let own = y.get(spot).copied().unwrap_or(0.0);
        if others.is_empty() { own } else { sum / others.len() as f64 }
    };
    // A pool is a mean and how many spots share it.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (spot, offset) in layer.iter().zip(offsets) {
        pools.push((wish(*spot) - offset, 1));
        while let [.., before, last] = pools.as_slice()
            && before.0 > last.0
        {
            let count = before.1 + last.1;
            let mean = (before.0 * before.1 as f64 + last.0 * last.1 as f64) / count as f64;
            pools.truncate(pools.len() - 2);
            pools.push((mean, count));
        }
    }
    let means = pools.iter().flat_map(|(mean, count)| std::iter::repeat_n(*mean, *count));
    let values: Vec<f64> = means.zip(offsets).map(|(mean, offset)| mean + offset).collect();
    write(y, layer, values.into_iter());
}
