//! One file per page.

mod access;
mod application;
mod applications;
mod change;
mod changes;
mod choose;
mod done;
mod group;
mod groups;
mod not_found;
mod overview;
mod people;
mod person;
mod preset;
mod presets;
mod undo;
mod wizard;

use self::change::plan_steps as change_plan_steps;

pub use self::{
    access::*, application::*, applications::*, change::*, changes::*, choose::*, done::*,
    group::*, groups::*, not_found::*, overview::*, people::*, person::*, preset::*, presets::*,
    undo::*, wizard::*,
};
