/**
 * Style of the report page: system fonts, light or dark as the reader's system or the page's own
 * buttons have it, nothing cut off on paper.
 */
export const PAGE_STYLE = `
:root { color-scheme: light dark;
  --paper: light-dark(#fff, #16181b); --ink: light-dark(#1a1a1a, #eceef0);
  --soft: light-dark(#444, #c3c8cd); --faint: light-dark(#f3f5f7, #202428);
  --line: light-dark(#d5d8db, #3a3f44); --edge: light-dark(#666, #8b9196);
  --link: light-dark(#00598c, #7cc0ee); --lead: light-dark(#0072b2, #4aa5e8);
  --held: light-dark(#00603f, #5fd3a4); --violated: light-dark(#a01c00, #ff9d80);
  --undecided: light-dark(#6d4c00, #f0c35a);
  --held-paper: light-dark(#e9f6f0, #12291f); --violated-paper: light-dark(#fdeee9, #3a1a10);
  --undecided-paper: light-dark(#fdf5e0, #2f2509);
  --heat-0: light-dark(#f4faf7, #1d2b26); --heat-1: light-dark(#fff7e0, #33290f);
  --heat-2: light-dark(#ffe9b8, #4a3410); --heat-3: light-dark(#ffd28a, #653d0c);
  --heat-4: light-dark(#ffb066, #84420a); --heat-5: light-dark(#ff8f57, #a23a10); }
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, 'DejaVu Sans', sans-serif; overflow-wrap: break-word; }
header, main, footer { max-width: 1200px; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 1.5rem; }
footer { margin-top: 2.5rem; padding-bottom: 2rem; color: var(--soft); font-size: .9rem; }
h1 { margin: 0 0 .25rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.6rem 0 .7rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line);
  font-size: 1.35rem; }
h3 { margin: 1.7rem 0 .5rem; font-size: 1.05rem; }
p { max-width: 75ch; }
a { color: var(--link); text-underline-offset: .15em; }
a.word { color: inherit; text-decoration-style: dotted; text-decoration-color: var(--edge); }
:focus-visible { outline: 3px solid var(--lead); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; padding: .5rem 1rem; background: var(--paper); }
.skip:focus { left: .5rem; top: .5rem; }
.description { margin: 0 0 .5rem; color: var(--soft); font-size: 1.1rem; }
button, input { font: inherit; color: inherit; }
button { padding: .2rem .7rem; border: 1px solid var(--edge); border-radius: 5px;
  background: var(--paper); cursor: pointer; }
button[aria-pressed=true] { background: var(--faint); border-color: var(--ink); }
.themes { float: right; margin: 0 0 .5rem 1rem; font-size: .85rem; }
.themes button { border-radius: 0; margin-left: -1px; }
.themes button[aria-pressed=true] { font-weight: 600; }
[hidden] { display: none !important; }

.outcome { max-width: none; margin: 1rem 0; padding: .8rem 1.1rem; border-left: 7px solid;
  font-size: 1.15rem; }
.outcome strong { margin-right: .4em; }
p.held { border-color: var(--held); background: var(--held-paper); }
p.violated { border-color: var(--violated); background: var(--violated-paper); }
p.undecided { border-color: var(--undecided); background: var(--undecided-paper); }
strong.held { color: var(--held); font-weight: 600; }
strong.violated { color: var(--violated); }
strong.undecided { color: var(--undecided); font-weight: 600; }
.sentences { max-width: 90ch; margin: 1rem 0; padding-left: 1.2rem; }
.sentences li + li { margin-top: .4rem; }
.sentences li:first-child { font-size: 1.1rem; font-weight: 600; }
.contents ul { columns: 15rem; max-width: 68rem; margin: .3rem 0 0; padding-left: 1.2rem; }

.wide, .drawing { max-width: 100%; overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .9rem .35rem .5rem; border-bottom: 1px solid var(--line);
  text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; }
thead th { border-bottom: 2px solid var(--edge); vertical-align: bottom; }
tbody th { font-weight: normal; }
tbody tr:hover > * { background-color: var(--faint); }
td { min-width: 6rem; max-width: 34rem; }
.note { margin: .5rem 0 0; color: var(--soft); font-size: .9rem; }
.claim { font-size: .87em; }
.claimed::before { content: '\\2713  '; }
.claim.broken { color: var(--ink); font-weight: 700; border: 2px solid var(--ink);
  padding: 0 .3em; background: var(--paper); }
${[0, 1, 2, 3, 4, 5].map((level) => `tbody tr > td.heat-${level}, .shades .heat-${level} { background-color: var(--heat-${level}); color: var(--ink); }`).join('\n')}
td[class^=heat] { border: 1px solid var(--paper); padding-left: .6rem; }
.shades span { display: inline-block; padding: .05rem .6rem; }

figure { margin: 0 0 2.4rem; }
.drawing canvas { display: block; width: 100% !important; min-width: 46rem;
  height: auto !important; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem .6rem; margin: .4rem 0; font-size: .9rem; }
.legend > * { display: inline-flex; align-items: center; gap: .5rem; }
.legend button[aria-pressed=false] { text-decoration: line-through; color: var(--soft);
  border-style: dashed; }
.swatch { width: 16px; height: 16px; }
.swatch.line { width: 48px; }
figcaption { max-width: 90ch; color: var(--soft); font-size: .93rem; }
.of { white-space: normal; }
details { margin: .6rem 0; }
summary { cursor: pointer; }
figure details { font-size: .93rem; }
pre { margin: 0 0 .6rem; padding: .7rem 1rem; background: var(--faint); white-space: pre-wrap;
  overflow-wrap: anywhere; }
code, td.code { font-family: ui-monospace, monospace; font-size: .92em; }
dl { max-width: 90ch; }
dt { margin-top: .8rem; font-weight: 600; }
dt:target, dt:target + dd { background: var(--faint); }
dd { margin: 0 0 0 1.2rem; }
@media (max-width: 40rem) {
  header, main, footer { padding-left: .9rem; padding-right: .9rem; }
  .themes { float: none; margin: 0 0 .8rem; }
  h1 { font-size: 1.5rem; }
}
@media print {
  @page { size: A4; margin: 14mm 12mm; }
  :root, :root[data-theme] { color-scheme: light; --soft: #222; --line: #bbb; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 9.5pt; line-height: 1.35; }
  .outcome { font-size: 12pt; }
  .description, .sentences li:first-child { font-size: 10.5pt; }
  h3 { font-size: 10.5pt; }
  figcaption, .legend, .note, summary { font-size: 8.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  .themes, .skip, .copy, label, figure details, .contents, .screen { display: none !important; }
  h1 { font-size: 18pt; }
  h2 { margin-top: 7mm; font-size: 13pt; break-after: avoid; }
  h3, summary { break-after: avoid; }
  .wide, .drawing { overflow: visible; }
  table { font-size: 8.2pt; }
  th, td { padding: .6mm 2mm .6mm 1mm; }
  td { min-width: 0; }
  tbody th, td { overflow-wrap: anywhere; }
  #assumptions table, #laws table, #simplified table { width: 100%; font-size: 7.4pt; }
  #assumptions td { max-width: 80mm; }
  thead { display: table-header-group; }
  figure, tr, .outcome, dt, .sentences li { break-inside: avoid; }
  .drawing canvas { min-width: 0; }
  .legend button { border: 0; padding: 0 .8em 0 0; }
  a { color: inherit; text-decoration: none; }
  tbody tr:hover > * { background: none; }
  tbody tr > td[class^=heat]:hover { background: inherit; }
}
`
