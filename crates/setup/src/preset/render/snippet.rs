//! What rendering gives: text to copy, with where it belongs.

use serde::{Deserialize, Serialize};

use crate::preset::model::Format;
use crate::preset::segment::{Segment, masked_text, plain_text};

/// One piece of the application's own side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// What it is, such as `Environment variables`.
    pub title: String,
    /// The syntax.
    pub format: Format,
    /// Where it goes: a file, or a path through the menus.
    pub place: String,
    /// Set for an alternative. Of the snippets with a variant, one variant is enough; those without
    /// are the usual way.
    pub variant: Option<String>,
    /// Whether it holds the same settings as the snippet before it, in another form.
    pub derived: bool,
    /// The language for highlighting.
    pub language: String,
    /// The name to download it under; without a path.
    pub file_name: String,
    /// Sentences: what to do first.
    pub before: Vec<String>,
    /// What is needed; empty if everything is optional.
    pub body: Vec<Segment>,
    /// What may be added; empty if there is nothing.
    pub optional: Vec<Segment>,
    /// For steps in a web interface: the same, step by step. Empty otherwise.
    pub steps: Vec<Step>,
    /// A sentence about it.
    pub note: Option<String>,
}

impl Snippet {
    /// What is needed, with secrets.
    pub fn plain_text(&self) -> String {
        plain_text(&self.body)
    }

    /// What is needed, with secrets masked.
    pub fn masked_text(&self) -> String {
        masked_text(&self.body)
    }
}

/// What to do in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepAction {
    /// Do what `field` says, or with `field` what `value` says.
    Do,
    /// Go to the place in `field`.
    Open,
    /// Enter `value` into `field`; leave it empty where there is no value.
    Enter,
    /// Switch `field` on.
    SwitchOn,
    /// Switch `field` off.
    SwitchOff,
}

/// One step in a web interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What to do.
    pub action: StepAction,
    /// The field, the place, or the sentence.
    pub field: String,
    /// What to enter; with [`StepAction::Do`] a sentence.
    pub value: Vec<Segment>,
    /// Whether the step may be left out.
    pub optional: bool,
}

/// The language for highlighting.
pub(super) const fn language(format: Format) -> &'static str {
    match format {
        Format::Env => "dotenv",
        Format::Compose | Format::Yaml => "yaml",
        Format::Ini | Format::DovecotConf => "ini",
        Format::Properties => "properties",
        Format::Json => "json",
        Format::Toml => "toml",
        Format::Cli => "shell",
        Format::UiSteps | Format::File => "text",
        Format::Python => "python",
        Format::PhpAssignments | Format::PhpArray | Format::PhpEntries | Format::PhpConstants => {
            "php"
        }
        Format::Ruby => "ruby",
        Format::Js => "javascript",
        Format::Xml => "xml",
        Format::ApacheConf => "apache",
        Format::Elixir => "elixir",
    }
}

/// The end of a file name made from the preset's id.
const fn ending(format: Format) -> &'static str {
    match format {
        Format::Env => ".env",
        Format::Compose => ".compose.yaml",
        Format::Ini => ".ini",
        Format::Properties => ".properties",
        Format::Yaml => ".yaml",
        Format::Json => ".json",
        Format::Toml => ".toml",
        Format::Cli => ".sh",
        Format::UiSteps => "-steps.txt",
        Format::Python => ".py",
        Format::PhpAssignments | Format::PhpArray | Format::PhpEntries | Format::PhpConstants => {
            ".php"
        }
        Format::Ruby => ".rb",
        Format::Js => ".js",
        Format::Xml => ".xml",
        Format::ApacheConf | Format::DovecotConf => ".conf",
        Format::Elixir => ".exs",
        Format::File => ".txt",
    }
}

/// Whether a word of the place is a file name such as `grafana.ini`.
fn is_file_name(word: &str) -> bool {
    let Some((stem, extension)) = word.rsplit_once('.') else {
        return false;
    };
    let fits = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    fits(stem)
        && !stem.starts_with('.')
        && fits(extension)
        && extension.starts_with(|c: char| c.is_ascii_lowercase())
}

/// The file's own name if the place names one, otherwise the preset's id with a fitting ending.
pub(super) fn file_name(format: Format, place: &str, id: &str) -> String {
    let made_up = || format!("{id}{}", ending(format));
    if matches!(format, Format::Compose | Format::UiSteps | Format::Cli) {
        return made_up();
    }
    place
        .split([' ', '/', '(', ')', ','])
        .find(|word| is_file_name(word))
        .map_or_else(made_up, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_name_from_place() {
        for (format, place, name) in [
            (Format::Ini, "grafana.ini", "grafana.ini"),
            (Format::Ruby, "/etc/gitlab/gitlab.rb", "gitlab.rb"),
            (Format::Yaml, "Helm values.yaml", "values.yaml"),
            (Format::Env, ".env", "x.env"),
            (Format::Env, ".env.production", "x.env"),
            (Format::Env, "container environment", "x.env"),
            (Format::Compose, "docker.env", "x.compose.yaml"),
            (Format::Yaml, "ConfigMap argocd-cm (data)", "x.yaml"),
        ] {
            assert_eq!(file_name(format, place, "x"), name, "{place}");
        }
    }
}
