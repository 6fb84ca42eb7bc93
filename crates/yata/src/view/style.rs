//! Colours: few, and only where a terminal takes them.

use yata_model::Priority;

/// Writes SGR sequences, or nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) color: bool,
}

impl Style {
    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(crate) fn warn(self, text: &str) -> String {
        self.wrap("33", text)
    }

    pub(crate) fn priority(self, priority: Priority, text: &str) -> String {
        let code = match priority {
            Priority::Immediate => "1;31",
            Priority::OutOfCycle => "1;33",
            Priority::Scheduled => "1;36",
            Priority::Defer => "1",
        };
        self.wrap(code, text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
