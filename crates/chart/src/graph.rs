//! A small layered graph: what depends on what, from left to right.

mod layers;
mod order;
mod place;

use std::collections::{BTreeSet, VecDeque};

use crate::palette::Paint;
use crate::svg::{Anchor, Area, Point, SMALL_PX, Svg, TEXT_PX, at, place as figures};
use crate::table::{Cell, Table};
use crate::{Chart, Frame, text};

/// How many nodes a graph draws at most, the one that stands for the rest included.
pub const MAX_NODES: usize = 60;
/// How many edges a graph draws at most; more are counted below it, and are in the table.
pub const MAX_EDGES: usize = 240;
/// How many rows the table has at most.
const MAX_ROWS: usize = 1_000;
/// How many nodes are looked at.
const MAX_INPUT: usize = 20_000;
/// The height of a node, in pixels.
const NODE_PX: f64 = 40.0;
/// The narrowest and the widest node, in pixels.
const WIDE_PX: (f64, f64) = (84.0, 184.0);
/// The narrowest node that is made so for the sake of the frame, in pixels.
const SQUEEZED_PX: f64 = 128.0;
/// The least and the most room between two layers, in pixels.
const BETWEEN_PX: (f64, f64) = (36.0, 96.0);
/// Room around the text of a node, in pixels.
const INSIDE_PX: f64 = 11.0;

/// Nodes and what they depend on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// The heads of the table: what a node is, what it depends on.
    pub head: (String, String),
    /// The nodes. Where there are too many, those nearest to the marked ones are drawn, else the first.
    pub nodes: Vec<Node>,
    /// Indexes of two nodes: the first depends on the second. Others are ignored.
    pub edges: Vec<(usize, usize)>,
}

/// A node of a graph.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// Its name.
    pub label: String,
    /// What kind of thing it is, below the name; may be empty.
    pub note: String,
    /// Where it is.
    pub href: Option<String>,
    /// The colour of the bar at its side, from 0; say what it means in `note`.
    pub color: Option<usize>,
    /// Whether the graph is about this one: it gets a strong outline.
    pub marked: bool,
}

/// An edge that is drawn, from a lower layer to a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: usize,
    to: usize,
    /// It closes a cycle and runs the other way: what it points at is `from`.
    reversed: bool,
}

/// Draws a graph.
#[must_use]
pub fn graph(data: &Graph, frame: &Frame) -> Chart {
    let count = data.nodes.len().min(MAX_INPUT);
    let inside = data.edges.iter().filter(|(from, to)| *from < count && *to < count);
    let edges: BTreeSet<(usize, usize)> = inside.copied().collect();
    let table = table(data, &edges, frame);
    if data.nodes.is_empty() {
        return frame.empty(table);
    }
    let (nodes, mut edges) = select(data, &edges, count, frame);
    let undrawn = frame.words.left_out(edges.len().saturating_sub(MAX_EDGES), &frame.numbers);
    edges.truncate(MAX_EDGES);
    let (loops, edges): (Vec<_>, Vec<_>) = edges.into_iter().partition(|(from, to)| from == to);
    let (layer, edges) = layers::assign(nodes.len(), &edges);
    let lines = order::arrange(&layer, &edges);
    let wide = nodes.iter().map(|node| text::width(&node.label, TEXT_PX).max(text::width(&node.note, SMALL_PX)));
    let wide = (wide.fold(0.0, f64::max) + 2.0 * INSIDE_PX + 4.0).clamp(WIDE_PX.0, WIDE_PX.1);
    let count = lines.layers.len() as f64;
    let even = (frame.width() - BETWEEN_PX.0 * (count - 1.0)) / count;
    let wide = wide.min(even.max(SQUEEZED_PX));
    let free = (frame.width() - 2.0 - wide * count) / (count - 1.0).max(1.0);
    let pitch = wide + free.clamp(BETWEEN_PX.0, BETWEEN_PX.1);
    let (y, height) = place::rows(&lines, NODE_PX);
    let area = |spot: usize| {
        let layer = lines.layer_of.get(spot).copied().unwrap_or(0);
        let middle = y.get(spot).copied().unwrap_or(0.0);
        Area { x: 1.0 + layer as f64 * pitch, y: 2.0 + middle - NODE_PX / 2.0, width: wide, height: NODE_PX }
    };
    let mut svg = Svg::new();
    for (edge, spots) in edges.iter().zip(&lines.routes) {
        let areas: Vec<Area> = spots.iter().map(|spot| area(*spot)).collect();
        draw_edge(&mut svg, &areas, edge.reversed);
    }
    for (node, _) in &loops {
        draw_loop(&mut svg, area(*node));
    }
    for (index, node) in nodes.iter().enumerate() {
        draw_node(&mut svg, node, area(index));
    }
    // Loops lean out of the last layer.
    let beside = if loops.is_empty() { 2.0 } else { 20.0 };
    let width = ((count - 1.0) * pitch + wide + beside).max(frame.width().min(WIDE_PX.0));
    let mut end = height + 4.0;
    if let Some(undrawn) = undrawn {
        svg.text(at(0.0, end + 14.0), Anchor::Start, SMALL_PX, Paint::Label, &format!("→ {undrawn}"));
        end += 20.0;
    }
    svg.finish(frame, width, end, table)
}

