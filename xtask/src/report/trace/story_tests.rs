//! An execution of threads on the page: as text, and in a browser if there is one.

use checks::{Text, Verdict};
use story::Story;

use super::{
    super::{fixtures, stories},
    browser_tests::{TOOLS, in_browser},
    tests::page,
};
use crate::report::Lang;

fn shown(story: Story, lang: Lang) -> String {
    let record = stories::record(Verdict::Failed, Text::same("</script><b>"), story);
    page(&fixtures::modelled(record), lang)
}

#[test]
fn the_page_says_what_is_wrong_and_how_to_make_it_again() {
    let page = shown(stories::lost_wake_up(), Lang::En);
    for what in [
        "what the threads did",
        "deadlock: T3 waits",
        "sleeps in futex wait(state), state = 0",
        "--replay progress_3@1:3.1",
        "T1 is preempted, T2 goes on",
        "src/mutex.rs:45",
    ] {
        assert!(page.contains(what), "{what}: {page}");
    }
}

#[test]
fn where_threads_are_at_the_end_is_told_only_if_it_is_what_is_wrong() {
    let mut story = stories::relaxed_unlock();
    story.threads[0].ending = Some(Text::same("waits for the end of T2"));
    assert!(!shown(story, Lang::En).contains("At the end"));
    assert!(shown(stories::lost_wake_up(), Lang::En).contains("At the end"));
}

#[test]
fn nothing_of_a_story_becomes_markup() {
    let mut story = stories::lost_ticket();
    let evil = "\"><script>alert(1)</script>";
    evil.clone_into(&mut story.things[0].name);
    story.moments[2].writes = Some(evil.to_owned());
    story.moments[2].words = Text::same(evil);
    story.moments[2].source = Some(evil.to_owned());
    let page = shown(story, Lang::En);
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(!page.contains("</script><b>"), "{page}");
}

#[test]
fn the_page_of_a_story_speaks_chinese() {
    let page = shown(stories::lost_ticket(), Lang::Zh);
    for what in ["各线程做了什么", "数据竞争", "T1 被抢占", "从旧到新"] {
        assert!(page.contains(what), "{what}");
    }
    for english in [
        "Memory after step",
        "what the threads",
        "look here",
        "preempted",
    ] {
        assert!(!page.contains(english), "{english}");
    }
}

#[test]
fn a_thread_that_does_nothing_has_no_lane() {
    let page = shown(stories::relaxed_unlock(), Lang::En);
    assert!(page.contains("data-lanes=\"2\""), "{page}");
}

#[test]
fn an_old_value_comes_along_an_arrow_of_its_own() {
    let mut story = stories::lost_wake_up();
    let of_kind = |story: &Story, kind: &str| {
        let link = format!("&quot;kind&quot;:&quot;{kind}&quot;");
        shown(story.clone(), Lang::En).matches(&link).count()
    };
    let reads = of_kind(&story, "reads");
    assert_eq!(of_kind(&story, "old"), 0);
    story.moments[1].old = true;
    assert_eq!(
        (of_kind(&story, "old"), of_kind(&story, "reads")),
        (1, reads - 1)
    );
}

#[test]
fn rows_lead_from_writes_to_reads_and_from_wakers_to_the_woken() {
    let script = "
        const it = of('check-exclusion');
        told.push(shown(it));
        const kinds = Array.from(it.querySelectorAll('path.link:not(.head)'), (p) => p.classList[1]);
        told.push(kinds.join(' '));
        told.push(it.querySelector('.picked').classList.contains('marked'));
    ";
    let page = shown(stories::lost_wake_up(), Lang::En);
    if let Some(told) = in_browser(&page, &[TOOLS, script].concat()) {
        assert_eq!(told[0], "12");
        assert!(
            told[1].contains("reads") && told[1].contains("wakes"),
            "{told:?}"
        );
        assert_eq!(told[2], "true");
    }
}

#[test]
fn memory_is_that_after_the_row_which_is_picked() {
    let script = "
        const it = of('check-exclusion');
        const state = () => it.querySelector('table.memory td').textContent;
        told.push(state());
        const row = it.querySelector('.picked');
        key(row, 'Home');
        told.push(state() + ' after ' + it.querySelector('.step').textContent);
        told.push(it.querySelector('.value.new').textContent);
        key(document.activeElement, 'ArrowDown');
        told.push(it.querySelectorAll('.value.new').length);
        key(document.activeElement, 'End');
        told.push(state());
        key(document.activeElement, 'Home');
        key(document.activeElement, 'n');
        told.push(picked());
    ";
    let page = shown(stories::relaxed_unlock(), Lang::En);
    if let Some(told) = in_browser(&page, &[TOOLS, script].concat()) {
        assert_eq!(
            told,
            [
                "falsetrueT1",
                "falsetrueT1 after 1",
                "trueT1",
                "0",
                "falsetruefalseT1trueT2",
                "check-exclusion-2",
            ]
        );
    }
}
