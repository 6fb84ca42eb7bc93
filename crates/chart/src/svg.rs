//! Writing SVG: the only place that knows its syntax.

use crate::palette::Paint;
use crate::text;
use crate::{Frame, Table};

/// The sizes of text, in pixels.
pub(crate) const TEXT_PX: f64 = 12.0;
/// Text that explains: ticks, legends, notes.
pub(crate) const SMALL_PX: f64 = 11.0;
/// How far below its middle the baseline of a text is, in em.
pub(crate) const MIDDLE_EM: f64 = 0.36;
/// The fonts of the page and of the report: those that bring Japanese along.
const FONTS: &str = "system-ui, 'Hiragino Sans', 'Noto Sans CJK JP', 'Yu Gothic', sans-serif";

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing under way.
pub(crate) struct Svg {
    out: String,
    linked: bool,
}

impl Svg {
    pub(crate) fn new() -> Svg {
        Svg { out: String::new(), linked: false }
    }

    /// Starts an element.
    pub(crate) fn tag(&mut self, name: &'static str) -> Tag<'_> {
        self.out.push('<');
        self.out.push_str(name);
        Tag { svg: self, name, class: String::new() }
    }

    /// Ends an element that was opened.
    pub(crate) fn end(&mut self, name: &'static str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// A group or a link around what `draw` draws. `name` is what the mark says; a pointer shows it. The links are left out of the
    /// order of the keyboard, since the table beside the chart has the same ones.
    pub(crate) fn mark(&mut self, name: &str, href: Option<&str>, draw: impl FnOnce(&mut Svg)) {
        let href = text::safe_href(href);
        let element = if href.is_some() { "a" } else { "g" };
        match &href {
            Some(href) => {
                self.linked = true;
                self.tag("a").word("href", href).word("tabindex", "-1").word("aria-label", name).open();
            }
            None => self.tag("g").open(),
        }
        if !name.is_empty() {
            self.title(name);
        }
        draw(self);
        self.end(element);
    }

    fn title(&mut self, title: &str) {
        self.out.push_str("<title>");
        text::escape_into(&mut self.out, title);
        self.out.push_str("</title>");
    }

    /// A rectangle.
    pub(crate) fn rect(&mut self, area: Area, paint: Paint) {
        self.tag("rect").area(area).fill(paint).close();
    }

    /// A straight line, one pixel wide.
    pub(crate) fn line(&mut self, from: Point, to: Point, paint: Paint) {
        let tag = self.tag("line").num("x1", from.x).num("y1", from.y).num("x2", to.x).num("y2", to.y);
        tag.stroke(paint, 1.0).close();
    }

    /// A text whose baseline begins, has its middle or ends at the place.
    pub(crate) fn text(&mut self, at: Point, anchor: Anchor, size_px: f64, paint: Paint, words: &str) {
        self.text_of(at, anchor, size_px, paint, words, words);
    }

    /// A text over lines, which stop around it.
    pub(crate) fn haloed(&mut self, at: Point, anchor: Anchor, size_px: f64, paint: Paint, words: &str) {
        let halo = self.tag("g").word("paint-order", "stroke").word("stroke-linejoin", "round");
        halo.stroke(Paint::Surface, 3.0).open();
        self.text(at, anchor, size_px, paint, words);
        self.end("g");
    }

    /// A text that may have been cut; a pointer shows the full one.
    pub(crate) fn text_of(&mut self, at: Point, anchor: Anchor, size_px: f64, paint: Paint, words: &str, full: &str) {
        let mut tag = self.tag("text").num("x", at.x).num("y", at.y).fill(paint);
        if size_px < TEXT_PX {
            tag = tag.num("font-size", size_px);
        }
        tag = match anchor {
            Anchor::Start => tag,
            Anchor::Middle => tag.word("text-anchor", "middle"),
            Anchor::End => tag.word("text-anchor", "end"),
        };
        tag.open();
        if words != full {
            self.title(full);
        }
        text::escape_into(&mut self.out, words);
        self.end("text");
    }

    /// The whole document around what was drawn, and the table beside it.
    pub(crate) fn finish(self, frame: &Frame, width_px: f64, height_px: f64, table: Table) -> crate::Chart {
        let id = text::safe_id(&frame.id);
        let (width, height) = (figure(width_px.ceil()), figure(height_px.ceil()));
        // An image has no parts for assistive technology; links must stay reachable, so then it is a group.
        let role = if self.linked { "group" } else { "img" };
        let mut head = Svg::new();
        head.tag("svg")
            .word("xmlns", "http://www.w3.org/2000/svg")
            .word("class", "chart")
            .word("role", role)
            .word("aria-labelledby", &format!("{id}-title {id}-desc"))
            .word("width", &width)
            .word("height", &height)
            .word("viewBox", &format!("0 0 {width} {height}"))
            .word("font-family", FONTS)
            .num("font-size", TEXT_PX)
            .open();
        for (name, part, words) in [("title", "title", &frame.title), ("desc", "desc", &frame.description)] {
            head.tag(name).word("id", &format!("{id}-{part}")).open();
            text::escape_into(&mut head.out, &text::clean(words));
            head.end(name);
        }
        head.out.push_str(&self.out);
        head.end("svg");
        crate::Chart { svg: head.out, table }
    }
}

/// An element under way.
pub(crate) struct Tag<'svg> {
    svg: &'svg mut Svg,
    name: &'static str,
    class: String,
}

impl Tag<'_> {
    /// An attribute.
    pub(crate) fn word(self, name: &str, value: &str) -> Self {
        let out = &mut self.svg.out;
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        text::escape_into(out, value);
        out.push('"');
        self
    }