fn table(data: &Graph, edges: &BTreeSet<(usize, usize)>, frame: &Frame) -> Table {
    let cell = |index: usize| {
        data.nodes.get(index).map_or_else(Cell::default, |node| Cell::text(&node.label, node.href.as_deref()))
    };
    let touched: BTreeSet<usize> = edges.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let mut rows: Vec<Vec<Cell>> = edges.iter().take(MAX_ROWS).map(|(from, to)| vec![cell(*from), cell(*to)]).collect();
    let alone = (0..data.nodes.len()).filter(|index| !touched.contains(index));
    rows.extend(alone.take(MAX_ROWS - rows.len()).map(|index| vec![cell(index), Cell::default()]));
    let all = edges.len() + data.nodes.len() - touched.len();
    let head = vec![Cell::text(&data.head.0, None), Cell::text(&data.head.1, None)];
    let more = frame.words.left_out(all - rows.len(), &frame.numbers);
    Table { caption: text::clean(&frame.title), head, rows, more }
}

/// The nodes that are drawn, and the edges between them. Where some are left out, the last node stands for them.
fn select(
    data: &Graph,
    edges: &BTreeSet<(usize, usize)>,
    count: usize,
    frame: &Frame,
) -> (Vec<Node>, Vec<(usize, usize)>) {
    let kept = nearest(data, edges, count);
    let mut nodes: Vec<Node> = kept.iter().filter_map(|index| data.nodes.get(*index)).map(clean).collect();
    let spot = |index: usize| kept.binary_search(&index).ok();
    let rest = nodes.len();
    if let Some(label) = frame.words.left_out(data.nodes.len() - rest, &frame.numbers) {
        nodes.push(Node { label, ..Node::default() });
    }
    let mut drawn = BTreeSet::new();
    let mut back = BTreeSet::new();
    for (from, to) in edges {
        match (spot(*from), spot(*to)) {
            (Some(from), Some(to)) => drop(drawn.insert((from, to))),
            (Some(from), None) => drop(drawn.insert((from, rest))),
            (None, Some(to)) => drop(back.insert((rest, to))),
            (None, None) => {}
        }
    }
    // The rest is shown on one side, so that it makes no cycle that is not there.
    if drawn.iter().all(|(_, to)| *to != rest) {
        drawn.extend(back);
    }
    (nodes, drawn.into_iter().collect())
}

fn clean(node: &Node) -> Node {
    Node { label: text::clean(&node.label), note: text::clean(&node.note), ..node.clone() }
}

/// The indexes of the nodes to draw, ascending: all, or those nearest to the marked ones, or the first.
fn nearest(data: &Graph, edges: &BTreeSet<(usize, usize)>, count: usize) -> Vec<usize> {
    if data.nodes.len() <= MAX_NODES {
        return (0..count).collect();
    }
    let mut beside: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in edges {
        for (one, other) in [(*from, *to), (*to, *from)] {
            beside.get_mut(one).into_iter().for_each(|list| list.push(other));
        }
    }
    let marked = data.nodes.iter().take(count).enumerate().filter(|(_, node)| node.marked);
    let mut queue: VecDeque<usize> = marked.map(|(index, _)| index).collect();
    let mut kept = BTreeSet::new();
    let mut unseen = 0..count;
    while kept.len() < MAX_NODES - 1 {
        // Where nothing is connected any more, the first that was not taken.
        let Some(next) = queue.pop_front().or_else(|| unseen.next()) else { break };
        if kept.insert(next) && kept.len() < MAX_NODES {
            queue.extend(beside.get(next).into_iter().flatten().filter(|other| !kept.contains(other)));
        }
    }
    kept.into_iter().collect()
}

