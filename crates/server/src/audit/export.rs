//! The audit log as a file.

use app::{model::AuditEntry, state::csv};

/// The names of the columns.
const HEAD: [&str; 12] = [
    "number", "at", "name", "role", "session", "address", "action", "about", "outcome", "detail",
    "change", "digest",
];

/// As comma-separated values (RFC 4180), with no cell that a spreadsheet takes for a formula.
pub(crate) fn csv(entries: &[AuditEntry]) -> String {
    let mut text = String::new();
    csv::line(&mut text, HEAD);
    for entry in entries {
        let number = entry.number.to_string();
        csv::line(
            &mut text,
            [
                number.as_str(),
                &entry.at,
                &entry.name,
                &entry.role,
                &entry.session,
                &entry.address,
                entry.action.as_str(),
                &entry.about,
                entry.outcome.as_str(),
                &entry.detail,
                &entry.change,
                &entry.digest,
            ],
        );
    }
    text
}

/// As JSON, one entry a line.
pub(crate) fn json_lines(entries: &[AuditEntry]) -> String {
    let lines = entries
        .iter()
        .filter_map(|entry| serde_json::to_string(entry).ok());
    lines.map(|line| line + "\n").collect()
}
