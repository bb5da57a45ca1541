"""The form renderer of the project: labels, help, errors and Bootstrap classes from templates of this app.

Settings: FORM_RENDERER = "seonmul.ui.forms.Renderer"; seonmul.ui stands
before django.forms in INSTALLED_APPS.
"""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders a field as label, help, widget and error in this order, tied together for screen readers."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/group.html"
