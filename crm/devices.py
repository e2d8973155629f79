"""A browser and its device in words that its owner recognises."""

#: What a browser calls itself, the most particular first.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "an Android device"), ("CrOS", "a Chromebook"),
    ("Windows", "Windows"), ("Mac OS X", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_in_words(user_agent: str) -> str:
    """Such as "Firefox on Windows"."""
    browser = next((words for part, words in BROWSERS if part in user_agent), "A browser")
    system = next((words for part, words in SYSTEMS if part in user_agent), "")
    return f"{browser} on {system}" if system else f"{browser} on a device that we can’t name"
