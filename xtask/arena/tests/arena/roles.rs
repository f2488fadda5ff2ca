//! The programs under test. Each does one thing that the arena must tell of, and judges nothing.
#![expect(
    unsafe_code,
    reason = "mapped counters, daemons and signals: what students write in these labs"
)]

use std::{
    env,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::fd::{AsRawFd, FromRawFd},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::PathBuf,
    process::{self, ExitCode},
    ptr,
    sync::{
        Mutex,
        atomic::{AtomicU32, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use arena::{Arena, Heard, Settings};
use driver::{Answer, Question, Roles};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};

use crate::{LONG, program};

/// The role that this program was started in; `None`: it is the tests.
pub(crate) fn role() -> Option<ExitCode> {
    let first = env::args().nth(1)?;
    match first.as_str() {
        "client" => return Some(client()),
        "session" | "demo" => {}
        name if PROGRAMS.iter().any(|(known, _)| *known == name) => {}
        _ => return None,
    }
    let mut roles = Roles::new();
    for (name, main) in PROGRAMS {
        roles = roles.program(name, *main);
    }
    let mut session = Session::default();
    Some(roles.session(move |question| session.answer(question)))
}

type Main = fn(Vec<OsString>) -> ExitCode;

const PROGRAMS: &[(&str, Main)] = &[
    ("exit-with", exit_with),
    ("panic", panic),
    ("raise", raise),
    ("fault", fault),
    ("spin", spin),
    ("compute", compute),
    ("let-others-compute", let_others_compute),
    ("spin-in-threads", spin_in_threads),
    ("sleep", sleep),
    ("lock-twice", lock_twice),
    ("threads-wait", threads_wait),
    ("child-waits", child_waits),
    ("read-a-pipe", read_a_pipe),
    ("fill-a-pipe", fill_a_pipe),
    ("poll-a-pipe", |_| poll_a_pipe(-1)),
    ("poll-with-an-end", |_| poll_a_pipe(3000)),
    ("read-from-an-orphan", read_from_an_orphan),
    ("flood", flood),
    ("daemon", daemon),
    ("descriptors", descriptors),
    ("environment", environment),
    ("session-id", session_id),
    ("open-many", open_many),
    ("write-much", write_much),
    ("allocate", allocate),
    ("say-much", say_much),
    ("sleep-with-alarm", sleep_with_alarm),
    ("execute-in-thread", execute_in_thread),
    ("who", who),
    ("open", open),
    ("change", change),
    ("link", link),
    ("talk-to-itself", talk_to_itself),
    ("fork-many", fork_many),
    ("take-memory", take_memory),
    ("fill", fill),
    ("make-files", make_files),
    ("burrow", burrow),
];

fn number(arguments: &[OsString]) -> i32 {
    let first = arguments.first().and_then(|argument| argument.to_str());
    first.and_then(|first| first.parse().ok()).unwrap_or(0)
}

fn say(words: impl std::fmt::Display) {
    writeln!(io::stdout(), "{words}").expect("somebody reads");
}

fn exit_with(arguments: Vec<OsString>) -> ExitCode {
    ExitCode::from(u8::try_from(number(&arguments)).unwrap_or(255))
}

fn panic(_: Vec<OsString>) -> ExitCode {
    panic!("two\nlines")
}

fn raise(arguments: Vec<OsString>) -> ExitCode {
    // SAFETY: raise(3) takes a number.
    unsafe { libc::raise(number(&arguments)) };
    ExitCode::SUCCESS
}

fn fault(_: Vec<OsString>) -> ExitCode {
    // SAFETY: there is none; the kernel ends this process here.
    unsafe { ptr::null_mut::<u8>().write_volatile(1) };
    ExitCode::SUCCESS
}

#[expect(clippy::infinite_loop, reason = "that is what this program is for")]
fn spin(_: Vec<OsString>) -> ExitCode {
    loop {
        std::hint::spin_loop();
    }
}

/// Uses a second of CPU time, whatever the clock says.
fn compute(_: Vec<OsString>) -> ExitCode {
    let used = || {
        let usage = getrusage(UsageWho::RUSAGE_SELF).expect("its own");
        usage.user_time() + usage.system_time()
    };
    while used().num_milliseconds() < 1000 {
        std::hint::spin_loop();
    }
    ExitCode::SUCCESS
}

/// Sleeps until three children, one after the other, have computed: each for a second of CPU time.
fn let_others_compute(_: Vec<OsString>) -> ExitCode {
    for _ in 0..3 {
        driver::in_child(|| _ = compute(Vec::new())).expect("a child that ends well");
    }
    ExitCode::SUCCESS
}

/// Twice as many threads as CPUs, none of which ever sleeps.
fn spin_in_threads(_: Vec<OsString>) -> ExitCode {
    let cpus = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    thread::scope(|scope| {
        for _ in 0..2 * cpus {
            scope.spawn(|| spin(Vec::new()));
        }
    });
    ExitCode::SUCCESS
}

#[expect(
    clippy::disallowed_methods,
    reason = "it decides nothing: it is the program under test"
)]
fn sleep(_: Vec<OsString>) -> ExitCode {
    thread::sleep(Duration::from_secs(1000));
    ExitCode::SUCCESS
}

