//! One file per page.

mod access;
mod application;
mod applications;
mod change;
mod changes;
mod choose;
mod done;
mod gate;
mod group;
mod groups;
mod not_found;
mod overview;
mod people;
mod person;
mod preset;
mod presets;
mod settings;
mod undo;
mod wizard;

use self::change::plan_steps as change_plan_steps;

pub use self::{
    access::*, application::*, applications::*, change::*, changes::*, choose::*, done::*, gate::*,
    group::*, groups::*, not_found::*, overview::*, people::*, person::*, preset::*, presets::*,
    settings::*, undo::*, wizard::*,
};
