"""How a year group reads."""

from django import template

from crm.forms.engagement_verbs import year_group_words

register = template.Library()
register.filter("year_group", year_group_words)
