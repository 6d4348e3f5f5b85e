//! `core/`: users, groups, applications, brands.

pub mod applications;
pub mod brands;
pub mod groups;
pub mod tokens;
pub mod transactional;
pub mod users;

use crate::{Client, Transport};

/// Handlers of `core/`.
#[derive(Debug, Clone, Copy)]
pub struct Core<'c, T> {
    client: &'c Client<T>,
}

impl<'c, T: Transport> Core<'c, T> {
    pub(crate) fn new(client: &'c Client<T>) -> Self {
        Self { client }
    }

    /// `core/users/`.
    pub fn users(&self) -> users::Users<'c, T> {
        users::Users::new(self.client)
    }

    /// `core/groups/`.
    pub fn groups(&self) -> groups::Groups<'c, T> {
        groups::Groups::new(self.client)
    }

    /// `core/applications/`.
    pub fn applications(&self) -> applications::Applications<'c, T> {
        applications::Applications::new(self.client)
    }

    /// `core/tokens/`.
    pub fn tokens(&self) -> tokens::Tokens<'c, T> {
        tokens::Tokens::new(self.client)
    }

    /// `core/transactional/applications/`.
    pub fn transactional(&self) -> transactional::Transactional<'c, T> {
        transactional::Transactional::new(self.client)
    }

    /// `core/brands/`, `core/tenants/` before 2024.2.
    pub fn brands(&self) -> brands::Brands<'c, T> {
        brands::Brands::new(self.client)
    }
}
