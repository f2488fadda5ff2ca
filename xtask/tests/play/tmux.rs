//! The game in a real terminal, if tmux is installed: keys are sent, and the screen is read.
#![expect(
    clippy::disallowed_methods,
    reason = "tmux is no submission, and these are tests"
)]

use std::{
    io::{self, Write},
    process::Command,
    time::{Duration, Instant},
};

use nix::poll::{PollTimeout, poll};

use crate::{PROGRAM, WRONG, alone, games, models, root};

/// The game has to be built first, and machines are busy.
const PATIENCE: Duration = Duration::from_secs(240);

/// A tmux of its own, with one window of 100 by 30.
struct Terminal {
    socket: String,
}

impl Terminal {
    /// Starts a command of the shell's; `None`: there is no tmux.
    fn start(name: &str, command: &str) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            let skipped = "skipped: tmux is not installed (apt install tmux)";
            writeln!(io::stdout(), "{skipped}").ok();
            return None;
        }
        let socket = format!("interlock-{name}-{}", std::process::id());
        let terminal = Self { socket };
        terminal.tmux(&[
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            "100",
            "-y",
            "30",
            command,
        ]);
        Some(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-L", &self.socket])
            .args(arguments)
            .current_dir(root())
            .env("LC_ALL", "C.UTF-8")
            .env_remove("NO_COLOR")
            .output()
            .expect("tmux runs");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {words}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    fn send(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    /// Waits until the screen shows all of this.
    fn until(&self, what: &[&str]) -> String {
        let ends = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if what.iter().all(|what| screen.contains(what)) {
                return screen;
            }
            assert!(Instant::now() < ends, "{what:?} does not come:\n{screen}");
            // Nothing to be waited for but some time.
            poll(&mut [], PollTimeout::from(50_u8)).ok();
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let kill = ["-L", &self.socket, "kill-server"];
        Command::new("tmux").args(kill).output().ok();
    }
}

/// A game, and then what the terminal is like.
fn game(arguments: &str) -> String {
    let xtask = env!("CARGO_BIN_EXE_xtask");
    // The last command keeps the window open.
    format!("'{xtask}' play 19 --lang en {arguments}; echo \"ended with $?\"; stty -a; cat")
}

/// The terminal is as it was: lines are edited and echoed, and the game's screen is gone.
fn is_restored(terminal: &Terminal, code: &str) {
    let after = terminal.until(&[&format!("ended with {code}"), "icanon"]);
    for broken in ["-icanon", "-echo ", "-isig", "Threads"] {
        assert!(!after.contains(broken), "{broken}: {after}");
    }
    assert_eq!(models(), Vec::<String>::new(), "something is left");
}

#[test]
fn a_lock_is_broken_by_hand_and_the_terminal_is_as_before() {
    let _alone = alone();
    let Some(terminal) = Terminal::start("break", &game(&format!("--answer {WRONG}"))) else {
        return;
    };
    terminal.until(&["Which program do you want to break?", PROGRAM]);
    // The second program of the list.
    terminal.send(&["2"]);
    let first = terminal.until(&[PROGRAM, "Threads", "> 1  T0 goes on", "0 steps"]);
    terminal.send(&["Down"]);
    terminal.until(&["> 2"]);
    terminal.send(&["Enter"]);
    terminal.send(&["1"]);
    terminal.until(&["Memory", "What happened", "1 step"]);
    // Back to where it began.
    terminal.send(&["u", "u"]);
    assert_eq!(terminal.until(&["> 1  T0 goes on", "0 steps"]), first);
    terminal.send(&["u"]);
    terminal.until(&["There is nothing to undo."]);
    for _ in 0..30 {
        terminal.send(&["2"]);
    }
    terminal.until(&[
        "You broke it.",
        "two threads are inside at once",
        "--replay",
    ]);
    terminal.send(&["q"]);
    is_restored(&terminal, "0");
}

#[test]
fn ctrl_c_ends_the_game_and_all_that_it_started() {
    let _alone = alone();
    let command = game(&format!("--reference --program {PROGRAM}"));
    let Some(terminal) = Terminal::start("interrupt", &command) else {
        return;
    };
    terminal.until(&["Who goes next?"]);
    assert!(!models().is_empty(), "the model runs while the game does");
    terminal.send(&["C-c"]);
    is_restored(&terminal, "130");
}

#[test]
fn a_terminal_that_is_closed_ends_the_game() {
    let _alone = alone();
    let command = game(&format!("--reference --program {PROGRAM}"));
    let Some(terminal) = Terminal::start("closed", &command) else {
        return;
    };
    terminal.until(&["Who goes next?"]);
    assert_eq!(games().len(), 1, "this one");
    drop(terminal);
    let ends = Instant::now() + PATIENCE;
    while !(games().is_empty() && models().is_empty()) {
        assert!(Instant::now() < ends, "the game or its model is left");
        poll(&mut [], PollTimeout::from(50_u8)).ok();
    }
}

#[test]
fn a_replayed_run_is_stepped_through_forwards_and_back() {
    let _alone = alone();
    let xtask = env!("CARGO_BIN_EXE_xtask");
    let submission = format!("labs/19-spinlock/{WRONG}.patch");
    let lab = format!("'{xtask}' lab 19 --lang en --submission {submission} --check exclusion");
    // The first grading finds the run, the second makes it again.
    let command = format!(
        "run=$({lab} | grep -o 'exclusion[a-z_0-9]*@[0-9:.,]*' | head -n 1); \
         '{xtask}' lab 19 --lang en --submission {submission} --replay $run; \
         echo \"ended with $?\"; stty -a; cat"
    );
    let Some(terminal) = Terminal::start("walk", &command) else {
        return;
    };
    terminal.until(&["after step 0 of", "acts next"]);
    terminal.send(&["Right"]);
    terminal.until(&["after step 1 of"]);
    terminal.send(&["Left"]);
    terminal.until(&["after step 0 of"]);
    terminal.send(&["End"]);
    terminal.until(&["two threads are inside at once", "At the end"]);
    terminal.send(&["q"]);
    is_restored(&terminal, "1");
}
