//! A snapshot as JSON.

use access::Snapshot;

use crate::common::{Describe, group, world};

#[test]
fn users_name_their_groups_by_position() {
    let mut world = world("2026.5.8", 2, 2, 0).joins(1, 2).joins(2, 1);
    world.users[1].groups.push(group(9));
    world.users[0].groups.push(group(9));
    let json = serde_json::to_value(&world).unwrap();
    assert_eq!(
        json["users"][0],
        serde_json::json!([1, "user 1", "", true, null, [1, 2]])
    );
    assert_eq!(json["users"][1][5], serde_json::json!([0, 2]));
    assert_eq!(json["strays"], serde_json::json!([group(9)]));
    assert_eq!(serde_json::from_value::<Snapshot>(json).unwrap(), world);
}

#[test]
fn a_position_that_leads_nowhere_is_an_error() {
    let mut json = serde_json::to_value(world("2026.5.8", 1, 1, 0)).unwrap();
    json["users"][0][5] = serde_json::json!([7]);
    let error = serde_json::from_value::<Snapshot>(json).unwrap_err();
    assert_eq!(error.to_string(), "no group at position 7");
}

#[test]
fn five_thousand_users_in_five_groups_each_stay_below_half_a_megabyte() {
    let mut world = world("2026.5.8", 5_000, 200, 0);
    for (index, user) in world.users.iter_mut().enumerate() {
        user.name = "Somebody With A Name".into();
        let groups = (0..5).map(|n| (index * 7 + n * 31) % 200 + 1);
        user.groups = groups.map(|n| group(u32::try_from(n).unwrap())).collect();
    }
    let size = serde_json::to_string(&world).unwrap().len();
    println!("snapshot of 5,000 users as JSON: {size} bytes");
    assert!(size < 500_000, "{size}");
}
