"""The local page: the same workflows, asked in a browser on this computer and nowhere else.

Nothing listens unless a person starts `optout web`. `gate` decides who may ask, `keeper` holds the
locked folder, `talk` turns a workflow's questions into a page, `screens` shows what stands there.

`static/htmx.min.js` is htmx.org 2.0.11 (0BSD) as its npm package has it; a test holds it to that.
"""
