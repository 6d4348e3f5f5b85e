//! Everything the simulated server remembers.

use crate::mint::Mint;
use crate::reply::Reply;
use crate::rows::{Columns, Row};
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
}

impl Table {
    /// Users and providers count from one; the rest have UUIDs.
    pub(crate) const fn has_numbers(self) -> bool {
        matches!(self, Self::Users | Self::Providers)
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) version: Version,
    /// Act as the recorded builds did, also where the final release differs.
    pub(crate) recorded: bool,
    pub(crate) mint: Mint,
    pub(crate) tables: BTreeMap<Table, Vec<Row>>,
    /// API token → user.
    pub(crate) tokens: HashMap<String, i64>,
    /// Session cookie → user.
    pub(crate) sessions: HashMap<String, i64>,
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
            tokens: HashMap::new(),
            sessions: HashMap::new(),
            settings: Row::new(),
            app_lists: HashMap::new(),
            last_number: BTreeMap::from([(Table::Users, 2), (Table::Providers, 0)]),
        }
    }

    pub(crate) fn since(&self, version: Version) -> bool {
        self.version >= version
    }

    pub(crate) fn rows(&self, table: Table) -> &[Row] {
        self.tables
            .get(&table)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    pub(crate) fn rows_mut(&mut self, table: Table) -> &mut Vec<Row> {
        self.tables.entry(table).or_default()
    }

    pub(crate) fn find(&self, table: Table, column: &str, value: &Value) -> Option<&Row> {
        self.rows(table).iter().find(|row| row.is(column, value))
    }

    pub(crate) fn find_mut(&mut self, table: Table, pk: &Value) -> Option<&mut Row> {
        self.rows_mut(table).iter_mut().find(|row| row.is("pk", pk))
    }

    /// By primary key.
    pub(crate) fn by_pk(&self, table: Table, pk: &Value) -> Option<&Row> {
        self.find(table, "pk", pk)
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
        self.find(table, column, &value)
            .ok_or_else(|| Reply::missing(self.version, model))
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
        let mut found: Vec<&Row> = self
            .rows(Table::Groups)
            .iter()
            .filter(|group| group.items("users").contains(&json!(user)))
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
