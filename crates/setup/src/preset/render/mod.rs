//! The application's own side, ready to copy: one file per syntax.

mod cli;
mod conf;
mod elixir;
mod env;
mod ini;
mod json;
mod literal;
mod node;
mod out;
mod php;
mod python;
mod ruby;
mod script;
mod snippet;
mod steps;
mod toml_file;
mod xml;
mod yaml;

pub use self::snippet::{Snippet, Step, StepAction};

use self::node::{Entries, Resolver};
use self::out::Out;
use crate::preset::model::{AppSide, Format, Preset};
use crate::preset::segment::Segment;
use crate::preset::template::TemplateError;
use crate::preset::values::Values;

/// Renders everything that has to be entered in the application.
///
/// The snippets come in the order of the preset. Environment variables are followed by the same
/// settings as a Docker Compose fragment ([`Snippet::derived`]). Missing values of variables are
/// taken from their defaults.
///
/// # Errors
/// [`TemplateError`] if a placeholder is unknown, or has neither value nor default.
pub fn render_snippets(preset: &Preset, values: &Values) -> Result<Vec<Snippet>, TemplateError> {
    let resolver = Resolver::new(preset, values);
    let mut snippets = Vec::new();
    for side in &preset.app_side {
        snippets.push(render(preset, side, side.format, &resolver)?);
        if side.format == Format::Env && side.compose {
            snippets.push(render(preset, side, Format::Compose, &resolver)?);
        }
    }
    Ok(snippets)
}

fn render(
    preset: &Preset,
    side: &AppSide,
    format: Format,
    resolver: &Resolver,
) -> Result<Snippet, TemplateError> {
    let place = resolver.text(&side.place)?;
    let mut before = side
        .before
        .iter()
        .map(|sentence| resolver.text(sentence))
        .collect::<Result<Vec<_>, _>>()?;
    let values = resolver.table(&side.values)?;
    let optional = resolver.table(&side.optional)?;
    let mut note = side
        .note
        .as_deref()
        .map(|note| resolver.text(note))
        .transpose()?;
    let mut steps = Vec::new();
    let (body, optional) = if format == Format::UiSteps {
        steps = steps::steps(std::mem::take(&mut before), &place, &values, &optional);
        (steps::write(&steps, false), steps::write(&steps, true))
    } else {
        (
            write(format, preset, &values),
            write(format, preset, &optional),
        )
    };
    if format == Format::Env && env::any_quoted(&values) {
        let quotes = "docker run --env-file takes the quotes as part of the value; Docker Compose and shells do not.";
        note = Some(note.map_or_else(|| quotes.to_owned(), |note| format!("{note} {quotes}")));
    }
    Ok(Snippet {
        title: format.label().to_owned(),
        format,
        file_name: snippet::file_name(format, &place, &preset.id),
        place,
        variant: side.variant.clone(),
        derived: format == Format::Compose,
        language: snippet::language(format).to_owned(),
        before,
        body,
        optional,
        steps,
        note,
    })
}

/// Writes settings in the syntax; no settings give no text.
fn write(format: Format, preset: &Preset, entries: &Entries) -> Vec<Segment> {
    let mut out = Out::default();
    if entries.is_empty() {
        return out.finish();
    }
    match format {
        Format::Env => env::write(entries, &mut out),
        Format::Compose => env::write_compose(&preset.id, entries, &mut out),
        Format::Ini => ini::write(entries, &mut out),
        Format::Properties => ini::write_properties(entries, &mut out),
        Format::Yaml => yaml::write(entries, &mut out),
        Format::Json => json::write(entries, &mut out),
        Format::Toml => toml_file::write(entries, &mut out),
        Format::Cli => cli::write(entries, &mut out),
        // Steps have no text of their own: `steps` writes them.
        Format::UiSteps => {}
        Format::Python => python::write(entries, &mut out),
        Format::PhpAssignments => php::write_assignments(entries, &mut out),
        Format::PhpArray => php::write_arrays(entries, &mut out),
        Format::PhpEntries => php::write_entries(entries, &mut out),
        Format::PhpConstants => php::write_constants(entries, &mut out),
        Format::Ruby => ruby::write(entries, &mut out),
        Format::Js => script::write(entries, &mut out),
        Format::Xml => xml::write(entries, &mut out),
        Format::ApacheConf => conf::write_apache(entries, &mut out),
        Format::DovecotConf => conf::write_dovecot(entries, &mut out),
        Format::Elixir => elixir::write(entries, &mut out),
        Format::File => entries.iter().for_each(|(_, node)| {
            out.unescaped(&node.scalar());
            out.text("\n");
        }),
    }
    out.finish()
}

#[cfg(test)]
mod tests;
