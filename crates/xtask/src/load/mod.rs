//! Many people at once, while authentik is in a bad way: does everybody get their own answers, and does the
//! server give back what it took?

mod visitor;
mod wire;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use self::{
    visitor::{Identity, Met, PASSPHRASE},
    wire::{Request, Wire},
};
use crate::{
    bench::instance::{Instance, loop_until},
    build::{self, Profile},
    process::{command, run as run_command, say},
    workspace,
};

/// One in so many is a program with a key.
const PROGRAMS: usize = 5;
const ROLES: [&str; 3] = ["viewer", "operator", "admin"];
/// What the server may keep of a run beyond what it had after the warm-up, in megabytes. What it holds for
/// connections and sessions is there by then; a leak grows with the requests, which are thousands.
const MOST_KEPT: f64 = 32.0;

/// Options of `load`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many are there at once, each with an identity of their own.
    #[arg(long, default_value_t = 200)]
    sessions: usize,
    /// How long they look around.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Measure the program as it is shipped: it takes long to build.
    #[arg(long)]
    release: bool,
}

/// Runs the server against a sandbox in bad weather, with many visitors.
///
/// # Errors
/// When somebody got an answer that is not theirs or that no page of the guide tells of, when a handler
/// panicked, or when memory is not given back.
pub(crate) fn run(options: &Options) -> Result<()> {
    let profile = if options.release {
        Profile::Release
    } else {
        Profile::Dev
    };
    let program = build::server(profile)?;
    let mut weather = Weather::start()?;
    let url = format!("http://{}", weather.address);
    let environment = [
        ("OSTIARY_AUTHENTIK__URL", url.as_str()),
        ("OSTIARY_AUTHENTIK__TOKEN", weather.token.as_str()),
        ("OSTIARY_LOG", "warn"),
    ];
    let server = Instance::start(&program, &["--entry=sign-in"], &environment)?;
    server.ready()?;
    let empty = megabytes(&server)?;
    let visitors = enter(&server, options.sessions)?;
    say(format_args!("{} visitors are in", visitors.len()));
    let warm_up = Duration::from_secs((options.seconds / 4).max(5));
    drop(look_around(server.address(), &visitors, warm_up));
    thread::sleep(Duration::from_secs(3));
    let before = megabytes(&server)?;
    weather.turn_bad()?;
    let met = look_around(
        server.address(),
        &visitors,
        Duration::from_secs(options.seconds),
    );
    thread::sleep(Duration::from_secs(3));
    let after = megabytes(&server)?;
    report(options, &met);
    say(format_args!(
        "memory: {empty:.1} MB when ready, {before:.1} MB after a warm-up of {} s, {after:.1} MB after the run; at \
         most {MOST_KEPT} MB may be kept",
        warm_up.as_secs()
    ));
    judge(&met, &server.printed(), after - before)
}

fn megabytes(server: &Instance) -> Result<f64> {
    let kilobytes = u32::try_from(server.resident()? / 1000)?;
    Ok(f64::from(kilobytes) / 1000.0)
}

/// A sandbox of its own, with faults once it is told to.
struct Weather {
    child: Child,
    address: SocketAddr,
    token: String,
}

impl Weather {
    fn start() -> Result<Self> {
        run_command(&mut command(
            "cargo",
            &["build", "--package=sandbox", "--example=weather"],
        )?)?;
        let program = workspace::target().join("debug/examples/weather");
        let mut child = std::process::Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the sandbox cannot be started")?;
        let mut line = String::new();
        let out = child.stdout.take().context("the sandbox prints nothing")?;
        BufReader::new(out).read_line(&mut line)?;
        let (address, token) = line
            .trim()
            .split_once(' ')
            .context("no address and token")?;
        Ok(Self {
            address: address.parse()?,
            token: token.to_owned(),
            child,
        })
    }

    fn turn_bad(&mut self) -> Result<()> {
        let stdin = self
            .child
            .stdin
            .as_mut()
            .context("the sandbox reads nothing")?;
        Ok(writeln!(stdin, "storm")?)
    }
}

