//! Variables that are declared: `declare`, `export`, `local`, `readonly`.

use crate::Traits;
use crate::machine::Machine;
use crate::state::{Switches, Variable};
use crate::value::{Flow, Value};

/// `-x`, `+x`: a switch of a variable, on or off.
fn switch_of(letter: char) -> Option<Switches> {
    Some(match letter {
        'x' => Switches::EXPORTED,
        'r' => Switches::READONLY,
        'i' => Switches::INTEGER,
        'l' => Switches::LOWER,
        'u' => Switches::UPPER,
        'A' => Switches::KEYED,
        _ => return None,
    })
}

impl Machine<'_> {
    /// `declare`, `export`, `local` and their like; `given` are the values of an array.
    pub(crate) fn declare(&mut self, name: &str, args: &[Value], given: Option<&[Value]>) -> Value {
        let options = || args.iter().filter(|value| value.text.starts_with('-'));
        let prints = options().any(|value| value.text.contains('p'));
        let shown = |value: &Value| crate::secrets::secret_variable(&value.text);
        if prints && name != "readonly" && args.iter().any(shown) {
            self.mark(Traits::READS_SECRET, "shows a credential of the environment");
            return Value::unknown(Flow::SECRET);
        }
        let shows = options().count() == args.len()
            && options().all(|value| value.text.contains(['p', 'x']) && !value.text.contains(['f', 'F']));
        if shows && name != "local" {
            if name != "readonly" {
                self.mark(Traits::READS_SECRET, "shows the whole environment");
            }
            return Value::unknown(Flow::SECRET);
        }
        let (mut on, mut off) = match name {
            "export" => (Switches::EXPORTED, Switches::default()),
            "readonly" => (Switches::READONLY, Switches::default()),
            _ => (Switches::default(), Switches::default()),
        };
        let mut global = false;
        for option in args.iter().filter(|value| value.text.starts_with(['-', '+'])) {
            let plus = option.text.starts_with('+');
            for letter in option.text.chars().skip(1) {
                global |= letter == 'g';
                match switch_of(letter) {
                    Some(switch) if plus => off = off.with(switch),
                    Some(switch) => {
                        // The last of the two counts.
                        let cases = Switches::LOWER.with(Switches::UPPER);
                        if cases.has(switch) {
                            off = off.with(cases.without(switch)).without(switch);
                            on = on.without(cases);
                        }
                        on = on.with(switch);
                    }
                    None if letter == 'n' && name == "export" => off = off.with(Switches::EXPORTED),
                    None if letter == 'n' && name != "readonly" => {
                        self.mark(Traits::EVADES, "a variable that stands for another");
                    }
                    None if matches!(letter, 'f' | 'F') => return Value::default(),
                    None => {}
                }
            }
        }
        let covers = name == "local" || matches!(name, "declare" | "typeset") && !global;
        for value in args.iter().filter(|value| !value.text.starts_with(['-', '+'])) {
            let (target, text) = match value.text.split_once('=') {
                Some((target, text)) => (target, Some(text)),
                None => (value.text.as_str(), None),
            };
            let append = target.ends_with('+');
            let target = target.trim_end_matches('+');
            if !crate::shell::is_name(target.split('[').next().unwrap_or("")) {
                if !value.is_known() {
                    self.puzzled("which variable is set is not known");
                }
                continue;
            }
            if target.contains('[') {
                self.calculated(&Value::known(target));
            }
            let target = target.split('[').next().unwrap_or(target).to_owned();
            let indexed = value.text.split('=').next().is_some_and(|name| name.contains('['));
            let covered = covers && !self.locals.is_empty();
            if covered {
                self.cover(&target);
            }
            let mut values = match (&given, text) {
                (Some(given), _) => Some(given.to_vec()),
                (None, Some(text)) => Some(vec![Value { text: text.to_owned(), ..value.clone() }]),
                (None, None) => None,
            };
            if append && let Some(values) = values.as_mut() {
                let before = self.chosen_variable(&target).unwrap_or_default();
                if let (Some(first), Some(only), None) = (before.first(), values.first_mut(), &given) {
                    let mut joined = first.clone();
                    joined.push(only);
                    *only = joined;
                } else {
                    *values = before.into_iter().chain(values.iter().cloned()).collect();
                }
            }
            if indexed && values.is_some() {
                values = Some(vec![Value::tangled(value.flow)]);
            }
            self.declared(&target, values, (on, off), covered);
        }
        Value::default()
    }

    fn declared(&mut self, name: &str, values: Option<Vec<Value>>, (on, off): (Switches, Switches), covered: bool) {
        let old = self.variables.get(name).cloned();
        if old.as_ref().is_some_and(|old| {
            old.switches.has(Switches::READONLY) && !old.switches.has(Switches::UNSURE) && values.is_some()
        }) {
            return;
        }
        let before = if covered { None } else { old };
        let switches = before.as_ref().map_or_else(Switches::default, |old| old.switches);
        let switches = switches.without(off).with(on);
        let process = self.process;
        let fixed = switches.has(Switches::READONLY);
        let may = before.map_or_else(|| vec![covered.then(|| std::rc::Rc::new(Vec::new()))], |before| before.may);
        self.assign(name, Variable { may, switches: switches.without(Switches::READONLY), process });
        if let Some(values) = values {
            let value = values.first().cloned().unwrap_or_default();
            self.environment(name, &value, false);
            self.set(name, values);
        }
        if fixed && let Some(known) = self.variables.get_mut(name) {
            known.switches = known.switches.with(Switches::READONLY);
        }
    }
}
