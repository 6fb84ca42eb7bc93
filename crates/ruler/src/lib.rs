//! The one ruler: facts, decision tables, deadlines, order, reasons.
