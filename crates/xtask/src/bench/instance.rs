//! A server of the console to measure.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use super::http::{self, Answer};
use crate::workspace;

/// A running server with its own database; ended when dropped.
pub(crate) struct Instance {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
    printed: Arc<Mutex<String>>,
}

impl Instance {
    /// Starts a server and waits for its first answer.
    ///
    /// # Errors
    /// When it cannot be started or does not answer within ten seconds.
    pub(crate) fn start(
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let folder = workspace::target()
            .join("bench")
            .join(format!("console-{}", address.port()));
        fs::create_dir_all(&folder)?;
        // A link is the short way in; who wants another one says so.
        let by_link = !arguments.iter().any(|it| it.starts_with("--entry"));
        let mut command = Command::new(program);
        command
            .args([
                "serve",
                "--database=ostiary.sqlite",
                "--listen",
                &address.to_string(),
                "--site-root",
            ])
            .arg(workspace::site())
            .args(arguments)
            .args(by_link.then_some("--entry=link"))
            .envs(environment.iter().copied())
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let printed = Arc::new(Mutex::new(String::new()));
        if let Some(out) = child.stdout.take() {
            collect(out, Arc::clone(&printed));
        }
        if let Some(err) = child.stderr.take() {
            collect(err, Arc::clone(&printed));
        }
        let mut instance = Self {
            child,
            address,
            folder,
            printed,
        };
        instance.wait()?;
        Ok(instance)
    }

    fn wait(&mut self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if self
                .get("/healthz", None)
                .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.printed());
            }
            thread::sleep(Duration::from_millis(2));
        }
        bail!(
            "the server did not answer within ten seconds:\n{}",
            self.printed()
        )
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it printed so far, logs included.
    pub(crate) fn printed(&self) -> String {
        self.printed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A read.
    ///
    /// # Errors
    /// When there is no answer.
    pub(crate) fn get(&self, path: &str, cookie: Option<&str>) -> Result<Answer> {
        http::call(self.address, "GET", path, cookie, None)
    }

    /// Waits until it says that it can work.
    ///
    /// # Errors
    /// When it does not say so within ten seconds.
    pub(crate) fn ready(&self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if self.get("/readyz", None)?.status == 200 {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!(
            "the server was not ready within ten seconds:\n{}",
            self.printed()
        )
    }

    /// A session, from the one-time link that it printed.
    ///
    /// # Errors
    /// When no link was printed, or it gives no cookie.
    pub(crate) fn cookie(&self) -> Result<String> {
        let start = format!("http://{}", self.address);
        let link = loop_until(|| {
            let printed = self.printed();
            let mut words = printed
                .split_whitespace()
                .filter(|word| word.contains("code="));
            words
                .find_map(|word| word.strip_prefix(&start))
                .map(str::to_owned)
        });
        let answer = self.get(&link.context("the server printed no one-time link")?, None)?;
        let cookie = answer
            .header("set-cookie")
            .and_then(|cookie| cookie.split(';').next());
        Ok(cookie
            .with_context(|| format!("the one-time link gave no cookie: {}", answer.status))?
            .to_owned())
    }

    /// Its resident memory in bytes, as Linux counts it.
    ///
    /// # Errors
    /// When `/proc` does not say.
    pub(crate) fn resident(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1024)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn collect(stream: impl std::io::Read + Send + 'static, into: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut text = into.lock().unwrap_or_else(PoisonError::into_inner);
            text.push_str(&line);
            text.push('\n');
        }
    });
}

/// What `find` gives within two seconds.
pub(crate) fn loop_until<O>(find: impl Fn() -> Option<O>) -> Option<O> {
    let start = Instant::now();
    loop {
        let found = find();
        if found.is_some() || start.elapsed() > Duration::from_secs(2) {
            return found;
        }
        thread::sleep(Duration::from_millis(20));
    }
}
