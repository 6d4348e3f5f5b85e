//! Reads a list, several pages at a time.

use std::{collections::HashSet, hash::Hash};

use authentik_api::{Client, Error, Page, Transport};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::LoadOptions;
use crate::Note;

/// More pages than this and a list is taken for endless.
const MAX_PAGES: u32 = 2_000;

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// Applications.
    Applications,
    /// Groups.
    Groups,
    /// Bindings, those of flows and sources included.
    Bindings,
    /// Users.
    Users,
}

impl List {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applications => "applications",
            Self::Groups => "groups",
            Self::Bindings => "bindings",
            Self::Users => "users",
        }
    }
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is read at the moment.
    pub list: List,
    /// Objects of this list that have come.
    pub read: u32,
    /// Objects that this list announced.
    pub announced: u32,
    /// Calls so far, for all lists.
    pub calls: u32,
}

/// The pages of one list, as they come.
struct Pages<I> {
    list: List,
    announced: u32,
    read: u32,
    kept: Vec<(u32, Vec<I>)>,
}

/// Reads lists and keeps count.
pub(super) struct Reader<T, P> {
    client: Client<T>,
    options: LoadOptions,
    progress: P,
    calls: u32,
    notes: Vec<Note>,
}

impl<T: Transport, P: FnMut(Progress) + Send> Reader<T, P> {
    pub(super) fn new(client: Client<T>, options: LoadOptions, progress: P) -> Self {
        Self {
            client,
            options,
            progress,
            calls: 0,
            notes: Vec::new(),
        }
    }

    pub(super) fn count_call(&mut self) {
        self.calls += 1;
    }

    /// Forgets that a list moved while it was read, for it to be read again; whether it did.
    pub(super) fn forget_moved(&mut self, list: List) -> bool {
        let before = self.notes.len();
        let moved = |note: &Note| matches!(note, Note::Moved { list: it, .. } if *it == list);
        self.notes.retain(|note| !moved(note));
        self.notes.len() < before
    }

    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes
    }

    /// All objects of a list, each once, in the order of the pages.
    pub(super) async fn read<L, K>(
        &mut self,
        what: List,
        list: L,
        key: impl Fn(&L::Item) -> K + Send,
    ) -> Result<Vec<L::Item>, Error<T::Error>>
    where
        L: authentik_api::List,
        K: Eq + Hash + Send,
    {
        let list = list.page_size(self.options.page_size.max(1));
        let operation = list.parts(self.client.capabilities())?.operation;
        let endless = || Error::Endless {
            operation,
            pages: MAX_PAGES,
        };
        let first = self.client.send(&list.clone().page(1)).await?;
        let last = first.pagination.total_pages.max(1);
        let mut pages = Pages {
            list: what,
            announced: first.pagination.count,
            read: 0,
            kept: Vec::new(),
        };
        let mut next = self.keep(&mut pages, 1, first);
        if last > MAX_PAGES {
            return Err(endless());
        }
        if next > 1 && last > 1 {
            next = self.read_announced(&list, last, &mut pages).await?;
        }
        // What was added meanwhile.
        while next > last {
            if next > MAX_PAGES {
                return Err(endless());
            }
            let number = next;
            let answer = self.client.send_opt(&list.clone().page(number)).await?;
            match answer.filter(|answer| !answer.results.is_empty()) {
                Some(answer) => next = self.keep(&mut pages, number, answer),
                None => self.calls += 1,
            }
            if next <= number {
                break;
            }
        }
        Ok(self.finish(pages, key))
    }

    /// Pages 2 to `last`, several at a time; gives back what the last one names as the next. A page
    /// that is not there means that the list has shrunk.
    async fn read_announced<L: authentik_api::List>(
        &mut self,
        list: &L,
        last: u32,
        pages: &mut Pages<L::Item>,
    ) -> Result<u32, Error<T::Error>> {
        let calls = (2..=last).map(|number| {
            let (client, list) = (self.client.clone(), list.clone().page(number));
            async move { (number, client.send_opt(&list).await) }
        });
        let calls: Vec<_> = calls.collect();
        let mut answers = stream::iter(calls).buffer_unordered(self.options.concurrency.max(1));
        let mut next = 0;
        while let Some((number, answer)) = answers.next().await {
            match answer? {
                Some(answer) => {
                    let follows = self.keep(pages, number, answer);
                    if number == last {
                        next = follows;
                    }
                }
                None => self.calls += 1,
            }
        }
        Ok(next)
    }

    /// Keeps a page, and gives back the number of the next.
    fn keep<I>(&mut self, pages: &mut Pages<I>, number: u32, page: Page<I>) -> u32 {
        self.calls += 1;
        pages.read += count(page.results.len());
        pages.kept.push((number, page.results));
        (self.progress)(Progress {
            list: pages.list,
            read: pages.read,
            announced: pages.announced,
            calls: self.calls,
        });
        page.pagination.next
    }

    fn finish<I, K: Eq + Hash>(&mut self, mut pages: Pages<I>, key: impl Fn(&I) -> K) -> Vec<I> {
        pages.kept.sort_by_key(|(number, _)| *number);
        let mut met = HashSet::new();
        let objects = pages.kept.into_iter().flat_map(|(_, objects)| objects);
        let objects: Vec<I> = objects.filter(|it| met.insert(key(it))).collect();
        let read = count(objects.len());
        if pages.announced > 0 && pages.announced != read {
            self.notes.push(Note::Moved {
                list: pages.list,
                announced: pages.announced,
                read,
            });
        }
        objects
    }
}

fn count(objects: usize) -> u32 {
    u32::try_from(objects).unwrap_or(u32::MAX)
}
