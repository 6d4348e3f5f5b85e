//! How long the whole matrix takes, from a snapshot: `cargo bench -p access`.

mod company;

use std::hint::black_box;

use access::{Change, Evaluator, diff, proposed_group};
use authentik_api::{ApplicationPk, UserPk};
use company::{APPLICATIONS, GROUPS, company, group};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use uuid::Uuid;

fn matrix(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matrix, 200 groups, 200 applications");
    for users in [500, 5_000, 50_000] {
        let company = company(users);
        group.throughput(Throughput::Elements(u64::from(users * APPLICATIONS)));
        group.bench_with_input(
            BenchmarkId::from_parameter(users),
            &company,
            |bencher, company| {
                bencher.iter(|| Evaluator::new(black_box(company)).matrix());
            },
        );
    }
    // The worst nesting: each group below the next.
    let mut chain = company(5_000);
    for (above, it) in (1..).zip(&mut chain.groups) {
        it.parents = (above < GROUPS)
            .then(|| proposed_group(above))
            .into_iter()
            .collect();
    }
    group.bench_with_input(
        BenchmarkId::new("one chain", 5_000),
        &chain,
        |bencher, chain| {
            bencher.iter(|| Evaluator::new(black_box(chain)).matrix());
        },
    );
    group.finish();
}

fn questions(criterion: &mut Criterion) {
    let company = company(5_000);
    let evaluator = Evaluator::new(&company);
    let asked = (UserPk(77), ApplicationPk(Uuid::from_u128(5)));
    criterion.bench_function("explain, 5000 users", |bencher| {
        bencher.iter(|| evaluator.explain(black_box(asked.0), asked.1));
    });
    let changes = [Change::DeleteGroup { group: group(4) }];
    criterion.bench_function("diff of a deleted group, 5000 users", |bencher| {
        bencher.iter(|| diff(black_box(&company), &changes));
    });
}

criterion_group!(benches, matrix, questions);
criterion_main!(benches);
