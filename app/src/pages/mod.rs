//! One file per page.

mod application;
mod applications;
mod change;
mod changes;
mod choose;
mod done;
mod not_found;
mod overview;
mod preset;
mod presets;
mod undo;
mod wizard;

use self::change::plan_steps as change_plan_steps;

pub use self::{
    application::*, applications::*, change::*, changes::*, choose::*, done::*, not_found::*,
    overview::*, preset::*, presets::*, undo::*, wizard::*,
};
