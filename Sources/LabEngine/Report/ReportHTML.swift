import LabRunner
import LabSupport

/// A report as one HTML file. It has no scripts, loads nothing, and supports dark mode and printing. It's also well-formed XML.
package struct ReportHTML: Sendable {
    private let document: ReportDocument

    package init(_ document: ReportDocument) { self.document = document }

    /// The whole file.
    package var text: String {
        let language = document.language == .zh ? "zh-Hans" : "en"
        return """
            <!DOCTYPE html>
            <html lang="\(language)">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="generator" content="ailab" />
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
            <title>\(Self.escaped(document.title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            \(document.blocks.enumerated().map { write($0.element, number: $0.offset) }.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private func write(_ block: ReportDocument.Block, number: Int) -> String {
        switch block {
        case .heading(let level, let spans, let anchor):
            return "<h\(level) id=\"\(Self.escaped(anchor))\">\(line(spans))</h\(level)>"
        case .text(let spans): return "<p>\(line(spans))</p>"
        case .list(let items): return list(items)
        case .warning(let items, let title):
            return "<div class=\"warning\" role=\"note\" aria-label=\"\(Self.escaped(title))\">\n\(list(items))\n</div>"
        case .facts(let facts):
            return "<dl>\n" + facts.map { "<dt>\(Self.escaped($0.0))</dt><dd>\(line($0.1))</dd>" }.joined(separator: "\n") + "\n</dl>"
        case .table(let columns, let rows, let caption): return table(columns, rows, caption)
        case .lines(let lines): return "<pre><code>\(lines.map(Self.escaped).joined(separator: "\n"))</code></pre>"
        case .chart(let chart): return ReportSVG(chart, id: "chart-\(number)").text
        }
    }

    private func list(_ items: [[ReportDocument.Span]]) -> String {
        "<ul>\n" + items.map { "<li>\(line($0))</li>" }.joined(separator: "\n") + "\n</ul>"
    }

    private func table(_ columns: [ReportDocument.Column], _ rows: [[[ReportDocument.Span]]], _ caption: String) -> String {
        let head = columns.map { "<th scope=\"col\"\($0.isNumber ? " class=\"number\"" : "")>\(Self.escaped($0.title))</th>" }.joined()
        let body = rows.map { row in
            "<tr>"
                + zip(columns, row).map { column, spans in
                    let kind = column.isNumber ? " class=\"number\"" : ""
                    return column.isHeader ? "<th scope=\"row\"\(kind)>\(line(spans))</th>" : "<td\(kind)>\(line(spans))</td>"
                }.joined() + "</tr>"
        }
        return "<div class=\"wide\"><table>\n<caption>\(Self.escaped(caption))</caption>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n"
            + body.joined(separator: "\n") + "\n</tbody>\n</table></div>"
    }

    private func line(_ spans: [ReportDocument.Span]) -> String {
        spans.map { span in
            switch span {
            case .words(let text): Self.escaped(text)
            case .strong(let text): "<strong>\(Self.escaped(text))</strong>"
            case .code(let text): "<code>\(Self.escaped(text))</code>"
            case .time(let text): text.isEmpty ? "" : "<span class=\"time\">\(Self.escaped(text))</span>"
            case .state(let state, let text): "<span class=\"state \(state.code)\">\(Self.escaped(text))</span>"
            case .link(let text, let anchor): "<a href=\"#\(Self.escaped(anchor))\">\(Self.escaped(text))</a>"
            }
        }.joined()
    }

    /// Escapes text for use between tags and in quotation marks.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // These characters aren't allowed in XML.
            case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static let style = """
        :root { color-scheme: light dark; --text: #1d2329; --soft: #59636e; --back: #fff; --line: #d1d9e0; --code: #f3f5f7; --link: #0a58ca;
          --warn: #fff6da; --warn-line: #b98900; --good: #116329; --bad: #b3261e; --curve: #0a58ca; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e3e8ed; --soft: #9aa6b2; --back: #14181c; --line: #39424b; --code: #20262c; --link: #7db4ff; --warn: #332a0d;
            --warn-line: #d9a520; --good: #6fd08c; --bad: #ff8f85; --curve: #7db4ff; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; color: var(--text); background: var(--back);
          font: 16px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; }
        h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
        h3 { font-size: 1.03rem; margin: 1.6rem 0 .4rem; }
        a { color: var(--link); }
        p, li, dd, td { overflow-wrap: anywhere; }
        ul { margin: .4rem 0; padding-left: 1.3rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .8rem 0; }
        dt { color: var(--soft); }
        dd { margin: 0; }
        code, pre { font: .88em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; }
        code { background: var(--code); padding: .08em .3em; border-radius: 3px; }
        pre { background: var(--code); padding: .6rem .8rem; margin: .5rem 0; border-radius: 5px; white-space: pre-wrap; overflow-wrap: anywhere; }
        pre code { background: none; padding: 0; }
        .wide { overflow-x: auto; margin: .6rem 0; }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; }
        caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        th, td { text-align: left; vertical-align: top; font-weight: normal; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
        thead th { color: var(--soft); border-bottom-width: 2px; overflow-wrap: normal; }
        th[scope=row] { min-width: 9rem; }
        th[scope=row].number { min-width: 0; }
        td:first-child, .time, td strong { white-space: nowrap; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .state { white-space: nowrap; font-size: .92em; font-weight: 600; }
        .state.done { color: var(--good); }
        .state.failed, .state.interrupted, .state.outdated, .state.lost { color: var(--bad); }
        .warning { background: var(--warn); border-left: 4px solid var(--warn-line); padding: .3rem .8rem; border-radius: 4px; }
        figure { margin: .8rem 0; }
        figcaption { color: var(--soft); font-size: .9rem; }
        svg { width: 100%; height: auto; max-width: 44rem; }
        svg text { font-size: 12px; fill: var(--soft); }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .curve { fill: none; stroke: var(--curve); stroke-width: 2; stroke-linejoin: round; }
        @page { size: A4; margin: 16mm 14mm; }
        @media print {
          :root { color-scheme: light; --text: #000; --soft: #444; --back: #fff; --line: #bbb; --code: #f1f1f1; --link: #000; --warn: #fff6da;
            --warn-line: #b98900; --good: #116329; --bad: #b3261e; --curve: #000; }
          body { font-size: 9.5pt; line-height: 1.35; }
          table { font-size: 8pt; line-height: 1.25; }
          th, td { padding: .14rem .4rem; }
          th[scope=row] { min-width: 30mm; }
          main { max-width: none; padding: 0; }
          h2, h3 { break-after: avoid; }
          tr, li, figure, pre { break-inside: avoid; }
          thead { display: table-header-group; }
          .wide { overflow: visible; }
          a { text-decoration: none; }
        }
        """
}

/// A curve as SVG within a page.
struct ReportSVG {
    private let chart: ReportChart
    private let id: String
    private static let (width, height) = (640.0, 220.0)
    private static let (left, right, top, bottom) = (56.0, 10.0, 14.0, 30.0)

    init(_ chart: ReportChart, id: String) {
        self.chart = chart
        self.id = id
    }

    var text: String {
        let (begin, end) = (Self.left, Self.width - Self.right)
        let (high, low) = (Self.top, Self.height - Self.bottom)
        let marks = chart.marks.map { mark in
            let x = place(mark.x, begin, end)
            return "<line class=\"grid\" x1=\"\(x)\" y1=\"\(number(high))\" x2=\"\(x)\" y2=\"\(number(low))\" />"
                + "<text x=\"\(x)\" y=\"\(number(low + 16))\">\(ReportHTML.escaped(mark.label))</text>"
        }
        let points = chart.points.map { "\(place($0.x, begin, end)),\(place($0.y, low, high))" }.joined(separator: " ")
        return """
            <figure>
            <svg viewBox="0 0 640 220" role="img" aria-labelledby="\(id)-title \(id)-text">
            <title id="\(id)-title">\(ReportHTML.escaped(chart.title))</title>
            <desc id="\(id)-text">\(ReportHTML.escaped(chart.alternative))</desc>
            <line class="grid" x1="\(number(begin))" y1="\(number(low))" x2="\(number(end))" y2="\(number(low))" />
            <line class="grid" x1="\(number(begin))" y1="\(number(high))" x2="\(number(end))" y2="\(number(high))" />
            \(marks.joined(separator: "\n"))
            <text x="\(number(begin - 6))" y="\(number(high + 4))" text-anchor="end">\(ReportHTML.escaped(chart.top))</text>
            <text x="\(number(begin - 6))" y="\(number(low + 4))" text-anchor="end">\(ReportHTML.escaped(chart.bottom))</text>
            <text x="\(number(end))" y="\(number(low + 28))" text-anchor="end">\(ReportHTML.escaped(chart.horizontal))</text>
            <polyline class="curve" points="\(points)" />
            </svg>
            <figcaption>\(ReportHTML.escaped(chart.title + " – " + chart.alternative))</figcaption>
            </figure>
            """
    }

    private func place(_ share: Double, _ from: Double, _ to: Double) -> String { number(from + (to - from) * share) }

    private func number(_ value: Double) -> String {
        let tenths = Int(shown: (value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
