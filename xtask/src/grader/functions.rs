//! Which function a line of a source file belongs to, as its author would name it: `Map::range`.

use proc_macro2::Span;
use syn::{
    ImplItemFn, ItemFn, ItemImpl, ItemTrait, TraitItemFn, Type,
    spanned::Spanned,
    visit::{self, Visit},
};

/// The innermost function around a line, if the text can be parsed and there is one.
pub(crate) fn function_at(text: &str, line: u32) -> Option<String> {
    let file = syn::parse_file(text).ok()?;
    let mut search = Search {
        line: usize::try_from(line).ok()?,
        owner: None,
        found: None,
    };
    search.visit_file(&file);
    search.found
}

struct Search {
    line: usize,
    /// The type or trait around the place that is being looked at.
    owner: Option<String>,
    found: Option<String>,
}

impl Search {
    fn note(&mut self, name: &syn::Ident, span: Span) {
        if (span.start().line..=span.end().line).contains(&self.line) {
            self.found = Some(match &self.owner {
                Some(owner) => format!("{owner}::{name}"),
                None => name.to_string(),
            });
        }
    }

    fn inside(&mut self, owner: Option<String>, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.owner, owner);
        visit(self);
        self.owner = outer;
    }
}

impl<'ast> Visit<'ast> for Search {
    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let owner = match &*item.self_ty {
            Type::Path(path) => path
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string()),
            _ => None,
        };
        self.inside(owner, |search| visit::visit_item_impl(search, item));
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        let owner = Some(item.ident.to_string());
        self.inside(owner, |search| visit::visit_item_trait(search, item));
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        // A function within a method has no owner of its own.
        self.inside(None, |search| {
            search.note(&item.sig.ident, item.span());
            visit::visit_item_fn(search, item);
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.note(&item.sig.ident, item.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        self.note(&item.sig.ident, item.span());
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::function_at;

    const SOURCE: &str = "\
pub fn main() {
    todo!()
}
impl<T> Map<T> {
    const X: u8 = 0;
    pub fn range() {
        fn helper() {
            todo!()
        }
        todo!()
    }
}
impl Drop for Map<u8> {
    fn drop(&mut self) { todo!() }
}
trait Wait {
    fn wait() {
        todo!()
    }
}
";

    #[test]
    fn a_line_belongs_to_the_innermost_function() {
        let at = |line| function_at(SOURCE, line);
        assert_eq!(at(2).as_deref(), Some("main"));
        assert_eq!(at(8).as_deref(), Some("helper"));
        assert_eq!(at(10).as_deref(), Some("Map::range"));
        assert_eq!(at(14).as_deref(), Some("Map::drop"));
        assert_eq!(at(18).as_deref(), Some("Wait::wait"));
        assert_eq!(at(5), None);
        assert_eq!(function_at("fn {", 1), None);
    }
}
