"""How many of what somebody promises, in words: ``{% load promises %}``."""

from django import template

from guilds.pledges.kinds import counted

register = template.Library()
register.filter(counted)
