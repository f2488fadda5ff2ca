//! The graph as a picture: Graphviz DOT for tools, and SVG that needs none. Only draws; who is
//! deadlocked the graph says itself.

use std::fmt::Write;

use crate::rag::Rag;

/// For `dot -Tsvg`: circles are processes, boxes are resources, and who is deadlocked is red.
pub fn dot(rag: &Rag) -> String {
    let deadlocked = rag.deadlocked();
    let mut text = String::from("digraph rag {\n    rankdir = LR;\n");
    for (p, process) in rag.processes.iter().enumerate() {
        let look = match (process.alive, deadlocked.contains(&p)) {
            (false, _) => ", style = dotted",
            (true, true) => ", color = red",
            (true, false) => "",
        };
        line(
            &mut text,
            &format!("p{p} [label = \"P{p}\", shape = circle{look}];"),
        );
    }
    for (r, total) in rag.total.iter().enumerate() {
        let free = rag.available(r);
        line(
            &mut text,
            &format!("r{r} [label = \"R{r}\\n{free} of {total} free\", shape = box];"),
        );
    }
    for (p, process) in rag.processes.iter().enumerate() {
        for r in 0..rag.total.len() {
            let (held, wanted) = (process.held[r], process.wanted[r]);
            if held > 0 {
                line(&mut text, &format!("r{r} -> p{p} [label = \"{held}\"];"));
            }
            if wanted > 0 {
                line(
                    &mut text,
                    &format!("p{p} -> r{r} [label = \"{wanted}\", style = dashed];"),
                );
            }
        }
    }
    text.push_str("}\n");
    text
}

fn line(text: &mut String, what: &str) {
    text.push_str("    ");
    text.push_str(what);
    text.push('\n');
}

/// Places of the drawing.
const STEP: usize = 110;
const RADIUS: usize = 24;

/// Processes above, resources with their instances as dots below; solid arrows are allocations,
/// dashed ones requests, and who is deadlocked is in the second colour. With dark colours where the
/// reader has such.
pub fn svg(rag: &Rag, title: &str) -> String {
    let columns = rag.processes.len().max(rag.total.len()).max(1);
    let (width, deadlocked) = (columns * STEP + 40, rag.deadlocked());
    let centre = |at: usize, count: usize| 20 + STEP / 2 + at * STEP + (columns - count) * STEP / 2;
    let process = |p: usize| (centre(p, rag.processes.len()), 80);
    let resource = |r: usize| (centre(r, rag.total.len()), 240);
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let mut out = String::new();
    // Writing into a string cannot fail.
    let mut put = |piece: std::fmt::Arguments<'_>| out.write_fmt(piece).unwrap_or_default();
    put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} 300\" width=\"{width}\" height=\"300\" role=\"img\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<defs>\
         <marker id=\"m\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path class=\"tip\" d=\"M0 0 8 4 0 8z\"/></marker></defs>\n\
         <rect class=\"paper\" width=\"{width}\" height=\"300\" rx=\"8\"/>\n\
         <text x=\"{}\" y=\"28\" class=\"head\">{title}</text>\n",
        width / 2
    ));
    for (p, one) in rag.processes.iter().enumerate() {
        let (x, y) = process(p);
        let class = match (one.alive, deadlocked.contains(&p)) {
            (false, _) => "dead",
            (true, true) => "stuck",
            (true, false) => "free",
        };
        put(format_args!(
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\"/><text x=\"{x}\" y=\"{}\">P{p}</text>\n",
            y + 5
        ));
    }
    for (r, total) in rag.total.iter().enumerate() {
        let (x, y) = resource(r);
        put(format_args!(
            "<rect class=\"box\" x=\"{}\" y=\"{}\" width=\"64\" height=\"36\"/><text x=\"{x}\" y=\"{}\">R{r}</text>\n",
            x - 32,
            y - 18,
            y + 40
        ));
        // Full dots are taken.
        let taken = total - rag.available(r);
        for dot in 0..(*total).min(5) {
            let class = if dot < taken { "taken" } else { "open" };
            let at = x as i64 + (i64::from(dot) * 2 - i64::from((*total).min(5)) + 1) * 6;
            put(format_args!(
                "<circle class=\"{class}\" cx=\"{at}\" cy=\"{y}\" r=\"4\"/>\n"
            ));
        }
    }
    for (p, one) in rag.processes.iter().enumerate() {
        for r in 0..rag.total.len() {
            let ((px, py), (rx, ry)) = (process(p), resource(r));
            // Side by side, so that a pair of arrows stays two.
            if one.held[r] > 0 {
                put(format_args!(
                    "<path class=\"held\" d=\"M{} {}L{} {}\" marker-end=\"url(#m)\"/>\n",
                    rx - 8,
                    ry - 18,
                    px - 8,
                    py + RADIUS
                ));
            }
            if one.wanted[r] > 0 {
                put(format_args!(
                    "<path class=\"wanted\" d=\"M{} {}L{} {}\" marker-end=\"url(#m)\"/>\n",
                    px + 8,
                    py + RADIUS,
                    rx + 8,
                    ry - 18
                ));
            }
        }
    }
    put(format_args!("</svg>\n"));
    out
}

const STYLE: &str = "text{font:14px system-ui,sans-serif;fill:#1f2328;text-anchor:middle}.head{font-weight:600}\
    .paper{fill:#fff;stroke:#d1d9e0}.free{fill:#ddf4ff;stroke:#0969da}.stuck{fill:#fff1e5;stroke:#bc4c00;stroke-width:2}\
    .dead{fill:none;stroke:#818b98;stroke-dasharray:3 3}.box{fill:none;stroke:#818b98}.taken{fill:#59636e}\
    .open{fill:none;stroke:#59636e}.held,.wanted{fill:none;stroke:#59636e;stroke-width:1.5}.wanted{stroke-dasharray:6 4}\
    .tip{fill:#59636e}@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.paper{fill:#0d1117;stroke:#3d444d}\
    .free{fill:#121d2f;stroke:#4493f8}.stuck{fill:#221a0f;stroke:#db6d28}.taken,.tip{fill:#9198a1}\
    .open,.held,.wanted{stroke:#9198a1}}";
