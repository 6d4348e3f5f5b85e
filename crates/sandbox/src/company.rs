//! A company of thousands around the sample data, to see how a console bears size.

use crate::applications::Applications;
use crate::bindings::Bindings;
use crate::fields::Field;
use crate::groups::Groups;
use crate::policies::Expressions;
use crate::resource::{self, Resource as _};
use crate::rows::Columns;
use crate::sample::{self, Way, add};
use crate::state::{State, Table};
use crate::users::Users;
use crate::version::Version;
use serde_json::{Value, json};

/// Groups and applications in all, built-in ones and sample data included.
const GROUPS: usize = 200;
const APPLICATIONS: usize = 200;

const SITES: [&str; 9] = [
    "berlin", "cardiff", "graz", "izmir", "krakow", "lisbon", "osaka", "tromso", "utrecht",
];
const DEPARTMENTS: [&str; 4] = ["logistics", "sales", "support", "workshop"];

/// Given names, and how they stand in login names.
const GIVEN: [(&str, &str); 32] = [
    ("Ada", "ada"),
    ("Álvaro", "alvaro"),
    ("Anaïs", "anais"),
    ("Arjun", "arjun"),
    ("Ayşe", "ayse"),
    ("Björn", "bjorn"),
    ("Cillian", "cillian"),
    ("Dagný", "dagny"),
    ("Elif", "elif"),
    ("Farid", "farid"),
    ("Gül", "gul"),
    ("Haruka", "haruka"),
    ("Ilse", "ilse"),
    ("João", "joao"),
    ("Kasia", "kasia"),
    ("Lwazi", "lwazi"),
    ("Małgorzata", "malgorzata"),
    ("Núria", "nuria"),
    ("Olu", "olu"),
    ("Petr", "petr"),
    ("Quim", "quim"),
    ("Rania", "rania"),
    ("Siân", "sian"),
    ("Tuva", "tuva"),
    ("Umut", "umut"),
    ("Vesna", "vesna"),
    ("Willem", "willem"),
    ("Xenia", "xenia"),
    ("Yara", "yara"),
    ("Zoltán", "zoltan"),
    ("Ľubica", "lubica"),
    ("Ægir", "aegir"),
];
const FAMILY: [(&str, &str); 32] = [
    ("Aalto", "aalto"),
    ("Bašić", "basic"),
    ("Castelo", "castelo"),
    ("Dąbrowska", "dabrowska"),
    ("Evans", "evans"),
    ("Farkas", "farkas"),
    ("Güneş", "gunes"),
    ("Huber", "huber"),
    ("Iwasaki", "iwasaki"),
    ("Jansen", "jansen"),
    ("Kılıç", "kilic"),
    ("Larsen", "larsen"),
    ("Mäkinen", "makinen"),
    ("Nkosi", "nkosi"),
    ("Öztürk", "ozturk"),
    ("Pereira", "pereira"),
    ("Quiroga", "quiroga"),
    ("Rößler", "rossler"),
    ("Schmidt", "schmidt"),
    ("Tóth", "toth"),
    ("Ueda", "ueda"),
    ("Vrba", "vrba"),
    ("Wójcik", "wojcik"),
    ("Ximénez", "ximenez"),
    ("Yıldız", "yildiz"),
    ("Žižek", "zizek"),
    ("Ångström", "angstrom"),
    ("Brännström", "brannstrom"),
    ("Çelik", "celik"),
    ("de Wit", "dewit"),
    ("O’Shea", "oshea"),
    ("van Dijk", "vandijk"),
];

/// Every application is one of these of one of those.
const MATTERS: [&str; 17] = [
    "Birch", "Cedar", "Delta", "Ember", "Fjord", "Gravel", "Harbor", "Island", "Juniper", "Kelp",
    "Lantern", "Meadow", "Nimbus", "Orchard", "Pebble", "Quarry", "River",
];
const TOOLS: [&str; 11] = [
    "Board", "Builds", "Calendar", "Chat", "Files", "Forms", "Metrics", "Reports", "Tickets",
    "Vault", "Wiki",
];

/// Adds to the sample data until there are `people` users, 200 groups and 200 applications.
pub(crate) fn fill(state: &mut State, people: usize) {
    let teams = groups(state);
    self::people(state, people, &teams);
    applications(state);
    sample::attach_proxies(state);
}

/// Sites below the staff, departments below the sites, teams below the departments: every level names its own. Gives
/// the teams.
fn groups(state: &mut State) -> Vec<Value> {
    let staff = state
        .find(Table::Groups, "name", &json!("staff"))
        .map(|staff| staff.value("pk"))
        .unwrap_or_default();
    let sites = SITES.map(|site| (site, group(state, site, &[&staff])));
    let mut departments = Vec::new();
    for (site, above) in &sites {
        for department in DEPARTMENTS {
            let name = format!("{site}-{department}");
            let pk = group(state, &name, &[above]);
            departments.push((name, pk));
        }
    }
    let mut teams = Vec::new();
    for number in 1.. {
        for (place, (name, above)) in departments.iter().enumerate() {
            if state.rows(Table::Groups).len() >= GROUPS {
                return teams;
            }
            // Some teams work for the next department too.
            let next = departments.get((place + 1) % departments.len());
            let second = next.filter(|_| (place + number) % 7 == 0).map(|(_, pk)| pk);
            let parents: Vec<&Value> = std::iter::once(above).chain(second).collect();
            teams.push(group(state, &format!("{name}-{number}"), &parents));
        }
    }
    teams
}