    /// An attribute that is a number.
    pub(crate) fn num(self, name: &str, value: f64) -> Self {
        let value = figure(value);
        self.word(name, &value)
    }

    /// Place and size.
    pub(crate) fn area(self, area: Area) -> Self {
        let tag = self.num("x", area.x).num("y", area.y);
        tag.num("width", area.width.max(0.0)).num("height", area.height.max(0.0))
    }

    /// Filled with the paint.
    pub(crate) fn fill(mut self, paint: Paint) -> Self {
        self.add_class(paint.fill_class());
        self.word("fill", paint.on_paper())
    }

    /// Drawn with the paint.
    pub(crate) fn stroke(mut self, paint: Paint, width_px: f64) -> Self {
        self.add_class(paint.stroke_class());
        let tag = self.word("stroke", paint.on_paper());
        if (width_px - 1.0).abs() < f64::EPSILON { tag } else { tag.num("stroke-width", width_px) }
    }

    fn add_class(&mut self, class: &str) {
        if !self.class.is_empty() {
            self.class.push(' ');
        }
        self.class.push_str(class);
    }

    fn classed(mut self) -> Self {
        let class = std::mem::take(&mut self.class);
        if class.is_empty() { self } else { self.word("class", &class) }
    }

    /// An element without content.
    pub(crate) fn close(self) {
        self.classed().svg.out.push_str("/>\n");
    }

    /// An element with content, which [`Svg::end`] ends.
    pub(crate) fn open(self) {
        let tag = self.classed();
        tag.svg.out.push('>');
        if tag.name != "text" && tag.name != "title" && tag.name != "desc" {
            tag.svg.out.push('\n');
        }
    }
}

/// A place on the drawing, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A place.
pub(crate) fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// A rectangle, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> f64 {
        self.y + self.height
    }
}

/// A path along the places, as `d` wants it.
pub(crate) fn polyline(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, point) in points.iter().enumerate() {
        path.push(if index == 0 { 'M' } else { 'L' });
        path.push_str(&place(*point));
    }
    path
}

/// A place as two figures.
pub(crate) fn place(point: Point) -> String {
    format!("{} {}", figure(point.x), figure(point.y))
}

/// A number with at most two decimals; zero for what is none.
pub(crate) fn figure(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let digits = format!("{value:.2}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    if digits == "-0" { "0".to_owned() } else { digits.to_owned() }
}

/// The whole part of a number, at least zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "such a cast saturates, and NaN is zero")]
pub(crate) fn whole(value: f64) -> usize {
    value as usize
}