fn lock_twice(_: Vec<OsString>) -> ExitCode {
    let lock = Mutex::new(());
    let (_first, _second) = (lock.lock(), lock.lock());
    ExitCode::SUCCESS
}

/// Two threads, each of which waits for the other.
fn threads_wait(_: Vec<OsString>) -> ExitCode {
    let (tell, told) = mpsc::channel::<()>();
    let other = thread::spawn(move || told.recv());
    let answer = other.join();
    drop((tell, answer));
    ExitCode::SUCCESS
}

/// A child that sleeps for ever, and a parent that waits for it.
fn child_waits(_: Vec<OsString>) -> ExitCode {
    let word = AtomicU32::new(0);
    driver::in_child(|| {
        // SAFETY: the word lives as long as the call; a null time-out means for ever.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                word.as_ptr(),
                libc::FUTEX_WAIT,
                0,
                ptr::null::<libc::timespec>(),
            )
        };
    })
    .ok();
    ExitCode::SUCCESS
}

/// Waits for itself: it has the only end that anybody could write to.
fn read_a_pipe(_: Vec<OsString>) -> ExitCode {
    let (mut reads, _writes) = io::pipe().expect("a pipe");
    reads.read_exact(&mut [0]).ok();
    ExitCode::SUCCESS
}

fn fill_a_pipe(_: Vec<OsString>) -> ExitCode {
    let (_reads, mut writes) = io::pipe().expect("a pipe");
    writes.write_all(&[0; 1 << 20]).ok();
    ExitCode::SUCCESS
}

fn poll_a_pipe(milliseconds: i32) -> ExitCode {
    let (reads, _writes) = io::pipe().expect("a pipe");
    let mut entry = libc::pollfd {
        fd: reads.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one entry, which outlives the call.
    unsafe { libc::poll(&raw mut entry, 1, milliseconds) };
    ExitCode::SUCCESS
}

/// Waits for a grandchild whose parent has gone, and which will write after a while.
fn read_from_an_orphan(arguments: Vec<OsString>) -> ExitCode {
    let (mut reads, mut writes) = io::pipe().expect("a pipe");
    driver::in_child(|| {
        // SAFETY: this process has one thread.
        if unsafe { libc::fork() } == 0 {
            sleep(arguments);
            writes.write_all(b"x").ok();
        }
    })
    .ok();
    reads.read_exact(&mut [0]).ok();
    ExitCode::SUCCESS
}

fn flood(_: Vec<OsString>) -> ExitCode {
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..20 {
        io::stdout().write_all(&piece).expect("somebody reads");
    }
    ExitCode::SUCCESS
}

/// Leaves a process behind that ignores SIGTERM and keeps standard output; prints its number.
#[expect(clippy::infinite_loop, reason = "that is what this program is for")]
fn daemon(_: Vec<OsString>) -> ExitCode {
    // SAFETY: this process has one thread.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: two calls that change nothing but this process.
        unsafe { libc::setsid() };
        // SAFETY: to ignore a signal takes no handler.
        unsafe { libc::sigaction(libc::SIGTERM, &raw const IGNORE, ptr::null_mut()) };
        loop {
            // SAFETY: pause(2) only waits.
            unsafe { libc::pause() };
        }
    }
    say(child);
    ExitCode::SUCCESS
}

// SAFETY: all-zero bytes are a valid sigaction; the handler is filled in.
static IGNORE: libc::sigaction = libc::sigaction {
    sa_sigaction: libc::SIG_IGN,
    ..unsafe { std::mem::zeroed() }
};

