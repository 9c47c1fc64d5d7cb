/** Style of the report page: light, system fonts, nothing cut off on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1a1a1a; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0 0 .25rem; font-size: 1.8rem; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.25rem; }
.description { margin: 0 0 1rem; color: #444; }
.verdict { margin: 0; padding: .9rem 1.2rem .9rem 2.2rem; border-left: 5px solid #0072b2;
  background: #f1f6fa; }
.verdict li:first-child { font-weight: 600; }
.verdict li + li { margin-top: .35rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .32rem .8rem .32rem 0; border-bottom: 1px solid #ddd; text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
thead th { border-bottom: 2px solid #666; }
tbody th { font-weight: normal; }
td strong { color: #a32a00; }
.note { margin: .5rem 0 0; color: #555; font-size: .9rem; }
figure { margin: 2rem 0; }
canvas, img { display: block; width: 100% !important; height: auto !important; }
pre { margin: 0; padding: .7rem 1rem; background: #f4f4f4; white-space: pre-wrap;
  overflow-wrap: break-word; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
@media print {
  main { max-width: none; padding: 0; }
  body { font-size: 10pt; }
  .wide { overflow: visible; }
  figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`
