//! Who needs whom: scopes and shortest paths from the direct dependencies.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use yata_model::Scope;

use super::PATH_MAX_STEPS;

/// A dependency graph over the entries of one file.
#[derive(Default)]
pub(super) struct Graph {
    edges: Vec<Vec<(u32, Scope)>>,
    roots: Vec<u32>,
}

/// What the graph says of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// The widest scope in which a root reaches it.
    pub(super) scope: Scope,
    /// The node before it on the shortest way of that scope; `None` for a node that a root needs itself.
    pub(super) parent: Option<u32>,
    /// The steps from the direct dependency that the way begins with.
    distance: u32,
    /// The direct dependency that the way begins with.
    first: u32,
    /// Whether it was reached from a root that the file names, not from one that was guessed.
    pub(super) certain: bool,
}

/// The outcome of [`Graph::reach`].
pub(super) struct Reached {
    nodes: Vec<Option<Reach>>,
}

impl Graph {
    /// A graph of that many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        Graph { edges: vec![Vec::new(); nodes], roots: Vec::new() }
    }

    /// `from` needs `to`. An edge to or from a node that does not exist is ignored.
    pub(super) fn edge(&mut self, from: usize, to: usize, scope: Scope) {
        if let (Some(edges), Ok(to)) = (self.edges.get_mut(from), u32::try_from(to)) {
            edges.push((to, scope));
        }
    }

    /// The node is a project of its own: what it needs is direct.
    pub(super) fn root(&mut self, node: usize) {
        if let Ok(node) = u32::try_from(node) {
            self.roots.push(node);
        }
    }

    /// Goes through the graph once from the roots, and once more from those nodes that nothing needs among
    /// the ones that no root reaches. A scope widens along a path and never narrows; among the paths of the
    /// widest scope the shortest wins, and among those the one that was written first. Linear in the edges
    /// but for the queue.
    pub(super) fn reach(&self) -> Reached {
        let mut search = Search { nodes: vec![None; self.edges.len()], queue: BinaryHeap::new() };
        let mut is_root = vec![false; self.edges.len()];
        for root in &self.roots {
            if let Some(flag) = is_root.get_mut(*root as usize) {
                *flag = true;
            }
        }
        for root in &self.roots {
            for (to, scope) in self.edges.get(*root as usize).into_iter().flatten() {
                search.queue.push(Reverse((*scope, 0, *to, None)));
            }
        }
        search.run(&self.edges, &is_root, true);
        let mut needed = vec![false; self.edges.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for (to, _) in edges.iter().filter(|(to, _)| *to as usize != from) {
                if let Some(flag) = needed.get_mut(*to as usize) {
                    *flag = true;
                }
            }
        }
        for (node, needed) in needed.iter().enumerate() {
            let settled = search.nodes.get(node).is_none_or(Option::is_some) || is_root.get(node) == Some(&true);
            if let (false, false, Ok(node)) = (*needed, settled, u32::try_from(node)) {
                search.queue.push(Reverse((Scope::Runtime, 0, node, None)));
            }
        }
        search.run(&self.edges, &is_root, false);
        Reached { nodes: search.nodes }
    }
}

/// An entry of the queue: scope, distance, node, parent.
type Step = (Scope, u32, u32, Option<u32>);

struct Search {
    nodes: Vec<Option<Reach>>,
    queue: BinaryHeap<Reverse<Step>>,
}

impl Search {
    fn of(&self, node: u32) -> Option<Reach> {
        self.nodes.get(node as usize).copied().flatten()
    }

    fn run(&mut self, edges: &[Vec<(u32, Scope)>], is_root: &[bool], certain: bool) {
        while let Some(Reverse((scope, distance, node, parent))) = self.queue.pop() {
            let root = is_root.get(node as usize) == Some(&true);
            match self.nodes.get(node as usize) {
                Some(Some(_)) | None => continue,
                Some(None) => {}
            }
            let first = parent.and_then(|parent| self.of(parent)).map_or(node, |reach| reach.first);
            if let Some(reach) = self.nodes.get_mut(node as usize) {
                *reach = Some(Reach { scope, parent, distance, first, certain });
            }
            if root {
                // What a root needs is direct, whoever needs the root.
                continue;
            }
            for (to, edge_scope) in edges.get(node as usize).into_iter().flatten() {
                if self.nodes.get(*to as usize).is_some_and(Option::is_none) {
                    self.queue.push(Reverse((scope.max(*edge_scope), distance.saturating_add(1), *to, Some(node))));
                }
            }
        }
    }
}