fn descriptors(_: Vec<OsString>) -> ExitCode {
    for number in 0..1000 {
        let path = format!("/proc/self/fd/{number}");
        if let Ok(target) = fs::read_link(path) {
            say(format_args!("{number} {}", target.display()));
        }
    }
    ExitCode::SUCCESS
}

fn environment(_: Vec<OsString>) -> ExitCode {
    for (name, value) in env::vars() {
        say(format_args!("{name}={value}"));
    }
    let here = env::current_dir().expect("a working folder");
    say(format_args!("cwd={}", here.display()));
    ExitCode::SUCCESS
}

fn session_id(_: Vec<OsString>) -> ExitCode {
    // SAFETY: getsid(2) and getpgid(2) of this process only return numbers.
    let session = unsafe { libc::getsid(0) };
    // SAFETY: as above.
    let group = unsafe { libc::getpgid(0) };
    say(format_args!("{} {session} {group}", process::id()));
    ExitCode::SUCCESS
}

/// Opens files until it may not any more; says how many, and why not.
fn open_many(_: Vec<OsString>) -> ExitCode {
    let mut files = Vec::new();
    let why = loop {
        match File::open("/dev/null") {
            Ok(file) => files.push(file),
            Err(error) => break error.raw_os_error(),
        }
    };
    say(format_args!("{} {why:?}", files.len()));
    ExitCode::SUCCESS
}

fn write_much(_: Vec<OsString>) -> ExitCode {
    let mut file = File::create("much").expect("a file");
    // No signal, so that the error can be told.
    // SAFETY: to ignore a signal takes no handler.
    unsafe { libc::sigaction(libc::SIGXFSZ, &raw const IGNORE, ptr::null_mut()) };
    let piece = vec![0; 1 << 16];
    let why = loop {
        if let Err(error) = file.write_all(&piece) {
            break error.raw_os_error();
        }
    };
    let length = file.metadata().expect("its length").len();
    say(format_args!("{length} {why:?}"));
    ExitCode::SUCCESS
}

/// More than one short write can take.
fn say_much(_: Vec<OsString>) -> ExitCode {
    let written = io::stdout().write_all(&[b'x'; 1000]);
    written.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn sleep_with_alarm(_: Vec<OsString>) -> ExitCode {
    every_millisecond();
    doze(Duration::from_millis(20));
    ExitCode::SUCCESS
}

/// A sleep that is a program's own, and decides nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "what is traced here is the sleep itself"
)]
fn doze(time: Duration) {
    thread::sleep(time);
}

/// The thread becomes the program, and the process's first thread goes.
#[expect(clippy::disallowed_methods, reason = "a program that becomes another")]
fn execute_in_thread(_: Vec<OsString>) -> ExitCode {
    let become_true = || std::process::Command::new("/bin/true").exec();
    thread::spawn(become_true).join().ok();
    ExitCode::FAILURE
}

fn allocate(_: Vec<OsString>) -> ExitCode {
    let mut room: Vec<u8> = Vec::new();
    say(room.try_reserve_exact(1 << 30).is_err());
    ExitCode::SUCCESS
}

/// Its user, its number, and its parent's.
fn who(_: Vec<OsString>) -> ExitCode {
    // SAFETY: getuid(2) only returns a number.
    let user = unsafe { libc::getuid() };
    let parent = std::os::unix::process::parent_id();
    say(format_args!("{user} {} {parent}", process::id()));
    ExitCode::SUCCESS
}

/// Which of the files and folders it can open.
fn open(paths: Vec<OsString>) -> ExitCode {
    for path in paths {
        say(File::open(path).is_ok());
    }
    ExitCode::SUCCESS
}

/// Makes a file.
fn change(paths: Vec<OsString>) -> ExitCode {
    for path in paths {
        say(fs::write(path, "changed").is_ok());
    }
    ExitCode::SUCCESS
}

/// Makes links in its folder: the name of each, and where it leads.
fn link(arguments: Vec<OsString>) -> ExitCode {
    for pair in arguments.chunks(2) {
        std::os::unix::fs::symlink(&pair[1], &pair[0]).expect("a link");
    }
    ExitCode::SUCCESS
}

/// Over the loopback interface.
fn talk_to_itself(_: Vec<OsString>) -> ExitCode {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let mut one = std::net::TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    let (mut other, _) = listener.accept().expect("the same connection");
    one.write_all(b"hello").expect("it is sent");
    let mut word = [0; 5];
    other.read_exact(&mut word).expect("it comes");
    say(String::from_utf8_lossy(&word));
    ExitCode::SUCCESS
}

