//! The page in a real browser, if Chromium is installed: a probe of a script at the page's end uses
//! it as a user would, and writes down what it sees.
#![expect(
    clippy::disallowed_methods,
    reason = "a browser is no submission, and these are tests"
)]

use std::{fs, process::Command};

use probe::{Event, Result, Timeline, View, What};

use super::tests::{call, grading, page, two_processes};
use crate::report::Lang;

/// What a browser leaves in the page after the script has run; `None`: there is no browser.
pub(super) fn in_browser(page: &str, script: &str) -> Option<Vec<String>> {
    let browser = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = browser else {
        println!("skipped: Chromium is not installed (apt install chromium)");
        return None;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    // Errors count as something seen, so that no test passes on a broken page.
    let probe = format!(
        "<script>const told = []; window.onerror = (message) => told.push('error ' + message);\
         try {{ {script} }} catch (error) {{ told.push('error ' + error); }}\
         document.body.dataset.told = told.join('|');</script></body>"
    );
    fs::write(&file, page.replace("</body>", &probe)).expect("the page is written");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .args(["--window-size=1200,900", "--virtual-time-budget=20000"])
        .arg(format!("--user-data-dir={}", folder.path().display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("the browser runs");
    let dom = String::from_utf8_lossy(&output.stdout);
    let told = dom.split_once("data-told=\"").expect("the script ran").1;
    let told = told.split('"').next().unwrap_or_default();
    Some(told.split('|').map(str::to_owned).collect())
}

pub(super) const TOOLS: &str = "
    const of = (id) => document.querySelector('#' + id + ' .timeline');
    const shown = (it) => it.querySelectorAll('.row:not([hidden])').length;
    const key = (it, key) => it.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    const picked = () => document.activeElement.id;
";

#[test]
fn a_failed_check_opens_at_the_call_in_question() {
    let page = page(
        &grading(View {
            timeline: two_processes(),
            marked: Some(4),
        }),
        Lang::En,
    );
    let script = "
        const it = of('check-typed_errors');
        told.push(it.querySelector('.picked').id);
        told.push(it.querySelector('.detail').textContent.includes('EBADF'));
        told.push(it.querySelector('.detail a').href.includes('man2/close.2.html'));
    ";
    if let Some(told) = in_browser(&page, &[TOOLS, script].concat()) {
        assert_eq!(told, ["check-typed_errors-4", "true", "true"]);
    }
}

#[test]
fn rows_are_filtered_tied_by_arrows_and_walked_by_keys() {
    let page = page(&grading(View::default()), Lang::En);
    let script = "
        const it = of('demo');
        it.closest('details').open = true;
        it.closest('details').dispatchEvent(new Event('toggle'));
        // The call of the loader is hidden at first.
        told.push(shown(it));
        it.querySelector('.only-yours').click();
        told.push(shown(it));
        const kinds = Array.from(it.querySelectorAll('path.link:not(.head)'), (p) => p.classList[1]);
        told.push(kinds.sort().join(' '));
        it.querySelector('.arrows[type=checkbox]').click();
        told.push(it.querySelectorAll('path.link').length);
        const filter = it.querySelector('.filter');
        filter.value = 'process 3: ';
        filter.dispatchEvent(new Event('input'));
        told.push(it.querySelector('.count').textContent);
        key(filter, 'Enter'); told.push(picked());
        key(document.activeElement, 'ArrowDown'); told.push(picked());
        key(document.activeElement, 'End'); told.push(picked());
        key(document.activeElement, 'Home'); told.push(picked());
        key(document.activeElement, 'n'); told.push(picked());
        key(document.activeElement, 'Escape'); told.push(shown(it));
        key(document.activeElement, '/'); told.push(document.activeElement.className);
    ";
    if let Some(told) = in_browser(&page, &[TOOLS, script].concat()) {
        assert_eq!(
            told,
            [
                "5",
                "6",
                "data start",
                "0",
                "3 of 6 rows",
                "demo-3",
                "demo-4",
                "demo-5",
                "demo-3",
                "demo-4",
                "6",
                "filter",
            ]
        );
    }
}

#[test]
fn ten_thousand_calls_are_no_trouble() {
    let write = |at: usize| {
        let process = i32::from(at % 2 == 1);
        let name = if at.is_multiple_of(2) {
            "write"
        } else {
            "read"
        };
        Event {
            process,
            task: process,
            what: call(name, "pipe:[7]", Result::Returned(1), Some(2)),
        }
    };
    let mut events: Vec<Event> = (0..10_000).map(write).collect();
    events.push(Event {
        process: 0,
        task: 0,
        what: What::Mark("end".to_owned()),
    });
    let page = page(
        &grading(View {
            timeline: Timeline { events },
            marked: Some(9_000),
        }),
        Lang::En,
    );
    let script = "
        const it = of('check-typed_errors');
        const scroll = it.querySelector('.scroll');
        const row = it.querySelector('.picked');
        told.push(row.id);
        const [around, box] = [row.getBoundingClientRect(), scroll.getBoundingClientRect()];
        const seen = around.top >= box.top && around.bottom <= box.bottom;
        told.push(seen || [around.top, around.bottom, box.top, box.bottom, scroll.scrollTop].join());
        // Only what is in sight is drawn.
        told.push(it.querySelectorAll('svg path').length < 1000);
        const filter = it.querySelector('.filter');
        filter.value = 'read(';
        filter.dispatchEvent(new Event('input'));
        told.push(it.querySelector('.count').textContent);
    ";
    if let Some(told) = in_browser(&page, &[TOOLS, script].concat()) {
        let all = [
            "check-typed_errors-9000",
            "true",
            "true",
            "5000 of 10001 rows",
        ];
        assert_eq!(told, all);
    }
}
