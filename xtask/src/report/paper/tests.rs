//! What is on paper, and what is not: the answers are there only for who asks for them.

use checks::{Block, Part, Text, text};

use super::*;

fn paper(sum: u32) -> Paper {
    Paper {
        title: text!("Sums"; "求和"),
        given: vec![Block::Table {
            head: vec![text!("a|b"; "甲|乙")],
            rows: vec![vec![Text::same("<1>")]],
        }],
        parts: vec![Part {
            points: 3,
            question: text!("What is the sum?"; "和是多少？"),
            answer: vec![Block::Paragraph(
                text!("It is worked out: {sum}."; "算出来是 {sum}。"),
            )],
            key: text!("just {sum}"; "就是 {sum}"),
        }],
    }
}

fn sheet(papers: u32, solved: bool, with_key: bool, lang: Lang) -> Sheet<'static> {
    Sheet {
        lab: "pair",
        number: 7,
        papers: (0..papers).map(|n| (70 + u64::from(n), paper(n))).collect(),
        solved,
        with_key,
        lang,
    }
}

#[test]
fn a_question_has_no_answer_in_it() {
    for text in [
        markdown(&sheet(1, false, false, Lang::En)),
        html(&sheet(1, false, false, Lang::En)),
    ] {
        assert!(
            text.contains("What is the sum?") && text.contains("3 points"),
            "{text}"
        );
        assert!(text.contains("cargo xtask drill 7 --seed 70"), "{text}");
        assert!(
            !text.contains("worked out") && !text.contains("just 0"),
            "{text}"
        );
    }
}

#[test]
fn solved_papers_have_the_worked_answer() {
    for text in [
        markdown(&sheet(1, true, false, Lang::Zh)),
        html(&sheet(1, true, false, Lang::Zh)),
    ] {
        assert!(
            text.contains("和是多少？") && text.contains("算出来是 0。"),
            "{text}"
        );
        assert!(!text.contains("What is"), "{text}");
    }
}

#[test]
fn a_class_gets_personal_papers_and_one_key_at_the_end() {
    for text in [
        markdown(&sheet(3, false, true, Lang::En)),
        html(&sheet(3, false, true, Lang::En)),
    ] {
        assert_eq!(text.matches("What is the sum?").count(), 3, "{text}");
        let key = text.rfind("What is the sum?").map_or("", |at| &text[at..]);
        for number in 0..3 {
            assert!(key.contains(&format!("just {number}")), "{text}");
        }
        assert!(!text.contains("worked out"), "{text}");
    }
}

#[test]
fn cells_cannot_break_out_of_their_table() {
    assert!(markdown(&sheet(1, false, false, Lang::En)).contains("| a\\|b |"));
    assert!(html(&sheet(1, false, false, Lang::En)).contains("&lt;1&gt;"));
}

#[test]
fn a_vector_stays_on_one_line() {
    let mut sheet = sheet(1, true, false, Lang::En);
    let told = text!("With (1 20 3) (or so) and an open (4 5"; "");
    sheet.papers[0].1.parts[0].answer = vec![Block::Paragraph(told)];
    let page = html(&sheet);
    assert!(
        page.contains("With (1\u{a0}20\u{a0}3) (or so) and an open (4 5"),
        "{page}"
    );
}