/// Leaves as many processes behind as it was told, or may; says how many, and why no more. Makes
/// a name in shared memory that only one can make.
#[expect(clippy::infinite_loop, reason = "what its children are for")]
fn fork_many(arguments: Vec<OsString>) -> ExitCode {
    let named = File::create_new("/dev/shm/interlock-only-one").is_ok();
    let wanted = number(&arguments);
    let mut started = 0;
    let mut why = None;
    while started < wanted {
        // SAFETY: this process has one thread.
        match unsafe { libc::fork() } {
            0 => loop {
                // SAFETY: pause(2) only waits.
                unsafe { libc::pause() };
            },
            -1 => {
                why = io::Error::last_os_error().raw_os_error();
                break;
            }
            _ => started += 1,
        }
    }
    say(format_args!("{started} {why:?} {named}"));
    ExitCode::SUCCESS
}

/// Takes more memory than a tight box has, and keeps it.
#[expect(clippy::infinite_loop, reason = "that is what this program is for")]
fn take_memory(_: Vec<OsString>) -> ExitCode {
    let room = vec![1_u8; 512 << 20];
    std::hint::black_box(&room);
    loop {
        // SAFETY: pause(2) only waits.
        unsafe { libc::pause() };
    }
}

/// Writes to a file until it may not; says how much it could, and why no more.
fn fill(arguments: Vec<OsString>) -> ExitCode {
    let mut file = File::create(&arguments[0]).expect("a file");
    let piece = vec![1; 1 << 16];
    let mut written = 0;
    let why = loop {
        match file.write(&piece) {
            Ok(length) => written += length,
            Err(error) => break error.raw_os_error(),
        }
    };
    say(format_args!("{written} {why:?}"));
    ExitCode::SUCCESS
}

/// Makes files until it may not; says how many it could, and why no more.
fn make_files(_: Vec<OsString>) -> ExitCode {
    let mut made = 0;
    let why = loop {
        match File::create_new(made.to_string()) {
            Ok(_) => made += 1,
            Err(error) => break error.raw_os_error(),
        }
    };
    say(format_args!("{made} {why:?}"));
    ExitCode::SUCCESS
}

/// Leaves folders in folders, more of them than a path may name, and one that is closed to everybody.
fn burrow(_: Vec<OsString>) -> ExitCode {
    fs::create_dir_all("closed/within").expect("a folder");
    fs::set_permissions("closed", fs::Permissions::from_mode(0o000)).expect("a mode");
    for _ in 0..3000 {
        fs::create_dir("folder").expect("a folder");
        env::set_current_dir("folder").expect("it is there");
    }
    ExitCode::SUCCESS
}

/// A client that starts a driver that steps and one that does not, says so, and waits to be killed.
fn client() -> ExitCode {
    let level = std::env::args().nth(2).and_then(|name| name.parse().ok());
    let settings = Settings::default().at(level).seeing(crate::this());
    let mut arena = Arena::start(&settings).expect("an arena");
    let mut drivers = vec![program_in_session(false)];
    if cfg!(target_arch = "x86_64") {
        drivers.push(program_in_session(true));
    }
    for driver in drivers {
        let driver = arena.spawn(&driver).expect("a driver");
        let heard = arena.hear(driver, LONG).expect("it is ready");
        assert_eq!(heard, Heard::Line("0 ok ready".to_owned()));
    }
    arena.spawn(&program("spin")).expect("a program");
    say("ready");
    io::stdin().read_exact(&mut [0]).ok();
    ExitCode::SUCCESS
}

/// This program as a driver.
pub(crate) fn program_in_session(stepped: bool) -> arena::Program {
    let driver = arena::Program::new(crate::this()).session(0);
    if stepped { driver.stepped() } else { driver }
}

/// What a driver holds: a number in a mapped file, and what it was told to keep open.
#[derive(Default)]
struct Session {
    counter: Option<&'static AtomicU64>,
    /// A file beside it.
    lock: PathBuf,
    kept: Vec<File>,
}

/// How often a signal was caught: private, so nobody else's business.
static CAUGHT: AtomicU64 = AtomicU64::new(0);

extern "C" fn catch(_: libc::c_int) {
    CAUGHT.fetch_add(1, Ordering::Relaxed);
}

/// Guards the same number; no handler may take it.
static LOCK: Mutex<()> = Mutex::new(());

