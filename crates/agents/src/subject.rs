//! What checks look at: each subject with its fields, as `checks/README.md` lists them.

mod build;

use std::borrow::Cow;

use crate::agent::{Agent, Scope};
use crate::effective::{self, Effective};
use crate::hooks::{self, Hook};
use crate::known::{self, Known};
use crate::machine::Machine;
use crate::permissions::{self, Permission};
use crate::pins::{self, Approval};
use crate::servers::{self, Server};
use crate::tree::{Node, Span};

/// All that is known of a machine's agents.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The files.
    pub known: Known,
    /// The settings in force.
    pub effective: Vec<Effective>,
    /// The MCP servers.
    pub servers: Vec<Server>,
    /// The hooks.
    pub hooks: Vec<Hook>,
    /// The permission rules.
    pub permissions: Vec<Permission>,
    /// What the locks say of what is there.
    pub(crate) approval: Approval,
}

/// Reads a machine.
#[must_use]
pub fn model(machine: &Machine) -> Model {
    let known = known::read(machine);
    let mut model = Model {
        effective: effective::effective(&known),
        servers: servers::servers(&known),
        hooks: hooks::hooks(&known),
        permissions: permissions::permissions(&known),
        known,
        approval: Approval::default(),
    };
    model.approval = pins::approval(machine, &model);
    model
}

/// Something that a check looks at.
pub(crate) struct Subject<'a> {
    /// Its kind, as checks name it.
    pub(crate) kind: &'static str,
    /// The agent; none for the machine.
    pub(crate) agent: Option<Agent>,
    /// Whose word it has.
    pub(crate) scope: Scope,
    /// The role of its file.
    pub(crate) role: &'static str,
    /// The unit of its file.
    pub(crate) unit: &'static str,
    /// The file that a finding names and an edit changes, in [`Machine::files`].
    pub(crate) file: usize,
    /// The root of its repository.
    pub(crate) project: String,
    /// Its place.
    pub(crate) span: Span,
    /// The fields that conditions see.
    pub(crate) fields: Vec<(&'static str, Cow<'a, Node>)>,
    /// For settings in force: the files of machine and user, whose findings are not repeated for a repository.
    pub(crate) base: bool,
}

/// Every subject of a machine.
pub(crate) fn subjects<'a>(machine: &'a Machine, model: &'a Model) -> Vec<Subject<'a>> {
    build::all(machine, model)
}