impl Reached {
    /// What the graph says of a node; `None` where nothing reaches it.
    pub(super) fn of(&self, node: usize) -> Option<Reach> {
        self.nodes.get(node).copied().flatten()
    }

    /// Whether the project names the node itself; `None` where that cannot be told.
    pub(super) fn direct(&self, node: usize) -> Option<bool> {
        self.of(node).filter(|reach| reach.certain).map(|reach| reach.parent.is_none())
    }

    /// The shortest way to a node, the direct dependency first. Of a way longer than [`PATH_MAX_STEPS`] the
    /// direct dependency and the last steps are left, with `…` between them.
    ///
    /// `labels` has one name for each node.
    pub(super) fn path(&self, node: usize, labels: &[String]) -> Vec<String> {
        let Some(end) = self.of(node) else { return Vec::new() };
        let whole = (end.distance as usize) < PATH_MAX_STEPS;
        let steps = if whole { PATH_MAX_STEPS } else { PATH_MAX_STEPS - 2 };
        let label = |node: usize| labels.get(node).cloned().unwrap_or_default();
        let mut path = Vec::with_capacity(PATH_MAX_STEPS.min(end.distance as usize + 1));
        let mut at = Some(node);
        while let (Some(node), true) = (at, path.len() < steps) {
            path.push(label(node));
            at = self.of(node).and_then(|reach| reach.parent).map(|parent| parent as usize);
        }
        if !whole {
            path.push("…".to_owned());
            path.push(label(end.first as usize));
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edges: &[(usize, usize, Scope)], node: usize, expected: Option<(Scope, &str)>) {
        let mut graph = Graph::new(8);
        graph.root(0);
        for (from, to, scope) in edges {
            graph.edge(*from, *to, *scope);
        }
        let reached = graph.reach();
        let labels: Vec<String> = (0..8).map(|node| node.to_string()).collect();
        let actual = reached.of(node).map(|reach| (reach.scope, reached.path(node, &labels).join(" > ")));
        assert_eq!(actual, expected.map(|(scope, path)| (scope, path.to_owned())));
    }

    #[test]
    fn the_shortest_path_of_the_widest_scope_wins() {
        use Scope::{Development, Optional, Runtime};
        let edges = [(0, 1, Runtime), (1, 2, Runtime), (2, 3, Runtime), (0, 4, Development), (4, 3, Runtime)];
        check(&edges, 3, Some((Runtime, "1 > 2 > 3")));
        check(&edges, 4, Some((Development, "4")));
        check(&[(0, 1, Optional), (1, 2, Runtime)], 2, Some((Optional, "1 > 2")));
        check(&[(0, 1, Runtime), (1, 2, Runtime), (0, 2, Runtime)], 2, Some((Runtime, "2")));
        check(&[(0, 1, Runtime), (1, 2, Runtime), (2, 1, Runtime)], 2, Some((Runtime, "1 > 2")));
    }

    #[test]
    fn a_long_chain_is_cut_in_the_middle() {
        let length = 10_000;
        let mut graph = Graph::new(length);
        graph.root(0);
        for node in 1..length {
            graph.edge(node - 1, node, Scope::Runtime);
        }
        let labels: Vec<String> = (0..length).map(|node| node.to_string()).collect();
        let path = graph.reach().path(length - 1, &labels);
        assert_eq!(path.len(), PATH_MAX_STEPS);
        assert_eq!(path.first().map(String::as_str), Some("1"));
        assert_eq!(path.last().map(String::as_str), Some("9999"));
        assert_eq!(path[1], "…");
    }
}