extern "C" fn count_locked(_: libc::c_int) {
    let held = LOCK.lock();
    catch(0);
    drop(held);
}

/// A read and a write: a signal may come between them.
extern "C" fn count_plainly(_: libc::c_int) {
    CAUGHT.store(CAUGHT.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}

impl Session {
    fn answer(&mut self, question: &Question<'_>) -> Answer {
        match question.word() {
            "open" => {
                self.counter = Some(mapped(&question.path(0)));
                self.lock = question.path(0).with_extension("lock");
                Answer::ok()
            }
            "keep" => {
                self.kept.push(File::open("/dev/null").expect("/dev/null"));
                Answer::ok()
            }
            "exit" => process_exit(),
            "leave" => {
                self.kept.push(File::open("/dev/null").expect("/dev/null"));
                leave_behind();
                Answer::ok()
            }
            "companion" => {
                thread::spawn(thread::park);
                Answer::ok()
            }
            // Says nothing for ever, and waits for the question after this one.
            "steal" => {
                // SAFETY: the channel stays open until this process ends.
                let mut channel = unsafe { File::from_raw_fd(3) };
                channel.read_exact(&mut [0]).ok();
                Answer::ok()
            }
            "alarm" => {
                every_millisecond();
                Answer::ok()
            }
            "get" => Answer::ok().with(self.counter().load(Ordering::SeqCst)),
            // Read, add, write, as three steps.
            "plain" => self.add(question, |counter, n| {
                let cell = counter.as_ptr();
                // SAFETY: the mapping is never unmapped; that others write at the same time is what
                // this operation is wrong in.
                let old = unsafe { cell.read_volatile() };
                // SAFETY: as above.
                unsafe { cell.write_volatile(old + n) };
                old + n
            }),
            "atomic" => self.add(question, |counter, n| {
                counter.fetch_add(n, Ordering::SeqCst) + n
            }),
            "forge" => self.add(question, |counter, n| {
                // A mark like the driver's own: no bytes on its channel.
                // SAFETY: nothing is read.
                unsafe { libc::write(3, ptr::null(), 0) };
                counter.fetch_add(n, Ordering::SeqCst) + n
            }),
            "thread" => self.add(question, |counter, n| {
                thread::spawn(|| ()).join().ok();
                counter.fetch_add(n, Ordering::SeqCst) + n
            }),
            "nap" => self.add(question, |counter, n| {
                doze(Duration::from_millis(1));
                counter.fetch_add(n, Ordering::SeqCst) + n
            }),
            "signal" => self.add(question, |counter, n| {
                catching(libc::SIGUSR1);
                // SAFETY: raise(3) takes a number.
                unsafe { libc::raise(libc::SIGUSR1) };
                counter.fetch_add(n, Ordering::SeqCst) + n
            }),
            "wait" => self.add(question, |_, _| {
                lock_twice(Vec::new());
                0
            }),
            "flock" => self.add(question, |counter, n| {
                let lock = File::create(&self.lock).expect("a file");
                lock.lock().expect("a lock");
                let sum = counter.load(Ordering::SeqCst) + n;
                counter.store(sum, Ordering::SeqCst);
                sum
            }),
            "lockfile" => self.add(question, |counter, n| {
                while File::create_new(&self.lock).is_err() {
                    thread::yield_now();
                }
                let sum = counter.load(Ordering::SeqCst) + n;
                counter.store(sum, Ordering::SeqCst);
                fs::remove_file(&self.lock).expect("it is there");
                sum
            }),
            "handle" => {
                let handler = match question.text(0) {
                    "locking" => count_locked,
                    "plain" => count_plainly,
                    _ => catch,
                };
                catching_by(libc::SIGUSR1, handler);
                Answer::ok()
            }
            "count-locked" => self.add(question, |_, n| {
                count_locked(0);
                n
            }),
            "count-plainly" => self.add(question, |_, n| {
                count_plainly(0);
                n
            }),
            "count-at-once" => self.add(question, |_, n| {
                catch(0);
                n
            }),
            // An odd number is never to be seen, and who sees one gives up.
            "circle" => self.add(question, |counter, _| {
                if counter.load(Ordering::SeqCst) % 2 == 1 {
                    while counter.load(Ordering::SeqCst) < u64::MAX {}
                }
                counter.fetch_add(1, Ordering::SeqCst);
                counter.fetch_add(1, Ordering::SeqCst)
            }),
            "endless" => self.add(question, |counter, _| {
                while counter.load(Ordering::SeqCst) < u64::MAX {}
                0
            }),
            "talk" => self.add(question, |counter, n| {
                // More than a pipe holds.
                io::stdout().write_all(&[b'x'; 100_000]).ok();
                counter.fetch_add(n, Ordering::SeqCst) + n
            }),
            "die" => self.add(question, |_, _| process::abort()),
            "caught" => Answer::ok().with(CAUGHT.load(Ordering::Relaxed)),
            _ => question.unknown(),
        }
    }

    fn counter(&self) -> &'static AtomicU64 {
        self.counter.expect("opened before")
    }

    fn add(&self, question: &Question<'_>, add: impl FnOnce(&AtomicU64, u64) -> u64) -> Answer {
        let (counter, n) = (self.counter(), question.number(0));
        Answer::ok().with(question.operation(|| add(counter, n)))
    }
}

