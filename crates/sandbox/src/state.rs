//! Everything the simulated server remembers.

use crate::clock::Clock;
use crate::grants::Grants;
use crate::list::Listing;
use crate::members::Members;
use crate::mint::Mint;
use crate::reply::Reply;
use crate::rows::{Columns, Row};
use crate::table::Rows;
use crate::version::Version;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The kinds of objects, each with its own table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Table {
    Users,
    Groups,
    Roles,
    Applications,
    Providers,
    Flows,
    Mappings,
    Keys,
    Policies,
    Bindings,
    Outposts,
    Brands,
    Events,
    /// Browser sessions.
    Sessions,
    /// `core/tokens`; the bearer of the API among them.
    Tokens,
    Permissions,
    /// Which role has which permission.
    Grants,
}

impl Table {
    /// Users, providers and permissions count from one; the rest have UUIDs.
    pub(crate) const fn has_numbers(self) -> bool {
        matches!(self, Self::Users | Self::Providers | Self::Permissions)
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) version: Version,
    /// Act as the recorded builds did, also where the final release differs.
    pub(crate) recorded: bool,
    pub(crate) mint: Mint,
    tables: BTreeMap<Table, Rows>,
    members: Members,
    /// Grows with everything that may change a table or a membership.
    revision: u64,
    /// The list that was asked for last.
    pub(crate) listing: Option<Listing>,
    /// What clients hold: codes and tokens.
    pub(crate) grants: Grants,
    /// The time that tokens go by, where it is not the counter's.
    pub(crate) clock: Option<Clock>,
    pub(crate) settings: Row,
    /// The application list of a user and page as last evaluated (T7).
    pub(crate) app_lists: HashMap<(i64, usize), Vec<Row>>,
    last_number: BTreeMap<Table, i64>,
}

impl State {
    pub(crate) fn empty(version: Version, seed: u64, recorded: bool) -> Self {
        Self {
            version,
            recorded,
            mint: Mint::new(seed),
            tables: BTreeMap::new(),
            members: Members::default(),
            revision: 0,
            listing: None,
            grants: Grants::default(),
            clock: None,
            settings: Row::new(),
            app_lists: HashMap::new(),
            last_number: BTreeMap::from([(Table::Users, 2), (Table::Providers, 0)]),
        }
    }

    /// Seconds since 1970 for everything about sign-in: the lent clock's, or the counter's.
    pub(crate) fn now(&self) -> i64 {
        self.clock
            .as_ref()
            .map_or_else(|| self.mint.seconds(), Clock::seconds)
    }

    pub(crate) fn since(&self, version: Version) -> bool {
        self.version >= version
    }

    pub(crate) fn rows(&self, table: Table) -> &[Row] {
        self.tables
            .get(&table)
            .map(|rows| &**rows)
            .unwrap_or_default()
    }

    pub(crate) fn rows_mut(&mut self, table: Table) -> &mut Rows {
        self.revision += 1;
        self.tables.entry(table).or_default()
    }

    pub(crate) fn members(&self) -> &Members {
        &self.members
    }

    pub(crate) fn members_mut(&mut self) -> &mut Members {
        self.revision += 1;
        &mut self.members
    }

    /// The same number as before: no table and no membership has changed.
    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// Copies of some tables, for [`State::restore`].
    pub(crate) fn copy(&self, tables: &[Table]) -> Vec<(Table, Rows)> {
        let rows = |table: &Table| self.tables.get(table).cloned().unwrap_or_default();
        tables.iter().map(|table| (*table, rows(table))).collect()
    }

    /// Puts tables back.
    pub(crate) fn restore(&mut self, tables: Vec<(Table, Rows)>) {
        self.revision += 1;
        self.tables.extend(tables);
    }

    pub(crate) fn find(&self, table: Table, column: &str, value: &Value) -> Option<&Row> {
        self.rows(table).iter().find(|row| row.is(column, value))
    }

    pub(crate) fn find_mut(&mut self, table: Table, pk: &Value) -> Option<&mut Row> {
        self.rows_mut(table).by_pk_mut(pk)
    }

    /// By primary key.
    pub(crate) fn by_pk(&self, table: Table, pk: &Value) -> Option<&Row> {
        self.tables.get(&table)?.by_pk(pk)
    }

    pub(crate) fn user(&self, pk: i64) -> Option<&Row> {
        self.by_pk(Table::Users, &json!(pk))
    }

    /// The object an address names, or the refusal.
    pub(crate) fn addressed(
        &self,
        table: Table,
        column: &str,
        text: &str,
        model: &str,
    ) -> Result<&Row, Reply> {
        let value = if column == "pk" && table.has_numbers() {
            json!(text.parse::<i64>().map_err(|_| Reply::not_found())?)
        } else if column == "pk" {
            let uuid = uuid::Uuid::parse_str(text).map_err(|_| Reply::not_found())?;
            json!(uuid.to_string())
        } else {
            json!(text)
        };
        let found = if column == "pk" {
            self.by_pk(table, &value)
        } else {
            self.find(table, column, &value)
        };
        found.ok_or_else(|| Reply::missing(self.version, model))
    }

    /// Gives the row a primary key and stores it.
    pub(crate) fn insert(&mut self, table: Table, mut row: Row) -> Value {
        let pk = if table.has_numbers() {
            let number = self.last_number.entry(table).or_default();
            *number += 1;
            json!(*number)
        } else {
            json!(self.mint.uuid())
        };
        row.insert("pk".to_owned(), pk.clone());
        self.rows_mut(table).push(row);
        pk
    }

    pub(crate) fn remove(&mut self, table: Table, pk: &Value) {
        self.rows_mut(table).retain(|row| !row.is("pk", pk));
    }

    pub(crate) fn is_superuser(&self, user: i64) -> bool {
        self.groups_of(user)
            .iter()
            .any(|group| group.flag("is_superuser"))
    }

    /// Direct groups and all their ancestors; circles are walked once.
    pub(crate) fn groups_of(&self, user: i64) -> Vec<&Row> {
        let direct = self.members.of_user(user);
        let mut found: Vec<&Row> = direct
            .filter_map(|pk| self.by_pk(Table::Groups, &json!(pk)))
            .collect();
        let mut next = 0;
        while let Some(group) = found.get(next).copied() {
            for parent in parents(group) {
                if !found.iter().any(|known| known.is("pk", &parent))
                    && let Some(row) = self.by_pk(Table::Groups, &parent)
                {
                    found.push(row);
                }
            }
            next += 1;
        }
        found
    }

    /// The application a provider is the (main) provider of.
    pub(crate) fn application_of(&self, provider: &Value) -> Option<&Row> {
        self.find(Table::Applications, "provider", provider)
    }
}

/// Primary keys of a group's parents, in whichever column the version keeps them.
pub(crate) fn parents(group: &Row) -> Vec<Value> {
    match group.get("parent") {
        Some(Value::Null) => Vec::new(),
        Some(parent) => vec![parent.clone()],
        None => group.items("parents").to_vec(),
    }
}
