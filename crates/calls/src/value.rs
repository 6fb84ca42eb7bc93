//! A text as far as it is known, and where it comes from.

/// Stands in a text for a stretch that is not known. Texts from outside have it replaced.
pub(crate) const UNKNOWN: char = '\u{10ffff}';

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flow(u16);

impl Flow {
    pub(crate) const NONE: Self = Self(0);
    /// From a file of secrets, an environment.
    pub(crate) const SECRET: Self = Self(1);
    /// From the network.
    pub(crate) const REMOTE: Self = Self(2);
    /// Was decoded or rewritten.
    pub(crate) const DECODED: Self = Self(4);
    /// The content of a file.
    pub(crate) const FILE: Self = Self(8);
    /// The output of a command.
    pub(crate) const OUTPUT: Self = Self(16);
    /// Names of files.
    pub(crate) const LIST: Self = Self(32);
    /// A variable of the environment whose name says that it holds a secret.
    pub(crate) const CREDENTIAL: Self = Self(128);
    /// It never ends.
    pub(crate) const ENDLESS: Self = Self(256);
    /// Made in the call itself, by something that is not followed exactly: what stands in it is anybody's guess.
    pub(crate) const TANGLED: Self = Self(512);
    /// All of an input was read.
    pub(crate) const ENDED: Self = Self(1024);
    /// The whole text of files, unchanged.
    pub(crate) const WHOLE: Self = Self(2048);
    /// The output of a program that is made to be evaluated (`fnm env`).
    pub(crate) const MEANT: Self = Self(64);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A word, a variable, an output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) flow: Flow,
    /// Patterns in the text are active.
    pub(crate) glob: bool,
}

impl Value {
    /// What a command has made of a file is no longer the file.
    pub(crate) fn into_output(mut self) -> Self {
        if self.flow.has(Flow::OUTPUT) {
            self.flow = self.flow.without(Flow::WHOLE);
        }
        self
    }

    pub(crate) fn known(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(crate) fn unknown(flow: Flow) -> Self {
        Self { text: UNKNOWN.to_string(), flow, glob: false }
    }

    /// Made in the call, and not followed.
    pub(crate) fn tangled(flow: Flow) -> Self {
        Self::unknown(flow.with(Flow::TANGLED))
    }

    /// Whether a stretch that is not known was made in the call itself.
    pub(crate) fn is_tangled(&self) -> bool {
        self.flow.has(Flow::TANGLED) && !self.is_known()
    }

    pub(crate) fn flowing(mut self, flow: Flow) -> Self {
        self.flow = self.flow.with(flow);
        self
    }

    pub(crate) fn is_known(&self) -> bool {
        !self.text.contains(UNKNOWN)
    }

    /// Nothing of it is known.
    pub(crate) fn is_blank(&self) -> bool {
        !self.text.is_empty() && self.text.chars().all(|c| c == UNKNOWN)
    }

    pub(crate) fn push(&mut self, other: &Self) {
        if self.text.len() + other.text.len() > crate::limits::VALUE_BYTES {
            if !self.text.ends_with(UNKNOWN) {
                self.text.push(UNKNOWN);
            }
            self.flow = self.flow.with(Flow::TANGLED);
        } else {
            self.text.push_str(&other.text);
        }
        self.flow = self.flow.with(other.flow);
        self.glob |= other.glob;
    }

    /// For people: `…` where it is not known.
    pub(crate) fn shown(&self) -> String {
        self.text.replace(UNKNOWN, "…")
    }
}