/// One of everything that can be left behind. What a box has not of its own is left alone.
fn leave_behind() {
    thread::spawn(thread::park);
    fs::create_dir("left").expect("a folder");
    fs::write("left/behind", "").expect("a file");
    // SAFETY: the children end at once or sleep, and touch nothing.
    let zombie = unsafe { libc::fork() };
    if zombie == 0 {
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(0) }
    }
    // SAFETY: as above.
    if unsafe { libc::fork() } == 0 {
        // SAFETY: it waits for a signal, and the only one that comes ends it.
        unsafe { libc::pause() };
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(0) }
    }
    // Until the first has ended; it is not reaped.
    let flags = libc::WEXITED | libc::WNOWAIT;
    // SAFETY: a null pointer for what nobody wants to know.
    unsafe { libc::waitid(libc::P_PID, zombie.unsigned_abs(), ptr::null_mut(), flags) };
    if std::path::Path::new("/box").is_dir() {
        fs::write("/dev/shm/left", "").expect("a name");
        let flags = libc::O_CREAT | libc::O_RDWR;
        let no_attributes = ptr::null_mut::<libc::mq_attr>();
        // SAFETY: the name ends with a zero, and no attributes are the usual ones.
        let queue = unsafe { libc::mq_open(c"/left".as_ptr(), flags, 0o600, no_attributes) };
        // SAFETY: the descriptor of the queue is this function's own.
        unsafe { libc::close(queue) };
        let key = libc::IPC_PRIVATE;
        // SAFETY: these take numbers only.
        unsafe { libc::shmget(key, 1, 0o600) };
        // SAFETY: as above.
        unsafe { libc::semget(key, 1, 0o600) };
        // SAFETY: as above.
        unsafe { libc::msgget(key, 0o600) };
    }
}

#[expect(clippy::exit, reason = "what students do instead of answering")]
fn process_exit() -> ! {
    process::exit(0)
}

/// The number at the start of a file that others map too.
fn mapped(path: &std::path::Path) -> &'static AtomicU64 {
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(false);
    let file = file.open(path).expect("a file");
    file.set_len(8).expect("room for a number");
    let (prot, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
    // SAFETY: without MAP_FIXED the kernel takes addresses that nobody uses.
    let base = unsafe { libc::mmap(ptr::null_mut(), 8, prot, flags, file.as_raw_fd(), 0) };
    assert_ne!(base, libc::MAP_FAILED, "{}", io::Error::last_os_error());
    // SAFETY: the start of a page is aligned, and the mapping is never unmapped.
    unsafe { AtomicU64::from_ptr(base.cast()) }
}

fn catching(signal: i32) {
    catching_by(signal, catch);
}

fn catching_by(signal: i32, handler: extern "C" fn(libc::c_int)) {
    let action = libc::sigaction {
        sa_sigaction: handler as usize,
        sa_flags: libc::SA_RESTART,
        ..IGNORE
    };
    // SAFETY: the handlers touch an atomic number; that one takes a lock is what it is wrong in.
    unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) };
}

/// SIGALRM from now on, a thousand times a second.
fn every_millisecond() {
    catching(libc::SIGALRM);
    let time = libc::timeval {
        tv_sec: 0,
        tv_usec: 1000,
    };
    let timer = libc::itimerval {
        it_interval: time,
        it_value: time,
    };
    // SAFETY: the timer is read, and nothing is written.
    unsafe { libc::setitimer(libc::ITIMER_REAL, &raw const timer, ptr::null_mut()) };
}
