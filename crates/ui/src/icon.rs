//! The icon set: strokes of 1.5 on a grid of 20, drawn for this console.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A tick.
    Check,
    /// A triangle with an exclamation mark.
    Warning,
    /// An octagon with an exclamation mark.
    Danger,
    /// A circled i.
    Info,
    /// A closed padlock.
    Lock,
    /// An open padlock.
    LockOpen,
    /// Two sheets.
    Copy,
    /// An arrow into a tray.
    Download,
    /// An arrow leaving a box.
    External,
    /// A magnifying glass.
    Search,
    /// A plus.
    Plus,
    /// A diagonal cross: close, remove.
    Close,
    /// An arrow to the left.
    ArrowLeft,
    /// An arrow to the right.
    ArrowRight,
    /// An arrow turning back.
    Undo,
    /// Two arrows in a circle.
    Refresh,
    /// A small disc.
    Dot,
    /// An arched door.
    Door,
    /// Two people.
    Users,
    /// A grid of four squares.
    App,
    /// A key.
    Key,
    /// A clock.
    Clock,
    /// Three lines.
    Menu,
    /// A sun.
    Sun,
    /// A moon.
    Moon,
    /// A half-filled circle: follow the system.
    Auto,
    /// An eye: reveal.
    Eye,
    /// A gauge: the overview.
    Gauge,
    /// A list with marks: change sets.
    Ledger,
    /// A bin: delete.
    Bin,
    /// Boxes below a box: groups.
    Tree,
    /// A question mark in a circle.
    Question,
}

impl Glyph {
    /// The outline, as the `d` of a path on a 20 by 20 grid.
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M4 10.5 8.2 14.7 16 5.8",
            Self::Warning => "M10 3.2 17.6 16.5H2.4ZM10 8.2v3.6M10 14v.3",
            Self::Danger => "M7 2.8h6L17.2 7v6L13 17.2H7L2.8 13V7ZM10 6.4v4.4M10 13.4v.3",
            Self::Info => "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM10 9.2v4.4M10 6.4v.3",
            Self::Lock => "M4.5 9h11v8h-11ZM7 9V6.2a3 3 0 0 1 6 0V9M10 12.2v1.8",
            Self::LockOpen => "M4.5 9h11v8h-11ZM7 9V5.6a3 3 0 0 1 5.7-1.3M10 12.2v1.8",
            Self::Copy => "M7 6.5h9.5v10.7H7ZM13 6.5V2.8H3.5v10.7H7",
            Self::Download => "M10 3v9M6.2 8.6 10 12.4l3.8-3.8M3.2 13v4h13.6v-4",
            Self::External => "M8.5 4.5H3.8v11.7h11.7v-4.7M11.5 3.8h4.7v4.7M16.2 3.8 9.3 10.7",
            Self::Search => "M8.8 3.2a5.6 5.6 0 1 0 0 11.2 5.6 5.6 0 0 0 0-11.2ZM12.9 12.9l4 4",
            Self::Plus => "M10 4v12M4 10h12",
            Self::Close => "M5 5l10 10M15 5 5 15",
            Self::ArrowLeft => "M16.5 10h-13M8.8 4.7 3.5 10l5.3 5.3",
            Self::ArrowRight => "M3.5 10h13M11.2 4.7l5.3 5.3-5.3 5.3",
            Self::Undo => "M7 3.5 3.5 7 7 10.5M3.5 7h8.3a4.7 4.7 0 0 1 0 9.4H7",
            Self::Refresh => {
                "M16.6 8.4A7 7 0 0 0 4 6.6M4 3.2v3.4h3.4M3.4 11.6A7 7 0 0 0 16 13.4M16 16.8v-3.4h-3.4"
            }
            Self::Dot => "M10 7.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z",
            Self::Door => "M4.8 17.2V8.4a5.2 5.2 0 0 1 10.4 0v8.8M2.8 17.2h14.4M12.2 11.4v1",
            Self::Users => {
                "M7.4 4a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4ZM2.4 16.4c0-2.9 2.2-4.6 5-4.6s5 1.7 5 4.6M12.8 4.3a2.7 2.7 0 0 1 0 4.8M14.6 12.2c1.8.6 3 2.1 3 4.2"
            }
            Self::App => {
                "M3.4 3.4h5.2v5.2H3.4ZM11.4 3.4h5.2v5.2h-5.2ZM3.4 11.4h5.2v5.2H3.4ZM11.4 11.4h5.2v5.2h-5.2Z"
            }
            Self::Key => "M6.4 8.6a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM9.3 9.8 16.8 2.6M13 6.3l2.8 2.8",
            Self::Clock => "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM10 6v4.2l2.8 1.8",
            Self::Menu => "M3 5.5h14M3 10h14M3 14.5h14",
            Self::Sun => {
                "M10 6.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8ZM10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M15.8 4.2l-1.4 1.4M5.6 14.4l-1.4 1.4"
            }
            Self::Moon => "M16.6 12.2A7 7 0 0 1 7.8 3.4a7 7 0 1 0 8.8 8.8Z",
            Self::Auto => {
                "M10 2.8a7.2 7.2 0 1 0 0 14.4ZM10 2.8a7.2 7.2 0 0 1 0 14.4M10 6.4h3.6M10 10h5M10 13.6h3.6"
            }
            Self::Eye => {
                "M1.8 10C3.6 6.5 6.5 4.8 10 4.8s6.4 1.7 8.2 5.2c-1.8 3.5-4.7 5.2-8.2 5.2S3.6 13.5 1.8 10ZM10 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z"
            }
            Self::Gauge => {
                "M3.6 15.4a7.6 7.6 0 1 1 12.8 0M10 11.6l3.4-4.4M10 3.4v1.8M2.8 11.4h1.8M15.4 11.4h1.8"
            }
            Self::Ledger => "M8 5h9M8 10h9M8 15h9M2.8 5l1 1 1.8-2M2.8 10l1 1 1.8-2M3 15h2",
            Self::Tree => "M7 3h6v4H7ZM2.8 13h5v4h-5ZM12.2 13h5v4h-5ZM10 7v3M5.3 13v-3h9.4v3",
            Self::Question => {
                "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM7.9 8a2.2 2.2 0 1 1 3 2.1c-.6.3-.9.7-.9 1.5M10 13.9v.3"
            }
            Self::Bin => {
                "M3.4 5.6h13.2M7.4 5.6V3.2h5.2v2.4M5 5.6l.7 11.2h8.6L15 5.6M8.2 8.8v4.8M11.8 8.8v4.8"
            }
        }
    }
}

/// An icon in the colour and size of the text around it.
///
/// Silent for screen readers unless it has a label; next to a word it needs none.
#[component]
pub fn Icon(
    /// Which icon.
    glyph: Glyph,
    /// What it stands for, where no word beside it says so.
    #[prop(optional, into)]
    label: Option<String>,
) -> AnyView {
    let role = label.as_ref().map(|_| "img");
    let silent = label.is_none().then_some("true");
    view! {
        <svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" focusable="false" role=role aria-label=label aria-hidden=silent>
            <path d=glyph.path()></path>
        </svg>
    }.into_any()
}