impl Drop for Weather {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sets the console up and lets everybody in: browsers sign in, programs get a key.
fn enter(server: &Instance, count: usize) -> Result<Vec<Identity>> {
    let code = loop_until(|| {
        let printed = server.printed();
        let code = printed.split("with the code ").nth(1)?;
        code.split_whitespace().next().map(str::to_owned)
    });
    let code = code.context("the server printed no code")?;
    let passphrase = PASSPHRASE.replace(' ', "+");
    let mut wire = Wire::new(server.address());
    let form = "Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let body = format!("code={code}&name=ada&new_passphrase={passphrase}&repeated={passphrase}");
    let answer = wire.call(&Request {
        method: "POST",
        path: "/first-run",
        headers: form,
        body: &body,
    })?;
    if answer.status != 303 {
        bail!(
            "setting up was answered with {}:\n{}",
            answer.status,
            answer.body
        );
    }
    let owner = format!("{form}Cookie: {}\r\n", visitor::cookies(&answer));
    let mut visitors = Vec::new();
    for number in 0..count {
        if number % PROGRAMS != 0 {
            visitors.push(visitor::sign_in(
                &mut wire,
                &format!("visitor-{number}-of-the-load-run"),
            )?);
            continue;
        }
        let role = ROLES
            .get(number / PROGRAMS % ROLES.len())
            .copied()
            .unwrap_or("viewer");
        let answer = wire.call(&Request {
            method: "POST",
            path: "/settings/keys",
            headers: &owner,
            body: &format!("name=program-{number}&role={role}&days=1"),
        })?;
        let key = answer
            .body
            .split("ostiary_")
            .nth(1)
            .context("no key was shown")?;
        let key: String = key
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        visitors.push(Identity::Program {
            role,
            key: format!("ostiary_{key}"),
        });
    }
    Ok(visitors)
}

/// Everybody looks around, each on a connection of their own.
fn look_around(address: SocketAddr, visitors: &[Identity], time: Duration) -> Met {
    let until = Instant::now() + time;
    let mut all = Met::default();
    thread::scope(|scope| {
        let threads: Vec<_> = visitors
            .iter()
            .zip(1..)
            .map(|(identity, number)| {
                scope.spawn(move || visitor::browse(address, identity, number, until))
            })
            .collect();
        for thread in threads {
            match thread.join() {
                Ok(met) => all.add(met),
                Err(_) => all.wrong.push("a visitor panicked".to_owned()),
            }
        }
    });
    all.times.sort_unstable();
    all
}

impl Met {
    fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.told += other.told;
        self.wrong.extend(other.wrong);
        for (kind, count) in other.answers {
            *self.answers.entry(kind).or_default() += count;
        }
    }

    /// Milliseconds within which so many of a hundred answers came.
    fn percentile(&self, percent: usize) -> f64 {
        let at = (self.times.len() * percent / 100).min(self.times.len().saturating_sub(1));
        let micros = self.times.get(at).copied().unwrap_or_default();
        f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1000.0
    }
}

fn report(options: &Options, met: &Met) {
    let seconds = options.seconds.max(1);
    let count = u64::try_from(met.times.len()).unwrap_or_default();
    say(format_args!(
        "{} visitors for {seconds} s: {count} answers, {} a second; {} of them told whose they were",
        options.sessions,
        count / seconds,
        met.told
    ));
    say(format_args!(
        "time for an answer: half within {:.0} ms, 90 % within {:.0} ms, 99 % within {:.0} ms, the last {:.0} ms",
        met.percentile(50),
        met.percentile(90),
        met.percentile(99),
        met.percentile(100)
    ));
    let by_status: BTreeMap<_, _> = met.answers.iter().collect();
    for ((kind, status), count) in by_status {
        say(format_args!("  {kind:<5} {status}: {count}"));
    }
}

fn judge(met: &Met, printed: &str, kept: f64) -> Result<()> {
    let mut wrong: Vec<String> = met.wrong.iter().take(10).cloned().collect();
    let panics = printed.lines().filter(|line| line.contains("panicked"));
    wrong.extend(panics.take(5).map(str::to_owned));
    if kept > MOST_KEPT {
        wrong.push(format!("{kept:.1} MB more than after the warm-up are kept"));
    }
    if met.told == 0 {
        wrong.push("no answer told whose it was".to_owned());
    }
    if !met.answers.keys().any(|(_, status)| *status >= 500) {
        wrong.push("no answer was a failure: the weather was fine".to_owned());
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let log = workspace::target().join("load.log");
    File::create(&log)?.write_all(printed.as_bytes())?;
    bail!(
        "{} answers were wrong, or more (the server's log is in {}):\n{}",
        met.wrong.len(),
        log.display(),
        wrong.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met() -> Met {
        Met {
            times: (1..=100).map(|ms| ms * 1000).collect(),
            told: 1,
            answers: [(("page", 200), 1), (("data", 502), 1)].into(),
            ..Met::default()
        }
    }

    #[test]
    fn judge_notices_a_wrong_answer_a_panic_and_a_leak() {
        assert!(judge(&met(), "answered", 1.0).is_ok());
        assert!(judge(&met(), "thread 'x' panicked at y", 1.0).is_err());
        assert!(judge(&met(), "", MOST_KEPT + 1.0).is_err());
        let wrong = Met {
            wrong: vec!["x".to_owned()],
            ..met()
        };
        assert!(judge(&wrong, "", 1.0).is_err());
        assert!(judge(&Met::default(), "", 1.0).is_err());
        let fine = Met {
            answers: [(("page", 200), 1)].into(),
            ..met()
        };
        assert!(judge(&fine, "", 1.0).is_err());
    }

    #[test]
    fn percentile_is_of_the_sorted_times() {
        let near = |a: f64, b: f64| (a - b).abs() < 1.5;
        assert!(near(met().percentile(50), 50.0) && near(met().percentile(99), 99.0));
        assert!(near(met().percentile(100), 100.0));
        assert!(Met::default().percentile(50).abs() < f64::EPSILON);
    }
}