/// A group below others: below the first of them where a version knows one parent only.
fn group(state: &mut State, name: &str, parents: &[&Value]) -> Value {
    let body = if state.since(Version::V2026_5) {
        json!({ "name": name, "parents": parents })
    } else {
        json!({ "name": name, "parent": parents.first() })
    };
    add::<Groups>(state, &body)
}

/// Everybody is in one team, some in a few other groups too; some accounts are not active or of outsiders.
fn people(state: &mut State, wanted: usize, teams: &[Value]) {
    let elsewhere = ordinary_groups(state);
    // Login names are made to differ.
    let fields: Vec<Field> = Users::fields(state)
        .into_iter()
        .map(Field::repeatable)
        .collect();
    let names = GIVEN.len() * FAMILY.len();
    let start = state.mint.below(names);
    let missing = wanted.saturating_sub(state.rows(Table::Users).len());
    for number in 0..missing {
        let (name, login) = name(start + number, number / names);
        let mut groups = vec![one_of(state, teams)];
        for _ in 0..state.mint.below(4) {
            groups.push(one_of(state, &elsewhere));
        }
        let hours = i64::try_from(state.mint.below(2_000)).unwrap_or_default();
        let last_login = (hours % 8 != 0).then(|| state.mint.ago(3_600 * hours));
        let body = json!({
            "username": login,
            "name": name,
            "email": format!("{login}@{}", sample::DOMAIN),
            "groups": groups,
            "last_login": last_login,
            "is_active": state.mint.below(20) != 0,
            "type": if state.mint.below(25) == 0 { "external" } else { "internal" },
        });
        if let Err(refusal) = resource::insert_as::<Users>(state, &fields, &body) {
            tracing::error!(?refusal, %body, "a person of the company was refused");
        }
    }
}

/// Full name and login name; all pairs of names come before the first login name gets a number.
fn name(number: usize, round: usize) -> (String, String) {
    let pair = number * 37 % (GIVEN.len() * FAMILY.len());
    let of = |names: &[(&'static str, &'static str)], place: usize| {
        names.get(place).copied().unwrap_or_default()
    };
    let given = of(&GIVEN, pair % GIVEN.len());
    let family = of(&FAMILY, pair / GIVEN.len());
    let more = if round == 0 {
        String::new()
    } else {
        (round + 1).to_string()
    };
    (
        format!("{} {}", given.0, family.0),
        format!("{}.{}{more}", given.1, family.1),
    )
}

/// Most applications let a group or two in. Some are open to everybody, ask for all of their groups, turn a group
/// round, name a person, ask a policy, or have bindings that do not count.
fn applications(state: &mut State) {
    let groups = ordinary_groups(state);
    let policy = add::<Expressions>(
        state,
        &json!({ "name": "contractors only", "expression": "return ak_is_group_member(request.user, name=\"contractors\")" }),
    );
    let all = MATTERS
        .iter()
        .flat_map(|matter| TOOLS.map(|tool| (*matter, tool)));
    for (number, (matter, tool)) in all.enumerate() {
        if state.rows(Table::Applications).len() >= APPLICATIONS {
            return;
        }
        let name = format!("{matter} {tool}");
        let slug = name.to_lowercase().replace(' ', "-");
        let way = match number % 4 {
            0 | 1 => Way::OAuth2,
            2 => Way::Other("proxy"),
            _ => Way::Link,
        };
        let address = format!("https://{slug}.{}", sample::DOMAIN);
        let provider = sample::provider(state, &slug, &name, way, &address, "oauth2/callback");
        let mode = if number % 12 == 5 { "all" } else { "any" };
        let target = add::<Applications>(
            state,
            &json!({
                "slug": slug, "name": name, "provider": provider, "group": matter, "meta_launch_url": address,
                "policy_engine_mode": mode,
            }),
        );
        if number % 25 == 7 {
            continue;
        }
        let second = state.mint.below(5) < 2;
        for place in 0..=i32::from(second) {
            let group = one_of(state, &groups);
            let body = json!({
                "target": target, "group": group, "order": place * 10,
                "negate": number % 17 == 3 && place == 0, "enabled": number % 20 != 11,
            });
            add::<Bindings>(state, &body);
        }
        if number % 10 == 4 {
            let user = state.mint.below(state.rows(Table::Users).len());
            let user = state.rows(Table::Users).get(user).map(|it| it.value("pk"));
            add::<Bindings>(
                state,
                &json!({ "target": target, "user": user, "order": 40 }),
            );
        }
        if number % 14 == 9 {
            add::<Bindings>(
                state,
                &json!({ "target": target, "policy": policy, "order": 50 }),
            );
        }
    }
}

/// The groups that do not make superusers.
fn ordinary_groups(state: &State) -> Vec<Value> {
    let groups = state.rows(Table::Groups).iter();
    groups
        .filter(|group| !group.flag("is_superuser"))
        .map(|group| group.value("pk"))
        .collect()
}

fn one_of(state: &mut State, values: &[Value]) -> Value {
    let place = state.mint.below(values.len());
    values.get(place).cloned().unwrap_or_default()
}
