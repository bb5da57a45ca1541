"""How pages look: base page, components, tokens, drawings, filters for templates.

Knows no business: no model, no rule, no address of another app.
Nouns: icon, picture, cloth, meter, panel, state.
"""