/// A line through the layers; each but the first and the last area is one that it only passes.
fn draw_edge(svg: &mut Svg, areas: &[Area], reversed: bool) {
    let middle = |area: &Area| area.y + area.height / 2.0;
    let (Some(first), Some(last)) = (areas.first(), areas.last()) else { return };
    let (mut path, mut from) = (String::new(), at(first.right(), middle(first)));
    // What runs back keeps apart from what runs forth between the same two nodes.
    let aside = if reversed { 11.0 } else { 0.0 };
    let (from_y, last_y) = (middle(first) + aside, middle(last) + aside);
    from.y = from_y;
    // The line ends where the head of the arrow begins.
    let (start, end) = if reversed { (6.0, 0.0) } else { (0.0, 6.0) };
    from.x += start;
    path.push('M');
    path.push_str(&figures(from));
    for (index, area) in areas.iter().enumerate().skip(1) {
        let is_last = index + 1 == areas.len();
        let to = at(if is_last { area.x - end } else { area.x }, if is_last { last_y } else { middle(area) });
        let half = (from.x + to.x) / 2.0;
        path.push_str(&format!("C{} {} {}", figures(at(half, from.y)), figures(at(half, to.y)), figures(to)));
        from = to;
        if !is_last {
            from = at(area.right(), to.y);
            path.push_str(&format!("L{}", figures(from)));
        }
    }
    let mut tag = svg.tag("path").word("d", &path).word("fill", "none");
    if reversed {
        tag = tag.word("stroke-dasharray", "5 3");
    }
    tag.stroke(Paint::Axis, 1.25).close();
    if reversed {
        arrow(svg, at(first.right() + 1.0, from_y), 7.0);
    } else {
        arrow(svg, at(last.x - 1.0, last_y), -7.0);
    }
}

/// The head of an arrow with its point at the place.
fn arrow(svg: &mut Svg, tip: Point, back_px: f64) {
    let (one, other) = (at(tip.x + back_px, tip.y - 3.5), at(tip.x + back_px, tip.y + 3.5));
    svg.tag("path")
        .word("d", &format!("M{}L{}L{}Z", figures(tip), figures(one), figures(other)))
        .fill(Paint::Axis)
        .close();
}

/// What depends on itself.
fn draw_loop(svg: &mut Svg, area: Area) {
    let (x, y) = (area.right(), area.y + area.height / 2.0);
    let path = format!(
        "M{}C{} {} {}",
        figures(at(x, y + 6.0)),
        figures(at(x + 18.0, y + 18.0)),
        figures(at(x + 18.0, y - 18.0)),
        figures(at(x + 5.0, y - 9.0))
    );
    let tag = svg.tag("path").word("d", &path).word("fill", "none").word("stroke-dasharray", "5 3");
    tag.stroke(Paint::Axis, 1.25).close();
    arrow(svg, at(x + 1.0, y - 7.0), 7.0);
}

fn draw_node(svg: &mut Svg, node: &Node, area: Area) {
    let room = area.width - 2.0 * INSIDE_PX;
    let (label, note) = (text::fit(&node.label, TEXT_PX, room), text::fit(&node.note, SMALL_PX, room));
    // What is said begins as what is seen (WCAG 2.2, 2.5.3), and has in full what was cut.
    let mut said = format!("{label} {note}").trim_end().to_owned();
    if label != node.label || note != node.note {
        said = format!("{said} – {} {}", node.label, node.note).trim_end().to_owned();
    }
    let name = if node.href.is_some() { said.as_str() } else { "" };
    svg.mark(name, node.href.as_deref(), |svg| {
        let (outline, thick) = if node.marked { (Paint::Ink, 2.0) } else { (Paint::Axis, 1.0) };
        svg.tag("rect").area(area).num("rx", 3.0).fill(Paint::Surface).stroke(outline, thick).close();
        if let Some(color) = node.color {
            let bar = Area { x: area.x + 2.5, y: area.y + 4.0, width: 3.5, height: area.height - 8.0 };
            svg.rect(bar, Paint::Series(color));
        }
        let x = area.x + INSIDE_PX + 1.0;
        let middle = area.y + area.height / 2.0;
        let base = if node.note.is_empty() { middle + 4.5 } else { middle - 2.5 };
        svg.text_of(at(x, base), Anchor::Start, TEXT_PX, Paint::Ink, &label, &node.label);
        if !node.note.is_empty() {
            svg.text_of(at(x, middle + 12.5), Anchor::Start, SMALL_PX, Paint::Label, &note, &node.note);
        }
    });
}
