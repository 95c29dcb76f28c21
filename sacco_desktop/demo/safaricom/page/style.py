"""How the page looks. Plain colours with enough contrast, and no resource from anywhere."""

from __future__ import annotations

from sacco_desktop.demo.safaricom.page.markup import Markup

STYLE = Markup("""
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.45 system-ui, "Segoe UI", sans-serif; color: #1d2420; background: #eef2ee; }
header { padding: 14px 24px; color: #fff; background: #12603a; }
header a { color: #fff; }
header p { margin: 2px 0; }
h1 { margin: 0; font-size: 22px; }
h2 { margin: 0 0 10px; font-size: 17px; color: #12603a; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(36rem, 100%), 1fr)); gap: 16px;
  align-items: start; padding: 16px 24px 40px; }
main > div { display: grid; gap: 16px; min-width: 0; }
section { min-width: 0; padding: 14px 16px; background: #fff; border: 1px solid #cdd6cf; border-radius: 6px; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
caption { padding: 0 0 4px; text-align: left; color: #4b574f; }
th, td { padding: 5px 10px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e2e8e3; }
th { font-size: 13px; color: #4b574f; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre { max-height: 24rem; margin: 6px 0; padding: 8px; overflow: auto; font-size: 13px; white-space: pre-wrap;
  overflow-wrap: anywhere; background: #f3f6f3; }
details { margin: 6px 0; }
td details { margin: 0; }
td p { margin: 4px 0; overflow-wrap: anywhere; }
.whole { white-space: nowrap; }
summary { cursor: pointer; color: #12603a; }
form { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: end; margin: 10px 0; }
td form { margin: 0; }
label span { display: block; font-size: 13px; color: #4b574f; }
input, select, button { padding: 6px 8px; font: inherit; border: 1px solid #7f8d84; border-radius: 4px; }
select { max-width: 30rem; }
.tick { align-self: center; }
button { color: #fff; background: #12603a; border-color: #12603a; cursor: pointer; }
button:hover { background: #0c472b; }
:focus-visible { outline: 3px solid #d08700; outline-offset: 1px; }
.none, .proof { color: #4b574f; }
.notice { margin: 12px 24px 0; padding: 10px 14px; background: #dff2e4; border: 1px solid #12603a; border-radius: 6px; }
.wrong { background: #fde4e1; border-color: #a3271b; }
""")
